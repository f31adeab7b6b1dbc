"""The schema of the index on disk. Its field types are pickled by name in the table of contents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from whoosh.fields import COLUMN, STORED, Schema

from searcher.article import Article, Origin, Passage, Timestamp, Version
from searcher.columnar.columns import CodeColumn, IntColumn
from searcher.columnar.fields import Analysed, Analysis, Key, Terms, Zone
from searcher.engine.patterns import BODY_START, PARAGRAPH_GAP
from searcher.engine.terms import (
    CHANGED,
    FIELDS,
    FORM,
    FORMER,
    NAME,
    PHRASE,
    TEXT,
    addresses_of,
    headline_phrases,
)
from searcher.text.analyzer import field_terms, tokens_terms
from searcher.text.tokens import surfaces
from searcher.text.urls import domain

NO_DATE = -(1 << 62)
"""The value of the `published` column, in seconds since 1970, for an article without a date."""

FORMAT = "format_4"
"""A field without content whose name says how words were analysed: it changes whenever terms,
positions or columns do, for an index whose terms are not those of a query finds nothing and says
nothing."""

_FIRST_FIELDS, _SECOND_FIELDS = 14, 24
"""Of an article as it was stored at first, and then."""

_JOINT = "\u2060"
"""Between the words of a phrase while it is one chunk; no term holds it."""

KEY = "id"
"""Field of the article's id, unique."""
PUBLISHED = "published"
"""Column of the date of publication, in seconds since 1970 (UTC)."""
LANGUAGE = "language"
"""Column of the language's code."""
SOURCE = "source_name"
"""Column of the source's name as the article has it."""
BODY = "body"


class _BodyAnalysis:
    """Stems, forms and names of headline and body, by language."""

    fields = (TEXT, FORM, NAME)
    gap = PARAGRAPH_GAP

    def split(self, chunk: str) -> list[str]:
        return surfaces(chunk)

    def analyse(
        self, tokens: Sequence[str], variant: str
    ) -> tuple[int, tuple[list[tuple[str, int]], ...]]:
        return tokens_terms(tokens, variant)


class _PhraseAnalysis:
    """Phrases, each given as a chunk."""

    fields = (PHRASE,)
    gap = PARAGRAPH_GAP

    def split(self, chunk: str) -> list[str]:
        return [chunk]

    def analyse(
        self, tokens: Sequence[str], variant: str
    ) -> tuple[int, tuple[list[tuple[str, int]], ...]]:
        return len(tokens), (
            [(token.replace(_JOINT, " "), place) for place, token in enumerate(tokens)],
        )


class _FieldAnalysis:
    """The folded words of a field of metadata."""

    gap = PARAGRAPH_GAP

    def __init__(self, name: str) -> None:
        self.fields = (name,)

    def split(self, chunk: str) -> list[str]:
        return surfaces(chunk)

    def analyse(
        self, tokens: Sequence[str], variant: str
    ) -> tuple[int, tuple[list[tuple[str, int]], ...]]:
        terms = [term for token in tokens for term in field_terms(token)]
        return len(terms), ([(term, place) for place, term in enumerate(terms)],)


def analyses() -> dict[str, Analysis]:
    """How the writer analyses an article's texts; `texts` has the same names."""
    metadata = {
        name: _FieldAnalysis(name) for name in FIELDS if name not in (TEXT, FORM, NAME, PHRASE)
    }
    return {BODY: _BodyAnalysis(), PHRASE: _PhraseAnalysis(), **metadata}


def texts(article: Article) -> Mapping[str, Analysed]:
    """The texts of an article as `engine.terms` counts their positions."""
    found = {
        BODY: Analysed(
            (Zone(0, (article.headline,)), Zone(BODY_START, article.searchable)), article.language
        ),
        PHRASE: _field(
            " ".join(phrase.replace(" ", _JOINT) for phrase in headline_phrases(article.headline))
        ),
        "source": _field(article.source, _domain(article.url)),
        "url": _field(*addresses_of(article)),
    }
    if article.former:
        found[FORMER] = _field(*article.former)
    if article.changes:
        found[CHANGED] = _field(*article.changes)
    if article.authors:
        found["author"] = _field(*article.authors)
    if article.section:
        found["section"] = _field(article.section)
    return found


def _field(*values: str) -> Analysed:
    return Analysed((Zone(0, values),))


_domain = lru_cache(1 << 10)(domain)


def schema() -> Schema:
    """A document is an article: its terms by field, columns to filter and sort by, and the whole of
    it stored."""
    return Schema(
        **{
            FORMAT: STORED(),
            KEY: Key(),
            PUBLISHED: COLUMN(IntColumn(NO_DATE)),
            LANGUAGE: COLUMN(CodeColumn()),
            SOURCE: COLUMN(CodeColumn()),
        },
        article=STORED(),
        **{name: Terms(scorable=name in (TEXT, FORM)) for name in FIELDS},
    )


def pack(article: Article) -> tuple[Any, ...]:
    """The stored form of an article: its fields in their order, as plain values."""
    return (
        article.id,
        article.headline,
        article.paragraphs,
        article.authors,
        article.source,
        article.section,
        article.language,
        article.language_confidence,
        _pack_time(article.published),
        _pack_time(article.updated),
        article.url,
        (article.origin.file, article.origin.part),
        article.format,
        article.warnings,
        article.agency,
        article.dateline,
        article.image,
        article.paywalled,
        article.kind,
        article.notices,
        _pack_time(article.first_seen),
        tuple(
            (passage.paragraph, passage.start, passage.end, passage.language)
            for passage in article.foreign
        ),
        dict(article.found),
        article.joins,
        article.partial,
        article.addresses,
        article.former,
        tuple(_pack_version(version) for version in article.versions),
    )


def unpack(stored: tuple[Any, ...]) -> Article:
    """The inverse of `pack`; raises ValueError or TypeError for what is no stored article.

    Earlier versions stored fewer fields: those that were added since are at their defaults.
    """
    values = list(stored)
    values[8], values[9] = _unpack_time(values[8]), _unpack_time(values[9])
    values[11] = Origin(*values[11])
    if len(values) > _FIRST_FIELDS:
        values[20] = _unpack_time(values[20])
        values[21] = tuple(Passage(*passage) for passage in values[21])
    if len(values) > _SECOND_FIELDS:
        values[27] = tuple(_unpack_version(version) for version in values[27])
    return Article(*values)


def _pack_version(version: Version) -> tuple[Any, ...]:
    file, part = version.origin.file, version.origin.part
    seen = version.seen.astimezone(UTC).isoformat()
    return file, part, seen, version.headline, version.body, version.partial, version.changed


def _unpack_version(stored: tuple[Any, ...]) -> Version:
    file, part, seen, *rest = stored
    return Version(Origin(file, part), datetime.fromisoformat(seen), *rest)


def _pack_time(stamp: Timestamp | None) -> tuple[str, str, str] | None:
    return (
        (stamp.value.astimezone(UTC).isoformat(), stamp.precision, stamp.source) if stamp else None
    )


def _unpack_time(stored: tuple[str, Any, str] | None) -> Timestamp | None:
    return Timestamp(datetime.fromisoformat(stored[0]), stored[1], stored[2]) if stored else None
