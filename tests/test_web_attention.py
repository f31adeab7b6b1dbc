"""The page and the API of articles by period.

Covers web: attention_view, chart_view, addresses, api, pages, parameters and period_words.
"""

from __future__ import annotations

import csv
import html
import io
import re
from datetime import date

import pytest
from fakes import NOW, filled, make_article

from searcher.clock import FixedClock
from searcher.engine.memory import MemoryEngine
from searcher.search.request import Request
from searcher.search.service import SearchService
from web import create_app
from web.attention_view import attention_view
from web.chart_view import shares_of, small_chart
from web.period_words import in_words

PEAK = [make_article(f"p{n}", "=Grain & flood", "Rain.", published="2022-01-15") for n in range(30)]
USUAL = [
    make_article(f"u{n}", "Storm", "Grain." * (n % 10 == 0), published=f"2022-01-{n % 28 + 1:02}")
    for n in range(200)
]


@pytest.fixture
def service():
    undated = make_article("none", "Grain")
    return SearchService(filled(MemoryEngine(), [*PEAK, *USUAL, undated]), FixedClock(NOW))


@pytest.fixture
def page(service):
    client = create_app(service=service).test_client()
    return lambda path: client.get(path).get_data(as_text=True)


def test_the_chart_has_a_bar_for_each_day_and_a_table_as_its_alternative(page):
    body = page("/attention?q=grain")
    assert body.count('<a href="/search?') == 2 * body.count('class="place') + 2
    assert "51 articles</a>, 1 of them without a date" in body
    assert '<th scope="col">Day</th>' in body
    assert "15 January 2022" in body
    assert "UTC" in body


def test_a_peak_is_marked_and_described(page):
    body = page("/attention?q=grain&view=share")
    assert body.count('class="peak"') == 1
    assert '<strong dir="auto">flood, Rain</strong>' in body
    assert "=Grain &amp; flood" in body


@pytest.mark.parametrize(
    "query", ["q=grain", "q=grain&by=week&view=share", "q=grain&after=2022-01-10"]
)
def test_every_link_leads_somewhere(service, query):
    client = create_app(service=service).test_client()
    body = client.get(f"/attention?{query}").get_data(as_text=True)
    links = {html.unescape(link) for link in re.findall(r'href="(/[^"]*)"', body)}
    assert len(links) > 10
    for link in links:
        with client.get(link) as answer:
            assert answer.status_code == 200, link


def test_a_bar_leads_to_its_articles(service):
    client = create_app(service=service).test_client()
    found = service.attention.count(Request("grain", after="2022-01-10"), "week")
    view = attention_view(Request("grain", after="2022-01-10"), found, "week", "articles", {})
    for bar in view.bars:
        answer = client.get("/api/v1" + bar.link).get_json()
        assert answer["total"] == bar.articles, bar.period


def test_sources_have_their_share(client, page):
    """The largest ones have a bar each; the others are one number."""
    view, others = shares_of(
        Request("grain"), {"A": 60, "": 20, **{f"s{n:02}": 1 for n in range(20)}}, 100
    )
    assert [(one.source, one.share, one.width) for one in view[:2]] == [
        ("A", "60%", "100%"),
        ("s00", "1%", "1.667%"),
    ]
    assert view[0].link == "/search?q=grain&source==A"
    assert (len(view), others) == (10, 31)
    assert shares_of(Request("grain"), {}, 0) == ([], 0)


def test_a_small_chart_has_a_bar_a_month_or_a_year():
    chart = small_chart({"2024-03": 4, "2024-01": 2})
    assert (chart.bars, chart.first, chart.last) == (3, "Jan 2024", "Mar 2024")
    assert chart.shape == "M0 24v-12.0h.8V24M2 24v-24.0h.8V24"
    years = small_chart({"2001-05": 1, "2001-06": 1, "2024-01": 8})
    assert (years.bars, years.first, years.last) == (24, "2001", "2024")
    assert years.shape.startswith("M0 24v-6.0h")
    for few in ({}, {"2024-01": 5}, {"2024-01": 5, "2024-02": 1}, {"0001-01": 1, "9999-12": 1}):
        assert small_chart(few) is None


def test_results_link_to_it(page):
    assert 'href="/attention?q=grain&amp;lang=en"' in page("/search?q=grain&lang=en&sort=newest")
    assert 'href="/attention?lang=en"' in page("/search?lang=en")


@pytest.mark.parametrize("query", ["q=nosuchword", "q=none", "q=%3D", "q=title:grain+-flood"])
def test_nothing_to_count(page, query):
    body = page(f"/attention?{query}")
    assert "over time" in body
    assert "<svg" not in body or 'class="place' in body


@pytest.mark.parametrize("path", ["by=hour", "view=x", "after=x", "format=xml"])
def test_wrong_parameters_are_named(service, path):
    client = create_app(service=service).test_client()
    name = "/api/v1/attention" if path.startswith("format") else "/attention"
    assert client.get(f"{name}?q=grain&{path}").status_code == 400


def test_without_a_query(service):
    client = create_app(service=service).test_client()
    assert client.get("/attention").location == "/"
    assert client.get("/api/v1/attention").status_code == 400


def test_the_api_answers_in_json_and_csv(service):
    client = create_app(service=service).test_client()
    answer = client.get("/api/v1/attention?q=grain").get_json()
    assert (answer["total"], answer["undated"], answer["by"], answer["zone"]) == (
        51,
        1,
        "day",
        "UTC",
    )
    assert sum(one["articles"] for one in answer["periods"]) == 50
    assert answer["peaks"][0]["start"] == "2022-01-15"
    table = client.get("/api/v1/attention?q=grain&format=csv")
    assert table.mimetype == "text/csv"
    rows = list(csv.DictReader(io.StringIO(table.get_data(as_text=True))))
    assert [int(row["articles"]) for row in rows] == [one["articles"] for one in answer["periods"]]
    assert [row["headline"] for row in rows if row["headline"]] == ["'=Grain & flood"]


@pytest.mark.parametrize(
    ("start", "step", "words"),
    [
        (date(2024, 5, 13), "day", "13 May 2024"),
        (date(2024, 5, 13), "week", "13–19 May 2024"),
        (date(2024, 4, 29), "week", "29 Apr – 5 May 2024"),
        (date(2024, 12, 30), "week", "30 Dec 2024 – 5 Jan 2025"),
        (date(9999, 12, 27), "week", "27–31 Dec 9999"),
        (date(2024, 5, 1), "month", "May 2024"),
        (date(2024, 1, 1), "year", "2024"),
    ],
)
def test_periods_in_words(start, step, words):
    assert in_words(start, step) == words
