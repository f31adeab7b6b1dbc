"""Remove repeated paragraphs.

Keep the first copy. Drop a long paragraph if its text also occurs in other paragraphs.

Some pages hold the whole text once more in one block. Figures in brackets are as in `body`.
"""

from __future__ import annotations

from searcher.sources.page.blocks import Block

SHORT = 40
"""Size of a block in characters below which it may be repeated, such as "Yes." in an interview.
(Half or twice: the same.)"""
_FIRST = 3
"""Number of blocks at the beginning that may be the beginning of the next ones. (Half or twice: the
same.)"""
_TWIN_SIZE = 800
"""Minimum size of a block that is compared with the others, in characters. (Half: .976, twice: the
same.)"""
_TWIN_CUT = 50
"""Size of the samples of a block that are looked for in the others, in characters. (Half or twice:
the same.)"""
_TWIN_CUTS = 12
"""Number of samples taken of one block."""
_TWIN_SHARE = 0.6
"""Minimum share of a block's samples in the other blocks for it to be a repetition. (Half: the
same, 1: .977.)"""
_TWINS_LOOKED_AT = 50
"""Maximum number of blocks that are compared; each is looked for in the whole text. (Half or twice:
the same.)"""
_TWIN_TEXT = 300_000
"""Maximum size of the text that blocks are looked for in, in characters. It bounds the time for
long pages. (Half or twice: the same.)"""


def without_repeats(blocks: list[Block]) -> list[Block]:
    """Return the blocks without repeated paragraphs, and without long ones whose text is in
    others."""
    whole = " ".join(block.key for block in blocks)[:_TWIN_TEXT]
    found: list[Block] = []
    seen: set[str] = set()
    looked_at = 0
    for at, block in enumerate(blocks):
        if block.size >= SHORT and block.key in seen:
            continue
        if len(found) < _FIRST and _begins_next(block, blocks[at + 1 : at + 1 + _FIRST]):
            continue
        if len(block.key) >= _TWIN_SIZE and looked_at < _TWINS_LOOKED_AT:
            looked_at += 1
            if _is_repeated(block.key, whole):
                continue
        seen.add(block.key)
        found.append(block)
    return found


def _begins_next(block: Block, others: list[Block]) -> bool:
    """Return whether a block is the beginning of one of the next ones, such as a standfirst."""
    cut = block.text.endswith(("…", "..."))
    size = SHORT if cut else 2 * SHORT
    return len(block.key) >= size and any(
        other.key.startswith(block.key) and len(other.key) > len(block.key) for other in others
    )


def _is_repeated(key: str, whole: str) -> bool:
    """Return whether most of a block's samples occur in the text more than once."""
    step = max(_TWIN_CUT, len(key) // _TWIN_CUTS)
    cuts = [key[at : at + _TWIN_CUT] for at in range(0, len(key) - _TWIN_CUT, step)]
    return sum(whole.count(cut) > 1 for cut in cuts) >= _TWIN_SHARE * len(cuts)
