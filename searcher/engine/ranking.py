"""The order of results, the same in every engine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from searcher.article import Article
from searcher.columnar.constants import SCORE_DIGITS
from searcher.engine.protocol import ScorePart, Sort
from searcher.query.tree import Warning

BUDGET_SPENT = Warning(
    "the search took too long and was cut short: the result is not complete", (0, 0)
)


_LEAST_SHOWN = 0.0005
_KINDS = {
    "pairs": "words side by side or near each other",
    "all_words": "all words are there",
    "first_zone": "the words stand so in the headline",
    "added": "words added by broaden",
    "recency": "how new it is",
}


def score_parts(
    names: Sequence[str], clauses: Sequence[float], gains: Mapping[str, float]
) -> tuple[ScorePart, ...]:
    """What a score is made of, in plain words, the greatest first. names: of the clauses; gains: by
    kind."""
    parts = [ScorePart(name, score) for name, score in zip(names, clauses, strict=True)]
    parts += [ScorePart(_KINDS[kind], score) for kind, score in gains.items()]
    return tuple(
        sorted((part for part in parts if part.score >= _LEAST_SHOWN), key=lambda part: -part.score)
    )


def rank_key(article: Article, score: float, sort: Sort) -> tuple[float, float, float, str]:
    """Sorts best first: by score or date, then the later date (those without one last), then the
    smaller id."""
    dated = article.published is not None
    seconds = article.published.value.timestamp() if article.published else 0.0
    by_date = seconds if sort == "oldest" else -seconds
    by_score = -round(score, SCORE_DIGITS) if sort == "relevance" else 0.0
    return (by_score, 0.0 if dated else 1.0, by_date if dated else 0.0, article.id)
