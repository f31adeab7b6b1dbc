"""When the article on a page appeared: everything on it that says so, the most trusted first."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from lxml.etree import _Element

from searcher.sources.page.authors import in_article
from searcher.sources.page.element_names import read_names
from searcher.sources.page.linked_data import LinkedData
from searcher.sources.page.meta_elements import Meta, in_meta
from searcher.text.cleaning import clean_line

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
_MODIFIED = (
    "article:modified_time", "og:article:modified_time", "og:updated_time", "datemodified",
    "last-modified",
    "dc.modified",
)  # fmt: skip
_ITEMPROP = "//*[@itemprop='datePublished' or @itemprop='datepublished']"
_ITEMPROP_MODIFIED = "//*[@itemprop='dateModified' or @itemprop='datemodified']"
_TEXT = "//text()[not(parent::script or parent::style)]"
_AFTER = "following::text()[not(parent::script or parent::style)]"
_LONGEST_TEXT = 100
_TEXTS = 1500
DATED = re.compile(
    r"(?<!\d)\d{1,2}\.\s?\d{1,2}\.\s?\d{2,4}(?!\d)|\d{4}年\d{1,2}月\d{1,2}日|(?<!\d)\d{4}[-/]\d{1,2}[-/]\d{1,2}(?!\d)"
    r"|(?<!\d)\d{1,2}/\d{1,2}/\d{4}(?!\d)"
    r"|(?<!\d)\d{1,2}\.?\s(?:de\s)?[^\W\d_]{3,12}\.?,?\s(?:de\s)?\d{4}(?!\d)"
    r"|(?<![^\W\d_])[^\W\d_]{3,12}\.?\s\d{1,2}(?:st|nd|rd|th)?,\s\d{4}(?!\d)"
)
_MOST_IN_TEXT, _MOST_TIMES, _TIMES_LOOKED_AT = 3, 6, 40
_UPDATES = frozenset("updated update modified modification edited aktualisiert actualizado".split())
_PUBLICATIONS = frozenset("published publish publication pubdate created posted".split())
_LABEL = 40
_UPDATED = re.compile(
    r"\b(?:updated?|modified|edited|changed|aktualisiert|geändert|mise? à jour|modifiée?|"
    r"actualizad[oa]|modificad[oa]"
    r"|aggiornat[oa]|modificato|atualizad[oa]|bijgewerkt|gewijzigd|oppdatert|uppdatera[dt]|opdateret|päivitetty"
    r"|zaktualizowano|aktualizacja|aktualizováno|frissítve|actualizat|обновлен[оа]?|оновлено|güncelle\w*|diperbarui"
    r"|cập nhật)\b|更新|수정",
    re.IGNORECASE,
)
_PARTS = re.compile(rf"\s*[|•]\s*|\s+(?={_UPDATED.pattern})", re.IGNORECASE)


Stated = tuple[tuple[str, str], ...]
"""Where dates stood, and what they said, the most trusted first."""


def dates_of(tree: _Element, meta: Meta, linked: LinkedData) -> tuple[Stated, Stated]:
    """What says when the article was published, the last of it lines near the headline; and when it
    was changed."""
    times, texts = list(_times(tree)), list(_dated_texts(tree))
    names = ("datePublished", "dateCreated", "uploadDate")
    published = (
        *(("json-ld", text) for name in names if (text := linked.text(name))),
        *in_meta(meta, _PUBLISHED),
        *_properties(tree, _ITEMPROP),
        *(("time", text) for text, is_update in times if not is_update),
        *[("text", text) for text, is_update in texts if not is_update][:_MOST_IN_TEXT],
    )
    modified = linked.text("dateModified")
    updated = (
        *((("json-ld", modified),) if modified else ()),
        *in_meta(meta, _MODIFIED),
        *_properties(tree, _ITEMPROP_MODIFIED),
        *(("time", text) for text, is_update in times if is_update),
        *(("text", text) for text, is_update in texts if is_update),
    )
    return published, updated


def _properties(tree: _Element, path: str) -> Iterator[tuple[str, str]]:
    """Dates in microdata; meta elements have been read before."""
    for element in tree.xpath(path)[:2]:
        if element.tag != "meta":
            stated = element.get("content") or element.get("datetime")
            yield "itemprop", stated or clean_line("".join(element.itertext())[:_LONGEST_TEXT])


def _times(tree: _Element) -> Iterator[tuple[str, bool]]:
    """What the first time elements of the article say, each with whether it is the time of an
    update."""
    elements = (
        element for element in islice(tree.iter("time"), _TIMES_LOOKED_AT) if in_article(element)
    )
    for element in islice(elements, _MOST_TIMES):
        text = element.get("datetime") or clean_line(
            "".join(islice(element.itertext(), 5))[:_LONGEST_TEXT]
        )
        yield text, _is_update(element)


def _is_update(element: _Element) -> bool:
    """Whether the classes of an element, or else the words before it, say that it tells of an
    update."""
    parent, before = element.getparent(), element.getprevious()
    for one in (element, parent):
        words = read_names((one.get("class") or "") if one is not None else "", False)[0]
        if words & (_UPDATES | _PUBLICATIONS):
            return not words & _PUBLICATIONS
    label = (before.tail or "".join(before.itertext())[-_LABEL:]) if before is not None else ""
    label = label or ((parent.text or "") if parent is not None else "")
    return bool(_UPDATED.search(label[-_LABEL:]))


def _dated_texts(tree: _Element) -> Iterator[tuple[str, bool]]:
    """Short lines after the headline, or at the beginning of a page that has none, that hold a
    date, each with whether it is that of an update."""
    heading = next(iter(tree.iter("h1")), None)
    texts = tree.xpath(f"//body{_TEXT}") if heading is None else heading.xpath(_AFTER)
    for text in texts[:_TEXTS]:
        if len(text) <= _LONGEST_TEXT and DATED.search(text):
            parts = [part for part in _PARTS.split(text) if DATED.search(part)]
            for part in parts if len(parts) > 1 else [text]:
                yield clean_line(part), bool(_UPDATED.search(part))
