"""An index survives altered files, killed processes, full disks and concurrent readers.

Covers segment_file, storage, open_segment and writer.
"""

from __future__ import annotations

import gc
import io
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import processes
import pytest
from documents import articles
from fakes import NOW, make_article

from searcher.columnar.files.segment_file import (
    PAGE_BYTES,
    FileDamaged,
    SegmentFile,
    SegmentFileWriter,
)
from searcher.columnar.writing import parallel
from searcher.engine.searches import Search
from searcher.engine.whoosh_engine import WhooshEngine
from searcher.errors import IndexDamaged, IndexMissing, WriteFailed
from searcher.query.parser import parse

QUERIES = [
    "grain",
    "grain ships -odessa",
    '"ships wait"',
    '"wait odessa"~4',
    "gra* lang:en",
    "grian~",
    "on:2022 ships",
]

pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
"""Whoosh leaves files open after an error. The garbage collector closes them."""


def build(folder, count=400, commits=3):
    engine = WhooshEngine(folder)
    held = list(articles(count))
    for number in range(commits):
        with engine.writer() as writer:
            for article in held[number::commits]:
                writer.add(article)
            writer.delete(str(number))
    engine.close()


def answers(folder):
    """Return the results of QUERIES and all articles of the index in a folder."""
    engine = WhooshEngine(folder)
    snapshot = engine.snapshot()
    try:
        found = [
            (
                ranking.total,
                ranking.facets,
                [(article, round(score, 9)) for article, score in ranking.ranked],
            )
            for ranking in (
                snapshot.search(
                    Search(parse(text, NOW), limit=20, facets=("language", "source", "month"))
                )
                for text in QUERIES
            )
        ]
        return found, list(snapshot.articles())
    finally:
        snapshot.close()
        engine.close()


def test_an_altered_file_is_named_and_never_gives_a_wrong_answer(tmp_path):
    # Enough articles for arrays of several pages, each of which has a checksum.
    build(tmp_path / "sound", 400)
    expected = answers(tmp_path / "sound")
    chance = random.Random(3)
    files = sorted(
        path.name for path in (tmp_path / "sound").iterdir() if path.suffix in (".col", ".toc")
    )
    named = 0
    for turn in range(240):
        folder = tmp_path / f"altered{turn}"
        shutil.copytree(tmp_path / "sound", folder)
        path = folder / files[turn % len(files)]
        data = bytearray(path.read_bytes())
        # The version is at the beginning of a file, the directory at its end.
        at = chance.choice(
            [
                chance.randrange(len(data)),
                chance.randrange(64),
                len(data) - 1 - chance.randrange(200),
            ]
        )
        if turn % 4 == 3:
            data = data[:at]
        else:
            data[at] ^= 1 << chance.randrange(8)
        path.write_bytes(data)
        try:
            assert answers(folder) == expected
        except IndexDamaged as error:
            assert str(path) in str(error)
            named += 1
        engine = WhooshEngine(folder)
        try:
            problems = list(engine.snapshot().check())
        except IndexDamaged as error:
            problems = [str(error)]
        engine.close()
        assert all(path.name in problem for problem in problems[:1])
        shutil.rmtree(folder)
    assert named > 120


