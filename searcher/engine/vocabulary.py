"""The forms that an index on disk holds, for prefixes and fuzzy words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import OSA

from searcher.columnar.arrays import Ints
from searcher.columnar.postings import FieldPostings
from searcher.columnar.similar import candidates
from searcher.columnar.view import Part
from searcher.columnar.view import View
from searcher.engine.plan import MOST_SCANNED
from searcher.engine.terms import FORM
from searcher.text.tokens import ENDS_COMPOUND


class IndexVocabulary:
    """The forms of live articles."""

    def __init__(self, view: View) -> None:
        self._view = view

    def with_prefix(self, prefix: str) -> Iterator[tuple[str, int]]:
        counts: Counter[str] = Counter()
        for part, postings in self._fields():
            start, end = postings.prefix_range(prefix.encode())
            # As many as are looked at in all: no more can be among the first of all segments.
            end = min(end, start + MOST_SCANNED)
            counts.update(_counted(part, postings, np.arange(start, end)))
        return ((form, counts[form]) for form in sorted(counts))

    def within(self, word: str, distance: int) -> list[tuple[str, int, int]]:
        counts: Counter[str] = Counter()
        edits: dict[str, int] = {}
        for part, postings in self._fields():
            numbers = candidates(postings, word, distance)
            forms = [postings.term(number).decode() for number in numbers.tolist()]
            near = process.extract(word, forms, scorer=OSA.distance, score_cutoff=distance, limit=None)
            kept = [(form, int(far), at) for form, far, at in near if form[0] != ENDS_COMPOUND]
            edits.update((form, far) for form, far, _ in kept)
            counts.update(_counted(part, postings, numbers[sorted(at for _, _, at in kept)]))
        return [(form, edits[form], count) for form, count in counts.items()]

    def _fields(self) -> Iterator[tuple[Part, FieldPostings]]:
        return ((part, part.opened.fields[FORM]) for part in self._view.parts if FORM in part.opened.fields)


def _counted(part: Part, postings: FieldPostings, numbers: Ints) -> dict[str, int]:
    """How many live articles hold each of these forms, where any does."""
    if not len(numbers):
        return {}
    sizes = postings.sizes(numbers)
    if part.live is not None:
        documents, _, ends = postings.many(numbers)
        sizes = np.diff(np.concatenate([[0], np.cumsum(part.live[documents])])[ends])
    contiguous = numbers[-1] - numbers[0] + 1 == len(numbers)
    terms = (
        postings.terms(int(numbers[0]), int(numbers[-1]) + 1)
        if contiguous
        else [postings.term(number) for number in numbers.tolist()]
    )
    return {term.decode(): size for term, size in zip(terms, sizes.tolist(), strict=True) if size}
