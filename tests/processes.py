"""Child processes that start at once: forks of a server that has imported the slow modules."""

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
    """Start a function of a module in a process of its own."""
    process = _FORKS.Process(target=function, args=arguments, daemon=daemon)
    with pytest.MonkeyPatch.context() as patch:
        # The server does not get sys.path from Python 3.11, and the first start starts it.
        patch.setenv("PYTHONPATH", os.pathsep.join(sys.path))
        process.start()
    return process


def call(function, *arguments) -> Any:
    """Return the result of a function that runs in a process of its own.

    Raises AssertionError if the process ends without one.
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
    """Return the two ends of a pipe: the one that receives, and the one that sends."""
    return _FORKS.Pipe(duplex=False)


def server() -> int:
    """Return the process id of the parent of all processes that `start` starts."""
    return call(os.getppid)
