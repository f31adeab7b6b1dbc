"""What fetching left in raw/: each note of ours in a WARC file is an article, with the page that follows it if one
does."""

from __future__ import annotations

import json
from collections.abc import Iterable
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC
from datetime import datetime
from io import BytesIO
from typing import Any

from searcher.archive_format import ENTRY
from searcher.archive_format import PAGE
from searcher.archive_format import Member
from searcher.article import Document
from searcher.article import Origin
from searcher.article import Rejected
from searcher.errors import UnreadableFile
from searcher.sources.warc import page_of
from searcher.text.cleaning import size_of
from searcher.text.urls import is_same_site

FORMAT = "feed"
_TEXTS = ("headline", "text", "url", "source", "section", "language", "image", "agency", "dateline", "given_id")
_LISTS = ("paragraphs", "authors")
_DATES = ("dates", "updates")
_FROM_ENTRY = ("headline", "source", "section", "language", "image")
_FULLER = 2
"""An entry whose text is so many times that of its page is the better text: the page then shows less to strangers."""


def entry_note(document: Document) -> dict[str, Any]:
    """An entry as it is kept: what its feed says, without what is empty."""
    found = {name: getattr(document, name) for name in (*_TEXTS, *_LISTS, *_DATES)}
    return {name: value for name, value in found.items() if value}


def read_fetched(name: str, members: Iterable[Member]) -> Iterator[Document | Rejected]:
    """The articles in these records of the file `name`, in order. What feeds and servers else said is passed over.

    A part's number is the byte at which its first record begins. Never raises but for what `members` does.
    """
    waiting: tuple[int, dict[str, Any]] | None = None
    for member in members:
        record = _record(member)
        if record is None:
            yield Rejected(Origin(name, member.start), "a damaged record")
            waiting = None
            continue
        kind = record.rec_headers.get_header("Content-Type") or ""
        if waiting is not None:
            origin, note = Origin(name, waiting[0]), waiting[1]
            waiting = None
            yield _page(record, origin, note)
        elif record.rec_type == "metadata" and kind in (ENTRY, PAGE):
            note_found = _note(record)
            if note_found is None:
                yield Rejected(Origin(name, member.start), "a damaged note")
            elif kind == PAGE:
                waiting = member.start, note_found
            else:
                yield _entry(Origin(name, member.start), note_found, _moment(record))


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
        return datetime.fromisoformat(record.rec_headers.get_header("WARC-Date") or "").astimezone(UTC)
    except ValueError:
        return None


def _entry(origin: Origin, note: dict[str, Any], seen: datetime | None) -> Document:
    """The entry in a note, as an article that is known from its feed alone."""
    entry = note["entry"]
    fields: dict[str, Any] = {name: str(entry.get(name) or "") for name in _TEXTS}
    fields |= {name: tuple(map(str, entry.get(name) or ())) for name in _LISTS}
    fields |= {name: tuple((str(where), str(what)) for where, what in entry.get(name) or ()) for name in _DATES}
    if fields["url"]:
        # The same page may be an entry of several feeds, each with a name of its own for it.
        fields["given_id"] = ""
    more = tuple(map(str, note.get("addresses") or ()))
    return Document(origin, FORMAT, seen=seen, fetched=True, partial=True, addresses=more, **fields)


def _page(record: Any, origin: Origin, note: dict[str, Any]) -> Document | Rejected:
    """The article on a page, with what only its entry tells."""
    entry = _entry(origin, note, _moment(record))
    try:
        page = page_of(record, origin)
    except UnreadableFile as error:
        return Rejected(origin, error.reason)
    if isinstance(page, Rejected):
        return page
    final = str(record.rec_headers.get_header("WARC-Target-URI") or "").strip("<>")
    # A page may call any address its own; it is believed about its own site.
    url = page.url if page.url and is_same_site(page.url, final) else final
    fuller = sum(map(size_of, entry.paragraphs)) > _FULLER * sum(map(size_of, page.paragraphs))
    told = {name: FORMAT for name in _FROM_ENTRY if not getattr(page, name) and getattr(entry, name)}
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
        addresses=(*entry.addresses, entry.url, final),
    )
