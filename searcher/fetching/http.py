"""A Fetcher by HTTP/1.1: one request to one checked address, bounded in time and size, the answer
kept as received.

The usual libraries decode an answer, and connect, before one sees what they do; an archive wants
the bytes, and a guard the address that is connected to. So this stands on http.client, of which
connecting and reading are replaced.
"""

from __future__ import annotations

import base64
import http.client
import io
import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import cached_property, partial
from typing import Any, BinaryIO, cast
from urllib.parse import SplitResult, unquote, urlsplit

from searcher.clock import Clock
from searcher.errors import FetchFailed
from searcher.fetching.addresses import checked, resolve
from searcher.fetching.exchange import Exchange

ENCODINGS = "gzip, br, zstd"
_STEP = 64 << 10
_CONNECT_SECONDS = 10.0
_STALL_SECONDS = 20.0
_FRAMING = 1 << 20
"""Bytes that the head of an answer and the framing of its body may take, besides a quarter of the
body."""
_POST_ANSWER = 64 << 10
_PORTS = {"http": 80, "https": 443}


class HttpFetcher:
    """Fetches from the web. Needs no closing: each request has a connection of its own."""

    def __init__(
        self, clock: Clock, agent: str, seconds: float = 60.0, allow_private: bool = False
    ) -> None:
        """agent: how we name ourselves. seconds: how long one request may take in all, once the
        name of its host is resolved, for which it has some seconds more. allow_private: whether
        addresses of private networks are fetched from."""
        self._clock = clock
        self._agent = agent
        self._seconds = seconds
        self._allow_private = allow_private

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        return ssl.create_default_context()

    def fetch(self, url: str, headers: Mapping[str, str], limit: int) -> Exchange:
        return self._exchange("GET", url, headers, limit)

    def post(self, url: str, data: bytes, headers: Mapping[str, str]) -> Exchange:
        """The answer to a POST request. Raises as `fetch`."""
        return self._exchange("POST", url, headers, _POST_ANSWER, data)

    def _exchange(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        limit: int,
        data: bytes | None = None,
    ) -> Exchange:
        parts = urlsplit(checked(url))
        host, port = cast(str, parts.hostname), parts.port or _PORTS[parts.scheme]
        patience = min(_CONNECT_SECONDS, self._seconds)
        places = resolve(_bare(parts), host, port, self._allow_private, patience)
        connection = _Connection(host, port, self._tls if parts.scheme == "https" else None, limit)
        with _deadline(self._seconds, connection) as watch:
            try:
                connection.reach([address for _, address in places], patience)
                connection.request(method, _target(parts), data, self._headers(parts, headers))
                answer = cast(_Answer, connection.getresponse())
                received = self._clock.now()
                body, truncated = _body(answer, limit, watch)
                # What is kept of the answer ends where its body does.
                excess = max(len(body) - limit, 0)
            except (OSError, http.client.HTTPException, ValueError) as error:
                raise FetchFailed(_bare(parts), _reason(error, watch, self._seconds)) from error
            finally:
                connection.close()
        return Exchange(
            _bare(parts),
            answer.status,
            tuple(answer.getheaders()),
            answer.head,
            bytes(answer.recorder.received[: len(answer.recorder.received) - excess]),
            body[:limit],
            received,
            truncated,
            connection.address,
        )

    def _headers(self, parts: SplitResult, headers: Mapping[str, str]) -> dict[str, str]:
        found = {
            "User-Agent": self._agent,
            "Accept-Encoding": ENCODINGS,
            "Connection": "close",
            **headers,
        }
        if parts.username:
            secret = f"{unquote(parts.username)}:{unquote(parts.password or '')}".encode()
            found["Authorization"] = f"Basic {base64.b64encode(secret).decode()}"
        return found


class _Watch:
    """Ends a connection when its time is up."""

    def __init__(self, connection: _Connection) -> None:
        self._connection = connection
        self.rang = False

    def ring(self) -> None:
        self.rang = True
        self._connection.abort()


@contextmanager
def _deadline(seconds: float, connection: _Connection) -> Iterator[_Watch]:
    """A socket's own timeout counts from byte to byte, so that a server that sends one now and then
    never ends."""
    watch = _Watch(connection)
    timer = threading.Timer(seconds, watch.ring)
    timer.daemon = True
    timer.start()
    try:
        yield watch
    finally:
        timer.cancel()


class _TooLong(OSError):
    """More bytes than a body of the size allowed can take on its way."""


