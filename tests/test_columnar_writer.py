"""The writer behaves as Whoosh's writer: after the same steps both indexes are equal.

Covers writer, replacements, codec, chunks, rows, words, builder, matcher, readers, segment, merge,
combine, tiers and whoosh_private.
"""

from __future__ import annotations

import gc
import random

import numpy as np
import pytest
from documents import WORDS, answers, document, schema
from hypothesis import given, settings
from hypothesis import strategies as st
from whoosh import fields, query
from whoosh.analysis import LowercaseFilter, PassFilter, RegexTokenizer, TeeFilter
from whoosh.filedb.filestore import RamStorage
from whoosh.index import FileIndex, create_in, open_dir
from whoosh.writing import CLEAR, OPTIMIZE, IndexingError, SegmentWriter

from searcher.columnar import merge, tiers, whoosh_private
from searcher.columnar.accumulator import Accumulators
from searcher.columnar.collector import search
from searcher.columnar.columns import IntColumn
from searcher.columnar.conditions import Boolean, Occurs
from searcher.columnar.evaluator import Evaluator
from searcher.columnar.fields import Key
from searcher.columnar.ordering import Output
from searcher.columnar.segment import ColumnarSegment
from searcher.columnar.segment_file import SegmentFile
from searcher.columnar.storage import SyncedStorage
from searcher.columnar.view import View
from searcher.columnar.writer import ColumnarWriter


@pytest.fixture
def ix(tmp_path):
    FileIndex.create(SyncedStorage(str(tmp_path)), schema(), "MAIN")
    yield FileIndex(SyncedStorage(str(tmp_path)))
    gc.collect()


FEW_AT_ONCE = 5 * merge._ENTRY_BYTES
"""Bytes of memory so few that lists of more than five entries are merged in pieces."""

STEP = st.one_of(
    st.tuples(st.just("add"), st.integers(0, 99)),
    st.tuples(st.just("update"), st.integers(0, 9)),
    st.tuples(st.just("delete"), st.integers(0, 9)),
    st.tuples(st.just("delete_by_query"), st.sampled_from(WORDS)),
)
COMMITS = st.lists(
    st.tuples(
        st.lists(STEP, max_size=6),
        st.sampled_from(["commit", "commit", "cancel", "optimize", "no merge"]),
    ),
    min_size=1,
    max_size=8,
)


def run(writer, steps, ending, chance):
    updated = set()
    for what, value in steps:
        if what == "add":
            writer.add_document(**document(f"n{value}-{chance.random()}", chance))
        elif what == "update" and value not in updated:
            # Stock Whoosh keeps both of two documents with one key in one commit.
            updated.add(value)
            writer.update_document(**document(f"k{value}", chance))
        elif what == "delete":
            writer.delete_by_term("key", f"k{value}")
        elif what == "delete_by_query":
            writer.delete_by_query(query.Term("tags", value))
    if ending == "cancel":
        writer.cancel()
    else:
        writer.commit(optimize=ending == "optimize", merge=ending != "no merge")


@given(COMMITS, st.integers(0, 2**32))
@settings(max_examples=60)
def test_the_same_steps_give_what_stock_whoosh_holds(history, seed):
    ours, stock = (RamStorage().create_index(schema()) for _ in range(2))
    chances = [random.Random(seed), random.Random(seed)]
    for steps, ending in history:
        run(ColumnarWriter(ours), steps, ending, chances[0])
        run(stock.writer(), steps, ending, chances[1])
    stock.optimize()  # before that, its lexicon names terms of deleted documents
    ColumnarWriter(ours, memory=FEW_AT_ONCE).commit(optimize=True)
    assert answers(ours) == answers(stock)
    assert all(isinstance(segment, ColumnarSegment) for segment in ours._segments())


