"""An index of an older format is rebuilt by every command that writes: what it says, what it keeps
and what it refuses to lose (engine.stored_tuples, indexing.indexer, command.indexing)."""

from __future__ import annotations

import logging
import shutil
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from fakes import make_article, write
from newsroom import Newsroom

from searcher.article import Origin, Passage, Timestamp, Version
from searcher.command import serving
from searcher.command.cli import cli
from searcher.engine import stored_tuples
from searcher.engine.stored import pack, unpack_any
from searcher.engine.whoosh_engine import WhooshEngine
from searcher.errors import IndexOutdated, SourceMissing
from searcher.feeds.state import FeedState
from searcher.indexing.catalogue import Catalogue, Held
from searcher.indexing.check import problems
from searcher.indexing.intake import Intake

OLD = Path(__file__).parent / "data/index/format_4"
"""An index of 598 articles, all of them from file.txt."""
REBUILT = (
    "the old index has format 4 and lacks agency, dateline, feed, sketch, "
    "but this version reads format 9_"
)
WRITING = [
    ["index"],
    ["index", "--prune"],
    ["reindex"],
    ["feeds", "refresh"],
    ["serve", "--update"],
]


class Place:
    """A raw folder, a feed state and an index of format 4."""

    def __init__(self, folder):
        self.raw, self.index = folder / "raw", folder / "index"
        shutil.copytree(OLD, self.index)
        write(self.raw / "a.txt", "Sowing begins\n\nThe winter wheat is sown in the south.")
        FeedState(self.raw / ".feeds.sqlite").close()

    def run(self, *command):
        options = [
            "--index",
            str(self.index),
            *(["--raw", str(self.raw)] * (command[0] != "search")),
        ]
        return CliRunner().invoke(cli, [*command, *options])

    def catalogue(self, *files):
        """Make the catalogue of the index, with an article of each of these files."""
        with Catalogue(self.index) as catalogue:
            catalogue.begin_anew()
            for number, file in enumerate(files):
                catalogue.hold(Held(f"a{number}", str(file), 1, "", None, False))
            catalogue.commit(2)

    def ids(self):
        engine = WhooshEngine(self.index)
        with engine.snapshot() as snapshot:
            found = {article.id for article in snapshot.articles()}
        assert list(problems(engine, self.index)) == []
        engine.close()
        return found

    def is_old(self):
        try:
            WhooshEngine(self.index).snapshot()
        except IndexOutdated:
            return True
        return False


@pytest.fixture
def place(tmp_path, monkeypatch):
    monkeypatch.setattr(serving, "run_server", lambda settings, ready: ready())
    return Place(tmp_path)


@pytest.mark.parametrize("command", WRITING, ids=" ".join)
def test_a_missing_file_outside_raw_is_refused_or_pruned(command, place, tmp_path):
    place.catalogue("file.txt", tmp_path / "gone.jsonl")
    found = place.run(*command)
    if "--prune" in command:
        assert found.exit_code == 0
    else:
        assert isinstance(found.exception, SourceMissing)
        assert "gone.jsonl; “searcher index --prune” removes their" in str(found.exception)
        assert place.is_old()
        assert place.run("index", "--prune").exit_code == 0
    assert len(place.ids()) == 1
    assert place.run(*command).exit_code == 0


def test_the_articles_of_a_missing_file_are_counted_as_removed(place):
    assert "1 added, 0 updated, 0 unchanged, 0 skipped, 598 removed" in (
        place.run("index", "--prune").output
    )


def test_pruning_an_old_index_against_the_wrong_folder_is_refused(place, tmp_path):
    place.raw = tmp_path / "wrong"
    place.raw.mkdir()
    with pytest.raises(SourceMissing, match="nothing pruned"):
        raise place.run("index", "--prune").exception
    place.raw.rmdir()
    with pytest.raises(SourceMissing, match="wrong is gone, but 1 files .*: nothing rebuilt$"):
        raise place.run("reindex").exception


@pytest.mark.parametrize("command", WRITING, ids=" ".join)
@pytest.mark.parametrize("known", [True, False], ids=["catalogue", "no catalogue"])
def test_the_articles_of_a_broken_file_are_taken_from_the_old_index(command, known, place):
    write(place.raw / "file.txt", "")
    if known:
        place.catalogue("file.txt")
    found = place.run(*command)
    assert found.exit_code == 0
    assert "reindex" not in found.output
    assert len(place.ids()) == 599


def test_articles_that_cannot_be_taken_over_are_dropped_by_pruning_alone(place, monkeypatch):
    write(place.raw / "file.txt", "")
    place.catalogue("file.txt")

    def unreadable(stored):
        raise ValueError("a stored article of tomorrow")

    monkeypatch.setattr(stored_tuples, "unpack", unreadable)
    for command in WRITING:
        if "--prune" not in command:
            with pytest.raises(
                SourceMissing, match=r"^cannot be read now: file\.txt; .*--prune” drops"
            ):
                raise place.run(*command).exception
            assert place.is_old()
    found = place.run("index", "--prune")
    assert "file.txt: the articles that it gave before could not be read" in found.output
    assert "searcher" not in found.output
    assert len(place.ids()) == 1


