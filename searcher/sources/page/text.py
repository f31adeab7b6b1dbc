"""The text of a page: from its blocks, else from its data, else from what other extractors find."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from itertools import islice
from typing import NamedTuple

from bs4 import Tag
from lxml.etree import _Element

from searcher.sources.markup import block_texts, soup_of
from searcher.sources.page.blocks import Block, key_of
from searcher.sources.page.body import body_of
from searcher.sources.page.captions import captions_of
from searcher.sources.page.edges import service_in_front, signed, without_edges
from searcher.sources.page.exclusion import with_exclusions
from searcher.sources.page.metadata import Metadata
from searcher.sources.page.outline import outline_of
from searcher.sources.page.running import is_running
from searcher.sources.page.standfirst import standfirst_of
from searcher.sources.page.state import body_in_data, text_in_state
from searcher.sources.page.state_facts import StateFacts, facts_of
from searcher.sources.page.tables import with_rows
from searcher.text.boilerplate import matches
from searcher.text.cleaning import clean_line, size_of

_SHORTEST_BODY = 100
"""Size of a body (text.cleaning.size_of) below which other extractors are asked. Larger asks them
also for short reports that the blocks gave."""
_TEASER = 1000
"""Size of a body below which JSON-LD is asked for the whole text."""
_WHOLE = 3
"""Number of times that the text in JSON-LD is longer if the page shows only its beginning."""
_SHORTEST_REPORT = 50
"""Minimum size of a sentence that is a report by itself, for which no extractor is asked. On
such pages paragraphs of law are longer than the article."""
_EXTRACTORS = frozenset(("trafilatura", "beautifulsoup4"))
"""Methods that read a page as a whole."""
_FEW_TEXTS = 400
"""Maximum number of texts in a noscript element that are looked at, to tell whether it is long."""
_FEWEST_CAPTIONS = 4
"""Minimum number of captions of a gallery. An article with fewer pictures is an article."""
_GALLERY_TEXT = 400
"""Size of a body from which on captions are not looked for, unless the page calls itself a
gallery."""
_WALL_WITHIN = 12
"""Number of blocks after the body among which the notice of a paywall is looked for. Larger takes
the publisher's own advertisements for one."""
_SHORTEST_TITLE = 12
"""Minimum length of a stated title, in characters of its key, to recognise it in the text. A
shorter one ("News") is the name of a section."""
_SHORTEST_DESCRIPTION = 25
"""Minimum length of a stated description, in characters of its key, to recognise it in the text."""


class PageText(NamedTuple):
    """The body of a page."""

    paragraphs: tuple[str, ...]
    """Its paragraphs, in order."""
    where: str
    """The method that found them: "blocks", "captions", "json-ld", "noscript", "state",
    "trafilatura" or "beautifulsoup4"."""

    walled: bool
    """Whether a notice says that the rest is for subscribers."""

    is_gallery: bool
    """Whether the page is a gallery of pictures."""

    is_running: bool
    """Whether its entries have times of day."""

    facts: StateFacts
    """Statements of the state about it, if it is from there."""

    agency: str
    """The agency that a byline above it names; "" for none."""

    writers: tuple[str, ...]
    """The names below it."""


