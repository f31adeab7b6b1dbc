"""Counts of documents, which are listed in no order, by codes and by groups."""

from __future__ import annotations

import numpy as np

from searcher.kernels.compiler import (
    Codes,
    IntsOut,
    SmallInts,
    kernel,
)


@kernel
def count_codes(documents: SmallInts, filled: int, codes: Codes, kinds: int) -> IntsOut:
    """Return the number of documents with each code.

    codes: the code of each document of the index, less than `kinds`.
    """
    counts = np.zeros(kinds, np.int64)
    for at in range(filled):
        counts[codes[documents[at]]] += 1
    return counts


@kernel
def count_groups(documents: SmallInts, filled: int, groups: SmallInts, most: int) -> int:
    """Return the number of groups of documents. groups, most: as for `count_first`."""
    found = 0
    seen = np.zeros(most + 1, np.uint8)
    for at in range(filled):
        group = groups[documents[at]]
        found += group == 0 or seen[group] == 0
        seen[group] = 1
    return found


@kernel
def count_first(
    documents: SmallInts, filled: int, codes: Codes, groups: SmallInts, most: int, kinds: int
) -> IntsOut:
    """Return how often each code is the smallest one of a group of documents.

    codes: the code of each document of the index, less than `kinds`; 0 is no code.
    groups: the group of each document, at most `most`; a document of group 0 is one of its own.
    """
    counts = np.zeros(kinds, np.int64)
    smallest = np.full(most + 1, kinds, np.int32)
    for at in range(filled):
        code = np.int64(codes[documents[at]])
        group = groups[documents[at]]
        if code == 0 or (group > 0 and code >= smallest[group]):
            continue
        if group > 0:
            if smallest[group] < kinds:
                counts[smallest[group]] -= 1
            smallest[group] = code
        counts[code] += 1
    return counts
