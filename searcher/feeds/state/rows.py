"""Values as rows of SQLite and back: times as seconds since 1970, tuples and dicts as JSON."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import fields
from datetime import UTC, datetime
from typing import Any

from searcher.feeds.subscription import Page, Subscription

_TIMES = ("added", "next_try", "checked", "succeeded", "fetched")
_TUPLES = ("moved_from", "skip_hours", "skip_days")


def moment(seconds: float) -> datetime:
    """Return a stored time, in seconds since 1970, as an aware datetime in UTC."""
    return datetime.fromtimestamp(seconds, UTC)


def to_row(value: Subscription | Page) -> dict[str, Any]:
    """Return the fields of a value by the names of their columns."""
    found: dict[str, Any] = {}
    for field in fields(value):
        one = getattr(value, field.name)
        if isinstance(one, datetime):
            one = one.timestamp()
        elif isinstance(one, (dict, tuple)):
            one = json.dumps(one, ensure_ascii=False)
        found[field.name] = one
    return found


def to_subscription(row: sqlite3.Row) -> Subscription:
    """Return the subscription that a row of `feeds` holds."""
    tuples = {name: tuple(json.loads(row[name])) for name in _TUPLES}
    return Subscription(**_with_times(row) | tuples | {"gone": bool(row["gone"])})


def to_page(row: sqlite3.Row) -> Page:
    """Return the page that a row of `pages` holds."""
    values = {name: value for name, value in _with_times(row).items() if name != "host"}
    return Page(**values | {"entry": json.loads(row["entry"])})


def insert(connection: sqlite3.Connection, table: str, values: dict[str, Any]) -> None:
    """Insert a row, in place of the one with the same key if there is one."""
    marks = ", ".join("?" * len(values))
    names = ", ".join(values)
    connection.execute(
        f"INSERT OR REPLACE INTO {table} ({names}) VALUES ({marks})", tuple(values.values())
    )


def _with_times(row: sqlite3.Row) -> dict[str, Any]:
    return {
        name: moment(row[name]) if name in _TIMES and row[name] is not None else row[name]
        for name in row.keys()  # noqa: SIM118 - a Row iterates over its values
    }
