"""Pages: their content, their links, and responses to wrong parameters.

Covers web: addresses, article_view, hit_view, pages, parameters, query_view and results_view.
"""

from __future__ import annotations

import html
import re

import pytest
from fakes import NOW, filled, make_article, manual
from jinja2 import UndefinedError

from searcher.clock import FixedClock
from searcher.engine import common_words
from searcher.engine.memory import MemoryEngine
from searcher.search.hits import Hits
from searcher.search.request import Request
from searcher.search.service import SearchService
from web import create_app
from web.addresses import address
from web.article_view import long_date
from web.results_view import results_view


def text(response) -> str:
    """Return the text of a page, with white space as a browser shows it."""
    shown = html.unescape(re.sub(r"<[^>]+>", "", response.get_data(as_text=True)))
    return " ".join(shown.split())


def test_home(client):
    page = client.get("/")
    assert page.status_code == 200
    assert "32 articles in 2 languages" in text(page)
    assert "Grain 29" in text(page)


def test_results(client):
    page = client.get("/search?q=grain+odesa&lang=en")
    assert "1–10 of 30 articles for grain odesa" in text(page)
    assert "They have all words (only those); 1 article more has some" in text(page)
    body = page.get_data(as_text=True)
    assert "<mark>Grain</mark>" in body
    assert '<time datetime="2022-01-30T00:00:00Z">30 January 2022</time>' in body
    assert 'name="lang" value="en"' in body
    assert "/search?q=grain+odesa&amp;lang=en&amp;page=4" in body


def test_every_link_of_a_result_page_leads_somewhere(client):
    body = client.get("/search?q=grain+odesa+x:y&page=2&sort=oldest").get_data(as_text=True)
    links = {html.unescape(link) for link in re.findall(r'href="(/[^"]*)"', body)}
    assert len(links) > 15
    for link in links:
        with client.get(link, follow_redirects=True) as answer:
            assert answer.status_code == 200, link


def test_match_all_is_one_click_away_and_back(client):
    body = client.get("/search?q=grain+odesa").get_data(as_text=True)
    assert '<a href="/search?q=grain+odesa&amp;match=all">only those</a>' in body
    body = client.get("/search?q=grain+odesa&match=all").get_data(as_text=True)
    assert "With all words" in text(client.get("/search?q=grain+odesa&match=all"))
    assert '<a href="/search?q=grain+odesa">show those with some, too</a>' in body


def test_those_with_some_words_come_after_those_with_all(client):
    page = client.get("/search?q=grain+odesa&page=4")
    assert "30 articles for grain odesa" in text(page)
    body = page.get_data(as_text=True)
    assert '<h2 class="tier">1 article with some of the words</h2>' in body
    assert '<ol class="hits" start="31">' in body
    together = client.get("/search?q=grain+odesa&match=any")
    assert "1–10 of 31 articles for grain odesa" in text(together)
    assert "30 with all words, the others with some" in text(together)
    assert '<a href="/search?q=grain+odesa">count those with all by themselves</a>' in (
        together.get_data(as_text=True)
    )
    none = text(client.get("/search?q=grain+xqzwy&verbatim=on"))
    assert "1–10 of 31 articles for grain xqzwy" in none
    assert "None has all words; these have some of them" in none


def test_warnings_show_the_place(client):
    body = client.get('/search?q=grain+"open').get_data(as_text=True)
    assert "An unclosed quote was read to the end" in body
    assert "<mark>&#34;open</mark>" in body


def test_an_article(client):
    body = client.get("/article?id=id03&q=odesa").get_data(as_text=True)
    assert "<mark>Odesa</mark>" in body
    assert "<mark>" not in client.get("/article?id=id03").get_data(as_text=True)
    assert 'lang="ar"' in client.get("/article?id=arabic").get_data(as_text=True)


