"""Filters of the page: each count is that of the page behind its link, on both engines.

Covers web: advanced and filters_view; command.filter_options; search.request; columnar.searching.narrowing.
"""

from __future__ import annotations

import html
import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from fakes import NOW, day, filled, make_article
from hypothesis import given
from hypothesis import strategies as st

from searcher.clock import FixedClock
from searcher.engine.places import Place
from searcher.engine.searches import FACETS
from searcher.query.parser import parse
from searcher.search.request import CHOSEN, SINCE, Request
from searcher.search.service import SearchService
from web import create_app
from web.advanced import AdvancedForm, read_back
from web.article_view import ago
from web.filters_view import PAGE_FACETS, filters_view

pytestmark = pytest.mark.usefixtures("loops")

_DAYS = (None, "2021-05-01", "2022-03-04", NOW.strftime("%Y-%m-%d"), "2022-03-09")


@pytest.fixture
def service(engine):
    """Return a service over forty articles, some of them of one story."""
    articles = [
        make_article(
            f"a{number:02}",
            f"Grain {number}",
            "The grain ships leave." if number % 3 else "The ships wait.",
            language=("en", "fr", "en", "und")[number % 4],
            source=("BBC News", "BBC", "-odd, =name", "", "AFP")[number % 5],
            section=("World", "", "Sport")[number % 3],
            agency="AFP" if number % 7 == 0 else "",
            kind="live" if number % 9 == 0 else "",
            published=_DAYS[number % 5],
        )
        for number in range(40)
    ]
    filled(engine, articles)
    with engine.writer() as writer:
        for number in range(0, 40, 2):
            writer.place(f"a{number:02}", Place(number % 8 + 1, 0, "story", 0, 0, 0))
    yield SearchService(engine, FixedClock(NOW))
    engine.close()


@pytest.fixture
def client(service):
    return create_app(service=service).test_client()


def choices(page):
    """Return the links in the filters of a page, with their counts."""
    found = re.findall(
        r'<li class="(chosen|excluded|open)"><a href="([^"]+)">.*?class="count">([\d,]+)<', page
    )
    return [
        (state != "open", html.unescape(link), int(count.replace(",", "")))
        for state, link, count in found
    ]


def total(client, link):
    asked = link.replace("/search?", "/api/v1/search?")
    return client.get(asked).get_json()["total"]


@pytest.mark.parametrize("group", ["", "&group=none"])
@pytest.mark.parametrize(
    "chosen",
    [
        "",
        "&lang=fr",
        "&source==BBC&section==World",
        "&lang=en&section=-=Sport",
        "&after=2022",
        "&after=2022&before=2023&kind=live",
        "&source=bbc",
    ],
)
def test_a_count_is_what_one_gets(client, chosen, group):
    page = client.get(f"/search?q=ships{chosen}{group}").get_data(as_text=True)
    found = [(link, count) for state, link, count in choices(page) if not state]
    assert len(found) > 5
    before = total(client, f"/search?q=ships{chosen}{group}")
    for link, count in found:
        # One value more of a filter adds its articles to those of the values that were chosen.
        assert total(client, link) in (count, count + before), link


@pytest.mark.parametrize("name", CHOSEN)
def test_values_of_one_filter_add_up_and_an_excluded_one_is_left_out(service, name):
    facet = {"lang": "language"}.get(name, name)
    counts = service.run(Request("ships", facets=FACETS)).facets[facet]
    mark = "" if name == "lang" else "="
    values = [value for value in counts if value][:2]
    both = Request("ships", **{name: tuple(mark + value for value in values)})
    assert service.run(both).total == sum(counts[value] for value in values)
    without = Request("ships", **{name: f"-{mark}{values[0]}"})
    assert service.run(without).total == sum(counts.values()) - counts[values[0]]
    assert service.run(Request("", **{name: mark + values[0]})).total >= counts[values[0]]


def test_whole_values_are_typed_with_an_equals_sign(service):
    assert service.run('source:="BBC News"').total == 8
    assert service.run("source:bbc").total == 16
    assert service.run('-source:="BBC" source:bbc').total == 8
    assert service.run('source:="bbc"').total == 0
    assert service.run("kind:live").total == 5
    assert service.run("author:=x ships").warnings[0].message == "= has no effect in author:"


def test_chips_remove_one_filter_each(client):
    page = client.get("/search?q=ships&lang=fr,en&source=-%3DBBC&after=7d").get_data(as_text=True)
    chips = page.partition('class="filters"')[2].partition("</ul>")[0]
    words = " ".join(re.sub(r"<[^>]+>", "", chips).split())
    for text in ("Language: French", "Language: English", "Source: not BBC", "Date: last 7 days"):
        assert text in words
    links = [html.unescape(link) for link in re.findall(r'href="([^"]+)"', chips)]
    assert "/search?q=ships&source=-=BBC&after=7d&lang=en" in links
    assert "/search?q=ships" in links
    year = client.get("/search?q=ships&after=2022&before=2023").get_data(as_text=True)
    assert re.search(r"Year:\s+<bdi>2022</bdi>", year)


def test_what_would_change_nothing_is_no_filter():
    found = filters_view(Request("x"), {"language": {"en": 3}, "source": {"": 3}}, NOW)
    assert (found.facets, found.chips, found.clear) == ([], [], "")
    found = filters_view(Request("x"), {"agency": {"": 3, "AFP": 1}}, NOW)
    assert [one.label for one in found.facets[0].first] == ["AFP"]


