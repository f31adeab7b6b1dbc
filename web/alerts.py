"""The page of the alerts, and an Atom feed for each alert."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
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
from searcher.text.urls import web_url
from web.addresses import address, alert_feed_address, article_address, story_address
from web.languages import CHOICE, current, gettext, ngettext
from web.pages import unavailable
from web.parameters import search_service

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


def _alarm_view(alarm: Alarm, host: str = "") -> AlarmView:
    """Return the view of an article that an alert found. host: the server's address."""
    found_by = ", ".join(alarm.words)
    words = gettext("found by: %(words)s", words=found_by) if found_by else ""
    with_words = f"{alarm.summary} ({words})" if alarm.summary and words else ""
    return AlarmView(
        id=_urn(alert=alarm.alert, article=alarm.article),
        title=alarm.title,
        link=host + article_address(alarm.article),
        url=web_url(alarm.url),
        source=alarm.source,
        at=iso(alarm.at) or "",
        published=iso(alarm.published) or "",
        words=tuple(alarm.words),
        summary=with_words or alarm.summary or words,
    )


def _by_story(alarms: Sequence[Alarm]) -> list[list[Alarm]]:
    """Return the articles that an alert found by story, the story with the latest one first.

    Without an index, each is a story of its own.
    """
    try:
        numbers = search_service().timelines.numbers(alarm.article for alarm in alarms)
    except SearcherError:
        numbers = {}
    held: dict[int | str, list[Alarm]] = {}
    for alarm in alarms:
        held.setdefault(numbers.get(alarm.article, 0) or alarm.article, []).append(alarm)
    return list(held.values())


def _story_entry(found: Sequence[Alarm], host: str) -> AlarmView:
    """Return the entry of a story: that of the article which was found first. Later ones change its
    title and its time, so that a reader of feeds shows it again.

    found: its articles, the latest first.
    """
    first = _alarm_view(found[-1], host)
    later = found[:-1]
    if not later:
        return first
    names = "; ".join(": ".join(filter(None, (one.source, one.title))) for one in reversed(later))
    news = gettext("New: %(names)s", names=names)
    return replace(
        first,
        title=ngettext(
            "A new version of %(title)s",
            "%(count)s new versions of %(title)s",
            len(later),
            title=first.title,
        ),
        link=host + story_address(found[-1].article),
        at=iso(found[0].at) or "",
        summary=f"{first.summary} {news}".strip(),
    )


def _urn(**names: str) -> str:
    """Return an identifier that is the same on every server."""
    return f"urn:news-searcher:{urlencode(names)}"


def _search_address(alert: Alert) -> str:
    """Return the address of the results of an alert's query in all articles."""
    return address(Request(alert.query, sort="newest", match_all=not alert.wants_any))


def _spoken() -> dict[str, str]:
    """Return the parameter by which a feed speaks the language of this page: readers of feeds often
    ask for none."""
    code = current().code
    return {CHOICE: code} if code != "en" else {}


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
                feed=alert_feed_address(alert.name, **_spoken()),
                latest=[_alarm_view(alarm) for alarm in book.alarms(alert.name, _LATEST)],
            )
            for alert in (book.all() if book else ())
            if book
        ]
    return render_template("alerts.html", alerts=views)


@blueprint.get("/alerts.atom")
def feed() -> Response:
    """Return the articles that an alert found, as an Atom feed (RFC 4287), with an entry for each
    story or, with group=none, for each article. Raises NotFound."""
    name = request.args.get("name", "")
    by_story = request.args.get("group") != "none"
    host = request.host_url.rstrip("/")
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
        link_self=host + alert_feed_address(name, group="" if by_story else "none", **_spoken()),
        link_search=host + _search_address(alert),
        updated=iso(updated),
        entries=[_story_entry(found, host) for found in _by_story(alarms)]
        if by_story
        else [_alarm_view(alarm, host) for alarm in alarms],
    )
    response = Response(text, content_type="application/atom+xml; charset=utf-8")
    response.vary.add("Accept-Language")
    response.add_etag()
    response.last_modified = updated
    response.make_conditional(request)
    return response
