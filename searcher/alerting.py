"""New articles compared with the saved searches, and those told of it who asked to be."""

from __future__ import annotations

import json
import logging
import shlex
import subprocess
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from searcher.article import Article
from searcher.engine.arrivals import Arrivals
from searcher.engine.arrivals import SavedQueries
from searcher.errors import FetchFailed
from searcher.errors import IndexMissing
from searcher.errors import SearcherError
from searcher.feeds.alerts import Alarm
from searcher.feeds.alerts import Alert
from searcher.feeds.alerts import AlertBook
from searcher.highlight import Highlighter
from searcher.hits import Marked
from searcher.logs import log
from searcher.protocols import Clock
from searcher.protocols import Engine
from searcher.protocols import Exchange
from searcher.query import Query
from searcher.query_parser import parse
from searcher.text.folding import fold

_MOST_WORDS = 12
_SUMMARY = 300
DELIVERY_SECONDS = 10.0
_COMMAND_SECONDS = 60.0
_TAKEN = range(200, 300)

Post = Callable[[str, bytes, Mapping[str, str]], Exchange]


class Watchman:
    """Compares new articles with the alerts before they are committed: a crash in between finds them again, and an
    alarm is noted once."""

    def __init__(self, book: AlertBook, engine: Engine, clock: Clock) -> None:
        self._book = book
        self._engine = engine
        self._clock = clock
        self._alerts: list[Alert] = []
        self._day = date.min
        self._queries = SavedQueries(())

    def see(self, articles: Sequence[Article]) -> None:
        """Notes which of these articles trigger which alerts."""
        alerts = self._book.alerts()
        if not alerts:
            return
        today = self._clock.now().date()
        if alerts != self._alerts or today != self._day:
            self._alerts, self._day = alerts, today
            self._queries = SavedQueries((alert.name, self._query(alert)) for alert in alerts)
        count = self._book.sound(self._alarms(articles))
        if count:
            log("alerts triggered", alarms=count)

    def _query(self, alert: Alert) -> Query:
        """The query as an alert means it. Relative dates in it count from today."""
        query = parse(alert.query, self._clock.now())
        return query if alert.wants_any else replace(query, match_all=True)

    def _alarms(self, articles: Sequence[Article]) -> Iterator[tuple[Alert, Alarm, tuple[str, ...]]]:
        by_name = {alert.name: alert for alert in self._alerts}
        try:
            with self._engine.snapshot() as snapshot:
                arrivals = Arrivals(articles, snapshot.vocabulary)
                found = list(self._queries.matches(arrivals))
        except IndexMissing:
            found = list(self._queries.matches(Arrivals(articles, None)))
        for name, ranking in found:
            alert, highlighter = by_name[name], Highlighter(ranking.patterns)
            for article, _ in ranking.ranked:
                if alert.is_news(article):
                    yield alert, self._alarm(alert, article, highlighter), article.former

    def _alarm(self, alert: Alert, article: Article, highlighter: Highlighter) -> Alarm:
        marked = (highlighter.mark_title(article), *highlighter.mark_body(article))
        published = article.published.value if article.published else None
        summary = next(iter(article.paragraphs if article.headline else article.paragraphs[1:]), "")
        return Alarm(
            alert.name,
            article.id,
            self._clock.now(),
            article.title,
            article.url,
            article.source,
            published,
            _words(marked),
            summary if len(summary) <= _SUMMARY else summary[:_SUMMARY].rpartition(" ")[0] + " …",
        )


def _words(texts: Sequence[Marked]) -> tuple[str, ...]:
    """The words that are marked, each in the form in which it comes first."""
    found: dict[str, str] = {}
    for marked in texts:
        for start, end in marked.highlights:
            found.setdefault(fold(marked.text[start:end]), marked.text[start:end])
    return tuple(found.values())[:_MOST_WORDS]


def deliver(book: AlertBook, clock: Clock, post: Post) -> None:
    """Delivers what alerts are to tell, each alert's articles together; what fails is tried again later.

    post: sends to a webhook.
    """
    alerts = {alert.name: alert for alert in book.alerts()}
    for name, alarms in book.undelivered(clock.now()).items():
        alert = alerts.get(name)
        if alert is None:
            # Removed since it was read, or made: the next time tells.
            continue
        payload = {"alert": name, "query": alert.query, "articles": [alarm.to_json() for _, alarm in alarms]}
        numbers = [number for number, _ in alarms]
        try:
            _tell(alert, json.dumps(payload, ensure_ascii=False).encode(), post)
        except (OSError, ValueError, subprocess.SubprocessError, SearcherError) as error:
            log("alert not delivered", logging.WARNING, alert=name, articles=len(numbers), reason=_reason(error))
            book.settle(numbers, False, clock.now())
        else:
            log("alert delivered", alert=name, articles=len(numbers))
            book.settle(numbers, True, clock.now())


def _reason(error: Exception) -> str:
    """Why a message was not taken, without the address or the command, which may hold secrets."""
    match error:
        case FetchFailed():
            return error.reason
        case subprocess.CalledProcessError():
            return f"the command ended with {error.returncode}"
        case subprocess.TimeoutExpired():
            return f"the command took longer than {error.timeout:g} s"
        case _:
            return str(error)


def _tell(alert: Alert, payload: bytes, post: Post) -> None:
    """Raises OSError, ValueError, SubprocessError or SearcherError when the message was not taken."""
    if alert.webhook:
        answer = post(alert.webhook, payload, {"Content-Type": "application/json; charset=utf-8"})
        if answer.status not in _TAKEN:
            raise FetchFailed(alert.webhook, f"the server answered {answer.status}")
    if alert.command:
        subprocess.run(
            shlex.split(alert.command),
            input=payload,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=_COMMAND_SECONDS,
            check=True,
        )