@pytest.mark.parametrize("page", range(4))
def test_each_page_of_an_array_is_verified_however_it_is_read(page):
    buffer, array = io.BytesIO(), np.arange(7 * PAGE_BYTES // 16)
    writer = SegmentFileWriter(buffer)
    writer.add("values", array)
    writer.finish({})
    each = PAGE_BYTES // array.itemsize
    place = min(page * each + 5, len(array) - 1)
    data = bytearray(buffer.getvalue())
    data[data.index(array[place:].tobytes())] ^= 1

    def read(method, *arguments):
        return getattr(SegmentFile(bytes(data), "altered").array("values"), method)(*arguments)

    for reading in (
        ("whole",),
        ("slice", place, place + 1),
        ("slice", 0, len(array)),
        ("take", np.array([place])),
        ("take", np.array([len(array) - 1, place, 0])),
        ("verify",),
    ):
        with pytest.raises(FileDamaged, match="wrong checksum in its array 'values'"):
            read(*reading)
    sound = np.flatnonzero(np.arange(len(array)) // each != page)
    assert read("take", sound).tolist() == array[sound].tolist()
    assert read("slice", 0, page * each).tolist() == array[: page * each].tolist()


@pytest.mark.parametrize("suffix", [".col", ".toc"])
def test_a_file_that_is_gone_is_named(tmp_path, suffix, monkeypatch):
    monkeypatch.setattr("searcher.engine.whoosh_engine._OPEN_SECONDS", 0.1)
    build(tmp_path / "index", 30, 1)
    (path,) = (tmp_path / "index").glob(f"*{suffix}")
    path.unlink()
    with pytest.raises(IndexMissing if suffix == ".toc" else IndexDamaged, match=str(tmp_path)):
        answers(tmp_path / "index")


def test_an_unknown_version_is_refused_with_what_to_do(tmp_path):
    build(tmp_path / "index", 30, 1)
    (path,) = (tmp_path / "index").glob("*.col")
    data = bytearray(path.read_bytes())
    data[8:12] = (99).to_bytes(4, "little")
    path.write_bytes(data)
    with pytest.raises(IndexDamaged, match=r"has format version 99.* build the index again"):
        answers(tmp_path / "index")


CRASH = """
import os, random, sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from fakes import make_article
from searcher.columnar.writing import parallel
from searcher.engine.whoosh_engine import WhooshEngine

parallel._ALONE = 2
folder = Path(sys.argv[1])

def write(number, out):
    chance = random.Random(number)
    while True:
        engine = WhooshEngine(folder, memory=512 << 20, jobs=chance.choice([1, 1, 1, 2]))
        with engine.writer() as writer:
            for step in range(4):
                writer.add(make_article(f"{number}-{step}", "Grain", f"ship {number} " + "wait " * chance.randrange(99)))
            writer.add(make_article("counter", "Counter", str(number)))
            if number:
                writer.delete(f"{number - 1}-0")
        engine.close()
        os.write(out, f"{number}\\n".encode())
        number += 1

# Two hundred forks of one process start faster than two hundred interpreters.
for line in sys.stdin:
    child = os.fork()
    if not child:
        try:
            write(int(line), 1)
        finally:
            os._exit(1)
    print(f"child {child}", flush=True)
    os.waitpid(child, 0)
    print("gone", flush=True)
"""


def test_two_hundred_kills_lose_no_acknowledged_article(tmp_path):
    folder, number = tmp_path / "index", 0
    script = [sys.executable, "-c", CRASH, str(folder), str(Path(__file__).parent)]
    chance, kills = random.Random(1), 0
    with subprocess.Popen(
        script, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as parent:
        longest = 0.1
        while kills < 200:
            parent.stdin.write(f"{number}\n")
            parent.stdin.flush()
            child = int(parent.stdout.readline().split()[1])
            time.sleep(chance.uniform(0, longest))
            os.kill(child, signal.SIGKILL)
            kills += 1
            acknowledged = number - 1
            while (line := parent.stdout.readline()) != "gone\n":
                acknowledged = int(line)
            before = number
            number = _check_after_crash(folder, acknowledged, thorough=kills % 10 == 0) + 1
            # So about half of the processes are killed before their first commit, on any machine.
            longest *= 1.1 if number == before else 0.93
        parent.stdin.close()
    assert number > 100


def _check_after_crash(folder, acknowledged, thorough):
    """Check the index. Return the number of its last commit, acknowledged or not."""
    engine = WhooshEngine(folder)
    if acknowledged < 0 and not engine.exists():
        return -1
    with engine.snapshot() as snapshot:
        counter = snapshot.article("counter")
        last = int(counter.paragraphs[0]) if counter else -1
        assert last in (acknowledged, acknowledged + 1)
        expected = {f"{number}-{step}" for number in range(last + 1) for step in range(4)}
        expected -= {f"{number}-0" for number in range(last)}
        assert snapshot.count == len(expected) + (last >= 0)
        if thorough:
            assert {article.id for article in snapshot.articles()} == expected | (
                {"counter"} if last >= 0 else set()
            )
            assert list(snapshot.check()) == []
    engine.close()
    return last


def write_with_limit(folder, limit, jobs) -> str:
    """Write articles while files can have at most `limit` bytes. Return the error, or ""."""
    parallel._ALONE = 10
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    try:
        with WhooshEngine(folder, memory=512 << 20, jobs=jobs).writer() as writer:
            for article in articles(300, seed=9):
                writer.add(article)
    except WriteFailed as error:
        return str(error)
    return ""


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_full_disk_fails_the_commit_and_keeps_the_last(tmp_path, jobs):
    build(tmp_path / "sound", 60, 2)
    expected = answers(tmp_path / "sound")
    failed = 0
    for limit in (0, 100, 600, 1500, 20_000, 60_000, 100_000, 140_000, 1 << 30):
        folder = tmp_path / f"full{limit}"
        shutil.copytree(tmp_path / "sound", folder)
        message = processes.call(write_with_limit, folder, limit, jobs)
        if message:
            assert "File too large" in message
            assert answers(folder) == expected
            left = {path.name for path in folder.glob("*.col")}
            assert left == {path.name for path in (tmp_path / "sound").glob("*.col")}
            failed += 1
        with WhooshEngine(folder).writer() as writer:
            writer.add(make_article("after", "Grain"))
    assert 4 < failed < 9


def test_readers_in_threads_and_copies_of_the_process_agree(tmp_path):
    build(tmp_path / "index")
    engine = WhooshEngine(tmp_path / "index")
    snapshot = engine.snapshot()

    def totals():
        return [snapshot.search(Search(parse(text, NOW))).total for text in QUERIES]

    expected, wrong = totals(), []

    def read():
        wrong.extend(found for found in (totals() for _ in range(20)) if found != expected)

    threads = [threading.Thread(target=read) for _ in range(6)]
    for thread in threads:
        thread.start()
    with engine.writer() as writer:
        for article in articles(100, seed=5):
            writer.add(article)
    for thread in threads:
        thread.join()
    assert wrong == []
    child = os.fork()
    if not child:
        os._exit(0 if totals() == expected else 1)
    assert os.waitpid(child, 0)[1] == 0
    snapshot.close()
    engine.close()


MEMORY = """
import resource, sys, threading, time
from pathlib import Path
sys.path.insert(0, sys.argv[2])
import fakes
from documents import articles, many_words, one_word
from searcher.engine.whoosh_engine import WhooshEngine

def anonymous():
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("RssAnon"))

engine = WhooshEngine(Path(sys.argv[1]), memory=int(sys.argv[3]))
held = list(articles(200))
writer = engine.writer()
for article in held:
    writer.add(article)
writer.commit()
before, most, over = anonymous(), 0, False

def watch():
    global most
    while not over:
        most = max(most, anonymous())
        time.sleep(0.002)

watcher = threading.Thread(target=watch)
watcher.start()
with engine.writer() as writer:
    for article in {"many": many_words, "one": one_word}[sys.argv[5]](int(sys.argv[4])):
        writer.add(article)
over = True
watcher.join()
print((most - before) << 10)
"""


@pytest.mark.skipif(
    not Path("/proc/self/status").exists(), reason="only Linux reports anonymous memory"
)
@pytest.mark.parametrize(("kind", "count"), [("many", 10_000), ("one", 4_000)])
def test_writing_and_merging_stay_within_the_memory_given(tmp_path, kind, count):
    memory = 96 << 20
    arguments = [str(tmp_path / "index"), str(Path(__file__).parent), str(memory), str(count), kind]
    done = subprocess.run(
        [sys.executable, "-c", MEMORY, *arguments], capture_output=True, text=True, check=True
    )
    assert int(done.stdout) < memory
    engine = WhooshEngine(tmp_path / "index")
    with engine.snapshot() as snapshot:
        assert snapshot.count == count
    engine.close()


def test_files_of_a_state_that_is_gone_are_removed(tmp_path):
    build(tmp_path / "index", 60, 1)
    for number in range(20):
        with WhooshEngine(tmp_path / "index").writer() as writer:
            writer.add(make_article(f"new{number}", "Grain"))
    gc.collect()
    assert len(list((tmp_path / "index").glob("*.toc"))) == 1
    with WhooshEngine(tmp_path / "index").snapshot() as snapshot:
        named = {part.opened.file.name for part in snapshot._view.parts}
    assert {str(path) for path in (tmp_path / "index").glob("*.col")} == named


def test_limits_are_those_of_the_process(tmp_path):
    """A file that is too large raises an error; the process gets no signal."""
    assert signal.getsignal(signal.SIGXFSZ) == signal.SIG_IGN
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] == resource.RLIM_INFINITY
    with pytest.raises(WriteFailed, match="cannot be written"):
        WhooshEngine(Path("/proc/nowhere")).writer()
