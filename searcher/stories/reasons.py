"""Reasons of places among the stories, in words."""

from __future__ import annotations

from searcher.engine.places import BY_DAYS, Place


def reason(place: Place) -> str:
    """Return why an article is in its story, such as "97% of its text"; "" for the one that founded
    it."""
    match place.relation:
        case "first":
            return ""
        case "copy":
            return f"a copy, {place.share}% of its text"
        case "version":
            return f"a version, {place.share}% of its text"
        case "story":
            if place.apart >= BY_DAYS:
                return f"{_names(place.names)}, {_days(place.apart - BY_DAYS)}"
            return in_common(place.names, place.apart - 1 if place.apart else None)
        case "reader":
            return "a reader said so"


def in_common(names: int, hours: int | None) -> str:
    """Return that articles have names in common: "27 rare names in common, 9 hours apart".

    hours: the time between them; None if it is not known.
    """
    shown = _names(names)
    if hours is None:
        return shown
    return f"{shown}, {hours or 'less than 1'} hour{'' if hours < 2 else 's'} apart"


def _names(names: int) -> str:
    return f"{names or 'no'} rare name{'' if names == 1 else 's'} in common"


def _days(days: int) -> str:
    return f"{days} day{'' if days == 1 else 's'} apart" if days else "the same day"
