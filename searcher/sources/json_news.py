"""JSON of two known shapes: JSON Feed (jsonfeed.org) and ninjs of the IPTC, versions 1 to 3."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Iterator
from typing import Any

from searcher.article import Document
from searcher.article import Origin
from searcher.article import Rejected
from searcher.sources.markup import paragraphs_of
from searcher.sources.markup import plain_text

_FEED = "https://jsonfeed.org/version/"
_NINJS = frozenset(("versioncreated", "versioned", "body_text", "body_xhtml", "bodies", "headlines", "pubstatus"))
_TEXTUAL = ("text", "composite", "")

Object = dict[str, Any]


def is_feed(data: Any) -> bool:
    """Whether a JSON value is a JSON Feed."""
    version = data.get("version") if isinstance(data, dict) else None
    return isinstance(version, str) and version.startswith(_FEED) and isinstance(data.get("items"), list)


def feed_documents(data: Object, name: str) -> Iterator[Document | Rejected]:
    """The items of a JSON Feed."""
    for number, item in enumerate(data["items"], 1):
        origin = Origin(name, number)
        yield (
            _feed_item(origin, data, item) if isinstance(item, dict) else Rejected(origin, "an item that is no object")
        )


def _feed_item(origin: Origin, feed: Object, item: Object) -> Document | Rejected:
    html, text = _text(item.get("content_html")), _text(item.get("content_text")) or _text(item.get("summary"))
    headline = plain_text(_text(item.get("title")))
    paragraphs = paragraphs_of(html)
    if not headline and not paragraphs and not html and not text:
        return Rejected(origin, "an item without title and text")
    authors = _objects(item.get("authors")) or _objects(item.get("author")) or _objects(feed.get("authors"))
    identifier = _text(item.get("id"))
    return Document(
        origin,
        "jsonfeed",
        headline=headline,
        text="" if paragraphs else html or text,
        paragraphs=paragraphs,
        given_id="" if identifier.startswith(("http://", "https://")) else identifier,
        url=_text(item.get("url")) or _text(item.get("external_url")) or identifier,
        authors=tuple(_text(author.get("name")) for author in authors if author.get("name")),
        source=_text(feed.get("title")),
        section=next(iter(_strings(item.get("tags"))), ""),
        language=_text(item.get("language")) or _text(feed.get("language")),
        dates=_dated("jsonfeed", item.get("date_published")),
        updates=_dated("jsonfeed", item.get("date_modified")),
        image=_text(item.get("image")) or _text(item.get("banner_image")),
    )


def is_ninjs(item: Any) -> bool:
    """Whether a JSON object is of the shape of ninjs."""
    return isinstance(item, dict) and isinstance(item.get("uri"), str) and not _NINJS.isdisjoint(item)


def ninjs_document(origin: Origin, item: Object) -> Document | Rejected:
    """The article of a ninjs object; pictures, videos and events are none."""
    if _text(item.get("type")) not in _TEXTUAL:
        return Rejected(origin, f"a ninjs {_text(item.get('type'))}, not a text")
    headline = plain_text(_text(item.get("headline")) or _roled(item.get("headlines"), "main", "headline"))
    body = _text(item.get("body_xhtml")) or _text(item.get("body_text")) or _roled(item.get("bodies"), "main", "body")
    paragraphs = paragraphs_of(body)
    if not headline and not body.strip():
        return Rejected(origin, "a ninjs object without headline and text")
    uri, url = _text(item.get("uri")), _text(item.get("url"))
    people = [*_objects(item.get("person")), *_objects(item.get("people"))]
    by = _text(item.get("byline"))
    return Document(
        origin,
        "ninjs",
        headline=headline,
        text="" if paragraphs else body,
        paragraphs=paragraphs,
        given_id=uri,
        url=url or (uri if uri.startswith(("http://", "https://")) else ""),
        authors=(by,)
        if by
        else tuple(_text(one.get("name")) for one in people if "creator" in str(one.get("rel", ""))),
        source=_first_name(item.get("infosources")) or _text(item.get("copyrightholder")),
        section=_first_name(item.get("subject") or item.get("subjects")),
        language=_text(item.get("language")),
        dates=(*_dated("ninjs", item.get("firstcreated")), *_dated("ninjs", item.get("contentcreated"))),
        updates=_dated("ninjs", item.get("versioncreated")),
        agency=_text(item.get("creditline")),
        dateline=_text(item.get("located")) or _text(item.get("dateline")),
    )


def _roled(values: Any, *roles: str) -> str:
    """The value with one of these roles, else the first: ninjs 2 and 3 have lists of headlines and bodies."""
    found = _objects(values)
    chosen = next((one for one in found if _text(one.get("role")) in roles), found[0] if found else {})
    return _text(chosen.get("value"))


def _first_name(values: Any) -> str:
    return next((_text(one.get("name")) for one in _objects(values) if one.get("name")), "")


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _strings(values: Any) -> list[str]:
    return [value for value in values if isinstance(value, str)] if isinstance(values, list) else []


def _objects(values: Any) -> list[Object]:
    found: Iterable[Any] = values if isinstance(values, list) else [values]
    return [value for value in found if isinstance(value, dict)]


def _dated(where: str, value: Any) -> tuple[tuple[str, str], ...]:
    return ((where, value),) if isinstance(value, str) and value else ()
