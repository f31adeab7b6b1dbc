"""A search that is saved, checked."""

from __future__ import annotations

from datetime import datetime

from searcher.feeds.alert import LONGEST_NAME, Alert
from searcher.query.parser import parse
from searcher.text.cleaning import clean_line
from searcher.wording import said


def checked_alert(name: str, query: str, now: datetime) -> Alert:
    """Return an alert of this name and query. Raises ValueError if one of them cannot be used."""
    query, name = clean_line(query), name.strip()
    if not parse(query, now).root.clauses:
        raise ValueError(said("the query is empty"))
    if not 0 < len(name) <= LONGEST_NAME or not name.isprintable():
        raise ValueError(said("a name has 1 to %(most)s printable characters", most=LONGEST_NAME))
    return Alert(name, query, now)
