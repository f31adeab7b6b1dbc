"""The authors of the article on a page: from its metadata, else from its markup.

Figures in brackets are the F1 of authors on 123 saved pages (`make bench-reading`) with another
value; it is .958 with the values here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from lxml.etree import _Element

from searcher.sources.page.byline import byline_of, line_of
from searcher.sources.page.byline_marks import PROFILE
from searcher.sources.page.linked_data import LinkedData
from searcher.sources.page.meta_elements import Meta
from searcher.text.agencies import agency_named
from searcher.text.bylines import (
    clean_authors,
    is_house,
    looks_like_name,
    plain,
    without_services,
)

_META = (
    "author", "article:author", "og:article:author", "dc.creator", "dc.author", "parsely-author",
    "sailthru.author",
    "cxenseparse:author", "byl", "article:author_name", "citation_author", "dcsext.author",
)  # fmt: skip
"""Names of meta elements that name authors, the most trusted first."""


def authors_of(
    tree: _Element, meta: Meta, linked: LinkedData, sites: Collection[str]
) -> tuple[tuple[str, ...], str, str, tuple[tuple[str, str], ...]]:
    """Return the authors, where they were found, the agency that is named beside them, and all that
    the page states as authors; () and "" for none.

    If the metadata names only the house, a person in a byline is preferred.

    sites: `plain` names of the site.
    """
    stated = linked.names("author", "creator", "contributor")
    found, where = clean_authors((name for name, _ in stated), sites), "json-ld"
    organisations = {plain(name) for name, is_organisation in stated if is_organisation} - set(
        sites
    )
    raw = [name for name, _ in stated]

    def only_house(names: Sequence[str]) -> bool:
        return all(
            is_house(n, sites) and not agency_named(n) and plain(n) not in organisations
            for n in names
        )

    if only_house(found):
        for name in _META:
            texts = [text for text in meta.get(name, ()) if not text.startswith("http")]
            named = clean_authors(texts, sites)
            if named and (
                not found or (any(map(looks_like_name, named)) and not only_house(named))
            ):
                found, where, raw = named, f"meta {name}", texts
                break
    marked = byline_of(tree, sites)
    persons = without_services(marked)
    if not found:
        found, where, raw = persons, "byline", list(marked)
    elif only_house(found):
        named = tuple(
            name for name in persons if looks_like_name(name) and not is_house(name, sites)
        )
        found, where, raw = (named, "byline", list(marked)) if named else (found, where, raw)
    elif set(map(plain, found)) < set(map(plain, persons)) and all(map(looks_like_name, persons)):
        found, where, raw = persons, "byline", list(marked)
    if only_house(found) and (lines := line_of(tree)):
        found, where, raw = without_services(lines), "text", list(lines)
    if not found and (profiles := _profiles(meta)):
        found, where = profiles, "meta article:author"
    found = _as_written(found, [*(name for name, _ in stated), *marked])
    service = next((service for text in raw if (service := _service_beside(text, found))), "")
    return found, where if found else "", service, _all_stated(stated, meta, marked)


def _as_written(names: tuple[str, ...], others: Iterable[str]) -> tuple[str, ...]:
    """Return the names, those in capitals as another source has them in a better form."""
    written = {plain(name): name for name in others if not name.isupper()}
    return tuple(
        written.get(plain(name), name) if name.isupper() and looks_like_name(name) else name
        for name in names
    )


def _all_stated(
    stated: Sequence[tuple[str, bool]], meta: Meta, marked: Sequence[str]
) -> tuple[tuple[str, str], ...]:
    """Return where the page states authors, and the texts."""
    return (
        *(("json-ld", name) for name, _ in stated),
        *((f"meta {name}", text) for name in _META for text in meta.get(name, ())),
        *(("byline", name) for name in marked),
    )


def _service_beside(text: str, authors: Sequence[str]) -> str:
    """Return the agency in a field that is not one of the authors; "" for none."""
    known = {plain(name) for name in authors}
    names = clean_authors([text], services=True)
    return next((agency_named(n) for n in names if agency_named(n) and plain(n) not in known), "")


def _profiles(meta: Meta) -> tuple[str, ...]:
    """Return the names in the addresses of pages about the authors, which some pages give in place
    of the names."""
    found = (PROFILE.search(text) for name in _META for text in meta.get(name, ()))
    names = (" ".join(match[1].split("-")).title() for match in found if match)
    return tuple(dict.fromkeys(name for name in names if looks_like_name(name)))
