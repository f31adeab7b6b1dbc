"""Quotations that one of two texts has alone."""

from __future__ import annotations

import math
import re
from bisect import bisect
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice

from searcher.engine.function_words import function_words
from searcher.stories.words import ComparedText, Word

_QUOTE = re.compile(
    '[“„«»「『"‘](?:(?<=“)([^“”]+)(?:”|$)|(?<=„)([^„“”]+)[“”]|(?<=«)([^«»]+)(?:»|$)|(?<=»)([^«»]+)«|'
    '(?<=「)([^「」]+)」|(?<=『)([^『』]+)』|(?<=")([^"]+)(?:"|$)|(?<!\\w‘)(?<=‘)([^‘]+?)’(?!\\w))'
)
"""A quotation. One whose end is missing runs to the end of its paragraph. The
expression begins with a set of characters, for which `re` skips the text in between quickly."""
_LEAST_WORDS = 3
"""Minimum number of words of a quotation. Shorter ones are terms ("fully occupied"), not speech."""
_LEAST_SHARED = 0.5
"""Minimum share of a quotation's words, by weight, in a sentence that reports it, too. Function
words count only in a quotation that has no others."""
_LEAST_COMMON = 2
"""Minimum number of these words that a quotation has in common with a sentence that reports it, or
with another quotation. Larger misses short quotations; with one, a frequent name would do."""
_RAREST = 4
"""Number of words of a quotation by which sentences of the other text are looked up: its rarest
ones there. A sentence that has most of the quotation has some of them."""
_MOST_SENTENCES = 100
"""Maximum number of sentences that are looked up for a quotation."""


_MOST_QUOTES = 300
"""Maximum number of quotations of a text that are looked at. Each is compared with each of the
other text. Hardly any article has as many."""
_UNIT, _FLOOR = 1_000, 100
"""As in `stories.sentences`."""


def quotes_of_one(
    texts: tuple[ComparedText, ComparedText],
    forms: tuple[Sequence[str], Sequence[str]],
    languages: tuple[str, str],
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the quotations that the first text has alone, and those of the second.

    languages: those of the texts, whose function words count little.
    A quotation is in the other text, too, if a sentence there has most of its words, or if it has
    most of the words of a quotation there.
    """
    known = function_words()
    function = known.get(languages[0], frozenset()) | known.get(languages[1], frozenset())
    first, second = (
        tuple(_missing(texts[side], forms[side], texts[1 - side], forms[1 - side], function))
        for side in (0, 1)
    )
    return first, second


def _missing(
    text: ComparedText,
    forms: Sequence[str],
    other: ComparedText,
    their_forms: Sequence[str],
    function: frozenset[str],
) -> Iterator[str]:
    """Yield the quotations of `text` that `other` lacks. function: the words that count little."""
    quotes = list(islice(_quotes(text), _MOST_QUOTES))
    if not quotes:
        return
    sentences = [_words(other, their_forms, *span) for span in other.sentences]
    frequencies = Counter(form for words in sentences for form in words)
    rest = round(_UNIT * math.log(1 + len(sentences))) + _FLOOR
    weights = {form: rest - round(_UNIT * math.log(count)) for form, count in frequencies.items()}

    def weigh(words: frozenset[str]) -> int:
        return sum(weights.get(form, rest) for form in words)

    places: dict[str, list[int]] = {}
    for number, words in enumerate(sentences):
        for form in words:
            places.setdefault(form, []).append(number)
    theirs = [
        _telling(_words(other, their_forms, *span), function)
        for span, _ in islice(_quotes(other), _MOST_QUOTES)
    ]
    seen = set()
    for span, quoted in quotes:
        words = _telling(_words(text, forms, *span), function)
        if words in seen:
            continue
        seen.add(words)
        known = sorted((len(places[form]), form) for form in words if form in places)
        near = (at for _, form in known[:_RAREST] for at in places[form])
        sentences_near = dict.fromkeys(islice(near, _MOST_SENTENCES))
        least = _LEAST_SHARED * weigh(words)
        few = min(_LEAST_COMMON, len(words))
        reported = any(
            len(held := words & sentences[at]) >= few and weigh(held) >= least
            for at in sentences_near
        ) or any(
            weigh(words & one) >= _LEAST_SHARED * weigh(one)
            for one in theirs
            if len(words & one) >= _LEAST_COMMON
        )
        if not reported:
            yield quoted


def _words(text: ComparedText, forms: Sequence[str], start: int, end: int) -> frozenset[str]:
    return frozenset(forms[at] for at in range(start, end) if text.words[at].size)


def _telling(words: frozenset[str], function: frozenset[str]) -> frozenset[str]:
    """Return the words of a quotation that are no function words; all if there are no others."""
    return words - function or words


def _quotes(text: ComparedText) -> Iterator[tuple[tuple[int, int], str]]:
    """Yield the words of each quotation, as [start, end), and the quotation as written."""
    words = text.words
    at = 0
    for paragraph, content in enumerate(text.texts):
        for match in _QUOTE.finditer(content):
            start, end = match.span(match.lastindex or 0)
            at = bisect(words, (paragraph, start), at, key=_place)
            stop = bisect(words, (paragraph, end), at, key=_place)
            if sum([word.size for word in words[at:stop]]) >= _LEAST_WORDS:
                yield (at, stop), content[start:end].strip(" ,.")
            at = stop


def _place(word: Word) -> tuple[int, int]:
    """Return the paragraph of a word, and where it ends."""
    return word.paragraph, word.end
