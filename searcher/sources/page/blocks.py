"""The outline of a page: its blocks of text, and the block elements that hold them.

The first step of reading a page. `exclusion` marks the blocks that stand outside of the article,
`body` and `standfirst` choose among the others.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from unicodedata import normalize

from searcher.sources.page.element_names import NONE, Words

HEADINGS = frozenset("h2 h3 h4 h5 h6".split())
"""Tags of the headings in a text. The heading of the page, h1, is not one of them."""
_NO_PARAGRAPH = HEADINGS | {"li", "h1", "td", "th", "dt"}
"""Tags of blocks that are no paragraphs, however long."""
PARAGRAPH_SIZE = 100
"""Minimum size of a paragraph, in characters. Shorter blocks are often buttons and captions. (50 or
200: the same F1 of bodies, .979, on 123 saved pages; `make bench-reading`.)"""
_SENTENCE_SIZE = 35
"""Minimum size of a paragraph in a p element that ends like a sentence, in characters. (17 or 70:
the same F1.)"""
PARAGRAPH_LINKED = 0.4
"""Maximum share of links in a paragraph. Blocks with more are lists of links. (.2 or .8: the
same F1.)"""
_SENTENCE_END = re.compile(r"[.!?…。！？»”“\"']\s*$")
"""The end of a sentence, perhaps with a closing quotation mark."""
_TOKEN = re.compile(r"\w+")
"""A run of word characters."""

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
        if self.link_share >= PARAGRAPH_LINKED or self.tag in _NO_PARAGRAPH:
            return False
        is_sentence = (
            self.tag == "p"
            and self.size >= _SENTENCE_SIZE
            and bool(_SENTENCE_END.search(self.text))
        )
        return self.size >= PARAGRAPH_SIZE or is_sentence


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
