"""The authors of the article on a page: from its metadata, else from its markup.

Figures in brackets are the F1 of authors on 123 saved pages (`make bench-reading`) with another
value; it is .958 with the values here.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from lxml.etree import _Element

from searcher.sources.page.byline import byline_of, line_of
from searcher.sources.page.linked_data import LinkedData
from searcher.sources.page.meta_elements import Meta
from searcher.text.agencies import agency_named
from searcher.text.bylines import clean_authors, is_house, looks_like_name, plain

_META = (
    "author", "article:author", "og:article:author", "dc.creator", "dc.author", "parsely-author",
    "sailthru.author",
    "cxenseparse:author", "byl", "article:author_name", "citation_author", "dcsext.author",
)  # fmt: skip
"""Names of meta elements that name authors, the most trusted first."""


def authors_of(
    tree: _Element, meta: Meta, linked: LinkedData, sites: Collection[str]
) -> tuple[tuple[str, ...], str]:
    """Return the authors and where they were found; ((), "") if the page names none.

    If the metadata names only the house, a person in a byline is preferred.

    sites: `plain` names of the site.
    """
    stated = linked.names("author", "creator")
    organisations = {plain(name) for name, is_organisation in stated if is_organisation} - set(
        sites
    )
    found, where = clean_authors((name for name, _ in stated), sites), "json-ld"

    def only_house(names: Sequence[str]) -> bool:
        return all(
            is_house(n, sites) and not agency_named(n) and plain(n) not in organisations
            for n in names
        )

    if only_house(found):
        for name in _META:
            named = clean_authors(
                (text for text in meta.get(name, ()) if not text.startswith("http")), sites
            )
            if named and (
                not found or (any(map(looks_like_name, named)) and not only_house(named))
            ):
                found, where = named, f"meta {name}"
                break
    marked = byline_of(tree, sites)
    if not found:
        found, where = marked, "byline"
    elif only_house(found):
        persons = tuple(
            name for name in marked if looks_like_name(name) and not is_house(name, sites)
        )
        found, where = (persons, "byline") if persons else (found, where)
    elif set(map(plain, found)) < set(map(plain, marked)) and all(map(looks_like_name, marked)):
        found, where = marked, "byline"
    if only_house(found) and (lines := line_of(tree)):
        found, where = lines, "text"
    return found, where if found else ""
