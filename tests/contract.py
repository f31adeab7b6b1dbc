"""Seven articles for the tests of engines, and their search."""

from __future__ import annotations

from fakes import NOW, filled, make_article

from searcher.engine.searches import Search
from searcher.query.parser import parse

ARTICLES = [
    make_article("1", "Grain deal signed", "Ships leave Odesa with grain.\n\nThe grain goes to Egypt.", published="2022-07-22", dateline="KYIV, Ukraine"),
    make_article("2", "Ships wait", "The grain ships wait at Odesa for a deal.", published="2022-07-10", source="BBC News", url="https://www.bbc.co.uk/news/1"),
    make_article("3", "Storm over Odesa", "A storm closed the harbour.", published="2023-01-05", authors=("Jane Doe", "John Roe"), agency="AFP"),
    make_article("4", "", "No headline here; F-35 jets and AT&T in the U.S. by 3.5% and $10bn.", section="Business"),
    make_article("5", "Les navires quittent Odessa", "Les navires chargés de céréales.", language="fr", published="2022-07-23"),
    make_article("6", "敖德萨港口", "俄罗斯占领北顿涅茨克市", language="zh", published="2022-06-26"),
    make_article("7", "Путин и Лукашенко", "Президент встретился с президентами.", language="ru", dateline="КИЕВ", published="2022-06-25"),
]  # fmt: skip


def fill(engine, articles=ARTICLES):
    """Add articles to the engine in one commit, and return it."""
    return filled(engine, articles)


def found(engine, query: str, sort="relevance", offset=0, limit=100) -> list[str]:
    """Return the ids of the articles that a query finds, in their order."""
    snapshot = engine.snapshot()
    try:
        return [
            article.id
            for article, _ in snapshot.search(
                Search(parse(query, NOW), sort=sort, offset=offset, limit=limit)
            ).ranked
        ]
    finally:
        snapshot.close()
