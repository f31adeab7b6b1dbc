"""Consistency checks: the engine against its stored articles, the catalogue against the engine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from searcher.engine.protocol import Engine
from searcher.indexing.catalogue import FILE_NAME, Catalogue
from searcher.indexing.catalogue_tables import damage_of


def problems(engine: Engine, folder: Path) -> Iterator[str]:
    """Yield a message for each inconsistency.

    folder: where the catalogue is. It is compared only if the engine's own checks pass.
    Raises IndexMissing or IndexDamaged when the index cannot be opened.
    """
    with engine.snapshot() as snapshot:
        sound = True
        for problem in snapshot.check():
            sound = False
            yield problem
        path = folder / FILE_NAME
        if not sound or not path.exists():
            return
        if problem := damage_of(path):
            yield f"{path}: {problem}"
            return
        with Catalogue(folder) as catalogue:
            # The next run replaces a catalogue of another generation, so it is not reported.
            if catalogue.generation == snapshot.generation:
                yield from _differences(catalogue, {article.id for article in snapshot.articles()})


def _differences(catalogue: Catalogue, indexed: set[str]) -> Iterator[str]:
    """Yield the differences between the catalogue and the ids of the indexed articles."""
    listed = {held.id for file in catalogue.files() for held in catalogue.held_from(file)}
    yield from (
        f"article {article_id}: in the catalogue but not in the index"
        for article_id in sorted(listed - indexed)
    )
    yield from (
        f"article {article_id}: in the index but not in the catalogue"
        for article_id in sorted(indexed - listed)
    )
