"""Reasons of places among the stories, in words."""

from __future__ import annotations

from searcher.engine.places import Place


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
            return f"{place.names} rare names in common"
