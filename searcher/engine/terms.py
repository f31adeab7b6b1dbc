"""The terms of an article: their positions by field."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from searcher.article import Article
from searcher.engine.patterns import BODY_START, PARAGRAPH_GAP
from searcher.query.fields import METADATA, Extract, QueryField
from searcher.text.analyzer import Postings, add_terms, field_terms
from searcher.text.folding import fold
from searcher.text.sketches import Sketch, sketch
from searcher.text.tokens import surfaces
from searcher.text.urls import domain

TEXT = "text"
"""Field of the stems of headline and body."""
FORM = "form"
"""Field of their folded words as written."""
NAME = "name"
"""Field of their names, under their keys; see `text.names`."""
PHRASE = "phrase"
"""Field of the pairs of adjacent headline words."""
FIELDS = (TEXT, FORM, NAME, PHRASE, *(field.name for field in METADATA))
"""All fields of terms: those of the text, and the declared fields of metadata."""
UNPLACED = (NAME, PHRASE)
"""The fields without positions in the index on disk. They are counted, and never searched."""

SKETCH = "sketch"
"""Field of the codes by which copies of the body are found; see `text.sketches`."""

ANALYSIS_VERSION = 9
"""Version of the analysis, a part of the format of an index. Raise it whenever the tokens, folding,
stems, names or positions of a text change. Otherwise queries would not match the terms of an older
index. A test compares the terms of some texts with those of this version."""


@dataclass(frozen=True, slots=True)
class ArticleTerms:
    """The indexed terms of an article."""

    fields: dict[str, Postings]
    """Positions by field and term."""
    length: int
    """Number of words in headline and body."""
    sketch: Sketch
    """The terms of the field SKETCH."""


def terms_of(article: Article) -> ArticleTerms:
    """Return the terms of an article. Its headline begins at position 0, its body at BODY_START."""
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
        **{field.name: _words(*metadata_of(article, field)) for field in METADATA},
    }
    return ArticleTerms(fields, length, sketch_of(article))


def sketch_of(article: Article) -> Sketch:
    """Return the sketch of an article's body. The headline is no part of it, as outlets print a
    text under headlines of their own."""
    return sketch("\n".join(article.searchable))


_domain = lru_cache(1 << 10)(domain)

_EXTRACTED: dict[Extract, Callable[[str], str]] = {
    Extract.ALL: str,
    Extract.DOMAIN: _domain,
    Extract.ADDRESS: lambda url: url.partition("://")[2],
}


def metadata_of(article: Article, field: QueryField) -> list[str]:
    """Return the texts of an article whose words a field of metadata holds, in order."""
    texts: list[str] = []
    for value in field.values:
        held: str | tuple[str, ...] = getattr(article, value.attribute)
        texts.extend(map(_EXTRACTED[value.extract], (held,) if isinstance(held, str) else held))
    return texts


def headline_phrases(headline: str) -> list[str]:
    """Return each pair of adjacent words of a headline, folded, in order and once. Numbers and
    words of one or two letters are skipped, because they make poor suggestions."""
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
