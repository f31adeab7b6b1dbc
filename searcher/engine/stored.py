"""Stored articles: an article in an index as plain values, made from its fields by name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any

from searcher.article import Article, Origin, Passage, Timestamp, Version
from searcher.as_json import defaults, from_json, to_json
from searcher.engine import stored_tuples

STORED_VERSION = 2
"""Version of the stored form, a part of the format of an index. Version 1 was a tuple by position;
2 is `pack`."""

_NAMES = Article.__dataclass_fields__.keys()
_DEFAULTS = defaults(Article)

_KINDS = (Article, Origin, Passage, Timestamp, Version)
"""The classes of which a stored article consists."""


def declared(kinds: Sequence[type[Any]] = _KINDS) -> list[object]:
    """Return what a stored form depends on: the names, types and defaults of the fields."""
    return [
        (
            kind.__name__,
            sorted((one.name, str(one.type)) for one in fields(kind)),
            sorted(defaults(kind).items()),
        )
        for kind in kinds
    ]


def pack(article: Article) -> dict[str, Any]:
    """Return the stored form of an article: its fields by name as JSON values. Fields at their
    default are left out."""
    values = ((name, getattr(article, name)) for name in _NAMES)
    return {
        name: to_json(value)
        for name, value in values
        if name not in _DEFAULTS or value != _DEFAULTS[name]
    }


def unpack(stored: Mapping[str, Any]) -> Article:
    """Return the article of a stored form.

    A field that is lacking gets its default: it was added to Article later. Raises ValueError for
    a stored form that is not of this version: an unknown field, a lacking one without a default,
    or a value of another type.
    """
    if not isinstance(stored, Mapping):
        raise ValueError(f"a stored article is a {type(stored).__name__} instead of a mapping")
    if unknown := sorted(stored.keys() - _NAMES):
        raise ValueError(f"a stored article has the unknown field “{unknown[0]}”")
    try:
        return from_json(Article, stored)
    except (TypeError, AttributeError, KeyError) as error:
        raise ValueError(f"a stored article has a value of another type: {error}") from error


def unpack_any(stored: Any) -> Article:
    """Return the article of a stored form of this version or an earlier one. Raises ValueError for
    any other."""
    return stored_tuples.unpack(stored) if isinstance(stored, tuple) else unpack(stored)
