"""What a search gives back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from searcher.article import Article
from searcher.engine.protocol import Also, ScorePart, Sort
from searcher.query.tree import Span, Warning

DEEPEST_HIT = 10_000
"""The last rank that a page can show: who needs more narrows the query."""


class Advice(NamedTuple):
    """What a query that finds nothing finds `without` a part of it, or with that part `only`: the
    part as shown, the query's text then, or None if the part was not typed, and how many
    articles."""

    part: str
    query: str | None
    total: int
    kind: Literal["without", "only"] = "without"


class Correction(NamedTuple):
    """What was probably meant by a query; applied: whether it was searched for instead, as nothing
    else was found."""

    query: str
    applied: bool


@dataclass(frozen=True, slots=True)
class Marked:
    """Text with spans to highlight: ascending, not overlapping, [start, end) in characters."""

    text: str
    highlights: tuple[Span, ...] = ()

    def to_json(self) -> dict[str, Any]:
        return {"text": self.text, "highlights": [list(span) for span in self.highlights]}


@dataclass(frozen=True, slots=True)
class Snippet(Marked):
    """A passage of the body; `opens` and `closes` say whether it begins and ends as a sentence
    does."""

    opens: bool = True
    closes: bool = True


@dataclass(frozen=True, slots=True)
class Hit:
    """An article found, with what to show of it."""

    article: Article
    score: float
    title: Marked
    snippets: tuple[Snippet, ...]
    parts: tuple[ScorePart, ...] | None = None

    def to_json(self) -> dict[str, Any]:
        """The documented form of a hit in `--json` and the API."""
        article = self.article
        explained = {
            "explanation": [
                {"part": name, "score": round(score, 4)} for name, score in self.parts or ()
            ]
        }
        return {
            "id": article.id,
            "title": article.title,
            "title_highlights": [list(span) for span in self.title.highlights],
            "url": article.url,
            "source": article.source,
            "language": article.language,
            "published": article.published.to_json()["value"] if article.published else None,
            "score": round(self.score, 6),
            "snippets": [Marked.to_json(snippet) for snippet in self.snippets],
            **(explained if self.parts is not None else {}),
        }


@dataclass(frozen=True, slots=True)
class Hits:
    """A page of results. `total` articles match; `total_all` of them hold every wanted word.
    `facets`, where they were asked for, count all that match by language, source or month.

    also: other spellings that were looked for. added: the words that broadened the query.
    correction: what was probably meant. advice: of a query that finds nothing, what is found
    without some of it.
    """

    query: str
    total: int
    total_all: int
    hits: tuple[Hit, ...]
    warnings: tuple[Warning, ...]
    sort: Sort
    page: int
    size: int
    took_ms: float
    facets: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    also: tuple[Also, ...] = ()
    added: tuple[str, ...] = ()
    correction: Correction | None = None
    advice: tuple[Advice, ...] = ()

    @property
    def pages(self) -> int:
        """How many pages can be asked for."""
        return -(-min(self.total, DEEPEST_HIT) // self.size)

    def to_json(self) -> dict[str, Any]:
        """The documented form of a result in `--json` and the API."""
        return {
            "query": self.query,
            "total": self.total,
            "total_all": self.total_all,
            "sort": self.sort,
            "page": self.page,
            "pages": self.pages,
            "took_ms": round(self.took_ms, 3),
            "warnings": [
                {"message": w.message, "start": w.span[0], "end": w.span[1]} for w in self.warnings
            ],
            "facets": {name: dict(counts) for name, counts in self.facets.items()},
            "also": [{"word": word, "spellings": list(spellings)} for word, spellings in self.also],
            "added": list(self.added),
            "correction": self.correction._asdict() if self.correction else None,
            "advice": [advice._asdict() for advice in self.advice],
            "hits": [hit.to_json() for hit in self.hits],
        }
