"""The pages. Their addresses are their whole state; they need no script."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException, NotFound

from searcher.article import Article
from searcher.errors import SearcherError
from searcher.export.citations import CITATIONS, plain
from searcher.query.fields import ROWS
from searcher.search.hits import Marked
from searcher.search.request import Request
from searcher.text.urls import shown_url
from web import operations
from web.addresses import (
    address,
    archived_address,
    article_address,
    citation_address,
    comparison_address,
    hidden_inputs,
    root,
    similar_address,
    story_address,
    versions_address,
)
from web.advanced import advanced_form
from web.article_view import (
    ArticleFacts,
    TextRun,
    article_facts,
    changes_line,
    citation_words,
    listed,
    places_of,
    text_runs,
    version_views,
)
from web.attention_view import MOST_BARS, attention_view, shown_value
from web.compared import NotCompared, compared_articles, comparison_page
from web.filters_view import PAGE_FACETS
from web.hit_view import hit_views
from web.languages import gettext, say
from web.parameters import attention_step, run_attention, run_search, search_request, search_service
from web.results_view import results_view
from web.story_map import story_map
from web.story_view import story_label
from web.timeline_view import timeline_page

blueprint = Blueprint("pages", __name__)


@blueprint.get("/")
def home() -> ResponseReturnValue:
    """Show the search box and the newest articles."""
    articles = search_service().articles
    return render_template(
        "home.html",
        newest=[listed(article) for article in articles.newest()],
        count=articles.count(),
        languages=len(articles.facet("language")),
    )


@blueprint.get("/search")
def search() -> ResponseReturnValue:
    """Show the hits for q and the filters; without any of them, redirect to the home page."""
    asked = search_request()
    if asked == Request(""):
        return redirect(f"{root()}/")
    service, hits = search_service(), run_search(replace(asked, facets=PAGE_FACETS))
    results = results_view(
        asked, hits, service.half_life, service.now(), request.args.get("all", "")
    )
    return render_template("search.html", results=results)


@blueprint.get("/attention")
def attention() -> ResponseReturnValue:
    """Show how many articles of each period q and the filters find; without any of them, redirect
    to the home page."""
    asked, shown = search_request(), shown_value(request.args.get("view", ""))
    if asked == Request(""):
        return redirect(f"{root()}/")
    found = run_attention(asked, MOST_BARS)
    counted = search_service().run(replace(asked, facets=("source",), page=1, size=1))
    page = attention_view(asked, found, attention_step(), shown, counted.facets["source"])
    return render_template("attention.html", page=page)


@dataclass(frozen=True, slots=True)
class ArticlePage:
    """The page of an article. Addresses are "" where there is nothing to link."""

    facts: ArticleFacts
    """Its metadata."""
    title: list[TextRun]
    """Its headline with the marks; empty if it has none."""
    plain_title: str
    """Its headline, or the beginning of its text."""
    paragraphs: list[list[TextRun]]
    """Its text with the marks."""
    marks: int
    """Number of the marks."""
    query: str
    """The query of the search that led here."""
    hidden: list[tuple[str, str]]
    """Parameters that the search box keeps."""
    back: str
    """Address of the results of that search."""
    version: str
    """Number of the version; "" for the newest one."""
    changed: str
    """A sentence on how often it changed; "" if it never did."""
    versions: str
    """Address of the list of its versions."""
    similar: str
    """Address of the articles like it."""
    places: list[tuple[str, str]]
    """The places in its file where its values were found, each with the values in words."""
    archived: str
    """Address of its copies in a public archive of the web."""
    citation: str
    """Its citation as text."""
    citations: list[tuple[str, str]]
    """Names of the formats of its citation, each with the address of that."""
    story: str
    """The size of its story in words; "" if that has no other article."""
    timeline: str
    """Address of the story over time."""
    feeds: list[str]
    """Addresses of the feeds that carried it, for reading."""


@blueprint.get("/article")
def article() -> ResponseReturnValue:
    """Show the article with the given id, or one of its versions.

    The words of the search in the rest of the address are marked in the newest version.
    """
    article_id, version = request.args.get("id", ""), request.args.get("version", "")
    found = search_service().articles.get(article_id)
    if found is None:
        return _no_such_article(article_id)
    asked = search_request()
    title, paragraphs = Marked(found.title), tuple(map(Marked, found.paragraphs))
    if version:
        earlier = _version(found, version)
        if earlier is None:
            return _no_such_version(version)
        found = replace(earlier, versions=found.versions)
        title, paragraphs = Marked(found.title), tuple(map(Marked, found.paragraphs))
    elif asked.query:
        title, paragraphs = search_service().marked(found, asked)
    story = search_service().timelines.story(found)
    page = ArticlePage(
        facts=article_facts(found),
        title=text_runs(title) if found.headline else [],
        plain_title=found.title,
        paragraphs=[text_runs(paragraph) for paragraph in paragraphs],
        marks=sum(len(one.highlights) for one in (title, *paragraphs)),
        query=asked.query,
        hidden=hidden_inputs(asked),
        back=address(asked) if asked != Request("") else "",
        version=version,
        changed=changes_line(found),
        versions=versions_address(found),
        similar=similar_address(found),
        places=places_of(found),
        archived=archived_address(found),
        citation=plain(found, datetime.now(UTC), citation_words()),
        citations=[(one.label, citation_address(found, name)) for name, one in CITATIONS.items()],
        story=story_label(story) if story else "",
        timeline=story_address(found.id),
        feeds=[shown_url(feed).partition("://")[2] for feed in found.feeds],
    )
    return render_template("article.html", page=page)


def _version(found: Article, number: str) -> Article | None:
    """Return the version that an address names, counted from 1."""
    # A number of more digits than these is too large whatever follows.
    return search_service().versions.read(found, int(number[:9])) if number.isdecimal() else None


def _no_such_article(article_id: str) -> ResponseReturnValue:
    return _error(
        gettext("No such article"), gettext("There is no article %(id)s.", id=article_id), 404
    )


def _no_such_version(number: str) -> ResponseReturnValue:
    message = gettext("There is no version %(number)s of it in the archive.", number=number)
    return _error(gettext("No such version"), message, 404)


def _error(title: str, message: str, status: int) -> tuple[str, int]:
    return render_template("error.html", title=title, message=message), status


@blueprint.get("/versions")
def versions() -> ResponseReturnValue:
    """Show what changed in the article with the given id, the newest version first."""
    article_id = request.args.get("id", "")
    service = search_service()
    found = service.articles.get(article_id)
    if found is None:
        return _no_such_article(article_id)
    return render_template(
        "versions.html",
        title=found.title,
        link=article_address(found.id),
        lang=found.language,
        versions=version_views(found, service.versions.all(found)),
    )


@blueprint.get("/compare")
def compare() -> ResponseReturnValue:
    """Show the articles with the ids a and b side by side, with their differences marked."""
    try:
        first, second = compared_articles(search_service(), request.args)
    except NotCompared as error:
        return _error(gettext("Not compared"), _told(error), error.status)
    return render_template("compare.html", page=comparison_page(first, second, request.args))


@blueprint.get("/story")
@blueprint.get("/story/<path:article_id>")
def timeline(article_id: str = "") -> ResponseReturnValue:
    """Show the story over time that the article with this id, in the path or as `id`, belongs
    to."""
    article_id = article_id or request.args.get("id", "")
    found = search_service().timelines.read(article_id)
    if found is None:
        return _no_such_article(article_id)
    page = timeline_page(found)
    return render_template("story.html", page=page, map=story_map(found, page.events))


@blueprint.get("/similar")
def similar() -> ResponseReturnValue:
    """Show the articles like the one with the given id."""
    article_id = request.args.get("id", "")
    service = search_service()
    found, original = service.similar.find(article_id), service.articles.get(article_id)
    if found is None or original is None:
        return _no_such_article(article_id)
    return render_template(
        "similar.html",
        title=original.title,
        link=article_address(original.id),
        hits=hit_views(found.hits, Request("")),
        comparisons=[comparison_address(original.id, hit.article.id) for hit in found.hits],
        words=found.words,
    )


@blueprint.get("/advanced")
def advanced() -> ResponseReturnValue:
    """Show the form that writes a query; with search=on, redirect to the results of the query."""
    form, typed = advanced_form(request.args), request.args.get("q", "")
    link = address(Request(form.query)) if form.query else ""
    if link and request.args.get("search"):
        return redirect(link)
    too_much = bool(typed.strip()) and not form.query
    return render_template(
        "advanced.html", form=form, query=form.query, link=link, too_much=too_much
    )


@blueprint.get("/help")
def help_page() -> ResponseReturnValue:
    """Show the query language."""
    return render_template("help.html", rows=ROWS)


def _told(error: Exception) -> str:
    """Return the message of an error, in the language of the page if it can be said in it."""
    return say(error.args[0]) if error.args and isinstance(error.args[0], str) else str(error)


@blueprint.errorhandler(ValueError)
def unreadable(error: ValueError) -> ResponseReturnValue:
    """Show the message about a parameter that cannot be read."""
    return _error(gettext("This search cannot be read"), _told(error), 400)


@blueprint.errorhandler(SearcherError)
def unavailable(error: SearcherError) -> ResponseReturnValue:
    """Show why the index, or the state of the feeds, cannot be read."""
    return _error(gettext("The index is not available"), _told(error), 503)


@blueprint.app_errorhandler(HTTPException)
def refused(error: HTTPException) -> ResponseReturnValue:
    """Show why a request is refused: as JSON to callers of the API, as a page to others."""
    if request.path.startswith("/api/"):
        return operations.refused(error)
    if isinstance(error, NotFound):
        message = gettext("There is nothing at this address.")
        return _error(gettext("No such page"), message, 404)
    message = gettext("The server cannot answer this request (%(code)s).", code=error.code)
    return _error(gettext("Not answered"), message, error.code or 500)
