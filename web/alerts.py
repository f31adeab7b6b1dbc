"""Alerts: their page, and an Atom feed for each."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, current_app, render_template, request
from werkzeug.exceptions import NotFound

from searcher.errors import SearcherError, UnknownFeed
from searcher.feeds.alert import Alarm, Alert
from searcher.feeds.state import FeedState
from searcher.feeds.state.alerts import Alerts
from searcher.feeds.subscription import iso
from web.pages import unavailable

blueprint = Blueprint("alerts", __name__)
blueprint.register_error_handler(SearcherError, unavailable)

_LATEST = 3
_IN_FEED = 100


@contextmanager
def _book() -> Iterator[Alerts | None]:
    """The alerts; None where no feeds are followed."""
    path: Path = current_app.extensions["feed_state"]
    if not path.exists():
        yield None
        return
    with FeedState(path) as state:
        yield state.alerts


def _view(alarm: Alarm, root: str = "") -> dict[str, Any]:
    told = f"found by: {', '.join(alarm.words)}" if alarm.words else ""
    # The id is the article's and the alert's, so that a reader of several alerts is told by each.
    return {
        "id": _urn(alert=alarm.alert, article=alarm.article),
        "title": alarm.title,
        "link": f"{root}/article?{urlencode({'id': alarm.article})}",
        "url": alarm.url,
        "source": alarm.source,
        "at": iso(alarm.at),
        "published": iso(alarm.published),
        "words": alarm.words,
        "summary": alarm.summary,
        "told": f"{alarm.summary} ({told})" if alarm.summary and told else alarm.summary or told,
    }


def _urn(**names: str) -> str:
    """What something is called wherever it is served from."""
    return f"urn:news-searcher:{urlencode(names)}"


def _search(alert: Alert) -> str:
    """The address of what an alert would find in all articles."""
    match = {} if alert.wants_any else {"match": "all"}
    return "/search?" + urlencode({"q": alert.query, "sort": "newest", **match})


@blueprint.get("/alerts")
def alerts() -> str:
    """All alerts, with the latest articles of each."""
    with _book() as book:
        counts = book.counts() if book else {}
        views = [
            {
                "name": alert.name,
                "query": alert.query,
                "count": counts.get(alert.name, 0),
                "search": _search(alert),
                "feed": "/alerts.atom?" + urlencode({"name": alert.name}),
                "latest": [_view(alarm) for alarm in book.alarms(alert.name, _LATEST)],
            }
            for alert in (book.all() if book else ())
            if book
        ]
    return render_template("alerts.html", alerts=views)


@blueprint.get("/alerts.atom")
def feed() -> Response:
    """What the alert of that name has found, as an Atom feed (RFC 4287)."""
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
    text = render_template(
        "alerts.atom.xml",
        alert=alert,
        id=_urn(alert=name),
        link_self=f"{root}/alerts.atom?{urlencode({'name': name})}",
        link_search=root + _search(alert),
        updated=iso(alarms[0].at if alarms else alert.added),
        entries=[_view(alarm, root) for alarm in alarms],
    )
    response = Response(text, content_type="application/atom+xml; charset=utf-8")
    response.add_etag()
    response.last_modified = alarms[0].at if alarms else alert.added
    response.make_conditional(request)
    return response
