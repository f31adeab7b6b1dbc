"""Runs of the program in a folder, in forked processes or in new interpreters."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import processes

from searcher.command.cli import main


class Shell:
    """Runs `searcher` in a folder."""

    def __init__(self, folder):
        self.folder = folder

    def environment(self, **more):
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("SEARCHER_", "HOST", "PORT"))
        }
        return kept | more

    def __call__(self, *arguments, env=None):
        """Run a command in a forked process, in which modules are imported already."""
        command = ["searcher", *map(str, arguments)]
        environment = self.environment(**(env or {}))
        with tempfile.TemporaryDirectory() as folder:
            output, errors = Path(folder) / "output", Path(folder) / "errors"
            process = processes.start(
                run_command, command, self.folder, environment, output, errors
            )
            process.join(60)
            assert process.exitcode is not None, command
            return subprocess.CompletedProcess(
                command, process.exitcode, output.read_text("utf-8"), errors.read_text("utf-8")
            )

    def cold(self, *arguments, env=None):
        """Run a command in a new interpreter."""
        return subprocess.run(
            [sys.executable, "-m", "searcher", *map(str, arguments)],
            cwd=self.folder,
            env=self.environment(**(env or {})),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )


def run_command(command, folder, environment, output, errors) -> None:
    """Run a command in this process, with this folder, environment, and files for its output."""
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    for number, path in ((1, output), (2, errors)):
        os.dup2(os.open(path, os.O_CREAT | os.O_WRONLY), number)
    sys.argv = command
    main()
