"""The tables of alerts, and of alarms: the articles that matched them."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from searcher.errors import UnknownFeed
from searcher.feeds.alert import Alarm, Alert
from searcher.feeds.schedule import DELIVERY_RETRIES, retry_delivery
from searcher.feeds.state.database import Database
from searcher.feeds.state.rows import moment

_CLAIM = timedelta(minutes=2)
"""Time for which alarms that were taken for delivery are reserved. It exceeds the time limit of a
delivery. After an interrupted delivery, the alarms are delivered again when it has passed."""

_BATCH = 500
"""Maximum number of alarms that are taken for delivery at once. More make a larger message."""

_PENDING = 0
_DONE = 1
_GIVEN_UP = -1


class Alerts:
    """The alerts of a state and their alarms."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._connection = database.connection

    def add(self, alert: Alert) -> bool:
        """Add an alert unless its name is taken, and return whether it was added."""
        values = (alert.name, alert.query, alert.added.timestamp(), alert.webhook, alert.command)
        statement = "INSERT OR IGNORE INTO alerts VALUES (?, ?, ?, ?, ?)"
        return self._connection.execute(statement, values).rowcount > 0

    def redate(self, names: Iterable[str], added: datetime) -> None:
        """Change the time when alerts were made."""
        rows = [(added.timestamp(), name) for name in names]
        with self._database.transaction():
            self._connection.executemany("UPDATE alerts SET added = ? WHERE name = ?", rows)

    def remove(self, name: str) -> bool:
        """Remove an alert and its alarms, and return whether it existed."""
        with self._database.transaction():
            self._connection.execute("DELETE FROM alarms WHERE alert = ?", (name,))
            statement = "DELETE FROM alerts WHERE name = ?"
            return self._connection.execute(statement, (name,)).rowcount > 0

    def all(self) -> list[Alert]:
        """Return all alerts, ordered by name."""
        rows = self._connection.execute(
            "SELECT name, query, added, webhook, command FROM alerts ORDER BY name"
        )
        return [
            Alert(name, query, moment(added), webhook, command)
            for name, query, added, webhook, command in rows
        ]

    def get(self, name: str) -> Alert:
        """Return the alert of this name. Raises UnknownFeed."""
        found = next((one for one in self.all() if one.name == name), None)
        if found is None:
            raise UnknownFeed(f"there is no alert {name!r}; “searcher alerts list” shows them")
        return found

    def add_alarms(self, alarms: Iterable[tuple[Alert, Alarm, tuple[str, ...]]]) -> int:
        """Add alarms, each with its alert and the former ids of its article; return the number of
        new ones.

        An article that is known to the alert, also under a former id, is left out.
        """
        count = 0
        with self._database.transaction():
            for alert, alarm, former in alarms:
                if not any(self._is_known(alert.name, article) for article in former):
                    count += self._insert(alert, alarm)
        return count

    def _is_known(self, alert: str, article: str) -> bool:
        statement = "SELECT 1 FROM alarms WHERE alert = ? AND article = ?"
        return self._connection.execute(statement, (alert, article)).fetchone() is not None

    def _insert(self, alert: Alert, alarm: Alarm) -> int:
        delivered = _PENDING if alert.webhook or alert.command else _DONE
        value = json.dumps(alarm.to_json(), ensure_ascii=False)
        return self._connection.execute(
            "INSERT OR IGNORE INTO alarms (alert, article, at, value, delivered, tries, next_try)"
            " VALUES (?, ?, ?, ?, ?, 0, 0)",
            (alarm.alert, alarm.article, alarm.at.timestamp(), value, delivered),
        ).rowcount

    def alarms(self, name: str = "", most: int = 100) -> list[Alarm]:
        """Return at most `most` alarms of an alert, or of all alerts, the latest first."""
        of_one = "WHERE alert = :alert" if name else ""
        statement = f"SELECT value FROM alarms {of_one} ORDER BY number DESC LIMIT :most"
        rows = self._connection.execute(statement, {"alert": name, "most": most})
        return [Alarm.from_json(json.loads(row[0])) for row in rows]

    def counts(self) -> dict[str, int]:
        """Return the number of alarms by the name of their alert."""
        statement = "SELECT alert, COUNT(*) FROM alarms GROUP BY alert"
        return {row[0]: row[1] for row in self._connection.execute(statement)}

    def claim_undelivered(
        self,
        now: datetime,
        but: Collection[str] = (),
        most: int = 1 << 20,
        until: datetime | None = None,
    ) -> dict[str, list[tuple[int, Alarm]]]:
        """Return the alarms to deliver now, with their numbers, by the name of their alert.

        They are reserved for `_CLAIM`.

        most: maximum number of alerts.
        but: names of alerts to skip. until: later alarms are not taken; None for no limit.
        """
        found: dict[str, list[tuple[int, Alarm]]] = {}
        statement = (
            "SELECT number, alert, value FROM alarms"
            f" WHERE delivered = {_PENDING} AND next_try NOT BETWEEN ? AND ?"
            f" AND at < ? AND alert NOT IN ({', '.join('?' * len(but))})"
            f" ORDER BY number LIMIT {_BATCH}"
        )
        # A later time than the longest wait was written before the clock was set back.
        soonest, latest = now.timestamp() + 1e-3, (now + DELIVERY_RETRIES[-1]).timestamp()
        claim = "UPDATE alarms SET next_try = ? WHERE number = ?"
        with self._database.transaction():
            end = until.timestamp() if until else float("inf")
            rows = self._connection.execute(statement, (soonest, latest, end, *but)).fetchall()
            for number, alert, value in rows:
                if alert not in found and len(found) >= most:
                    continue
                alarm = Alarm.from_json(json.loads(value))
                found.setdefault(alert, []).append((number, alarm))
                self._connection.execute(claim, ((now + _CLAIM).timestamp(), number))
        return found

    def save_delivered(self, numbers: Iterable[int]) -> None:
        """Write that alarms were delivered."""
        rows = [(number,) for number in numbers]
        with self._database.transaction():
            self._connection.executemany(
                f"UPDATE alarms SET delivered = {_DONE} WHERE number = ?", rows
            )

    def save_undelivered(self, numbers: Iterable[int], now: datetime) -> None:
        """Write that a delivery failed: it is tried again later, or given up after many tries."""
        with self._database.transaction():
            for number in numbers:
                statement = "SELECT tries FROM alarms WHERE number = ?"
                row = self._connection.execute(statement, (number,)).fetchone()
                tries = (int(row[0]) if row else 0) + 1
                next_try = retry_delivery(tries, now)
                self._connection.execute(
                    "UPDATE alarms SET tries = ?, next_try = ?, delivered = ? WHERE number = ?",
                    (
                        tries,
                        (next_try or now).timestamp(),
                        _PENDING if next_try else _GIVEN_UP,
                        number,
                    ),
                )
