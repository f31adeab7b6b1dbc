"""New articles compared with the saved searches."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta

from searcher.alerts.arrivals import Arrivals, SavedQueries
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
_SUMMARY = 300
_CLOCK_SLACK = timedelta(minutes=5)


class Watchman:
    """Compares new articles with the alerts before they are committed: a crash in between finds
    them again, and an alarm is noted once."""

    def __init__(self, book: Alerts, engine: Engine, clock: Clock) -> None:
        self._book = book
        self._engine = engine
        self._clock = clock
        self._alerts: list[Alert] = []
        self._day = date.min
        self._queries = SavedQueries(())

    def see(self, articles: Sequence[Article]) -> None:
        """Notes which of these articles trigger which alerts."""
        alerts = self._alerts_now()
        if not alerts:
            return
        today = self._clock.now().date()
        if alerts != self._alerts or today != self._day:
            self._alerts, self._day = alerts, today
            self._queries = SavedQueries((alert.name, self._query(alert)) for alert in alerts)
        count = self._book.add_alarms(self._alarms(articles))
        if count:
            log("alerts triggered", alarms=count)

    def _alerts_now(self) -> list[Alert]:
        """The alerts. Those that were made when the clock was ahead are taken for made now, else
        they would wait until it is there again."""
        now = self._clock.now()
        alerts = self._book.all()
        ahead = [alert.name for alert in alerts if alert.added > now + _CLOCK_SLACK]
        if not ahead:
            return alerts
        self._book.redate(ahead, now - _CLOCK_SLACK)
        return self._book.all()

    def _query(self, alert: Alert) -> Query:
        """The query as an alert means it. Relative dates in it count from today."""
        query = parse(alert.query, self._clock.now())
        return query if alert.wants_any else replace(query, match_all=True)

    def _alarms(
        self, articles: Sequence[Article]
    ) -> Iterator[tuple[Alert, Alarm, tuple[str, ...]]]:
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
