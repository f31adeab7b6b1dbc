"""Write the golden files again: python tests/golden.py, in the root of the repository.

Golden indexes and feed states exist for every format version. They are written only for a version
that has none yet.
"""

from __future__ import annotations

import json
import sqlite3
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

TESTS = Path(__file__).parent


def write_sample() -> None:
    from test_reading_normalise import sample

    golden = json.dumps(sample(TESTS.parent), ensure_ascii=False, indent=1)
    (TESTS / "data/sample.json").write_text(golden + "\n", "utf-8")


def write_formats() -> None:
    from test_sources_formats import read_files

    golden = json.dumps(read_files(), ensure_ascii=False, indent=1)
    (TESTS / "data/formats.golden.json").write_text(golden + "\n", "utf-8")


def write_pages() -> None:
    from test_sources_pages import GOLDEN, read_pages

    golden = json.dumps(read_pages(), ensure_ascii=False, indent=1)
    GOLDEN.write_text(golden + "\n", "utf-8")


def write_segments() -> None:
    import test_columnar_golden as golden

    from searcher.columnar.files.segment_file import FORMAT_VERSION

    _keep(golden.GOLDEN / str(FORMAT_VERSION), golden.build_plain, golden.plain_answers, "plain")


def write_indexes() -> None:
    import test_engine_format as golden

    from searcher.engine.whoosh_schema import FORMAT

    _keep(golden.GOLDEN / FORMAT, golden.build, golden.answers)


def _keep(
    folder: Path, build: Callable[[Path], None], answers: Callable[[Path], Any], name: str = ""
) -> None:
    """Write an index and its answers to queries, unless `folder` exists.

    name: of the index in `folder` and of its answers, where a version has several indexes.
    """
    if folder.exists():
        return
    (folder / name).mkdir(parents=True)
    build(folder / name)
    for left in (*folder.rglob("*_WRITELOCK"), *folder.rglob("writer.json")):
        left.unlink()
    found = answers(folder / name)
    expected = json.dumps({name: found} if name else found, indent=1)
    (folder / "expected.json").write_text(expected + "\n", "utf-8")


def write_state() -> None:
    """Write a filled feed state as SQL, so that a diff shows its content."""
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


def write_queries() -> None:
    import test_search_golden as golden

    from web import create_app

    with tempfile.TemporaryDirectory() as folder:
        engine, service, settings = golden.searcher(Path(folder))
        client = create_app(settings, service).test_client()
        with engine.snapshot() as snapshot:
            asked = golden.queries(list(snapshot.articles()))
        answers = [[parameters, golden.answer(client, parameters)] for parameters in asked]
        engine.close()
    lines = ",\n".join(json.dumps(one, ensure_ascii=False) for one in answers)
    golden.GOLDEN.write_text(f"[\n{lines}\n]\n", "utf-8")


def write_exports() -> None:
    import test_export as golden

    golden.GOLDEN.mkdir(exist_ok=True)
    for name in golden.FORMATS:
        (golden.GOLDEN / f"{name}.golden").write_bytes(golden.written(name))


if __name__ == "__main__":
    write_sample()
    write_formats()
    write_pages()
    write_segments()
    write_indexes()
    write_state()
    write_queries()
    write_exports()
