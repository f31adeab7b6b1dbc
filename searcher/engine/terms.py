"""What an engine indexes of an article: the positions of its terms, by field."""

from __future__ import annotations

from dataclasses import dataclass

from searcher.article import Article
from searcher.patterns import BODY_START
from searcher.patterns import PARAGRAPH_GAP
from searcher.text.analyzer import Postings
from searcher.text.analyzer import add_terms
from searcher.text.analyzer import field_terms
from searcher.text.urls import domain

TEXT = "text"
FORM = "form"
FIELDS = (TEXT, FORM, "author", "source", "section", "url")
"""The fields of terms: stems and forms of headline and body, and the words of the metadata."""


@dataclass(frozen=True, slots=True)
class ArticleTerms:
    """Positions by field and term, and the length: how many words headline and body have."""

    fields: dict[str, Postings]
    length: int


def terms_of(article: Article) -> ArticleTerms:
    """The terms of an article. Its headline begins at position 0, its body at BODY_START."""
    stems: Postings = {}
    forms: Postings = {}
    length = add_terms(article.headline, article.language, 0, stems, forms)
    assert length < BODY_START
    position = BODY_START
    for paragraph in article.searchable:
        end = add_terms(paragraph, article.language, position, stems, forms)
        length += end - position
        position = end + PARAGRAPH_GAP
    fields = {
        TEXT: stems,
        FORM: forms,
        "author": _words(*article.authors),
        "source": _words(article.source, domain(article.url)),
        "section": _words(article.section),
        "url": _words(article.url.partition("://")[2]),
    }
    return ArticleTerms(fields, length)


def _words(*values: str) -> Postings:
    postings: Postings = {}
    position = 0
    for value in values:
        for term in field_terms(value):
            postings.setdefault(term, []).append(position)
            position += 1
        position += PARAGRAPH_GAP
    return postings
