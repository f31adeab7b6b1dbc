"""Exports: whole results, their order and snapshot, and each format, read back by other programs.

Covers search.listing and tables; export: formats, statement, table, json_formats and feeds.
"""

from __future__ import annotations

import csv
import io
import json
import tracemalloc
from dataclasses import replace
from datetime import UTC, datetime
from xml.etree import ElementTree

import feedparser
import pytest
from fakes import HOSTILE, NOW, ROOT, day, filled, grain_articles, make_article
from hypothesis import given
from hypothesis import strategies as st

from searcher.article import Article, Timestamp
from searcher.clock import FixedClock
from searcher.engine.memory import MemoryEngine
from searcher.engine.places import Place
from searcher.errors import SearchCutShort
from searcher.export.citations import CITATIONS
from searcher.export.feeds import atom, rss
from searcher.export.formats import FORMATS, pieces
from searcher.export.json_formats import compact, json_lines
from searcher.export.statement import Addresses, article_urn, statement
from searcher.export.table import COLUMNS, table
from searcher.search import listing
from searcher.search.listing import Head, Lister, Row, StoryOf, WholeResult
from searcher.search.request import Request
from searcher.search.service import SearchService
from searcher.search.tables import defused, undefused

GOLDEN = ROOT / "tests/data/export"
SERVER = Addresses(
    "https://news.example/search?q=a&sort=newest",
    "https://news.example/export?q=a&format=x",
    lambda article_id: f"https://news.example/article?id={article_id}",
)
HEAD = Head(
    Request("grain -ships", "newest", lang="en", after="2022", match_all=True, by_story=False),
    generation=7, at=NOW, indexed=900, total=3, count=3, warnings=("“zz*” is too short",),
)  # fmt: skip
ARTICLES = (
    make_article(
        "https://example.org/a?x=1&y=2", "Ships leave Odesa", "First line.\n\nSecond “line”.",
        url="https://example.org/a?x=1&y=2", source="The Harbour", section="World", agency="AFP",
        authors=("Ann Lee", "Bo"), dateline="Odesa", updated=day("2022-07-24"),
        published=Timestamp(datetime(2022, 7, 23, 9, 5, tzinfo=UTC), "minute", "meta"),
        image="https://example.org/a.jpg", notices=("Reprinted with permission.",),
        first_seen=Timestamp(datetime(2022, 7, 25, 1, 2, 3, tzinfo=UTC), "second", "file"),
    ),
    make_article("b", "=HYPERLINK(\"x\")", HOSTILE + "\n\n+1, \u202eevil\x00\ud800", language="ar"),
    make_article("c", "", "No headline, no date.", language="und", paywalled=True, kind="live"),
)  # fmt: skip
STORY = StoryOf("first", 4, 2, "copy")


def result(articles=ARTICLES) -> WholeResult:
    rows = (
        Row(rank, article, 3.25 / rank, STORY if rank == 1 else None)
        for rank, article in enumerate(articles, 1)
    )
    return WholeResult(HEAD, rows)


def written(name: str, articles=ARTICLES, addresses=SERVER) -> bytes:
    return b"".join(pieces(FORMATS[name], result(articles), addresses))


@pytest.mark.parametrize("name", FORMATS)
def test_a_format_is_as_it_was(name):
    """Other programs read the formats; `python tests/golden.py` writes the files again."""
    assert written(name) == (GOLDEN / f"{name}.golden").read_bytes()


@pytest.mark.parametrize("name", ["atom", "rss", "jsonfeed", "ninjs", *CITATIONS])
@pytest.mark.parametrize("addresses", [SERVER, Addresses()])
def test_no_link_is_a_script(name, addresses):
    """Readers of feeds and programs that manage references open these addresses."""
    article = make_article("a", "Grain", "Text.", url="javascript:run()", image="data:text/html,x")
    if name in CITATIONS:
        data = CITATIONS[name].write(article, NOW).encode()
    else:
        data = written(name, [article], addresses)
    assert b"javascript:" not in data
    assert b"data:text" not in data


