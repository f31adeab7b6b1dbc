"""Sentences of two texts that correspond: those in the same order, and those that moved."""

from __future__ import annotations

import math
from bisect import bisect
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from heapq import nsmallest

from searcher.stories.blocks import common_blocks
from searcher.stories.chains import Pair, covered, disjoint, heaviest_chain
from searcher.stories.words import ComparedText, without_possessive

_LEAST_ALIKE = 0.25
"""Minimum likeness of two sentences that correspond. Smaller ones pair sentences that report
different things. Precision and recall of `python -m benchmarks.comparing` are .998 and .971 with
half of the words replaced; with .15 they are .984 and .982, with .35 1.000 and .863. On the half of
the articles that it was not chosen on they are .995 and .961."""
_LEAST_MOVED = 0.3
"""The same of sentences in another order, for whose pairing no neighbour speaks. (.2: .998 and
.974, .4: .999 and .950.)"""
_LEAST_WITHIN = 0.6
"""Minimum share of the weight of a sentence in common words, if it is a part of another one. (.4:
.997 and .973, .8: the same as .6.)"""
_LEAST_WORDS = 3
"""Minimum number of common words of such sentences, and of sentences that moved."""
_MOST_SENTENCES = 20
"""Maximum number of sentences of the second text by whose common word pairs are found. More
frequent words say little. Larger ones take more time, in proportion."""
_MOST_CANDIDATES = 6
"""Maximum number of sentences that one is compared with: those that share the most rare words."""
_STEM = 5
"""Number of letters by which words of two inflections are recognised. It only finds candidates;
words are marked by their whole forms."""
_UNIT = 1_000
"""Factor of weights. They are whole numbers, so that sums do not depend on the order of words."""
_FLOOR = 300
"""Weight of a word that all sentences have; the next ones have _UNIT more for each power of e by
which they are rarer."""


@dataclass(frozen=True, slots=True)
class Correspondence:
    """The pairs of sentences that correspond."""

    in_order: list[Pair]
    """Pairs that ascend in both texts. A sentence that was split or joined is in several."""
    moved: list[Pair]
    """Other pairs. Their sentences are in no other pair."""


class _Sentences:
    """The sentences of two texts as sets of words."""

    def __init__(
        self, texts: tuple[ComparedText, ComparedText], forms: tuple[Sequence[str], Sequence[str]]
    ) -> None:
        self.whole: tuple[list[tuple[str, ...]], ...] = ([], [])
        self.words: tuple[list[frozenset[str]], ...] = ([], [])
        stems = _Stems()
        for side in (0, 1):
            for start, end in texts[side].sentences:
                whole = tuple(forms[side][start:end])
                self.whole[side].append(whole)
                self.words[side].append(
                    frozenset(
                        stems[form]
                        for form, word in zip(whole, texts[side].words[start:end], strict=True)
                        if word.size
                    )
                )
        frequencies = Counter(word for side in self.words for words in side for word in words)
        total = sum(map(len, self.words))
        self.weight = {
            word: round(_UNIT * math.log(total / count)) + _FLOOR
            for word, count in frequencies.items()
        }
        self.sums = tuple([self.weigh(words) for words in side] for side in self.words)

    def weigh(self, words: Iterable[str]) -> int:
        """Return the weight of words: rare ones have more (inverse document frequency)."""
        return sum(map(self.weight.__getitem__, words))


class _Stems(dict[str, str]):
    """The beginning of each form of letters; other forms as they are."""

    def __missing__(self, form: str) -> str:
        stem = without_possessive(form)
        stem = self[form] = stem[:_STEM] if stem.isalpha() else stem
        return stem


