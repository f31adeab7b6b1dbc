"""A hit as the templates show it: plain values, no markup."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from searcher.search.hits import Hit, Snippet
from searcher.search.request import Request
from web.addresses import address, article_addresses
from web.article_view import ArticleFacts, TextRun, article_facts, text_runs
from web.story_view import StoryView, story_view


@dataclass(frozen=True, slots=True)
class SnippetView:
    """A passage of an article."""

    runs: list[TextRun]
    """The text with its marks."""
    opens: bool
    """Whether it begins at the beginning of a sentence."""
    closes: bool
    """Whether it ends at the end of a sentence."""


@dataclass(frozen=True, slots=True)
class HitView:
    """A hit."""

    title: list[TextRun]
    """The title with its marks."""
    link: str
    """Address of the article's page, with the search."""
    facts: ArticleFacts
    """The article's metadata."""
    snippets: list[SnippetView]
    """At most two passages."""
    parts: list[tuple[str, str]]
    """Names and values of the parts of the score; empty unless asked for."""
    score: str
    """The score."""
    story: StoryView | None = None
    """Its story, if that has further articles."""


def hit_views(hits: Iterable[Hit], request: Request, now: datetime | None = None) -> list[HitView]:
    """Return the views of hits of a request. now: the time since which their ages count."""
    link = article_addresses(request)
    in_language = cache(lambda name: address(request, lang=name, page=""))
    from_source = cache(lambda name: address(request, source=f"={name}", page=""))
    return [
        HitView(
            title=text_runs(hit.title),
            link=link(hit.article.id),
            facts=article_facts(
                hit.article,
                from_source="" if request.source else from_source(hit.article.source),
                in_language="" if request.lang else in_language(hit.article.language),
                now=now,
            ),
            snippets=[_snippet_view(snippet) for snippet in hit.snippets],
            parts=[(name, f"{score:.3f}") for name, score in hit.parts or ()],
            score=f"{hit.score:.3f}",
            story=story_view(hit.story, hit.versions, hit.article, link) if hit.story else None,
        )
        for hit in hits
    ]


def _snippet_view(snippet: Snippet) -> SnippetView:
    return SnippetView(text_runs(snippet), snippet.opens, snippet.closes)
