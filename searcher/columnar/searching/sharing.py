"""Documents that have many terms of a Codes field in common with a set of codes."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from searcher.columnar.arrays import NO_INTS, Array, Ints
from searcher.columnar.files.open_segment import Part
from searcher.columnar.files.postings import FieldPostings
from searcher.columnar.searching.view import View

_MOST_POSTINGS = 400_000
"""Maximum number of postings that are read. Codes with the longest lists are left out beyond it, as
boilerplate that most documents have tells nothing. Larger takes longer: about 1 ms a million."""


class Sharing(NamedTuple):
    """The documents that share codes, as parallel arrays."""

    documents: Ints
    """Ascending numbers in the index."""
    shared: Ints
    """The number of common codes of each."""
    sizes: Ints
    """The length of each in the field: `CodeSet.size`."""
    read: float
    """Share of the codes whose lists were read."""


def sharing(view: View, field: str, codes: Array, least: int) -> Sharing:
    """Return the live documents that share at least `least` codes. Raises FileDamaged.

    codes: distinct and ascending (uint16).
    """
    held = [
        (part, postings, *_numbers(postings, codes))
        for part in view.parts
        if (postings := part.opened.fields.get(field)) is not None
    ]
    sizes = np.zeros(len(codes), np.int64)
    for _, postings, places, numbers in held:
        sizes[places] += postings.lists.sizes(numbers)
    order = np.argsort(sizes, kind="stable")
    read = np.zeros(len(codes), np.bool_)
    read[order[: max(least, int((np.cumsum(sizes[order]) <= _MOST_POSTINGS).sum()))]] = True
    # One room for all segments: new memory for each would take as long as counting.
    most = max((part.opened.count for part in view.parts), default=0)
    room = np.empty(most, np.uint16), np.empty(most, np.int32)
    found = [
        _in_part(part, postings, numbers[read[places]], least, room)
        for part, postings, places, numbers in held
    ]
    documents, shared, lengths = (
        np.concatenate([NO_INTS, *(arrays[column] for arrays in found)]) for column in range(3)
    )
    return Sharing(documents, shared, lengths, float(read.mean()) if len(codes) else 1.0)


def _numbers(postings: FieldPostings, codes: Array) -> tuple[Ints, Ints]:
    """Return the places of the codes that are terms of a segment, and the numbers of the terms."""
    terms = postings.dictionary.codes
    at = terms.searchsorted(codes)
    places = np.flatnonzero(terms[np.minimum(at, len(terms) - 1)] == codes)
    return places, at[places]


def _in_part(
    part: Part, postings: FieldPostings, numbers: Ints, least: int, room: tuple[Array, Array]
) -> tuple[Ints, Ints, Ints]:
    """Return the live documents of a segment that have at least `least` of some terms, in numbers
    of the index; how many terms each has; and their lengths in the field.

    room: as `PostingLists.tally` takes it, for at least as many documents.
    """
    times, documents = (array[: part.opened.count] for array in room)
    documents, shared = postings.lists.tally(numbers, least, times, documents)
    if part.live is not None:
        kept = part.live[documents]
        documents, shared = documents[kept], shared[kept]
    lengths = part.opened.lengths(postings.field)
    sizes = lengths.take(documents).astype(np.int64) if lengths else np.zeros_like(documents)
    return documents + part.base, shared, sizes
