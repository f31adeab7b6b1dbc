"""Several processes that answer requests, kept by gunicorn's arbiter: it forks them, passes them
signals, and replaces those that end or no longer say that they are alive."""

from __future__ import annotations

import os
import signal
import sys
import traceback
from collections.abc import Callable, Sequence
from socket import socket
from typing import Any, Protocol

from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from gunicorn.workers.base import Worker

from searcher.settings import Settings
from web.connections import STOPPING_SECONDS, Loop

HUNG_SECONDS = 30.0
"""Time after which a request counts as hung and its worker is replaced, in seconds. A search is cut
short after 2; what remains is a file system that does not answer, or an error of ours."""
_SILENT_SECONDS = 30
"""Time after which a worker whose loop does not turn is killed, in seconds."""
_PATIENCE = 3.0
"""Time that the other requests of a worker get when one has hung, in seconds."""
_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT)
"""Signals that have to reach a worker's own handlers."""
_SHARED_MEMORY = "/dev/shm"
"""Folder in memory, where there is one, for the files by which workers say that they are alive. On
a disk a full queue of writes would make them seem dead."""


class Served(Protocol):
    """An application that several processes serve."""

    app: Any
    """The WSGI application."""

    def begin(self, row: int) -> None:
        """Make ready for requests, in a worker. row: a number from 1 to twice the number of
        workers, which no other process has."""

    def count_replaced(self) -> None:
        """Count a worker that ended unasked, in the parent of all."""


class ServingWorker(Worker):  # type: ignore[misc]
    """A process that answers requests in threads."""

    row = 0
    """Its row of the board."""
    _hung = False

    def init_signals(self) -> None:
        super().init_signals()
        # A terminal sends it to all processes; the arbiter decides what it means.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _SIGNALS)

    def run(self) -> None:
        self.app.served.begin(self.row)
        loop = Loop([one.sock for one in self.sockets], self.cfg.threads, self.wsgi)
        loop.wake_by(self.PIPE[0])
        loop.run(lambda: self.alive, lambda: self._tick(loop))
        loop.drain(_PATIENCE if self._hung else STOPPING_SECONDS)
        if self._hung:
            sys.exit(1)

    def _tick(self, loop: Loop) -> None:
        """Say that this worker is alive. Stop it if a request has hung or the arbiter has ended."""
        self.notify()
        seconds, thread = loop.longest()
        if seconds > HUNG_SECONDS:
            frame = sys._current_frames().get(thread)
            where = "".join(traceback.format_stack(frame)) if frame else ""
            self.log.error("a request hangs since %.0f s, worker is replaced:\n%s", seconds, where)
            self._hung, self.alive = True, False
        if os.getppid() != self.ppid:
            self.alive = False


class ServingArbiter(Arbiter):  # type: ignore[misc]
    """The parent of the workers."""

    def __init__(self, application: _Application) -> None:
        self._rows: dict[int, ServingWorker] = {}
        self._asked: set[int] = set()
        super().__init__(application)

    def spawn_worker(self) -> Any:
        # A signal to a worker that does not have its own handlers yet would be lost.
        signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
        parent = os.getpid()
        try:
            return super().spawn_worker()
        except SystemExit as end:
            if os.getpid() == parent:
                raise
            # A worker must not run what the callers of this function have left to do.
            sys.stderr.flush()
            os._exit(end.code if isinstance(end.code, int) else 0)
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, _SIGNALS)

    def give_row(self, worker: ServingWorker) -> None:
        """Give a worker that is about to be forked the first free row of the board."""
        # This process has row 0. While workers are reloaded, there are twice as many; if there
        # are still more, because some do not end, a count may be lost.
        free = (row for row in range(1, 2 * self._most + 1) if row not in self._rows)
        worker.row = next(free, 0)
        self._rows[worker.row] = worker

    def take_row(self, worker: ServingWorker) -> None:
        """Take back the row of a worker that ended, and count it if nobody asked it to end."""
        self._rows.pop(worker.row, None)
        if worker.pid not in self._asked:
            self.app.served.count_replaced()
        self._asked.discard(worker.pid)

    @property
    def _most(self) -> int:
        return int(self.cfg.workers)

    def kill_worker(self, pid: int, sig: int) -> None:
        if sig in _SIGNALS:
            self._asked.add(pid)
        super().kill_worker(pid, sig)

    def handle_int(self) -> None:
        """Stop as for SIGTERM: requests that were begun are answered."""
        self.handle_term()

    def handle_ttin(self) -> None:
        if self.num_workers < self._most:
            super().handle_ttin()

    def handle_usr2(self) -> None:
        """Do nothing: gunicorn would start this command again, and find its port in use."""


class _Application(BaseApplication):  # type: ignore[misc]
    """The application and its settings, as gunicorn wants them."""

    def __init__(
        self,
        served: Served,
        sockets: Sequence[socket],
        settings: Settings,
        ready: Callable[[], None],
    ) -> None:
        self.served = served
        self._bound = [f"fd://{one.detach()}" for one in sockets]
        self._settings = settings
        self._ready = ready
        super().__init__()
        self.callable = served.app

    def load_config(self) -> None:
        values = {
            "bind": self._bound,
            "workers": self._settings.workers,
            "threads": self._settings.threads,
            "worker_class": ServingWorker,
            "timeout": _SILENT_SECONDS,
            "graceful_timeout": int(STOPPING_SECONDS) + 2,
            "loglevel": "warning",
            "control_socket_disable": True,
            "pre_fork": lambda arbiter, worker: arbiter.give_row(worker),
            "child_exit": lambda arbiter, worker: arbiter.take_row(worker),
            "when_ready": lambda arbiter: self._ready(),
        }
        if os.path.isdir(_SHARED_MEMORY):
            values["worker_tmp_dir"] = _SHARED_MEMORY
        for name, value in values.items():
            self.cfg.set(name, value)


def run(
    served: Served, sockets: Sequence[socket], settings: Settings, ready: Callable[[], None]
) -> None:
    """Answer requests in `settings.workers` processes until SIGTERM or SIGINT; ends by SystemExit.

    sockets: bound; this closes them. ready: called once they listen.
    """
    ServingArbiter(_Application(served, sockets, settings, ready)).run()
