"""The order of results, the same in every engine."""

from __future__ import annotations

from searcher.article import Article
from searcher.columnar.collector import SCORE_DIGITS
from searcher.hits import Sort
from searcher.query import Warning

BUDGET_SPENT = Warning("the search took too long and was cut short: the result is not complete", (0, 0))


def rank_key(article: Article, score: float, sort: Sort) -> tuple[float, float, float, str]:
    """Sorts best first: by score or date, then the later date (those without one last), then the smaller id."""
    dated = article.published is not None
    seconds = article.published.value.timestamp() if article.published else 0.0
    by_date = seconds if sort == "oldest" else -seconds
    by_score = -round(score, SCORE_DIGITS) if sort == "relevance" else 0.0
    return (by_score, 0.0 if dated else 1.0, by_date if dated else 0.0, article.id)
