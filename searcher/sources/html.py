"""Saved web pages. Each is parsed once: the body comes from the page's blocks (page.body), the
metadata from its head and markup (page.metadata)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from bs4.dammit import EncodingDetector
from lxml.etree import ParserError

from searcher.article import Document, Origin, Rejected
from searcher.sources.markup import root_element, without_endless_tags
from searcher.sources.page.metadata import Metadata, read_metadata
from searcher.sources.page.outline import parse_page
from searcher.sources.page.state_facts import StateFacts
from searcher.sources.page.text import PageText, text_of
from searcher.sources.protocol import RawInput
from searcher.sources.saved_pages import answer_before, saved_page
from searcher.text.encoding import decode

_ROOTS = frozenset(
    "html head body title meta link base style script noscript article main section header nav "
    "aside footer div p h1 h2"
    " h3 h4 h5 h6 span table ul ol dl blockquote figure center hr address amp-story".split()
)
"""First elements that make a file a page."""

_INLINE_ROOTS = frozenset(
    "a b i em strong u font small img br time picture form label button iframe svg".split()
)
"""First elements that make a file a page if a block element follows. A text can begin with them."""

_BLOCK = re.compile(rb"<(?:html|body|div|p|br|article|h1)\b", re.IGNORECASE)


class HtmlReader:
    """One article; with a server's answer in front of the page, its date and encoding are used, and
    the address and date that browsers and SingleFile write into pages that they save."""

    format = "html"
    is_binary = False

    def recognises(self, head: bytes) -> bool:
        head = answer_before(head)[1]
        root = root_element(head)
        return root in _ROOTS or (root in _INLINE_ROOTS and bool(_BLOCK.search(head)))

    def read(self, raw: RawInput) -> Iterator[Document | Rejected]:
        saved = saved_page(raw.read())
        origin = Origin(raw.name)
        if saved.status not in ("", "200"):
            yield Rejected(origin, f"not a page: the server answered {saved.status}")
            return
        yield read_page(saved.page, origin, saved.address, saved.charset, saved.seen)


def read_page(
    data: bytes,
    origin: Origin,
    address: str = "",
    charset: str = "",
    seen: datetime | None = None,
    format: str = "html",
) -> Document | Rejected:
    """Return the article on a page, or the reason why there is none.

    address: the URL from which the page was fetched; "" if unknown.
    charset: the encoding that its server stated; "" for none.
    seen: when it was fetched; None if unknown.
    format: the format of the file that it is in.
    """
    within = EncodingDetector.find_declared_encoding(
        data, is_html=True, search_entire_document=False
    )
    html = without_endless_tags(decode(data, charset or within or "")[0])
    try:
        tree = parse_page(html)
    except ParserError:
        return Rejected(origin, "a page without elements")
    meta = read_metadata(tree, address, seen is not None)
    text = text_of(html, tree, meta)
    meta = _with_writer(_with_facts(meta, text.facts), text.writers)
    if not text.paragraphs and not meta.headline:
        return Rejected(origin, "a page without headline and text")
    found = {"body": text.where}
    found |= {"paywalled": "text"} if text.walled else {}
    found |= {"kind": "captions"} if text.is_gallery else {}
    found |= {"kind": "times"} if text.is_running else {}
    return Document(
        origin,
        format,
        headline=meta.headline,
        paragraphs=text.paragraphs,
        url=meta.url or address,
        authors=meta.authors,
        agency=meta.agency or text.agency,
        source=meta.source,
        section=meta.section,
        language=meta.language,
        dates=meta.dates,
        updates=meta.updates,
        image=meta.image,
        paywalled=meta.paywalled or text.walled,
        kind=meta.kind or ("gallery" if text.is_gallery else "live" if text.is_running else ""),
        seen=seen,
        found={**found, **meta.found},
        stated={**meta.stated, "body": _other_bodies(text, meta)},
    )


def _other_bodies(text: PageText, meta: Metadata) -> tuple[tuple[str, str], ...]:
    """Return the text that JSON-LD has, where the body is from elsewhere on the page."""
    return (("json-ld", meta.body),) if meta.body and text.where != "json-ld" else ()


def _with_facts(meta: Metadata, facts: StateFacts) -> Metadata:
    """Return the metadata of a page, with what only the state of its scripts says."""
    found = dict(meta.found)
    weak = found.get("headline", "title") == "title"
    if weak and facts.headline:
        found["headline"] = "state"
    if not meta.authors and facts.authors:
        found["authors"] = "state"
    return replace(
        meta,
        headline=facts.headline if weak and facts.headline else meta.headline,
        authors=meta.authors or facts.authors,
        dates=(*meta.dates, *facts.dates),
        found=found,
    )


def _with_writer(meta: Metadata, names: tuple[str, ...]) -> Metadata:
    """Return the metadata of a page with the names under its text, if nothing else has any."""
    if meta.authors or not names:
        return meta
    return replace(meta, authors=names, found={**meta.found, "authors": "signature"})


def headline_of_page(data: bytes) -> str:
    """Return the headline of a page; "" if it has none."""
    found = read_page(data, Origin("page"))
    return found.headline if isinstance(found, Document) else ""
