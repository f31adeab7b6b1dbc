"""Quotations and posts on a page: which of them are text of its article."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from itertools import islice

from searcher.sources.page.blocks import Block, PageOutline

_PULLED = "pullquote"
"""The name that excludes quotations, as most are pulled out of the text."""
_QUOTING = frozenset(
    (_PULLED, *"embed embeds embedded twitter tweet instagram facebook tiktok widget".split())
)
"""Names that exclude quotations, of which some are text of the article."""
ATTRIBUTION = ("—", "–", "―")
"""Beginnings of the line that says whose a post is."""
_RUN = 3
"""Number of words of a quotation that are looked for in the text."""
_REPEATED = 0.3
"""Maximum share of these runs in the text, for a quotation that is not pulled out of it."""
_MOST_QUOTES = 50
"""Maximum number of quotations that are looked for in all paragraphs. It bounds the time."""


def own_quotes(outline: PageOutline, inside: Iterable[Block], body: Sequence[Block]) -> list[Block]:
    """Return the blocks of posts, and of quotations that look like pulled ones, if they say whose
    they are and are nowhere else in the body."""
    quotes: defaultdict[int, list[Block]] = defaultdict(list)
    for block in inside:
        if block.excluded_by in _QUOTING:
            up = islice(outline.up(block.node), 3)
            quotes[next((at for at in up if outline.nodes[at].tag == "blockquote"), -1)] += [block]
    quotes.pop(-1, None)
    found: list[Block] = []
    whole = " ".join(block.key for block in body) if quotes else ""
    for blocks in islice(quotes.values(), _MOST_QUOTES):
        words = max(blocks, key=lambda block: block.size).key.split()
        runs = [" ".join(words[at : at + _RUN]) for at in range(max(1, len(words) - _RUN + 1))]
        signed = blocks[0].excluded_by == _PULLED or blocks[-1].text.startswith(ATTRIBUTION)
        is_own = sum(run in whole for run in runs) <= _REPEATED * len(runs)
        found += blocks if len(blocks) > 1 and signed and is_own else []
    return found


def without_pulled_quotes(blocks: list[Block], is_quoted: Callable[[Block], bool]) -> list[Block]:
    """Return the blocks without quotations that repeat a part of a paragraph."""
    quoted = [block for block in blocks if is_quoted(block)][:_MOST_QUOTES]
    pulled = {
        block.index
        for block in quoted
        if any(block.key in other.key and block.size < other.size for other in blocks)
    }
    return [block for block in blocks if block.index not in pulled] if pulled else blocks
