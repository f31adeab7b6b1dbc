"""Bare text: an article a file, as a scraper left it."""

from __future__ import annotations

from collections.abc import Iterator

from searcher.article import Document, Origin, Rejected
from searcher.sources.protocol import RawInput
from searcher.text.boilerplate import DATE_LINE, split_date_head
from searcher.text.cleaning import split_paragraphs
from searcher.text.encoding import decode

_LONGEST_HEADLINE = 200
_ENDS_SENTENCE = (".", "!", "?", "…", ":", ";", ",", "。", "”", '"', "»")
_QUESTION = ("?", "!", "”", '"', "»")


class TextReader:
    """A headline line or none, a "date 2022-06-26 …" head or none, then paragraphs."""

    format = "text"
    is_binary = False

    def recognises(self, head: bytes) -> bool:
        return True

    def read(self, raw: RawInput) -> Iterator[Document | Rejected]:
        text, _ = decode(raw.read())
        origin = Origin(raw.name)
        date, text = split_date_head(text.lstrip())
        paragraphs = split_paragraphs(DATE_LINE.sub("\n\n", text))
        headline = ""
        if len(paragraphs) > 1 and _is_headline(paragraphs[0], paragraphs[1]):
            headline, *paragraphs = paragraphs
            if not date:
                date, first = split_date_head(paragraphs[0])
                paragraphs = [paragraph for paragraph in (first, *paragraphs[1:]) if paragraph]
        if not paragraphs:
            yield Rejected(origin, "no text")
            return
        dates = (("head", date),) if date else ()
        yield Document(
            origin, self.format, headline=headline, paragraphs=tuple(paragraphs), dates=dates
        )


def _is_headline(first: str, second: str) -> bool:
    """A first paragraph that is short, shorter than the next, and does not end as a sentence of a
    text does."""
    if len(first) > _LONGEST_HEADLINE or (
        len(first) >= len(second) and len(first) > _LONGEST_HEADLINE / 2
    ):
        return False
    return not first.endswith(_ENDS_SENTENCE) or first.endswith(_QUESTION)
