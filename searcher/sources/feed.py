"""RSS and Atom files, by feedparser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from searcher.article import Document
from searcher.article import Origin
from searcher.article import Rejected
from searcher.errors import UnreadableFile
from searcher.protocols import RawInput
from searcher.sources.markup import paragraphs_of
from searcher.sources.markup import plain_text
from searcher.sources.markup import root_element

_BLANKS = re.compile(rb"\s{64,}")


class FeedReader:
    """Each entry is an article; its text is the full content where the feed gives it, else the summary."""

    format = "feed"

    def recognises(self, head: bytes) -> bool:
        return root_element(head) in ("rss", "feed", "rdf")

    def read(self, raw: RawInput) -> Iterator[Document | Rejected]:
        import feedparser

        # Long blanks take feedparser quadratic time.
        parsed = feedparser.parse(_BLANKS.sub(b"\n", raw.read()))
        if not parsed.entries:
            reason = parsed.get("bozo_exception") if parsed.get("bozo") else None
            raise UnreadableFile(raw.name, f"a feed without entries{f' ({reason})' if reason else ''}")
        for number, entry in enumerate(parsed.entries, 1):
            yield _document(Origin(raw.name, number), parsed.feed, entry)


def _document(origin: Origin, feed: Any, entry: Any) -> Document | Rejected:
    contents = [content.get("value") or "" for content in entry.get("content", [])]
    body = max([*contents, entry.get("summary") or ""], key=len)
    headline = entry.get("title") or ""
    if not headline.strip() and not body.strip():
        return Rejected(origin, "an entry without title and text")
    language = next((content.get("language") or "" for content in entry.get("content", [])), "")
    guid = entry.get("id") or ""
    markup = paragraphs_of(body)
    return Document(
        origin,
        FeedReader.format,
        headline=plain_text(headline),
        text="" if markup else body,
        paragraphs=markup,
        url=entry.get("link") or (guid if guid.startswith(("http://", "https://")) else ""),
        authors=tuple(author["name"] for author in entry.get("authors", []) if author.get("name")),
        source=(entry.get("source") or {}).get("title") or feed.get("title") or "",
        section=next((tag.get("term") or "" for tag in entry.get("tags", [])), ""),
        language=language or feed.get("language") or "",
        dates=(("feed", entry["published"]),) if entry.get("published") else (),
        # Past feedparser's own get, which takes the date of publication for a missing one of update.
        updates=(("feed", updated),) if (updated := dict.get(entry, "updated")) else (),
        image=_picture(entry),
    )


def _picture(entry: Any) -> str:
    """The address of the first picture that goes with an entry."""
    pictures = [*entry.get("media_content", []), *entry.get("enclosures", []), *entry.get("media_thumbnail", [])]
    for one in pictures:
        kind = one.get("medium") or one.get("type") or "image"
        if kind.startswith("image") and (address := one.get("url") or one.get("href")):
            return str(address)
    return ""
