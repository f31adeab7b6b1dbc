"""The archive: written records are kept, even if a later write fails or the process is killed.

Covers feeds.archive, feeds.records, durable and reading.archive_format.
"""

from __future__ import annotations

import gzip
import io
import resource
from datetime import timedelta
from pathlib import Path

import processes
import pytest
from fakes import NOW, HandClock
from hypothesis import given, settings
from hypothesis import strategies as st

from searcher.errors import AlreadyRefreshing, WriteFailed
from searcher.feeds.archive import Archive
from searcher.feeds.records import (
    note_record,
    packed,
    payload_digest,
    record_id,
    response_record,
    revisit_record,
)
from searcher.fetching.memory_fetcher import exchange
from searcher.reading.archive_format import ENTRY, file_mark, is_archive, mark_of, members

URL = "https://example.org/a"


def record(text: str, moment=NOW) -> bytes:
    return response_record(
        exchange(URL, 200, {"Content-Type": "text/html"}, text.encode(), moment), record_id()
    )


def files(folder: Path) -> list[Path]:
    return sorted((folder / "fetched").glob("*.warc.gz"))


def bodies(folder: Path) -> list[bytes]:
    """Return the bodies of the responses, as warcio reads them."""
    from warcio.archiveiterator import ArchiveIterator

    found = []
    for path in files(folder):
        with open(path, "rb") as file:
            found += [
                one.content_stream().read()
                for one in ArchiveIterator(file)
                if one.rec_type == "response"
            ]
    return found


def test_what_was_appended_is_there_for_every_tool(tmp_path):
    with Archive(tmp_path, HandClock()) as archive:
        archive.append([record("one"), record("two")])
    with Archive(tmp_path, HandClock()) as archive:
        archive.append([record("three")])
    assert bodies(tmp_path) == [b"one", b"two", b"three"]
    assert [path.name for path in files(tmp_path)] == ["2024-06-001.warc.gz"]
    assert is_archive("fetched/2024-06-001.warc.gz")
    assert not is_archive("fetched/other.warc.gz")
    assert not is_archive("deep/fetched/2024-06-001.warc.gz")


def test_records_are_as_the_standard_says(tmp_path):
    from warcio.checker import Checker

    got = exchange(URL, 200, {"Content-Type": "text/html", "X-Odd": "é"}, b"body", NOW)
    first = record_id()
    with Archive(tmp_path, HandClock()) as archive:
        again = revisit_record(got, record_id(), first)
        archive.append(
            [response_record(got, first), note_record(ENTRY, URL, NOW, {"entry": {}}, first), again]
        )
    (path,) = files(tmp_path)
    with open(path, "rb") as file:
        blocks = [member.data for member in members(file)]
    assert len(blocks) == 4
    assert got.raw in blocks[1]
    assert f"WARC-Payload-Digest: {payload_digest(b'body')}".encode() in blocks[1]
    assert f"WARC-Concurrent-To: {first}".encode() in blocks[2]
    assert f"WARC-Refers-To: {first}".encode() in blocks[3]
    arguments = type("Arguments", (), {"inputs": [str(path)], "verbose": False})
    checker = Checker(arguments)
    checker.process_all()
    assert checker.exit_value == 0


@settings(max_examples=60)
@given(st.data())
def test_an_end_that_a_crash_left_is_cut_off_and_nothing_else(tmp_path_factory, data):
    folder = tmp_path_factory.mktemp("archive")
    with Archive(folder, HandClock()) as archive:
        ends = []
        for number in range(4):
            archive.append([record(f"text {number} " * 40)])
            ends.append(files(folder)[0].stat().st_size)
    (path,) = files(folder)
    whole = path.read_bytes()
    # Records have random names, so their sizes differ from run to run.
    cut = round(data.draw(st.floats(0, 1)) * len(whole))
    junk = data.draw(st.sampled_from([b"", b"\0" * 5000, b"\x1f\x8b\x08", b"garbage"]))
    left = whole[:cut] + junk
    path.write_bytes(left)
    # Zeros may be the very bytes that were cut off: a member ends in the high bytes of its size.
    kept = sum(left[:end] == whole[:end] for end in ends)
    with Archive(folder, HandClock()) as archive:
        assert bodies(folder) == [f"text {number} ".encode() * 40 for number in range(kept)]
        archive.append([record("after")])
    assert bodies(folder) == [
        *[f"text {number} ".encode() * 40 for number in range(kept)],
        b"after",
    ]
    assert path.read_bytes().startswith(whole[: ([0, *ends])[kept]])


def test_what_is_damaged_within_is_passed_over_and_kept(tmp_path):
    with Archive(tmp_path, HandClock()) as archive:
        for number in range(3):
            archive.append([record(f"text {number} " * 100)])
    (path,) = files(tmp_path)
    with open(path, "rb") as file:
        found = list(members(file))
    data = bytearray(path.read_bytes())
    data[found[2].start + 40 : found[2].start + 60] = b"x" * 20
    path.write_bytes(data)
    with Archive(tmp_path, HandClock()) as archive:
        archive.append([record("after")])
    assert path.read_bytes().startswith(bytes(data))
    with open(path, "rb") as file:
        read = list(members(file))
    assert [one.data is None for one in read] == [False, False, True, False, False]
    assert [one.start for one in read[:4]] == [one.start for one in found]
    with open(path, "rb") as file:
        assert list(members(file, found[3].start)) == read[3:]


