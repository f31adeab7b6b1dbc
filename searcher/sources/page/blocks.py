"""A page as its blocks of text, each within the block elements that hold it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree
from lxml.etree import _Element

from searcher.sources.page.element_names import NONE, Words, read_names
from searcher.text.cleaning import clean_line, size_of
from searcher.text.repair import repaired

HEADINGS = frozenset("h2 h3 h4 h5 h6".split())
_BLOCKS = HEADINGS | frozenset(
    "address article aside blockquote body center dd details div dl dt fieldset footer form h1 "
    "header hr li main nav ol"
    " p pre section summary table tbody td tfoot th thead tr ul".split()
)
_NOT_TEXT = frozenset(
    "script style noscript template svg iframe button select textarea input object canvas audio "
    "video figure figcaption"
    " picture dialog menu head".split()
)
_AMP, _AMP_STORY = "amp-", "amp-story"
"""Elements of AMP show pictures, notices, lists and advertisements; only its stories have text in
some."""
_ASIDES = frozenset("nav footer aside form header".split())
_ROLES = frozenset("navigation complementary contentinfo dialog search".split())
_OF_TEXT = HEADINGS | {"p", "li", "article", "body", "main"}
_NO_PARAGRAPH = HEADINGS | {"li", "h1", "td", "th", "dt"}
_GOOD_SIZE, _SHORT_SIZE, _GOOD_LINKED = 100, 35, 0.4
_SENTENCE_END = re.compile(r"[.!?…。！？»”“\"']\s*$")
_COLUMN_SIZE = 300
_MOJIBAKE = re.compile("[ÃÂâ][\x80-\xbf]")
_TOKEN = re.compile(r"\w+")
_MOST_BLOCKS = 50_000
"""A page with more is read as far as that."""

ASIDE = "<"
"""Before the name of an element among the words against it."""


@dataclass(slots=True, eq=False)
class Block:
    """The text between two block boundaries.

    at: its number on the page; node: the element that holds it; size: characters, of which a
    Chinese one counts three; linked: the share of its characters that are links; key: its words
    without case and marks; against: the word for which it is no body, "" when there is none.
    """

    at: int
    tag: str
    text: str
    node: int
    size: int
    linked: float
    key: str
    against: str = ""

    @property
    def good(self) -> bool:
        """Whether it looks like a paragraph of an article."""
        if self.linked >= _GOOD_LINKED or self.tag in _NO_PARAGRAPH:
            return False
        short = (
            self.tag == "p" and self.size >= _SHORT_SIZE and bool(_SENTENCE_END.search(self.text))
        )
        return self.size >= _GOOD_SIZE or short


@dataclass(slots=True)
class Node:
    """A block element: its parent's number (-1 for none), its classes, and the words of its classes
    and id.

    against: those of them, or properties of the element, for which its text is no body.
    """

    parent: int
    tag: str
    classes: Words
    words: Words
    against: Words
    is_article: bool


def key_of(text: str) -> str:
    """The words of `text` without case and marks, to compare it with others."""
    return " ".join(_TOKEN.findall(text)).casefold()


def parse_page(text: str) -> _Element:
    """The tree of a page. Raises lxml.etree.ParserError when there is no element in it."""
    # Not of lxml.html, whose elements take a third longer to walk.
    parser = etree.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True
    )
    root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    if root is None:
        raise etree.ParserError("no element")
    return root


class Outline:
    """The block elements of a page in document order, and its blocks of text. Without recursion:
    pages nest deeply."""

    def __init__(self, root: _Element) -> None:
        self.nodes: list[Node] = []
        self.blocks: list[Block] = []
        self._open = _Run("", -1)
        self._breaks = 0
        # An element or a text within it, the node that it is in, and whether it is linked; or a run
        # to go on with.
        stack: list[tuple[_Element | str, int, bool] | _Run] = [(root, -1, False)]
        while stack and len(self.blocks) < _MOST_BLOCKS:
            step = stack.pop()
            if isinstance(step, _Run):
                self._close()
                self._open = step
            elif isinstance(step[0], str):
                self._text(step[0], step[2])
            else:
                self._element(step[0], step[1], step[2], stack)
        self._close()
        self._free_cells()

    def _free_cells(self) -> None:
        """Makes paragraphs of the text in cells that hold too much for a table: they are columns of
        an old layout."""
        cells: dict[int, list[Block]] = {}
        for block in self.blocks:
            if block.tag == "td":
                cells.setdefault(block.node, []).append(block)
        for blocks in cells.values():
            texts = (
                block.size
                for block in blocks
                if block.size >= _GOOD_SIZE and block.linked < _GOOD_LINKED
            )
            if sum(texts) >= _COLUMN_SIZE:
                for block in blocks:
                    block.tag = "div"

    def _element(
        self,
        element: _Element,
        parent: int,
        linked: bool,
        stack: list[tuple[_Element | str, int, bool] | _Run],
    ) -> None:
        tag = element.tag
        if (
            not isinstance(tag, str)
            or tag in _NOT_TEXT
            or (tag.startswith(_AMP) and not tag.startswith(_AMP_STORY))
        ):
            return
        if tag == "br":
            self._breaks += 1
            self._open.texts.append("\n")
            if self._breaks > 1:
                self._close()
            return
        node = parent
        if tag in _BLOCKS:
            node = len(self.nodes)
            self._breaks = 0
            self.nodes.append(_node(element, tag, parent, self.nodes))
            self._close()
            stack.append(_Run(self._open.tag, self._open.node))
            self._open = _Run(tag, node)
        linked = linked or tag == "a"
        for child in reversed(element):
            if child.tail:
                stack.append((child.tail, node, linked))
            stack.append((child, node, linked))
        if element.text:
            stack.append((element.text, node, linked))

    def _text(self, text: str, linked: bool) -> None:
        self._open.texts.append(text)
        if not text.isspace():
            self._breaks = 0
            if linked:
                self._open.linked += len(text.strip())

    def _close(self) -> None:
        run = self._open
        if run.texts and (text := clean_line(_mended("".join(run.texts)))):
            share = min(1.0, run.linked / len(text))
            self.blocks.append(
                Block(len(self.blocks), run.tag, text, run.node, size_of(text), share, key_of(text))
            )
        self._open = _Run(run.tag, run.node)

    def up(self, node: int) -> Iterator[int]:
        """`node` and those that it stands in, inwards out."""
        while node >= 0:
            yield node
            node = self.nodes[node].parent

    def within(self, top: int) -> list[bool]:
        """For each node whether it is `top` or stands in it."""
        inside = [False] * len(self.nodes)
        for number, node in enumerate(self.nodes):
            inside[number] = number == top or (node.parent >= 0 and inside[node.parent])
        return inside

    def classes(self, node: int) -> Words:
        return self.nodes[node].classes if node >= 0 else NONE


def _mended(text: str) -> str:
    """`text` with its mojibake mended, of which `clean_line` would take a part away."""
    return repaired(text) if not text.isascii() and _MOJIBAKE.search(text) else text


class _Run:
    """The texts since the last block boundary."""

    __slots__ = ("linked", "node", "tag", "texts")

    def __init__(self, tag: str, node: int) -> None:
        self.tag = tag
        self.node = node
        self.texts: list[str] = []
        self.linked = 0


def _node(element: _Element, tag: str, parent: int, nodes: list[Node]) -> Node:
    classes, given_id = element.get("class") or "", element.get("id") or ""
    words, against = (
        read_names(f"{classes} {given_id}", tag in _OF_TEXT)
        if classes or given_id
        else (NONE, NONE)
    )
    more = [ASIDE + tag] if tag in _ASIDES else []
    style = (element.get("style") or "").replace(" ", "")
    if (
        element.get("hidden") is not None
        or element.get("aria-hidden") == "true"
        or "display:none" in style
    ):
        more.append(ASIDE + "hidden")
    if element.get("role") in _ROLES:
        more.append(ASIDE + "role")
    is_article = tag in ("article", "main") or element.get("itemprop") == "articleBody"
    return Node(
        parent,
        tag,
        frozenset(classes.split()) if classes else NONE,
        words,
        against.union(more) if more else against,
        is_article or (parent >= 0 and nodes[parent].is_article),
    )
