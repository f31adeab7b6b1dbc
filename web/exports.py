"""Exports over HTTP: streamed while articles are read, a few at once, each in bounded time."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from threading import BoundedSemaphore

from flask import Response, current_app, request

from searcher.engine.searches import SORTS
from searcher.export.formats import FORMATS, Format, pieces
from searcher.export.statement import Addresses
from searcher.search.listing import Head
from searcher.search.request import Request
from web.addresses import address, article_address
from web.operations import Busy
from web.parameters import chosen, number, search_service, wanted_request

EXPORT_SECONDS = 300.0
"""Maximum time of an export, in seconds. A million articles of 450 words take 130 s of a processor.
After it the connection is closed before the end of the answer, so that clients notice. Larger lets
slow clients occupy threads for longer."""


class OutOfTime(Exception):
    """An export took too long."""


def export_slots(threads: int) -> BoundedSemaphore:
    """Return the permits of the exports that a process may write at once: half of its threads, so
    that the others answer searches."""
    return BoundedSemaphore(max(1, threads // 2))


class Stream:
    """The body of an export. Closing it gives back its snapshot and its permit, also if nothing was
    read of it."""

    def __init__(self, parts: Iterator[bytes], held: ExitStack) -> None:
        """held: resources to release at the end."""
        self._parts = parts
        self._held = held
        self._deadline = time.monotonic() + EXPORT_SECONDS

    def __iter__(self) -> Stream:
        return self

    def __next__(self) -> bytes:
        if time.monotonic() > self._deadline:
            raise OutOfTime(f"an export took more than {EXPORT_SECONDS:g} seconds")
        return next(self._parts)

    def close(self) -> None:
        """Release what it holds."""
        self._held.close()


def export_response() -> Response:
    """Return the export that the address asks for. Raises ValueError, Busy, and as Lister.open."""
    form = FORMATS[chosen("format", tuple(FORMATS), "jsonl")]
    asked = replace(
        wanted_request(page=1, size=1),
        sort=chosen("sort", SORTS, "newest"),
        match_all=chosen("match", ("all", "any"), "all") == "all",
        match_any=chosen("match", ("all", "any"), "all") == "any",
        by_story=chosen("group", ("none", "story"), "none") == "story",
    )
    most = number("n", 0) if request.args.get("n") else None
    if most == 0:
        raise ValueError("n is a number from 1")
    slots: BoundedSemaphore = current_app.extensions["export_slots"]
    if not slots.acquire(blocking=False):
        raise Busy("the server writes as many exports as it may; please try again")
    with ExitStack() as stack:
        stack.callback(slots.release)
        result = stack.enter_context(search_service().listings.open(asked, most))
        parts = pieces(form, result, _addresses(asked))
        response = Response(Stream(parts, stack.pop_all()), content_type=form.media_type)
    response.headers.update(_headers(form, result.head))
    return response


def _addresses(asked: Request) -> Addresses:
    host, root = request.host_url.rstrip("/"), request.url_root.rstrip("/")
    return Addresses(
        search=host + address(replace(asked, size=10)),
        export=root + request.full_path.rstrip("?"),
        article=lambda article_id: host + article_address(article_id),
    )


def _headers(form: Format, head: Head) -> dict[str, str]:
    """Return headers that say what is listed, before the first article."""
    kept = "inline" if form.is_feed else "attachment"
    name = f"search-{head.at:%Y%m%d-%H%M%S}.{form.suffix}"
    return {
        "X-Total-Count": str(head.count),
        "X-Generation": str(head.generation),
        "Content-Disposition": f"{kept}; filename={name}",
    }