class _Recorder(io.BufferedIOBase):
    """What is read from a stream, kept as it is read; `most` bytes of it, for framing has no end of
    its own."""

    def __init__(self, stream: BinaryIO, most: int) -> None:
        self._stream = stream
        self._most = most
        self.received = bytearray()

    def _kept(self, data: bytes) -> bytes:
        if len(self.received) + len(data) > self._most:
            raise _TooLong("longer than an answer may be")
        self.received += data
        return data

    def readable(self) -> bool:
        return True

    def readline(self, size: int | None = -1, /) -> bytes:
        return self._kept(self._stream.readline(-1 if size is None else size))

    def read(self, size: int | None = -1, /) -> bytes:
        return self._kept(self._stream.read(-1 if size is None else size))

    def read1(self, size: int = -1, /) -> bytes:
        return self._kept(self._stream.read1(size))  # type: ignore[attr-defined]

    def close(self) -> None:
        self._stream.close()
        super().close()


class _Answer(http.client.HTTPResponse):
    """A response that also keeps its bytes; `head` is what came before the body."""

    def __init__(self, sock: socket.socket, *arguments: Any, most: int, **options: Any) -> None:
        super().__init__(sock, *arguments, **options)
        self.recorder = _Recorder(cast(BinaryIO, self.fp), most)
        self.fp = cast(Any, self.recorder)
        self.head = b""

    def begin(self) -> None:
        super().begin()
        self.head = bytes(self.recorder.received)


class _Connection(http.client.HTTPConnection):
    """A connection to addresses that were resolved, and checked, before."""

    def __init__(self, host: str, port: int, tls: ssl.SSLContext | None, limit: int) -> None:
        """limit: bytes of a body."""
        super().__init__(host, port)
        self.response_class = partial(_Answer, most=limit + limit // 4 + _FRAMING)  # type: ignore[assignment]
        self._context = tls
        self.default_port = _PORTS["https" if tls else "http"]
        self.address = ""
        self._reached: socket.socket | None = None

    def reach(self, addresses: list[str], seconds: float) -> None:
        """Connects to the first of the addresses that answers. Raises OSError."""
        for number, address in enumerate(addresses):
            try:
                self.sock = socket.create_connection((address, self.port), seconds)
                break
            except OSError:
                if number + 1 == len(addresses):
                    raise
        self.address = address
        if self._context is not None:
            self._reached = self.sock
            self.sock = self._context.wrap_socket(self.sock, server_hostname=self.host)
        self._reached = self.sock
        self.sock.settimeout(_STALL_SECONDS)

    def abort(self) -> None:
        """Ends the connection under whoever waits for it."""
        if self._reached is not None:
            with suppress(OSError):
                # Past the method of TLS sockets, which would speak with the server about it.
                socket.socket.shutdown(self._reached, socket.SHUT_RDWR)


def _body(answer: _Answer, limit: int, watch: _Watch) -> tuple[bytes, str]:
    """The body, or one byte more than the limit of a longer one, and why it ends early."""
    found = bytearray()
    try:
        while len(found) <= limit:
            chunk = answer.read1(min(_STEP, limit + 1 - len(found)))
            if not chunk:
                short = answer.length or 0
                return bytes(found), (
                    "time" if watch.rang else "disconnect"
                ) if short or watch.rang else ""
            found += chunk
    except _TooLong:
        return bytes(found), "length"
    except (OSError, http.client.HTTPException, ValueError) as error:
        return bytes(found), "time" if watch.rang or isinstance(
            error, TimeoutError
        ) else "disconnect"
    return bytes(found), "length"


def _bare(parts: SplitResult) -> str:
    """The address without name and password."""
    return parts._replace(netloc=parts.netloc.rpartition("@")[2], fragment="").geturl()


def _target(parts: SplitResult) -> str:
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _reason(error: Exception, watch: _Watch, seconds: float) -> str:
    """Why there is no answer, without what a server may have put into it to confuse a terminal."""
    if watch.rang or isinstance(error, TimeoutError):
        return f"no answer within {seconds:g} s" if watch.rang else "cannot be reached in time"
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not valid ({error.verify_message})"
    if isinstance(error, ConnectionRefusedError):
        return "the connection was refused"
    if isinstance(error, http.client.RemoteDisconnected):
        return "the server closed the connection without an answer"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror.lower()
    return f"no proper answer ({ascii(str(error))[1:100] or type(error).__name__})"
