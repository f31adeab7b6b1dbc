"""The corpus of real length as a file of JSON lines, which every engine reads:

python -m benchmarks.corpus_file DATA FILE [--articles 80000]

A line is an article as `searcher index` reads it: id, title, body, published, source and language.
Two processes make it. The same DATA and number of articles give the same file, so that it is made
once.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
from collections.abc import Iterator
from datetime import datetime
from functools import cache, partial
from pathlib import Path

from benchmarks.corpus import Item
from benchmarks.real import Maker

_CHUNK = 1000
"""Articles that a process makes at a time."""

_JOBS = 2
"""Processes that make articles."""


def made(data: Path, folder: Path, count: int) -> Path:
    """Return `folder`/corpus-`count`.jsonl, which is made from `data` if it is not there.

    Raises OSError where `data` is no data folder.
    """
    path = folder / f"corpus-{count}.jsonl"
    if not path.exists():
        make(data, path, count)
    return path


def make(data: Path, path: Path, count: int) -> None:
    """Write `count` articles. The file appears when it is complete.

    Raises OSError where `data` is no data folder.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    # Made here once, so that processes that are forked have it.
    _maker(data)
    part = path.with_suffix(".part")
    chunks = [range(at, min(at + _CHUNK, count)) for at in range(0, count, _CHUNK)]
    with multiprocessing.Pool(_JOBS) as pool, part.open("wb") as file:
        for lines in pool.imap(partial(_lines, data), chunks):
            file.write(lines)
    os.replace(part, path)


def items(path: Path) -> Iterator[Item]:
    """Yield the articles of such a file."""
    with path.open("rb") as lines:
        yield from map(item, lines)


def item(line: bytes) -> Item:
    """Return the article of a line."""
    row = json.loads(line)
    moment = datetime.fromisoformat(row["published"])
    return Item(row["id"], row["title"], row["body"], moment, row["source"], row["language"])


def as_line(one: Item) -> str:
    """Return the line of an article."""
    row = {
        "id": one.id,
        "title": one.title,
        "body": one.body,
        "published": one.date.isoformat(),
        "source": one.source,
        "language": one.language,
    }
    return json.dumps(row, ensure_ascii=False) + "\n"


@cache
def _maker(data: Path) -> Maker:
    return Maker(data)


def _lines(data: Path, numbers: range) -> bytes:
    maker = _maker(data)
    return "".join(as_line(maker.article(number)) for number in numbers).encode()


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path, help="folder with reuters.jsonl.gz, time and fundus")
    parser.add_argument("file", type=Path)
    parser.add_argument("--articles", type=int, default=80_000)
    options = parser.parse_args()
    try:
        make(options.data, options.file, options.articles)
    except OSError as error:
        parser.error(f"{options.data} is no data folder: {error}")


if __name__ == "__main__":
    main()
