"""Searches that can be cited: an address that holds the query, its filters and what was found, and
says when the answer has changed since."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from urllib.parse import urlencode

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from searcher.article import Timestamp
from searcher.errors import SearcherError
from searcher.export.formats import FORMATS
from searcher.export.statement import filters_of
from searcher.search.listing import Head
from searcher.search.request import Request
from searcher.wording import said
from web.addresses import address, cited_address, export_address
from web.article_view import long_date
from web.languages import gettext, ngettext
from web.languages import number as count_text
from web.pages import unavailable, unreadable
from web.parameters import chosen, number, search_service, wanted_request

blueprint = Blueprint("cited", __name__)
blueprint.register_error_handler(SearcherError, unavailable)
blueprint.register_error_handler(ValueError, unreadable)

COMPARED = 1_000
"""Maximum number of articles, the latest ones, whose ids a citation holds a digest of. Each takes
40 µs to read again. Of older articles the number is compared alone."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The articles that a search finds, as far as a citation holds them."""

    generation: int
    """Number of the index's commit."""
    total: int
    """Number of articles."""
    digest: str
    """A digest of the ids of the latest ones, in order."""


@dataclass(frozen=True, slots=True)
class CitedPage:
    """A cited search, as the page shows it."""

    query: str
    """Its query."""
    filters: list[tuple[str, str]]
    """Its filters, each with its values."""
    at: str
    """When it was cited, in words."""
    then: Answer
    """The answer at that time."""
    now: Answer
    """The answer now."""
    changed: str
    """A sentence that says whether the answer has changed."""
    citation: str
    """The text of the citation."""
    permalink: str
    """Address of this page."""
    search: str
    """Address of the results now."""
    exports: list[tuple[str, str]]
    """Names of formats, each with the address of an export of the results now."""


@blueprint.get("/cited")
def cited() -> ResponseReturnValue:
    """Show a cited search, and whether its answer has changed; without a citation, redirect to one
    of the answer now."""
    match_all = chosen("match", ("all", "any"), "all") == "all"
    asked = replace(
        wanted_request(page=1, size=10), sort="newest", by_story=False, match_all=match_all
    )
    match = "" if match_all else "&match=any"
    now, head = _answer(asked)
    if "digest" not in request.args:
        stated = {
            "generation": now.generation,
            "at": f"{head.at:%Y-%m-%dT%H:%M:%SZ}",
            "total": now.total,
            "digest": now.digest,
        }
        return redirect(f"{cited_address(asked)}{match}&{urlencode(stated)}")
    then = Answer(number("generation", 0), number("total", 0), request.args["digest"])
    moment = _moment(request.args.get("at", ""))
    permalink = request.root_url.rstrip("/") + request.full_path
    page = CitedPage(
        query=asked.query,
        filters=[(name, _in_words(value)) for name, value in filters_of(asked).items()],
        at=_time(moment),
        then=then,
        now=now,
        changed=_changed(then, now),
        citation=_citation(asked, then, moment, permalink),
        permalink=permalink,
        search=address(asked),
        exports=[(one.title, export_address(asked, one.name) + match) for one in FORMATS.values()],
    )
    return render_template("cited.html", page=page)


def _answer(asked: Request) -> tuple[Answer, Head]:
    """Return what a search finds now."""
    digest = hashlib.sha256()
    with search_service().listings.open(asked, COMPARED) as (head, rows):
        for row in rows:
            digest.update(f"{row.article.id}\0".encode("utf-8", "replace"))
    return Answer(head.generation, head.total, digest.hexdigest()[:12]), head


def _moment(text: str) -> datetime:
    """Return the time of a citation. Raises ValueError."""
    try:
        return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError as error:
        raise ValueError(said("at is a time such as 2024-06-01T12:00:00Z")) from error


def _time(moment: datetime) -> str:
    return long_date(Timestamp(moment, "minute", ""))


def _in_words(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _changed(then: Answer, now: Answer) -> str:
    """Return a sentence that says whether the answer has changed."""
    if then == now:
        return gettext("The answer is the same: nothing was indexed since.")
    if (then.total, then.digest) == (now.total, now.digest):
        return gettext("The answer is the same, though the index has changed since.")
    if then.total == now.total:
        return ngettext(
            "The answer has changed: there is %(count)s article as then, but another one.",
            "The answer has changed: there are %(count)s articles as then, but others.",
            now.total,
        )
    return ngettext(
        "The answer has changed: %(count)s article then, %(now)s now.",
        "The answer has changed: %(count)s articles then, %(now)s now.",
        then.total,
        now=count_text(now.total),
    )


def _citation(asked: Request, then: Answer, moment: datetime, permalink: str) -> str:
    filters = "; ".join(f"{name} {_in_words(value)}" for name, value in filters_of(asked).items())
    about = f"“{asked.query}”" if asked.query else gettext("all articles")
    return ngettext(
        "News search for %(about)s: %(count)s article, %(time)s, index generation "
        "%(generation)s. %(address)s",
        "News search for %(about)s: %(count)s articles, %(time)s, index generation "
        "%(generation)s. %(address)s",
        then.total,
        about=f"{about} ({filters})" if filters else about,
        time=_time(moment),
        generation=then.generation,
        address=permalink,
    )
