"""Saved web pages: metadata read with beautifulsoup4, the body found by trafilatura."""

from __future__ import annotations

from collections.abc import Iterator

from bs4 import BeautifulSoup
from bs4 import Tag
from bs4.dammit import EncodingDetector

from searcher.article import Document
from searcher.article import Origin
from searcher.article import Rejected
from searcher.protocols import RawInput
from searcher.sources.markup import block_texts
from searcher.sources.markup import root_element
from searcher.sources.markup import soup_of
from searcher.sources.markup import without_endless_tags
from searcher.sources.metadata import read_metadata
from searcher.text.cleaning import clean_line
from searcher.text.encoding import decode

_ROOTS = frozenset("html head body title meta link article main section div p h1 h2 h3 span table".split())
_SHORTEST_BODY = 200


class HtmlReader:
    """A page is an article."""

    format = "html"

    def recognises(self, head: bytes) -> bool:
        return root_element(head) in _ROOTS

    def read(self, raw: RawInput) -> Iterator[Document | Rejected]:
        data = raw.read()
        declared = EncodingDetector.find_declared_encoding(data, is_html=True, search_entire_document=False) or ""
        html = without_endless_tags(decode(data, declared)[0])
        origin = Origin(raw.name)
        soup = soup_of(html)
        meta = read_metadata(soup)
        paragraphs = _without_headline(_body(html, soup), meta.headline)
        if not paragraphs and not meta.headline:
            yield Rejected(origin, "a page without headline and text")
            return
        yield Document(
            origin,
            self.format,
            headline=meta.headline,
            paragraphs=paragraphs,
            url=meta.url,
            authors=meta.authors,
            source=meta.source,
            section=meta.section,
            language=meta.language,
            dates=meta.dates,
            updates=meta.updates,
        )


def _body(html: str, soup: BeautifulSoup) -> tuple[str, ...]:
    """trafilatura's paragraphs; where it finds next to nothing, those of the page's article element or of all of it."""
    found = _extracted(html)
    if sum(map(len, found)) >= _SHORTEST_BODY:
        return found
    for name in ("article", "main", "body"):
        element = soup.find(name)
        if isinstance(element, Tag):
            blocks = block_texts(element)
            texts = tuple(text for name, text in blocks if name == "p") or tuple(text for _, text in blocks)
            if sum(map(len, texts)) > sum(map(len, found)):
                return texts
    return found


def _extracted(html: str) -> tuple[str, ...]:
    import trafilatura

    text = trafilatura.extract(html, favor_precision=True, include_comments=False, include_tables=False)
    return tuple(cleaned for line in (text or "").split("\n") if (cleaned := clean_line(line)))


def _without_headline(paragraphs: tuple[str, ...], headline: str) -> tuple[str, ...]:
    if paragraphs and headline and paragraphs[0].casefold() == clean_line(headline).casefold():
        return paragraphs[1:]
    return paragraphs
