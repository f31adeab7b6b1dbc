"""Parts of an index with random lists, for tests of kernels."""

from __future__ import annotations

import io
from types import SimpleNamespace

import numpy as np

from searcher.columnar.arrays import ends_of
from searcher.columnar.files.lists import Lists, ListsWriter, Zones
from searcher.columnar.files.open_segment import Part
from searcher.columnar.files.postings import FieldPostings
from searcher.columnar.files.segment_file import SegmentFile, SegmentFileWriter
from searcher.columnar.searching.counting import count

TERMS = [b"a", b"b", b"c"]
SIZES = (1, 2, 100, 255, 256, 400, 900)


def segment(chance, documents, zoned):
    """Return the postings of a field of random texts, some terms in several blocks."""
    zones = Zones(300, chance.integers(1, 40, documents)) if zoned else None
    held, counts, positions = [], [], []
    for _ in TERMS:
        size = min(int(chance.choice(SIZES)), documents)
        held.append(np.sort(chance.choice(documents, size, replace=False)))
        counts.append(np.minimum(chance.geometric(0.3, size), 30))
        for document, times in zip(held[-1].tolist(), counts[-1].tolist(), strict=True):
            found = np.sort(chance.choice(60, times, replace=False))
            if zones is not None:
                found = np.where(found < zones.lengths[document], found, found + 300)
            positions.append(found)
    ends = ends_of(np.array([*map(len, held)]))
    shares = np.ones(len(TERMS), np.bool_)
    lists = Lists(
        TERMS, ends, np.concatenate(held), np.concatenate(counts), np.concatenate(positions), shares
    )
    buffer = io.BytesIO()
    file = SegmentFileWriter(buffer)
    writer = ListsWriter(file, "postings.f", None, zones)
    writer.write(lists)
    file.finish(writer.finish())
    opened = SegmentFile(buffer.getvalue(), "test")
    return FieldPostings(opened, "postings.f", opened.meta)


def index_of(chance, deleted, zoned):
    """Return parts of an index as far as leaves need them."""
    parts, base = [], 0
    for documents in (1000, 70_000):
        postings = segment(chance, documents, zoned)
        live = chance.random(documents) < 0.7 if deleted else None
        parts.append(Part(SimpleNamespace(fields={"f": postings}, count=documents), base, live))
        base += documents
    return parts


def plain_counts(parts, leaf):
    """Return the live documents and counts of a leaf by the plain code."""
    found = {}
    for part in parts:
        counted = count(part.opened.fields["f"], leaf, lambda: None)
        for document, times in zip(
            counted.documents.tolist(), counted.counts.tolist(), strict=True
        ):
            if part.live is None or part.live[document]:
                found[document + part.base] = times
    return found
