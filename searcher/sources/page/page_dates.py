"""The strings on a page that state when its article was published or changed, the most trusted
first.

The first of the five places of a date; see `searcher.text.dates`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import date
from itertools import islice
from typing import Any

from lxml.etree import _Element

from searcher.sources.page.byline_marks import in_article, is_of_picture
from searcher.sources.page.dated_lines import (
    RELATIVE,
    dates_in,
    is_publication,
    is_update,
    names_date,
)
from searcher.sources.page.element_names import read_names
from searcher.sources.page.linked_data import LinkedData
from searcher.sources.page.meta_elements import Meta, in_meta
from searcher.text.cleaning import clean_line
from searcher.text.dates import parse_date
from searcher.text.months import month_of, named_date

_PUBLISHED = (
    "article:published_time", "og:article:published_time", "og:published_time", "article:published",
    "datepublished",
    "pubdate", "publishdate", "publish-date", "publish_date", "date", "dc.date.issued", "dc.issued",
    "dc.created",
    "dc.date", "dc.date.created", "sailthru.date", "parsely-pub-date",
    "cxenseparse:recs:publishtime",
    "cxenseparse:publishtime", "published_time", "publication_date", "publicationdate",
    "rnews:datepublished",
    "iso-8601-publish-date", "originalpublicationdate",
)  # fmt: skip
"""Names of meta elements with a date of publication."""
_MODIFIED = (
    "article:modified_time", "og:article:modified_time", "og:updated_time", "datemodified",
    "last-modified",
    "dc.modified",
)  # fmt: skip
"""Names of meta elements with a date of change."""
_ITEMPROP = ("datePublished", "datepublished")
"""Properties of microdata with a date of publication."""
_ITEMPROP_MODIFIED = ("dateModified", "datemodified")
"""Properties of microdata with a date of change."""
_DATA_NAMES = ("data-timestamp", "data-datetime", "data-published", "data-date", "data-time")
"""Attributes with a date."""
_DATA = f"//body//*[{' or '.join('@' + name for name in _DATA_NAMES)}]"
"""XPath of the elements with one of them."""
_TEXT = "//text()[not(parent::script or parent::style)]"
"""XPath of the texts below an element."""
_PRECEDING = "preceding::text()[not(parent::script or parent::style)]"
"""XPath of the texts in front of an element."""
_TEXTS_BEFORE = 8
"""Number of texts in front of the headline among which a date is looked for. Larger would take the
dates of a menu."""
_LEVELS = 2
"""Number of elements around the headline that may hold its date in front of it."""
_WHOLE = frozenset(("body", "html"))
"""Tags of elements around the whole page."""
_AFTER = "following::text()[not(parent::script or parent::style)]"
"""XPath of the texts behind an element."""
_LONGEST_TEXT = 100
"""Maximum length of a line that states a date, in characters."""
_TEXTS = 1500
"""Maximum number of texts behind the headline that are looked at. It bounds the time on long
pages."""
_MOST_IN_TEXT = 3
"""Maximum number of lines that are kept as dates of publication."""
_MOST_TIMES = 6
"""Maximum number of time elements that are read."""
_TIMES_LOOKED_AT = 40
"""Maximum number of time elements that are checked for belonging to the article."""
_UPDATES = frozenset("updated update modified modification edited aktualisiert actualizado".split())
"""Names of elements with a date of change."""
_PUBLICATIONS = frozenset("published publish publication pubdate created posted".split())
"""Names of elements with a date of publication."""
_MOST_PROPERTIES = 2
"""Maximum number of elements of microdata that are read for one property."""
_MOST_PIECES = 5
"""Maximum number of texts inside a time element that are read."""
_LABEL = 40
"""Length of the text before a date in which a word such as "updated" is looked for, in
characters."""
_NEAR = 60
"""Number of texts behind the headline in which a moment such as "3 hours ago" is looked for. Larger
would take those of other articles."""
_IN_ADDRESS = re.compile(
    r"(?<![\d.])(?P<year>(?:19[89]|20\d)\d)(?P<mark>[/_-]?)(?P<month>0?[1-9]|1[0-2]|[a-z]{3,9})(?P=mark)"
    r"(?P<day>0[1-9]|[12]\d|3[01]|(?<=[/_-])[1-9])(?!\d)"
)
"""A day in an address: "/2021/05/04/", "-2021-05-04", "20210504", "/2021/may/4"."""


Stated = tuple[tuple[str, str], ...]
"""Where dates were found, and the strings that state them, the most trusted first."""


def dates_of(
    tree: _Element, meta: Meta, linked: LinkedData, address: str = "", fetched: bool = False
) -> tuple[Stated, Stated]:
    """Return the strings that state the date of publication, and those that state the date of
    change.

    The last ones are lines near the headline, those of the day in the address first; and that day.

    address: the URL of the page; "" if unknown.
    fetched: whether the time of fetching is known, from which "3 hours ago" counts.
    """
    times, texts = list(_times(tree)), list(_dated_texts(tree, fetched))
    # XPath takes twice as long.
    marked = [(name, one) for one in tree.iter("*") if (name := one.get("itemprop"))]
    day = day_in_address(address)
    names = ("datePublished", "dateCreated", "uploadDate")
    on_page = (
        *(("time", text) for text, is_update in times if not is_update),
        *[("text", text) for text, is_update in texts if not is_update][:_MOST_IN_TEXT],
    )
    published = (
        *(("json-ld", text) for name in names if (text := linked.text(name))),
        *in_meta(meta, _PUBLISHED),
        *_properties(marked, _ITEMPROP),
        *(sorted(on_page, key=lambda one: not _is_on(day, one[1])) if day else on_page),
        *((("url", day),) if day else ()),
    )
    published = published or tuple(_in_data_attributes(tree))
    modified = linked.text("dateModified")
    updated = (
        *((("json-ld", modified),) if modified else ()),
        *in_meta(meta, _MODIFIED),
        *_properties(marked, _ITEMPROP_MODIFIED),
        *(("time", text) for text, is_update in times if is_update),
        *(("text", text) for text, is_update in texts if is_update),
    )
    return published, updated


def _in_data_attributes(tree: _Element) -> Iterator[tuple[str, str]]:
    """Yield dates that elements of the article have for scripts."""
    for element in tree.xpath(_DATA)[:_MOST_TIMES]:
        names = (name for name in _DATA_NAMES if element.get(name))
        if in_article(element) and not _is_update(element):
            yield from (("attribute", element.get(name)) for name in names)


def _is_on(day: str, text: str) -> bool:
    """Return whether a text states this day, in ISO 8601."""
    if text.isascii() and day[-2:].lstrip("0") not in text:
        # Words of other languages take milliseconds to parse.
        return False
    found = named_date(text) or parse_date(text)
    return found is not None and found[0].date().isoformat() == day


def day_in_address(url: str) -> str:
    """Return the day that an address has in its path, in ISO 8601; "" for none."""
    for match in _IN_ADDRESS.finditer(url.partition("://")[2].partition("?")[0].lower()):
        month = match["month"]
        number = int(month) if month.isdecimal() else month_of(month)
        padded = match["mark"] or len(month) == 2
        with suppress(ValueError, TypeError):
            if padded:
                return date(int(match["year"]), number or 0, int(match["day"])).isoformat()
    return ""


def _properties(
    marked: Iterable[tuple[str, _Element]], names: Collection[str]
) -> Iterator[tuple[str, str]]:
    """Yield dates in microdata; those in meta elements are read with the other meta elements.

    marked: the elements of microdata, each with its property. names: the properties of dates.
    """
    for element in islice((one for name, one in marked if name in names), _MOST_PROPERTIES):
        if element.tag != "meta":
            stated = element.get("content") or element.get("datetime")
            yield "itemprop", stated or clean_line("".join(element.itertext())[:_LONGEST_TEXT])


def _times(tree: _Element) -> Iterator[tuple[str, bool]]:
    """Yield the texts of the article's first time elements, each with whether it is a date of
    change."""
    elements = (
        element
        for element in islice(tree.iter("time"), _TIMES_LOOKED_AT)
        if in_article(element) and not _is_quoted(element)
    )
    for element in islice(elements, _MOST_TIMES):
        text = element.get("datetime") or clean_line(
            "".join(islice(element.itertext(), _MOST_PIECES))[:_LONGEST_TEXT]
        )
        yield text, _is_update(element)


def _is_quoted(element: _Element) -> bool:
    """Return whether an element is in a quotation, such as a post with its own date."""
    return (
        element.tag == "blockquote" or next(element.iterancestors("blockquote"), None) is not None
    )


def _is_update(element: _Element) -> bool:
    """Return whether an element has a date of change, by its classes, or else by the words before
    it."""
    parent, before = element.getparent(), element.getprevious()
    for one in (element, parent):
        words = read_names((one.get("class") or "") if one is not None else "", False)[0]
        if words & (_UPDATES | _PUBLICATIONS):
            return not words & _PUBLICATIONS
    label = (before.tail or "").strip() if before is not None else ""
    if before is not None and not label:
        label = "".join(before.itertext())[-_LABEL:]
    label = label or ((parent.text or "") if parent is not None else "")
    return is_update(label[-_LABEL:])


def _dated_texts(tree: _Element, fetched: bool) -> Iterator[tuple[str, bool]]:
    """Yield short lines with a date, each with whether it is a date of change.

    Lines behind the headline are read, or of a page without a headline all lines. Those that say
    that they are dates of publication come first.
    """
    heading = next(iter(tree.iter("h1")), None)
    texts = tree.xpath(f"//body{_TEXT}") if heading is None else heading.xpath(_AFTER)
    found = list(_in_lines(texts[:_TEXTS], fetched))
    if not found and heading is not None:
        found = list(_in_lines(_before(heading), fetched))
    yield from sorted(found, key=lambda one: not is_publication(one[0]))


def _before(heading: _Element) -> list[Any]:
    """Return the texts in front of the headline that are in an element around it. Further out is
    the day of today, as sites have it beside their names."""
    around = [one for one in islice(heading.iterancestors(), _LEVELS) if one.tag not in _WHOLE]
    return [
        text
        for text in heading.xpath(_PRECEDING)[-_TEXTS_BEFORE:]
        if any(above in around for above in islice(text.getparent().iterancestors(), _LEVELS))
    ]


def _in_lines(texts: Sequence[Any], fetched: bool) -> Iterator[tuple[str, bool]]:
    """Yield the lines among texts of the page that state a date, each with whether it is a date of
    change."""
    label = ""
    for number, text in enumerate(texts):
        if len(text) > _LONGEST_TEXT:
            label = ""
            continue
        if names_date(text):
            # A caption says when the picture was taken.
            above = text.getparent()
            if not _is_quoted(above) and not is_of_picture(above):
                yield from dates_in(text, label)
        elif fetched and number < _NEAR and (match := RELATIVE.search(text)):
            yield match.group(), is_update(text)
        if not text.isspace():
            label = text[-_LABEL:]
