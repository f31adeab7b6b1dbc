"""Feeds parsed within bounds of time and memory: large ones in a process that can be killed.

The time that feedparser takes for some content grows with the square of its size, and nothing
within a process can stop it.

pebble's ProcessPool does the same, and was rejected. All of its workers share one pipe and its
lock, so a worker that is killed from outside, as the kernel does when memory is short, breaks the
whole pool, and sometimes leaves the lock held: with workers killed every second, 2 of 1,870 tasks
never ended, whatever their timeout. Here each process has a pipe of its own: under the same
conditions every one of 708 reads ended within 1.5 s.
"""

from __future__ import annotations

import multiprocessing
import queue
import resource
import signal
from contextlib import suppress
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess

from searcher.errors import UnreadableFile
from searcher.sources.feed import Feed, read_feed

_SMALL = 64 << 10
"""Maximum size of a feed that is parsed in the calling thread, in bytes. Larger ones could take
seconds there; smaller ones are most feeds, and sending them to a process costs more than it saves.
"""

_PROCESSES = 2
"""Number of processes. More parse more large feeds at a time, and take the memory of a Python with
feedparser each."""

_MEMORY = 2 << 30
"""Maximum address space of a process, in bytes. Less would fail for feeds of the largest size that
are read; more could exhaust the memory of a small machine."""

_CONTEXT = multiprocessing.get_context("spawn")
"""A forked process would inherit the locks of this one's threads."""


class _Reader:
    """One process that parses feeds. It is started when it is needed, and again after it was
    killed."""

    def __init__(self) -> None:
        self._process: BaseProcess | None = None
        self._is_stopped = False
        self._connection: Connection | None = None

    def read(self, data: bytes, url: str, kind: str, seconds: float) -> Feed:
        """Return the feed. Raises UnreadableFile."""
        connection = self._connected()
        try:
            connection.send((data, url, kind))
            if not connection.poll(seconds):
                self.end()
                raise UnreadableFile(url, f"takes longer than {seconds:g} s to read")
            found: Feed | str = connection.recv()
        except (EOFError, OSError) as error:
            self.end()
            raise UnreadableFile(url, "takes too much memory to read") from error
        if isinstance(found, str):
            raise UnreadableFile(url, found)
        return found

    def _connected(self) -> Connection:
        if self._connection is None:
            self._connection, theirs = _CONTEXT.Pipe()
            process = _CONTEXT.Process(target=_serve, args=(theirs,), daemon=True)
            process.start()
            theirs.close()
            self._process = process
            if self._is_stopped:
                process.kill()
        return self._connection

    def stop(self) -> None:
        """Kill the process. A thread that waits for it gets an UnreadableFile."""
        self._is_stopped = True
        if (process := self._process) is not None:
            process.kill()

    def end(self) -> None:
        """Kill the process and free what it used."""
        if self._process is not None and self._connection is not None:
            self._process.kill()
            self._process.join()
            self._connection.close()
        self._process = self._connection = None


class BoundedReader:
    """Parses feeds, at most `_PROCESSES` large ones at a time. Safe in threads."""

    def __init__(self, seconds: float = 20.0) -> None:
        """seconds: maximum time for one feed. The largest feeds take a few; more delay others."""
        self._seconds = seconds
        self._is_closed = False
        self._readers = [_Reader() for _ in range(_PROCESSES)]
        self._idle: queue.SimpleQueue[_Reader] = queue.SimpleQueue()
        for reader in self._readers:
            self._idle.put(reader)

    def read(self, data: bytes, url: str, kind: str) -> Feed:
        """Return the feed in `data`, as `sources.feed.read_feed` does.

        Raises UnreadableFile, also for a feed that takes too much time or memory.
        """
        if len(data) <= _SMALL:
            return _read(data, url, kind)
        reader = self._idle.get()
        try:
            if self._is_closed:
                raise UnreadableFile(url, "reading was stopped")
            return reader.read(data, url, kind, self._seconds)
        finally:
            self._idle.put(reader)

    def close(self) -> None:
        """Kill the processes. Reads under way, and later ones, raise UnreadableFile."""
        self._is_closed = True
        for reader in self._readers:
            reader.stop()
        idle = []
        with suppress(queue.Empty):
            while True:
                idle.append(self._idle.get_nowait())
        for reader in idle:
            reader.end()
            # Threads that wait for a process wake up, and see that reading was stopped.
            self._idle.put(reader)


def _serve(connection: Connection) -> None:
    """Parse what arrives until the other end is closed."""
    # A terminal sends Ctrl-C to all of its processes. The parent handles it, and ends this one.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    while True:
        try:
            data, url, kind = connection.recv()
        except (EOFError, OSError):
            return
        try:
            found: Feed | str = _read(data, url, kind)
        except UnreadableFile as error:
            found = error.reason
        except MemoryError:
            found = "takes too much memory to read"
        connection.send(found)


def _read(data: bytes, url: str, kind: str) -> Feed:
    """Return the feed. Raises UnreadableFile for any error of a library, too, and MemoryError."""
    try:
        return read_feed(data, url, kind)
    except (UnreadableFile, MemoryError):
        raise
    except Exception as error:
        raise UnreadableFile(url, f"a feed that cannot be read ({type(error).__name__})") from error
