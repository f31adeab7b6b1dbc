"""The standfirst: the paragraph between headline and text that sums the article up.

Half and twice of _MOST, _BEFORE_TEXT, _NEAR, _SHORTEST, _LONGEST, _NAMED and _MOST_LINKED leave the
F1 of bodies on 123 saved pages at .979 (`make bench-reading`).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import islice

from searcher.sources.page.blocks import ASIDE, Block, PageOutline
from searcher.sources.page.element_names import vocabulary

_MOST = 3
"""Maximum number of blocks of a standfirst."""
_BEFORE_TEXT = 25
"""Maximum number of blocks before the text that are looked at, if the headline is not found. More
would reach into the navigation."""
_NEAR = 30
"""Maximum number of blocks between headline and text for a sentence alone there to be the
standfirst."""
_BESIDE = 2
"""Maximum number of blocks between a headline outside of the article element and the standfirst."""
_SHORTEST = 60
"""Minimum size of a sentence that is a standfirst by its place alone, in characters."""
_LONGEST = 600
"""Maximum size of such a sentence, in characters."""
_NAMED = 40
"""Minimum size of any standfirst, in characters; shorter blocks are labels and bylines."""
_MOST_LINKED = 0.5
"""Maximum share of links in a standfirst."""
_MOST_LINKED_ALONE = 0.1
"""Maximum share of links in a sentence that is a standfirst by its place alone."""
_LONG_NAME = 20
"""Length of a title above which a heading that holds it, or a part of it, is the headline, in
characters."""
_BEGINNING = 60
"""Number of characters at the beginning in which a description agrees with a standfirst that goes
on."""
_SENTENCE_ENDS = '.!?。…»”"'
"""Characters that end a sentence."""
_NO_PROSE = frozenset("td th h1".split())
"""Tags of blocks that are no prose."""


def standfirst_of(
    outline: PageOutline,
    body: Sequence[Block],
    titles: Collection[str],
    named: Collection[str],
    descriptions: Collection[str],
) -> list[Block]:
    """Return the blocks before `body` that belong to it.

    A block does if it has the text of the page's description, if a name says that it is a
    standfirst, or if it is the only sentence between headline and text.

    titles: keys of the page's titles and headings.
    named: keys of its titles.
    descriptions: keys of its descriptions.
    """
    first = min((block.index for block in body if block.is_paragraph), default=body[0].index)
    start, headed = _headline_before(outline, first, named)
    words_for, found, have = vocabulary("standfirst"), list[Block](), {block.key for block in body}
    for block in outline.blocks[start:first]:
        unfit = block.key in titles or block.key in have or block.tag in _NO_PROSE
        if unfit or block.size < _NAMED or block.link_share >= _MOST_LINKED:
            continue
        mild = (
            block.excluded_by in ("", ASIDE + "aside", ASIDE + "header")
            or block.excluded_by in words_for
        )
        words = frozenset[str]().union(
            *(outline.nodes[node].words for node in islice(outline.up(block.node), 2))
        )
        alone = headed and not found and first - start <= _NEAR and _is_sentence(block)
        # The headline may be outside of the article element, and its standfirst beside it.
        mild = mild or (block.excluded_by == "outside" and block.index - start <= _BESIDE)
        if not _described(block.key, descriptions) and not (mild and (words & words_for or alone)):
            continue
        if any(
            block.key in other.key or other.key in block.key
            for other in body[:4]
            if other.is_paragraph
        ):
            continue
        found.append(block)
        have.add(block.key)
    return found[:_MOST]


def _headline_before(outline: PageOutline, first: int, named: Collection[str]) -> tuple[int, bool]:
    """Return the index of the last headline before the text, and whether there is one."""
    long = [name for name in named if len(name) > _LONG_NAME]
    found = [
        block.index
        for block in outline.blocks[:first]
        if block.tag in ("h1", "h2")
        and (
            block.key in named
            or any(n in block.key or (len(block.key) > _LONG_NAME and block.key in n) for n in long)
        )
    ]
    found = found or [block.index for block in outline.blocks[:first] if block.tag == "h1"][:1]
    return max(found, default=max(0, first - _BEFORE_TEXT)), bool(found)


def _is_sentence(block: Block) -> bool:
    """Return whether a block looks like a sentence of the length of a standfirst."""
    fits = block.tag in ("p", "h2", "div") and _SHORTEST <= block.size <= _LONGEST
    return fits and block.text[-1] in _SENTENCE_ENDS and block.link_share < _MOST_LINKED_ALONE


def _described(key: str, descriptions: Collection[str]) -> bool:
    """Return whether one of the descriptions is the text of a block, or a part of it, or holds
    it."""
    return any(
        text[:_BEGINNING] == key[:_BEGINNING]
        or (len(key) > _NAMED and key in text)
        or (len(text) > _NAMED and text in key)
        for text in descriptions
    )