def test_an_index_of_whooshs_own_codec_is_opened_and_converted(tmp_path):
    chance = random.Random(2)
    stock = create_in(str(tmp_path), schema())
    for start in (0, 40):
        with stock.writer() as writer:
            for number in range(start, start + 40):
                writer.add_document(**document(str(number), chance))
            writer.merge = False
    stock.delete_by_term("key", "7")
    before = answers(stock)
    ix = FileIndex(SyncedStorage(str(tmp_path)))
    assert not any(isinstance(segment, ColumnarSegment) for segment in ix._segments())
    ColumnarWriter(ix).commit()
    assert all(isinstance(segment, ColumnarSegment) for segment in ix._segments())
    assert answers(open_dir(str(tmp_path)))[:3] == before[:3]
    assert {path.suffix for path in tmp_path.iterdir()} <= {".toc", ".col", ""}


def test_documents_of_a_stock_index_are_replaced_before_it_is_converted(tmp_path):
    stock = create_in(str(tmp_path), schema())
    with stock.writer() as writer:
        for key in "abc":
            writer.add_document(key=key, text="old")
    writer = ColumnarWriter(FileIndex(SyncedStorage(str(tmp_path))))
    writer.update_document(key="b", text="new")
    writer.delete_by_term("key", "c")
    writer.commit()
    with open_dir(str(tmp_path)).searcher() as searcher:
        assert {hit["key"]: hit["text"] for hit in searcher.documents()} == {"a": "old", "b": "new"}


def add(ix, *keys, **options):
    writer = ColumnarWriter(ix, **options)
    for key in keys:
        writer.update_document(key=key, text=f"alfa {key}")
    return writer


def keys(ix):
    with ix.searcher() as searcher:
        return sorted(hit["key"] for hit in searcher.documents())


def test_a_snapshot_does_not_change_when_documents_go(ix):
    add(ix, "a", "b").commit()
    with ix.searcher() as before:
        add(ix, "c").commit()
        writer = add(ix)
        writer.delete_by_term("key", "a")
        writer.commit(optimize=True)
        assert sorted(hit["key"] for hit in before.search(query.Term("text", "alfa"))) == ["a", "b"]
    assert keys(ix) == ["b", "c"]


def test_nothing_of_a_cancelled_writer_remains(ix, tmp_path):
    add(ix, "a").commit()
    files = sorted(path.name for path in tmp_path.iterdir())
    writer = add(ix, *map(str, range(40)), memory=1)  # writes segments before the commit
    assert len(list(tmp_path.glob("*.col"))) > 1
    writer.cancel()
    assert sorted(path.name for path in tmp_path.iterdir()) == files
    assert keys(ix) == ["a"]
    with pytest.raises(IndexingError):
        writer.add_document(key="b")


def test_a_document_added_twice_in_one_commit_is_there_once(ix):
    for memory in (1 << 20, 1):
        writer = ColumnarWriter(ix, memory=memory)
        for turn in range(3):
            for number in range(30):
                writer.update_document(key=str(number), text=f"alfa turn{turn}")
        writer.delete_key("key", b"0")
        writer.commit()
        assert keys(ix) == sorted(map(str, range(1, 30)))
        with ix.searcher() as searcher:
            assert len(searcher.search(query.Term("text", "turn2"), limit=None)) == 29
            assert not searcher.search(query.Term("text", "turn1"), limit=None)


def test_another_index_in_place_of_this_one(ix):
    add(ix, "a", "b").commit()
    add(ix, "c").commit(mergetype=CLEAR)
    assert keys(ix) == ["c"]


def test_a_key_deleted_before_it_is_added_again_is_there(ix):
    add(ix, "a").commit()
    writer = ColumnarWriter(ix)
    writer.delete_by_term("key", "a")
    writer.update_document(key="a", text="bravo")
    writer.commit()
    with ix.searcher() as searcher:
        assert [hit["text"] for hit in searcher.documents()] == ["bravo"]


