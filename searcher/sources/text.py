"""Plain text: one article a file, as scrapers write it."""

from __future__ import annotations

from collections.abc import Iterator

from searcher.article import Document, Origin, Rejected
from searcher.sources.protocol import RawInput
from searcher.text.boilerplate import DATE_LINE, split_date_head
from searcher.text.cleaning import split_paragraphs
from searcher.text.encoding import decode

_LONGEST_HEADLINE = 200
"""Maximum number of characters of a headline. A longer first paragraph is text."""

_ENDS_SENTENCE = (".", "!", "?", "…", ":", ";", ",", "。", "”", '"', "»")
"""Endings of a paragraph of text."""

_QUESTION = ("?", "!", "”", '"', "»")
"""Endings of text that a headline can have as well: a question, an exclamation, a quotation."""


class TextReader:
    """One article: an optional headline, an optional head "date 2022-06-26 …", then paragraphs."""

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
    """Return whether the first paragraph is a headline: short, and without a sentence's end.

    It also has to be shorter than the second one, or at most half of the maximum.
    """
    if len(first) > _LONGEST_HEADLINE or (
        len(first) >= len(second) and len(first) > _LONGEST_HEADLINE / 2
    ):
        return False
    return not first.endswith(_ENDS_SENTENCE) or first.endswith(_QUESTION)
