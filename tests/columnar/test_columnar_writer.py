"""The writer keeps Whoosh's promises: what stock Whoosh would hold after the same steps, ours holds."""

from __future__ import annotations

import gc
import random
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st
from whoosh import fields
from whoosh import query
from whoosh.filedb.filestore import RamStorage
from whoosh.index import FileIndex
from whoosh.index import create_in
from whoosh.index import open_dir
from whoosh.writing import CLEAR
from whoosh.writing import IndexingError

from searcher.columnar import merge
from searcher.columnar.columns import CodeColumn
from searcher.columnar.columns import IntColumn
from searcher.columnar.segment import ColumnarSegment
from searcher.columnar.segment_file import SegmentFile
from searcher.columnar.storage import SyncedStorage
from searcher.columnar.view import View
from searcher.columnar.writer import ColumnarWriter

WORDS = ["alfa", "bravo", "charlie", "delta", "echo", "foxtrot", "golf"]


def schema():
    return fields.Schema(
        key=fields.ID(unique=True, stored=True),
        text=fields.TEXT(stored=True, vector=True, phrase=True),
        tags=fields.KEYWORD(commas=True, stored=True),
        number=fields.NUMERIC(stored=True, sortable=True),
        when=fields.DATETIME(stored=True),
        flag=fields.BOOLEAN(stored=True),
        grams=fields.NGRAMWORDS(minsize=2, maxsize=3),
        rank=fields.COLUMN(IntColumn()),
        code=fields.COLUMN(CodeColumn()),
        note=fields.STORED,
    )


@pytest.fixture
def ix(tmp_path):
    FileIndex.create(SyncedStorage(str(tmp_path)), schema(), "MAIN")
    yield FileIndex(SyncedStorage(str(tmp_path)))
    gc.collect()


def document(key, chance):
    return {
        "key": key,
        "text": " ".join(chance.choices(WORDS, k=chance.randrange(12))),
        "tags": ",".join(chance.sample(WORDS, 2)),
        "number": chance.randrange(-50, 50),
        "when": datetime(2020, 1, 1 + chance.randrange(28)),
        "flag": chance.random() < 0.5,
        "grams": chance.choice(WORDS),
        "rank": chance.randrange(1000),
        "code": chance.choice(["", "x", "yy"]),
        "note": {"any": [chance.randrange(9)]},
    }


QUERIES = [
    query.Every(),
    query.Every("tags"),
    query.Term("text", "alfa"),
    query.And([query.Term("text", "alfa"), query.Term("text", "bravo")]),
    query.Or([query.Term("text", "alfa"), query.Term("tags", "echo")]),
    query.AndNot(query.Term("text", "alfa"), query.Term("text", "bravo")),
    query.AndMaybe(query.Term("text", "alfa"), query.Term("text", "bravo")),
    query.Require(query.Term("text", "alfa"), query.Term("tags", "bravo")),
    query.Not(query.Term("text", "alfa")),
    query.DisjunctionMax([query.Term("text", "alfa"), query.Term("text", "golf")]),
    query.Phrase("text", ["alfa", "bravo"]),
    query.Phrase("text", ["alfa", "bravo"], slop=3),
    query.Prefix("text", "c"),
    query.Wildcard("text", "*o*"),
    query.FuzzyTerm("text", "alfo"),
    query.Variations("text", "echo"),
    query.TermRange("tags", "b", "d"),
    query.NumericRange("number", -10, 20),
    query.DateRange("when", datetime(2020, 1, 5), datetime(2020, 1, 15)),
    query.Term("flag", True),
    query.Term("grams", "et"),
]


def answers(reader_of):
    """What every query finds, and what is held of it, without the numbers of documents."""
    with reader_of.searcher() as searcher:
        found = []
        for asked in QUERIES:
            results = searcher.search(asked, limit=None)
            found.append(sorted(hit["key"] for hit in results))
        reader = searcher.reader()
        held = {}
        if not reader.doc_count():
            return found, held, 0, {}
        ranks, codes = reader.column_reader("rank", translate=False), reader.column_reader("code", translate=False)
        for number in reader.all_doc_ids():
            stored = reader.stored_fields(number)
            terms = list(reader.vector(number, "text").items_as("frequency")) if stored["text"] else []
            held[stored["key"]] = (stored, terms, ranks[number], codes[number])
        lexicon = {name: sorted(reader.lexicon(name)) for name in ("text", "tags", "grams")}
        return found, held, reader.doc_count(), lexicon


STEP = st.one_of(
    st.tuples(st.just("add"), st.integers(0, 99)),
    st.tuples(st.just("update"), st.integers(0, 9)),
    st.tuples(st.just("delete"), st.integers(0, 9)),
    st.tuples(st.just("delete_by_query"), st.sampled_from(WORDS)),
)
COMMITS = st.lists(
    st.tuples(st.lists(STEP, max_size=6), st.sampled_from(["commit", "commit", "cancel", "optimize", "no merge"])),
    min_size=1,
    max_size=8,
)


def run(writer, steps, ending, chance):
    updated = set()
    for what, value in steps:
        if what == "add":
            writer.add_document(**document(f"n{value}-{chance.random()}", chance))
        elif what == "update" and value not in updated:
            # Stock Whoosh keeps both of two that come in one commit.
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
    stock.optimize()  # for its lexicon names the terms of deleted documents until then
    ColumnarWriter(ours).commit(optimize=True)
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
    writer = add(ix, *map(str, range(200)), memory=1)  # writes segments meanwhile
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
            for number in range(100):
                writer.update_document(key=str(number), text=f"alfa turn{turn}")
        writer.delete_key("key", b"0")
        writer.commit()
        assert keys(ix) == sorted(map(str, range(1, 100)))
        with ix.searcher() as searcher:
            assert len(searcher.search(query.Term("text", "turn2"), limit=None)) == 99
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
    # Each document is written once when it comes and once in each tier that it has passed.
    assert sum(merged) <= 600 * (merge.tier(600) + 1)
    assert most <= 8 * (merge.tier(600) + 1)


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
        ColumnarWriter(index).commit(optimize=True)
        (path,) = folder.glob("*.col")
        file = SegmentFile(path.read_bytes(), path.name)
        # Stored fields go over in the blocks that they came in.
        arrays = [name for name in file.names() if not name.startswith("stored.")]
        found.append((file.meta, {name: file.array(name).whole().tobytes() for name in arrays}, answers(index)))
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


def test_a_view_reads_what_whoosh_reads(ix):
    add(ix, *map(str, range(50))).commit()
    reader = ix.reader()
    view = View(reader, "text")
    assert view.count == reader.doc_count_all()
    assert [view.stored(number) for number in range(50)] == [reader.stored_fields(number) for number in range(50)]
    reader.close()