def test_what_a_server_sent_never_passes_for_a_record(tmp_path):
    """After damage the reader searches for the next record. A record that is part of a page, stored
    unchanged, is not mistaken for it."""
    with Archive(tmp_path, HandClock()) as archive:
        archive.append([record("before")])
        before = files(tmp_path)[0].read_bytes()
        archive.append([record("after")])
    (path,) = files(tmp_path)
    after = path.read_bytes()[len(before) :]
    forged = [note_record(ENTRY, URL, NOW, {"entry": {}}, "<urn:x>"), record("forged")]
    inner = b"".join(packed(one, mark) for one in forged for mark in (b"", mark_of("<urn:uuid:1>")))
    with open(path, "rb") as file:
        outer = gzip.decompress(packed(record("page"), file_mark(file))).replace(
            b"page", b"x" * 3000 + inner
        )
    kept = bytearray(gzip.compress(outer, 0))
    assert inner in kept
    kept[500:520] = bytes(20)
    path.write_bytes(before + kept + after)
    with open(path, "rb") as file:
        assert [one.data is None for one in members(file)] == [False, False, True, False]
    # If the file ends after the embedded record, the record around it is dropped as a whole.
    path.write_bytes(before + kept[: kept.find(inner) + len(inner)])
    Archive(tmp_path, HandClock()).close()
    assert path.read_bytes() == before


def test_a_file_whose_first_record_is_damaged_is_left_as_it_is(tmp_path):
    with Archive(tmp_path, HandClock()) as archive:
        archive.append([record("before")])
    (path,) = files(tmp_path)
    damaged = bytes(60) + path.read_bytes()[60:]
    path.write_bytes(damaged)
    with Archive(tmp_path, HandClock()) as archive:
        archive.append([record("after")])
    assert path.read_bytes() == damaged
    assert [one.name for one in files(tmp_path)] == ["2024-06-001.warc.gz", "2024-06-002.warc.gz"]


def test_members_of_what_is_no_archive():
    assert list(members(io.BytesIO(b""))) == []
    assert list(members(io.BytesIO(b"no gzip at all" * 100))) == []


def test_a_clock_set_back_leads_to_no_earlier_file(tmp_path):
    clock = HandClock()
    with Archive(tmp_path, clock) as archive:
        archive.append([record("june")])
        clock.moment += timedelta(days=31)
        archive.append([record("july")])
        clock.moment -= timedelta(days=400)
        archive.append([record("set back")])
    assert [path.name for path in files(tmp_path)] == ["2024-06-001.warc.gz", "2024-07-001.warc.gz"]
    assert bodies(tmp_path) == [b"june", b"july", b"set back"]


def test_a_month_goes_on_in_another_file(tmp_path):
    with Archive(tmp_path, HandClock(), largest=2000) as archive:
        for number in range(8):
            archive.append([record(f"{number} " * 5)])
    assert len(files(tmp_path)) > 1
    assert [path.name for path in files(tmp_path)][:2] == [
        "2024-06-001.warc.gz",
        "2024-06-002.warc.gz",
    ]
    assert bodies(tmp_path) == [f"{number} ".encode() * 5 for number in range(8)]


def test_one_process_at_a_time(tmp_path):
    with Archive(tmp_path, HandClock()), pytest.raises(AlreadyRefreshing, match="process"):
        Archive(tmp_path, HandClock())
    Archive(tmp_path, HandClock()).close()


def test_a_folder_that_cannot_be_written(tmp_path):
    (tmp_path / "fetched").write_text("a file")
    with pytest.raises(WriteFailed, match="fetched"):
        Archive(tmp_path, HandClock())


def append_with_limit(folder, limit) -> str:
    """Append records while files can have at most `limit` bytes. Return the error's message.

    After an error, append a record without a limit.
    """
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
    with Archive(folder, HandClock()) as archive:
        try:
            archive.append([record(f"{number} " * 400) for number in range(20)])
        except WriteFailed as error:
            unlimited = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
            resource.setrlimit(resource.RLIMIT_FSIZE, unlimited)
            archive.append([record("room again")])
            return str(error)
    return ""


def test_nothing_is_written_to_a_file_that_was_removed(tmp_path):
    with Archive(tmp_path, HandClock()) as archive:
        archive.append([record("one")])
        files(tmp_path)[0].unlink()
        with pytest.raises(WriteFailed, match="was removed"):
            archive.append([record("two")])
    with Archive(tmp_path, HandClock()) as archive:
        archive.append([record("two")])
    assert bodies(tmp_path) == [b"two"]


def test_a_full_disk_leaves_what_was_there_and_is_survived(tmp_path):
    failed = 0
    for limit in (0, 100, 700, 900, 2000, 5000, 1 << 30):
        folder = tmp_path / str(limit)
        with Archive(folder, HandClock()) as archive:
            archive.append([record("before")])
        message = processes.call(append_with_limit, folder, limit)
        if message:
            assert "File too large" in message
            assert bodies(folder) == [b"before", b"room again"]
            failed += 1
        else:
            assert len(bodies(folder)) == 21
    assert 4 <= failed < 7
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] == resource.RLIM_INFINITY
