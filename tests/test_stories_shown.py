"""Stories as hits: on the page, in JSON and in the terminal.

Covers search.service, web.story_view, stories.reasons and columnar.searching.grouping.
"""

from __future__ import annotations

import re

import pytest
from fakes import NOW, filled, make_article

from searcher.clock import FixedClock
from searcher.engine.places import Place, article_number
from searcher.search.request import Request
from searcher.search.service import SearchService
from web import create_app

ARTICLES = [
    make_article(
        f"{story}{number}",
        f"Grain ships {number}",
        "The grain leaves.",
        published=f"2024-0{story}-1{number}",
        source=f"Gazette {number % 3}",
    )
    for story in (1, 2)
    for number in range(7)
]


@pytest.fixture
def stories(engine):
    filled(engine, [*ARTICLES, make_article("30", "Grain alone", "Grain.", published="2024-03-01")])
    with engine.writer() as writer:
        for one in ARTICLES:
            number = int(one.id[1])
            relation = ("first", "copy", "version", "story")[min(number, 3)]
            group = int(one.id[0]) if relation in ("first", "copy") else 0
            writer.place(one.id, Place(int(one.id[0]), group, relation, 5, 97, 12))
    return SearchService(engine, FixedClock(NOW))


def test_a_story_is_one_hit(stories):
    found = stories.run(Request("grain", sort="newest"))
    assert (found.total, found.total_stories, found.total_copies, found.pages) == (15, 3, 2, 1)
    assert [hit.article.id for hit in found.hits] == ["30", "26", "16"]
    assert found.hits[0].story is None
    story = found.hits[1].story
    assert (story.id, story.size, story.outlets, len(story.members)) == ("20", 7, 3, 5)
    versions = found.to_json()["hits"][1]["story"]["versions"]
    assert [one["relation"] for one in versions] == ["first", "copy", "version", "story", "story"]


def test_pages_are_of_stories(stories):
    pages = [stories.run(Request("grain", sort="oldest", size=1, page=page)) for page in (1, 2, 3)]
    assert [page.hits[0].article.id for page in pages] == ["10", "20", "30"]
    assert {page.pages for page in pages} == {3}


def test_each_article_can_be_a_hit(stories):
    found = stories.run(Request("grain", by_story=False))
    assert (len(found.hits), found.total_stories) == (10, -1)
    assert {hit.story for hit in found.hits} == {None}


def test_the_page_unfolds_stories(stories):
    client = create_app(service=stories).test_client()
    page = client.get("/search?q=grain&sort=newest").get_data(as_text=True)
    assert re.search(r"15 articles</strong>, 2 of them\s+copies,\s+in\s+3\s+stories", page)
    assert "7 versions in 3 outlets, first 10 February 2024" in page
    assert "a copy, 97% of its text" in page
    assert "12 rare names in common" in page
    assert "All articles of the story, 1 more" in page
    assert page.count('<li class="hit">') == 3
    single = client.get("/search?q=grain&group=none").get_data(as_text=True)
    assert single.count('<li class="hit">') == 10
    assert client.get("/search?q=grain&group=x").status_code == 400
    listed = client.get("/search?q=story:20&group=none").get_data(as_text=True)
    assert listed.count('<li class="hit">') == 7


def test_copies_that_are_hidden_are_not_listed_either(engine):
    articles = [
        make_article(
            f"{number}",
            "Grain ships",
            "The grain leaves.",
            published=f"2024-01-1{number}",
            source=f"Gazette {number}",
        )
        for number in range(9)
    ]
    filled(engine, articles)
    with engine.writer() as writer:
        writer.place("0", Place(1, 7))
        for one in articles[1:7]:
            writer.place(one.id, Place(1, 7, "copy", article_number("0"), 97))
        writer.place("7", Place(1, 0, "version", article_number("0"), 90))
        writer.place("8", Place(1, 0, "story", article_number("7"), 0, 4))
    service = SearchService(engine, FixedClock(NOW))

    def listed(query):
        hit = service.run(Request(query, sort="oldest")).to_json()["hits"][0]
        assert hit["story"]["id"] == "0"
        assert hit["story"]["articles"] == 9
        return hit["id"], [(one["id"], one["peer"]) for one in hit["story"]["versions"]]

    assert listed("grain copies:hide") == ("0", [("0", None), ("7", "0"), ("8", "7")])
    assert listed("grain source:=“Gazette 3” copies:hide") == ("3", [("7", None), ("8", "7")])
    assert len(listed("grain source:=“Gazette 3”")[1]) == 5
    page = (
        create_app(service=service)
        .test_client()
        .get("/search?q=grain+copies:hide&sort=oldest")
        .text
    )
    assert "a version of the article above, 90% of its text" in page
    assert "4 rare names in common with Gazette 7" in page
    assert "All articles of the story, 6 more" in page


def test_the_reason_of_the_hit_is_with_the_article_that_it_came_by(engine):
    early = make_article("a", "Grain", "Grain.", published="2024-01-01")
    late = make_article("b", "Grain ships", "Grain.", published="2024-01-02")
    filled(engine, [early, late])
    with engine.writer() as writer:
        writer.place("a", Place(1))
        writer.place("b", Place(1, 0, "story", article_number("a"), 0, 9))
    client = create_app(service=SearchService(engine, FixedClock(NOW))).test_client()
    page = client.get("/search?q=ships").get_data(as_text=True)
    assert "9 rare names in common" in page
