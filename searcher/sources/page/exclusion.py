"""Exclusion of the blocks of a page that are outside of its article.

A block is excluded by a name around it (a class or id such as "related", an element such as nav),
by being outside of the page's article element, or as part of a row of records. Names only help:
a name around most of the text means something else on that page, and is pardoned.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import replace

from searcher.sources.page.blocks import ASIDE, Block, Node, PageOutline
from searcher.sources.page.element_names import NONE, Words, vocabulary
from searcher.sources.page.pictures import captions_beside
from searcher.sources.page.rows import blocks_in_rows

_PARDON = 0.45
"""Minimum share of the page's text around which an excluding name is pardoned. (.22: F1 .977; .9:
.969; as it is: .979 on 123 saved pages, `make bench-reading`.)"""
_PARDON_TALK = 0.7
"""The same for names of discussions, which can be longer than the article. (.35 or 1: the same
F1.)"""
_PARDON_FRAME = 0.9
"""The same for names in _FRAME. (.45: F1 .978; 1: the same.)"""
_FRAME = vocabulary("consent") | {ASIDE + "nav", ASIDE + "footer"}
"""Names of what is around every page of a site, and can be longer than the article."""
_ANCHORED_SIZE = 400
"""Minimum size of the paragraphs in article elements, in characters, for the text outside of them
to be excluded. A smaller value trusts an article element that holds a teaser. (Half or twice: the
same F1.)"""
_HEADED_SIZE = 200
"""The same for article elements with the heading of the page, h1, in one of them. (Half or twice:
the same F1.)"""
_REPORT_SIZE = 50
"""The same for a report of a sentence or two, beside which the page has little text."""
_SERVICE_SIZE = 800
"""Maximum size of that text, in characters: paragraphs about the outlet and its rules. Beside more
of it the article element may hold a standfirst alone."""
_ANCHORED_SHARE = 0.5
"""Minimum share of the page's text in article elements without the heading, for the text outside of
them to be excluded. (Half or twice: the same F1.)"""
_OUTSIDE = "outside"
"""The reason that excludes blocks outside of the article elements."""
_PICTURE = "picture"
"""The reason that excludes captions by their place."""
_RECORD = "record"
"""The reason that excludes blocks in rows of records."""


def with_exclusions(outline: PageOutline, titles: Collection[str]) -> PageOutline:
    """Return the outline of a page with its blocks marked by the reason that excludes them.

    titles: keys of the page's titles and headings.
    """
    records = blocks_in_rows(outline, titles)
    paragraphs = [
        block for block in outline.blocks if block.is_paragraph and block.index not in records
    ]
    anchored = _is_anchored(outline, paragraphs)
    counted = [
        block for block in paragraphs if not anchored or outline.nodes[block.node].is_article
    ]
    names = _excluding_names(outline, _pardoned(outline, counted))
    captions = captions_beside(outline)

    def reason(block: Block) -> str:
        if names[block.node]:
            return names[block.node]
        if anchored and not outline.nodes[block.node].is_article:
            return _OUTSIDE
        if block.index in captions:
            return _PICTURE
        return _RECORD if block.index in records else ""

    return replace(
        outline,
        blocks=tuple(
            block.excluded(why) if (why := reason(block)) else block for block in outline.blocks
        ),
    )


def _is_anchored(outline: PageOutline, paragraphs: Collection[Block]) -> bool:
    """Return whether the page's article elements hold its article, as far as size and heading
    say."""
    nodes = outline.nodes
    held = sum(block.size for block in paragraphs if nodes[block.node].is_article)
    headed = any(block.tag == "h1" and nodes[block.node].is_article for block in outline.blocks)
    total = sum(block.size for block in paragraphs)
    if headed:
        is_short = held >= _REPORT_SIZE and total - held <= _SERVICE_SIZE
        return held >= _HEADED_SIZE or is_short
    return held >= _ANCHORED_SIZE and held >= _ANCHORED_SHARE * total


def _pardoned(outline: PageOutline, paragraphs: Collection[Block]) -> set[str]:
    """Return the excluding names around so much of the text that they mean something else here."""
    around: list[Words] = []
    for node in outline.nodes:
        above = around[node.parent] if node.parent >= 0 else NONE
        around.append(above | node.excluding if node.excluding else above)
    covered: Counter[str] = Counter()
    for block in paragraphs:
        for name in around[block.node]:
            covered[name] += block.size
    total = sum(block.size for block in paragraphs)
    return {name for name, size in covered.items() if size >= _pardon(name) * total}


def _pardon(name: str) -> float:
    """Return the share of the text around which a name is pardoned."""
    if name in _FRAME:
        return _PARDON_FRAME
    return _PARDON_TALK if name in vocabulary("talk") else _PARDON


def _excluding_names(outline: PageOutline, pardoned: Collection[str]) -> list[str]:
    """Return by node the name that excludes its text; "" if none does.

    The names of the node itself come first, then those of the nodes around it; of several names the
    first in the alphabet.
    """
    found: list[str] = []

    def name_of(node: Node) -> str:
        own = node.excluding.difference(pardoned)
        return min(own) if own else found[node.parent] if node.parent >= 0 else ""

    for node in outline.nodes:
        found.append(name_of(node))
    return found
