"""Citations and other ways out of the page: of articles, of searches, and into browsers.

Covers web: browsers and cited.
"""

from __future__ import annotations

import html
import json
import re
from xml.etree import ElementTree

import pytest
from fakes import HOSTILE, NOW, filled, grain_articles, make_article

from searcher.clock import FixedClock
from searcher.engine.memory import MemoryEngine
from searcher.search.service import SearchService
from web import create_app


def text(answer) -> str:
    return html.unescape(re.sub(r"<[^>]*>", "", answer.get_data(as_text=True)))


def test_an_article_is_cited_on_its_page_and_in_four_formats(client):
    page = client.get("/article?id=id03")
    assert "“Grain 3”. 4 January 2022." in text(page)
    links = re.findall(r'href="(/cite\?[^"]+)"', page.get_data(as_text=True))
    assert len(links) == 4
    found = [client.get(html.unescape(link)) for link in links]
    assert [one.content_type.partition(";")[0] for one in found] == [
        "text/plain", "application/x-bibtex", "application/x-research-info-systems",
        "application/vnd.citationstyles.csl+json",
    ]  # fmt: skip
    assert json.loads(found[3].get_data())[0]["title"] == "Grain 3"
    assert client.get("/api/v1/cite?id=id03").get_data() == found[0].get_data()
    assert client.get("/cite?id=none").status_code == 404
    assert client.get("/cite?id=id03&format=doc").status_code == 400


@pytest.fixture
def engine():
    return filled(MemoryEngine(), [*grain_articles(5), make_article("x", HOSTILE, HOSTILE)])


@pytest.fixture
def page(engine):
    return create_app(service=SearchService(engine, FixedClock(NOW))).test_client()


def test_a_cited_search_says_when_its_answer_has_changed(page, engine):
    made = page.get("/cited?q=ships&lang=en")
    assert made.status_code == 302
    address = made.headers["Location"]
    assert "q=ships&lang=en" in address
    assert "at=2024-06-01T12%3A00%3A00Z&total=5" in address
    cited = page.get(address)
    assert "nothing was indexed since" in text(cited)
    assert "News search for “ships” (lang en): 5 articles, 1 June 2024, 12:00 UTC" in text(cited)
    assert f"http://localhost{address}" in text(cited)
    filled(engine, [make_article("other", "Other")])
    assert "The answer is the same, though the index has changed" in text(page.get(address))
    filled(engine, [make_article("new", "Ships")])
    assert "The answer has changed: 5 articles then, 6 now." in text(page.get(address))
    with engine.writer() as writer:
        writer.delete("00")
    assert "5 articles as then, but others" in text(page.get(address))


def test_the_exports_of_a_cited_search_are_of_the_same_articles(page):
    for path in ("/cited?q=ships+5", "/cited?q=ships+5&match=any"):
        cited = page.get(page.get(path).headers["Location"])
        total = re.search(r"(\d+) articles,", text(cited))[1]
        links = re.findall(r'href="(/export\?[^"]+)"', cited.get_data(as_text=True))
        assert len(links) == 6
        for link in links:
            with page.get(html.unescape(link)) as export:
                assert export.headers["X-Total-Count"] == total


@pytest.mark.parametrize(
    ("query", "status"),
    [("", 400), ("q=a&digest=x&at=soon", 400), ("q=a&digest=x&total=x", 400), ("q=a&after=x", 400),
     (f"q={HOSTILE}&digest=<b>&at=2024-06-01T12:00:00Z".replace("&amp;", "").replace("+", ""), 200)],
)  # fmt: skip
def test_wrong_citations_are_explained(page, query, status):
    answer = page.get(f"/cited?{query}")
    assert answer.status_code == status
    assert "<script>alert" not in answer.get_data(as_text=True)


def test_browsers_can_add_the_search(page):
    described = ElementTree.fromstring(page.get("/opensearch.xml").get_data())
    space = "{http://a9.com/-/spec/opensearch/1.1/}"
    urls = {one.get("type"): one.get("template") for one in described.findall(f"{space}Url")}
    for kind, template in urls.items():
        found = page.get(
            template.replace("{searchTerms}", "grain").removeprefix("http://localhost")
        )
        with found:
            assert found.status_code == 200
            assert found.content_type.startswith(kind)
    assert page.get("/suggest?q=gra").json == ["gra", ["grain"]]
    assert 'rel="search"' in page.get("/").get_data(as_text=True)


def test_suggestions_for_browsers_without_an_index(tmp_path):
    client = create_app(service=SearchService(MemoryEngine(), FixedClock(NOW))).test_client()
    assert client.get("/suggest?q=gra").json == ["gra", []]


def test_results_lead_to_their_feed_table_and_citation(page):
    found = page.get("/search?q=ships").get_data(as_text=True)
    for start in (
        "/export?q=ships&amp;format=atom&amp;n=50&amp;group=story",
        "/export?q=ships&amp;format=csv",
        "/cited?q=ships",
    ):
        assert f'href="{start}"' in found
