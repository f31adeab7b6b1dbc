"""The raw files of a result: what is exported can be indexed again, and gives the same articles.

Covers export.raw_files.
"""

from __future__ import annotations

import io
import json
import zipfile

import pytest
from fakes import NOW, filled, make_article

from searcher.article import Origin
from searcher.assembly import build_engine, build_store, open_indexer
from searcher.clock import FixedClock
from searcher.engine.memory import MemoryEngine
from searcher.export.raw_files import write_raw_files, zip_name
from searcher.indexing.report import Progress
from searcher.search.listing import Lister
from searcher.search.request import Request
from searcher.settings import Settings


def exported(lister, store, query):
    """Return the ZIP archive of a query's articles, and the number of missing files."""
    file = io.BytesIO()
    with lister.open(Request(query, "newest", by_story=False)) as result:
        missing = write_raw_files(result, store, file)
    return zipfile.ZipFile(file), missing


@pytest.mark.parametrize("query", ["the -qqqq", "lang:en", "lang:fr,de,es,uk,zh"])
def test_exported_files_give_the_same_articles_again(root, tmp_path, query):
    texts = []
    settings = Settings(index=tmp_path / "index", raw=root / "raw", stories=False)
    for number in range(2):
        with open_indexer(settings, Progress()) as indexer:
            indexer.update([settings.raw])
        lister = Lister(build_engine(settings), FixedClock(NOW))
        with lister.open(Request(query, "newest", by_story=False)) as (_, rows):
            texts.append(
                [(one.article.id, one.article.title, one.article.paragraphs) for one in rows]
            )
        if not number:
            found, missing = exported(lister, build_store(settings), query)
            assert missing == 0
            assert found.testzip() is None
            found.extractall(tmp_path / "again")
            for name in ("statement.json", "manifest.jsonl"):
                (tmp_path / "again" / name).unlink()
        settings = Settings(index=tmp_path / "index2", raw=tmp_path / "again", stories=False)
    assert len(texts[0]) > 3
    assert texts[0] == texts[1]
    lines = [json.loads(line) for line in found.read("manifest.jsonl").splitlines()]
    assert [line["id"] for line in lines] == [one[0] for one in texts[0]]
    assert {line["file"] for line in lines} <= set(found.namelist())
    assert json.loads(found.read("statement.json"))["query"] == query


def test_a_file_is_copied_once_and_a_missing_one_is_counted(tmp_path):
    store = build_store(Settings(raw=tmp_path))
    (tmp_path / "a.jsonl").write_text("many")
    articles = [
        make_article("1", "Grain", origin=Origin("a.jsonl", 1)),
        make_article("2", "Grain", origin=Origin("a.jsonl", 2)),
        make_article("3", "Grain", origin=Origin("gone.txt")),
        make_article("4", "Grain", origin=Origin("fetched/2024-01-001.warc.gz", 9)),
    ]
    lister = Lister(filled(MemoryEngine(), articles), FixedClock(NOW))
    found, missing = exported(lister, store, "grain")
    assert missing == 2
    assert found.namelist() == ["statement.json", "a.jsonl", "manifest.jsonl"]
    assert found.read("a.jsonl") == b"many"
    assert len(found.read("manifest.jsonl").splitlines()) == 4


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("a/b.txt", "a/b.txt"),
        ("/data/b.txt", "outside/data/b.txt"),
        ("../../etc/b.txt", "etc/b.txt"),
        ("C:\\data\\b.txt", "outside/C/data/b.txt"),
    ],
)
def test_names_stay_inside_the_folder_that_an_archive_is_unpacked_in(name, expected):
    assert zip_name(name) == expected