def test_small_commits_stay_cheap(ix, monkeypatch):
    merged = []
    honest = merge.merge_segments

    def counting(*arguments):
        segment = honest(*arguments)
        merged.append(segment.doc_count())
        return segment

    monkeypatch.setattr("searcher.columnar.writer.merge_segments", counting)
    most = 0
    for number in range(200):
        add(ix, *(f"{number}-{step}" for step in range(3))).commit()
        most = max(most, len(ix._segments()))
    assert len(keys(ix)) == 600
    # A document is written once when it is added, and once for each tier it is merged into.
    assert sum(merged) <= 600 * (tiers.tier(600) + 1)
    assert most <= 8 * (tiers.tier(600) + 1)


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


def test_fields_come_and_go(ix):
    add(ix, "a").commit()
    writer = ColumnarWriter(ix)
    writer.add_field("extra", fields.KEYWORD(stored=True))
    writer.add_document(key="b", extra="new")
    writer.commit()
    writer = ColumnarWriter(ix)
    writer.remove_field("tags")
    writer.commit(optimize=True)
    with ix.searcher() as searcher:
        assert [hit["key"] for hit in searcher.search(query.Term("extra", "new"))] == ["b"]
        assert "tags" not in searcher.schema


def test_a_field_has_weights_everywhere_or_nowhere(ix, monkeypatch):
    writer = ColumnarWriter(ix)
    writer.add_document(key="a", tags=",".join(f"aa{number:03}" for number in range(500)))
    writer.commit(merge=False)
    writer = ColumnarWriter(ix)
    writer.add_document(key="b", tags="zz", _tags_boost=3.0)
    writer.commit(merge=False)
    ColumnarWriter(ix, memory=20 * merge._ENTRY_BYTES).commit(optimize=True)  # some terms at a time
    reader = ix.reader()
    assert [reader.postings("tags", term).weight() for term in ("aa000", "zz")] == [1.0, 3.0]
    reader.close()


def test_a_writer_whose_write_failed_can_only_be_cancelled(ix, monkeypatch):
    add(ix, "a").commit()
    writer = ColumnarWriter(ix, memory=1)
    with monkeypatch.context() as patch:
        patch.setattr("searcher.columnar.writer.write_segment", _full)
        with pytest.raises(OSError, match="full"):
            writer.update_document(key="b", text="alfa")
    for action in (lambda: writer.update_document(key="c"), writer.commit):
        with pytest.raises(IndexingError, match="cancelled: full"):
            action()
    writer.cancel()
    add(ix, "d").commit()
    assert keys(ix) == ["a", "d"]


def _full(*_):
    raise OSError("full")


def test_a_term_twice_at_one_position():
    both = RegexTokenizer() | TeeFilter(PassFilter(), LowercaseFilter())
    indexes = [
        RamStorage().create_index(fields.Schema(t=fields.TEXT(analyzer=both))) for _ in range(2)
    ]
    found = []
    for index, kind in zip(indexes, (ColumnarWriter, lambda index: index.writer()), strict=True):
        for optimize in (False, True):
            writer = kind(index)
            writer.add_document(t="the cat Sat on the Mat cat")
            writer.commit(optimize=optimize)
        reader = index.reader()
        found.append(
            [reader.postings("t", term).value_as("positions") for term in ("cat", "sat", "the")]
        )
        with index.searcher() as searcher:
            found[-1].append(len(searcher.search(query.Phrase("t", ["the", "cat"]))))
        reader.close()
    assert found[0] == found[1]


def test_a_document_is_replaced_whatever_the_segments_become(ix):
    add(ix, "a", "b").commit()
    writer = ColumnarWriter(ix)
    writer.update_document(key="a", text="new")
    writer.commit(mergetype=OPTIMIZE)
    with ix.searcher() as searcher:
        assert {hit["key"]: hit["text"] for hit in searcher.documents()} == {
            "a": "new",
            "b": "alfa b",
        }


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


def test_an_empty_value_of_a_unique_field_replaces_nothing(ix):
    for _ in range(2):
        writer = ColumnarWriter(ix)
        writer.update_document(key="", text="alfa")
        writer.commit()
    with ix.searcher() as searcher:
        assert searcher.doc_count() == 2 - (b"" in [key for key, *_ in ix.schema["key"].index("")])


