"""Entries of a feed as documents.

An entry is the article that it is about: its own text without the boilerplate of an aggregator, and
the address of the page that the aggregator links to.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from searcher.article import Document, Origin, short_hash
from searcher.sources.feed_links import joined
from searcher.sources.markup import paragraphs_of, plain_text
from searcher.sources.outlets import outlet_of
from searcher.sources.page.titles import SEPARATOR
from searcher.text.bylines import plain
from searcher.text.urls import address_key, domain

_LINKED = re.compile(
    r"<a\s[^>]{0,300}?href=[\"']([^\"'<>]{1,2000})[\"'][^>]{0,300}>\s*\[link\]\s*</a>", re.I
)
"""The link of an aggregator to the page that an entry is about."""
_BOILERPLATE = re.compile(
    r"(?:submitted by\s+\S{1,80}|\[(?:link|comments)\]|comments?|\d{1,6} comments?|"
    r"(?:article|comments) url:\s*\S{1,2000}|points:\s*\d{1,6}|# comments:\s*\d{1,6}|"
    r"read (?:more|full story|the full (?:story|article))\W*|continue reading\W*|"
    r"weiterlesen\W*|lire la suite\W*|leer más\W*|\s)+",
    re.IGNORECASE,
)
"""A paragraph that an aggregator or a content system puts below each entry."""
_LONGEST_BOILERPLATE = 300
"""Maximum length of such a paragraph, in characters. It bounds the time."""
_MEDIA = ("audio", "video")
"""Media types of episodes."""


def document_of(origin: Origin, feed: Any, entry: Any, format: str) -> Document:
    """Return an entry that feedparser found as a document. feed: what it found of the feed."""
    contents = [content.get("value") or "" for content in entry.get("content", [])]
    body = max([*contents, entry.get("summary") or ""], key=len)
    language = next((content.get("language") or "" for content in entry.get("content", [])), "")
    markup = tuple(text for text in paragraphs_of(body) if not _is_boilerplate(text))
    text = "" if markup or _is_boilerplate(plain_text(body)) else body.strip()
    captions = tuple(one for one in _captions(entry, contents) if one not in body)
    if captions and text:
        markup, text = (plain_text(text),), ""
    address = _address(feed, entry, body)
    own = feed.get("title") or ""
    stated = (entry.get("source") or {}).get("title") or outlet_of(own, feed.get("link") or address)
    return Document(
        origin,
        format,
        headline=without_source(plain_text(entry.get("title") or ""), (stated, own)),
        text=text,
        paragraphs=(*markup, *captions),
        url=address,
        authors=tuple(author["name"] for author in entry.get("authors", []) if author.get("name")),
        source=stated,
        section=next((tag.get("term") or "" for tag in entry.get("tags", [])), ""),
        language=language or feed.get("language") or "",
        dates=(("feed", entry["published"]),) if entry.get("published") else (),
        # feedparser's own `get` returns the date of publication for a missing date of update.
        updates=(("feed", updated),) if (updated := dict.get(entry, "updated")) else (),
        image=_picture(entry),
    )


def _is_boilerplate(text: str) -> bool:
    """Return whether a paragraph is an aggregator's."""
    return len(text) <= _LONGEST_BOILERPLATE and bool(_BOILERPLATE.fullmatch(text))


def _address(feed: Any, entry: Any, body: str) -> str:
    """Return the address of the article that an entry is about; "" for none.

    It is the page that an aggregator's entry links to, else the entry's link, else its identifier,
    else that of its episode.
    """
    guid = entry.get("id") or ""
    own = entry.get("link") or (guid if guid.startswith(("http://", "https://")) else "")
    base = feed.get("link") or ""
    linked = _LINKED.search(body)
    if linked and domain(linked[1]) not in ("", domain(own)):
        return linked[1].replace("&amp;", "&")
    if not own:
        files = (one for one in entry.get("enclosures", []) if one.get("href"))
        own = next(
            (one["href"] for one in files if str(one.get("type") or "").startswith(_MEDIA)), ""
        )
    return joined(base, own) if base else own


def without_source(headline: str, names: Iterable[str]) -> str:
    """Return a headline without the name of its outlet behind a separator."""
    parts = SEPARATOR.split(headline)
    keys = {plain(name) for name in names}
    if len(parts) > 2 and plain(parts[-1]) in keys:
        return "".join(parts[:-2]).strip()
    return headline


def _captions(entry: Any, contents: Iterable[str]) -> Iterator[str]:
    """Yield the descriptions of an entry's pictures and films, which feedparser has as contents."""
    if not any(entry.get(name) for name in ("media_content", "media_thumbnail", "media_text")):
        return
    texts = [*contents, entry.get("summary") or "", entry.get("media_text") or ""]
    for text in dict.fromkeys(map(plain_text, texts)):
        if text and not _is_boilerplate(text):
            yield text


def _picture(entry: Any) -> str:
    """Return the address of an entry's first picture; "" for none."""
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


class Identified:
    """Gives ids to the documents of a feed that share their address with another.

    Entries with one address are one article if they have one identifier, or none and one headline;
    else they are several.
    """

    def __init__(self) -> None:
        self._first: dict[str, tuple[str, str]] = {}
        """By address the identifier and the headline of the first entry with it."""

    def with_id(self, document: Document, key: str) -> Document:
        """Return the document, with an id if it needs one. key: the identifier that the entry
        states."""
        if not document.url:
            return document
        address = address_key(document.url)
        before, headline = self._first.setdefault(address, (key, document.headline))
        same = key == before if key or before else plain(headline) == plain(document.headline)
        given = "" if same else short_hash("\n".join((address, key or document.headline)))
        return replace(document, given_id=given)
