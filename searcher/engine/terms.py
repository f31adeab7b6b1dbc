"""What an engine indexes of an article: the positions of its terms, by field."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from searcher.article import Article
from searcher.engine.patterns import BODY_START, PARAGRAPH_GAP
from searcher.text.analyzer import Postings, add_terms, field_terms
from searcher.text.folding import fold
from searcher.text.tokens import surfaces
from searcher.text.urls import domain

TEXT = "text"
FORM = "form"
NAME = "name"
PHRASE = "phrase"
CHANGED = "changed"
FORMER = "former"
FIELDS = (TEXT, FORM, NAME, PHRASE, "author", "source", "section", "url", CHANGED, FORMER)
"""The fields of terms: stems, forms and names of headline and body, pairs of words of the headline,
and the words of the metadata, of what changed, and of ids that an article had before."""


@dataclass(frozen=True, slots=True)
class ArticleTerms:
    """Positions by field and term, and the length: how many words headline and body have."""

    fields: dict[str, Postings]
    length: int


def terms_of(article: Article) -> ArticleTerms:
    """The terms of an article. Its headline begins at position 0, its body at BODY_START."""
    stems: Postings = {}
    forms: Postings = {}
    names: Postings = {}
    length = add_terms(article.headline, article.language, 0, stems, forms, names)
    assert length < BODY_START
    position = BODY_START
    for paragraph in article.searchable:
        end = add_terms(paragraph, article.language, position, stems, forms, names)
        length += end - position
        position = end + PARAGRAPH_GAP
    fields = {
        TEXT: stems,
        FORM: forms,
        NAME: names,
        PHRASE: _numbered(headline_phrases(article.headline)),
        "author": _words(*article.authors),
        "source": _words(article.source, domain(article.url)),
        "section": _words(article.section),
        "url": _words(*addresses_of(article)),
        CHANGED: _words(*article.changes),
        FORMER: _words(*article.former),
    }
    return ArticleTerms(fields, length)


def addresses_of(article: Article) -> tuple[str, ...]:
    """The addresses of an article, without their schemes."""
    return tuple(url.partition("://")[2] for url in (article.url, *article.addresses))


def headline_phrases(headline: str) -> list[str]:
    """Each two words that stand side by side in a headline, folded, in order and once. Words of two
    letters and numbers say too little to be suggested."""
    words = [
        fold(surface) if surface.isalpha() and len(surface) > 2 else ""
        for surface in surfaces(headline)
    ]
    return list(dict.fromkeys(f"{one} {other}" for one, other in pairwise(words) if one and other))


def _numbered(terms: Iterable[str]) -> Postings:
    return {term: [position] for position, term in enumerate(terms)}


def _words(*values: str) -> Postings:
    postings: Postings = {}
    position = 0
    for value in values:
        for term in field_terms(value):
            postings.setdefault(term, []).append(position)
            position += 1
        position += PARAGRAPH_GAP
    return postings
