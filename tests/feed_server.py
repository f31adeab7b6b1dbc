"""An HTTP server for tests, with a response for each path."""

from __future__ import annotations

import itertools
import socket
import socketserver
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple

from fakes import NOW


class Asked(NamedTuple):
    """A request that was received."""

    path: str
    """Path and query string."""
    headers: dict[str, str]
    """Headers, by name in lower case."""
    at: float
    """Monotonic time of arrival, in seconds."""
    body: bytes
    """Body of the request."""


@dataclass
class Answer:
    """A response of the server."""

    body: bytes = b""
    """Body of the response."""
    status: int = 200
    """Status code."""
    headers: dict[str, str] = field(default_factory=dict)
    """Headers, by name."""
    wild: Callable[[socket.socket], None] | None = None
    """Function that writes the whole response to the connection; None for an ordinary response."""


class FeedServer:
    """A server on a loopback address. It records the requests it receives in `asked`."""

    def __init__(self, host: str = "127.0.0.1", port: int = 0) -> None:
        self.answers: dict[str, Answer | Callable[[Asked], Answer]] = {}
        self.asked: list[Asked] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                outer._answer(self)

            def do_POST(self):
                outer._answer(self)

            def log_message(self, *_):
                pass

        class Server(ThreadingHTTPServer):
            request_queue_size = 256

            def handle_error(self, *_):
                """Ignore errors: clients close the connection early on purpose."""

        socketserver.TCPServer.allow_reuse_address = True
        self._server = Server((host, port), Handler)
        self.host, self.port = host, self._server.server_address[1]
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.05,), daemon=True
        )
        self._thread.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def url(self, path: str = "/", host: str = "") -> str:
        return f"http://{host or self.host}:{self.port}{path}"

    def put(self, path: str, body: bytes | str = b"", status: int = 200, **headers: str) -> str:
        """Set the response for a path, and return its address.

        headers: by name, with underscores in place of hyphens.
        """
        data = body.encode() if isinstance(body, str) else body
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.answers[path] = Answer(data, status, named)
        return self.url(path)

    def paths(self) -> list[str]:
        return [asked.path for asked in self.asked]

    def _answer(self, handler: BaseHTTPRequestHandler) -> None:
        headers = {name.lower(): value for name, value in handler.headers.items()}
        body = handler.rfile.read(int(headers.get("content-length", 0)))
        asked = Asked(handler.path, headers, time.monotonic(), body)
        self.asked.append(asked)
        found = self.answers.get(handler.path, Answer(b"not here", 404))
        answer = found(asked) if callable(found) else found
        if answer.wild:
            handler.close_connection = True
            answer.wild(handler.connection)
            return
        etag = answer.headers.get("ETag")
        if etag and headers.get("if-none-match") == etag:
            answer = Answer(b"", 304, answer.headers)
        handler.send_response(answer.status)
        for name, value in answer.headers.items():
            handler.send_header(name, value)
        if "Content-Type" not in answer.headers:
            handler.send_header("Content-Type", _kind(answer.body))
        handler.send_header("Content-Length", str(len(answer.body)))
        handler.end_headers()
        handler.wfile.write(answer.body)


OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
"""The first lines of a response for `wild`. The test adds further headers and an empty line."""


def wild(*parts: bytes, pause: float = 0.0, forever: bytes = b"") -> Answer:
    """Return a response that sends these bytes unchanged, then repeats `forever` without end.

    pause: seconds to wait after each part.
    """

    def send(connection: socket.socket) -> None:
        try:
            for part in itertools.chain(parts, itertools.repeat(forever) if forever else ()):
                connection.sendall(part)
                time.sleep(pause)
        except OSError:
            return

    return Answer(wild=send)


def _kind(body: bytes) -> str:
    begin = body[:200].lower()
    if b"<!doctype html" in begin or b"<html" in begin:
        return "text/html; charset=utf-8"
    return "application/rss+xml" if b"<rss" in begin else "text/plain"


def rss(*items: tuple[str, str, str], title: str = "Harbour News", more: str = "") -> str:
    """Return an RSS feed with these (link, headline, summary) items."""
    date = format_datetime(NOW)
    inner = "".join(
        f"<item><guid>{link}</guid><link>{link}</link><title>{headline}</title><description>{summary}</description>"
        f"<pubDate>{date}</pubDate></item>"
        for link, headline, summary in items
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>{title}</title>{more}{inner}</channel></rss>'


def page(headline: str, *paragraphs: str, head: str = "") -> str:
    """Return an HTML page with an article."""
    body = "".join(f"<p>{text}</p>" for text in paragraphs)
    return (
        f"<!doctype html><html lang=en><head><title>{headline}</title>{head}</head>"
        f"<body><article><h1>{headline}</h1>{body}</article></body></html>"
    )
