"""A Fetcher by HTTP/1.1: one request to one checked address, bounded in time and size. The answer
is kept as received.

An archive needs the bytes of an answer, and the guard against private networks needs the IP address
before the connection. Most libraries decode the answer, and resolve the name themselves. So this
uses http.client, with two parts replaced:

- `_Connection` sets `sock`, a documented attribute of HTTPConnection, to a socket of its own.
- `_Answer` replaces `fp`, the stream that HTTPResponse reads from. This attribute is not
  documented, so a new Python may rename it; most of tests/test_fetching.py would fail then.
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
"""Content encodings that are asked for."""

_STEP = 64 << 10
"""Maximum number of bytes that are read at a time."""

_CONNECT_SECONDS = 10.0
"""Maximum time to resolve a name, and then to connect to each of its addresses, in seconds. A
longer time occupies a thread for a server that is down."""

_STALL_SECONDS = 20.0
"""Maximum time between two bytes of an answer, in seconds. A shorter one loses pages of slow
servers; a longer one occupies a thread."""

_FRAMING = 1 << 20
"""Maximum number of bytes of the head of an answer and the framing of its body, in addition to a
quarter of the body. Without it, a server could send a body in chunks of a byte, or headers without
end."""

_POST_ANSWER = 64 << 10
"""Maximum size of the answer to a POST request, in bytes. Only its status is used."""

_PORTS = {"http": 80, "https": 443}


class HttpFetcher:
    """Fetches from the web. Needs no closing: each request has a connection of its own."""

    def __init__(
        self, clock: Clock, agent: str, seconds: float = 60.0, allow_private: bool = False
    ) -> None:
        """agent: value of the User-Agent header.

        seconds: maximum time of one request, without resolving the name of its host, which may
        take _CONNECT_SECONDS more.
        allow_private: whether addresses in private networks may be fetched.
        """
        self._clock = clock
        self._agent = agent
        self._seconds = seconds
        self._allow_private = allow_private

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        return ssl.create_default_context()

    def fetch(self, url: str, headers: Mapping[str, str], limit: int) -> Exchange:
        """Return the answer to one GET request, as `Fetcher.fetch`."""
        return self._exchange("GET", url, headers, limit)

    def post(self, url: str, data: bytes, headers: Mapping[str, str]) -> Exchange:
        """Return the answer to one POST request. Raises as `fetch`."""
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
                # The recorded bytes end where the body that is kept ends.
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
        self.expired = False

    def expire(self) -> None:
        """End the connection."""
        self.expired = True
        self._connection.abort()


@contextmanager
def _deadline(seconds: float, connection: _Connection) -> Iterator[_Watch]:
    """End a connection after `seconds`. A socket's own timeout starts again with each byte, so a
    server could keep it open forever by sending a byte now and then."""
    watch = _Watch(connection)
    timer = threading.Timer(seconds, watch.expire)
    timer.daemon = True
    timer.start()
    try:
        yield watch
    finally:
        timer.cancel()


class _TooLong(OSError):
    """More bytes were received than allowed for a body of the maximum size."""


class _Recorder(io.BufferedIOBase):
    """A stream that keeps the bytes read from another stream, at most `most` of them. The limit
    bounds the framing of chunks, which the limit on the body does not count."""

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
    """A response that also keeps its bytes. `head` is the part before the body.

    It replaces `fp`, an undocumented attribute of HTTPResponse: see the top of this file.
    """

    def __init__(self, sock: socket.socket, *arguments: Any, most: int, **options: Any) -> None:
        super().__init__(sock, *arguments, **options)
        self.recorder = _Recorder(cast(BinaryIO, self.fp), most)
        self.fp = cast(Any, self.recorder)
        self.head = b""

    def begin(self) -> None:
        super().begin()
        self.head = bytes(self.recorder.received)


class _Connection(http.client.HTTPConnection):
    """A connection to addresses that were resolved and checked before."""

    def __init__(self, host: str, port: int, tls: ssl.SSLContext | None, limit: int) -> None:
        """limit: maximum size of the body, in bytes."""
        super().__init__(host, port)
        most = limit + limit // 4 + _FRAMING
        self.response_class = partial(_Answer, most=most)  # type: ignore[assignment]
        self._context = tls
        self.default_port = _PORTS["https" if tls else "http"]
        self.address = ""
        self._reached: socket.socket | None = None

    def reach(self, addresses: list[str], seconds: float) -> None:
        """Connect to the first of the addresses that accepts. Raises OSError."""
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
        """End the connection. A thread that reads from it gets an error."""
        if self._reached is not None:
            with suppress(OSError):
                # The method of TLS sockets would send a message to the server, and wait for it.
                socket.socket.shutdown(self._reached, socket.SHUT_RDWR)


def _body(answer: _Answer, limit: int, watch: _Watch) -> tuple[bytes, str]:
    """Return the body, at most `limit` + 1 bytes, and the reason why it is not whole, or ""."""
    found = bytearray()
    try:
        while len(found) <= limit:
            chunk = answer.read1(min(_STEP, limit + 1 - len(found)))
            if not chunk:
                short = answer.length or 0
                return bytes(found), (
                    "time" if watch.expired else "disconnect"
                ) if short or watch.expired else ""
            found += chunk
    except _TooLong:
        return bytes(found), "length"
    except (OSError, http.client.HTTPException, ValueError) as error:
        return bytes(found), "time" if watch.expired or isinstance(
            error, TimeoutError
        ) else "disconnect"
    return bytes(found), "length"


def _bare(parts: SplitResult) -> str:
    """Return the address without name, password and fragment."""
    return parts._replace(netloc=parts.netloc.rpartition("@")[2], fragment="").geturl()


def _target(parts: SplitResult) -> str:
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _reason(error: Exception, watch: _Watch, seconds: float) -> str:
    """Return the reason why there is no answer, without control characters."""
    if watch.expired or isinstance(error, TimeoutError):
        return f"no answer within {seconds:g} s" if watch.expired else "cannot be reached in time"
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not valid ({error.verify_message})"
    if isinstance(error, ConnectionRefusedError):
        return "the connection was refused"
    if isinstance(error, http.client.RemoteDisconnected):
        return "the server closed the connection without an answer"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror.lower()
    return f"no proper answer ({ascii(str(error))[1:100] or type(error).__name__})"
