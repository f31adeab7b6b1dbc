"""The operator's page: feeds and their health, the index, saved searches; and its two forms.

Off unless the server listens on this machine alone, or has a token (web.guard).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from flask import Blueprint, Response, current_app, redirect, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import Forbidden, NotFound

from searcher.alerts.saving import checked_alert
from searcher.article import Timestamp
from searcher.clock import SystemClock
from searcher.errors import SearcherError
from searcher.feeds.state import FeedState
from searcher.feeds.subscription import Mode, Subscription
from searcher.search.request import Request
from searcher.text.urls import feed_url, shown_url
from searcher.wording import said
from web import guard
from web.addresses import address, alert_feed_address, root
from web.article_view import ListedArticle, ago, listed, long_date
from web.languages import decimal_text, gettext, ngettext, say
from web.pages import unavailable
from web.parameters import search_service

blueprint = Blueprint("operator", __name__)
blueprint.register_error_handler(SearcherError, unavailable)

_LATEST = 10
"""Number of the articles of today that are listed."""
_TODAY = Request("after:today", sort="newest", size=_LATEST, by_story=False)


@dataclass(frozen=True, slots=True)
class FeedView:
    """A feed."""

    name: str
    """Its title, or its address without a password."""
    address: str
    """Its address without a password."""
    health: str
    """How the last try ended, in words."""
    is_ill: bool
    """Whether something has to be done about it."""
    problem: str
    """Reason of the last failure, in English, or ""."""
    received: str
    """When it was last received, in words."""
    next: str
    """When it is requested next, in words."""
    a_day: str
    """Number of its articles a day."""


@dataclass(frozen=True, slots=True)
class SavedView:
    """A saved search."""

    name: str
    """Its name."""
    query: str
    """Its query."""
    count: int
    """Number of articles that it found."""
    search: str
    """Address of the results of its query."""
    feed: str
    """Address of its Atom feed."""


@dataclass(frozen=True, slots=True)
class OperatorPage:
    """The page."""

    articles: int
    """Number of articles of the index."""
    generation: int
    """Number of its last commit."""
    size: str
    """Its size on the disk, in words."""
    today: list[ListedArticle]
    """The latest articles of today, in UTC."""
    total_today: int
    """Number of the articles of today."""
    all_today: str
    """Address of all of them."""
    feeds: list[FeedView]
    """The feeds, those that fail first."""
    waiting: int
    """Number of pages that are still to be fetched."""
    saved: list[SavedView]
    """The saved searches."""
    typed: str
    """The query that is to be saved, or ""."""
    form: str
    """The value by which a form of this page is known."""
    message: str
    """Outcome of the form that was sent, or ""."""
    problem: str
    """Why the form that was sent has no effect, or ""."""


@blueprint.before_request
def check() -> ResponseReturnValue | None:
    """Return a refusal, 404 without such a page and 401 without its token; None to go on."""
    if not guard.is_offered():
        raise NotFound
    if guard.is_allowed():
        return None
    body, status = gettext("The operator's page needs its token as a password."), 401
    return Response(
        body, status, {"WWW-Authenticate": 'Basic realm="News search", charset="UTF-8"'}
    )


@blueprint.get("/operator")
def operator() -> ResponseReturnValue:
    """Show the page."""
    done = {
        "feed": gettext("The feed is followed. The next refresh fetches it."),
        "alert": gettext("The search is saved. New articles are compared with it."),
    }
    return _page(message=done.get(request.args.get("done", ""), ""))


@blueprint.post("/operator/feeds")
def follow() -> ResponseReturnValue:
    """Follow the feed at the address `url`."""
    return _sent("feed", _follow)


@blueprint.post("/operator/alerts")
def save() -> ResponseReturnValue:
    """Save the search `query` under the name `name`."""
    return _sent("alert", _save)


def _sent(done: str, act: Callable[[], None]) -> ResponseReturnValue:
    if not guard.is_own_form():
        raise Forbidden
    try:
        act()
    except ValueError as error:
        return _page(problem=say(error.args[0])), 400
    return redirect(f"{root()}/operator?done={done}", 303)


def _follow() -> None:
    typed = request.form.get("url", "").strip()
    url = feed_url(typed)
    if not url:
        raise ValueError(said("“%(address)s” is not a web address", address=typed[:200]))
    mode: Mode = "entry" if request.form.get("mode") == "entry" else "page"
    with FeedState(_path()) as state:
        if not state.subscriptions.add(url, mode, SystemClock().now()):
            raise ValueError(said("%(address)s is followed already", address=shown_url(url)))


def _save() -> None:
    name, query = request.form.get("name", ""), request.form.get("query", "")
    alert = checked_alert(name, query, SystemClock().now())
    with FeedState(_path()) as state:
        if not state.alerts.add(alert):
            raise ValueError(said("there is an alert “%(name)s” already", name=alert.name))


def _path() -> Path:
    path: Path = current_app.extensions["feed_state"]
    return path


@contextmanager
def _state() -> Iterator[FeedState | None]:
    """Yield the state of the feeds; None if there is none yet."""
    if not _path().exists():
        yield None
        return
    with FeedState(_path()) as state:
        yield state


def _page(message: str = "", problem: str = "") -> str:
    service, now = search_service(), SystemClock().now()
    generation, count = service.articles.state()
    today = service.run(_TODAY)
    with _state() as state:
        feeds, waiting, saved = [], 0, []
        if state:
            pace = state.entries.a_day(now)
            found = sorted(state.subscriptions.all(), key=lambda one: not one.failures)
            feeds = [_feed_view(one, pace.get(one.url, 0.0), now) for one in found]
            waiting = state.pages.count_waiting()
            counts = state.alerts.counts()
            saved = [
                SavedView(
                    name=one.name,
                    query=one.query,
                    count=counts.get(one.name, 0),
                    search=address(Request(one.query, sort="newest", match_all=not one.wants_any)),
                    feed=alert_feed_address(one.name),
                )
                for one in state.alerts.all()
            ]
    page = OperatorPage(
        articles=count,
        generation=generation,
        size=_size(current_app.extensions["index"]),
        today=[listed(hit.article) for hit in today.hits],
        total_today=today.total,
        all_today=address(_TODAY, n=""),
        feeds=feeds,
        waiting=waiting,
        saved=saved,
        typed=(request.form.get("query") or request.args.get("query", ""))[:4000],
        form=guard.form_token(),
        message=message,
        problem=problem[:1].upper() + problem[1:],
    )
    return render_template("operator.html", page=page)


def _feed_view(one: Subscription, a_day: float, now: datetime) -> FeedView:
    shown = shown_url(one.url)
    return FeedView(
        name=one.title or shown,
        address=shown,
        health=_health(one),
        is_ill=one.gone or one.failures > 0,
        problem=one.problem,
        received=_ago(one.succeeded, now) if one.succeeded else gettext("never"),
        next=_next(one, now),
        a_day=decimal_text(a_day),
    )


def _health(one: Subscription) -> str:
    match one.health:
        case "new":
            return gettext("not yet fetched")
        case "ok":
            return gettext("in order")
        case "gone":
            return gettext("gone for good; it is not fetched again")
    return ngettext("%(count)s try failed", "%(count)s tries failed", one.failures)


def _ago(moment: datetime, now: datetime) -> str:
    return ago(Timestamp(moment, "minute", ""), now)


def _next(one: Subscription, now: datetime) -> str:
    if one.gone:
        return gettext("never")
    if one.next_try <= now + timedelta(minutes=1):
        return gettext("now")
    return long_date(Timestamp(one.next_try, "minute", ""))


def _size(folder: Path) -> str:
    """Return the size of a folder's files in words."""
    try:
        size = sum(one.stat().st_size for one in folder.iterdir() if one.is_file())
    except OSError:
        size = 0
    return gettext("%(size)s MB", size=decimal_text(size / 1e6))
