"""Captions that no name marks: a line or two alone in an element with a picture.

Half and twice of the sizes leave the F1 of bodies on 123 saved pages the same (`make
bench-reading`); tests/test_sources_kinds_text.py has the cases.
"""

from __future__ import annotations

from collections import Counter

from searcher.sources.page.blocks import HEADINGS, Block, PageOutline

_MOST = 2
"""Maximum number of blocks beside a picture: a caption and its credit."""
_LONGEST = 250
"""Maximum size of these blocks together, in characters. A larger text beside a picture is a part of
the article."""
_SHARE = 0.3
"""Share of a page's paragraphs beside pictures above which they are its text, as in a list of
things with a picture of each."""
_TEXT = HEADINGS | {"h1", "li", "td", "th", "tr", "dt", "dd", "blockquote"}
"""Tags of blocks that are no captions."""


def captions_beside(outline: PageOutline) -> set[int]:
    """Return the indexes of the blocks that are captions by their place beside a picture."""
    if not outline.pictures:
        return set()
    counts, sizes = _inside(outline)
    found = [block for block in outline.blocks if _is_beside(block, outline, counts, sizes)]
    total = sum(block.size for block in outline.blocks if block.is_paragraph)
    beside = sum(block.size for block in found if block.is_paragraph)
    return {block.index for block in found} if beside <= _SHARE * total else set()


def _inside(outline: PageOutline) -> tuple[Counter[int], Counter[int]]:
    """Return by node the number of blocks in it, and their size."""
    counts, sizes = Counter[int](), Counter[int]()
    for block in outline.blocks:
        counts[block.node] += 1
        sizes[block.node] += block.size
    for number in range(len(outline.nodes) - 1, 0, -1):
        parent = outline.nodes[number].parent
        counts[parent] += counts[number]
        sizes[parent] += sizes[number]
    return counts, sizes


def _is_beside(
    block: Block, outline: PageOutline, counts: Counter[int], sizes: Counter[int]
) -> bool:
    """Return whether a block is a caption: nothing else but a credit is in the element that holds
    it and a picture."""
    if block.tag in _TEXT:
        return False
    around = outline.nodes[block.node].parent
    # A picture is often at the beginning of a paragraph of text.
    holders = (around,) if block.tag == "p" else (block.node, around)
    return any(
        node in outline.pictures and counts[node] <= _MOST and sizes[node] <= _LONGEST
        for node in holders
        if node > 0
    )
