"""Feeds: RSS and Atom by feedparser, JSON Feed; and where a page names them."""

from __future__ import annotations

import codecs
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Any
from urllib.parse import urljoin

from searcher.article import Document, Origin, Rejected, short_hash
from searcher.errors import UnreadableFile
from searcher.sources.json_news import feed_documents, is_feed
from searcher.sources.markup import paragraphs_of, plain_text, root_element, soup_of
from searcher.sources.protocol import RawInput
from searcher.text.cleaning import clean_line
from searcher.text.encoding import decode
from searcher.text.urls import canonical_url, sendable_url

_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,200}\?>")
_BLANKS = re.compile(rb"\s{64,}")
_HEAD_ENDS = re.compile(rb"<(?:\w+:)?(?:item|entry)[\s>]", re.IGNORECASE)
_SKIP_HOURS = re.compile(rb"<skiphours>(.{0,2000}?)</skiphours>", re.IGNORECASE | re.DOTALL)
_HOUR = re.compile(rb"<hour>\s*(\d{1,2})\s*</hour>", re.IGNORECASE)
_SKIP_DAYS = re.compile(rb"<skipdays>(.{0,2000}?)</skipdays>", re.IGNORECASE | re.DOTALL)
_DAY = re.compile(rb"<day>\s*(\w{3})\w*\s*</day>", re.IGNORECASE)
_DAYS = (b"mon", b"tue", b"wed", b"thu", b"fri", b"sat", b"sun")
_PERIODS = {"hourly": 60, "daily": 1440, "weekly": 10_080, "monthly": 43_200, "yearly": 525_600}
_MINUTES_IN_A_DAY = 1440
_DIGITS = 9
_HEAD = 512 << 10
"""Bytes of a page in which it names its feeds; some markup takes quadratic time to read."""
_EMPTY = "an entry without title and text"
_FEED_TYPE = re.compile(
    r"application/(?:rss|atom|rdf|feed)\+(?:xml|json)|(?:application|text)/(?:rss|xml)$"
)
_FEED_LINK = re.compile(
    r"(?:/(?:rss|feed|atom|feeds)(?:[/._-]|$))|\.(?:rss|atom|rdf)$|[?&]feed=", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of a feed: the name that stays its own while it changes, and what it says."""

    key: str
    document: Document

    @property
    def is_link(self) -> bool:
        """Whether it says nothing but where its article is."""
        return _is_empty(self.document)


@dataclass(frozen=True, slots=True)
class Feed:
    """What a feed says of itself, and its entries in its order.

    site: the address of the page that it belongs to. pause: minutes for which it need not be asked
    again, as it says (ttl, or how often it is made); 0 if it does not. skip_hours: hours of the
    day, in UTC, in which it does not change; skip_days: days of the week, Monday being 0. problem:
    what is wrong with it although it can be read; rejected: entries that cannot.
    """

    title: str
    site: str
    entries: tuple[Entry, ...]
    rejected: tuple[Rejected, ...] = ()
    pause: int = 0
    skip_hours: frozenset[int] = frozenset()
    skip_days: frozenset[int] = frozenset()
    problem: str = ""


class FeedReader:
    """Each entry is an article; its text is the full content where the feed gives it, else the
    summary."""

    format = "feed"
    is_binary = False

    def recognises(self, head: bytes) -> bool:
        return root_element(head) in ("rss", "feed", "rdf")

    def read(self, raw: RawInput) -> Iterator[Document | Rejected]:
        parsed = _parsed(raw.read())
        if not parsed.entries:
            reason = parsed.get("bozo_exception") if parsed.get("bozo") else None
            raise UnreadableFile(
                raw.name, f"a feed without entries{f' ({reason})' if reason else ''}"
            )
        for number, entry in enumerate(parsed.entries, 1):
            document = _document(Origin(raw.name, number), parsed.feed, entry)
            yield Rejected(document.origin, _EMPTY) if _is_empty(document) else document


def _parsed(data: bytes, **headers: str) -> Any:
    import feedparser

    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        # Where nothing but its mark says so, feedparser takes it for something else.
        data = _DECLARATION.sub("", data.decode("utf-16", "replace")).encode("utf-8", "replace")
    # Long blanks take feedparser quadratic time. Of bytes it would read a short line as the name of
    # a file.
    return feedparser.parse(BytesIO(_BLANKS.sub(b"\n", data)), response_headers=headers)


def read_feed(data: bytes, url: str, content_type: str = "") -> Feed:
    """The feed in `data`, fetched from `url`: RSS, Atom, RDF or JSON Feed. Raises UnreadableFile
    for what is none."""
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
        raise UnreadableFile(
            url, f"a feed that cannot be read ({type(error).__name__}: {str(error)[:80]})"
        ) from error
    if not parsed.entries and not parsed.get("version"):
        raise UnreadableFile(url, "no feed")
    documents = [_document(origin, parsed.feed, entry) for entry in parsed.entries]
    keys = [str(entry.get("id") or "") for entry in parsed.entries]
    feed = _feed(
        plain_text(parsed.feed.get("title") or ""),
        parsed.feed.get("link") or "",
        documents,
        keys,
        url,
    )
    problem = str(parsed.get("bozo_exception") or "")[:200] if parsed.get("bozo") else ""
    ttl = str(parsed.feed.get("ttl") or "")[:_DIGITS]
    often = str(parsed.feed.get("sy_updatefrequency") or "1")[:_DIGITS]
    period = _PERIODS.get(str(parsed.feed.get("sy_updateperiod") or "").strip().lower(), 0)
    pause = (
        int(ttl) if ttl.isdecimal() else period // max(int(often) if often.isdecimal() else 1, 1)
    )
    head = data[: at.start() if (at := _HEAD_ENDS.search(data)) else len(data)]
    return replace(
        feed,
        pause=min(pause, _MINUTES_IN_A_DAY),
        skip_hours=frozenset(hour % 24 for hour in _skipped(head, _SKIP_HOURS, _HOUR, int)),
        skip_days=frozenset(_skipped(head, _SKIP_DAYS, _DAY, lambda day: _DAYS.index(day.lower()))),
        problem=clean_line(problem),
    )


def _skipped(
    head: bytes, block: re.Pattern[bytes], item: re.Pattern[bytes], number: Callable[[bytes], int]
) -> Iterator[int]:
    for found in item.findall(inner[1] if (inner := block.search(head)) else b""):
        with suppress(ValueError):
            yield number(found)


def _json_feed(data: bytes) -> dict[str, Any] | None:
    start = data.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not start.startswith(b"{"):
        return None
    try:
        # Half of a character pair, as cut-off strings have, is no text.
        sound = json.dumps(json.loads(start), ensure_ascii=False).encode("utf-16", "surrogatepass")
        found = json.loads(sound.decode("utf-16", "replace"))
    except (ValueError, RecursionError):
        return None
    return found if is_feed(found) else None


def _feed(
    title: str, site: str, found: Sequence[Document | Rejected], keys: Sequence[str], url: str
) -> Feed:
    """A feed of these documents. An entry without a name of its own goes by its address, else by
    its content."""
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
            document, url=_joined(url, document.url), image=_joined(url, document.image)
        )
        mark = short_hash(
            "\n".join((document.headline, document.url, document.text, *document.paragraphs))
        )
        key = key or document.given_id or document.url or mark
        if counts[key] > 1:
            # Some feeds call all of their entries the same.
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


def _joined(base: str, address: str) -> str:
    try:
        return urljoin(base, address.strip()) if address else ""
    except ValueError:
        return ""


def feed_addresses(page: bytes, url: str) -> tuple[str, ...]:
    """The addresses of the feeds that a web page names, the most likely first; those of comments
    come last."""
    soup = soup_of(decode(page[:_HEAD], "")[0])
    found: dict[str, str] = {}
    for element in soup(["link", "a"]):
        href, kind = element.get("href"), str(element.get("type") or "").lower()
        named = "alternate" in element.get_attribute_list("rel") and _FEED_TYPE.search(kind)
        plain = element.name == "a" and isinstance(href, str) and _FEED_LINK.search(href)
        if isinstance(href, str) and (named or plain) and (address := canonical_url(href, url)):
            found.setdefault(
                _joined(url, href), f"{'0' if named else '1'}{element.get('title') or ''} {address}"
            )
    return tuple(sorted(found, key=lambda one: (found[one][0], "comment" in found[one].lower())))


def _is_empty(document: Document) -> bool:
    return not (document.headline or document.text or document.paragraphs)


def _document(origin: Origin, feed: Any, entry: Any) -> Document:
    contents = [content.get("value") or "" for content in entry.get("content", [])]
    body = max([*contents, entry.get("summary") or ""], key=len)
    headline = entry.get("title") or ""
    language = next((content.get("language") or "" for content in entry.get("content", [])), "")
    guid = entry.get("id") or ""
    markup = paragraphs_of(body)
    return Document(
        origin,
        FeedReader.format,
        headline=plain_text(headline),
        text="" if markup else body.strip(),
        paragraphs=markup,
        url=entry.get("link") or (guid if guid.startswith(("http://", "https://")) else ""),
        authors=tuple(author["name"] for author in entry.get("authors", []) if author.get("name")),
        source=(entry.get("source") or {}).get("title") or feed.get("title") or "",
        section=next((tag.get("term") or "" for tag in entry.get("tags", [])), ""),
        language=language or feed.get("language") or "",
        dates=(("feed", entry["published"]),) if entry.get("published") else (),
        # Past feedparser's own get, which takes the date of publication for a missing one of
        # update.
        updates=(("feed", updated),) if (updated := dict.get(entry, "updated")) else (),
        image=_picture(entry),
    )


def _picture(entry: Any) -> str:
    """The address of the first picture that goes with an entry."""
    pictures = [
        *entry.get("media_content", []),
        *entry.get("enclosures", []),
        *entry.get("media_thumbnail", []),
    ]
    for one in pictures:
        kind = one.get("medium") or one.get("type") or "image"
        if kind.startswith("image") and (address := one.get("url") or one.get("href")):
            return str(address)
    return ""
