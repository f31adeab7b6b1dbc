"""Copies of an index in another engine.

Covers indexing.copying and command.copying.
"""

from __future__ import annotations

import pytest
from contract import ARTICLES, fill
from fakes import make_article

from searcher.engine.memory import MemoryEngine
from searcher.engine.places import Place
from searcher.indexing import copying
from searcher.indexing.copying import Copied, copy, digests


@pytest.fixture
def source():
    """Return an engine with seven articles, two of them in one story."""
    found = fill(MemoryEngine())
    with found.writer() as writer:
        writer.place("1", Place(story=3, peer=(1 << 64) - 1))
        writer.place("2", Place(story=3, relation="story"))
    return found


def test_a_copy_has_the_same_articles_and_stories_and_goes_both_ways(source, engine, monkeypatch):
    monkeypatch.setattr(copying, "_AT_ONCE", 3)
    count = len(ARTICLES)
    assert copy(source, engine) == Copied(count, count, 0, 0)
    assert digests(engine) == digests(source)
    assert copy(source, engine) == Copied(count, 0, 0, 0)
    back = MemoryEngine()
    assert copy(engine, back) == Copied(count, count, 0, 0)
    assert digests(back) == digests(source)
    with source.writer() as writer:
        writer.add(make_article("new", "Later"))
        writer.place("2", Place(story=4))
        writer.delete("3")
    assert copy(source, engine) == Copied(count, 2, 1, 0)
    assert digests(engine) == digests(source)


def test_an_interrupted_copy_goes_on(source, monkeypatch):
    monkeypatch.setattr(copying, "_AT_ONCE", 2)
    target, commits = MemoryEngine(), []
    write = copying._write

    def interrupted(*args):
        if len(commits) == 2:
            raise KeyboardInterrupt
        commits.append(write(*args))

    monkeypatch.setattr(copying, "_write", interrupted)
    with pytest.raises(KeyboardInterrupt):
        copy(source, target)
    monkeypatch.setattr(copying, "_write", write)
    assert copy(source, target) == Copied(len(ARTICLES), len(ARTICLES) - 4, 0, 0)


def test_an_empty_index_is_copied_as_one():
    empty, target = fill(MemoryEngine(), []), MemoryEngine()
    assert copy(empty, target) == Copied(0, 0, 0, 0)
    assert target.exists()
