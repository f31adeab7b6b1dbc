"""The text of one document of an EPUB: everything in it but notes, captions and navigation.

Unlike a web page, it has no other text around the article.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from lxml.etree import ParserError, _Element, iterwalk

from searcher.sources.markup import BLOCKS, NOT_TEXT
from searcher.sources.page.outline import parse_page
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

_BYLINE = re.compile(r"(?<!\S)(?:\w+-)?(?:byline|authors?)(?:-names?)?(?!\S)", re.IGNORECASE)
"""A class of elements that name the author, whole: "authors-note" is another."""

_NOT_BODY = re.compile(r"(?<!\S)(?:\w+-)?(?:captions?|credits?)(?:-text)?(?!\S)", re.IGNORECASE)
"""A class of elements that belong to a picture, whole: "credit-crunch" is another."""

_LONGEST_BYLINE = 120
"""Maximum length of a byline, in characters. A longer text is an article or a chapter."""

_LONGEST_CAPTION = 1_000
"""Maximum length of a caption, in characters. A longer text is an article or a chapter."""

_STEPS = 400
"""Maximum number of beginnings and ends of elements in a byline or caption. It bounds the time on
elements that are nested in each other."""

_PARSED_DEPTH = 2_048
"""Depth of elements at which libxml2 stops to parse HTML."""

_PICTURES = frozenset("img svg image object".split())
"""Elements that show a picture."""


class Text(NamedTuple):
    """The text of one document."""

    headline: str
    """Its first heading; "" if it does not begin with one."""

    paragraphs: tuple[str, ...]
    """The other blocks, in order."""

    authors: tuple[str, ...]
    """The texts of its bylines."""

    fault: str = ""
    """The reason why it has no paragraphs; "" if it has some."""


def text_of(data: bytes, without_links: bool = False) -> Text:
    """Return the text of an XHTML document.

    without_links: leave out links that are alone in their element, as those of a list are.
    """
    html = _EMPTY_ELEMENT.sub(r"<\1\2></\1>", decode(data)[0])
    try:
        root = parse_page(html)
    except ParserError:
        return Text("", (), (), "an empty document")
    blocks, authors = _blocks(root, without_links)
    first = (number for number, (tag, _) in enumerate(blocks[:_HEADING_WITHIN]) if tag in _HEADINGS)
    at = next(first, -1)
    paragraphs = tuple(text for number, (_, text) in enumerate(blocks) if number != at)
    headline = blocks[at][1] if at >= 0 else ""
    return Text(headline, paragraphs, authors, "" if paragraphs else _fault(root, headline))


def _fault(root: _Element, headline: str) -> str:
    """Return the reason why a document has no paragraphs."""
    depth = deepest = 0
    has_pictures = False
    for event, element in iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        deepest = max(deepest, depth)
        has_pictures = has_pictures or element.tag in _PICTURES
    if deepest >= _PARSED_DEPTH:
        return f"its elements are nested {_PARSED_DEPTH:,} deep or deeper"
    return (
        "pictures alone"
        if has_pictures
        else "a headline alone"
        if headline
        else "links or markup alone"
    )


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
        if _BYLINE.search(classes) and (byline := _short_text(element, _LONGEST_BYLINE)):
            authors.append(byline)
            walk.skip_subtree()
        elif (
            name in NOT_TEXT
            or (_NOT_BODY.search(classes) and _short_text(element, _LONGEST_CAPTION))
            or (without_links and name == "a" and _is_alone(element))
        ):
            walk.skip_subtree()
        else:
            blocks[-1][1].append(element.text or "")
    found = [(name, text) for name, parts in blocks if (text := clean_line("".join(parts)))]
    return found, tuple(authors)


def _short_text(element: _Element, longest: int) -> str:
    """Return the text of an element; "" if it is longer than `longest` characters."""
    parts: list[str] = []
    size = 0
    for step, (event, one) in enumerate(iterwalk(element, events=("start", "end"))):
        part = one.text if event == "start" else one.tail if one is not element else ""
        parts.append(part or "")
        size += len(parts[-1].strip())
        if size > longest or step > _STEPS:
            return ""
    return clean_line(" ".join(parts))


def _is_alone(element: _Element) -> bool:
    """Return whether an element is all that its parent holds."""
    above = element.getparent()
    around = (above.text or "") + (element.tail or "") if above is not None else ""
    return above is not None and len(above) == 1 and not around.strip()
