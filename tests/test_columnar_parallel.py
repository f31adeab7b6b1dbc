"""Several processes write the same index as one process. If one of them dies, nothing is committed.

Covers parallel.
"""

from __future__ import annotations

import os
import random
import signal
import threading
import time

import pytest
from fakes import make_article

from searcher.columnar.writing import parallel
from searcher.engine.whoosh_engine import WhooshEngine
from searcher.errors import WriteFailed

MEMORY = 1 << 30


@pytest.fixture(autouse=True)
def _soon(monkeypatch):
    monkeypatch.setattr(parallel, "_ALONE", 20)
    monkeypatch.setattr(parallel, "_BATCH", 7)


def steps(chance):
    for number in range(400):
        article_id = str(chance.randrange(120))
        if chance.random() < 0.1:
            yield article_id, None
        else:
            yield article_id, make_article(article_id, "Grain", f"version {number} of {article_id}")


def write(engine, seed):
    with engine.writer() as writer:
        for article_id, article in steps(random.Random(seed)):
            if article is None:
                writer.delete(article_id)
            else:
                writer.add(article)


def held(engine):
    with engine.snapshot() as snapshot:
        assert list(snapshot.check()) == []
        return sorted(snapshot.articles(), key=lambda article: article.id)


@pytest.mark.parametrize("jobs", [2, 3])
def test_several_processes_write_what_one_writes(tmp_path, jobs):
    alone = WhooshEngine(tmp_path / "alone")
    together = WhooshEngine(tmp_path / "together", MEMORY, jobs)
    for seed in range(3):
        for engine in (alone, together):
            write(engine, seed)
        assert held(together) == held(alone)
    alone.close()
    together.close()


def test_where_threads_run_the_processes_begin_afresh(tmp_path):
    stop = threading.Event()
    thread = threading.Thread(target=stop.wait)
    thread.start()
    engine = WhooshEngine(tmp_path, MEMORY, 2)
    write(engine, 1)
    stop.set()
    thread.join()
    assert len(held(engine)) > 50
    engine.close()


def segments(folder):
    return {path.name for path in folder.glob("*.col")}


def test_nothing_of_what_was_cancelled_remains(tmp_path, monkeypatch):
    engine = WhooshEngine(tmp_path, MEMORY, 3)
    write(engine, 1)
    files = segments(tmp_path)
    monkeypatch.setattr(
        "searcher.columnar.writing.writer._SHARE", 1e-4
    )  # each process writes segments before the commit
    writer = engine.writer()
    for number in range(900):
        writer.add(make_article(f"new{number}", "Grain", "ships " * 50))
    time.sleep(0.5)
    assert len(segments(tmp_path)) > len(files) + 3
    writer.cancel()
    assert segments(tmp_path) == files
    engine.close()


def test_when_a_process_dies_nothing_is_committed(tmp_path, monkeypatch):
    engine = WhooshEngine(tmp_path, MEMORY, 3)
    write(engine, 1)
    before = held(engine)
    files = segments(tmp_path)
    monkeypatch.setattr("searcher.columnar.writing.writer._SHARE", 1e-4)
    writer = engine.writer()
    for number in range(200):
        writer.add(make_article(f"new{number}", "Grain", "ships " * 50))
    os.kill(writer._writer._workers[0]._process.pid, signal.SIGKILL)
    with pytest.raises(WriteFailed, match="ended with code -9"):
        for number in range(5000):
            writer.add(make_article(f"more{number}", "Grain", "ships " * 50))
        writer.commit()
    writer.cancel()
    assert held(engine) == before
    assert segments(tmp_path) == files
    engine.close()


def test_what_goes_wrong_in_a_process_is_told(tmp_path, monkeypatch):
    from searcher.engine import whoosh_writer

    engine = WhooshEngine(tmp_path, MEMORY, 2)
    monkeypatch.setattr(whoosh_writer, "analysed", _fails)
    with pytest.raises((WriteFailed, LookupError), match="no such text"):
        write(engine, 1)
    monkeypatch.undo()
    assert list(tmp_path.glob("*.col")) == []
    engine.close()


def _fails(article):
    raise LookupError("no such text")