def corresponding(
    texts: tuple[ComparedText, ComparedText], forms: tuple[Sequence[str], Sequence[str]]
) -> Correspondence:
    """Return the sentences that correspond, without the headlines.

    forms: the forms of the words of each text, equal for spellings of one name.
    """
    found = _Sentences(texts, forms)
    weights = {(i, j): found.sums[0][i] + _FLOOR for i, j in _exact_pairs(found)}
    weights.update(_repeated_pairs(found, *_others(found, weights)))
    ours, theirs = _others(found, weights)
    alike = _likeness(found, _candidates(found, ours, theirs))
    weights.update(_best_pairs(found, alike))
    chain = heaviest_chain(weights)
    alike.update(_likeness(found, _in_place(found, chain, alike)))
    nearby = _best_pairs(found, _between(alike, chain))
    chain = heaviest_chain({pair: weights[pair] for pair in chain} | nearby)
    moved = sorted(weights.keys() - set(chain), key=lambda pair: (-weights[pair], pair))
    return Correspondence(
        chain,
        disjoint(
            [pair for pair in moved if _may_have_moved(found, pair)],
            (covered(chain, 0), covered(chain, 1)),
        ),
    )


def _exact_pairs(found: _Sentences) -> list[Pair]:
    """Return pairs of equal sentences: those that each text has once, and those that a longest
    common sequence of sentences pairs."""
    counts = tuple(Counter(side[1:]) for side in found.whole)
    places = {whole: j for j, whole in enumerate(found.whole[1]) if j}
    unique = [
        (i, places[whole])
        for i, whole in enumerate(found.whole[0])
        if i and counts[0][whole] == counts[1][whole] == 1
    ]
    taken = ({i for i, _ in unique}, {j for _, j in unique})
    numbers: dict[tuple[str, ...], int] = {}
    rest = [
        [j for j in range(1, len(side)) if j not in taken[at] and side[j] in counts[1 - at]]
        for at, side in enumerate(found.whole)
    ]
    ids = [
        [numbers.setdefault(found.whole[at][j], len(numbers)) for j in rest[at]] for at in (0, 1)
    ]
    repeated = [
        (rest[0][i + k], rest[1][j + k])
        for i, j, length in common_blocks(ids[0], ids[1])
        for k in range(length)
    ]
    return sorted(unique + repeated)


def _others(found: _Sentences, pairs: Iterable[Pair]) -> tuple[list[int], list[int]]:
    """Return the sentences of each text that are in none of the pairs, without the headlines."""
    taken: tuple[set[int], set[int]] = (set(), set())
    for i, j in pairs:
        taken[0].add(i)
        taken[1].add(j)
    first, second = (
        [number for number in range(1, len(found.words[side])) if number not in taken[side]]
        for side in (0, 1)
    )
    return first, second


def _repeated_pairs(found: _Sentences, ours: list[int], theirs: list[int]) -> dict[Pair, int]:
    """Return pairs of sentences that each text repeats, in order, with their weights. Two such
    sentences correspond if they are the most similar of all different ones."""
    places: tuple[dict[tuple[str, ...], list[int]], ...] = ({}, {})
    for side, numbers in enumerate((ours, theirs)):
        for number in numbers:
            places[side].setdefault(found.whole[side][number], []).append(number)
    first, second = (
        [numbers[0] for numbers in side.values() if len(numbers) > 1] for side in places
    )
    if not first or not second:
        return {}
    alike = _likeness(found, _candidates(found, first, second))
    best = disjoint(
        [
            pair
            for pair in sorted(alike, key=lambda pair: (-alike[pair], pair))
            if alike[pair] >= _LEAST_ALIKE
        ],
        (set(), set()),
    )
    labels: tuple[dict[int, int], ...] = ({}, {})
    for label, pair in enumerate(best):
        for side in (0, 1):
            for number in places[side][found.whole[side][pair[side]]]:
                labels[side][number] = label
    ordered = [sorted(side) for side in labels]
    blocks = common_blocks(*([labels[side][number] for number in ordered[side]] for side in (0, 1)))
    return {
        (i, j): found.weigh(found.words[0][i] & found.words[1][j])
        for start, other, length in blocks
        for i, j in zip(
            ordered[0][start : start + length], ordered[1][other : other + length], strict=True
        )
    }


