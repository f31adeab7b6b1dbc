"""The meta elements of a page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from bs4 import BeautifulSoup

from searcher.text.cleaning import clean_line

Meta = Mapping[str, Sequence[str]]
"""Contents of meta elements by their name in lower case, in order."""


_MOST = 12
"""Maximum number of contents that are kept for one name."""
_LONGEST = 5000
"""Maximum number of characters that are kept of a content."""


def read_meta(soup: BeautifulSoup) -> Meta:
    """Return the meta elements that have a name and a content."""
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
    """Yield the first content of each of these names, with where it was found ("meta og:title")."""
    return ((f"meta {name}", meta[name][0]) for name in names if name in meta)
