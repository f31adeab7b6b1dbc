"""The outline of a page: its blocks of text, and the block elements that hold them.

The first step of reading a page. `exclusion` marks the blocks that stand outside of the article,
`body` and `standfirst` choose among the others.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from unicodedata import normalize

from lxml import etree
from lxml.etree import _Element, iterwalk

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

HEADINGS = frozenset("h2 h3 h4 h5 h6".split())
"""Tags of the headings in a text. The heading of the page, h1, is not one of them."""
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
_NO_PARAGRAPH = HEADINGS | {"li", "h1", "td", "th", "dt"}
"""Tags of blocks that are no paragraphs, however long."""
_PARAGRAPH_SIZE = 100
"""Minimum size of a paragraph, in characters. Shorter blocks are often buttons and captions. (50 or
200: the same F1 of bodies, .979, on 123 saved pages; `make bench-reading`.)"""
_SENTENCE_SIZE = 35
"""Minimum size of a paragraph in a p element that ends like a sentence, in characters. (17 or 70:
the same F1.)"""
_PARAGRAPH_LINKED = 0.4
"""Maximum share of links in a paragraph. Blocks with more are lists of links. (.2 or .8: the
same F1.)"""
_SENTENCE_END = re.compile(r"[.!?…。！？»”“\"']\s*$")
"""The end of a sentence, perhaps with a closing quotation mark."""
_COLUMN_SIZE = 300
"""Minimum size of the paragraphs in a cell of a table that is a column of the layout, in
characters. (150 or 600: the same F1.)"""
_MOJIBAKE = re.compile("[ÃÂâ][\x80-\xbf]")
"""Signs of text that was decoded with the wrong encoding, with control characters that `clean_line`
would remove."""
_BEHIND = 12
"""Minimum number of characters behind the last link of a block that are words of its sentence."""
_TOKEN = re.compile(r"\w+")
"""A run of word characters."""
_MOST_BLOCKS = 50_000
"""Maximum number of blocks that are read of a page. A larger page is cut there, which bounds time
and memory."""

ASIDE = "<"
"""Prefix of a tag or property among the excluding words of a node, so that it differs from a class
of the same name."""


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """The text between two block boundaries of a page."""

    index: int
    """Its number on the page, in the order of the document."""
    tag: str
    """The tag of the innermost block element around it."""
    text: str
    """The text, on one line."""
    node: int
    """The index of the node that holds it."""
    size: int
    """Characters; a Chinese, Japanese or Korean one counts three."""
    link_share: float
    """Share of its characters that are links, in 0..1."""
    key: str
    """Its words without case and marks, to compare it with others."""
    excluded_by: str = ""
    """The name, or another reason, that excludes it from the body; "" if none does."""
    goes_on: bool = False
    """Whether words follow its last link. A link to another article ends its block."""

    def excluded(self, reason: str) -> Block:
        """Return the block as one that is excluded for a reason."""
        # `dataclasses.replace` takes three times as long, and most blocks of a page are excluded.
        return Block(
            self.index,
            self.tag,
            self.text,
            self.node,
            self.size,
            self.link_share,
            self.key,
            reason,
            self.goes_on,
        )

    @property
    def is_paragraph(self) -> bool:
        """Whether it looks like a paragraph of an article."""
        if self.link_share >= _PARAGRAPH_LINKED or self.tag in _NO_PARAGRAPH:
            return False
        is_sentence = (
            self.tag == "p"
            and self.size >= _SENTENCE_SIZE
            and bool(_SENTENCE_END.search(self.text))
        )
        return self.size >= _PARAGRAPH_SIZE or is_sentence


@dataclass(frozen=True, slots=True)
class Node:
    """A block element."""

    parent: int
    """The index of the block element around it; -1 for none."""
    tag: str
    """Its tag."""
    classes: Words
    """Its classes, as written."""
    words: Words
    """The words in its classes and its id."""
    excluding: Words
    """Those words, and properties of the element (with ASIDE in front), that exclude its text from
    the body."""
    is_article: bool
    """Whether it is an article or main element, or is inside one."""


def key_of(text: str) -> str:
    """Return the words of `text` without case and marks, to compare it with others."""
    text = text if text.isascii() else normalize("NFC", text)
    return " ".join(_TOKEN.findall(text)).casefold()


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


@dataclass(frozen=True, slots=True)
class PageOutline:
    """The block elements of a page, and its blocks of text."""

    nodes: tuple[Node, ...]
    """The block elements in the order of the document."""
    blocks: tuple[Block, ...]
    """The blocks of text in the order of the document."""
    pictures: frozenset[int] = frozenset()
    """The nodes that hold a picture, at most _PICTURE_LEVELS elements further in."""

    def up(self, node: int) -> Iterator[int]:
        """Yield the index of a node and of those around it, inwards out."""
        while node >= 0:
            yield node
            node = self.nodes[node].parent

    def within(self, top: int) -> list[bool]:
        """Return by node whether it is `top` or inside it."""
        inside = [False] * len(self.nodes)
        for number, node in enumerate(self.nodes):
            inside[number] = number == top or (node.parent >= 0 and inside[node.parent])
        return inside

    def classes(self, node: int) -> Words:
        """Return the classes of a node; none for -1."""
        return self.nodes[node].classes if node >= 0 else NONE


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
        is_text = block.size >= _PARAGRAPH_SIZE and block.link_share < _PARAGRAPH_LINKED
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
