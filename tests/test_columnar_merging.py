"""Merges of segments: their cost, and the equality with an index written in one commit.

Covers columnar: merge, merge_lists, tiers, readers, columns and stored.
"""

from __future__ import annotations

import random
from collections import Counter

import numpy as np
import pytest
from documents import FEW_AT_ONCE, add, answers, document, keys, schema
from hypothesis import given
from hypothesis import strategies as st
from whoosh import fields, query
from whoosh.filedb.filestore import RamStorage
from whoosh.index import FileIndex

from searcher.columnar.files.segment_file import SegmentFile, new_segment_file, open_segment_file
from searcher.columnar.files.storage import SyncedStorage
from searcher.columnar.segment import ColumnarSegment
from searcher.columnar.writing import merge, tiers
from searcher.columnar.writing.writer import ColumnarWriter


def test_small_commits_stay_cheap(ix, monkeypatch):
    merged = []
    honest = merge.merge_segments

    def counting(*arguments):
        segment = honest(*arguments)
        merged.append(segment.doc_count())
        return segment

    monkeypatch.setattr("searcher.columnar.writing.writer.merge_segments", counting)
    most = 0
    for number in range(200):
        add(ix, *(f"{number}-{step}" for step in range(3))).commit()
        most = max(most, len(ix._segments()))
    assert len(keys(ix)) == 600
    # A document is written once when it is added, and once for each tier it is merged into.
    assert sum(merged) <= 600 * (tiers.tier(600) + 1)
    assert most <= 8 * (tiers.tier(600) + 1)


@given(st.lists(st.integers(1, 2000), max_size=80))
def test_quick_commits_merge_rarely_and_little(sizes):
    segments = []
    for size in sizes:
        segments.append(ColumnarSegment("MAIN"))
        segments[-1].set_doc_count(size)
    chosen = tiers.choose(segments, quick=True)
    counts = Counter(tiers.tier(size) for size in sizes if size <= 1024)
    assert bool(chosen) == (max(counts.values(), default=0) >= 32)
    assert sum(segment.doc_count() for segment in chosen) <= 2048
    assert not chosen or tiers.choose(segments)


def test_a_quick_commit_that_adds_documents_leaves_merges_to_the_next_one(ix):
    for number in range(40):
        quick = ColumnarWriter(ix, quick=True)
        quick.add_document(key=str(number))
        quick.commit()
    assert len(ix._segments()) == 40
    ColumnarWriter(ix, quick=True).commit()
    assert len(ix._segments()) == 1
    assert keys(ix) == sorted(map(str, range(40)))


def test_merging_gives_what_one_commit_gives(tmp_path):
    chance = random.Random(4)
    documents = [document(str(number), chance) for number in range(300)]
    found = []
    for name, step in (("whole", 300), ("parts", 37)):
        folder = tmp_path / name
        folder.mkdir()
        index = FileIndex.create(SyncedStorage(str(folder)), schema(), "MAIN")
        for start in range(0, 300, step):
            writer = ColumnarWriter(index)
            for one in documents[start : start + step]:
                writer.add_document(**one)
            writer.commit(merge=False)
        ColumnarWriter(index, memory=FEW_AT_ONCE).commit(optimize=True)
        (path,) = folder.glob("*.col")
        file = SegmentFile(path.read_bytes(), path.name)
        # Merges copy stored fields in the blocks they were written in.
        arrays = [name for name in file.names() if not name.startswith("stored.")]
        found.append(
            (
                file.meta,
                {name: file.array(name).whole().tobytes() for name in arrays},
                answers(index),
            )
        )
    assert found[0] == found[1]


def test_deleted_documents_are_merged_away(ix):
    add(ix, *map(str, range(90))).commit()
    writer = ColumnarWriter(ix)
    for number in range(40):
        writer.delete_by_term("key", str(number))
    writer.commit()
    (segment,) = ix._segments()
    assert (segment.doc_count_all(), segment.has_deletions()) == (50, False)


def test_a_field_has_weights_everywhere_or_nowhere(ix, monkeypatch):
    writer = ColumnarWriter(ix)
    writer.add_document(key="a", tags=",".join(f"aa{number:03}" for number in range(500)))
    writer.commit(merge=False)
    writer = ColumnarWriter(ix)
    writer.add_document(key="b", tags="zz", _tags_boost=3.0)
    writer.commit(merge=False)
    ColumnarWriter(ix, memory=20 * merge._ENTRY_BYTES).commit(
        optimize=True
    )  # in pieces of a few terms
    reader = ix.reader()
    assert [reader.postings("tags", term).weight() for term in ("aa000", "zz")] == [1.0, 3.0]
    reader.close()


