"""NewsML-G2 of the IPTC: a newsItem, or a newsMessage of several."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Iterator

from lxml.etree import _Element

from searcher.article import Document, Origin, Rejected
from searcher.errors import UnreadableFile
from searcher.sources.json_news import WITHDRAWN
from searcher.sources.markup import paragraphs_of, root_element
from searcher.sources.nitf import nitf_document
from searcher.sources.protocol import RawInput
from searcher.sources.xml import (
    all_named,
    first_line,
    first_named,
    line_of,
    local_name,
    paragraphs_in,
    parse_xml,
)
from searcher.text.encoding import decode


class NewsmlReader:
    """Each newsItem with text is an article; pictures, videos and packages are skipped."""

    format = "newsml"
    is_binary = False

    def recognises(self, head: bytes) -> bool:
        return root_element(head) in ("newsmessage", "newsitem")

    def read(self, raw: RawInput) -> Iterator[Document | Rejected]:
        root = parse_xml(raw.read(), raw.name)
        items = list(all_named(root, "newsitem"))
        if not items:
            raise UnreadableFile(raw.name, "a news message without news items")
        for number, item in enumerate(items, 1):
            if _code(first_named(item, "itemclass")) in ("", "text", "composite"):
                yield _document(item, Origin(raw.name, number))


def _document(item: _Element, origin: Origin) -> Document | Rejected:
    about, content = first_named(item, "contentmeta"), first_named(item, "contentset")
    management = first_named(item, "itemmeta")
    if (status := _code(first_named(management, "pubstatus"))) in WITHDRAWN:
        return Rejected(origin, f"a news item that is {status}")
    headline, paragraphs = _headline(about), _paragraphs(content, origin)
    if not headline and not paragraphs:
        return Rejected(origin, "a news item without headline and text")
    language = first_named(about, "language")
    return Document(
        origin,
        NewsmlReader.format,
        headline=headline,
        paragraphs=paragraphs,
        given_id=item.get("guid") or "",
        url=_address(item),
        authors=tuple(_authors(about)),
        source=_name(first_named(management, "provider")),
        section=_name(first_named(about, "subject")),
        language=(language.get("tag") or "") if language is not None else "",
        dates=tuple(
            ("newsml", text)
            for text in _dates(about, management, ("contentcreated", "firstcreated"))
        ),
        updates=tuple(
            ("newsml", text)
            for text in _dates(about, management, ("contentmodified", "versioncreated"))
        ),
        agency=first_line(about, "creditline"),
        dateline=first_line(first_named(about, "located"), "name")
        or first_line(about, "located", "dateline"),
    )


def _authors(about: _Element | None) -> Iterator[str]:
    """Yield the bylines, or the creators if there is no byline."""
    if about is not None:
        bylines = [line_of(element) for element in all_named(about, "by")]
        yield from bylines or (_name(element) for element in all_named(about, "creator"))


def _name(element: _Element | None) -> str:
    """Return the first name of a provider, subject or creator, else its text, else its code."""
    own = (
        next((one for one in element if local_name(one) == "name"), None)
        if element is not None
        else None
    )
    return (
        line_of(own)
        or (line_of(element) if element is not None and not len(element) else "")
        or _code(element)
    )


def _headline(about: _Element | None) -> str:
    """Return the headline: of several the main one, else the one without a role."""
    found = [
        element
        for element in (all_named(about, "headline") if about is not None else ())
        if line_of(element)
    ]
    roles = [(element.get("role") or "").rpartition(":")[2].lower() for element in found]
    at = next((roles.index(role) for role in ("main", "title", "") if role in roles), 0)
    return line_of(found[at]) if found else ""


def _paragraphs(content: _Element | None, origin: Origin) -> tuple[str, ...]:
    """Return the paragraphs of an item's content: NITF, XHTML, or text in an inlineData element."""
    if content is None:
        return ()
    nitf = first_named(content, "nitf")
    if nitf is not None:
        found = nitf_document(nitf, origin, NewsmlReader.format)
        return found.paragraphs if isinstance(found, Document) else ()
    inline = first_named(content, "inlinexml")
    if inline is not None:
        body = first_named(inline, "body")
        return paragraphs_in(inline if body is None else body)
    data = first_named(content, "inlinedata")
    text = _inline(data) if data is not None else ""
    return paragraphs_of(text) or tuple(part.strip() for part in text.split("\n\n") if part.strip())


def _dates(
    about: _Element | None, management: _Element | None, names: tuple[str, str]
) -> list[str]:
    """Return the dates that the content states, then those of the item's management.

    names: the element of each of the two.
    """
    return [
        text for text in (first_line(about, names[0]), first_line(management, names[1])) if text
    ]


def _inline(data: _Element) -> str:
    """Return the text of an inlineData element, which can be in base64; "" for invalid base64."""
    text = "".join(data.itertext())
    if not (data.get("encoding") or "").lower().endswith("base64"):
        return text
    try:
        return decode(b64decode(text))[0]
    except ValueError:
        return ""


def _code(element: _Element | None) -> str:
    """Return the last part of a literal, qcode or URI: "text" of "ninat:text"."""
    if element is None:
        return ""
    stated = element.get("literal") or element.get("qcode") or element.get("uri") or ""
    return stated.rpartition("/")[2].rpartition(":")[2]


def _address(item: _Element) -> str:
    """Return the first web address that the item links to; "" for none."""
    links = (element.get("href") or "" for element in all_named(item, "link", "seealso"))
    return next((link for link in links if link.startswith(("http://", "https://"))), "")
