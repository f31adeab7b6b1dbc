"""NITF, the News Industry Text Format of the IPTC."""

from __future__ import annotations

from collections.abc import Iterator

from lxml.etree import _Element

from searcher.article import Document, Origin, Rejected
from searcher.sources.markup import root_element
from searcher.sources.protocol import RawInput
from searcher.sources.xml import (
    all_named,
    first_line,
    first_named,
    line_of,
    paragraphs_in,
    parse_xml,
)
from searcher.text.agencies import agency_named


class NitfReader:
    """One article: headline (hl1), byline and dateline from body.head, paragraphs from
    body.content, dates from docdata."""

    format = "nitf"
    is_binary = False

    def recognises(self, head: bytes) -> bool:
        return root_element(head) == "nitf"

    def read(self, raw: RawInput) -> Iterator[Document | Rejected]:
        yield nitf_document(parse_xml(raw.read(), raw.name), Origin(raw.name), self.format)


def nitf_document(root: _Element, origin: Origin, format: str) -> Document | Rejected:
    """Return the article of a nitf element.

    format: the format of the file that it is in.
    """
    head, content = first_named(root, "body.head"), first_named(root, "body.content")
    headline = first_line(head, "hl1") or first_line(root, "title")
    paragraphs = paragraphs_in(content)
    if not headline and not paragraphs:
        return Rejected(origin, "a nitf element without headline and text")
    issued, released = first_named(root, "date.issue"), first_named(root, "date.release")
    publication = first_named(root, "pubdata")
    story = next(all_named(root, "story.date"), None)
    stated = [
        element.get("norm") or line_of(element)
        for element in (issued, released, story)
        if element is not None
    ]
    printed = publication.get("date.publication") if publication is not None else None
    identifier = first_named(root, "doc-id")
    dateline = first_named(head, "dateline")
    return Document(
        origin,
        format,
        headline=headline,
        paragraphs=paragraphs,
        given_id=(identifier.get("id-string") or "") if identifier is not None else "",
        url=(publication.get("ex-ref") or "") if publication is not None else "",
        authors=tuple(
            name
            for element in (all_named(head, "byline") if head is not None else ())
            for name in _byline(element)
        ),
        source=first_line(head, "distributor")
        or ((publication.get("name") or "") if publication is not None else ""),
        section=(publication.get("position.section") or "") if publication is not None else "",
        language=root.get("{http://www.w3.org/XML/1998/namespace}lang") or "",
        dates=tuple(("nitf", text) for text in (*stated, printed) if text),
        agency=agency_named(first_line(root, "tagline").strip(" ()[]©")),
        dateline=first_line(dateline, "location") or line_of(dateline),
    )


def _byline(element: _Element) -> list[str]:
    """Return the persons in a byline, else its text."""
    names = [name for person in all_named(element, "person") if (name := line_of(person))]
    # byttl is the author's title.
    return names or [line_of(element).removesuffix(first_line(element, "byttl")).strip()]
