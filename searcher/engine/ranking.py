"""The order of results, the same in every engine."""

from __future__ import annotations

from searcher.article import Article
from searcher.columnar.constants import SCORE_DIGITS
from searcher.engine.protocol import Sort
from searcher.query.tree import Warning

BUDGET_SPENT = Warning(
    "the search took too long and was cut short: the result is not complete", (0, 0)
)
"""Warning of a search that spent its time budget."""


def rank_key(article: Article, score: float, sort: Sort) -> tuple[float, float, float, str]:
    """Return the key that sorts articles best first: by score or date, then by date, the later
    first and those without one last, then by id."""
    dated = article.published is not None
    seconds = article.published.value.timestamp() if article.published else 0.0
    by_date = seconds if sort == "oldest" else -seconds
    by_score = -round(score, SCORE_DIGITS) if sort == "relevance" else 0.0
    return (by_score, 0.0 if dated else 1.0, by_date if dated else 0.0, article.id)
