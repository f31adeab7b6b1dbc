"""Articles whose bodies may have a large part in common with a text, by their sketches."""

from __future__ import annotations

import numpy as np

from searcher.columnar.arrays import Array
from searcher.columnar.fields import CODE_BYTES
from searcher.columnar.searching.sharing import sharing
from searcher.columnar.searching.view import View
from searcher.engine.memory_vocabulary import TermEntries
from searcher.engine.terms import SKETCH
from searcher.text.sketches import FEWEST, Sketch, expected, needed


def in_view(view: View, sketch: Sketch, limit: int) -> list[int]:
    """Return the numbers of at most `limit` articles of an index, as `Snapshot.resembling` does;
    equally likely ones in the order of their numbers. Raises FileDamaged."""
    codes = _codes(sketch)
    if len(codes) < FEWEST:
        return []
    found = sharing(view, SKETCH, codes, FEWEST)
    wanted = np.maximum(needed(sketch.size, found.sizes) * found.read, FEWEST)
    near = np.flatnonzero(found.shared >= wanted)
    likely = found.shared[near] / expected(sketch.size, found.sizes[near])
    best = near[np.argsort(-likely, kind="stable")[:limit]]
    numbers: list[int] = found.documents[best].tolist()
    return numbers


def in_memory(entries: TermEntries, sketch: Sketch, limit: int) -> list[str]:
    """Return the same from the engine in memory, as ids; equally likely ones in their order."""
    found = []
    codes = set(_codes(sketch).tolist())
    for article_id, (_, terms) in entries.items():
        shared = len(codes & set(_codes(terms.sketch).tolist()))
        if shared >= needed(sketch.size, terms.sketch.size):
            likely = shared / expected(sketch.size, terms.sketch.size)
            found.append((-likely, article_id))
    return [article_id for _, article_id in sorted(found)[:limit]]


def _codes(sketch: Sketch) -> Array:
    """Return the codes of a sketch as numbers (uint16)."""
    return np.frombuffer(sketch.codes, f">u{CODE_BYTES}").astype(np.uint16)
