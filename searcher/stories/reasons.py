"""Reasons of places among the stories, in words."""

from __future__ import annotations

from searcher.engine.places import BY_DAYS, Place
from searcher.wording import Said, said, said_of


def reason(place: Place, other: str = "") -> str:
    """Return why an article is in its story, such as "a copy of Gazette, 97% of its text"; "" for
    the one that founded it.

    other: the name of the article that it was compared with; "" if it is not known.
    """
    match place.relation:
        case "first":
            return ""
        case "copy" if other:
            return said(
                "a copy of %(other)s, %(share)s%% of its text", other=other, share=place.share
            )
        case "copy":
            return said("a copy, %(share)s%% of its text", share=place.share)
        case "version" if other:
            return said(
                "a version of %(other)s, %(share)s%% of its text", other=other, share=place.share
            )
        case "version":
            return said("a version, %(share)s%% of its text", share=place.share)
        case "story":
            return _in_common(place, other)
        case "united":
            return _united(place, other)
        case "reader" if other:
            return said("a reader said that it is of the story of %(other)s", other=other)
        case "reader":
            return said("a reader said so")


def _united(place: Place, other: str) -> Said:
    """Return why the story that an article had founded is of another one now."""
    if place.names:
        why = _in_common(place, "")
    elif place.share:
        why = said("%(share)s%% of a text in common", share=place.share)
    else:
        why = said("a reader said so")
    if other:
        return said("its story became one with that of %(other)s: %(why)s", other=other, why=why)
    return said("its story became one with another: %(why)s", why=why)


def _in_common(place: Place, other: str) -> Said:
    """Return that an article has names in common with another one, and the time between them."""
    if place.apart >= BY_DAYS:
        return said(
            "%(names)s, %(apart)s",
            names=_names(place.names, other),
            apart=_days(place.apart - BY_DAYS),
        )
    return in_common(place.names, place.apart - 1 if place.apart else None, other)


def in_common(names: int, hours: int | None, other: str = "") -> Said:
    """Return that articles have names in common: "27 rare names in common, 9 hours apart".

    hours: the time between them; None if it is not known. other: as in `reason`.
    """
    shown = _names(names, other)
    if hours is None:
        return shown
    if hours == 0:
        apart = said("less than 1 hour apart")
    else:
        apart = said_of("%(count)s hour apart", "%(count)s hours apart", hours)
    return said("%(names)s, %(apart)s", names=shown, apart=apart)


def _names(names: int, other: str) -> Said:
    if names == 0:
        found = said("no rare names in common")
    else:
        found = said_of("%(count)s rare name in common", "%(count)s rare names in common", names)
    return said("%(names)s with %(other)s", names=found, other=other) if other else found


def _days(days: int) -> Said:
    if days == 0:
        return said("the same day")
    return said_of("%(count)s day apart", "%(count)s days apart", days)