@pytest.fixture
def lists(engine):
    """Return a lister over articles that share dates and scores, some of one story."""
    same = [
        make_article(f"s{n:02}", "Grain", "Same words.", published="2022-01-05") for n in range(9)
    ]
    undated = [make_article(f"u{n}", "Grain grain", "Other words.") for n in range(3)]
    filled(engine, [*grain_articles(20, "g"), *same, *undated])
    with engine.writer() as writer:
        for number, one in enumerate(("g03", "s04", "u1")):
            writer.place(one, Place(1, 0, "story" if number else "first"))
    return Lister(engine, FixedClock(NOW))


@pytest.mark.parametrize("sort", ["relevance", "newest", "oldest"])
@pytest.mark.parametrize("by_story", [False, True])
def test_a_listing_is_all_pages_of_the_search(lists, engine, sort, by_story):
    request = Request("grain", sort, by_story=by_story, recency=False)
    service = SearchService(engine, FixedClock(NOW))
    hits = [hit for page in range(1, 5) for hit in service.run(replace(request, page=page)).hits]
    with lists.open(request) as (head, rows):
        held = list(rows)
    assert [row.article.id for row in held] == [hit.article.id for hit in hits]
    assert [row.rank for row in held] == list(range(1, len(hits) + 1))
    assert (head.total, head.count, head.indexed) == (32, 30 if by_story else 32, 32)
    of = {row.article.id: row.story for row in held if row.story}
    assert set(of) <= {"g03", "s04", "u1"}
    assert {story.id for story in of.values()} == {"g03"}
    assert by_story or [of[one].relation for one in ("g03", "s04", "u1")] == [
        "first",
        "story",
        "story",
    ]
    with lists.open(request, most=5) as (head, rows):
        assert [row.article for row in rows] == [hit.article for hit in hits[:5]]
        assert (head.count, head.total) == (5, 32)


def test_a_listing_is_of_one_snapshot(lists, engine):
    with lists.open(Request("grain", "newest", by_story=False)) as (head, rows):
        first = next(rows)
        with engine.writer() as writer:
            writer.delete("g05")
            writer.add(make_article("new", "Grain", "", published="2023-01-01"))
        ids = [first.article.id, *(row.article.id for row in rows)]
    assert "g05" in ids
    assert "new" not in ids
    with lists.open(Request("grain", "newest", by_story=False)) as (later, rows):
        assert later.generation > head.generation
        assert next(rows).article.id == "new"


def test_a_query_that_says_what_has_to_match_overrules_the_request(lists):
    def listed(query, **options):
        with lists.open(Request(query, by_story=False, **options)) as (head, rows):
            return len(list(rows)), statement(head)["match"]

    every, some = listed("odesa grain", match_all=True), listed("odesa grain", match_any=True)
    assert (every[1], some[1]) == ("all", "any")
    assert some[0] > every[0] > 0
    assert listed("match:any odesa grain", match_all=True) == some
    assert listed("match:all odesa grain", match_any=True) == every


def test_a_listing_of_nothing_and_of_a_wrong_filter(lists):
    with lists.open(Request("nowhere")) as (head, rows):
        assert (head.total, head.count, list(rows)) == (0, 0, [])
    with lists.open(Request("")) as (head, rows):
        assert list(rows) == []
    with pytest.raises(ValueError, match="is not a date"), lists.open(Request("a", after="x")):
        pass


def test_a_search_that_takes_too_long_is_refused_instead_of_cut(lists, monkeypatch):
    monkeypatch.setattr(listing, "LISTING_SECONDS", -1.0)
    with pytest.raises(SearchCutShort), lists.open(Request("grain")):
        pass


TEXTS = st.text(st.characters(), max_size=30) | st.sampled_from(
    [
        "=1+1",
        "'=1",
        "''+1",
        "\t=1",
        "\r\n-1",
        "＝1",
        "@a",
        "a\0b",
        "\ud800",
        '"',
        "a,b;c",
        "\u2028",
        " ",
    ]
)
HOSTILES = st.lists(
    st.builds(
        lambda number, *texts: make_article(
            f"{number}{texts[0]}", texts[1], texts[2], source=texts[3], section=texts[4],
            authors=(texts[5],), url=texts[6], agency=texts[7], dateline=texts[8],
        ),
        st.integers(0, 9), *[TEXTS] * 9,
    ),
    max_size=4,
)  # fmt: skip


