"""The meta elements of a page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from bs4 import BeautifulSoup

from searcher.text.cleaning import clean_line

Meta = Mapping[str, Sequence[str]]
"""Contents by name in lower case, in order."""


_MOST, _LONGEST = 12, 5000
"""Contents of one name that are kept, and characters of each."""


def read_meta(soup: BeautifulSoup) -> Meta:
    """The meta elements that have a name and a content."""
    found: dict[str, list[str]] = {}
    for element in soup("meta"):
        name = (
            element.get("property")
            or element.get("name")
            or element.get("itemprop")
            or element.get("http-equiv")
        )
        content = element.get("content")
        if isinstance(name, str) and isinstance(content, str) and content.strip():
            contents = found.setdefault(name.strip().lower().replace("dcterms.", "dc."), [])
            if len(contents) < _MOST:
                contents.append(clean_line(content[:_LONGEST]))
    return found


def in_meta(meta: Meta, names: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Of each of these names the first content, with where it stood ("meta og:title")."""
    return ((f"meta {name}", meta[name][0]) for name in names if name in meta)
