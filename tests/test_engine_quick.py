"""Quick commits: words that one commit analysed are known to the next one.

Covers engine: whoosh_engine and whoosh_writer.
"""

from __future__ import annotations

from unittest import mock

import pytest
from fakes import make_article

from searcher.columnar.writing import writer as columnar_writer
from searcher.engine.whoosh_engine import WhooshEngine

TEXTS = ["Grain ships", "Kiev and grain", "the U.S ships", "Грайн and Zelenskyy's", "ships 1,000"]


class Cancelled(Exception):
    pass


def commit(engine, number):
    with engine.writer(quick=True) as writer:
        for at, text in enumerate(TEXTS):
            writer.add(make_article(f"{number}-{at}", f"{text} {number}", TEXTS[at - number]))


def lists(engine):
    """Return the terms, documents and positions of each segment."""
    with engine.snapshot() as snapshot:
        return [
            (name, found.terms, list(found.documents), list(found.positions))
            for part in snapshot._view.parts
            for name, postings in sorted(part.opened.fields.items())
            if postings.positions is not None
            for found in [postings.range_lists(0, postings.term_count)]
        ]


@pytest.mark.parametrize("kept", [0, 1 << 20])
def test_known_words_change_nothing(tmp_path, kept):
    engine = WhooshEngine(tmp_path / "index")
    with mock.patch.object(columnar_writer, "_KEPT", kept):
        for number in range(5):
            commit(engine, number)
            assert bool(engine._inverters) == bool(kept)
            other = WhooshEngine(tmp_path / "other")
            commit(other, number)
            other.close()
    assert lists(engine) == lists(WhooshEngine(tmp_path / "other"))


def test_texts_of_a_cancelled_writer_are_forgotten(tmp_path):
    engine = WhooshEngine(tmp_path / "index")
    commit(engine, 0)
    with pytest.raises(Cancelled), engine.writer(quick=True) as writer:
        writer.add(make_article("other", "Lost words"))
        raise Cancelled
    commit(engine, 1)
    with engine.snapshot() as snapshot:
        assert snapshot.count == 2 * len(TEXTS)
        assert list(snapshot.check()) == []
    assert not any(b"en:lost" in terms for _, terms, *_ in lists(engine))