def test_what_is_known_around_an_article_is_shown():
    engine = MemoryEngine()
    known = {
        "authors": ("Ann Other",),
        "agency": "AFP",
        "dateline": "ODESA",
        "paywalled": True,
        "notices": ("From a feed.",),
    }
    with engine.writer() as writer:
        writer.add(make_article("a", "Grain", "Ships wait.", **known))
        writer.add(
            make_article("b", "Grain", "Ships wait.", authors=("AFP",), agency="AFP", kind="live")
        )
    client = create_app(service=SearchService(engine, FixedClock(NOW))).test_client()
    shown = text(client.get("/article?id=a"))
    assert "Ann Other · AFP · ODESA" in shown
    assert "without a subscription" in shown
    assert "From a feed." in shown
    other = text(client.get("/article?id=b"))
    assert "AFP ·" not in other
    assert "This is a live report." in other


def test_the_search_survives_an_article_and_back(client):
    start = "/search?q=grain+odesa&sort=oldest&lang=en&after=2022-01-05&match=all&n=5&page=2"
    body = html.unescape(client.get(start).get_data(as_text=True))
    link = re.search(r'<h2[^>]*><a href="([^"]+)"', body).group(1)
    body = html.unescape(client.get(link).get_data(as_text=True))
    back = re.search(r'class="back"><a href="([^"]+)"', body).group(1)
    assert untimed(client.get(back)) == untimed(client.get(start))
    assert dict(re.findall(r'name="(\w+)"\s+value="([^"]*)"', body)) == {
        "q": "grain odesa",
        "sort": "oldest",
        "lang": "en",
        "after": "2022-01-05",
        "match": "all",
        "n": "5",
    }


def untimed(response) -> str:
    return re.sub(r"\d+ ms", "", text(response))


def test_a_page_past_the_end_leads_back(client):
    page = client.get("/search?q=grain&page=40")
    assert "There is no page 40" in text(page)
    assert '<a href="/search?q=grain&amp;page=4">Go to the last page</a>' in page.get_data(
        as_text=True
    )
    body = client.get("/search?q=grain&page=2").get_data(as_text=True)
    assert '<a href="/search?q=grain" rel="prev">' in body
    assert '<a href="/search?q=grain&amp;page=3" rel="next">' in body


def test_warnings_far_into_a_query_show_their_place(client):
    assert "<mark>&#34;open</mark>" in client.get("/search?q=" + "grain+" * 60 + '"open').get_data(
        as_text=True
    )


def test_facts_keep_their_order_around_right_to_left_names(client):
    body = client.get("/search?q=زلزال").get_data(as_text=True)
    assert "<li><a href=" in body
    assert "<bdi>الميناء</bdi>" in body


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/search", 302, ""),
        ("/search?q=", 302, ""),
        ("/search?q=zzz", 200, "No articles found"),
        ("/search?q=grain&page=9999", 400, "out of reach"),
        ("/search?q=grain&page=x", 400, "page is a number"),
        ("/search?q=grain&page=-1", 400, "page is a number"),
        ("/search?q=grain&n=1000", 400, "1 to 100"),
        ("/search?q=grain&sort=best", 400, "sort is one of"),
        ("/search?q=grain&after=soon", 400, "is not a date"),
        ("/search?q=grain&match=some", 400, "any or all"),
        ("/article?id=nosuch", 404, "There is no article nosuch"),
        ("/nowhere", 404, "No such page"),
        ("/help", 200, "What a query can say"),
    ],
)
def test_answers(client, path, status, words):
    page = client.get(path)
    assert (page.status_code, words in text(page)) == (status, True)


def test_without_an_index_the_answer_is_503(tmp_path):
    from searcher import open_search

    client = create_app(service=open_search(tmp_path)).test_client()
    assert client.get("/").status_code == 503
    assert client.get("/healthz").status_code == 503
    assert client.get("/api/v1/search?q=x").status_code == 503
    assert "searcher index" in text(client.get("/search?q=x"))


def test_addresses_leave_out_what_is_as_by_default():
    assert address(Request("a b")) == "/search?q=a+b"
    full = Request(
        "é",
        sort="newest",
        page=3,
        size=20,
        lang="fr",
        source="AFP",
        after="2022",
        before="2023",
        match_all=True,
    )
    assert (
        address(full)
        == "/search?q=%C3%A9&sort=newest&lang=fr&source=AFP&after=2022&before=2023&match=all&n=20&page=3"
    )