def _likeness(found: _Sentences, pairs: Iterable[Pair]) -> dict[Pair, float]:
    """Return the likeness of sentences in 0..1: the weight of their common words (Dice)."""
    return {
        (i, j): 2
        * found.weigh(found.words[0][i] & found.words[1][j])
        / (found.sums[0][i] + found.sums[1][j])
        for i, j in pairs
    }


def _best_pairs(found: _Sentences, alike: dict[Pair, float]) -> dict[Pair, int]:
    """Return pairs of similar sentences with the weight of their common words: the best of each
    other, and sentences that are a part of their best one."""
    ranked = [pair for _, pair in sorted([(-value, pair) for pair, value in alike.items()])]
    best: tuple[dict[int, Pair], dict[int, Pair]] = ({}, {})
    for pair in ranked:
        for side in (0, 1):
            best[side].setdefault(pair[side], pair)
    kept = {}
    for pair in ranked:
        first, second = (best[side][pair[side]] == pair for side in (0, 1))
        common = found.words[0][pair[0]] & found.words[1][pair[1]]
        part = 0 if first else 1
        if (first and second and alike[pair] >= _LEAST_ALIKE) or (
            (first or second)
            and len(common) >= _LEAST_WORDS
            and found.weigh(common) >= _LEAST_WITHIN * found.sums[part][pair[part]]
        ):
            kept[pair] = found.weigh(common)
    return kept


def _between(alike: dict[Pair, float], chain: list[Pair]) -> dict[Pair, float]:
    """Return those pairs of sentences outside the chain that are between the same two pairs of
    it."""
    held = (covered(chain, 0), covered(chain, 1))
    ends = tuple([pair[side] for pair in chain] for side in (0, 1))
    return {
        (i, j): value
        for (i, j), value in alike.items()
        if i not in held[0] and j not in held[1] and bisect(ends[0], i) == bisect(ends[1], j)
    }


def _in_place(found: _Sentences, chain: list[Pair], known: dict[Pair, float]) -> Iterator[Pair]:
    """Yield the pairs of sentences between two pairs of the chain that are equally far from the
    first one, or from the second, without known ones. Sentences of frequent words only are found by
    their place."""
    ends = (len(found.words[0]), len(found.words[1]))
    held = (covered(chain, 0), covered(chain, 1))
    for (i, j), (i_end, j_end) in zip([(0, 0), *chain], [*chain, ends], strict=True):
        ours = [at for at in range(i + 1, i_end) if at not in held[0]]
        theirs = [at for at in range(j + 1, j_end) if at not in held[1]]
        for pair in dict.fromkeys(
            (*zip(ours, theirs, strict=False), *zip(ours[::-1], theirs[::-1], strict=False))
        ):
            common = found.words[0][pair[0]] & found.words[1][pair[1]]
            if pair not in known and common:
                yield pair


def _candidates(found: _Sentences, ours: list[int], theirs: list[int]) -> Iterator[Pair]:
    """Yield for each sentence of `ours` the pairs with those of `theirs` that share most of its
    words; see _MOST_SENTENCES and _MOST_CANDIDATES."""
    places: dict[str, list[int]] = {}
    for j in theirs:
        for word in found.words[1][j]:
            places.setdefault(word, []).append(j)
    weights = {
        word: found.weight[word] for word, js in places.items() if len(js) <= _MOST_SENTENCES
    }
    for i in ours:
        shared: dict[int, int] = {}
        for word in found.words[0][i]:
            if weight := weights.get(word):
                for j in places[word]:
                    shared[j] = shared.get(j, 0) + weight
        best = nsmallest(_MOST_CANDIDATES, [(-weight, j) for j, weight in shared.items()])
        yield from ((i, j) for _, j in best)


def _may_have_moved(found: _Sentences, pair: Pair) -> bool:
    common = found.words[0][pair[0]] & found.words[1][pair[1]]
    return len(common) >= _LEAST_WORDS and _likeness(found, [pair])[pair] >= _LEAST_MOVED
