"""Words of a query that were typed together: in scripts without spaces, and names such as
"aljazeera".

Text in Chinese, Japanese, Korean or Thai has a term for each two characters side by side. Two that
seldom stand together, beside others that often do, are the end of one word and the beginning of the
next.
"""

from __future__ import annotations

from collections.abc import Sequence

from searcher.engine.protocol import Vocabulary

_TIMES = 20
"""Minimum factor by which the pairs on both sides of a seam are in more articles than the pair
across it. Smaller takes words such as "economic policy", which are often written together, apart;
then more articles are found that have both words in other places."""
_SHORTEST = 5
"""Minimum length of a word of letters that may be two words, in letters."""
_SHORTEST_PART = 2
"""Minimum length of each of the two, in letters."""


def between_seams(pairs: Sequence[str], vocabulary: Vocabulary) -> list[range]:
    """Return the numbers of the pairs of each word in a run of characters. Pairs across a seam are
    left out.

    pairs: each two characters of the run that stand side by side, folded.
    """
    held = vocabulary.forms(pairs)
    words, start = [], 0
    for at in range(1, len(pairs) - 1):
        if held[at] * _TIMES < min(held[at - 1], held[at + 1]):
            words.append(range(start, at))
            start = at + 1
    return [*words, range(start, len(pairs))]


def two_words(form: str, vocabulary: Vocabulary) -> tuple[str, str] | None:
    """Return the two words that a folded word which no article contains may consist of; None if
    there are none. Of several divisions that one is taken whose rarer word is the most frequent.
    """
    if not form.isalpha() or len(form) < _SHORTEST or vocabulary.holding(form):
        return None
    ends = range(_SHORTEST_PART, len(form) - _SHORTEST_PART + 1)
    first = vocabulary.forms([form[:end] for end in ends])
    second = vocabulary.forms([form[end:] for end in ends])
    rarer, end = max(zip(map(min, first, second), ends, strict=True))
    return (form[:end], form[end:]) if rarer else None
