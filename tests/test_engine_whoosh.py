"""The index on disk: durability, locks, reading during commits, and messages about damage.

Covers engine: keeping, whoosh_engine, whoosh_writer and whoosh_check.
"""

from __future__ import annotations

import gc
import os
import random
import signal
import subprocess
import sys
import threading
import time

import pytest
from fakes import NOW, make_article

from searcher.columnar.files import storage
from searcher.engine import keeping, whoosh_engine
from searcher.engine.searches import Search
from searcher.engine.whoosh_engine import WhooshEngine
from searcher.errors import IndexDamaged, IndexLocked, WriteFailed
from searcher.query.parser import parse

WRITER = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from fakes import make_article
from searcher.engine.whoosh_engine import WhooshEngine
engine = WhooshEngine(Path(sys.argv[1]))
number = int(sys.argv[3])
while True:
    with engine.writer() as writer:
        for step in range(5):
            writer.add(make_article(f"{number}-{step}", "Grain", f"ship {number}"))
        writer.add(make_article("counter", "Counter", str(number)))
    print(number, flush=True)
    number += 1
"""

leaves_files_open = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
"""Whoosh leaves files open after an error. The garbage collector closes them."""


@pytest.fixture
def index(tmp_path):
    engine = WhooshEngine(tmp_path / "index")
    with engine.writer() as writer:
        for number in range(20):
            writer.add(make_article(str(number), f"Grain {number}", "Ships wait. " * 50))
    yield engine
    engine.close()
    gc.collect()


def ids(engine):
    snapshot = engine.snapshot()
    try:
        return {article.id for article in snapshot.articles()}
    finally:
        snapshot.close()


def start_writer(folder, number):
    command = [sys.executable, "-c", WRITER, str(folder), os.path.dirname(__file__), str(number)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def test_killing_the_writer_loses_no_acknowledged_article(tmp_path):
    folder, acknowledged = tmp_path / "index", -1
    engine = WhooshEngine(folder)
    chance = random.Random(1)
    for _ in range(12):
        process = start_writer(folder, acknowledged + 1)
        acknowledged = max(acknowledged, int(process.stdout.readline()))
        time.sleep(chance.uniform(0, 0.4))
        process.send_signal(signal.SIGKILL)
        for line in process.stdout:
            acknowledged = max(acknowledged, int(line))
        process.stdout.close()
        process.wait()
        snapshot = engine.snapshot()
        counter = int(snapshot.article("counter").paragraphs[0])
        assert counter >= acknowledged
        expected = {f"{number}-{step}" for number in range(counter + 1) for step in range(5)} | {
            "counter"
        }
        assert {article.id for article in snapshot.articles()} == expected
        assert list(snapshot.check()) == []
        snapshot.close()
        acknowledged = counter
    engine.close()


def test_opening_never_fails_during_commits(tmp_path):
    folder = tmp_path / "index"
    process = start_writer(folder, 0)
    process.stdout.readline()
    begin, opened, last = time.monotonic(), 0, -1
    # For three seconds, or longer on a machine that is too slow for enough commits.
    while (took := time.monotonic() - begin) < 3 or (took < 60 and (opened <= 20 or last <= 3)):
        engine = WhooshEngine(folder)
        snapshot = engine.snapshot()
        counter = int(snapshot.article("counter").paragraphs[0])
        assert counter >= last
        assert snapshot.count == (counter + 1) * 5 + 1
        last, opened = counter, opened + 1
        snapshot.close()
        engine.close()
    process.kill()
    process.stdout.close()
    process.wait()
    assert opened > 20
    assert last > 3


HOLDER = """
import sys, time
from pathlib import Path
from searcher.engine.whoosh_engine import WhooshEngine
writer = WhooshEngine(Path(sys.argv[1])).writer()
print("held", flush=True)
time.sleep(60)
"""


def test_a_waiting_writer_is_told_who_holds_the_lock(tmp_path):
    folder = tmp_path / "index"
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(folder)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout.readline() == "held\n"
    engine = WhooshEngine(folder)
    with pytest.raises(IndexLocked, match=f"process {process.pid} on"):
        engine.writer(wait=0.1)
    process.kill()
    process.stdout.close()
    process.wait()
    engine.writer(wait=5).cancel()


def test_files_and_folder_are_synced_before_the_old_state_goes(index, monkeypatch):
    events = []
    fsync, rename, remove = os.fsync, os.rename, os.remove
    monkeypatch.setattr(
        os,
        "fsync",
        lambda fd: (events.append(("sync", os.readlink(f"/proc/self/fd/{fd}"))), fsync(fd)),
    )
    monkeypatch.setattr(
        os, "rename", lambda a, b: (events.append(("rename", str(b))), rename(a, b))
    )
    monkeypatch.setattr(
        os, "remove", lambda path: (events.append(("remove", str(path))), remove(path))
    )
    with index.writer() as writer:
        writer.add(make_article("new", "Grain"))
    published = next(
        at for at, (what, path) in enumerate(events) if what == "rename" and path.endswith(".toc")
    )
    synced = {path for what, path in events[:published] if what == "sync"}
    assert any(path.endswith(".col") for path in synced)
    assert any(".toc." in path for path in synced)
    assert str(index.folder) in synced
    assert events[published + 1] == ("sync", str(index.folder))
    assert not any(what == "remove" and path.endswith(".toc") for what, path in events[:published])


@leaves_files_open
def test_a_full_disk_fails_the_commit_and_keeps_the_last(index, monkeypatch):
    before = ids(index)

    def full(file):
        raise OSError(28, "No space left on device")

    writer = index.writer()
    writer.add(make_article("new", "Grain"))
    with monkeypatch.context() as patch:
        patch.setattr(storage.os, "fsync", full)
        with pytest.raises(WriteFailed, match="No space left"):
            writer.commit()
    assert ids(index) == before
    with index.writer() as writer:
        writer.add(make_article("new", "Grain"))
    assert ids(index) == before | {"new"}


@leaves_files_open
@pytest.mark.parametrize("suffix", [".toc", ".col"])
def test_a_truncated_file_is_named_or_found(index, suffix):
    (path,) = index.folder.glob(f"*{suffix}")
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])
    fresh = WhooshEngine(index.folder)
    try:
        snapshot = fresh.snapshot()
    except IndexDamaged as error:
        assert str(index.folder) in str(error)
    else:
        assert list(snapshot.check())
        snapshot.close()
    fresh.close()


@leaves_files_open
def test_a_damaged_index_is_not_written_but_can_be_made_afresh(index):
    (path,) = index.folder.glob("*.toc")
    path.write_bytes(b"not a table of contents")
    fresh = WhooshEngine(index.folder)
    with pytest.raises(IndexDamaged, match="reindex"):
        fresh.writer()
    with fresh.writer(afresh=True) as writer:
        writer.add(make_article("new", "Grain"))
    assert ids(fresh) == {"new"}
    fresh.close()


def test_check_finds_a_posting_that_is_not_in_the_text(index, monkeypatch):
    from searcher.engine import whoosh_check

    honest = whoosh_check.terms_of

    def altered(article):
        terms = honest(article)
        if article.id == "7":
            terms.fields["text"]["grain"] = [3]
        return terms

    monkeypatch.setattr(whoosh_check, "terms_of", altered)
    snapshot = index.snapshot()
    (finding,) = snapshot.check()
    assert "article 7: its postings" in finding
    snapshot.close()


def test_snapshots_are_shared_and_closed_by_the_last_reader(index):
    first, second = index.snapshot(), index.snapshot()
    assert first is second
    first.close()
    with index.writer() as writer:
        writer.add(make_article("new", "Grain"))
    third = index.snapshot()
    assert third is not second
    assert second.search(Search(parse("grain", NOW), limit=5)).total == 20
    second.close()
    third.close()


def test_readers_see_commits_of_other_threads(index):
    def write():
        for number in range(100, 105):
            with index.writer() as writer:
                writer.add(make_article(str(number), "Grain"))

    thread = threading.Thread(target=write)
    thread.start()
    totals = []
    while thread.is_alive():
        snapshot = index.snapshot()
        totals.append(snapshot.search(Search(parse("grain", NOW), limit=5)).total)
        snapshot.close()
    thread.join()
    assert totals == sorted(totals)
    assert len(ids(index)) == 25


def count_of(engine):
    with engine.snapshot() as snapshot:
        return snapshot.count


def commit(folder, name):
    with WhooshEngine(folder).writer() as writer:
        writer.add(make_article(name))


def test_a_commit_is_prepared_before_readers_get_it(tmp_path):
    commit(tmp_path, "a")
    engine, prepared = WhooshEngine(tmp_path), []
    engine.renew(lambda snapshot: prepared.append(snapshot.count))
    assert (prepared, count_of(engine)) == ([1], 1)
    commit(tmp_path, "b")
    # Readers trust the thread that renews.
    assert count_of(engine) == 1

    def prepare(snapshot):
        assert count_of(engine) == 1
        prepared.append(snapshot.count)

    engine.renew(prepare)
    engine.renew(prepare)
    assert (prepared, count_of(engine)) == ([1, 2], 2)
    engine.close()


def test_readers_look_for_themselves_when_the_thread_stops_or_fails(tmp_path, monkeypatch):
    monkeypatch.setattr(keeping, "_RENEWED_SECONDS", 0.05)
    commit(tmp_path, "a")
    engine = WhooshEngine(tmp_path)
    engine.renew(lambda snapshot: None)
    commit(tmp_path, "b")
    with pytest.raises(ZeroDivisionError):
        engine.renew(lambda snapshot: 1 / 0)
    time.sleep(0.1)
    assert count_of(engine) == 2
    engine.close()


def test_the_index_is_a_whoosh_index(index):
    from whoosh.index import open_dir

    opened = open_dir(str(index.folder))
    with opened.searcher() as searcher:
        assert searcher.doc_count() == 20
        assert searcher.document_number(id="7") is not None


def test_what_quick_commits_leave_is_tidied_later(tmp_path):
    engine = WhooshEngine(tmp_path / "index")
    for commit in range(9):
        with engine.writer(quick=True) as writer:
            for number in range(1100):
                writer.add(make_article(f"{commit}-{number}", f"Grain {number}"))
    assert engine.is_untidy()
    with engine.snapshot() as snapshot:
        assert snapshot.count == 9900
    with engine.writer():
        pass
    assert not engine.is_untidy()
    with engine.snapshot() as snapshot:
        assert (snapshot.count, list(snapshot.check())) == (9900, [])
    engine.close()


def test_a_commit_is_seen_though_an_unchanged_folder_is_not_listed(index, monkeypatch):
    listed = []
    latest = whoosh_engine.latest_generation
    monkeypatch.setattr(
        whoosh_engine, "latest_generation", lambda found: listed.append(1) or latest(found)
    )
    hour_ago = time.time() - 3600
    os.utime(index.folder, (hour_ago, hour_ago))
    for _ in range(3):
        index.snapshot().close()
    before = len(listed)
    for _ in range(3):
        index.snapshot().close()
    assert len(listed) == before
    with WhooshEngine(index.folder).writer() as writer:
        writer.add(make_article("late", "Grain", "Ships wait."))
    assert "late" in ids(index)
    with WhooshEngine(index.folder).writer() as writer:
        writer.add(make_article("later", "Grain", "Ships wait."))
    assert "later" in ids(index)
