"""Requests to a cluster, with errors that are ours and never show a password."""

from __future__ import annotations

import json
import logging
import os
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple, TypeAlias
from urllib.parse import unquote, urlsplit

from searcher.errors import IndexUnreachable, WriteFailed

Json: TypeAlias = dict[str, Any]

_SECONDS = 60.0
"""Maximum number of seconds that a request without a budget of its own may take. A refresh of a
busy node takes several."""
_BULK_BYTES = 5 << 20
"""Maximum number of bytes of a bulk request; one article may exceed it. Larger keeps more memory of
the node that coordinates it; the guide of OpenSearch names 5 to 15 MB."""
_MOST_TRIES = 8
"""Maximum number of tries of what a node refused as too busy. The pauses double, up to about 25 s
together."""
_FIRST_PAUSE = 0.1
"""Seconds before the second try."""
_BUSY = 429
"""Status of a refused request."""


class Address(NamedTuple):
    """The address of a cluster, without its password."""

    nodes: tuple[str, ...]
    """Addresses of nodes, such as https://host:9200."""
    user: str
    """Name of the user; "" if none is needed."""
    prefix: str
    """Beginning of the names of its indices."""

    def __str__(self) -> str:
        return f"{self.nodes[0]}/{self.prefix}"


def address_of(text: str) -> Address:
    """Return the address that a setting names: https://user@host:9200/prefix, several nodes
    separated by spaces. The prefix is "news" if there is none."""
    parts = [urlsplit(one) for one in text.split()]
    nodes = []
    for one in parts:
        host = f"[{one.hostname}]" if ":" in str(one.hostname) else one.hostname
        nodes.append(f"{one.scheme}://{host}:{one.port or 9200}")
    first = parts[0]
    return Address(tuple(nodes), unquote(first.username or ""), first.path.strip("/-") or "news")


class Missing(Exception):
    """The cluster has no such index, document or search context."""


class Conflict(Exception):
    """A document changed in the meantime."""


class Cluster:
    """A cluster of OpenSearch. Connects with the first request. Safe in threads."""

    def __init__(self, address: Address, password: str = "", certificate: str = "") -> None:
        """
        certificate: file with the certificates that are trusted; "" for those of the system.
        """
        self.address = address
        self._password = password
        self._certificate = certificate
        self._transport: Any = None
        self._process = 0

    def ask(
        self,
        method: str,
        path: str,
        body: Any = None,
        seconds: float | None = None,
        **parameters: Any,
    ) -> Json:
        """Return the answer to a request.

        seconds: time budget of the request. Raises Missing, Conflict and IndexUnreachable.
        """
        from opensearchpy import exceptions

        options = {"request_timeout": _SECONDS if seconds is None else max(seconds, 0.05) + 1}
        for last in (False,) * (_MOST_TRIES - 1) + (True,):
            try:
                found = self._connected().perform_request(
                    method, path, params={**parameters, **options}, body=body
                )
                return found if isinstance(found, dict) else {"text": found}
            except exceptions.NotFoundError as error:
                raise Missing(_reason(error)) from None
            except exceptions.ConflictError as error:
                raise Conflict(_reason(error)) from None
            except exceptions.TransportError as error:
                if error.status_code != _BUSY or last:
                    raise IndexUnreachable(self._told(error)) from None
            time.sleep(_FIRST_PAUSE)
        raise AssertionError

    def _connected(self) -> Any:
        # A process that was forked must not use the connections of its parent.
        if self._transport is None or self._process != os.getpid():
            from opensearchpy import OpenSearch

            self._process = os.getpid()

            # Our errors tell what failed. Its log repeats what users searched for.
            logging.getLogger("opensearch").setLevel(logging.CRITICAL)
            address = self.address
            self._transport = OpenSearch(
                list(address.nodes),
                http_auth=(address.user, self._password) if address.user else None,
                ca_certs=self._certificate or None,
                http_compress=True,
                # Each request may be repeated: see `commits` and `writer`.
                retry_on_timeout=True,
                max_retries=2,
            ).transport
        return self._transport

    def _told(self, error: Any) -> str:
        """Return what went wrong, for a user: without what was sent, and without credentials."""
        status = error.status_code
        where = f"the search cluster at {self.address}"
        if status in (401, 403):
            return f"{where} refuses the user “{self.address.user}” (status {status})"
        if not isinstance(status, int):
            return f"{where} does not answer ({type(error).__name__}); is it running?"
        return f"{where} answers with status {status}: {_reason(error)}"

    def bulk(self, actions: Iterable[tuple[Json, Json | None]]) -> None:
        """Write documents: pairs of an action and a document, sent in requests of at most
        _BULK_BYTES. What a node refuses as too busy is sent again. All actions name their ids, so
        that a repeated one changes nothing. Raises WriteFailed and IndexUnreachable."""
        for lines in _batches(actions):
            self._bulk(lines)

    def _bulk(self, lines: list[str]) -> None:
        pause, reason = _FIRST_PAUSE, ""
        for _ in range(_MOST_TRIES):
            answer = self.ask(
                "POST", "/_bulk", "".join(lines), filter_path="errors,items.*.status,items.*.error"
            )
            if not answer.get("errors"):
                return
            refused = []
            for line, item in zip(lines, answer["items"], strict=True):
                (told,) = item.values()
                if told["status"] == _BUSY or told["status"] >= 500:
                    refused.append(line)
                    reason = _shown(told["error"])
                elif told["status"] >= 400 and told["status"] != 404:
                    reason = _shown(told["error"])
                    raise WriteFailed(f"the search cluster refuses a document: {reason}")
            if not refused:
                return
            lines = refused
            time.sleep(pause)
            pause *= 2
        raise WriteFailed(
            f"the search cluster refused {len(lines)} documents {_MOST_TRIES} times: {reason}"
        )

    def close(self) -> None:
        """Close the connections."""
        if self._transport is not None:
            self._transport.close()
            self._transport = None


def _batches(actions: Iterable[tuple[Json, Json | None]]) -> Iterator[list[str]]:
    """Yield the lines of bulk requests, each an action with its document."""
    lines: list[str] = []
    size = 0
    for action, document in actions:
        line = json.dumps(action) + "\n"
        if document is not None:
            line += json.dumps(document, ensure_ascii=False, separators=(",", ":")) + "\n"
        length = len(line.encode("utf-8", "replace"))
        if lines and size + length > _BULK_BYTES:
            yield lines
            lines, size = [], 0
        lines.append(line)
        size += length
    if lines:
        yield lines


def _reason(error: Any) -> str:
    """Return the reason that the cluster gives for an error, at most 300 characters."""
    told = getattr(error, "info", None)
    cause = told.get("error") if isinstance(told, dict) else None
    return _shown(cause or error.error)


def _shown(cause: Any) -> str:
    """Return the reason of an error that the cluster describes, at most 300 characters."""
    if isinstance(cause, dict):
        root = (cause.get("root_cause") or [cause])[0]
        return str(root.get("reason", cause.get("type")))[:300]
    return str(cause)[:300]


def until(done: Callable[[], bool], seconds: float, pause: float = 0.1) -> bool:
    """Wait until `done` returns true, at most `seconds`. Return whether it did."""
    deadline = time.monotonic() + seconds
    while not done():
        if time.monotonic() > deadline:
            return False
        time.sleep(min(pause, max(0.0, deadline - time.monotonic())))
    return True