def test_dates_are_shown_as_precisely_as_they_were_stated():
    from dataclasses import replace

    from fakes import day

    stamp = day("2022-06-06")
    shown = [
        long_date(replace(stamp, precision=precision))
        for precision in ("year", "month", "day", "minute")
    ]
    assert shown == ["2022", "June 2022", "6 June 2022", "6 June 2022, 00:00 UTC"]
    assert long_date(None) == "no date"


def test_templates_are_written_to_be_read(root):
    for template in (*(root / "web/templates").iterdir(), root / "web/static/style.css"):
        lines = template.read_text("utf-8").splitlines()
        assert max(map(len, lines)) <= 100, template.name


def test_a_name_that_a_view_lacks_is_an_error(client):
    template = client.application.jinja_env.from_string("{{ results.totl }}")
    request = Request("grain")
    results = results_view(request, Hits("grain", 0, 0, (), (), "relevance", 1, 10, 0.0), 30.0, NOW)
    with pytest.raises(UndefinedError, match="totl"):
        template.render(results=results)


def test_every_route_is_in_the_manual(client, root):
    documented = manual(root)
    pages = ("/", "/search", "/article", "/help", "/static/<path:filename>")
    for rule in client.application.url_map.iter_rules():
        name = rule.rule.replace("<path:article_id>", "ID")
        assert name in pages or name in documented, rule.rule


def test_other_spellings_are_shown_and_removed(client):
    page = client.get("/search?q=odessa")
    assert "odessa also as: Odesa ×" in text(page)
    without = re.search(r'href="(/search[^"]+without=Odesa)"', page.get_data(as_text=True))
    assert without
    page = client.get(html.unescape(without.group(1)))
    assert "Left out: Odesa" in text(page)
    assert "also as" not in text(page)


def test_frequent_words_are_named_and_function_words_are_not(monkeypatch):
    monkeypatch.setattr(common_words, "FEW", 1)
    engine = MemoryEngine()
    articles = [make_article(str(number), "", "He said the") for number in range(9)]
    filled(engine, [*articles, make_article("rare", "", "rare")])
    client = create_app(service=SearchService(engine, FixedClock(NOW))).test_client()
    page = text(client.get("/search?q=he+said+the+rare"))
    assert "In too many articles to find by: said Results" in page
    assert "In too many articles" not in text(client.get("/search?q=said+the"))
    assert "In too many articles" not in text(client.get("/search?q=the+rare"))
    found = client.get("/api/v1/search?q=he+said+the+rare").get_json()
    assert (found["common"], found["total"]) == (["he", "said", "the"], 1)


def test_a_correction_is_applied_and_can_be_refused(client):
    assert "Did you mean" not in text(client.get("/search?q=xqzwy"))
    page = client.get("/search?q=shpis")
    assert "These are results for ships" in text(page)
    refused = client.get("/search?q=shpis&verbatim=on")
    assert "No articles found" in text(refused)
    assert "Did you mean odesa ships?" in text(client.get("/search?q=odesa+shpis"))


def test_an_empty_result_says_what_empties_it(client):
    page = client.get("/search?q=grain&lang=ar")
    assert "Without lang:ar: 31 articles" in text(page)
    assert 'href="/search?q=grain"' in page.get_data(as_text=True)
    assert "Without +xqzwy: 31 articles" in text(client.get("/search?q=%2Bgrain+%2Bxqzwy"))


def test_what_dates_do_is_written_and_can_be_turned_off(client):
    page = client.get("/search?q=grain&explain=on")
    assert "half of that after 30 days" in text(page)
    assert "recency=off" in page.get_data(as_text=True)
    assert "Dates do not count" in text(client.get("/search?q=grain&recency=off"))


def test_broadened_explained_and_similar(client):
    page = client.get("/search?q=grain&broaden=on&explain=on")
    assert "as typed" in text(page)
    assert "score" in text(page)
    assert client.get("/search?q=grain&broaden=perhaps").status_code == 400
    assert "More like this" in text(client.get("/article?id=id00"))
    assert "Articles like Grain 0" in text(client.get("/similar?id=id00"))
    assert client.get("/similar?id=none").status_code == 404
