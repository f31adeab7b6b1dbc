"""Saved searches, and the articles that triggered them, in the state of the feeds."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from searcher.article import Article
from searcher.errors import UnknownFeed
from searcher.feeds.state import FeedState
from searcher.feeds.subscription import iso

_RETRIES = (60.0, 300.0, 1800.0, 7200.0, 21_600.0, 86_400.0)
"""Seconds until a delivery that failed is tried again; then it is given up."""
_DELIVERY = 120.0
"""Seconds that a delivery may take; it is made again if it was interrupted."""
_BACKDATED = timedelta(days=1)
LONGEST_NAME = 100


@dataclass(frozen=True, slots=True)
class Alert:
    """A query that new articles are compared with; all its words are wanted in one article, unless
    it says match:any.

    webhook: an address that is told by POST, command: one that is run; "" for neither.
    """

    name: str
    query: str
    added: datetime
    webhook: str = ""
    command: str = ""

    @property
    def wants_any(self) -> bool:
        """Whether any of its words is enough."""
        return "match:any" in self.query.lower()

    def is_news(self, article: Article) -> bool:
        """Whether an article is new to this alert: what was first seen, or published, before it was
        made is old."""
        seen = article.first_seen is None or article.first_seen.value >= self.added
        return seen and (
            article.published is None or article.published.value >= self.added - _BACKDATED
        )


@dataclass(frozen=True, slots=True)
class Alarm:
    """An article that triggered an alert: what to show of it, and which of its words did."""

    alert: str
    article: str
    at: datetime
    title: str
    url: str
    source: str
    published: datetime | None
    words: tuple[str, ...]
    summary: str = ""

    def to_json(self) -> dict[str, Any]:
        return {
            "alert": self.alert,
            "id": self.article,
            "at": iso(self.at),
            "title": self.title,
            "url": self.url,
            "source": self.source,
            "published": iso(self.published),
            "words": list(self.words),
            "summary": self.summary,
        }


def _alarm(data: dict[str, Any]) -> Alarm:
    published = datetime.fromisoformat(data["published"]) if data["published"] else None
    at = datetime.fromisoformat(data["at"])
    words = tuple(data["words"])
    return Alarm(
        data["alert"],
        data["id"],
        at,
        data["title"],
        data["url"],
        data["source"],
        published,
        words,
        data["summary"],
    )


class AlertBook:
    """The alerts of a state."""

    def __init__(self, state: FeedState) -> None:
        self._state = state

    def add(self, alert: Alert) -> bool:
        """Adds an alert, unless there is one of that name; says whether it did."""
        values = (alert.name, alert.query, alert.added.timestamp(), alert.webhook, alert.command)
        return (
            self._state.execute(
                "INSERT OR IGNORE INTO alerts VALUES (?, ?, ?, ?, ?)", *values
            ).rowcount
            > 0
        )

    def redate(self, names: Iterable[str], added: datetime) -> None:
        """Has alerts be made at that time."""
        with self._state.transaction():
            for name in names:
                self._state.execute(
                    "UPDATE alerts SET added = ? WHERE name = ?", added.timestamp(), name
                )

    def remove(self, name: str) -> bool:
        """Removes an alert and what triggered it; says whether there was one."""
        with self._state.transaction():
            self._state.execute("DELETE FROM alarms WHERE alert = ?", name)
            return self._state.execute("DELETE FROM alerts WHERE name = ?", name).rowcount > 0

    def alerts(self) -> list[Alert]:
        """All, by name."""
        rows = self._state.execute(
            "SELECT name, query, added, webhook, command FROM alerts ORDER BY name"
        )
        return [
            Alert(row[0], row[1], datetime.fromtimestamp(row[2], UTC), row[3], row[4])
            for row in rows
        ]

    def alert(self, name: str) -> Alert:
        """The alert of that name. Raises UnknownFeed."""
        found = next((one for one in self.alerts() if one.name == name), None)
        if found is None:
            raise UnknownFeed(f"there is no alert {name!r}; “searcher alerts list” shows them")
        return found

    def sound(self, alarms: Iterable[tuple[Alert, Alarm, tuple[str, ...]]]) -> int:
        """Notes what triggered alerts, each article once for each alert, also under ids that it had
        before; returns how many were new."""
        count = 0
        with self._state.transaction():
            for alert, alarm, former in alarms:
                if any(self._has_sounded(alarm.alert, one_id) for one_id in former):
                    continue
                delivered = not (alert.webhook or alert.command)
                count += self._state.execute(
                    "INSERT OR IGNORE INTO alarms (alert, article, at, value, delivered, tries, "
                    "next_try)"
                    " VALUES (?, ?, ?, ?, ?, 0, 0)",
                    alarm.alert,
                    alarm.article,
                    alarm.at.timestamp(),
                    json.dumps(alarm.to_json(), ensure_ascii=False),
                    int(delivered),
                ).rowcount
        return count

    def _has_sounded(self, alert: str, article_id: str) -> bool:
        statement = "SELECT 1 FROM alarms WHERE alert = ? AND article = ?"
        return self._state.execute(statement, alert, article_id).fetchone() is not None

    def alarms(self, name: str = "", most: int = 100) -> list[Alarm]:
        """What triggered an alert, or any, the latest first."""
        rows = self._state.execute(
            "SELECT value FROM alarms WHERE ? IN ('', alert) ORDER BY number DESC LIMIT ?",
            name,
            most,
        )
        return [_alarm(json.loads(row[0])) for row in rows]

    def counts(self) -> dict[str, int]:
        """How many articles triggered each alert."""
        return dict(
            self._state.execute("SELECT alert, COUNT(*) FROM alarms GROUP BY alert").fetchall()
        )

    def undelivered(
        self, now: datetime, but: Collection[str] = (), most: int = 1 << 20
    ) -> dict[str, list[tuple[int, Alarm]]]:
        """By alert, what is to be delivered now, with its numbers; nobody else is given it for the
        time that takes. Of `most` alerts, and not of those in `but`."""
        found: dict[str, list[tuple[int, Alarm]]] = {}
        statement = (
            "SELECT number, alert, value FROM alarms WHERE delivered = 0 AND next_try NOT BETWEEN "
            "? AND ?"
            f" AND alert NOT IN ({', '.join('?' * len(but))}) ORDER BY number LIMIT 500"
        )
        # What is to wait for longer than any does was noted before the clock was set back.
        waits = (now.timestamp() + 1e-3, now.timestamp() + _RETRIES[-1])
        with self._state.transaction():
            for number, alert, value in self._state.execute(statement, *waits, *but).fetchall():
                if alert not in found and len(found) >= most:
                    continue
                found.setdefault(alert, []).append((number, _alarm(json.loads(value))))
                claimed = now.timestamp() + _DELIVERY
                self._state.execute(
                    "UPDATE alarms SET next_try = ? WHERE number = ?", claimed, number
                )
        return found

    def settle(self, numbers: Iterable[int], delivered: bool, now: datetime) -> None:
        """Notes a delivery, or that it failed: it is then tried again, some times."""
        with self._state.transaction():
            for number in numbers:
                if delivered:
                    self._state.execute("UPDATE alarms SET delivered = 1 WHERE number = ?", number)
                    continue
                row = self._state.execute(
                    "SELECT tries FROM alarms WHERE number = ?", number
                ).fetchone()
                tries = int(row[0]) if row else 0
                given_up = tries >= len(_RETRIES)
                next_try = now.timestamp() + _RETRIES[min(tries, len(_RETRIES) - 1)]
                self._state.execute(
                    "UPDATE alarms SET tries = ?, next_try = ?, delivered = ? WHERE number = ?",
                    tries + 1,
                    next_try,
                    -1 if given_up else 0,
                    number,
                )
