"""The result of a search."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from searcher.article import Article
from searcher.as_json import to_json
from searcher.engine.common_words import may_be_function_word
from searcher.engine.places import Member, Story, article_number
from searcher.engine.searches import Also, ScorePart, Sort
from searcher.query.tree import Span, Warning

DEEPEST_HIT = 10_000
"""Last rank that a page can show. Deeper pages cost more time, and a narrower query is more
useful."""


class Advice(NamedTuple):
    """A suggestion for an empty result: the number of matches without one part of the query, or of
    that part alone."""

    part: str
    """The part of the query, as shown."""
    query: str | None
    """The query's text without the part; None if the part is a filter that was not typed."""
    total: int
    """Number of matches."""
    kind: Literal["without", "only"] = "without"
    """Whether the matches are those without the part, or of the part alone."""


class Correction(NamedTuple):
    """The query without its probable errors."""

    query: str
    """The corrected text."""
    applied: bool
    """Whether the hits are those of the corrected query, as the typed one finds nothing."""


@dataclass(frozen=True, slots=True)
class Marked:
    """Text with spans to highlight."""

    text: str
    """The text, without markup."""
    highlights: tuple[Span, ...] = ()
    """Spans [start, end) in characters; ascending, not overlapping."""

    def to_json(self) -> dict[str, Any]:
        """Return the documented form of a marked text in `--json` and the API."""
        return {"text": self.text, "highlights": [list(span) for span in self.highlights]}


@dataclass(frozen=True, slots=True)
class Snippet(Marked):
    """A passage of the body."""

    opens: bool = True
    """Whether it begins at the beginning of a sentence."""
    closes: bool = True
    """Whether it ends at the end of a sentence."""


@dataclass(frozen=True, slots=True)
class Hit:
    """An article found, and the texts to show of it."""

    article: Article
    """The article."""
    score: float
    """Its score; only the order of scores means something."""
    title: Marked
    """Its title with the matches marked."""
    snippets: tuple[Snippet, ...]
    """At most two passages of its body."""
    parts: tuple[ScorePart, ...] | None = None
    """The parts of its score; None if they were not asked for."""
    story: Story | None = None
    """Its story, if that has further articles and hits are by story."""
    versions: tuple[Member, ...] = ()
    """The first articles of that story that are shown with it: without copies that are hidden."""

    def to_json(self) -> dict[str, Any]:
        """Return the documented form of a hit in `--json` and the API."""
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
            **({"story": _story_json(self.story, self)} if self.story else {}),
        }


def _story_json(story: Story, hit: Hit) -> dict[str, Any]:
    """Return the documented form of the story of a hit in `--json` and the API."""
    articles = (hit.article, *(article for article, _ in hit.versions))
    ids = {article_number(article.id): article.id for article in articles}
    return {
        "id": story.id,
        "articles": story.size,
        "outlets": story.outlets,
        "first": to_json(story.first.value) if story.first else None,
        "precision": story.first.precision if story.first else None,
        "versions": [
            {
                "id": article.id,
                "title": article.title,
                "source": article.source,
                "published": article.published.to_json()["value"] if article.published else None,
                "relation": place.relation,
                "share": place.share,
                "names": place.names,
                "peer": ids.get(place.peer),
            }
            for article, place in hit.versions
        ],
    }


@dataclass(frozen=True, slots=True)
class Hits:
    """A page of results."""

    query: str
    """The query as typed."""
    total: int
    """Number of articles that count: those that match every wanted clause, common words aside. If
    there are none before filters are chosen, or with match:any, all that match."""
    total_all: int
    """Number of articles that match every wanted clause, common words aside."""
    hits: tuple[Hit, ...]
    """The hits of the page, in order."""
    warnings: tuple[Warning, ...]
    """Warnings about the query, with their places in it."""
    sort: Sort
    """Order of the hits."""
    page: int
    """Number of the page, from 1."""
    size: int
    """Maximum number of hits on a page."""
    took_ms: float
    """Duration of the search in milliseconds."""
    facets: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    """For each facet asked for the number of articles that count by value."""
    also: tuple[Also, ...] = ()
    """Other spellings that were matched."""
    common: tuple[str, ...] = ()
    """Common words of the query, which add to scores and find nothing."""
    added: tuple[str, ...] = ()
    """Words that broadened the query."""
    correction: Correction | None = None
    """The query without its probable errors."""
    advice: tuple[Advice, ...] = ()
    """Suggestions for an empty result."""
    total_stories: int = -1
    """Number of stories of the articles that count; -1 if hits are not by story."""
    total_copies: int = 0
    """Number of articles that count and are copies of others that do."""
    total_some: int = 0
    """Number of articles that match besides those that count. They come after them, unless the hits
    are `mixed`."""
    mixed: bool = False
    """Whether articles with all and with some of the words are ranked together."""
    entries: int = 0
    """Number of all hits: articles or, by story, stories."""
    generation: int = 0
    """Number of the index's commit."""

    @property
    def frequent(self) -> list[str]:
        """Common words that are worth a note: of words as "the" each reader knows that they find
        nothing."""
        return [word for word in self.common if not may_be_function_word(word)]

    @property
    def pages(self) -> int:
        """The number of pages that can be asked for."""
        return -(-min(self.entries, DEEPEST_HIT) // self.size)

    @property
    def counted(self) -> int:
        """The number of hits that are articles which count, or their stories. Others follow, unless
        the hits are `mixed`."""
        return self.total if self.total_stories < 0 else self.total_stories

    def to_json(self) -> dict[str, Any]:
        """Return the documented form of a result in `--json` and the API."""
        return {
            "query": self.query,
            "total": self.total,
            "total_some": self.total_some,
            "mixed": self.mixed,
            "total_all": self.total_all,
            "total_stories": self.total_stories if self.total_stories >= 0 else None,
            "total_copies": self.total_copies,
            "sort": self.sort,
            "page": self.page,
            "pages": self.pages,
            "generation": self.generation,
            "took_ms": round(self.took_ms, 3),
            "warnings": [
                {"message": w.message, "start": w.span[0], "end": w.span[1]} for w in self.warnings
            ],
            "facets": {name: dict(counts) for name, counts in self.facets.items()},
            "also": [{"word": word, "spellings": list(spellings)} for word, spellings in self.also],
            "common": list(self.common),
            "added": list(self.added),
            "correction": self.correction._asdict() if self.correction else None,
            "advice": [advice._asdict() for advice in self.advice],
            "hits": [hit.to_json() for hit in self.hits],
        }
