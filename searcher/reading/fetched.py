"""What fetching left in raw/: each note of ours in a WARC file is an article, with the page that
follows it if one does."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from searcher.article import Document, Origin, Rejected
from searcher.errors import UnreadableFile
from searcher.reading.archive_format import ENTRY, PAGE, Member
from searcher.sources.warc import page_of
from searcher.text.cleaning import size_of
from searcher.text.urls import canonical_url, is_same_site

FORMAT = "feed"
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
_LISTS = ("paragraphs", "authors")
_DATES = ("dates", "updates")
_FROM_ENTRY = ("headline", "source", "section", "language", "image")
_FULLER = 2
"""An entry whose text is so many times that of its page is the better text: the page then shows
less to strangers."""


def entry_note(document: Document) -> dict[str, Any]:
    """An entry as it is kept: what its feed says, without what is empty."""
    found = {name: getattr(document, name) for name in (*_TEXTS, *_LISTS, *_DATES)}
    return {name: value for name, value in found.items() if value}


def read_fetched(
    name: str, members: Iterable[Member]
) -> Iterator[tuple[int, Document | Rejected | None]]:
    """The articles in these records of the file `name`, in order, each with the byte from which on
    it need not be read again; None where there is none. What feeds and servers else said is passed
    over.

    A part's number is the byte at which its first record begins. Never raises but for what
    `members` does.
    """
    waiting: tuple[int, dict[str, Any], str] | None = None
    for member in members:
        record = _record(member)
        if record is not None and waiting and _header(record, "WARC-Record-ID") == waiting[2]:
            yield member.end, _guarded(_page, record, Origin(name, waiting[0]), waiting[1])
            waiting = None
            continue
        # A note whose page did not follow was left by an interrupted write: the page was asked for
        # again.
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
    """What is read of a record; what nobody foresaw in it must not end the reading of the
    others."""
    try:
        return read(record, origin, note)
    except UnreadableFile as error:
        return Rejected(origin, error.reason)
    except Exception as error:
        return Rejected(origin, f"cannot be read ({type(error).__name__}: {str(error)[:80]})")


def _record(member: Member) -> Any:
    """The record in a member; None for a damaged one."""
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
    try:
        found = json.loads(record.raw_stream.read())
    except ValueError:
        return None
    return found if isinstance(found, dict) and isinstance(found.get("entry"), dict) else None


def _moment(record: Any) -> datetime | None:
    try:
        return datetime.fromisoformat(_header(record, "WARC-Date")).astimezone(UTC)
    except ValueError:
        return None


def _entry(record: Any, origin: Origin, note: dict[str, Any]) -> Document:
    """The entry in a note, as an article that is known from its feed alone."""
    entry, seen = note["entry"], _moment(record)
    fields: dict[str, Any] = {name: str(entry.get(name) or "") for name in _TEXTS}
    fields |= {name: tuple(map(str, entry.get(name) or ())) for name in _LISTS}
    fields |= {
        name: tuple((str(where), str(what)) for where, what in entry.get(name) or ())
        for name in _DATES
    }
    if canonical_url(fields["url"]) and not note.get("shared"):
        # The same page may be an entry of several feeds, each with a name of its own for it.
        fields["given_id"] = ""
    more = tuple(map(str, note.get("addresses") or ()))
    return Document(origin, FORMAT, seen=seen, fetched=True, partial=True, addresses=more, **fields)


def _page(record: Any, origin: Origin, note: dict[str, Any]) -> Document | Rejected:
    """The article on a page, with what only its entry tells."""
    entry = _entry(record, origin, note)
    page = page_of(record, origin)
    if isinstance(page, Rejected):
        return page
    final = _header(record, "WARC-Target-URI").strip("<>")
    # A page may call any address its own; it is believed about its own site.
    url = page.url if page.url and is_same_site(page.url, final) else final
    fuller = sum(map(size_of, entry.paragraphs)) > _FULLER * sum(map(size_of, page.paragraphs))
    told = {
        name: FORMAT for name in _FROM_ENTRY if not getattr(page, name) and getattr(entry, name)
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
        found={**page.found, **told, **({"body": FORMAT} if fuller else {})},
        fetched=True,
        # Where it was received comes first: by that it goes if what it calls its own is another
        # article's.
        addresses=(final, *entry.addresses, entry.url),
    )