UNCLOSED = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
"""Whoosh leaves a damaged table of contents open."""


def damage(place):
    for path in place.index.glob("*.toc"):
        path.write_bytes(b"damaged")


@UNCLOSED
def test_articles_lost_with_a_damaged_index_are_reported(place):
    write(place.raw / "file.txt", "")
    place.catalogue("file.txt")
    damage(place)
    found = place.run("reindex")
    assert found.exit_code == 0
    assert "file.txt: the articles that it gave before could not be read" in found.output
    assert "searcher" not in found.output
    assert len(place.ids()) == 1


@UNCLOSED
def test_a_damaged_index_whose_rebuild_fails_is_not_taken_for_an_empty_one(place, monkeypatch):
    damage(place)
    with monkeypatch.context() as patch:
        patch.setattr(Intake, "read_all", lambda *_: 1 / 0)
        assert isinstance(place.run("reindex").exception, ZeroDivisionError)
    with pytest.raises(IndexOutdated, match="names no format"):
        raise place.run("search", "sowing").exception
    assert place.run("index").exit_code == 0
    assert len(place.ids()) == 1


@pytest.mark.parametrize("command", WRITING, ids=" ".join)
def test_a_rebuilt_index_is_reported_once(command, place):
    expected = command != ["reindex"]
    assert place.run(*command).output.count(REBUILT) == expected
    assert REBUILT not in place.run(*command).output
    assert not place.is_old()


def test_watching_logs_that_the_index_was_rebuilt(tmp_path, caplog):
    room = Newsroom(tmp_path)
    shutil.copytree(OLD, room.index)
    stop = threading.Event()
    stop.set()
    with caplog.at_level(logging.INFO, "searcher"), room.refresher() as refresher:
        refresher.watch(stop)
        refresher.watch(stop)
    found = [record for record in caplog.records if record.getMessage() == "index rebuilt"]
    assert [record.fields["reason"][: len(REBUILT)] for record in found] == [REBUILT]
    room.close()


MOMENT = datetime(2022, 6, 26, 10, 30, tzinfo=UTC)
STAMP = ("2022-06-26T10:30:00+00:00", "minute", "json-ld")
STORED = (
    "a", "Grain", ("Ships wait.", "Corn waits."), ("Ann",), "Post", "World", "en", 0.5,
    STAMP, None, "https://example.org/a", ("a.jsonl", 3), "jsonl", ("no date",),
    "AFP", "ODESSA", "https://example.org/a.png", True, "live", ("credit",), STAMP, ((0, 1, 5, "fr"),),
    {"headline": "h1"}, ((0, 4),),
    False, ("https://example.org/b",), ("b",),
    (("w.warc.gz", 9, "2022-06-26T10:30:00+00:00", "Grain", "00", True, ("body",)),),
)  # fmt: skip
"""An article as format 4 stored it."""
ARTICLE = make_article(
    "a", "Grain", "Ships wait.\n\nCorn waits.", authors=("Ann",), source="Post", section="World",
    language_confidence=0.5, published=Timestamp(MOMENT, "minute", "json-ld"), url="https://example.org/a",
    origin=Origin("a.jsonl", 3), format="jsonl", warnings=("no date",), agency="AFP", dateline="ODESSA",
    image="https://example.org/a.png", paywalled=True, kind="live", notices=("credit",),
    first_seen=Timestamp(MOMENT, "minute", "json-ld"), foreign=(Passage(0, 1, 5, "fr"),),
    found={"headline": "h1"}, joins=((0, 4),), addresses=("https://example.org/b",), former=("b",),
    versions=(Version(Origin("w.warc.gz", 9), MOMENT, "Grain", "00", True, ("body",)),),
)  # fmt: skip


def test_stored_articles_of_all_versions_are_read():
    assert unpack_any(STORED) == unpack_any(pack(ARTICLE)) == ARTICLE
    first, second = unpack_any(STORED[:14]), unpack_any(STORED[:24])
    assert (first.warnings, first.agency, first.versions) == (ARTICLE.warnings, "", ())
    assert (second.joins, second.addresses) == (ARTICLE.joins, ())


@pytest.mark.parametrize(
    "stored",
    [(), STORED[:5], (*STORED, 1), (*STORED[:8], 5, *STORED[9:]), (*STORED[:11], 5, *STORED[12:])],
    ids=["empty", "short", "long", "time", "origin"],
)
def test_a_tuple_that_is_no_stored_article_is_refused(stored):
    with pytest.raises(ValueError, match="a stored article has"):
        unpack_any(stored)
