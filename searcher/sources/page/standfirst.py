"""The standfirst: the paragraph between headline and text that sums the article up."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from searcher.sources.page.blocks import ASIDE, Block, Outline
from searcher.sources.page.element_names import vocabulary

_MOST = 3
_BEFORE_TEXT = 25
"""Blocks before the text that are looked at where the headline is not found."""
_NEAR = 30
_SHORTEST, _LONGEST, _NAMED = 60, 600, 40
_MOST_LINKED = 0.5
_SENTENCE_ENDS = '.!?。…»”"'
_NO_PROSE = frozenset("td th h1".split())


def standfirst_of(
    outline: Outline,
    body: Sequence[Block],
    titles: set[str],
    named: set[str],
    descriptions: set[str],
) -> list[Block]:
    """The blocks before `body` that belong to it: what the page's description says, what is called
    a standfirst, or the only thing like a sentence there.

    titles: keys of the page's titles and headings; named: of its titles; descriptions: of its
    descriptions.
    """
    first = min((block.at for block in body if block.good), default=body[0].at)
    start, headed = _headline_before(outline, first, named)
    words_for, found, have = vocabulary("standfirst"), list[Block](), {block.key for block in body}
    for block in outline.blocks[start:first]:
        unfit = block.key in titles or block.key in have or block.tag in _NO_PROSE
        if unfit or block.size < _NAMED or block.linked >= _MOST_LINKED:
            continue
        mild = (
            block.against in ("", ASIDE + "aside", ASIDE + "header") or block.against in words_for
        )
        words = frozenset[str]().union(
            *(outline.nodes[node].words for node in islice(outline.up(block.node), 2))
        )
        alone = headed and not found and first - start <= _NEAR and _is_sentence(block)
        if not _described(block.key, descriptions) and not (mild and (words & words_for or alone)):
            continue
        if any(
            block.key in other.key or other.key in block.key for other in body[:4] if other.good
        ):
            continue
        found.append(block)
        have.add(block.key)
    return found[:_MOST]


def _headline_before(outline: Outline, first: int, named: set[str]) -> tuple[int, bool]:
    """The number of the last headline before the text, and whether there is one."""
    long = [name for name in named if len(name) > 20]
    found = [
        block.at
        for block in outline.blocks[:first]
        if block.tag in ("h1", "h2")
        and (
            block.key in named
            or any(n in block.key or (len(block.key) > 20 and block.key in n) for n in long)
        )
    ]
    found = found or [block.at for block in outline.blocks[:first] if block.tag == "h1"][:1]
    return max(found, default=max(0, first - _BEFORE_TEXT)), bool(found)


def _is_sentence(block: Block) -> bool:
    fits = block.tag in ("p", "h2", "div") and _SHORTEST <= block.size <= _LONGEST
    return fits and block.text[-1] in _SENTENCE_ENDS and block.linked < 0.1


def _described(key: str, descriptions: set[str]) -> bool:
    return any(
        text[:60] == key[:60]
        or (len(key) > _NAMED and key in text)
        or (len(text) > _NAMED and text in key)
        for text in descriptions
    )
