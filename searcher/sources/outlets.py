"""Names of outlets in the titles of their feeds."""

from __future__ import annotations

import re

from searcher.sources.page.titles import SEPARATOR
from searcher.text.bylines import plain
from searcher.text.urls import site_label

_PARTS = re.compile(rf"{SEPARATOR.pattern}|(:\s)")
"""A separator between the name of an outlet and that of one of its feeds."""
_SHORTEST = 4
"""Minimum length of a name inside that of a host, in letters. One that the host begins with may be
shorter, such as "NYT". Smaller takes words for names."""


def outlet_of(title: str, address: str) -> str:
    """Return the name of the outlet in a feed's title, such as "Gazette" in "Gazette - Canada", if
    the host of an address confirms which part it is; else the title.

    The feeds of an outlet have its name in common, and one outlet is one source.
    """
    parts = [part.strip() for part in _PARTS.split(title)[:: _PARTS.groups + 1] if part]
    label = plain(site_label(address)).removeprefix("the")
    if len(parts) < 2 or not label:
        return title
    named = [part for part in parts if label in plain(part)]
    named = named or [part for part in parts if _is_within(plain(part), label)]
    return min(named, key=len) if named else title


def _is_within(name: str, label: str) -> bool:
    """Return whether a name is a part of that of a host."""
    return name in label and (len(name) >= _SHORTEST or (bool(name) and label.startswith(name)))