def test_filters_are_counted_when_they_leave_nothing(client):
    page = client.get("/search?q=ships&lang=de").get_data(as_text=True)
    assert "No articles found" in page
    assert [count for state, _, count in choices(page) if state] == [0]
    assert any(count > 5 for _, _, count in choices(page))


@pytest.mark.parametrize("value", ["-", "=", "-=", "klingon!"])
def test_values_that_cannot_be_read_are_refused(client, value):
    assert client.get("/search", query_string={"q": "x", "lang": value}).status_code == 400


def test_there_is_an_end_to_values(client):
    many = "&".join(f"source=s{number}" for number in range(101))
    assert client.get(f"/search?q=x&{many}").status_code == 400


def test_the_page_counts_all_that_it_shows(service):
    found = service.run(Request("ships", facets=PAGE_FACETS)).facets
    assert tuple(found) == PAGE_FACETS
    assert list(found[SINCE]) == ["1d", "7d", "30d", "1y"]
    assert found[SINCE]["1d"] == 8


@pytest.mark.parametrize(
    ("published", "precision", "words"),
    [
        ("2022-07-31", "minute", "12 hours ago"),
        ("2022-07-31", "day", "today"),
        ("2022-07-30", "day", "yesterday"),
        ("2022-07-28", "day", "3 days ago"),
        ("2022-07-01", "day", "4 weeks ago"),
        ("2022-01-01", "day", "6 months ago"),
        ("2019-07-01", "day", "3 years ago"),
        ("2019-07-01", "year", ""),
        ("2022-08-02", "minute", ""),
    ],
)
def test_ages_are_as_precise_as_dates(published, precision, words):
    now = datetime(2022, 7, 31, 12, 30, tzinfo=UTC)
    assert ago(replace(day(published), precision=precision), now) == words


def test_the_advanced_form_writes_a_query_that_says_the_same(client):
    fields = {
        "all": "ships OR",
        "phrase": 'ships "leave',
        "any": "grain (wait)",
        "none": "-storm",
        "title": "grain",
        "source": "BBC News",
        "lang": "en",
        "after": "2022-03-01",
    }
    page = client.get("/advanced", query_string=fields).get_data(as_text=True)
    query = html.unescape(re.search(r"<code><bdi>(.*?)</bdi>", page).group(1))
    assert query == (
        '+ships +or +"ships leave" +(grain OR wait) -storm title:grain source:"BBC News" lang:en '
        "after:2022-03-01"
    )
    assert parse(query, NOW).warnings == ()
    found = client.get("/advanced", query_string=fields | {"search": "on"})
    assert found.headers["Location"].startswith("/search?q=%2Bships")
    empty = client.get("/advanced?search=on")
    assert empty.status_code == 200
    assert "Your query" not in empty.get_data(as_text=True)


@given(st.text(max_size=20), st.text('+-="() ORb', max_size=12))
def test_the_fields_of_the_form_are_words_never_operators(first, second):
    form = AdvancedForm(first, second, second, first, second, first, "", "", "")
    assert [one for one in parse(form.query, NOW).warnings if "operator" in one.message] == []


@pytest.mark.parametrize(
    ("query", "fields"),
    [
        ("grain deal", {"all": "grain deal"}),
        ("+grain +deal", {"all": "grain deal"}),
        ('+grain +"black sea"', {"all": "grain", "phrase": "black sea"}),
        ("+(odesa OR odessa) -tanks", {"any": "odesa odessa", "none": "tanks"}),
        ('title:nato source:"harbour gazette" lang:en,fr', {"title": "nato", "source": "harbour gazette", "lang": "en,fr"}),
        ("grain after:2022-06-01 before:2023", {"all": "grain", "after": "2022-06-01", "before": "2023"}),
        ('-"black sea" grain', {"all": "grain", "none": '"black sea"'}),
    ],
)  # fmt: skip
def test_the_advanced_form_reads_a_query_back(query, fields):
    found = read_back(query)
    assert found == AdvancedForm(**(dict.fromkeys(AdvancedForm.__dataclass_fields__, "") | fields))
    assert read_back(found.query) == found


@pytest.mark.parametrize(
    "query",
    ["grain*", "grain~", "=grain", "grain OR deal", "a AND b", "NOT a", "(a b)", "((a))", '"a" "b"',
     "-title:x", "agency:AFP", "-(a OR b)", "a^2", '"open', "x)", "lang:en lang:fr", '"a b"~5'],
)  # fmt: skip
def test_what_the_advanced_form_cannot_write_is_not_read(query):
    assert read_back(query) is None


@given(st.text(st.sampled_from('ab "()+-:*'), max_size=20))
def test_reading_back_loses_nothing(query):
    """The fields that are read write themselves."""
    found = read_back(query)
    written = found.query if found else ""
    assert not written or read_back(written).query == written


def test_the_advanced_form_shows_a_typed_query(client):
    page = client.get("/advanced?q=grain+-tanks").text
    assert 'value="grain"' in page
    assert 'value="tanks"' in page
    assert "Your query says more" in client.get("/advanced?q=grain*").text
    assert 'href="/advanced?q=grain"' in client.get("/search?q=grain").text


def test_all_values_of_a_filter_are_one_step_away():
    counts = {f"Paper {number}": 100 - number for number in range(40)}
    (found,) = filters_view(Request("x"), {"source": counts}, NOW).facets
    assert (len(found.first) + len(found.more), found.is_open) == (15, False)
    assert found.all == "/search?q=x&all=source"
    (found,) = filters_view(Request("x"), {"source": counts}, NOW, "source").facets
    assert (len(found.first) + len(found.more), found.all, found.is_open) == (40, "", True)
