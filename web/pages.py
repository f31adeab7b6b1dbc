"""The pages. Their addresses are their whole state; they need no script."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, redirect, render_template, request
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from searcher.article import Article
from searcher.errors import SearcherError
from searcher.query.help import ROWS
from searcher.search.hits import Marked
from searcher.search.request import Request
from web.parameters import run_search, search_request, search_service
from web.presenter import (
    address,
    article_address,
    facts,
    hidden_inputs,
    hit_view,
    pieces,
    results_view,
    similar_address,
)
from web.versions import changes_line, versions_address, versions_view

blueprint = Blueprint("pages", __name__)

Page = tuple[str, int] | str | Response


@blueprint.get("/")
def home() -> Page:
    """The search box, and the newest articles."""
    service = search_service()
    newest = [
        {**facts(item), "title": item.title, "link": article_address(item)}
        for item in service.articles.newest()
    ]
    languages = len(service.articles.facet("language"))
    return render_template(
        "home.html", newest=newest, count=service.articles.count(), languages=languages
    )


@blueprint.get("/search")
def search() -> Page:
    """Hits for q and the filters; without any of them there is nothing to show."""
    asked = search_request()
    if asked == Request(""):
        return redirect("/")
    return render_template(
        "search.html", **results_view(asked, run_search(asked), search_service().half_life)
    )


def _no_such_article(article_id: str) -> Page:
    return render_template(
        "error.html", title="No such article", message=f"There is no article {article_id}."
    ), 404


@blueprint.get("/article")
def article() -> Page:
    """The article with the given id, the words of the search marked that the rest of the address
    states."""
    article_id = request.args.get("id", "")
    service = search_service()
    found = service.articles.get(article_id)
    if found is None:
        return _no_such_article(article_id)
    asked = search_request()
    if asked.query:
        title, paragraphs = service.marked(found, asked)
    else:
        title, paragraphs = Marked(found.title), tuple(map(Marked, found.paragraphs))
    number = request.args.get("version", "")
    if number:
        earlier = _version(found, number)
        if earlier is None:
            message = f"There is no version {number} of it in the archive."
            return render_template("error.html", title="No such version", message=message), 404
        found = replace(earlier, versions=found.versions)
        title, paragraphs = Marked(found.title), tuple(map(Marked, found.paragraphs))
    return render_template(
        "article.html",
        article=facts(found),
        title=pieces(title) if found.headline else [],
        plain_title=found.title,
        paragraphs=[pieces(paragraph) for paragraph in paragraphs],
        request=asked,
        back=address(asked) if asked != Request("") else "",
        hidden=hidden_inputs(asked),
        similar=similar_address(found),
        version=number,
        changed=changes_line(found),
        versions=versions_address(found),
    )


def _version(article: Article, number: str) -> Article | None:
    """The version of an article that an address names, counted from 1."""
    if not number.isdecimal() or not 0 < int(number[:9]) <= len(article.versions):
        return None
    return search_service().versions.read(article, int(number))


@blueprint.get("/versions")
def versions() -> Page:
    """What changed in the article with the given id since it appeared, the latest first."""
    article_id = request.args.get("id", "")
    service = search_service()
    found = service.articles.get(article_id)
    if found is None:
        return _no_such_article(article_id)
    return render_template(
        "versions.html",
        title=found.title,
        link=article_address(found),
        lang=found.language,
        versions=versions_view(found, service.versions.all(found)),
    )


@blueprint.get("/similar")
def similar() -> Page:
    """Articles like the one with the given id."""
    article_id = request.args.get("id", "")
    service = search_service()
    found, article = service.similar.find(article_id), service.articles.get(article_id)
    if found is None or article is None:
        return _no_such_article(article_id)
    hits, words = found
    return render_template(
        "similar.html",
        title=article.title,
        link=article_address(article),
        hits=[hit_view(hit, Request("")) for hit in hits],
        words=words,
    )


@blueprint.get("/help")
def help_page() -> Page:
    """The query language."""
    return render_template("help.html", rows=ROWS)


@blueprint.errorhandler(ValueError)
def unreadable(error: ValueError) -> Page:
    return render_template(
        "error.html", title="This search cannot be read", message=str(error)
    ), 400


@blueprint.errorhandler(SearcherError)
def unavailable(error: SearcherError) -> Page:
    """What to show while the index, or the state of the feeds, cannot be read."""
    return render_template(
        "error.html", title="The index is not available", message=str(error)
    ), 503


@blueprint.app_errorhandler(HTTPException)
def refused(error: HTTPException) -> Page | tuple[dict[str, str], int]:
    message = error.description or "The server cannot answer this request."
    if request.path.startswith("/api/"):
        return {"error": message}, error.code or 500
    return render_template("error.html", title=error.name, message=message), error.code or 500
