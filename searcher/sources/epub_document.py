"""The text of one document of an EPUB: everything in it but notes, captions and navigation.

Unlike a web page, it has no other text around the article.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from lxml.etree import ParserError, _Element, iterwalk

from searcher.sources.markup import BLOCKS, NOT_TEXT
from searcher.sources.page.blocks import parse_page
from searcher.text.cleaning import clean_line
from searcher.text.encoding import decode

_HEADINGS = frozenset(("h1", "h2", "h3"))

_HEADING_WITHIN = 5
"""Blocks at the beginning of a document among which its headline is looked for. The name of a
section and a kicker can be above it."""

_EMPTY_ELEMENT = re.compile(
    r"<(?!(?:br|hr|img|meta|link|input|col|area|base|embed|wbr|source|track|param)\b)"
    r"([A-Za-z][\w:-]{0,50})(\s[^<>]{0,2000}?)?/>"
)
"""An element closed by "/>", which an HTML parser takes for one that stays open: a `<title/>` would
take the whole document for a title."""

_BYLINE = re.compile(r"\b(?:byline|authors?)\b", re.IGNORECASE)
"""Classes of elements that name the author."""

_NOT_BODY = re.compile(r"\b(?:caption|credits?)\b", re.IGNORECASE)
"""Classes of elements that belong to a picture."""


class Text(NamedTuple):
    """The text of one document."""

    headline: str
    """Its first heading; "" if it does not begin with one."""

    paragraphs: tuple[str, ...]
    """The other blocks, in order."""

    authors: tuple[str, ...]
    """The texts of its bylines."""


def text_of(data: bytes, without_links: bool = False) -> Text:
    """Return the text of an XHTML document.

    without_links: leave out links that are alone in their element, as those of a list are.
    """
    html = _EMPTY_ELEMENT.sub(r"<\1\2></\1>", decode(data)[0])
    try:
        blocks, authors = _blocks(parse_page(html), without_links)
    except ParserError:
        return Text("", (), ())
    first = (number for number, (tag, _) in enumerate(blocks[:_HEADING_WITHIN]) if tag in _HEADINGS)
    at = next(first, -1)
    paragraphs = tuple(text for number, (_, text) in enumerate(blocks) if number != at)
    return Text(blocks[at][1] if at >= 0 else "", paragraphs, authors)


def _blocks(root: _Element, without_links: bool) -> tuple[list[tuple[str, str]], tuple[str, ...]]:
    """Return the blocks under `root`, each with the name of its element, and the bylines."""
    blocks: list[tuple[str, list[str]]] = [("", [])]
    authors: list[str] = []
    walk = iterwalk(root, events=("start", "end"))
    for event, element in walk:
        name = str(element.tag)
        if name in BLOCKS:
            blocks.append((name if event == "start" else "", []))
        if event == "end":
            blocks[-1][1].append(element.tail or "")
            continue
        classes = element.get("class") or ""
        if _BYLINE.search(classes):
            authors.append(clean_line(" ".join(element.itertext())))
            walk.skip_subtree()
        elif (
            name in NOT_TEXT
            or _NOT_BODY.search(classes)
            or (without_links and name == "a" and _is_alone(element))
        ):
            walk.skip_subtree()
        else:
            blocks[-1][1].append(element.text or "")
    found = [(name, text) for name, parts in blocks if (text := clean_line("".join(parts)))]
    return found, tuple(name for name in authors if name)


def _is_alone(element: _Element) -> bool:
    """Return whether an element is all that its parent holds."""
    above = element.getparent()
    around = (above.text or "") + (element.tail or "") if above is not None else ""
    return above is not None and len(above) == 1 and not around.strip()