def test_commits_of_an_index_opened_by_whoosh_reach_the_disk(ix, tmp_path, monkeypatch):
    import os

    synced = []
    honest = os.fsync
    monkeypatch.setattr(
        os,
        "fsync",
        lambda file: (synced.append(os.readlink(f"/proc/self/fd/{file}")), honest(file)),
    )
    add(open_dir(str(tmp_path)), "a").commit()
    assert {path.rpartition(".")[2] for path in synced} >= {"col", str(tmp_path).rpartition(".")[2]}


def test_a_table_of_contents_that_was_never_finished_is_removed(ix, tmp_path):
    (tmp_path / "_MAIN_7.toc.1234567.89").write_bytes(b"begun")
    (tmp_path / "_MAIN_notes.toc.txt").write_bytes(b"not ours")
    add(ix, "a").commit()
    assert not (tmp_path / "_MAIN_7.toc.1234567.89").exists()
    assert (tmp_path / "_MAIN_notes.toc.txt").exists()


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


def test_scores_by_another_fields_lengths_are_not_pruned_by_its_own(ix):
    wanted = Output("rank", "key", end=5, totals=False)
    two = fields.Schema(
        key=Key(), rank=fields.COLUMN(IntColumn()), title=fields.TEXT(), body=fields.TEXT()
    )
    index = RamStorage().create_index(two)
    writer = ColumnarWriter(index)
    for number in range(6000):
        title = "war" if number % 2 else "peace " + "pad " * 60
        writer.add_document(
            key=f"{number:05}", title=title, body="pad " * (30 if number % 2 else 1 + number % 7)
        )
    writer.commit()
    reader = index.reader()
    view = View(reader, "body")
    leaves = tuple(Occurs("title", ((frozenset((term,)),),)) for term in (b"war", b"peace"))
    root = Boolean((), leaves, (), True)
    documents = np.arange(6000)
    scores = Evaluator(view, None).scores(root, documents)
    best = search(view, root, False, wanted, None).ranked
    assert [score for _, score in best] == pytest.approx(sorted(scores, reverse=True)[:5])
    reader.close()


def test_a_view_reads_what_whoosh_reads(ix):
    add(ix, *map(str, range(50))).commit()
    reader = ix.reader()
    view = View(reader, "text")
    assert view.count == reader.doc_count_all()
    assert [view.stored(number) for number in range(50)] == [
        reader.stored_fields(number) for number in range(50)
    ]
    reader.close()


def test_whoosh_has_the_private_members_that_we_use(ix):
    missing = [name for name in whoosh_private.WRITER_MEMBERS if not hasattr(SegmentWriter, name)]
    with ix.writer() as stock:
        missing += [name for name in ("_added", "docbase", "docnum") if not hasattr(stock, name)]
        stock.add_document(key="a")
    assert missing == []
    assert whoosh_private.latest_generation(ix.storage) == 1
    assert whoosh_private.contents_filename("MAIN", 1) in ix.storage.list()
    latest = ix.refresh()
    assert len(whoosh_private.segments_of(latest)) == 1
    with latest.reader() as reader:
        (leaf, _), *_ = reader.leaf_readers()
        assert whoosh_private.documents_reader(leaf).doc_count() == 1


def test_readers_of_a_process_share_the_file_of_a_segment(ix):
    writer = ColumnarWriter(ix)
    writer.add_document(**document("a", random.Random(1)))
    writer.commit()
    first, second = open_dir(ix.storage.folder), open_dir(ix.storage.folder)
    with first.reader() as one, second.reader() as other:
        opened = [View(reader, "title").parts[0].opened for reader in (one, other)]
    assert opened[0] is opened[1]


def test_sums_are_zero_again_after_an_error():
    accumulators = Accumulators(4)

    def add():
        with accumulators.of(np.float64) as accumulator:
            accumulator.touch(np.array([1, 3]))
            accumulator.sums[[1, 3]] += 2.5
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        add()
    assert accumulators.of(np.float64).sums.tolist() == [0, 0, 0, 0]
