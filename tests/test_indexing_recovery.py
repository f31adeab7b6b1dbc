"""Recovery of the indexer: crashes, damage, other formats, and rebuilding.

Covers indexing: indexer, catalogue, catalogue_tables, check and report.
"""

from __future__ import annotations

import gzip
import sqlite3
from contextlib import closing

import pytest
from fakes import write
from workplace import counts, line

from searcher.engine.whoosh_engine import WhooshEngine
from searcher.errors import IndexDamaged, IndexOutdated, SourceMissing, WriteFailed
from searcher.indexing import catalogue as catalogue_module
from searcher.indexing.catalogue import Catalogue
from searcher.indexing.check import problems


def test_a_catalogue_that_is_lost_or_broken_is_made_again(place):
    place.write("a.jsonl", line(id="1", title="One") + line(title="Two"))
    place.update()
    path = place.index / catalogue_module.FILE_NAME
    path.unlink()
    assert counts(place.update()) == (0, 0, 2, 0)
    path.write_bytes(b"no database" * 100)
    assert counts(place.update()) == (0, 0, 2, 0)
    for action in (place.update, place.rebuild):
        data = path.read_bytes()
        path.write_bytes(data[:4096] + b"\xff" * (len(data) - 4096))
        action()
        assert place.titles() == ["One", "Two"]


OLDER_TABLES = """
CREATE TABLE state (generation INTEGER NOT NULL);
CREATE TABLE files (
    name TEXT PRIMARY KEY, size INTEGER, mtime_ns INTEGER, problems TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE claims (file TEXT NOT NULL, id TEXT NOT NULL, PRIMARY KEY (file, id)) WITHOUT ROWID;
CREATE INDEX claims_by_id ON claims (id);
CREATE TABLE held (
    id TEXT PRIMARY KEY, file TEXT NOT NULL, part INTEGER NOT NULL, hash TEXT NOT NULL,
    version REAL,
    anonymous INTEGER NOT NULL, partial INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX held_by_file ON held (file);
CREATE TABLE addresses (key INTEGER PRIMARY KEY, id TEXT NOT NULL);
INSERT INTO state VALUES (1);
INSERT INTO files VALUES ('a.jsonl', 9, 9, '["an old problem"]');
INSERT INTO claims VALUES ('b.jsonl', '1');
INSERT INTO held VALUES ('1', 'c.jsonl', 1, '785c', 1.0, 0, 0);
"""
"""A catalogue of layout 0."""


def test_a_catalogue_of_an_older_layout_is_made_again(place):
    place.write("a.jsonl", line(id="1", title="One") + line(title="Two"))
    place.update()
    path = place.index / catalogue_module.FILE_NAME
    path.unlink()
    with closing(sqlite3.connect(path)) as db:
        db.executescript(OLDER_TABLES)
    with Catalogue(place.index) as catalogue:
        assert catalogue.generation == -1
        assert catalogue.files() == ["a.jsonl", "b.jsonl", "c.jsonl"]
    assert list(problems(place.engine, place.index)) == []
    assert counts(place.update()) == (0, 0, 2, 0)
    with Catalogue(place.index) as catalogue:
        assert catalogue.generation > 0
        assert catalogue.files() == ["a.jsonl"]
        assert catalogue.problems("a.jsonl") == []
        assert [held.part for held in catalogue.held_from("a.jsonl")] == [1, 2]
    assert list(problems(place.engine, place.index)) == []


def test_a_catalogue_of_a_later_layout_is_made_again(place):
    place.write("a.jsonl", line(id="1", title="One"))
    place.update()
    path = place.index / catalogue_module.FILE_NAME
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA user_version = 99")
    with Catalogue(place.index) as catalogue:
        assert catalogue.generation == -1
        assert catalogue.files() == []
    assert counts(place.update()) == (0, 0, 1, 0)
    assert list(problems(place.engine, place.index)) == []


def test_what_nothing_refers_to_leaves_the_catalogue(place):
    place.write("a.jsonl", line(id="1", title="One"))
    place.write("b.jsonl", line(id="1", title="One") + line(id="2", title="Two"))
    place.update()
    (place.raw / "b.jsonl").unlink()
    place.update(prune=True)
    with Catalogue(place.index) as catalogue:
        assert catalogue.files() == ["a.jsonl"]
        assert catalogue.claimants("1") == ["a.jsonl"]
        assert catalogue.held("2") is None
    with closing(sqlite3.connect(place.index / catalogue_module.FILE_NAME)) as db:
        assert db.execute("SELECT id FROM articles").fetchall() == [("1",)]


def test_a_crash_between_index_and_catalogue_is_healed(place, monkeypatch):
    place.write("a.jsonl", line(id="1", title="One"))
    place.update()
    place.write("b.jsonl", line(id="2", title="Two"))

    def crash(self, generation):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Catalogue, "commit", crash)
        with pytest.raises(KeyboardInterrupt):
            place.update()
    assert counts(place.update()) == (0, 0, 2, 0)
    assert place.titles() == ["One", "Two"]


