"""The articles in the archives that refreshes write: a note each, and the page after it if there is
one."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from searcher.article import Document, Origin, Rejected
from searcher.errors import UnreadableFile, described
from searcher.reading.archive_format import ENTRY, PAGE, Member
from searcher.sources.warc import page_of
from searcher.text.cleaning import size_of
from searcher.text.urls import canonical_url, is_same_site

_FORMAT = "feed"
"""The format of an article that is known from a feed alone, and the source of fields that a page's
article took from the feed."""

_TEXTS = (
    "headline",
    "text",
    "url",
    "source",
    "section",
    "language",
    "image",
    "agency",
    "dateline",
    "given_id",
)
"""Fields of a Document that are strings."""

_LISTS = ("paragraphs", "authors")
"""Fields that are tuples of strings."""

_DATES = ("dates", "updates")
"""Fields that are tuples of (source, text)."""

_FROM_ENTRY = ("headline", "source", "section", "language", "image")
"""Fields that the article of a page takes from the entry if the page lacks them."""

_FULLER = 2
"""Minimum ratio of the entry's text to the page's from which on the entry's text is taken: the page
then shows a part of it to visitors without a subscription."""


def entry_note(document: Document) -> dict[str, Any]:
    """Return an entry of a feed as it is archived: its fields that are not empty, by name."""
    found = {name: getattr(document, name) for name in (*_TEXTS, *_LISTS, *_DATES)}
    return {name: value for name, value in found.items() if value}


def read_fetched(
    name: str, members: Iterable[Member]
) -> Iterator[tuple[int, Document | Rejected | None]]:
    """Yield the articles in records of the archive `name`, each with the byte at which it ends.

    A record that is not part of an article gives None. An article's part (Origin.part) is the byte
    at which its first record begins. Raises only what `members` raises.
    """
    waiting: tuple[int, dict[str, Any], str] | None = None
    for member in members:
        record = _record(member)
        if record is not None and waiting and _header(record, "WARC-Record-ID") == waiting[2]:
            yield member.end, _guarded(_page, record, Origin(name, waiting[0]), waiting[1])
            waiting = None
            continue
        # A note without its page was left by an interrupted write. The page was fetched again.
        waiting = None
        origin = Origin(name, member.start)
        kind = (
            _header(record, "Content-Type")
            if record is not None and record.rec_type == "metadata"
            else ""
        )
        note = _note(record) if kind in (ENTRY, PAGE) else None
        if record is None:
            yield member.end, Rejected(origin, "a damaged record")
        elif kind not in (ENTRY, PAGE):
            yield member.end, None
        elif note is None:
            yield member.end, Rejected(origin, "a damaged note")
        elif kind == PAGE:
            waiting = member.start, note, _header(record, "WARC-Concurrent-To")
        else:
            yield member.end, _guarded(_entry, record, origin, note)


def _header(record: Any, name: str) -> str:
    return str(record.rec_headers.get_header(name) or "")


def _guarded(
    read: Callable[[Any, Origin, dict[str, Any]], Document | Rejected],
    record: Any,
    origin: Origin,
    note: dict[str, Any],
) -> Document | Rejected:
    """Return the document of a record.

    An error becomes a Rejected; reading continues with the next record.
    """
    try:
        return read(record, origin, note)
    except UnreadableFile as error:
        return Rejected(origin, error.reason)
    except Exception as error:
        return Rejected(origin, f"cannot be read ({described(error)})")


def _record(member: Member) -> Any:
    """Return the record in a member; None for a damaged one."""
    from warcio.exceptions import ArchiveLoadFailed
    from warcio.recordloader import ArcWarcRecordLoader

    if member.data is None:
        return None
    try:
        return ArcWarcRecordLoader(verify_http=False).parse_record_stream(
            BytesIO(member.data), known_format="warc", no_record_parse=False
        )
    except (ArchiveLoadFailed, EOFError, ValueError):
        return None


def _note(record: Any) -> dict[str, Any] | None:
    """Return the object in a note; None for a damaged one."""
    try:
        found = json.loads(record.raw_stream.read())
    except ValueError:
        return None
    return found if isinstance(found, dict) and isinstance(found.get("entry"), dict) else None


def _moment(record: Any) -> datetime | None:
    """Return when the record was written, in UTC; None if it does not say so."""
    try:
        return datetime.fromisoformat(_header(record, "WARC-Date")).astimezone(UTC)
    except ValueError:
        return None


def _entry(record: Any, origin: Origin, note: dict[str, Any]) -> Document:
    """Return the entry in a note as an article that is known from its feed alone."""
    entry, seen = note["entry"], _moment(record)
    fields: dict[str, Any] = {name: str(entry.get(name) or "") for name in _TEXTS}
    fields |= {name: tuple(map(str, entry.get(name) or ())) for name in _LISTS}
    fields |= {
        name: tuple((str(where), str(what)) for where, what in entry.get(name) or ())
        for name in _DATES
    }
    if canonical_url(fields["url"]) and not note.get("shared"):
        # Several feeds can have the same page as an entry, each under an identifier of its own.
        fields["given_id"] = ""
    more = tuple(map(str, note.get("addresses") or ()))
    feeds = (str(note["feed"]),) if note.get("feed") else ()
    return Document(
        origin,
        _FORMAT,
        seen=seen,
        fetched=True,
        partial=True,
        addresses=more,
        feeds=feeds,
        **fields,
    )


def _page(record: Any, origin: Origin, note: dict[str, Any]) -> Document | Rejected:
    """Return the article on a page, with the entry's values where the page has none."""
    entry = _entry(record, origin, note)
    page = page_of(record, origin)
    if isinstance(page, Rejected):
        return page
    final = _header(record, "WARC-Target-URI").strip("<>")
    # A page can state any canonical URL. It is trusted for its own site only.
    url = page.url if page.url and is_same_site(page.url, final) else final
    fuller = sum(map(size_of, entry.paragraphs)) > _FULLER * sum(map(size_of, page.paragraphs))
    from_entry = {
        name: _FORMAT for name in _FROM_ENTRY if not getattr(page, name) and getattr(entry, name)
    }
    return replace(
        page,
        headline=page.headline or entry.headline,
        paragraphs=entry.paragraphs if fuller else page.paragraphs,
        url=url,
        authors=page.authors or entry.authors,
        source=page.source or entry.source,
        section=page.section or entry.section,
        language=page.language or entry.language,
        dates=(*page.dates, *entry.dates),
        updates=(*page.updates, *entry.updates),
        image=page.image or entry.image,
        found={**page.found, **from_entry, **({"body": _FORMAT} if fuller else {})},
        fetched=True,
        # The URL from which it was fetched comes first: it identifies the article if the canonical
        # URL belongs to another one.
        addresses=(final, *entry.addresses, entry.url),
        feeds=entry.feeds,
    )
