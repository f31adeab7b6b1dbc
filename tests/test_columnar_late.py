"""Late columns: they follow every change, commit and merge, and damage is found.

Covers columnar.late_columns.
"""

from __future__ import annotations

import pytest
from documents import add, keys, schema
from hypothesis import given, settings
from hypothesis import strategies as st
from whoosh.filedb.filestore import RamStorage
from whoosh.index import FileIndex

from searcher.columnar.files.segment_file import FileDamaged
from searcher.columnar.files.storage import SyncedStorage, open_index
from searcher.columnar.searching.view import View
from searcher.columnar.writing.writer import ColumnarWriter

KEYS = [str(number) for number in range(12)]
NAMES = ["group", "share"]
STEPS = st.one_of(
    st.tuples(st.just("add"), st.sampled_from(KEYS)),
    st.tuples(st.just("delete"), st.sampled_from(KEYS)),
    st.tuples(
        st.just("set"),
        st.sampled_from(KEYS),
        st.dictionaries(st.sampled_from(NAMES), st.integers(0, (1 << 64) - 1), min_size=1),
    ),
)


def late_values(index):
    """Return the values of the late columns by key of the live documents."""
    with index.reader() as reader:
        view = View(reader, "text")
        columns = {name: view.late(name).tolist() for name in NAMES}
        return {
            fields["key"]: {name: columns[name][number] for name in NAMES}
            for number, fields in reader.iter_docs()
        }


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.lists(STEPS, max_size=8), st.booleans()), min_size=1, max_size=6))
def test_values_follow_every_commit_and_merge(commits):
    index = FileIndex.create(RamStorage(), schema(), "MAIN")
    expected: dict[str, dict[str, int]] = {}
    for steps, optimize in commits:
        writer = ColumnarWriter(index)
        set_now = {}
        for step in steps:
            match step:
                case ("add", key):
                    writer.update_document(key=key, text=f"alfa {key}")
                    expected[key] = dict.fromkeys(NAMES, 0)
                case ("delete", key):
                    writer.delete_key("key", key.encode())
                    expected.pop(key, None)
                case ("set", key, values):
                    writer.set_late("key", key.encode(), values)
                    set_now[key] = values
        writer.commit(optimize=optimize)
        for key, values in set_now.items():
            if key in expected:
                expected[key] |= {name: values.get(name, 0) for name in values}
        assert late_values(index) == expected


def test_a_cancelled_writer_changes_nothing(tmp_path):
    index = FileIndex.create(SyncedStorage(str(tmp_path)), schema(), "MAIN")
    add(index, "1", "2").commit()
    writer = ColumnarWriter(index)
    writer.set_late("key", b"1", {"group": 7})
    writer.cancel()
    assert {one["group"] for one in late_values(index).values()} == {0}


def test_readers_keep_their_generation_and_former_files_go(tmp_path):
    index = FileIndex.create(SyncedStorage(str(tmp_path)), schema(), "MAIN")
    add(index, "1", "2").commit()
    views = []
    for value in (1, 2, 3):
        writer = ColumnarWriter(index)
        writer.set_late("key", b"1", {"group": value})
        writer.commit()
        views.append(View(index.reader(), "text"))
    assert [sorted(set(view.late("group").tolist())) for view in views] == [[0, 1], [0, 2], [0, 3]]
    assert len(list(tmp_path.glob("*.late"))) == 1
    add(index, "3").commit(optimize=True)
    assert len(list(tmp_path.glob("*.late"))) == 1
    assert keys(index) == ["1", "2", "3"]


@pytest.mark.parametrize("damage", ["flipped", "truncated", "gone"])
def test_damage_is_found(tmp_path, damage):
    storage = SyncedStorage(str(tmp_path))
    index = FileIndex.create(storage, schema(), "MAIN")
    add(index, *map(str, range(40))).commit()
    writer = ColumnarWriter(index)
    for number in range(40):
        writer.set_late("key", str(number).encode(), {"group": number + 300})
    writer.commit()
    (file,) = tmp_path.glob("*.late")
    data = bytearray(file.read_bytes())
    data[64] ^= 1
    match damage:
        case "flipped":
            file.write_bytes(data)
        case "truncated":
            file.write_bytes(data[:-10])
        case "gone":
            file.unlink()
    with pytest.raises((FileDamaged, FileNotFoundError)):
        View(open_index(storage).reader(), "text").late("group")
