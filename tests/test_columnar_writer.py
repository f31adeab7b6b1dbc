"""The writer behaves as Whoosh's writer: after the same steps both indexes are equal.

Covers columnar: writer, replacements, codec, chunks, collected_postings, inverter, builder,
segment and whoosh_private.
"""

from __future__ import annotations

import random

import pytest
from documents import FEW_AT_ONCE, WORDS, add, answers, document, keys, schema
from hypothesis import given, settings
from hypothesis import strategies as st
from whoosh import fields, query
from whoosh.analysis import LowercaseFilter, PassFilter, RegexTokenizer, TeeFilter
from whoosh.filedb.filestore import RamStorage
from whoosh.index import FileIndex, create_in, open_dir
from whoosh.writing import CLEAR, OPTIMIZE, IndexingError, SegmentWriter

from searcher.columnar import whoosh_private
from searcher.columnar.files.storage import SyncedStorage
from searcher.columnar.segment import ColumnarSegment
from searcher.columnar.writing.writer import ColumnarWriter

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


def test_a_writer_whose_write_failed_can_only_be_cancelled(ix, monkeypatch):
    add(ix, "a").commit()
    writer = ColumnarWriter(ix, memory=1)
    with monkeypatch.context() as patch:
        patch.setattr("searcher.columnar.writing.writer.write_segment", _full)
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
