"""A raw folder, an index and an indexer for tests."""

from __future__ import annotations

import json
import os

from fakes import NOW, write

from searcher.clock import FixedClock
from searcher.engine.whoosh_engine import WhooshEngine
from searcher.indexing.check import problems
from searcher.indexing.indexer import Indexer
from searcher.indexing.report import Report
from searcher.reading.raw_store import RawStore
from searcher.search.service import SearchService


class Workplace:
    """A raw folder and an index, with an indexer for them."""

    def __init__(self, folder):
        self.raw, self.index = folder / "raw", folder / "index"
        self.raw.mkdir(exist_ok=True)
        self.engine = WhooshEngine(self.index)
        self.clock = FixedClock(NOW)

    def indexer(self, progress=None):
        return Indexer(self.engine, RawStore(self.raw, 1 << 20), self.index, self.clock, progress)

    def update(self, *paths, prune=False) -> Report:
        return self.indexer().update(paths or (self.raw,), prune)

    def rebuild(self) -> Report:
        return self.indexer().rebuild()

    def titles(self, query="-nosuchword") -> list[str]:
        return sorted(
            hit.title.text for hit in SearchService(self.engine, self.clock).run(query).hits
        )

    def write(self, name, text, touch=None):
        path = write(self.raw / name, text)
        stamp = (touch or path.stat().st_mtime_ns) + 1
        os.utime(path, ns=(stamp, stamp))
        return path

    def sound(self) -> bool:
        return list(problems(self.engine, self.index)) == []


def counts(report: Report) -> tuple[int, int, int, int]:
    """Return the numbers of added, updated, unchanged and removed articles."""
    return report.added, report.updated, report.unchanged, report.removed


def line(**fields) -> str:
    """Return a line of a JSONL file."""
    return json.dumps(fields) + "\n"
