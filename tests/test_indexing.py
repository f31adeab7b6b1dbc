"""Runs of the indexer: new, changed, unchanged and skipped files, copies, pruning and progress.

Covers indexing: indexer, intake and report.
"""

from __future__ import annotations

import gzip
import os

import pytest
from workplace import counts, line

from searcher.errors import SourceMissing
from searcher.indexing import intake as intake_module
from searcher.indexing.catalogue import Catalogue
from searcher.indexing.indexer import Indexer
from searcher.indexing.report import Progress
from searcher.reading.raw_store import RawStore


def test_indexing_twice_changes_nothing(place):
    place.write("a.txt", "Headline one\n\nText of the first article.")
    place.write("b.jsonl", line(title="Two") + line(id="3", title="Three"))
    assert counts(place.update()) == (3, 0, 0, 0)
    generation = place.engine.snapshot().generation
    assert counts(place.update()) == (0, 0, 3, 0)
    assert place.engine.snapshot().generation == generation
    os.utime(place.raw / "a.txt", ns=(1, 1))
    assert counts(place.update()) == (0, 0, 3, 0)


def test_a_changed_file_updates_its_article(place):
    place.write("a.txt", "Headline one\n\nText of the first article.")
    place.write(
        "b.jsonl", line(id="2", title="Two") + line(url="https://example.org/3", title="Three")
    )
    place.update()
    place.write("a.txt", "Headline one, corrected\n\nText of the first article, longer.")
    place.write(
        "b.jsonl", line(id="2", title="Two b") + line(url="https://example.org/3", title="Three")
    )
    assert counts(place.update()) == (0, 2, 1, 0)
    assert place.titles() == ["Headline one, corrected", "Three", "Two b"]


def test_an_entry_that_left_its_file_stays_until_pruned(place):
    place.write(
        "feed.jsonl",
        line(url="https://example.org/1", title="One")
        + line(url="https://example.org/2", title="Two"),
    )
    place.update()
    place.write(
        "feed.jsonl",
        line(url="https://example.org/2", title="Two")
        + line(url="https://example.org/3", title="Three"),
    )
    assert counts(place.update()) == (1, 0, 1, 0)
    assert place.titles() == ["One", "Three", "Two"]
    assert counts(place.update(prune=True)) == (0, 0, 2, 1)
    assert place.titles() == ["Three", "Two"]


def test_prune_removes_articles_whose_file_is_gone(place):
    gone = place.write("gone.txt", "Headline one\n\nText of the first article.")
    place.write("here.txt", "Headline two\n\nText of the second article.")
    place.update()
    gone.unlink()
    assert counts(place.update()) == (0, 0, 1, 0)
    assert len(place.titles()) == 2
    assert counts(place.update(prune=True)) == (0, 0, 1, 1)
    assert place.titles() == ["Headline two"]
    assert counts(place.update(prune=True)) == (0, 0, 1, 0)


def test_an_article_that_another_file_gives_too_survives(place):
    first = place.write(
        "a.jsonl", line(url="https://example.org/1", title="One", date="2022-01-02")
    )
    place.write("b.jsonl", line(url="https://example.org/1", title="One, older", date="2022-01-01"))
    report = place.update()
    assert (report.added, report.older) == (1, 1)
    first.unlink()
    assert counts(place.update(prune=True)) == (0, 0, 1, 0)
    assert place.titles() == ["One, older"]


def test_a_copy_takes_over_when_a_text_changes(place):
    place.write("a.txt", "Headline one\n\nText of the first article.")
    place.write("b.txt", "Headline one\n\nText of the first article.")
    assert counts(place.update()) == (1, 0, 1, 0)
    place.write("a.txt", "Another headline\n\nText of another article.")
    place.update()
    assert place.titles() == ["Another headline", "Headline one"]


@pytest.mark.parametrize("names", [("a.jsonl", "b.jsonl"), ("b.jsonl", "a.jsonl")])
def test_the_latest_version_wins_in_whatever_order(place, names):
    old, new = names
    place.write(old, line(id="1", title="Old", date="2022-01-01"))
    place.write(new, line(id="1", title="New", date="2022-01-01", updated="2022-01-02"))
    place.update()
    assert place.titles() == ["New"]
    place.write(old, line(id="1", title="Old but retouched", date="2022-01-01"))
    place.update()
    assert place.titles() == ["New"]
    assert counts(place.rebuild())[0] == 1
    assert place.titles() == ["New"]


def test_later_lines_of_a_file_win(place):
    place.write(
        "log.jsonl",
        line(id="1", title="First") + line(id="2", title="Other") + line(id="1", title="Second"),
    )
    place.update()
    assert place.titles() == ["Other", "Second"]
    assert counts(place.update()) == (0, 0, 2, 0)


