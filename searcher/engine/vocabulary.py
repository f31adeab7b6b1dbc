"""The vocabulary of an index on disk: forms, stems, names and phrases."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from typing import TypeVar

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import OSA

from searcher import kernels
from searcher.columnar.arrays import Ints
from searcher.columnar.files.open_segment import Part
from searcher.columnar.files.postings import FieldPostings
from searcher.columnar.searching.term_lists import SetLists, TermList
from searcher.columnar.searching.view import View
from searcher.engine.expansion import MOST_SCANNED
from searcher.engine.likeness import Likeness
from searcher.engine.terms import FORM, NAME, PHRASE, TEXT
from searcher.text.names import ALL_CAPS, key, keys
from searcher.text.pieces import ENDS_COMPOUND

_SPARE = 4
"""Factor. Each segment returns this many times the wanted number of its most frequent terms, before
the totals are summed. With a smaller factor, a term that is just too rare in each segment would be
missed."""

_MOST_REMEMBERED = 5_000
"""Maximum number of cached results of a kind. A full cache is emptied."""

_MANY = 16
"""Minimum number of terms that are looked up together, which remembers none. Fewer are remembered:
they are the words of a query, which come again."""

_Asked = TypeVar("_Asked", bound=Hashable)
_Answer = TypeVar("_Answer")


class IndexVocabulary:
    """The words of live articles. See `protocol.Vocabulary`."""

    def __init__(self, view: View) -> None:
        self._view = view
        self._listed: dict[str, list[tuple[str, int]]] = {}
        self._shares: dict[str, float] = {}
        self._holding: dict[tuple[str, str], int] = {}
        self._stems: dict[tuple[str, str, str, int], list[tuple[str, int]]] = {}

    def with_prefix(self, prefix: str) -> Iterator[tuple[str, int]]:
        counts: Counter[str] = Counter()
        for part, postings in self._fields():
            start, end = postings.dictionary.prefix_range(prefix.encode())
            # The reader scans at most MOST_SCANNED: later terms of a segment are not among them.
            end = min(end, start + MOST_SCANNED)
            counts.update(_counted(part, postings, np.arange(start, end)))
        return ((form, counts[form]) for form in sorted(counts))

    def containing(
        self, part: str, prefix: str = "", field: str = FORM
    ) -> Iterator[tuple[str, int]]:
        counts: Counter[str] = Counter()
        for one, postings in self._fields(field):
            dictionary = postings.dictionary
            numbers = dictionary.containing(part.encode(), prefix.encode(), MOST_SCANNED)
            counts.update(_counted(one, postings, numbers))
        return ((form, counts[form]) for form in sorted(counts))

    def within(self, word: str, distance: int, beginning: str = "") -> list[tuple[str, int, int]]:
        counts: Counter[str] = Counter()
        edits: dict[str, int] = {}
        for part, postings in self._fields():
            numbers = postings.dictionary.similar(word, distance, beginning)
            forms = [postings.dictionary.term(number).decode() for number in numbers.tolist()]
            near = process.extract(
                word, forms, scorer=OSA.distance, score_cutoff=distance, limit=None
            )
            kept = [(form, int(far), at) for form, far, at in near if form[0] != ENDS_COMPOUND]
            edits.update((form, far) for form, far, _ in kept)
            counts.update(_counted(part, postings, numbers[sorted(at for _, _, at in kept)]))
        return [(form, edits[form], count) for form, count in counts.items()]

    def listed(self, form: str) -> list[tuple[str, int]]:
        # Without kernels the lists are long.
        return _remembered(self._listed, form, self._list) if kernels.loaded else self._list(form)

    def _list(self, form: str) -> list[tuple[str, int]]:
        counts: Counter[str] = Counter()
        likeness = Likeness(form) if kernels.loaded else None
        for part, postings in self._fields(NAME):
            packed = postings.dictionary.packed if likeness is not None else None
            for begin in keys(form):
                before = f"{begin} ".encode()
                start, end = postings.dictionary.prefix_range(before)
                if likeness is not None and packed is not None:
                    numbers = likeness.among(packed, start, end, len(before))
                else:
                    numbers = np.arange(start, end)
                for name, count in _counted(part, postings, numbers).items():
                    counts[name[len(before) :]] += count
        return list(counts.items())

    def holding(self, form: str) -> int:
        return self._articles(FORM, form)

    def name_share(self, form: str) -> float:
        return _remembered(self._shares, form, self._count_share)

    def _count_share(self, form: str) -> float:
        named, shouted = f"{key(form)} {form}", f"{ALL_CAPS} {form}"
        # This excludes most words that are no names without reading their counts in each article.
        if 2 * (self._articles(NAME, named) + self._articles(NAME, shouted)) < self._articles(
            FORM, form
        ):
            return 0.0
        written = self._times(FORM, form) - self._times(NAME, shouted)
        return self._times(NAME, named) / written if written else 0.0

    def _articles(self, field: str, term: str) -> int:
        """Return the number of live articles that contain a term."""
        return _remembered(self._holding, (field, term), self._count_articles)

    def _count_articles(self, asked: tuple[str, str]) -> int:
        held = self._held(*asked)
        return held.live_size() if kernels.loaded else sum(map(_live_size, held.lists))

    def _times(self, field: str, term: str) -> int:
        """Return the number of occurrences of a term in all live articles."""
        found = 0
        for one in self._held(field, term).lists:
            lists, live = one.postings.lists, one.part.live
            counts = lists.counts(one.number)
            if live is not None:
                counts = counts[live[lists.documents(one.number)]]
            found += int(counts.sum())
        return found

    def _held(self, field: str, term: str) -> SetLists:
        """Return the lists of a term."""
        encoded = term.encode("utf-8", "replace")
        return self._view.term_lists.of_any(field, frozenset((encoded,)))

    def stems(self, terms: Sequence[str]) -> list[int]:
        return self._articles_of(TEXT, terms)

    def forms(self, forms: Sequence[str]) -> list[int]:
        return self._articles_of(FORM, forms)

    def stems_beginning(self, language: str, begin: str, count: int) -> list[tuple[str, int]]:
        asked = ("begin", language, begin, count)
        return _remembered(self._stems, asked, self._find_stems)

    def stems_ending(self, language: str, end: str, count: int) -> list[tuple[str, int]]:
        return _remembered(self._stems, ("end", language, end, count), self._find_stems)

    def _find_stems(self, asked: tuple[str, str, str, int]) -> list[tuple[str, int]]:
        side, language, part, count = asked
        if side == "begin":
            return self._most_frequent(TEXT, f"{language}:{part}", count)
        within = f"{language}:".encode()
        ended = (
            (one, postings, postings.dictionary.ending(part.encode(), within, MOST_SCANNED))
            for one, postings in self._fields(TEXT)
        )
        return _most_counted(ended, count)

    def _articles_of(self, field: str, terms: Sequence[str]) -> list[int]:
        """Return the number of live articles that contain each of these terms of a field."""
        if len(terms) < _MANY:
            return [self._articles(field, term) for term in terms]
        encoded = [term.encode("utf-8", "replace") for term in terms]
        asked = sorted(set(encoded))
        counts = np.zeros(len(asked), np.int64)
        for part, postings in self._fields(field):
            numbers = postings.dictionary.places(asked)
            held = np.flatnonzero(numbers >= 0)
            if part.live is None:
                counts[held] += postings.lists.sizes(numbers[held])
            else:
                # One by one: the lists of common words are long.
                lists = [
                    TermList(part, postings, number, postings.lists.size(number))
                    for number in numbers[held].tolist()
                ]
                counts[held] += np.array([*map(_live_size, lists)], np.int64)
        found = dict(zip(asked, counts.tolist(), strict=True))
        return [found[term] for term in encoded]

    def completions(self, prefix: str, count: int) -> list[tuple[str, int]]:
        return self._most_frequent(FORM, prefix, count)

    def phrases(self, prefix: str, count: int) -> list[tuple[str, int]]:
        return self._most_frequent(PHRASE, prefix, count)

    def _most_frequent(self, field: str, prefix: str, count: int) -> list[tuple[str, int]]:
        """Return the `count` most frequent terms that begin with `prefix`, each with its number of
        live articles, the most frequent first."""
        begin = prefix.encode("utf-8", "replace")
        begun = (
            (part, postings, np.arange(*postings.dictionary.prefix_range(begin)))
            for part, postings in self._fields(field)
        )
        return _most_counted(begun, count)

    def _fields(self, name: str = FORM) -> Iterator[tuple[Part, FieldPostings]]:
        return (
            (part, part.opened.fields[name])
            for part in self._view.parts
            if name in part.opened.fields
        )


def _remembered(
    known: dict[_Asked, _Answer], asked: _Asked, find: Callable[[_Asked], _Answer]
) -> _Answer:
    """Return `find(asked)`, cached in `known`."""
    found = known.get(asked)
    if found is None:
        if len(known) >= _MOST_REMEMBERED:
            known.clear()
        found = known[asked] = find(asked)
    return found


def _most_counted(
    found: Iterable[tuple[Part, FieldPostings, Ints]], count: int
) -> list[tuple[str, int]]:
    """Return the `count` most frequent of the terms with these numbers in each segment, each with
    its number of live articles, the most frequent first."""
    counts: Counter[str] = Counter()
    for part, postings, numbers in found:
        kept = numbers
        if len(numbers) > count * _SPARE:
            sizes = postings.lists.sizes(numbers)
            kept = np.sort(numbers[np.argpartition(sizes, -count * _SPARE)[-count * _SPARE :]])
        counts.update(_counted(part, postings, kept))
    return sorted(counts.items(), key=lambda found: (-found[1], found[0]))[:count]


def _live_size(one: TermList) -> int:
    """Return the number of live articles of a list."""
    live = one.part.live
    if live is None:
        return one.size
    return int(np.count_nonzero(live[one.postings.lists.documents(one.number)]))


def _counted(part: Part, postings: FieldPostings, numbers: Ints) -> dict[str, int]:
    """Return the number of live articles with each of these terms, without terms that no live
    article has.

    numbers: numbers of terms in the segment's dictionary, ascending, of shape (n,).
    """
    if not len(numbers):
        return {}
    sizes = postings.lists.sizes(numbers)
    if part.live is not None:
        documents, _, ends = postings.lists.many(numbers)
        sizes = np.diff(np.concatenate([[0], np.cumsum(part.live[documents])])[ends])
    contiguous = numbers[-1] - numbers[0] + 1 == len(numbers)
    terms = (
        postings.dictionary.terms(int(numbers[0]), int(numbers[-1]) + 1)
        if contiguous
        else [postings.dictionary.term(number) for number in numbers.tolist()]
    )
    return {term.decode(): size for term, size in zip(terms, sizes.tolist(), strict=True) if size}