def text_of(html: str, tree: _Element, meta: Metadata) -> PageText:
    """Return the body of the page.

    - Captions are added to a short text if they are longer than it: the page is a gallery.
    - If next to nothing is found, the text in JSON-LD, in noscript and template elements and in the
      state of scripts is taken if it is longer; then the result of trafilatura or beautifulsoup4
      (elements nested deeper than lxml allows).
    """
    blocks, walled = _blocks(tree, meta)
    found, where = tuple(block.text for block in blocks), "blocks"
    captions = captions_of(tree) if _size(found) < _GALLERY_TEXT or meta.kind == "gallery" else ()
    is_gallery = meta.kind == "gallery" or (
        len(captions) >= _FEWEST_CAPTIONS and _size(captions) > _size(found)
    )
    if is_gallery and captions:
        found, where = (*found, *(text for text in captions if text not in found)), "captions"
    in_state = cache(lambda: text_in_state(tree, _titles(meta)))
    methods: tuple[tuple[str, Callable[[], tuple[str, ...]]], ...] = (
        ("json-ld", lambda: body_in_data(meta.body)),
        ("noscript", lambda: _by_fallback(tree, meta)),
        ("state", lambda: in_state().paragraphs),
        ("trafilatura", lambda: _by_trafilatura(html)),
        ("beautifulsoup4", lambda: _by_soup(html)),
    )
    if _size(found) < _TEASER and len(meta.body) > _WHOLE * _size(found):
        other = body_in_data(meta.body)
        if _size(other) > _WHOLE * _size(found):
            found, where = other, "json-ld"
    for name, extract in methods:
        is_report = name in _EXTRACTORS and any(map(_is_sentence, found))
        if _size(found) < _SHORTEST_BODY and not is_report:
            other = extract()
            found, where = (other, name) if _size(other) > _size(found) else (found, where)
    texts = without_edges(found, meta.headline, (*meta.authors, meta.agency))
    texts, writers = signed(texts, meta.source)
    facts = facts_of(in_state().around) if where == "state" else StateFacts()
    walled = walled and meta.free is not True
    agency = service_in_front(found, texts)
    return PageText(texts, where, walled, is_gallery, is_running(blocks), facts, agency, writers)


def _is_sentence(text: str) -> bool:
    """Return whether a text can be a report of one sentence."""
    return size_of(text) >= _SHORTEST_REPORT and text.endswith((".", "!", "?", "。"))


def _size(texts: Sequence[str]) -> int:
    return sum(map(size_of, texts))


def _blocks(tree: _Element, meta: Metadata) -> tuple[list[Block], bool]:
    """Return the blocks of the body, and whether the notice of a paywall is in or after them."""
    body = tree.find("body")
    outline = with_rows(outline_of(tree if body is None else body))
    named = {key for title in meta.titles if len(key := key_of(title)) >= _SHORTEST_TITLE}
    titles = (
        named
        | {key_of(meta.headline)}
        | {block.key for block in outline.blocks if block.tag == "h1"}
    )
    outline = with_exclusions(outline, titles)
    blocks = body_of(outline, titles, meta.kind == "live")
    if not blocks:
        return [], False
    walled = any(
        matches("wall", block.text)
        for block in outline.blocks[blocks[0].index : blocks[-1].index + _WALL_WITHIN]
    )
    descriptions = {
        key for text in meta.descriptions if len(key := key_of(text)) >= _SHORTEST_DESCRIPTION
    }
    above = standfirst_of(outline, blocks, titles, named, descriptions)
    return sorted([*above, *blocks], key=lambda block: block.index), walled


def _titles(meta: Metadata) -> set[str]:
    """Return the keys of the page's titles that are long enough to recognise it by."""
    texts = (*meta.titles, meta.headline)
    return {key for text in texts if len(key := key_of(text)) >= _SHORTEST_TITLE}


def _by_fallback(tree: _Element, meta: Metadata) -> tuple[str, ...]:
    """Return the body in the elements that a browser shows without scripts, or that a script
    copies: noscript and template.

    They are made visible in `tree`.
    """
    found = [
        element
        for element in tree.iter("noscript", "template")
        if len("".join(islice(element.itertext(), _FEW_TEXTS))) >= _SHORTEST_BODY
    ]
    for element in found:
        element.tag = "div"
    return tuple(block.text for block in _blocks(tree, meta)[0]) if found else ()


def _by_soup(html: str) -> tuple[str, ...]:
    """Return the p elements of the page's article, else of the page; without any, all its text."""
    soup = soup_of(html)
    for name in ("article", "main", "body"):
        element = soup.find(name)
        if isinstance(element, Tag):
            blocks = block_texts(element)
            if texts := tuple(text for name, text in blocks if name == "p") or tuple(
                text for _, text in blocks
            ):
                return texts
    return ()


def _by_trafilatura(html: str) -> tuple[str, ...]:
    import trafilatura

    text = trafilatura.extract(
        html, favor_precision=True, include_comments=False, include_tables=False
    )
    return tuple(cleaned for line in (text or "").split("\n") if (cleaned := clean_line(line)))