@given(HOSTILES)
def test_articles_written_as_lines_are_read_back_equal(articles):
    lines = "".join(json_lines(result(articles), Addresses()))
    read = [json.loads(line) for line in lines.splitlines()]
    assert [Article.from_json(line) for line in read] == articles
    assert [line["rank"] for line in read] == list(range(1, len(articles) + 1))
    # The bytes hold what the text holds: nothing was replaced.
    assert b"".join(pieces(FORMATS["jsonl"], result(articles), SERVER)).decode() == lines


@given(HOSTILES)
def test_articles_written_as_a_table_are_read_back_equal(articles):
    text = "".join(table(result(articles), Addresses()))
    read = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    assert tuple(read[0]) == COLUMNS
    for row, article in zip(read[1:], articles, strict=True):
        cells = dict(zip(COLUMNS, row, strict=True))
        values = {
            "id": article.id, "title": article.title, "source": article.source, "url": article.url,
            "section": article.section, "agency": article.agency, "dateline": article.dateline,
            "authors": "; ".join(article.authors), "body": "\n\n".join(article.paragraphs),
        }  # fmt: skip
        assert {name: undefused(cells[name]) for name in values} == values


@given(TEXTS)
def test_no_cell_is_a_formula(text):
    cell = defused(text)
    assert not cell.lstrip().startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠"))
    assert not cell.startswith(("\t", "\r", "\n"))
    assert undefused(cell) == text


@given(HOSTILES)
def test_feeds_are_xml_whatever_articles_contain(articles):
    for write, items in ((atom, "{http://www.w3.org/2005/Atom}entry"), (rss, "channel/item")):
        feed = ElementTree.fromstring("".join(write(result(articles), SERVER)).encode())
        assert len(feed.findall(items)) == len(articles)


def test_a_feed_reader_reads_the_feeds():
    for name in ("atom", "rss"):
        feed = feedparser.parse(written(name))
        assert not feed.bozo
        assert feed.feed.title == "grain -ships – News search"
        assert "generation 7" in feed.feed.subtitle
        first, second, third = feed.entries
        assert first.title == "Ships leave Odesa"
        assert first.link == "https://news.example/article?id=https://example.org/a?x=1&y=2"
        assert first.published_parsed[:5] == (2022, 7, 23, 9, 5)
        assert first.id == article_urn(ARTICLES[0].id)
        assert ("urn:news-searcher:story", "first") in {
            (tag.scheme, tag.term) for tag in first.tags
        }
        # RSS readers take a description for HTML, Atom says that it is text.
        assert ("<script" in second.summary) is (name == "atom")
        assert third.title == "No headline, no date."


def test_the_json_formats_state_what_they_list():
    feed = json.loads(written("jsonfeed"))
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    stated = feed["_news_searcher"]
    assert (stated["generation"], stated["sort"], stated["total"]) == (7, "newest", 3)
    assert stated["filters"] == {"lang": "en", "after": "2022"}
    assert "then by id" in stated["order"]
    assert feed["items"][0]["_news_searcher"]["story"] == STORY._asdict()
    package = json.loads(written("ninjs"))
    assert package["standard"]["version"] == "3.0"
    assert [one["uri"] for one in package["associations"]] == [
        "https://example.org/a?x=1&y=2", "urn:news-searcher:article=b", "urn:news-searcher:article=c",
    ]  # fmt: skip


def test_json_in_one_line_for_every_reader():
    assert compact("a\u2028b\x85\n").splitlines() == ['"a\\u2028b\\u0085\\n"']


def test_exports_take_as_much_memory_for_many_articles_as_for_few():
    """Twice the articles take less than a quarter more memory at the peak."""
    body = "Ships wait at Odesa. " * 200
    peaks = []
    for count in (400, 800):
        articles = (make_article(f"a{n}", "Grain", body) for n in range(count))
        tracemalloc.start()
        size = sum(map(len, pieces(FORMATS["jsonl"], result(articles), SERVER)))
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        assert size > count * len(body)
    assert peaks[1] < peaks[0] * 1.25


def test_a_listing_by_the_service_is_that_of_its_engine():
    service = SearchService(filled(MemoryEngine(), grain_articles(3)), FixedClock(NOW))
    with service.listings.open(Request("grain", "oldest")) as (_, rows):
        assert [row.article.id for row in rows] == ["00", "01", "02"]
