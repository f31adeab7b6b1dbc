"""Feeds: RSS, Atom and RDF, read with feedparser, and JSON Feed."""

from __future__ import annotations

import codecs
import json
import re
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Any

from searcher.article import Document, Origin, Rejected, short_hash
from searcher.errors import UnreadableFile, described
from searcher.sources.feed_entries import Identified, document_of
from searcher.sources.feed_links import joined
from searcher.sources.feed_stream import parts_of
from searcher.sources.json_news import feed_documents, is_feed
from searcher.sources.markup import plain_text, root_element
from searcher.sources.protocol import RawInput
from searcher.text.cleaning import clean_line
from searcher.text.headlines import are_alike
from searcher.text.urls import sendable_url

# Each pattern has a bound, so that it takes linear time on any content.
_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,200}\?>")
_BLANKS = re.compile(rb"\s{64,}")
_HEAD_ENDS = re.compile(rb"<(?:\w+:)?(?:item|entry)[\s>]", re.IGNORECASE)
_SKIP_HOURS = re.compile(rb"<skiphours>(.{0,2000}?)</skiphours>", re.IGNORECASE | re.DOTALL)
_HOUR = re.compile(rb"<hour>\s*(\d{1,2})\s*</hour>", re.IGNORECASE)
_SKIP_DAYS = re.compile(rb"<skipdays>(.{0,2000}?)</skipdays>", re.IGNORECASE | re.DOTALL)
_DAY = re.compile(rb"<day>\s*(\w{3})\w*\s*</day>", re.IGNORECASE)
_DAYS = (b"mon", b"tue", b"wed", b"thu", b"fri", b"sat", b"sun")

_PERIODS = {"hourly": 60, "daily": 1440, "weekly": 10_080, "monthly": 43_200, "yearly": 525_600}
"""Values of sy:updatePeriod, in minutes."""

_MINUTES_IN_A_DAY = 1440
"""Maximum pause that a feed can ask for, in minutes. Longer would miss news for days."""

_DIGITS = 9
"""Maximum number of digits of a number that a feed states; more are cut off."""

_PROBLEM_LENGTH = 200
"""Maximum number of characters of feedparser's message about a malformed feed."""

_WHOLE = 2 << 20
"""Size of a feed from which on it is read in parts, in bytes. Larger costs memory, about 30 bytes
for each; smaller takes channels for headless that state their name behind the entries."""

_EMPTY = "an entry without title and text"
"""The reason why an entry is rejected."""


NOT_A_FEED = "not a feed"
"""Reason for content that is not a feed of any format."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of a feed."""

    key: str
    """Identifies the entry in its feed, also after its content changed."""

    document: Document
    """Its content."""

    @property
    def is_link(self) -> bool:
        """Whether it has an address and nothing else."""
        return _is_empty(self.document)


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed: its entries, and its statements about itself."""

    title: str
    """The name that it gives itself; "" for none."""

    site: str
    """The address of the website that it belongs to."""

    entries: tuple[Entry, ...]
    """The entries in the feed's order."""

    rejected: tuple[Rejected, ...] = ()
    """The entries that cannot be read."""

    pause: int = 0
    """Minutes for which it asks not to be fetched again (ttl, or sy:updatePeriod); 0 for none."""

    skip_hours: frozenset[int] = frozenset()
    """Hours of the day, in UTC, in which it does not change."""

    skip_days: frozenset[int] = frozenset()
    """Days of the week in which it does not change; Monday is 0."""

    problem: str = ""
    """The reason why the feed is malformed, although it could be read; "" for a sound one."""


class FeedReader:
    """Each entry is an article, with the full content if the feed has it, else the summary."""

    format = "feed"
    is_binary = False

    def recognises(self, head: bytes) -> bool:
        return root_element(head) in ("rss", "feed", "rdf")

    def read(self, raw: RawInput) -> Iterator[Document | Rejected]:
        found = Identified()
        number = 0
        for part in _parts(raw):
            if part is None:
                number += 1
                yield Rejected(Origin(raw.name, number), "an entry that is too large")
                continue
            parsed = _parsed(part)
            if not parsed.entries and not number:
                reason = parsed.get("bozo_exception") if parsed.get("bozo") else None
                raise UnreadableFile(
                    raw.name, f"a feed without entries{f' ({reason})' if reason else ''}"
                )
            for entry in parsed.entries:
                number += 1
                origin = Origin(raw.name, number)
                document = document_of(origin, parsed.feed, entry, self.format)
                document = found.with_id(document, str(entry.get("id") or ""))
                yield Rejected(origin, _EMPTY) if _is_empty(document) else document


def _parts(raw: RawInput) -> Iterator[bytes | None]:
    """Yield a feed as it is, or a large one in parts, with None for an entry that is too large.

    Raises UnreadableFile where the file is damaged.
    """
    try:
        with raw.open() as stream:
            first = stream.read(_WHOLE + 1)
            is_wide = first.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
            if len(first) > _WHOLE and not is_wide:
                yield from parts_of(first, stream)
                return
    except (OSError, EOFError, zlib.error) as error:
        raise UnreadableFile(raw.name, f"damaged ({error})") from error
    yield raw.read()


