"""Two articles side by side: the page, its answers to wrong addresses, and the API.

Covers web.compared.
"""

from __future__ import annotations

import html
import re

import pytest
from fakes import HOSTILE, filled, make_article

from searcher.engine.memory import MemoryEngine
from searcher.search.service import SearchService
from web import create_app

SHIP = "A ship with 800 tonnes of grain left the port of Odesa on Monday, the ministry said."
OTHER = "A ship with more than 800 tonnes of maize left the port of Odessa on Monday, the ministry said."
HELP = "“We will need help from all of our neighbours,” the mayor of the town said."
RAIN = "Rain is expected in the whole of the region until the end of next week."


@pytest.fixture(scope="module")
def client():
    articles = (
        make_article("a&1", "Ship leaves", f"{SHIP}\n\n{HELP}\n\n{RAIN}", source="Gazette"),
        make_article("b", "Ship sails", f"{OTHER}\n\n{RAIN}", language="ar"),
        make_article("evil", HOSTILE, f"{HOSTILE}\n\n{SHIP} “{HOSTILE} {HOSTILE}”", source=HOSTILE),
        make_article("bare"),
    )
    engine = MemoryEngine()
    filled(engine, articles)
    return create_app(service=SearchService(engine)).test_client()


def body(response) -> str:
    return response.get_data(as_text=True)


def test_two_articles_side_by_side(client):
    page = client.get("/compare?a=a%261&b=b")
    assert page.status_code == 200
    text = body(page)
    assert "<bdi>800 tonnes</bdi>" in text
    assert "<bdi>more than 800 tonnes</bdi>" in text
    assert re.search(
        r'<span class="spelling">Odesa\s*<span class="hidden"> \[other spelling: Odessa\]', text
    )
    assert (
        '<del><span class="hidden">[only in the first: </span>grain<span class="hidden">]' in text
    )
    assert (
        '<ins><span class="hidden">[only in the second: </span>maize<span class="hidden">]' in text
    )
    assert '<q dir="auto" lang="en">We will need help from all of our neighbours</q>' in text
    assert text.count(RAIN) == 1
    assert 'lang="ar"' in text
    assert "/article?id=a%261" in text
    levels = [int(level) for level in re.findall(r"<h(\d)", text)]
    assert levels[0] == 1
    assert set(levels[1:]) == {2}


def test_paragraphs_of_one_article_alone_are_named_in_words(client):
    text = re.sub(r"<[^>]+>", "", body(client.get("/compare?a=a%261&b=b")))
    assert "First, paragraph 2, only here" in text
    assert "In both, paragraph 2" in text


def test_a_sentence_that_moved_links_to_its_place(client):
    text = body(client.get("/compare?a=a%261&b=evil"))
    links = set(re.findall(r'href="#([ab]-\d+)"', text))
    assert links <= set(re.findall(r'id="([ab]-\d+)"', text))


@pytest.mark.parametrize(
    ("address", "status", "words"),
    [
        ("/compare", 400, "a and b are their ids"),
        ("/compare?a=b", 400, "a and b are their ids"),
        ("/compare?a=b&b=b", 409, "These are one article"),
        ("/compare?a=b&b=none", 404, "There is no article none."),
        ("/compare?a=none&b=b", 404, "There is no article none."),
        ("/compare?a=b&b=evil&a_version=7", 404, "There is no version 7"),
        ("/compare?a=b&b=evil&a_version=x", 404, "There is no version x"),
        ("/compare?a=b&b=" + "%3Cscript%3E", 404, "There is no article <script>."),
    ],
)  # fmt: skip
def test_wrong_addresses_are_explained(client, address, status, words):
    page = client.get(address)
    assert page.status_code == status
    assert words in html.unescape(body(page))
    assert "<script>." not in body(page)
    answer = client.get(address.replace("/compare", "/api/v1/compare"))
    assert (answer.status_code, words in answer.json["error"]) == (status, True)


def test_markup_in_articles_is_escaped(client):
    for pair in ("a=evil&b=b", "a=b&b=evil", "a=bare&b=evil", "a=evil&b=bare"):
        text = body(client.get(f"/compare?{pair}"))
        assert "<script>alert" not in text
        assert "<img" not in text
        assert "&lt;script&gt;" in text


def test_articles_without_text_can_be_compared(client):
    assert client.get("/compare?a=bare&b=b").status_code == 200


def test_the_api_gives_the_texts_and_their_parts(client):
    found = client.get("/api/v1/compare?a=a%261&b=b").json
    assert [one["id"] for one in found["articles"]] == ["a&1", "b"]
    assert found["figures"] == [{"first": "800 tonnes", "second": "more than 800 tonnes"}]
    assert found["names"] == [{"first": "Odesa", "second": "Odessa"}]
    assert found["quotes"]["second"] == []
    for side in ("first", "second"):
        texts = [""] * len(found[side])
        for row in found["rows"]:
            for part in row["parts"]:
                if part[side]:
                    paragraph, start, end = part[side]
                    texts[paragraph] += found[side][paragraph][start:end]
        assert texts == found[side]


def test_similar_articles_can_be_compared(client):
    assert "/compare?a=a%261&amp;b=" in body(client.get("/similar?id=a%261"))
