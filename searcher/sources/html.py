"""Saved web pages: parsed once; the body from the page's blocks, what it says about itself from its
head and markup."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from bs4 import Tag
from bs4.dammit import EncodingDetector
from lxml.etree import ParserError, _Element

from searcher.article import Document, Origin, Rejected
from searcher.sources.markup import block_texts, root_element, soup_of, without_endless_tags
from searcher.sources.page.blocks import Block, key_of, outline_of, parse_page
from searcher.sources.page.body import body_of
from searcher.sources.page.captions import captions_of
from searcher.sources.page.exclusion import with_exclusions
from searcher.sources.page.metadata import Metadata, read_metadata
from searcher.sources.page.standfirst import standfirst_of
from searcher.sources.protocol import RawInput
from searcher.text.boilerplate import matches
from searcher.text.cleaning import clean_line, size_of
from searcher.text.dates import parse_date
from searcher.text.encoding import decode

_ROOTS = frozenset(
    "html head body title meta link base style script noscript article main section header nav "
    "aside footer div p h1 h2"
    " h3 h4 h5 h6 span table ul ol dl blockquote figure center hr address amp-story".split()
)
_INLINE_ROOTS = frozenset(
    "a b i em strong u font small img br time picture form label button iframe svg".split()
)
_BLOCK = re.compile(rb"<(?:html|body|div|p|br|article|h1)\b", re.IGNORECASE)
_RESPONSE = re.compile(
    rb"HTTP/[\d.]{1,5} \d{3}\b[^\r\n]{0,200}\r?\n(?:[\w-]{1,100}:[^\r\n]{0,20000}\r?\n){1,200}\r?\n"
)
_STATUS = re.compile(rb"^HTTP/\S{1,5} (\d{3})")
_DATE = re.compile(rb"^date:[ \t]*([^\r\n]{1,60})", re.IGNORECASE | re.MULTILINE)
_CHARSET = re.compile(
    rb"^content-type:[^\n]{1,200}charset=[\"']?([\w.:-]{1,40})", re.IGNORECASE | re.MULTILINE
)
_SHORTEST_BODY = 100
_GALLERY, _GALLERY_TEXT = 4, 400
"""Captions that a gallery has at least, and characters of text that it has at most beside them."""
_WALL = 12
"""Blocks behind the body in which a wall is looked for."""
_SHORTEST_TITLE, _SHORTEST_DESCRIPTION = 12, 25


class HtmlReader:
    """A page is an article."""

    format = "html"
    is_binary = False

    def recognises(self, head: bytes) -> bool:
        head = _answer(head)[1]
        root = root_element(head)
        return root in _ROOTS or (root in _INLINE_ROOTS and bool(_BLOCK.search(head)))

    def read(self, raw: RawInput) -> Iterator[Document | Rejected]:
        data = raw.read()
        head, page = _answer(data)
        status, charset, date = (_first(pattern, head) for pattern in (_STATUS, _CHARSET, _DATE))
        origin = Origin(raw.name)
        if status not in ("", "200"):
            yield Rejected(origin, f"a page that was not there: the server answered {status}")
            return
        moment = parse_date(date)
        yield read_page(page, origin, charset=charset, seen=moment[0] if moment else None)


def _first(pattern: re.Pattern[bytes], data: bytes) -> str:
    match = pattern.search(data)
    return match.group(1).decode("latin-1") if match else ""


def _answer(data: bytes) -> tuple[bytes, bytes]:
    """The head of the last answer of a server, b"" for none, and the page behind it."""
    head, at = b"", 0
    while match := _RESPONSE.match(data, at):
        head, at = match.group(), match.end()
    return head, data[at:]


def read_page(
    data: bytes,
    origin: Origin,
    address: str = "",
    charset: str = "",
    seen: datetime | None = None,
    format: str = "html",
) -> Document | Rejected:
    """The article on a page, or why there is none.

    address, charset, seen: where it was fetched, in which encoding as its server said, and when, as
    far as is known.
    """
    within = EncodingDetector.find_declared_encoding(
        data, is_html=True, search_entire_document=False
    )
    html = without_endless_tags(decode(data, charset or within or "")[0])
    try:
        tree = parse_page(html)
    except ParserError:
        return Rejected(origin, "a page without elements")
    meta = read_metadata(tree)
    text = _body(html, tree, meta)
    if not text.paragraphs and not meta.headline:
        return Rejected(origin, "a page without headline and text")
    told = {"body": text.where}
    told |= {"paywalled": "text"} if text.walled else {}
    told |= {"kind": "captions"} if text.is_gallery else {}
    return Document(
        origin,
        format,
        headline=meta.headline,
        paragraphs=text.paragraphs,
        url=meta.url or address,
        authors=meta.authors,
        source=meta.source,
        section=meta.section,
        language=meta.language,
        dates=meta.dates,
        updates=meta.updates,
        image=meta.image,
        paywalled=meta.paywalled or text.walled,
        kind=meta.kind or ("gallery" if text.is_gallery else ""),
        seen=seen,
        found={**told, **meta.found},
    )


def headline_of_page(data: bytes) -> str:
    """The headline of a page; "" if it has none."""
    found = read_page(data, Origin("page"))
    return found.headline if isinstance(found, Document) else ""


class _Text(NamedTuple):
    """The paragraphs of a page's body, what found them, and whether a wall stands before the rest
    of it."""

    paragraphs: tuple[str, ...]
    where: str
    walled: bool
    is_gallery: bool


def _body(html: str, tree: _Element, meta: Metadata) -> _Text:
    """The text of the page.

    Where next to nothing is found (text in the cells of a table, elements deeper than lxml goes),
    what trafilatura finds, or beautifulsoup4 sees, if that is more. To little text the captions are
    added, if they are most of it.
    """
    blocks, walled = _blocks(tree, meta)
    found, where = tuple(block.text for block in blocks), "blocks"
    captions = captions_of(tree) if _size(found) < _GALLERY_TEXT or meta.kind == "gallery" else ()
    is_gallery = meta.kind == "gallery" or (
        len(captions) >= _GALLERY and _size(captions) > _size(found)
    )
    if is_gallery and captions:
        found, where = (*found, *(text for text in captions if text not in found)), "captions"
    for other, name in ((_extracted, "trafilatura"), (_seen, "beautifulsoup4")):
        if _size(found) < _SHORTEST_BODY:
            texts = other(html)
            found, where = (texts, name) if _size(texts) > _size(found) else (found, where)
    return _Text(
        _without_headline(found, meta.headline), where, walled and meta.free is not True, is_gallery
    )


def _size(texts: Sequence[str]) -> int:
    return sum(map(size_of, texts))


def _blocks(tree: _Element, meta: Metadata) -> tuple[list[Block], bool]:
    """The blocks of the body, and whether a wall stands among them or close behind."""
    body = tree.find("body")
    outline = outline_of(tree if body is None else body)
    named = {key for title in meta.titles if len(key := key_of(title)) >= _SHORTEST_TITLE}
    titles = (
        named
        | {key_of(meta.headline)}
        | {block.key for block in outline.blocks if block.tag == "h1"}
    )
    outline = with_exclusions(outline, titles)
    blocks = body_of(outline, titles, meta.kind == "live")
    if not blocks:
        return [], False
    walled = any(
        matches("wall", block.text)
        for block in outline.blocks[blocks[0].index : blocks[-1].index + _WALL]
    )
    descriptions = {
        key for text in meta.descriptions if len(key := key_of(text)) >= _SHORTEST_DESCRIPTION
    }
    above = standfirst_of(outline, blocks, titles, named, descriptions)
    return sorted([*above, *blocks], key=lambda block: block.index), walled


def _without_headline(paragraphs: tuple[str, ...], headline: str) -> tuple[str, ...]:
    if paragraphs and headline and paragraphs[0].casefold() == clean_line(headline).casefold():
        return paragraphs[1:]
    return paragraphs


def _seen(html: str) -> tuple[str, ...]:
    """The p elements of the page's article or of all of it; where there are none, all of its
    text."""
    soup = soup_of(html)
    for name in ("article", "main", "body"):
        element = soup.find(name)
        if isinstance(element, Tag):
            blocks = block_texts(element)
            if texts := tuple(text for name, text in blocks if name == "p") or tuple(
                text for _, text in blocks
            ):
                return texts
    return ()


def _extracted(html: str) -> tuple[str, ...]:
    import logging

    import trafilatura

    # What it thinks of a page is said by what it finds.
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    text = trafilatura.extract(
        html, favor_precision=True, include_comments=False, include_tables=False
    )
    return tuple(cleaned for line in (text or "").split("\n") if (cleaned := clean_line(line)))
