"""The article's body among the blocks of a page.

One element holds the article: the one whose paragraphs weigh most against its links, scraps and
excluded blocks. The paragraphs of an article are of the same kind (tag, classes, parent); blocks of
other kinds between them are not its text.

Figures in brackets are the F1 of bodies on 123 saved pages (`make bench-reading`) with half and
twice the value; it is .979 with the values here. Where it stays the same, no saved page decides,
and tests/test_sources_bodies.py has the case.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection

from searcher.sources.page.blocks import HEADINGS, Block, PageOutline
from searcher.sources.page.kinds import Kinds
from searcher.sources.page.quotes import ATTRIBUTION, own_quotes, without_pulled_quotes
from searcher.sources.page.repeats import SHORT, without_repeats
from searcher.sources.page.running import headings_of_entries, with_clocks
from searcher.sources.page.tables import ROW

_FIRST_ARTICLE_SIZE = 600
"""Minimum size of one of several article elements that is the article, in characters. A smaller one
is a teaser. (Half or twice: the same.)"""
_FIRST_ARTICLE_SHARE = 0.25
"""The same as a share of the text in the container. (Half: the same, twice: .971.)"""
_SENTENCE_END = re.compile(r"[.!?…:;。！？।»”“\"'’)\]]\s*$")
"""The end of a sentence, perhaps with closing marks."""
_PENALTY = 0.3
"""Weight against an element for each character of an excluded block in it."""
_MOST_PENALTY = 200
"""Maximum number of characters that count against an element for one excluded block. More would let
one long list of comments outweigh the article beside it."""
_LINK_LIST = 0.4
"""Minimum share of links in a block that counts against its element."""
_MOST_LINKS = 100
"""Maximum number of characters that count against an element for one block of links."""
_SCRAP = 10.0
"""Weight of a scrap (a label, a button) against its element, in characters."""
_SHORT_WORTH = 0.3
"""Weight of each character of a short paragraph, list item or heading for its element. A paragraph
has 1."""
_CELLS = frozenset("td th h1".split())
"""Tags of blocks that are never text of the body. A row of data is one block (`tables`)."""
_ITEMS = frozenset(("li", "dt", "dd", ROW))
"""Tags of items of a list or a table."""
_TITLES = frozenset(("summary", "figcaption"))
"""Tags of the question above an answer that is folded, and of the author below a quotation."""
_QUOTED = frozenset("footer div address blockquote".split())
"""Tags of blocks in a quotation that name its author."""
_PROSE = frozenset("p blockquote pre".split())
"""Tags of blocks that need not look like a sentence."""
_ITEM_SIZE = 25
"""Minimum size of a list item away from the text, in characters."""
_SENTENCE_SIZE = 60
"""Minimum size of a sentence outside of a p element, in characters."""
_ALIKE_SIZE = 20
"""The same for one in the same kind of element as much of the text."""
_LINKED = 0.5
"""Minimum share of links in a block that is no text. (Half: .974, twice: .979, with precision .971
instead of .974.)"""
_LONG_LINK = 300
"""Size of a block from which it is text whatever it links to, in characters. (Half: .980, twice:
the same. 300 keeps out long teasers.)"""
_REPEATS = 3
"""Number of times that a page repeats a line which is no text, such as a label. (1: .674, 6: the
same.)"""


def body_of(outline: PageOutline, titles: Collection[str], is_running: bool = False) -> list[Block]:
    """Return the blocks of the article on a page, in order, without its headline; [] if there are
    none.

    outline: with the reasons that exclude blocks (`with_exclusions`).
    titles: keys of the page's titles and headings, which are left out.
    is_running: whether it is a running report, whose entries may be article elements of their own.
    """
    if not outline.blocks:
        return []
    container = _container(outline)
    inside = outline.within(container if is_running else _article_in(outline, container))
    blocks = [block for block in outline.blocks if inside[block.node] and not block.excluded_by]
    kinds = Kinds(outline, blocks)
    times = Counter(block.key for block in blocks)
    kept = [
        block
        for block in blocks
        if block.key not in titles
        and (times[block.key] < _REPEATS or block.size < SHORT)
        and _is_text(block, kinds)
    ]
    kept = without_pulled_quotes(kept, kinds.quotes)
    found = without_repeats(_without_bare_headings(kept, outline, kinds))
    inside_blocks = [block for block in outline.blocks if inside[block.node]]
    found += own_quotes(outline, inside_blocks, found) if found else []
    found += headings_of_entries(outline, inside_blocks, {block.index for block in found})
    return with_clocks(sorted(found, key=lambda one: one.index), inside_blocks, is_running)


def _container(outline: PageOutline) -> int:
    """Return the node with the best sum of `_worth`, over the blocks in it."""
    values = [0.0] * len(outline.nodes)
    for block in outline.blocks:
        values[block.node] += _worth(block)
    for number in range(len(values) - 1, 0, -1):
        parent = outline.nodes[number].parent
        if parent >= 0:
            values[parent] += values[number]
    best = max(range(len(values)), key=lambda number: (values[number], number))
    return _parent_of_several(outline, best)


def _worth(block: Block) -> float:
    """Return the weight of a block for the element that holds it; negative if it speaks against
    it."""
    if block.excluded_by:
        return -_PENALTY * min(block.size, _MOST_PENALTY)
    if block.is_paragraph:
        return block.size * (1 - block.link_share)
    if block.link_share >= _LINK_LIST:
        return -min(block.size, _MOST_LINKS) - _SCRAP
    is_short = block.tag in ("p", "li") or block.tag in HEADINGS
    is_short = is_short or (block.size >= _SENTENCE_SIZE and _ends_sentence(block))
    return block.size * _SHORT_WORTH if is_short else -_SCRAP


def _parent_of_several(outline: PageOutline, best: int) -> int:
    """Return the parent of a node that is one of several paragraphs of its kind, else the node."""
    node = outline.nodes[best]
    if node.parent < 0 or not any(block.node == best for block in outline.blocks):
        return best
    alike = 0
    for block in outline.blocks:
        other = outline.nodes[block.node]
        same = (
            other.parent == node.parent and other.tag == node.tag and other.classes == node.classes
        )
        alike += same and block.is_paragraph and not block.excluded_by
    return node.parent if alike > 1 else best


def _article_in(outline: PageOutline, container: int) -> int:
    """Return the article element in the container with the headline, if it holds much of the text.

    Pages that scroll without end have more articles below. Returns the container if there is no
    such element.
    """
    tops = [-1] * len(outline.nodes)
    inside = outline.within(container)
    for number, node in enumerate(outline.nodes):
        if inside[number] and number != container:
            above = tops[node.parent]
            tops[number] = above if above >= 0 else (number if node.tag == "article" else -1)
    sizes: Counter[int] = Counter()
    for block in outline.blocks:
        if inside[block.node] and not block.excluded_by and block.is_paragraph:
            sizes[tops[block.node]] += block.size
    headed = {tops[block.node] for block in outline.blocks if block.tag == "h1"}
    least = max(_FIRST_ARTICLE_SIZE, _FIRST_ARTICLE_SHARE * sizes.total())
    found = (
        number
        for number, size in sizes.items()
        if number >= 0 and size >= least and number in headed
    )
    return next(found, container) if len(sizes) > 1 else container


def _is_text(block: Block, kinds: Kinds) -> bool:
    """Return whether a block is text of the body, by its links, its tag and its kind."""
    if block.text.startswith(ATTRIBUTION) and kinds.quotes(block):
        return True
    if block.tag in _CELLS or (block.link_share >= _LINKED and not _is_own(block)):
        return False
    if block.tag in _ITEMS:
        is_item = block.size >= _ITEM_SIZE and block.tag == "li" and not kinds.strict
        return is_item or kinds.has_list(block) or kinds.notes(block)
    if block.tag in HEADINGS or block.tag in _TITLES:
        return True
    if kinds.quotes(block) and block.tag in _QUOTED:
        return True
    if block.tag not in _PROSE and not _is_sentence(block, kinds):
        return False
    return not kinds.strict or kinds.has(block) or kinds.quotes(block)


def _is_own(block: Block) -> bool:
    """Return whether a block of links is text nevertheless: a long one, or a sentence that goes on
    behind its last link."""
    is_sentence = block.tag == "p" and block.goes_on and _ends_sentence(block)
    return block.size >= _LONG_LINK or is_sentence


def _ends_sentence(block: Block) -> bool:
    """Return whether the end of a block is that of a sentence."""
    return bool(_SENTENCE_END.search(block.text))


def _is_sentence(block: Block, kinds: Kinds) -> bool:
    """Return whether text outside of a p element looks like a paragraph, or is beside
    paragraphs."""
    ends = _ends_sentence(block)
    return (
        (block.size >= _SENTENCE_SIZE and ends)
        or (block.size >= _ALIKE_SIZE and kinds.alike(block))
        or (block.node in kinds.holders and ends)
    )


def _without_bare_headings(blocks: list[Block], outline: PageOutline, kinds: Kinds) -> list[Block]:
    """Return the blocks without headings that have no text of the body behind them."""
    kept = {block.index for block in blocks}
    found = []
    for number, block in enumerate(blocks):
        if block.tag in HEADINGS:
            if number + 1 == len(blocks):
                continue
            after = outline.blocks[block.index + 1]
            elsewhere = outline.nodes[block.node].parent not in kinds.homes
            if after.index not in kept and (
                after.link_share >= _LINKED
                or (kinds.strict and not after.excluded_by and elsewhere)
            ):
                continue
        found.append(block)
    return found
