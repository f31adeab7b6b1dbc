"""Segments of every format version are opened, searched and added to. This version writes the same
bytes. Indexes of articles are in test_engine_format.

Covers columnar.writing.codec, open_segment, fields, columns and constants.
"""

from __future__ import annotations

import json
import random
import shutil
from pathlib import Path

import pytest
from documents import answers, arrays, document, schema
from whoosh.index import FileIndex, open_dir

from searcher.columnar.files.storage import SyncedStorage
from searcher.columnar.writing.writer import ColumnarWriter

GOLDEN = Path(__file__).parent / "data" / "columnar"
VERSIONS = sorted(path.name for path in GOLDEN.iterdir())


def build_plain(folder):
    """Build an index with a field of each kind, two segments and deleted documents."""
    index = FileIndex.create(SyncedStorage(str(folder)), schema(), "MAIN")
    chance = random.Random(6)
    for start in (0, 30):
        writer = ColumnarWriter(index)
        for number in range(start, start + 30):
            writer.add_document(**document(f"k{number}", chance))
        writer.delete_by_term("key", f"k{start // 2}")
        writer.commit(merge=False)


def plain_answers(folder):
    return json.loads(json.dumps(answers(open_dir(str(folder))), default=str))


@pytest.mark.parametrize("version", VERSIONS)
def test_a_golden_index_is_read_and_written_on(version, tmp_path):
    shutil.copytree(GOLDEN / version, tmp_path, dirs_exist_ok=True)
    expected = json.loads((tmp_path / "expected.json").read_text("utf-8"))
    assert plain_answers(tmp_path / "plain") == expected["plain"]
    ColumnarWriter(FileIndex(SyncedStorage(str(tmp_path / "plain")))).commit(optimize=True)
    # Terms that only deleted documents have are removed with them.
    assert plain_answers(tmp_path / "plain")[:3] == expected["plain"][:3]


def test_this_version_writes_the_latest_format(tmp_path):
    build_plain(tmp_path)
    assert arrays(tmp_path) == arrays(GOLDEN / VERSIONS[-1] / "plain")
