"""The interface of the search service.

Covers search: service, request, hits and lookup; assembly and clock.
"""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import replace

import pytest
from fakes import NOW, filled, grain_articles, make_article, manual

from searcher import open_search
from searcher.clock import FixedClock
from searcher.engine.memory import MemoryEngine
from searcher.engine.searches import Search
from searcher.engine.whoosh_engine import WhooshEngine
from searcher.errors import IndexMissing
from searcher.query.parser import parse
from searcher.search.hits import DEEPEST_HIT, Hits
from searcher.search.request import Request
from searcher.search.service import SearchService
from searcher.settings import Settings


@pytest.fixture
def service():
    french = make_article(
        "fr", "Le grain", "Les navires.", language="fr", source="AFP", published="2023-01-01"
    )
    engine = filled(MemoryEngine(), [*grain_articles(25), french])
    return SearchService(engine, FixedClock(NOW))


def test_pages(service):
    first, second, last = (service.run(Request("grain", page=page)) for page in (1, 2, 3))
    assert (first.total, first.pages, len(first.hits), len(last.hits)) == (26, 3, 10, 6)
    found = [hit.article.id for page in (first, second, last) for hit in page.hits]
    assert len(set(found)) == 26
    assert service.run(Request("grain", page=4)).hits == ()


@pytest.mark.parametrize(
    ("request_", "total"),
    [
        (Request("grain", lang="fr"), 1),
        (Request("grain", source="afp"), 1),
        (Request("grain", after="2022-01-20", before="2022-02"), 6),
        (Request("", lang="fr"), 1),
        (Request("odesa grain", match_all=True), 25),
        (Request(""), 0),
    ],
)
def test_filters(service, request_, total):
    assert service.run(request_).total == total


@pytest.mark.parametrize(
    "request_",
    [
        Request("x", page=0),
        Request("x", page=10_000_000),
        Request("x", size=0),
        Request("x", size=101),
        Request("x", lang="klingon!"),
        Request("x", after="soon"),
        Request("x", before="2022-13"),
    ],
)
def test_requests_that_cannot_be_read_are_refused(service, request_):
    with pytest.raises(ValueError, match="not|reach|holds"):
        service.run(request_)


def test_hits_carry_what_the_json_documents(service, root):
    found = service.run("navire ships xyz:").to_json()
    text = manual(root)
    for key in (*found, *found["hits"][0], *found["hits"][0]["snippets"][0]):
        assert f"`{key}`" in text, key
    assert found["hits"][0]["published"].endswith("Z")


def test_newest_and_marked(service):
    assert [article.id for article in service.articles.newest(2)] == ["fr", "24"]
    title, paragraphs = service.marked(service.articles.get("03"), Request("grain odesa"))
    assert title.highlights == ((0, 5),)
    assert paragraphs[0].highlights == ((14, 19),)


@pytest.mark.parametrize("remembered", [True, False])
def test_queries_asked_twice_are_suggested_unless_that_is_turned_off(service, remembered):
    service = SearchService(service._engine, FixedClock(NOW), Settings(remember_queries=remembered))
    for _ in range(2):
        service.run("grain odesa wait")
        service.run("ships")
    assert ("grain odesa wait" in service.suggestions.complete("grain odesa w")) is remembered


def test_pages_end_where_they_can_still_be_asked_for(service):
    found = service.run(Request("grain", size=100))
    assert found.pages == 1
    many = Hits("x", 15_000, 0, (), (), "relevance", 1, 7, 0.0, entries=15_000)
    assert many.pages == 1429
    assert service.run(Request("grain", page=1429, size=7)).hits == ()


def test_nothing_is_opened_before_the_first_search(tmp_path):
    service = open_search(tmp_path / "nowhere")
    with pytest.raises(IndexMissing):
        service.run("x")


@pytest.mark.parametrize(
    ("module", "slow"),
    [
        ("searcher", "whoosh|numpy|flask|bs4|click"),
        ("searcher.command.cli", "whoosh|numpy|flask|bs4|trafilatura|feedparser|langdetect"),
        ("searcher.indexing.indexer", "whoosh|flask|trafilatura|feedparser|langdetect|dateutil"),
        ("web", "bs4|trafilatura|feedparser|langdetect|waitress"),
    ],
)
def test_slow_libraries_are_imported_when_they_are_used(module, slow):
    code = f"import sys, {module}; print(' '.join(sys.modules))"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()
    assert not [name for name in loaded if re.fullmatch(slow, name)]


def test_a_search_loads_no_parser_of_a_format(tmp_path):
    filled(WhooshEngine(tmp_path), [make_article(headline="Grain ships leave")])
    code = (
        "import sys; from searcher import open_search; "
        f"assert open_search({str(tmp_path)!r}).run('grain').total == 1; "
        "print(' '.join(sys.modules))"
    )
    command = [sys.executable, "-c", code]
    loaded = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    slow = "bs4|lxml|trafilatura|feedparser|warcio|pypdf|dateparser|searcher.sources"
    assert "whoosh" in loaded
    assert not [name for name in loaded if re.fullmatch(slow, name)]


def test_a_request_becomes_the_search_for_its_page():
    request = Request(
        "grain", sort="newest", page=3, size=20, facets=("month",), recency=False, explain=True
    )
    query = parse("grain", NOW)
    assert request.search(query, seconds=2.0, half_life=60.0, now=NOW) == Search(
        query,
        sort="newest",
        offset=40,
        limit=20,
        seconds=2.0,
        facets=("month",),
        explain=True,
        by_story=True,
    )
    last = replace(request, page=DEEPEST_HIT // 20, size=21)
    assert last.search(query, 2.0, 60.0, NOW).limit == min(21, DEEPEST_HIT - (last.page - 1) * 21)
    assert replace(request, recency=True).search(query, 2.0, 60.0, NOW).half_life == 60.0
