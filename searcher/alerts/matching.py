"""Matching of new articles against the alerts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta

from searcher.alerts.reverse_search import NewArticles, SavedQueries
from searcher.article import Article
from searcher.clock import Clock
from searcher.engine.protocol import Engine
from searcher.errors import IndexMissing
from searcher.feeds.alert import Alarm, Alert
from searcher.feeds.state.alerts import Alerts
from searcher.logs import log
from searcher.query.parser import parse
from searcher.query.tree import Query
from searcher.search.highlight import Highlighter
from searcher.search.hits import Marked
from searcher.text.folding import fold

_MOST_WORDS = 12
"""Maximum number of matching words that an alarm lists. More do not fit into a line."""

_SUMMARY = 300
"""Maximum number of characters of an alarm's summary: about two sentences."""

_CLOCK_SLACK = timedelta(minutes=5)
"""Maximum time by which an alert may be newer than the clock. A larger difference means that the
clock was set back. Clocks of machines that share a folder differ by less."""


class AlertMatcher:
    """Matches new articles against the alerts before they are committed to the index.

    After a crash in between they are matched again. An alarm is stored once.
    """

    def __init__(self, alerts: Alerts, engine: Engine, clock: Clock) -> None:
        self._alerts = alerts
        self._engine = engine
        self._clock = clock
        self._compiled: list[Alert] = []
        """The alerts that `_queries` was made from."""
        self._day = date.min
        """The day on which `_queries` was made; relative dates in queries depend on it."""
        self._queries = SavedQueries(())

    def match(self, articles: Sequence[Article]) -> None:
        """Store an alarm for each alert that one of these articles matches. Raises WriteFailed."""
        alerts = self._current_alerts()
        if not alerts:
            return
        today = self._clock.now().date()
        if alerts != self._compiled or today != self._day:
            self._compiled, self._day = alerts, today
            self._queries = SavedQueries((alert.name, self._query(alert)) for alert in alerts)
        count = self._alerts.add_alarms(self._alarms(articles))
        if count:
            log("alerts triggered", alarms=count)

    def _current_alerts(self) -> list[Alert]:
        """Return the alerts. Alerts that were made while the clock was ahead get the current time.
        Otherwise they would match nothing until the clock reaches their time."""
        now = self._clock.now()
        alerts = self._alerts.all()
        ahead = [alert.name for alert in alerts if alert.added > now + _CLOCK_SLACK]
        if not ahead:
            return alerts
        self._alerts.redate(ahead, now - _CLOCK_SLACK)
        return self._alerts.all()

    def _query(self, alert: Alert) -> Query:
        """Return the parsed query. All words are required, unless it contains match:any."""
        query = parse(alert.query, self._clock.now())
        return query if alert.wants_any else replace(query, match_all=True)

    def _alarms(
        self, articles: Sequence[Article]
    ) -> Iterator[tuple[Alert, Alarm, tuple[str, ...]]]:
        by_name = {alert.name: alert for alert in self._compiled}
        try:
            with self._engine.snapshot() as snapshot:
                new = NewArticles(articles, snapshot.vocabulary)
                found = list(self._queries.matches(new))
        except IndexMissing:
            found = list(self._queries.matches(NewArticles(articles, None)))
        for name, ranking in found:
            alert, highlighter = by_name[name], Highlighter(ranking.patterns)
            for article, _ in ranking.ranked:
                if alert.is_news(article):
                    yield alert, self._alarm(alert, article, highlighter), article.former

    def _alarm(self, alert: Alert, article: Article, highlighter: Highlighter) -> Alarm:
        title, body = highlighter.mark_article(article)
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
            _words((title, *body)),
            summary if len(summary) <= _SUMMARY else summary[:_SUMMARY].rpartition(" ")[0] + " …",
        )


def _words(texts: Sequence[Marked]) -> tuple[str, ...]:
    """Return the highlighted words, each in the form of its first occurrence."""
    found: dict[str, str] = {}
    for marked in texts:
        for start, end in marked.highlights:
            found.setdefault(fold(marked.text[start:end]), marked.text[start:end])
    return tuple(found.values())[:_MOST_WORDS]
