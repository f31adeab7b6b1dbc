"""Verdicts on real texts of an index: copies, versions, other texts on one event, and notices.

Covers stories: judging.
"""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import permutations

import pytest
from fakes import NOW, filled, make_article
from relations import grouped

from searcher.article import Timestamp
from searcher.engine.places import article_number
from searcher.engine.searches import Search
from searcher.indexing.story_finder import StoryFinder
from searcher.query.parser import parse
from searcher.stories.judging import StoryJudge
from searcher.stories.reasons import reason

FERRY = (
    "The ferry Marigold ran aground off Kestrel Island on Tuesday night with 214 people on board, "
    "the coast guard at Port Almond said.\n\n"
    "Captain Ines Varga reported a failure of the steering shortly before ten in the evening. "
    "Lifeboats from Port Almond and Saint Wren brought all passengers ashore before dawn.\n\n"
    "The owner, Halden Lines, said that an inquiry had begun. The Marigold was built in 1998 and "
    "was inspected in March, according to the shipping office in Tollmouth."
)
"""A report of our own."""
OTHER_FERRY = (
    "Passengers of the Marigold described hours of waiting in the dark after the ship struck rocks "
    "near Kestrel Island.\n\n"
    "All 214 were rescued by crews from Saint Wren and Port Almond, whose lifeboats worked through "
    "the night. Ines Varga, the captain, told the coast guard that the rudder no longer answered."
    "\n\n"
    "Halden Lines promised refunds. Officials in Tollmouth are looking at the ship's last "
    "inspection."
)
"""Another report on the same event."""
HARVEST = (
    "Growers in the Orsa valley expect the smallest apple harvest in a decade after late frost in "
    "April and a dry summer, their association said.\n\n"
    "Prices at the market of Lindow have risen by a third since June. Smaller orchards may give up, "
    "warned Tomas Brandt, who speaks for four hundred farms."
)
"""A report on something else."""


def notice(company, first, second):
    return (
        f"{company} said its net profit rose to {first} million dollars in the third quarter from "
        f"{second} million dollars a year earlier. Revenue was {first}0 million dollars against "
        f"{second}0 million dollars. The board declared a dividend of {second} cents a share, "
        "payable on October 15 to shareholders of record on September 30."
    )


ARTICLES = [
    make_article("a", "Ferry runs aground", FERRY, published="2024-05-07T23:00", source="Wire"),
    make_article(
        "b",
        "All saved from stranded ferry",
        f"{FERRY}\n\nRead more of our coverage of the islands here.",
        published="2024-05-08T06:00",
        source="Gazette",
    ),
    make_article("c", "A night on the Marigold", OTHER_FERRY, published="2024-05-08T15:00", source="Post"),
    make_article("d", "Frost ruins apples", HARVEST, published="2024-05-08T10:00", source="Post"),
    make_article("e", "Almar profit up", notice("Almar", 31, 27), published="2024-05-08T09:00"),
    make_article("f", "Borin profit up", notice("Borin", 52, 44), published="2024-05-08T09:30"),
    make_article("g", "Almar profit up", notice("Almar", 36, 31), published="2024-05-09T09:00"),
    make_article(
        "h",
        "Ferry runs aground with 214",
        FERRY.replace("before dawn", "before sunrise"),
        published="2024-05-08T00:30",
        source="Wire",
        url="https://wire.example/ferry-2",
    ),
]  # fmt: skip


@pytest.fixture
def placed(engine, tmp_path):
    filled(engine, ARTICLES)
    assert StoryFinder(engine, tmp_path, StoryJudge).run() == len(ARTICLES)
    with engine.snapshot() as snapshot:
        yield {article.id: snapshot.place(article.id) for article in ARTICLES}


def test_reports_on_one_event_are_one_story_and_others_are_not(placed):
    assert {placed[one].story for one in "abch"} == {placed["a"].story}
    assert len({placed[one].story for one in "adefg"}) == 5


