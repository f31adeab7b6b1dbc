"""Running reports: the times and the headings of their entries."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from searcher.sources.page.blocks import ASIDE, HEADINGS, Block, PageOutline

_CLOCK = re.compile(
    r"\d{1,2}\s?[:.h]\s?\d{2}(?:\s?(?:uhr|h|[ap]\.?m\.?|[A-Z]{2,4}))?|\d{1,2}\s?[ap]\.?m\.?",
    re.IGNORECASE,
)
"""The time of an entry of a running report."""
_CLOCK_SIZE = 14
"""Maximum size of such a time, in characters."""
_CLOCK_NEAR = 3
"""Number of blocks behind a time among which its entry is."""
_ENTRIES = 3
"""Minimum number of entries with a time that make a text a running report."""
_HEADER = ASIDE + "header"
"""The reason that excludes the header of an article, and of each of its parts."""
_LINKED = 0.5
"""Share of links in a heading from which on it leads to another article."""


def is_running(blocks: Iterable[Block]) -> bool:
    """Return whether a body is a running report: with a time of day before several entries."""
    return sum(map(_is_clock, blocks)) >= _ENTRIES


def _is_clock(block: Block) -> bool:
    return block.size <= _CLOCK_SIZE and bool(_CLOCK.fullmatch(block.text))


def with_clocks(body: list[Block], inside: Iterable[Block], is_running: bool) -> list[Block]:
    """Return the blocks of a body with the times of its entries, if it is a running report."""
    kept = {block.index for block in body}
    clocks = [
        block
        for block in inside
        if _is_clock(block)
        and block.index not in kept
        and any(block.index + step in kept for step in range(1, _CLOCK_NEAR + 1))
    ]
    if len(clocks) < _ENTRIES and not is_running:
        return body
    return sorted([*body, *clocks], key=lambda block: block.index)


def headings_of_entries(
    outline: PageOutline, inside: Iterable[Block], kept: Collection[int]
) -> list[Block]:
    """Return the headings in header elements between paragraphs of the body: of its sections, or of
    the entries of a running report."""
    first = min(kept, default=0)
    return [
        block
        for block in inside
        if block.excluded_by == _HEADER
        and block.tag in HEADINGS
        and block.link_share < _LINKED
        and (block.index > first or _is_entry(outline, block))
        and any(block.index + step in kept for step in range(1, _CLOCK_NEAR + 1))
    ]


def _is_entry(outline: PageOutline, block: Block) -> bool:
    """Return whether a block is in one of several article elements side by side."""
    nodes = outline.nodes
    up = next((at for at in outline.up(block.node) if nodes[at].tag == "article"), -1)
    return (
        up >= 0
        and sum(one.tag == "article" and one.parent == nodes[up].parent for one in nodes) > 1
    )
