"""Child processes that start quickly: a server that has imported the slow modules forks them."""

from __future__ import annotations

import multiprocessing
import os
import sys
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any

import pytest

_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(
    [
        "warm",
        "pytest",
        "hypothesis.strategies",
        "newsroom",
        "documents",
        "searcher.command.cli",
        "feedparser",
    ]
)


def start(function, *arguments, daemon=False) -> BaseProcess:
    """Start a function, which has to be at the top level of a module, in a new process."""
    process = _FORKS.Process(target=function, args=arguments, daemon=daemon)
    with pytest.MonkeyPatch.context() as patch:
        # Python 3.11 does not pass sys.path to the fork server, which the first call starts.
        patch.setenv("PYTHONPATH", os.pathsep.join(sys.path))
        process.start()
    return process


def call(function, *arguments) -> Any:
    """Run a function in a new process and return its result.

    Raises AssertionError if the process ends without a result.
    """
    receiver, sender = _FORKS.Pipe(duplex=False)
    process = start(_send, sender, function, arguments)
    sender.close()
    with receiver:
        try:
            return receiver.recv()
        except EOFError:
            raise AssertionError(f"{function.__name__} raised an error; see stderr") from None
        finally:
            process.join()


def _send(sender: Connection, function, arguments) -> None:
    sender.send(function(*arguments))


def pipe() -> tuple[Connection, Connection]:
    """Return the receiving and the sending end of a pipe."""
    return _FORKS.Pipe(duplex=False)


def server() -> int:
    """Return the process id of the fork server, the parent of all processes of `start`."""
    return call(os.getppid)
