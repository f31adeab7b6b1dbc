"""Building the outline of a page: the tree of its elements as nodes and blocks."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache

from lxml import etree
from lxml.etree import _Element, iterwalk

from searcher.sources.page.blocks import (
    ASIDE,
    HEADINGS,
    PARAGRAPH_LINKED,
    PARAGRAPH_SIZE,
    Block,
    Node,
    PageOutline,
    key_of,
)
from searcher.sources.page.element_names import NONE, Words, read_names
from searcher.sources.page.inline import (
    LINE,
    holds_text,
    is_unseen,
    is_word,
    unwrapped,
    with_lines_joined,
)
from searcher.text.cleaning import clean_line, repaired, size_of

_BLOCKS = HEADINGS | frozenset(
    "address article aside blockquote body center dd details div dl dt fieldset footer form h1 "
    "header hr li main nav ol"
    " figcaption figure p pre section summary table tbody td tfoot th thead tr ul".split()
)
"""Tags of block elements: their begin and end divide the text."""
_NOT_TEXT = frozenset(
    "script style noscript template svg iframe button select textarea input object canvas audio "
    "video figure figcaption"
    " picture dialog menu head".split()
)
"""Tags of elements whose content is not read."""
_PICTURES = frozenset("img picture figure video amp-img".split())
"""Tags of pictures."""
_PICTURE_LEVELS = 3
"""Number of elements around a picture that hold it, as far as captions are concerned."""
_AMP = "amp-"
"""How the tags of AMP begin. These elements show pictures, notices, lists and advertisements."""
_AMP_STORY = "amp-story"
"""How the tags of AMP stories begin, which are the only elements of AMP with text."""
_ASIDES = frozenset("nav footer aside form header".split())
"""Tags of elements beside the article."""
_ROLES = frozenset("navigation complementary contentinfo dialog search".split())
"""Values of the attribute `role` for elements beside the article."""
_OF_TEXT = HEADINGS | {"p", "li", "article", "body", "main", "blockquote"}
"""Tags of elements of text itself. Only names that leave no doubt exclude them."""
_COLUMN_SIZE = 300
"""Minimum size of the paragraphs in a cell of a table that is a column of the layout, in
characters. (150 or 600: the same F1.)"""
_MOJIBAKE = re.compile("[ÃÂâ][\x80-\xbf]")
"""Signs of text that was decoded with the wrong encoding, with control characters that `clean_line`
would remove."""
_BEHIND = 12
"""Minimum number of characters behind the last link of a block that are words of its sentence."""
_MOST_BLOCKS = 50_000
"""Maximum number of blocks that are read of a page. A larger page is cut there, which bounds time
and memory."""


def parse_page(text: str) -> _Element:
    """Return the tree of a page. Raises lxml.etree.ParserError if it has no element."""
    # The elements of lxml.html take a third longer to walk.
    parser = etree.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True
    )
    root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    if root is None:
        raise etree.ParserError("no element")
    return root


def outline_of(root: _Element) -> PageOutline:
    """Return the outline of the page, or part of a page, below `root`."""
    builder = _Builder()
    builder.read(root)
    nodes = tuple(builder.nodes)
    return PageOutline(nodes, _with_columns(builder.blocks), _around(builder.pictures, nodes))


def _around(pictures: Iterable[int], nodes: Sequence[Node]) -> frozenset[int]:
    """Return the nodes of pictures and those around them."""
    found: set[int] = set()
    for node in pictures:
        for _ in range(_PICTURE_LEVELS):
            if node >= 0:
                found.add(node)
                node = nodes[node].parent
    return frozenset(found)


def _with_columns(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """Return the blocks, those in cells with too much text for a table tagged as div.

    Such cells are the columns of an old layout.
    """
    sizes: Counter[int] = Counter()
    for block in blocks:
        is_text = block.size >= PARAGRAPH_SIZE and block.link_share < PARAGRAPH_LINKED
        if block.tag == "td" and is_text:
            sizes[block.node] += block.size
    return tuple(
        replace(block, tag="div")
        if block.tag == "td" and sizes[block.node] >= _COLUMN_SIZE
        else block
        for block in blocks
    )


class _Builder:
    """Collects the nodes and blocks of a page, without recursion: pages nest deeply."""

    def __init__(self) -> None:
        self.nodes: list[Node] = []
        self.blocks: list[Block] = []
        self.pictures: set[int] = set()
        self._open = _Run("", -1)
        self._breaks = 0

    def read(self, root: _Element) -> None:
        """Collect what is below `root`, at most _MOST_BLOCKS blocks."""
        walk = iterwalk(root, events=("start", "end"))
        # For each open element the node that it is in, or is, and whether it is linked.
        around = [(-1, False)]
        for event, element in walk:
            node, linked = around[-1]
            if event == "start":
                begun = self._begin(element, node)
                if begun is None:
                    walk.skip_subtree()
                    around.append((node, linked))
                    continue
                linked = linked or element.tag == "a"
                around.append((begun, linked))
                text = element.text
            else:
                around.pop()
                above, linked = around[-1]
                if node != above:
                    self._close()
                    self._open = _Run(self.nodes[above].tag if above >= 0 else "", above)
                text = element.tail if len(around) > 1 else None
            if len(self.blocks) >= _MOST_BLOCKS:
                break
            if text:
                self._text(text, linked)
        self._close()

    def _begin(self, element: _Element, parent: int) -> int | None:
        """Begin an element in the node `parent`. Return the node that its content is in; None if
        its content is not read."""
        tag = element.tag
        if tag in _PICTURES:
            self.pictures.add(parent)
        if tag in _BLOCKS:
            if tag in _NOT_TEXT and not holds_text(element, tag):
                return None
            self._breaks = 0
            self._close()
            node = len(self.nodes)
            self.nodes.append(_node(element, tag, parent, self.nodes))
            self._open = _Run(tag, node)
            return node
        if tag == "br":
            self._breaks += 1
            self._open.texts.append(LINE)
            if self._breaks > 1:
                self._close()
            return None
        if not isinstance(tag, str) or (tag in _NOT_TEXT and not is_word(element, tag)):
            return None
        if tag.startswith(_AMP) and not tag.startswith(_AMP_STORY):
            return None
        return None if is_unseen(element) else parent

    def _text(self, text: str, linked: bool) -> None:
        """Add a text to the open block."""
        self._open.texts.append(unwrapped(text))
        if not text.isspace():
            self._breaks = 0
            self._open.is_blank = False
            size = len(text.strip())
            if linked:
                self._open.linked += size
                self._open.behind = 0
            else:
                self._open.behind += size

    def _close(self) -> None:
        """End the open block, and begin another in the same node."""
        run = self._open
        if not run.is_blank and (
            text := clean_line(with_lines_joined(_mended("".join(run.texts))))
        ):
            share = min(1.0, run.linked / len(text))
            place, size = len(self.blocks), size_of(text)
            goes_on = run.behind >= _BEHIND
            self.blocks.append(
                Block(place, run.tag, text, run.node, size, share, key_of(text), "", goes_on)
            )
        self._open = _Run(run.tag, run.node)


def _mended(text: str) -> str:
    """Return `text` with its mojibake repaired, as long as `clean_line` has not removed a part of
    it."""
    return repaired(text) if not text.isascii() and _MOJIBAKE.search(text) else text


class _Run:
    """The texts since the last block boundary, until they are a block."""

    __slots__ = ("behind", "is_blank", "linked", "node", "tag", "texts")

    def __init__(self, tag: str, node: int) -> None:
        self.tag = tag
        self.node = node
        self.texts: list[str] = []
        self.linked = 0
        self.behind = 0
        self.is_blank = True


def _node(element: _Element, tag: str, parent: int, nodes: list[Node]) -> Node:
    """Return the node of a block element, with what its names and attributes say."""
    classes, given_id = element.get("class") or "", element.get("id") or ""
    names = (
        _names(classes, given_id, tag in _OF_TEXT) if classes or given_id else (NONE, NONE, NONE)
    )
    own, words, excluding = names
    quoted = parent >= 0 and nodes[parent].tag == "blockquote"
    more = [ASIDE + tag] if tag in _ASIDES and not quoted else []
    style = element.get("style")
    if (
        element.get("hidden") is not None
        or element.get("aria-hidden") == "true"
        or (style and "display:none" in style.replace(" ", ""))
    ):
        more.append(ASIDE + "hidden")
    if element.get("role") in _ROLES:
        more.append(ASIDE + "role")
    is_article = tag in ("article", "main") or element.get("itemprop") == "articleBody"
    return Node(
        parent,
        tag,
        own,
        words,
        excluding.union(more) if more else excluding,
        is_article or (parent >= 0 and nodes[parent].is_article),
    )


@lru_cache(1 << 13)
def _names(classes: str, given_id: str, strict: bool) -> tuple[Words, Words, Words]:
    """Return the classes of an element, and what `read_names` returns of them and its id. Cached
    likewise."""
    return frozenset(classes.split()), *read_names(f"{classes} {given_id}", strict)