def test_a_failed_run_changes_nothing(place, monkeypatch):
    place.write("a.jsonl", line(id="1", title="One"))
    place.update()
    place.write("a.jsonl", line(id="1", title="Changed"))

    def fail(*_):
        raise WriteFailed("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr("searcher.engine.whoosh_writer.WhooshWriter.add", fail)
        with pytest.raises(WriteFailed):
            place.update()
        with pytest.raises(WriteFailed):
            place.rebuild()
    assert place.titles() == ["One"]
    assert counts(place.update()) == (0, 1, 0, 0)


def test_rebuilding_gives_the_same_index(place):
    place.write("a.txt", "Headline one\n\nText of the first article.")
    place.write("b.jsonl", line(url="https://example.org/1", title="Two"))
    place.update()
    before = {article.id: article for article in place.engine.snapshot().articles()}
    assert counts(place.rebuild()) == (2, 0, 0, 0)
    assert {article.id: article for article in place.engine.snapshot().articles()} == before


def test_rebuilding_keeps_the_articles_of_a_file_that_broke(place):
    data = gzip.compress(
        "".join(line(id=str(n), title=f"Article {hash(str(n))}") for n in range(9000)).encode()
    )
    (place.raw / "a.jsonl.gz").write_bytes(data)
    place.write("b.txt", "Headline one\n\nText of the first article.")
    place.update()
    (place.raw / "a.jsonl.gz").write_bytes(data[: len(data) // 2])
    report = place.rebuild()
    assert (report.added, len(report.skipped)) == (9001, 1)
    assert place.engine.snapshot().count == 9001


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_an_index_and_a_catalogue_that_are_both_damaged_are_reported(place):
    place.write("a.txt", "Headline one\n\nText of the first article.")
    place.update()
    place.engine.close()
    for path in (*place.index.glob("*.toc"), *place.index.glob("*.sqlite")):
        path.write_bytes(b"damaged")
    place.engine = WhooshEngine(place.index)
    with pytest.raises(IndexDamaged, match="searcher reindex"):
        place.update()
    place.rebuild()


def test_rebuilding_keeps_files_from_outside_raw_and_refuses_to_lose_them(place, tmp_path):
    outside = write(tmp_path / "elsewhere.txt", "Headline one\n\nText of the first article.")
    place.write("b.jsonl", line(url="https://example.org/1", title="Two"))
    place.update()
    place.update(outside)
    place.rebuild()
    assert place.titles() == ["Headline one", "Two"]
    outside.unlink()
    with pytest.raises(SourceMissing, match="elsewhere.txt"):
        place.rebuild()
    assert place.titles() == ["Headline one", "Two"]
    place.update(prune=True)
    place.rebuild()
    assert place.titles() == ["Two"]


def test_rebuilding_drops_what_left_raw(place):
    path = place.write("a.txt", "Headline one\n\nText of the first article.")
    place.write("b.jsonl", line(url="https://example.org/1", title="Two"))
    place.update()
    path.unlink()
    place.rebuild()
    assert place.titles() == ["Two"]


def test_rebuilding_mends_a_damaged_index(place, tmp_path):
    place.write("a.txt", "Headline one\n\nText of the first article.")
    place.update(place.raw, write(tmp_path / "b.txt", "Outside raw\n\nText of the other article."))
    place.engine.close()
    for path in place.index.glob("*.toc"):
        path.write_bytes(b"damaged")
    place.engine = WhooshEngine(place.index)
    place.rebuild()
    assert place.titles() == ["Headline one", "Outside raw"]
    place.engine.close()
    for path in (*place.index.glob("*.toc"), *place.index.glob("*.sqlite")):
        path.write_bytes(b"damaged")
    place.engine = WhooshEngine(place.index)
    assert "named again" in place.rebuild().skipped[0]
    assert place.titles() == ["Headline one"]


test_rebuilding_mends_a_damaged_index = pytest.mark.filterwarnings(
    "ignore::pytest.PytestUnraisableExceptionWarning"
)(test_rebuilding_mends_a_damaged_index)


def test_an_index_of_another_version_is_refused_to_readers_and_renewed_by_the_next_run(
    place, monkeypatch
):
    place.write("a.txt", "Headline one\n\nText of the first article.")
    with monkeypatch.context() as patch:
        patch.setattr("searcher.engine.whoosh_schema.FORMAT", "format_0")
        place.update()
    place.engine.close()
    with pytest.raises(
        IndexOutdated,
        match=rf"^the index in {place.index} has format 0, but this .*; “searcher reindex”",
    ):
        place.engine.snapshot()
    assert counts(place.update()) == (1, 0, 0, 0)
    assert place.titles() == ["Headline one"]


def test_check_finds_a_catalogue_out_of_step(place):
    place.write("a.jsonl", line(id="1", title="One"))
    place.update()
    db = sqlite3.connect(place.index / catalogue_module.FILE_NAME)
    db.execute("UPDATE articles SET file = NULL")
    db.commit()
    db.close()
    assert list(problems(place.engine, place.index)) == [
        "article 1: in the index but not in the catalogue"
    ]
    (place.index / catalogue_module.FILE_NAME).unlink()