def test_columns_that_were_added_later_are_merged(ix, tmp_path):
    from whoosh.sorting import FieldFacet, add_sortable

    writer = ColumnarWriter(ix)
    for number in "3142":
        writer.add_document(key=number, tags=f"t{number}")
    writer.commit()
    writer = ColumnarWriter(ix)
    add_sortable(writer, "key", FieldFacet("key"))
    writer.commit()
    ColumnarWriter(ix).commit(optimize=True)
    with ix.searcher() as searcher:
        assert [hit["key"] for hit in searcher.search(query.Every(), sortedby="key")] == [
            "1",
            "2",
            "3",
            "4",
        ]
    assert list(tmp_path.glob("*.column")) == []


def test_columns_of_fields_by_pattern_are_merged():
    pattern = fields.Schema(key=fields.ID(stored=True))
    pattern.add("*_d", fields.NUMERIC(sortable=True), glob=True)
    index = RamStorage().create_index(pattern)
    for number in (2, 1):
        writer = ColumnarWriter(index)
        writer.add_document(key=str(number), a_d=number)
        writer.commit(merge=False)
    ColumnarWriter(index).commit(optimize=True)
    reader = index.reader()
    assert list(reader.column_reader("a_d")) == [2, 1]
    reader.close()


def test_nothing_of_a_removed_field_is_left_after_merging(ix):
    writer = ColumnarWriter(ix)
    writer.add_document(key="a", note="secret")
    writer.commit()
    ix.remove_field("note")
    ColumnarWriter(ix).commit(optimize=True)
    with ix.searcher() as searcher:
        assert list(searcher.documents()) == [{"key": "a"}]


@pytest.mark.parametrize("kind", ["stock", "ours"])
def test_readers_are_added_some_documents_at_a_time(ix, tmp_path, kind):
    chance = random.Random(8)
    other = RamStorage().create_index(schema())
    writer = other.writer() if kind == "stock" else ColumnarWriter(other)
    for number in range(120):
        writer.add_document(**document(str(number), chance))
    writer.commit()
    other.delete_by_term("key", "5")
    writer = ColumnarWriter(ix, memory=60_000)
    reader = other.reader()
    writer.add_reader(reader)
    assert len(list(tmp_path.glob("*.col"))) > 3
    writer.commit(optimize=True)
    assert answers(ix)[:3] == answers(other)[:3]
    reader.close()


def articles(start, end):
    """Return documents of about 4,500 bytes, of which some phrases are frequent."""
    chance = random.Random(7)
    phrases = [" ".join(f"w{chance.randrange(9999)}" for _ in range(12)) for _ in range(2000)]
    chance = random.Random(start)
    return {
        str(number): " ".join(chance.choice(phrases) for _ in range(65))
        for number in range(start, end)
    }


def test_many_stored_documents_share_a_compression_dictionary(ix):
    """Of two large segments and a small one, the first keeps its blocks, and the others get its
    dictionary."""
    written, parts = {}, []
    for start, end in ((0, 2000), (2000, 3000), (3000, 3020)):
        writer = ColumnarWriter(ix)
        for key, text in articles(start, end).items():
            writer.add_document(key=key, text="a", _stored_text=text)
            written[key] = text
        writer.commit(merge=False)
        parts.append(ix._segments()[-1].open(ix.storage).stored)
    dictionaries = [part.dictionary for part in parts]
    assert [len(one) > 0 for one in dictionaries] == [True, True, False]
    assert parts[0].size * 2 < sum(map(len, list(written.values())[:2000]))
    writer = ColumnarWriter(ix)
    for key in ("0", "1999", "2500", "3010"):
        writer.delete_by_term("key", key)
        del written[key]
    writer.commit(optimize=True)
    stored = ix._segments()[0].open(ix.storage).stored
    assert stored.dictionary == dictionaries[0]
    assert {one["key"]: one["text"] for one in stored.all()} == written
    assert stored._block(500) in parts[0]._blocks.whole().tobytes()


def test_small_segments_get_a_compression_dictionary_when_they_are_merged(ix):
    written = {}
    for start in range(0, 1600, 800):
        writer = ColumnarWriter(ix)
        for key, text in articles(start, start + 800).items():
            writer.add_document(key=key, text="a", _stored_text=text)
            written[key] = text
        writer.commit(merge=False)
        assert not ix._segments()[-1].open(ix.storage).stored.dictionary
    ColumnarWriter(ix).commit(optimize=True)
    stored = ix._segments()[0].open(ix.storage).stored
    assert stored.dictionary
    assert {one["key"]: one["text"] for one in stored.all()} == written


def test_documents_too_alike_for_a_compression_dictionary_have_none(ix):
    writer = ColumnarWriter(ix)
    for number in range(3):
        writer.add_document(key=str(number), text="a", _stored_text="x" * (2 << 20))
    writer.commit()
    assert ix.reader().stored_fields(2)["text"] == "x" * (2 << 20)


def test_arrays_stay_valid_when_their_memory_is_given_back(tmp_path):
    storage = SyncedStorage(str(tmp_path))
    with new_segment_file(storage, "one.col") as file:
        file.add("numbers", np.arange(10_000))
        file.finish({})
    opened = open_segment_file(storage, "one.col")
    numbers = opened.array("numbers").whole()
    opened.release()
    assert numbers.tolist() == list(range(10_000))
