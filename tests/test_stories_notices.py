"""Notices of one form, retellings of one event and reprints of one text, in several languages.

Covers stories: notices.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from fakes import make_article
from story_pairs import ABROAD, PAIRS, Pair

from searcher.article import Timestamp
from searcher.engine.memory import MemoryEngine
from searcher.indexing.story_finder import StoryFinder
from searcher.stories.bodies import body_of, compared
from searcher.stories.copies import related
from searcher.stories.judging import StoryJudge
from searcher.stories.notices import differs

BEGIN = datetime(2024, 1, 1, 8, tzinfo=UTC)
OUTLETS = ("Post", "Gazette")
FAR = [
    Pair("abroad", "story", language, ("Event", "Bericht"), (one, other), 4, OUTLETS, False)
    for one, other, language in ABROAD
]


def article(number, pair, side):
    """Return an article of a pair. Pairs are days apart."""
    return make_article(
        f"{number}{'ab'[side]}",
        pair.headlines[side],
        pair.texts[side],
        language="en" if pair in FAR and not side else pair.language,
        source=pair.outlets[side],
        published=Timestamp(
            BEGIN + timedelta(days=5 * number, hours=pair.hours * side), "second", "test"
        ),
    )


@pytest.fixture(scope="module")
def places(tmp_path_factory):
    engine = MemoryEngine()
    with engine.writer() as writer:
        for number, pair in enumerate(PAIRS + FAR):
            for side in (0, 1):
                writer.add(article(number, pair, side))
    StoryFinder(engine, tmp_path_factory.mktemp("stories"), StoryJudge).run()
    snapshot = engine.snapshot()
    return [
        tuple(snapshot.place(f"{number}{side}") for side in "ab")
        for number in range(len(PAIRS + FAR))
    ]


@pytest.mark.parametrize("number", range(len(PAIRS + FAR)), ids=[one.name for one in PAIRS + FAR])
def test_pairs_are_of_one_text_one_event_or_neither(places, number):
    one, other = places[number]
    if one.story != other.story:
        told = "apart"
    else:
        told = "copy" if one.copies == other.copies != 0 else "story"
    assert told == (PAIRS + FAR)[number].told


@pytest.mark.parametrize("pair", PAIRS, ids=[pair.name for pair in PAIRS])
def test_the_order_of_two_articles_makes_no_difference(pair):
    one, other = (article(0, pair, side) for side in (0, 1))
    bodies = body_of(one), body_of(other)
    assert differs(one, bodies[0], other, bodies[1]) == differs(other, bodies[1], one, bodies[0])
    found = compared(*bodies)
    assert related(one, other, found) == related(other, one, found)


def test_an_agency_or_an_outlet_in_the_text_is_no_name_of_a_form():
    pair = next(one for one in PAIRS if one.name == "dam")
    body = pair.texts[0].replace("(Ostwire)", "(AFP)")
    one = make_article("1", "Dam breaks", body, source="Post")
    other = make_article("2", "Dam breaks", body.replace("AFP", "Reuters"), source="Gazette")
    assert not differs(one, body_of(one), other, body_of(other))
    assert related(one, other, compared(body_of(one), body_of(other))) == "copy"
