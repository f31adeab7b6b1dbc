"""The map of a story: who was first, and who has whose text.

Covers web.story_map.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from browsing import resize, served_app, violations
from fakes import HOSTILE, NOW, filled, make_article
from selenium.webdriver.common.by import By

from searcher.article import Timestamp
from searcher.clock import FixedClock
from searcher.engine.memory import MemoryEngine
from searcher.engine.places import Place
from searcher.search.service import SearchService
from web import create_app, languages
from web.languages import speech
from web.story_map import MOST_ROWS, story_map
from web.timeline_view import timeline_page

LEAD = (
    "A ship with 800 tonnes of grain left the port of Odesa on Monday for the first time since the "
    "port was closed in February, the ministry of infrastructure said in a statement."
)
WAY = "It flies the flag of Sierra Leone, and is on its way to Tripoli, where people wait for it."
MORE = "Bread has been scarce in Lebanon since the silos of Beirut were destroyed two years ago."
OWN = "Farmers near Mykolaiv said that they could not store another harvest without these ships."


def article(article_id, body, when, source=""):
    published = None
    if when:
        published = Timestamp(datetime.fromisoformat(when).replace(tzinfo=UTC), "minute", "test")
    return make_article(article_id, "Ship leaves", body, published=published, source=source)


ARTICLES = [
    article("wire", f"{LEAD}\n\n{WAY}", "2022-08-01T06:10", "Harbour Wire"),
    article("own", OWN, "2022-08-01T06:40", "Mykolaiv Farmer and Agricultural Observer"),
    article("copy", f"{LEAD}\n\n{WAY}\n\n{MORE}", "2022-08-01T07:25", "Gazette"),
    article("part", f"{LEAD}\n\n{OWN}", "2022-08-01T21:00", HOSTILE),
    article("second", f"{LEAD}\n\n{WAY}\n\n{MORE}", "2022-08-02T06:10", "السفير"),
    article("undated", f"{LEAD}\n\n{WAY}", "", "Mirror"),
]


def service_of(articles):
    engine = filled(MemoryEngine(), articles)
    with engine.writer() as writer:
        for one in articles:
            writer.place(one.id, Place(1))
    return SearchService(engine, FixedClock(NOW))


def map_of(articles):
    found = service_of(articles).timelines.read(articles[0].id)
    return story_map(found, timeline_page(found).events)


@pytest.fixture(scope="module")
def address():
    with served_app(create_app(service=service_of(ARTICLES))) as at:
        yield at


def test_an_article_follows_the_one_whose_text_it_has():
    drawn = map_of(ARTICLES)
    rows = [(row.event.number, row.name, row.parent, row.is_copied) for row in drawn.rows]
    assert rows == [
        (1, "Harbour Wire", None, False),
        (3, "Gazette", 0, True),
        (5, "السفير", 1, True),
        (4, HOSTILE, 0, False),
        (2, "Mykolaiv Farmer and Agricultural Observer", None, False),
    ]
    assert [row.at for row in drawn.rows] == [4, 11, 18, 11, 4]
    assert drawn.rows[2].share == "100%"
    moments = [row.moment_at for row in sorted(drawn.rows, key=lambda one: one.event.number)]
    assert moments == sorted(moments)
    assert (moments[0], moments[-1]) == drawn.times
    assert drawn.first.startswith("1 August 2022")
    assert drawn.last.startswith("2 August 2022")
    assert not drawn.is_whole


def test_lines_of_the_drawing_never_cross():
    """Between a row and that of its text there are only rows that have the text of one of both, or
    of others below them."""
    rows = map_of(ARTICLES).rows
    for row in rows:
        if row.parent is not None:
            between = rows[row.parent + 1 : row.number]
            assert all(one.parent is not None and one.parent >= row.parent for one in between)


def test_a_story_needs_two_dates_for_a_map():
    assert map_of(ARTICLES[-1:]) is None
    assert map_of([ARTICLES[0], ARTICLES[-1]]) is None
    assert len(map_of(ARTICLES[:2]).rows) == 2
    same = [article(name, LEAD, "2022-08-01T06:10", name) for name in ("a", "b")]
    assert len({row.moment_at for row in map_of(same).rows}) == 1


def test_the_first_articles_of_a_long_story_are_drawn():
    """Copies of copies of copies leave room for their names."""
    long = [
        article(f"a{number}", f"{LEAD}\n\n{MORE * (number > 0)}", f"2022-08-01T{number // 2:02}:10")
        for number in range(MOST_ROWS + 3)
    ]
    drawn = map_of(long)
    assert len(drawn.rows) == MOST_ROWS
    assert not drawn.is_whole
    assert all(row.text_width > 20 for row in drawn.rows)


def test_it_is_mirrored_where_one_reads_from_the_right(monkeypatch):
    left = map_of(ARTICLES)
    monkeypatch.setattr(languages, "current", lambda: speech("ar"))
    monkeypatch.setattr("web.story_map.current", lambda: speech("ar"))
    right = map_of(ARTICLES)
    for one, other in zip(left.rows, right.rows, strict=True):
        assert other.at == 100 - one.at
        assert other.text_at + other.text_width == pytest.approx(100 - one.text_at, abs=0.02)


def test_the_page_has_the_map_and_its_list():
    client = create_app(service=service_of(ARTICLES)).test_client()
    page = client.get("/story/wire").text
    assert page.count('class="moment" cx=') == 5
    assert page.count('class="line common"') == 2
    assert "The first 5 articles with a date are shown." in page
    assert 'href="#by-time"' in page
    assert HOSTILE not in page
    assert " style=" not in page
    assert re.search(r"<title>Gazette, 1 August 2022, 07:25 UTC\. Copied from 1, Harbour", page)
    assert 'class="map"' not in client.get("/story/none").text


@pytest.mark.parametrize("language", ["en", "ar", "zh"])
@pytest.mark.parametrize("width", [320, 1280])
def test_it_can_be_read_at_each_width(browser, address, width, language):
    """Numbers are inside of the drawing, and long names are cut there; axe finds nothing, dark or light."""
    for dark in (False, True):
        resize(browser, width, dark)
        browser.get(f"{address}/story/wire?ui={language}")
        page = browser.find_element(By.TAG_NAME, "html")
        assert int(page.get_property("scrollWidth")) <= width
        drawing = browser.find_element(By.CSS_SELECTOR, ".map > svg").rect
        texts = [one.rect for one in browser.find_elements(By.CSS_SELECTOR, ".map a > text")]
        for box in [one for one in texts if one["width"]]:
            assert box["x"] >= drawing["x"] - 1
            assert box["y"] + box["height"] <= drawing["y"] + drawing["height"] + 1
        assert violations(browser) == []
