"""Reasons of places among the stories, in words."""

from __future__ import annotations

from searcher.engine.places import BY_DAYS, Place
from searcher.wording import Said, said, said_of


def reason(place: Place) -> str:
    """Return why an article is in its story, such as "97% of its text"; "" for the one that founded
    it."""
    match place.relation:
        case "first":
            return ""
        case "copy":
            return said("a copy, %(share)s%% of its text", share=place.share)
        case "version":
            return said("a version, %(share)s%% of its text", share=place.share)
        case "story":
            if place.apart >= BY_DAYS:
                return said(
                    "%(names)s, %(apart)s",
                    names=_names(place.names),
                    apart=_days(place.apart - BY_DAYS),
                )
            return in_common(place.names, place.apart - 1 if place.apart else None)
        case "reader":
            return said("a reader said so")


def in_common(names: int, hours: int | None) -> str:
    """Return that articles have names in common: "27 rare names in common, 9 hours apart".

    hours: the time between them; None if it is not known.
    """
    shown = _names(names)
    if hours is None:
        return shown
    if hours == 0:
        apart = said("less than 1 hour apart")
    else:
        apart = said_of("%(count)s hour apart", "%(count)s hours apart", hours)
    return said("%(names)s, %(apart)s", names=shown, apart=apart)


def _names(names: int) -> Said:
    if names == 0:
        return said("no rare names in common")
    return said_of("%(count)s rare name in common", "%(count)s rare names in common", names)


def _days(days: int) -> Said:
    if days == 0:
        return said("the same day")
    return said_of("%(count)s day apart", "%(count)s days apart", days)
