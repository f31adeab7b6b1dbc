"""Earlier versions of an article: the archive in raw/ and the one in memory return the same.

Covers search.versions, reading.version_archive and indexing.versions.
"""

from __future__ import annotations

import pytest
from newsroom import MORE, put_article, put_feed

from searcher.search.versions import MemoryArchive, VersionHistory

LATER = "It was a mistake, the company said on Tuesday, and that it would repair the ship."


@pytest.fixture
def article(server, room):
    address = put_article(server)
    room.follow(put_feed(server, ("/ferry", "Ferry stops sailing")))
    put_article(server, "/ferry", "Ferry sails again", MORE, LATER)
    room.later(hours=2)
    room.refresh()
    return room.articles()[address]


@pytest.fixture(params=["raw", "memory"])
def archive(request, room, article):
    if request.param == "raw":
        return room.archive
    first = room.archive.version(article, 0)
    return MemoryArchive({article.versions[0].origin: first})


def test_versions_are_read_by_number(archive, article):
    history = VersionHistory(archive)
    assert len(article.versions) == 2
    assert history.read(article, 1).headline == "Ferry stops sailing"
    assert history.read(article, 1).paragraphs[-1] == MORE
    assert history.read(article, 0) is history.read(article, 3) is None
    first, last = history.all(article)
    assert (first.number, first.article.headline) == (1, "Ferry stops sailing")
    assert (last.number, last.article) == (2, article)


def test_a_version_without_its_text_is_listed(article):
    first, last = VersionHistory(MemoryArchive()).all(article)
    assert first.article is None
    assert first.to_json()["title"] == "Ferry stops sailing"
    assert first.to_json()["body"] is None
    assert last.article == article


def test_an_archive_that_is_gone_has_no_versions(room, article):
    (file,) = (room.raw / "fetched").glob("*.gz")
    away = file.rename(file.with_suffix(".away"))
    assert room.archive.version(article, 0) is None
    away.rename(file)
