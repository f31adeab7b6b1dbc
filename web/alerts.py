"""The page of the alerts, and an Atom feed for each alert."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from flask import Blueprint, Response, current_app, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from searcher.errors import SearcherError, UnknownFeed
from searcher.feeds.alert import Alarm, Alert
from searcher.feeds.state import FeedState
from searcher.feeds.state.alerts import Alerts
from searcher.feeds.subscription import iso
from searcher.search.request import Request
from web.addresses import address, article_address
from web.pages import unavailable

blueprint = Blueprint("alerts", __name__)
blueprint.register_error_handler(SearcherError, unavailable)

_LATEST = 3
"""Maximum number of articles shown with each alert on the page."""
_IN_FEED = 100
"""Maximum number of articles in the feed of an alert."""


@contextmanager
def _book() -> Iterator[Alerts | None]:
    """Yield the alerts; None if there is no state of feeds and alerts."""
    path: Path = current_app.extensions["feed_state"]
    if not path.exists():
        yield None
        return
    with FeedState(path) as state:
        yield state.alerts


@dataclass(frozen=True, slots=True)
class AlarmView:
    """An article that an alert found."""

    id: str
    """Identifier of the entry. It contains the article and the alert, so an article in two feeds is
    new in both."""
    title: str
    """Title of the article."""
    link: str
    """Address of its page here."""
    url: str
    """Its address at its source."""
    source: str
    """Its outlet."""
    at: str
    """Moment at which the alert found it, ISO 8601."""
    published: str
    """Its date of publication, ISO 8601; "" without one."""
    words: tuple[str, ...]
    """Words of the article that matched."""
    summary: str
    """A passage of it, and the words that matched."""


@dataclass(frozen=True, slots=True)
class AlertView:
    """An alert and its latest articles."""

    name: str
    """Its name."""
    query: str
    """Its query."""
    count: int
    """Number of articles that it found."""
    search: str
    """Address of the results of its query in all articles."""
    feed: str
    """Address of its Atom feed."""
    latest: list[AlarmView]
    """The articles that it found last."""


def _alarm_view(alarm: Alarm, root: str = "") -> AlarmView:
    """Return the view of an article that an alert found. root: the server's address."""
    words = f"found by: {', '.join(alarm.words)}" if alarm.words else ""
    with_words = f"{alarm.summary} ({words})" if alarm.summary and words else ""
    return AlarmView(
        id=_urn(alert=alarm.alert, article=alarm.article),
        title=alarm.title,
        link=root + article_address(alarm.article),
        url=alarm.url,
        source=alarm.source,
        at=iso(alarm.at) or "",
        published=iso(alarm.published) or "",
        words=tuple(alarm.words),
        summary=with_words or alarm.summary or words,
    )


def _urn(**names: str) -> str:
    """Return an identifier that is the same on every server."""
    return f"urn:news-searcher:{urlencode(names)}"


def _search_address(alert: Alert) -> str:
    """Return the address of the results of an alert's query in all articles."""
    return address(Request(alert.query, sort="newest", match_all=not alert.wants_any))


def _feed_address(name: str) -> str:
    return f"/alerts.atom?{urlencode({'name': name})}"


@blueprint.get("/alerts")
def alerts() -> ResponseReturnValue:
    """Show all alerts with the latest articles of each."""
    with _book() as book:
        counts = book.counts() if book else {}
        views = [
            AlertView(
                name=alert.name,
                query=alert.query,
                count=counts.get(alert.name, 0),
                search=_search_address(alert),
                feed=_feed_address(alert.name),
                latest=[_alarm_view(alarm) for alarm in book.alarms(alert.name, _LATEST)],
            )
            for alert in (book.all() if book else ())
            if book
        ]
    return render_template("alerts.html", alerts=views)


@blueprint.get("/alerts.atom")
def feed() -> Response:
    """Return the articles that an alert found, as an Atom feed (RFC 4287). Raises NotFound."""
    name = request.args.get("name", "")
    root = request.url_root.rstrip("/")
    with _book() as book:
        try:
            alert = book.get(name) if book else None
        except UnknownFeed:
            alert = None
        if alert is None or book is None:
            raise NotFound(f"There is no alert {name}.")
        alarms = book.alarms(name, _IN_FEED)
    updated = alarms[0].at if alarms else alert.added
    text = render_template(
        "alerts.atom.xml",
        alert=alert,
        id=_urn(alert=name),
        link_self=root + _feed_address(name),
        link_search=root + _search_address(alert),
        updated=iso(updated),
        entries=[_alarm_view(alarm, root) for alarm in alarms],
    )
    response = Response(text, content_type="application/atom+xml; charset=utf-8")
    response.add_etag()
    response.last_modified = updated
    response.make_conditional(request)
    return response
