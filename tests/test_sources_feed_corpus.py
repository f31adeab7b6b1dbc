"""Parsing of feeds (sources.feed): all feeds of feedparser's tests are read, malformed ones too."""

from __future__ import annotations

import tarfile
from io import BytesIO

import feedparser
import pytest
from fakes import NOW, ROOT

from searcher.article import Document
from searcher.errors import UnreadableFile
from searcher.reading.normalise import normalise
from searcher.sources.feed import read_feed

FEWEST_FILES, FEWEST_ENTRIES = 2000, 850


@pytest.fixture(scope="module")
def corpus() -> dict[str, bytes]:
    """Return the feeds by name. “make test” downloads the source distribution they are in."""
    (path,) = (ROOT / ".venv/corpus").glob("feedparser-*.tar.gz")
    with tarfile.open(path) as archive:
        files = [
            one
            for one in archive
            if one.isfile() and "/tests/" in one.name and not one.name.endswith(".py")
        ]
        return {one.name.partition("/tests/")[2]: archive.extractfile(one).read() for one in files}


def test_every_feed_is_read_and_no_entry_is_lost(corpus):
    entries = rejected = none = 0
    for name, data in corpus.items():
        expected = len({id(one) for one in feedparser.parse(BytesIO(data)).entries})
        try:
            feed = read_feed(data, "https://paper.example/feed")
        except UnreadableFile:
            assert expected == 0, name
            none += 1
            continue
        assert len(feed.entries) + len(feed.rejected) == expected, name
        entries += len(feed.entries)
        rejected += len(feed.rejected)
        for entry in feed.entries:
            assert isinstance(entry.document, Document)
            normalise(entry.document, NOW)
    print(
        f"{len(corpus)} files: {entries} entries, {rejected} without text or given twice, {none} files that are no feed"
    )
    assert len(corpus) >= FEWEST_FILES
    assert entries >= FEWEST_ENTRIES
