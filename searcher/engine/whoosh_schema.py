"""The schema of the index on disk, and the name of its format.

The field types are pickled by name in the table of contents.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

from whoosh.fields import COLUMN, STORED, Schema

from searcher.article import Article
from searcher.columnar.columns import CodeColumn, IntColumn
from searcher.columnar.fields import Analysed, AnalysedTokens, Analysis, Codes, Key, Terms, Zone
from searcher.engine.patterns import BODY_START, PARAGRAPH_GAP
from searcher.engine.stored import STORED_VERSION, declared
from searcher.engine.terms import (
    ANALYSIS_VERSION,
    FIELDS,
    FORM,
    NAME,
    PHRASE,
    SKETCH,
    TEXT,
    UNPLACED,
    headline_phrases,
    metadata_of,
)
from searcher.query.fields import METADATA
from searcher.text.analyzer import field_terms
from searcher.text.shingles import WIDTH
from searcher.text.sketches import LEAST, MOST, PART
from searcher.text.tokens import surfaces
from searcher.text.tokens_terms import each_terms, tokens_terms

NO_DATE = -(1 << 62)
"""Value of the column PUBLISHED for an article without a date, in seconds."""

KEY = "id"
"""Field of the article's id, unique."""
ARTICLE = "article"
"""Stored field of the article; see `stored.pack`."""
PUBLISHED = "published"
"""Column of the date of publication, in seconds since 1970 (UTC)."""
LANGUAGE = "language"
"""Column of the language's code."""
SOURCE = "source_name"
"""Column of the source's name as the article has it."""
AGENCY = "agency_name"
"""Column of the agency's name, likewise."""
SECTION = "section_name"
"""Column of the section's name, likewise."""
KIND = "kind"
"""Column of the kind, as `protocol.facet_value` has it."""
STORY = "story"
"""Late column of the number of the article's story; see `places.Place`."""
COPIES = "copies"
"""Late column of the number of its group of copies. The other fields of a Place are late columns of
the same names."""
BODY = "body"
"""Name of the analysis of headline and body, which fills TEXT, FORM and NAME."""

_JOINT = "\u2060"
"""Character between the words of a phrase, so that the writer treats the phrase as one chunk. No
term contains it."""

_PREFIX = "format_"


def _format() -> str:
    """Return the name of the format that this version writes: the version of the analysis, and a
    digest of all definitions of terms, columns and stored articles."""
    parts = (
        STORED_VERSION,
        declared(),
        BODY_START,
        PARAGRAPH_GAP,
        NO_DATE,
        (KEY, ARTICLE, PUBLISHED, LANGUAGE, SOURCE, AGENCY, SECTION, KIND),
        FIELDS,
        UNPLACED,
        (SKETCH, PART, LEAST, MOST, WIDTH),
        [
            (field.name, [(value.attribute, value.extract.value) for value in field.values])
            for field in METADATA
        ],
    )
    digest = hashlib.sha256(repr(parts).encode()).hexdigest()[:8]
    return f"{_PREFIX}{ANALYSIS_VERSION}_{digest}"


FORMAT = _format()
"""Name of an empty stored field. The name states the format in which an index was written."""


def outdated(schema: Schema) -> str:
    """Return how an index differs from FORMAT, in words for the user; "" if it does not.

    schema: the schema of the index.
    """
    names = list(schema.names())
    if FORMAT in names:
        return ""
    formats = [name.removeprefix(_PREFIX) for name in names if name.startswith(_PREFIX)]
    found = f"has format {formats[0]}" if formats else "names no format"
    lacking = [name for name in (*FIELDS, SKETCH) if name not in names]
    return found + (f" and lacks {', '.join(lacking)}" if lacking else "")


def wanted_format() -> str:
    """Return the format that this version reads, in words for the user."""
    return f"format {FORMAT.removeprefix(_PREFIX)}"


class _BodyAnalysis:
    """Stems, forms and names of headline and body; the variant is the language."""

    fields = (TEXT, FORM, NAME)
    gap = PARAGRAPH_GAP

    def split(self, chunk: str) -> list[str]:
        return surfaces(chunk)

    def analyse(self, tokens: Sequence[str], variant: str) -> AnalysedTokens:
        return tokens_terms(tokens, variant)

    def analyse_each(self, tokens: Sequence[str], variant: str) -> Sequence[AnalysedTokens]:
        return each_terms(tokens, variant)


class _PhraseAnalysis:
    """Phrases, each given as one chunk with _JOINT between its words."""

    fields = (PHRASE,)
    gap = PARAGRAPH_GAP

    def split(self, chunk: str) -> list[str]:
        return [chunk]

    def analyse(self, tokens: Sequence[str], variant: str) -> AnalysedTokens:
        return len(tokens), (
            [(token.replace(_JOINT, " "), place) for place, token in enumerate(tokens)],
        )

    def analyse_each(self, tokens: Sequence[str], variant: str) -> Sequence[AnalysedTokens]:
        return [self.analyse([token], variant) for token in tokens]


class _FieldAnalysis:
    """The folded words of a field of metadata."""

    gap = PARAGRAPH_GAP

    def __init__(self, name: str) -> None:
        self.fields = (name,)

    def split(self, chunk: str) -> list[str]:
        return surfaces(chunk)

    def analyse(self, tokens: Sequence[str], variant: str) -> AnalysedTokens:
        terms = [term for token in tokens for term in field_terms(token)]
        return len(terms), ([(term, place) for place, term in enumerate(terms)],)

    def analyse_each(self, tokens: Sequence[str], variant: str) -> Sequence[AnalysedTokens]:
        return [self.analyse([token], variant) for token in tokens]


def analyses() -> dict[str, Analysis]:
    """Return the analyses of an article's texts by name; `analysed` has the same names."""
    metadata = {field.name: _FieldAnalysis(field.name) for field in METADATA}
    return {BODY: _BodyAnalysis(), PHRASE: _PhraseAnalysis(), **metadata}


def analysed(article: Article) -> Mapping[str, Analysed]:
    """Return the texts of an article with the positions that `terms.terms_of` gives their terms."""
    phrases = headline_phrases(article.headline)
    found = {
        BODY: Analysed(
            (Zone(0, (article.headline,)), Zone(BODY_START, article.searchable)), article.language
        ),
        PHRASE: _field([" ".join(phrase.replace(" ", _JOINT) for phrase in phrases)]),
    }
    for field in METADATA:
        texts = metadata_of(article, field)
        if any(texts):
            found[field.name] = _field(texts)
    return found


def _field(values: Sequence[str]) -> Analysed:
    return Analysed((Zone(0, values),))


def schema() -> Schema:
    """Return the schema: a document is an article, with its terms by field, columns to filter and
    sort by, and its stored form."""
    return Schema(
        **{
            FORMAT: STORED(),
            KEY: Key(),
            ARTICLE: STORED(),
            PUBLISHED: COLUMN(IntColumn(NO_DATE)),
            LANGUAGE: COLUMN(CodeColumn()),
            SOURCE: COLUMN(CodeColumn()),
            AGENCY: COLUMN(CodeColumn()),
            SECTION: COLUMN(CodeColumn()),
            KIND: COLUMN(CodeColumn()),
            SKETCH: Codes(),
            **{
                name: Terms(scorable=name in (TEXT, FORM), placed=name not in UNPLACED)
                for name in FIELDS
            },
        }
    )
