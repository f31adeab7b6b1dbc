"""Stored articles of the formats up to 4: tuples of an article's fields by position.

Only a rebuild reads them, to keep articles whose file can no longer be read.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from searcher.article import Article, Origin, Passage, Timestamp, Version

_NAMES = (
    "id headline paragraphs authors source section language language_confidence published updated "
    "url origin format warnings agency dateline image paywalled kind notices first_seen foreign "
    "found joins partial addresses former versions"
).split()
"""The fields in the order in which they were stored. The first indexes had 14 of them, later ones
24 and then all."""


def unpack(stored: tuple[Any, ...]) -> Article:
    """Return the article of a stored tuple; fields that it lacks get their defaults. Raises
    ValueError for a tuple that is no stored article."""
    if len(stored) > len(_NAMES):
        raise ValueError(f"a stored article has {len(stored)} fields instead of {len(_NAMES)}")
    values = dict(zip(_NAMES, stored, strict=False))
    try:
        for name in ("published", "updated", "first_seen"):
            if name in values:
                values[name] = _time(values[name])
        values["origin"] = Origin(*values["origin"])
        values["foreign"] = tuple(Passage(*passage) for passage in values.get("foreign", ()))
        values["versions"] = tuple(_version(*version) for version in values.get("versions", ()))
        return Article(**values)
    except (TypeError, KeyError) as error:
        raise ValueError(f"a stored article has a value of another type: {error}") from error


def _time(stored: tuple[str, Any, str] | None) -> Timestamp | None:
    if stored is None:
        return None
    moment, precision, source = stored
    return Timestamp(datetime.fromisoformat(moment), precision, source)


def _version(file: str, part: int, seen: str, *rest: Any) -> Version:
    return Version(Origin(file, part), datetime.fromisoformat(seen), *rest)