def test_a_file_with_two_versions_of_an_article_is_unchanged_when_it_is_read_again(place):
    two = line(id="1", title="First", date="2022-01-01") + line(
        id="1", title="Second", date="2022-01-02"
    )
    place.write("log.jsonl", two)
    report = place.update()
    assert counts(report) == (1, 1, 0, 0)
    place.write("log.jsonl", two + "\n")
    report = place.update()
    assert (counts(report), report.older) == ((0, 0, 1, 0), 1)
    place.write("log.jsonl", line(id="1", title="First", date="2022-01-01"))
    assert counts(place.update()) == (0, 1, 0, 0)
    assert place.titles() == ["First"]


def test_a_renamed_file_keeps_its_articles(place):
    path = place.write("a.txt", "Headline one\n\nText of the first article.")
    place.update()
    path.rename(place.raw / "renamed.txt")
    place.update(prune=True)
    (article,) = place.engine.snapshot().articles()
    assert article.origin.file == "renamed.txt"


BROKEN = {
    "empty.txt": b"",
    "blank.txt": b" \n\n ",
    "image.html": b"\x89PNG\r\n\x1a\n" + bytes(50),
    "binary.txt": bytes(range(256)) * 20,
    "cut.json": b'[{"title": "x"',
    "cut.jsonl.gz": gzip.compress(b'{"title": "One"}\n' * 9999)[:60],
    "feed.rss": b"<rss><channel></channel></rss>",
    "huge.txt": b"word " * 300_000,
    "lines.jsonl": b'{"title": "Good line"}\nbroken\n{"body": ""}\n',
    "book.pdf": b"%PDF-1.4",
}


def test_broken_files_are_skipped_with_their_reasons_and_the_rest_goes_on(place):
    place.write("good.txt", "Headline one\n\nText of the first article.")
    place.update()
    for name, data in BROKEN.items():
        (place.raw / name).write_bytes(data)
    report = place.update()
    assert report.added == 1
    for name in BROKEN:
        assert any(problem.startswith((f"{name}:", f"{name}#")) for problem in report.skipped), name
    assert place.titles() == ["Good line", "Headline one"]
    assert place.update().skipped == report.skipped


def test_articles_of_a_file_that_broke_stay(place):
    place.write("a.jsonl", line(id="1", title="One") + line(id="2", title="Two"))
    place.update()
    place.write("a.jsonl", "")
    assert place.update(prune=True).skipped == ("a.jsonl: empty",)
    assert place.titles() == ["One", "Two"]


def test_articles_of_a_file_that_was_cut_off_survive_pruning(place):
    data = gzip.compress(
        "".join(line(id=str(n), title=f"Article {hash(str(n))}") for n in range(9000)).encode()
    )
    place.write("here.txt", "Headline one\n\nText of the first article.")
    (place.raw / "cut.jsonl.gz").write_bytes(data[: len(data) // 2])
    before = place.update().added
    assert before > 1000
    assert counts(place.update(prune=True)) == (0, 0, before, 0)


def test_pruning_against_the_wrong_folder_is_refused(place, tmp_path):
    place.write("a.txt", "Headline one\n\nText of the first article.")
    place.update()
    (tmp_path / "wrong").mkdir()
    wrong = Indexer(place.engine, RawStore(tmp_path / "wrong", 1 << 20), place.index, place.clock)
    with pytest.raises(SourceMissing, match="nothing pruned"):
        wrong.update((tmp_path / "wrong",), prune=True)
    assert place.titles() == ["Headline one"]


def test_a_line_that_is_no_unicode_is_read_or_skipped_like_any_other(place):
    place.write(
        "a.jsonl",
        '{"id": "s\\ud800", "url": "http://ex\\ud800ample.com/a", "title": "Half \\ud800 pair"}\n'
        + line(title="Good"),
    )
    assert place.update().added == 2
    assert place.titles() == ["Good", "Half pair"]


def test_long_runs_commit_in_batches(place, monkeypatch):
    monkeypatch.setattr(intake_module, "BATCH", 10)
    place.write(
        "a.jsonl", "".join(line(id=str(number), title=f"Article {number}") for number in range(35))
    )
    generations = []
    commit = Catalogue.commit
    monkeypatch.setattr(
        Catalogue,
        "commit",
        lambda self, generation: (generations.append(generation), commit(self, generation)),
    )
    assert counts(place.update()) == (35, 0, 0, 0)
    assert len(generations) == 4
    assert place.engine.snapshot().count == 35


def test_progress_receives_bytes_and_articles(place):
    class Recorder(Progress):
        size = seen = articles = 0

        def start(self, size):
            self.size = size

        def read(self, size):
            self.seen += size

        def article(self):
            self.articles += 1

    recorder = Recorder()
    place.write(
        "a.jsonl", "".join(line(id=str(number), title=f"Article {number}") for number in range(100))
    )
    place.indexer(recorder).update((place.raw,))
    assert recorder.articles == 100
    assert recorder.seen == recorder.size == (place.raw / "a.jsonl").stat().st_size
