"""An update of the index beside a running server, in a process of low priority."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator

from searcher.settings import Settings

_NICENESS = 19
"""Least of the priorities of a process: it gets a sixtieth of a processor that others want."""
_ENDING_SECONDS = 10.0
"""Maximum time that an update gets to end when the server is stopped, in seconds. It drops the
articles that it has not committed."""


@contextlib.contextmanager
def update_beside(settings: Settings) -> Iterator[None]:
    """Index new and changed files of the raw folder meanwhile; stop that at the end.

    Its report is printed as that of `searcher index`.
    """
    # A process of its own, not a fork: indexing takes memory that a server would keep, and the
    # server's Python lock.
    command = [sys.executable, "-m", "searcher", "index"]
    places = ["--index", str(settings.index), "--raw", str(settings.raw)]
    process = subprocess.Popen(
        [*command, *places],
        stdin=subprocess.DEVNULL,
        creationflags=getattr(subprocess, "IDLE_PRIORITY_CLASS", 0),
    )
    _yield_to_others(process.pid)
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(_ENDING_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _yield_to_others(process: int) -> None:
    """Give a process, and those that it will start, processor and disk only when nobody else wants
    them, as far as the platform can."""
    if hasattr(os, "setpriority"):
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, process, _NICENESS)
    ionice = shutil.which("ionice")
    if ionice:
        command = [ionice, "-c", "3", "-p", str(process)]
        subprocess.run(command, check=False, capture_output=True)
