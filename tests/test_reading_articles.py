"""Reading of files in order, in one process or several; the number of processes.

Covers reading.articles, steps and processes.
"""

from __future__ import annotations

import json
import os
import signal

import pytest
from fakes import NOW, write

from searcher.article import Article, Rejected
from searcher.command.cli import main
from searcher.engine.memory import MemoryEngine
from searcher.errors import UnreadableFile, WriteFailed
from searcher.indexing.indexer import Indexer
from searcher.reading import articles as reading
from searcher.reading import processes, steps
from searcher.reading.raw_store import RawFile, RawStore
from searcher.reading.steps import End
from searcher.settings import Settings


@pytest.fixture
def store(tmp_path, monkeypatch):
    monkeypatch.setattr(reading, "_ALONE", 5)
    monkeypatch.setattr(processes, "_WHOLE", 1000)
    monkeypatch.setattr(processes, "_BATCH", 3)
    raw = tmp_path / "raw"
    rows = [
        {"id": f"a{number}", "title": f"Grain {number}", "body": "Ships wait off Odessa."}
        for number in range(40)
    ]
    lines = [json.dumps(row) for row in rows]
    write(raw / "many.jsonl", "\n".join([*lines[:30], "broken", *lines[30:]]))
    for number in range(9):
        write(raw / f"one{number}.txt", f"Headline {number}\n\nA text about grain and its ships.")
    write(raw / "empty.txt", "")
    write(raw / "cut.json", '{"title": "Grain"')
    return RawStore(raw, 1 << 20)


def read(store, jobs):
    files = [file for file in store.files([store.root]) if isinstance(file, RawFile)]
    return [
        (file.name, step) for file, step in reading.read_articles(files, NOW, jobs, lambda _: None)
    ]


def test_several_processes_give_the_same_in_the_same_order(store):
    expected, found = read(store, 1), read(store, 3)
    assert [(name, str(step)) for name, step in found] == [
        (name, str(step)) for name, step in expected
    ]
    kinds = [type(step) for _, step in expected]
    assert [kinds.count(kind) for kind in (Article, Rejected, UnreadableFile, End)] == [
        49,
        2,
        1,
        11,
    ]


@pytest.mark.parametrize("characters", [0, 100])
def test_a_file_with_more_text_than_fits_into_a_batch_is_read_here(store, monkeypatch, characters):
    expected = read(store, 1)
    monkeypatch.setattr(processes, "_WHOLE", 1 << 20)
    monkeypatch.setattr(processes, "_WHOLE_CHARACTERS", characters)
    sizes = []
    files = [file for file in store.files([store.root]) if isinstance(file, RawFile)]
    found = list(reading.read_articles(files, NOW, 2, sizes.append))
    assert [(file.name, str(step)) for file, step in found] == [
        (name, str(step)) for name, step in expected
    ]
    assert sum(sizes) == sum(file.size for file in files)


def test_a_run_in_several_processes_reports_the_same(store, tmp_path):
    reports = []
    for jobs in (1, 2):
        engine = MemoryEngine()
        reports.append(Indexer(engine, store, tmp_path / str(jobs), jobs=jobs).update([store.root]))
        assert engine.snapshot().count == 49
    assert reports[0] == reports[1]


def _die(document, now, seen):
    os.kill(os.getpid(), signal.SIGKILL)


def test_a_process_that_dies_is_reported(store, monkeypatch):
    monkeypatch.setattr(steps, "normalise", _die)
    with pytest.raises(WriteFailed, match="was killed"):
        read(store, 2)


@pytest.mark.parametrize(
    ("given", "jobs", "memory"),
    [
        ({}, None, 256 << 20),
        ({"SEARCHER_JOBS": "3", "SEARCHER_MEMORY": "1g"}, 3, 1 << 30),
        ({"SEARCHER_MEMORY": "134217728"}, None, 128 << 20),
        ({"SEARCHER_MEMORY": "300 MB"}, None, 300 << 20),
    ],
)
def test_jobs_and_memory_are_settings(given, jobs, memory):
    settings = Settings.load(given)
    assert settings.memory == memory
    assert settings.jobs == (jobs or len(os.sched_getaffinity(0)))
    assert Settings.load(given, jobs="7", memory="2G") == Settings(jobs=7, memory=2 << 30)


@pytest.mark.parametrize(
    "option", ["--jobs=0", "--jobs=many", "--jobs=99999", "--memory=1M", "--memory=lots"]
)
def test_bad_settings_are_refused(option, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(
        "sys.argv", ["searcher", "index", option, "--index", str(tmp_path), str(tmp_path)]
    )
    with pytest.raises(SystemExit) as stop:
        main()
    assert stop.value.code == 2
    assert option.partition("=")[2] in capsys.readouterr().err


def test_an_unexpected_error_costs_one_file(tmp_path):
    write(tmp_path / "a.jsonl", '{"title": "A"}\n')
    write(tmp_path / "b.jsonl", '{"title": "T", "text": "<p>cut \\ud83d</p>"}\n')
    write(
        tmp_path / "c.rss",
        "<rss><channel><item><title>x &#x110000; y</title></item></channel></rss>",
    )
    write(tmp_path / "d.eml", "From: " + "(" * 3000 + "\nSubject: x\nDate: y\n\ntext")
    write(tmp_path / "e.md", "+++\nid=" + "9" * 5000 + "\n+++\ntext")
    write(tmp_path / "f.txt", "A text of its own.")
    files = list(RawStore(tmp_path, 1 << 20).files([tmp_path]))
    steps = [
        (file.name, step) for file, step in reading.read_articles(files, NOW, 1, lambda _: None)
    ]
    articles = {name for name, step in steps if isinstance(step, Article)}
    assert {"a.jsonl", "b.jsonl", "f.txt"} <= articles


def test_an_article_that_cannot_be_normalised_is_left_out(store, monkeypatch):
    def fail(document, now, seen):
        raise ValueError("out of order")

    monkeypatch.setattr(steps, "normalise", fail)
    reasons = {step.reason for _, step in read(store, 1) if isinstance(step, Rejected)}
    assert "cannot be normalised (ValueError: out of order)" in reasons
