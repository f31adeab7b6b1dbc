"""Feeds read within bounds: a large one in a process of its own, which is ended when it takes too
long.

What feedparser needs for some content grows with the square of its size, and nothing in a process
can stop it.
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
"""A feed of so many bytes is read at once, whatever is in it."""
_PROCESSES = 2
_MEMORY = 2 << 30
_CONTEXT = multiprocessing.get_context("spawn")


class _Reader:
    """One process that reads feeds. It is started when it is needed, and again when it was
    ended."""

    def __init__(self) -> None:
        self._process: BaseProcess | None = None
        self._is_stopped = False
        self._connection: Connection | None = None

    def read(self, data: bytes, url: str, kind: str, seconds: float) -> Feed:
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
        """Has the process end under whoever waits for it."""
        self._is_stopped = True
        if (process := self._process) is not None:
            process.kill()

    def end(self) -> None:
        if self._process is not None and self._connection is not None:
            self._process.kill()
            self._process.join()
            self._connection.close()
        self._process = self._connection = None


class BoundedReader:
    """Reads feeds, some at a time. Safe in threads."""

    def __init__(self, seconds: float = 20.0) -> None:
        """seconds: how long one feed may take."""
        self._seconds = seconds
        self._is_closed = False
        self._readers = [_Reader() for _ in range(_PROCESSES)]
        self._idle: queue.SimpleQueue[_Reader] = queue.SimpleQueue()
        for reader in self._readers:
            self._idle.put(reader)

    def read(self, data: bytes, url: str, kind: str) -> Feed:
        """As `sources.feed.read_feed`; raises UnreadableFile also for a feed that takes too long,
        or too much memory."""
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
        """Ends the processes; what they are reading is not read."""
        self._is_closed = True
        for reader in self._readers:
            reader.stop()
        idle = []
        with suppress(queue.Empty):
            while True:
                idle.append(self._idle.get_nowait())
        for reader in idle:
            reader.end()
            # Whoever waits for one is to learn that it is of no use.
            self._idle.put(reader)


def _serve(connection: Connection) -> None:
    """Reads what comes until nobody asks any more."""
    # A signal to all of a terminal's processes is dealt with by the one that asks.
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
    """As `read_feed`; whatever else a library raises is a fault of the feed, too."""
    try:
        return read_feed(data, url, kind)
    except (UnreadableFile, MemoryError):
        raise
    except Exception as error:
        raise UnreadableFile(url, f"a feed that cannot be read ({type(error).__name__})") from error