def test_each_place_has_its_reason(placed):
    assert placed["a"].relation == "first"
    assert (placed["b"].relation, placed["b"].share) == ("copy", 100)
    assert placed["h"].relation == "version"
    assert placed["c"].relation == "story"
    assert placed["c"].names >= 4


def test_copies_are_one_group_and_reports_are_none(placed):
    assert placed["a"].copies == placed["b"].copies != 0
    assert placed["c"].copies == placed["d"].copies == 0


def test_the_same_stories_are_found_again(engine, tmp_path, placed):
    with engine.writer(afresh=True) as writer:
        for article in reversed(ARTICLES):
            writer.add(article)
    StoryFinder(engine, tmp_path, StoryJudge).run()
    with engine.snapshot() as snapshot:
        again = {article.id: snapshot.place(article.id) for article in ARTICLES}
    assert [place.relation for place in again.values()] == [p.relation for p in placed.values()]
    assert {one for one in placed if placed[one].story == placed["a"].story} == {
        one for one in again if again[one].story == again["a"].story
    }


DIGEST = make_article(
    "z", "News in brief", f"{FERRY}\n\n{HARVEST}", published="2024-05-08T20:00", source="Digest"
)


@pytest.mark.parametrize("batches", [["abcdz"], ["abz", "cd"], ["z", "abcd"], ["dz", "ac", "b"]])
def test_a_digest_joins_no_two_stories(engine, tmp_path, batches):
    held = {article.id: article for article in (*ARTICLES, DIGEST)}
    for batch in batches:
        filled(engine, [held[one] for one in batch])
        StoryFinder(engine, tmp_path, StoryJudge).run()
    with engine.snapshot() as snapshot:
        places = {one: snapshot.place(one) for one in "abcdz"}
    stories = grouped(places, lambda place: place.story)
    assert stories == {frozenset("abc"), frozenset("d"), frozenset("z")}
    assert grouped(places, lambda place: place.copies) == {frozenset("ab")}


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (("day", 7, 0), ("day", 7, 0), "the same day"),
        (("day", 7, 0), ("minute", 8, 9), "1 day apart"),
        (("minute", 7, 9), ("second", 7, 9), "less than 1 hour apart"),
        (("minute", 7, 9), ("second", 7, 12), "3 hours apart"),
    ],
)
def test_a_reason_is_as_precise_as_the_dates(engine, tmp_path, first, second, expected):
    articles = [
        make_article(
            one,
            one,
            text,
            published=Timestamp(datetime(2024, 5, at, hour, tzinfo=UTC), precision, "test"),
        )
        for one, text, (precision, at, hour) in (("a", FERRY, first), ("c", OTHER_FERRY, second))
    ]
    filled(engine, articles)
    StoryFinder(engine, tmp_path, StoryJudge).run()
    with engine.snapshot() as snapshot:
        places = [snapshot.place(one) for one in "ac"]
    assert {reason(place).split(", ")[-1] for place in places} == {"", expected}


def test_a_correction_is_a_version_though_others_print_its_text(engine, tmp_path):
    """The correction has the text of the reprint, too, whatever arrives first."""
    article = {"published": "2024-05-07T09:00", "source": "Wire"}
    articles = [
        make_article("z first", "Ferry aground", FERRY, **article),
        make_article("a reprint", "Ferry aground", FERRY, published="2024-05-07T10:00", source="Post"),
        make_article("corrected", "CORRECTED: Ferry", FERRY, **article | {"published": "2024-05-07T12:00"}),
    ]  # fmt: skip
    for order in permutations(articles):
        for batch in order:
            filled(engine, [batch])
            StoryFinder(engine, tmp_path, StoryJudge).run()
        with engine.snapshot() as snapshot:
            places = {one.id: snapshot.place(one.id) for one in articles}
            found = snapshot.search(Search(parse("ferry copies:hide", NOW), totals=True))
        assert {one.id for one, _ in found.ranked} == {"z first", "corrected"}
        assert places["corrected"].relation == "version"
        assert places["corrected"].peer == article_number("z first")
        with engine.writer(afresh=True) as writer:
            writer.add(make_article("else", "Frost ruins apples", HARVEST))
