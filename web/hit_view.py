"""A hit as the templates show it: plain values, no markup."""

from __future__ import annotations

from dataclasses import dataclass

from searcher.search.hits import Hit, Snippet
from searcher.search.request import Request
from web.addresses import address, article_address
from web.article_view import ArticleFacts, TextRun, article_facts, text_runs


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


def hit_view(hit: Hit, request: Request) -> HitView:
    """Return the view of a hit of a request."""
    article = hit.article
    in_language = address(request, lang=article.language, page="")
    from_source = address(request, source=article.source, page="")
    return HitView(
        title=text_runs(hit.title),
        link=article_address(article.id, request),
        facts=article_facts(
            article,
            from_source="" if request.source else from_source,
            in_language="" if request.lang else in_language,
        ),
        snippets=[_snippet_view(snippet) for snippet in hit.snippets],
        parts=[(name, f"{score:.3f}") for name, score in hit.parts or ()],
        score=f"{hit.score:.3f}",
    )


def _snippet_view(snippet: Snippet) -> SnippetView:
    return SnippetView(text_runs(snippet), snippet.opens, snippet.closes)
