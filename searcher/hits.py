"""What a search gives back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from typing import Any
from typing import Literal
from typing import TypeAlias

from searcher.article import Article
from searcher.query import Span
from searcher.query import Warning

Sort: TypeAlias = Literal["relevance", "newest", "oldest"]
DEEPEST_HIT = 10_000
"""The last rank that a page can show: who needs more narrows the query."""

MONTH = "month"
FACETS = ("language", "source", MONTH)
"""By what the articles found can be counted."""

SORTS: tuple[Sort, ...] = ("relevance", "newest", "oldest")


@dataclass(frozen=True, slots=True)
class Marked:
    """Text with spans to highlight: ascending, not overlapping, [start, end) in characters."""

    text: str
    highlights: tuple[Span, ...] = ()

    def to_json(self) -> dict[str, Any]:
        return {"text": self.text, "highlights": [list(span) for span in self.highlights]}


@dataclass(frozen=True, slots=True)
class Snippet(Marked):
    """A passage of the body; `opens` and `closes` say whether it begins and ends as a sentence does."""

    opens: bool = True
    closes: bool = True


@dataclass(frozen=True, slots=True)
class Hit:
    """An article found, with what to show of it."""

    article: Article
    score: float
    title: Marked
    snippets: tuple[Snippet, ...]

    def to_json(self) -> dict[str, Any]:
        """The documented form of a hit in `--json` and the API."""
        article = self.article
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
        }


@dataclass(frozen=True, slots=True)
class Hits:
    """A page of results. `total` articles match; `total_all` of them hold every wanted word. `facets`, where they were
    asked for, count all that match by language, source or month."""

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
            "warnings": [{"message": w.message, "start": w.span[0], "end": w.span[1]} for w in self.warnings],
            "facets": {name: dict(counts) for name, counts in self.facets.items()},
            "hits": [hit.to_json() for hit in self.hits],
        }
