"""Articles made of texts that a benchmark has."""

from __future__ import annotations

from collections.abc import Iterable

from searcher.article import Article, Origin, Timestamp


def made(
    article_id: str,
    headline: str,
    paragraphs: Iterable[str],
    published: Timestamp | None = None,
    source: str = "",
) -> Article:
    """Return an article. Empty paragraphs are left out."""
    return Article(
        id=article_id,
        headline=headline,
        paragraphs=tuple(text for text in paragraphs if text.strip()),
        authors=(),
        source=source,
        section="",
        language="en",
        language_confidence=1.0,
        published=published,
        updated=None,
        url="",
        origin=Origin(article_id),
        format="text",
    )
