"""Writes the golden files anew: python tests/golden.py, from the root of the repository.

Golden indexes, and states of the feeds, are kept for every version: only those of a new one are made.
"""

from __future__ import annotations

import json
import sqlite3
import tempfile
from pathlib import Path

TESTS = Path(__file__).parent
INDEXES = TESTS / "data" / "columnar"


def write_sample() -> None:
    from test_reading_normalise import sample

    golden = json.dumps(sample(TESTS.parent), ensure_ascii=False, indent=1)
    (TESTS / "data/sample.json").write_text(golden + "\n", "utf-8")


def write_formats() -> None:
    from test_sources_formats import read_files

    golden = json.dumps(read_files(), ensure_ascii=False, indent=1)
    (TESTS / "data/formats.golden.json").write_text(golden + "\n", "utf-8")


def write_indexes() -> None:
    from searcher.columnar.segment_file import VERSION

    folder = INDEXES / str(VERSION)
    if folder.exists():
        return
    (folder / "plain").mkdir(parents=True)
    import test_columnar_golden as golden

    golden.build_plain(folder / "plain")
    golden.build_news(folder / "news")
    for lock in folder.rglob("*_WRITELOCK"):
        lock.unlink()
    (folder / "news" / "writer.json").unlink()
    expected = {
        "plain": golden.plain_answers(folder / "plain"),
        "news": golden.news_answers(folder / "news"),
    }
    (folder / "expected.json").write_text(json.dumps(expected, indent=1) + "\n", "utf-8")


def write_state() -> None:
    """Dumps a filled state of the feeds as SQL, which shows in a diff what it holds."""
    from test_feeds_state import GOLDEN, fill

    from searcher.feeds.state import FeedState

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "state"
        with FeedState(path) as state:
            fill(state)
        db = sqlite3.connect(path)
        version = db.execute("PRAGMA user_version").fetchone()[0]
        lines = ["PRAGMA journal_mode = WAL;", *db.iterdump(), f"PRAGMA user_version = {version};"]
        db.close()
    file = GOLDEN / f"state.{version}.sql"
    if not file.exists():
        file.write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    write_sample()
    write_formats()
    write_indexes()
    write_state()