def _parsed(data: bytes, **headers: str) -> Any:
    """Return what feedparser finds. headers: those of the server's answer."""
    import feedparser

    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        # feedparser does not recognise UTF-16 by a byte order mark alone.
        data = _DECLARATION.sub("", data.decode("utf-16", "replace")).encode("utf-8", "replace")
    # feedparser takes quadratic time for long white space, and takes a short string of bytes for
    # the name of a file.
    return feedparser.parse(BytesIO(_BLANKS.sub(b"\n", data)), response_headers=headers)


def read_feed(data: bytes, url: str, content_type: str = "") -> Feed:
    """Return the feed in `data`, fetched from `url`: RSS, Atom, RDF or JSON Feed.

    content_type: the one that the server stated; "" for none.
    Raises UnreadableFile for content that is not a feed.
    """
    origin = Origin(url)
    if not data.strip():
        raise UnreadableFile(url, "empty")
    if (json_feed := _json_feed(data)) is not None:
        found = list(feed_documents(json_feed, url))
        site = str(json_feed.get("home_page_url") or "")
        return _feed(str(json_feed.get("title") or ""), site, found, [""] * len(found), url)
    try:
        parsed = _parsed(
            data, **{"content-type": content_type or "application/xml", "content-location": url}
        )
    except Exception as error:
        raise UnreadableFile(url, f"an invalid feed ({described(error)})") from error
    if not parsed.entries and not parsed.get("version"):
        raise UnreadableFile(url, NOT_A_FEED)
    documents = [
        document_of(origin, parsed.feed, entry, FeedReader.format) for entry in parsed.entries
    ]
    keys = [str(entry.get("id") or "") for entry in parsed.entries]
    feed = _feed(
        plain_text(parsed.feed.get("title") or ""),
        parsed.feed.get("link") or "",
        documents,
        keys,
        url,
    )
    problem = (
        str(parsed.get("bozo_exception") or "")[:_PROBLEM_LENGTH] if parsed.get("bozo") else ""
    )
    head = data[: at.start() if (at := _HEAD_ENDS.search(data)) else len(data)]
    return replace(
        feed,
        pause=_pause(parsed.feed),
        skip_hours=frozenset(hour % 24 for hour in _skipped(head, _SKIP_HOURS, _HOUR, int)),
        skip_days=frozenset(_skipped(head, _SKIP_DAYS, _DAY, lambda day: _DAYS.index(day.lower()))),
        problem=clean_line(problem),
    )


def _pause(feed: Any) -> int:
    """Return for how many minutes a feed asks not to be fetched again; 0 if it does not ask."""
    ttl = str(feed.get("ttl") or "")[:_DIGITS]
    often = str(feed.get("sy_updatefrequency") or "1")[:_DIGITS]
    period = _PERIODS.get(str(feed.get("sy_updateperiod") or "").strip().lower(), 0)
    times = max(int(often) if often.isdecimal() else 1, 1)
    return min(int(ttl) if ttl.isdecimal() else period // times, _MINUTES_IN_A_DAY)


def _skipped(
    head: bytes, block: re.Pattern[bytes], item: re.Pattern[bytes], number: Callable[[bytes], int]
) -> Iterator[int]:
    """Yield the numbers of the items in the first such block of a feed's head."""
    for found in item.findall(inner[1] if (inner := block.search(head)) else b""):
        with suppress(ValueError):
            yield number(found)


def _json_feed(data: bytes) -> dict[str, Any] | None:
    """Return the object of a JSON Feed; None for other content."""
    start = data.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not start.startswith(b"{"):
        return None
    try:
        # A string that was cut off can end in half of a surrogate pair, which is not text.
        sound = json.dumps(json.loads(start), ensure_ascii=False).encode("utf-16", "surrogatepass")
        found = json.loads(sound.decode("utf-16", "replace"))
    except (ValueError, RecursionError):
        return None
    return found if is_feed(found) else None


def _feed(
    title: str, site: str, found: Sequence[Document | Rejected], keys: Sequence[str], url: str
) -> Feed:
    """Return a feed of these documents.

    keys: the identifiers that the entries state. An entry without one is identified by its address,
    else by its content.
    """
    entries: dict[str, Entry] = {}
    rejected: list[Rejected] = []
    counts = Counter(keys)
    for document, key in zip(found, keys, strict=True):
        if isinstance(document, Rejected):
            rejected.append(document)
            continue
        if _is_empty(document) and not document.url:
            rejected.append(Rejected(document.origin, _EMPTY))
            continue
        document = replace(
            document, url=joined(url, document.url), image=joined(url, document.image)
        )
        mark = short_hash(
            "\n".join((document.headline, document.url, document.text, *document.paragraphs))
        )
        key = key or document.given_id or document.url or mark
        before = entries.get(key)
        other = before is not None and not are_alike(before.document.headline, document.headline)
        if counts[key] > 1 or (other and before and before.document.headline != document.headline):
            # Some feeds give all their entries the same identifier.
            key = f"{key}\n{mark}"
        if key in entries:
            rejected.append(Rejected(document.origin, "the same entry again"))
        else:
            entries[key] = Entry(key, document)
    return Feed(
        clean_line(title),
        sendable_url(site, url) if site else "",
        tuple(entries.values()),
        tuple(rejected),
    )


def _is_empty(document: Document) -> bool:
    return not (document.headline or document.text or document.paragraphs)
