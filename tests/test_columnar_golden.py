"""Indexes of every format version that there was are opened, searched and written on; this version
writes the same."""

from __future__ import annotations

import json
import random
import shutil
from pathlib import Path

import pytest
from documents import answers, document, schema
from fakes import NOW, make_article
from whoosh.index import FileIndex, open_dir

from searcher.columnar.segment_file import SegmentFile
from searcher.columnar.storage import SyncedStorage
from searcher.columnar.writer import ColumnarWriter
from searcher.engine.protocol import Search
from searcher.engine.whoosh_engine import WhooshEngine
from searcher.query.parser import parse

GOLDEN = Path(__file__).parent / "data" / "columnar"
VERSIONS = sorted(path.name for path in GOLDEN.iterdir())
QUERIES = [
    "grain",
    '"grain ships"',
    "gra* -corn",
    "grain~ lang:en",
    "on:2022",
    '"ships odessa"~5',
    "title:corn",
]


def build_plain(folder):
    """An index with each kind of field, in two segments, with deletions."""
    index = FileIndex.create(SyncedStorage(str(folder)), schema(), "MAIN")
    chance = random.Random(6)
    for start in (0, 30):
        writer = ColumnarWriter(index)
        for number in range(start, start + 30):
            writer.add_document(**document(f"k{number}", chance))
        writer.delete_by_term("key", f"k{start // 2}")
        writer.commit(merge=False)


def build_news(folder):
    engine = WhooshEngine(folder)
    for start in (0, 300):
        with engine.writer() as writer:
            for number in range(start, start + 300):
                text = (
                    f"Grain ships wait off Odessa, {number} of them.\n\n"
                    + "Corn waits, too. " * (number % 7)
                )
                writer.add(
                    make_article(
                        f"a{number}",
                        "Corn" * (number % 2),
                        text,
                        published=f"2022-0{1 + number % 9}-01",
                    )
                )
            writer.delete(f"a{start}")
    engine.close()


def news_answers(folder):
    engine = WhooshEngine(folder)
    with engine.snapshot() as snapshot:
        assert list(snapshot.check()) == []
        found = {}
        for text in QUERIES:
            ranking = snapshot.search(
                Search(parse(text, NOW), limit=5, facets=("language", "month"))
            )
            ids = [[article.id, round(score, 6)] for article, score in ranking.ranked]
            found[text] = [ranking.total, ranking.total_all, ids, ranking.facets]
    engine.close()
    return json.loads(json.dumps(found))


def plain_answers(folder):
    return json.loads(json.dumps(answers(open_dir(str(folder))), default=str))


@pytest.mark.parametrize("version", VERSIONS)
def test_a_golden_index_is_read_and_written_on(version, tmp_path):
    shutil.copytree(GOLDEN / version, tmp_path, dirs_exist_ok=True)
    expected = json.loads((tmp_path / "expected.json").read_text("utf-8"))
    assert plain_answers(tmp_path / "plain") == expected["plain"]
    assert news_answers(tmp_path / "news") == expected["news"]
    ColumnarWriter(FileIndex(SyncedStorage(str(tmp_path / "plain")))).commit(optimize=True)
    # Terms of deleted documents go with them.
    assert plain_answers(tmp_path / "plain")[:3] == expected["plain"][:3]
    with WhooshEngine(tmp_path / "news").writer() as writer:
        writer.add(make_article("new", "Sowing"))
    assert news_answers(tmp_path / "news").keys() == expected["news"].keys()


@pytest.mark.parametrize("build", [build_plain, build_news])
def test_this_version_writes_the_latest_format(build, tmp_path):
    build(tmp_path)
    written = sorted(_arrays(path) for path in tmp_path.glob("*.col"))
    golden = sorted(
        _arrays(path) for path in (GOLDEN / VERSIONS[-1] / build.__name__[6:]).glob("*.col")
    )
    assert written == golden


def _arrays(path):
    file = SegmentFile(path.read_bytes(), path.name)
    # What a compressor makes of stored fields is its own affair.
    return [
        (name, file.array(name).whole().tobytes())
        for name in file.names()
        if not name.startswith("stored.")
    ]
