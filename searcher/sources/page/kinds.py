"""The kinds of element, and the parents, that hold the text of an article.

Figures in brackets are as in `body`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import islice

from searcher.sources.page.blocks import Block, PageOutline
from searcher.sources.page.element_names import Words
from searcher.sources.page.tables import ROW

_MAIN_SHARE = 0.2
"""Minimum share of the text in a kind of element, or in a parent, for it to be one of the article's
own. (Half: .977, twice: .978.)"""
_STRICT_SHARE = 0.7
"""Minimum share of the text in kinds of the article's own for other kinds to be left out. (Half:
the same; 1: .972.)"""
_LISTS = frozenset("ul ol dl table".split())
"""Tags of lists and tables, which are text where they stand beside paragraphs."""
_NOTES = frozenset("footnote footnotes endnote endnotes references".split())
"""Names of lists of footnotes."""
_Kind = tuple[str, Words, Words]
"""Tag and classes of the element that holds a block, and the classes of its parent."""


class Kinds:
    """The kinds of element, and the parents, that hold the article's text."""

    def __init__(self, outline: PageOutline, blocks: Iterable[Block]) -> None:
        self._outline = outline
        homes: Counter[int] = Counter()
        kinds: Counter[_Kind] = Counter()
        paragraphs = [block for block in blocks if block.is_paragraph]
        for block in paragraphs:
            kinds[self._kind(block)] += block.size
            homes[block.node] += block.size
            homes[outline.nodes[block.node].parent] += block.size
        total = sum(block.size for block in paragraphs) or 1
        self._mains = [kind for kind, size in kinds.items() if size >= _MAIN_SHARE * total]
        self._main_classes = frozenset[str]().union(*(own | above for _, own, above in self._mains))
        self._alike: dict[_Kind, bool] = {}
        self.holders = set(homes)
        self.homes = {node for node, size in homes.items() if size >= _MAIN_SHARE * total}
        self.strict = (
            sum(block.size for block in paragraphs if self.has(block)) >= _STRICT_SHARE * total
        )

    def _kind(self, block: Block) -> _Kind:
        outline = self._outline
        return (
            block.tag,
            outline.classes(block.node),
            outline.classes(outline.nodes[block.node].parent),
        )

    def alike(self, block: Block) -> bool:
        """Return whether a block is in the same kind of element as much of the text."""
        kind = self._kind(block)
        if kind not in self._alike:
            self._alike[kind] = any(_are_alike(kind, main) for main in self._mains)
        return self._alike[kind]

    def has(self, block: Block) -> bool:
        """Return whether a block is in a kind of element, or a parent, of the article's own."""
        return (
            self.alike(block)
            or self._outline.nodes[block.node].parent in self.homes
            or block.node in self.homes
        )

    def has_list(self, block: Block) -> bool:
        """Return whether the list of an item is beside the text."""
        nodes = self._outline.nodes
        above = list(islice(self._outline.up(block.node), 1, 4))
        holder = next(
            (number for number in above if nodes[number].tag in _LISTS),
            above[0] if above else -1,
        )
        parent = nodes[holder].parent if holder >= 0 else -1
        if block.tag == ROW and parent >= 0 and parent not in self.homes:
            # Tables are in an element of their own, in which narrow screens scroll them.
            parent = nodes[parent].parent
        return parent in self.homes or bool(self._outline.classes(parent) & self._main_classes)

    def notes(self, block: Block) -> bool:
        """Return whether a block is in a list of footnotes."""
        nodes = self._outline.nodes
        return any(nodes[up].words & _NOTES for up in islice(self._outline.up(block.node), 4))

    def quotes(self, block: Block) -> bool:
        """Return whether a block is in a quotation."""
        nodes = self._outline.nodes
        return any(
            nodes[number].tag == "blockquote" for number in islice(self._outline.up(block.node), 3)
        )


def _are_alike(first: _Kind, second: _Kind) -> bool:
    """Return whether two kinds share a class; if neither has any, whether their parents do."""
    (tag, own, above), (other_tag, other_own, other_above) = first, second
    if tag != other_tag or own or other_own:
        return tag == other_tag and bool(own & other_own)
    return bool(above & other_above) or not (above or other_above)
