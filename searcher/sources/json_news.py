"""JSON of two standards: JSON Feed (jsonfeed.org) and ninjs of the IPTC, versions 1 to 3."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from searcher.article import Document, Origin, Rejected
from searcher.sources.markup import paragraphs_of, plain_text
from searcher.sources.outlets import outlet_of

_FEED = re.compile(r"https?://(?:www\.)?jsonfeed\.org/version/")
_NINJS = frozenset(
    "standard $standard representationtype profile firstcreated versioncreated contentcreated "
    "pubstatus urgency ednote"
    " usageterms copyrightholder copyrightnotice body_text body_xhtml bodies headlines infosource "
    "infosources byline by"
    " located slugline renditions associations".split()
)
"""Names of ninjs, in lower case, that other JSON seldom has."""

_FEWEST_OF_NINJS = 2
"""Minimum number of such names, besides `uri`, that makes an object ninjs."""

_TYPES = (
    "text",
    "composite",
    "picture",
    "video",
    "audio",
    "graphic",
    "planning",
    "component",
    "event",
)
"""The values of `type` in ninjs."""

_TEXTUAL = ("text", "composite", "")
"""The types with a text; "" if there is no type."""

WITHDRAWN = ("canceled", "cancelled", "withheld")
"""The values of pubStatus with which an agency withdraws an item."""

Object = dict[str, Any]


def is_feed(data: Any) -> bool:
    """Return whether a JSON value is a JSON Feed."""
    version = data.get("version") if isinstance(data, dict) else None
    return (
        isinstance(version, str)
        and bool(_FEED.match(version))
        and isinstance(data.get("items"), list)
    )


def feed_documents(data: Object, name: str) -> Iterator[Document | Rejected]:
    """Yield the items of a JSON Feed. name: the file or address that it came from."""
    for number, item in enumerate(data["items"], 1):
        origin = Origin(name, number)
        yield (
            _feed_item(origin, data, item)
            if isinstance(item, dict)
            else Rejected(origin, "an item that is not an object")
        )


def _feed_item(origin: Origin, feed: Object, item: Object) -> Document | Rejected:
    html, text = (
        _text(item.get("content_html")),
        _text(item.get("content_text")) or _text(item.get("summary")),
    )
    headline = plain_text(_text(item.get("title")))
    paragraphs = paragraphs_of(html)
    if not headline and not paragraphs and not html and not text:
        return Rejected(origin, "an item without title and text")
    authors = (
        _objects(item.get("authors"))
        or _objects(item.get("author"))
        or _objects(feed.get("authors"))
    )
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
        source=outlet_of(_text(feed.get("title")), _text(feed.get("home_page_url"))),
        section=next(iter(_strings(item.get("tags"))), ""),
        language=_text(item.get("language")) or _text(feed.get("language")),
        dates=_dated("jsonfeed", item.get("date_published")),
        updates=_dated("jsonfeed", item.get("date_modified")),
        image=_text(item.get("image")) or _text(item.get("banner_image")),
    )


def is_ninjs(item: Any) -> bool:
    """Return whether a JSON value is ninjs, of any version.

    Versions 1 and 2 write names in lower case, 3 does not.
    """
    if not isinstance(item, dict) or not isinstance(item.get("uri"), str):
        return False
    named = sum(key.lower() in _NINJS for key in item) + (item.get("type") in _TYPES)
    return named >= _FEWEST_OF_NINJS


def ninjs_document(origin: Origin, item: Object) -> Document | Rejected:
    """Return the article of a ninjs object.

    Rejected for a picture, video or event, for a withdrawn item, and for one without text.
    """
    item = {key.lower(): value for key, value in item.items()}
    kind, status = _text(item.get("type")), _text(item.get("pubstatus")).rpartition(":")[2]
    if kind not in _TEXTUAL:
        return Rejected(origin, f"a ninjs {kind}, not a text")
    if status in WITHDRAWN:
        return Rejected(origin, f"a ninjs object that is {status}")
    headline, body = _ninjs_text(item)
    paragraphs = paragraphs_of(body)
    if not headline and not body.strip():
        return Rejected(origin, "a ninjs object without headline and text")
    uri, url = _text(item.get("uri")), _text(item.get("url"))
    people = [*_objects(item.get("person")), *_objects(item.get("people"))]
    by = _text(item.get("byline")) or _text(item.get("by"))
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
        else tuple(
            _text(one.get("name")) for one in people if "creator" in str(one.get("rel", ""))
        ),
        source=_first_name(item.get("infosource") or item.get("infosources"))
        or _text(item.get("copyrightholder")),
        section=_first_name(item.get("subject") or item.get("subjects")),
        language=_text(item.get("language")),
        dates=(
            *_dated("ninjs", item.get("firstcreated")),
            *_dated("ninjs", item.get("contentcreated")),
        ),
        updates=_dated("ninjs", item.get("versioncreated")),
        agency=_text(item.get("creditline")),
        dateline=_text(item.get("located")) or _text(item.get("dateline")),
        image=_picture(item),
    )


def _ninjs_text(item: Object) -> tuple[str, str]:
    """Return the headline and the body, with or without markup, of a ninjs object."""
    headline = _text(item.get("headline")) or _roled(item.get("headlines"), "main", "headline")
    headline = plain_text(headline or _text(item.get("title")))
    body = _text(item.get("body_xhtml")) or _text(item.get("body_text"))
    body = (
        body
        or _roled(item.get("bodies"), "main", "body", "html", "text")
        or _text(item.get("body"))
    )
    body = (
        body or _text(item.get("description_text")) or _roled(item.get("descriptions"), "summary")
    )
    return headline, body


def _roled(values: Any, *roles: str) -> str:
    """Return the value with the first of these roles that occurs, else the first value.

    ninjs 2 and 3 have lists of headlines and bodies with roles.
    """
    by_role: dict[str, str] = {}
    for one in _objects(values):
        by_role.setdefault(_text(one.get("role")).rpartition(":")[2], _text(one.get("value")))
    return next((by_role[role] for role in (*roles, "", *by_role) if by_role.get(role)), "")


def _picture(item: Object) -> str:
    """Return the address of the first picture of a text; "" for none.

    In ninjs 1 the associated items are an object by name, in later versions a list.
    """
    for other in _members(item.get("associations")):
        if _text(other.get("type")) in ("picture", "graphic"):
            addresses = [_text(one.get("href")) for one in _members(other.get("renditions"))]
            if found := next((address for address in addresses if address), ""):
                return found
    return ""


def _members(value: Any) -> list[Object]:
    """Return the objects in a list, or among the values of an object."""
    return _objects(list(value.values()) if isinstance(value, dict) else value)


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
