"""Places of articles among the stories: united, grouped, and the same in any order.

Covers stories.placing and indexing.story_finder.
"""

from __future__ import annotations

import json

import pytest
from fakes import NOW, filled
from hypothesis import given
from hypothesis import strategies as st
from relations import IDS, PAIRS, Given, articles, grouped

from searcher.engine.memory import MemoryEngine
from searcher.engine.places import article_number
from searcher.engine.searches import Search
from searcher.indexing.catalogue import Catalogue
from searcher.indexing.story_finder import StoryFinder
from searcher.query.parser import parse
from searcher.stories.placing import Placing
from searcher.stories.reasons import reason


def components(pairs):
    """Return the connected articles, as sets."""
    found = {one: {one} for one in IDS}
    for one, other in pairs:
        united = found[one] | found[other]
        for each in united:
            found[each] = united
    return {frozenset(one) for one in found.values()}


def place_all(pairs, order, batch):
    """Return the places of articles that are placed in an order, each batch with a commit."""
    engine = filled(MemoryEngine(), articles())
    for start in range(0, len(order), batch):
        with engine.snapshot() as snapshot:
            placing = Placing(snapshot)
            for one in order[start : start + batch]:
                placing.add(one, Given(pairs).verdicts(snapshot.article(one)))
        with engine.writer() as writer:
            for one, place in placing.places.items():
                writer.place(one, place)
    with engine.snapshot() as snapshot:
        return {one: snapshot.place(one) for one in IDS}


@given(PAIRS, st.permutations(IDS), st.sampled_from([1, 3, 10]))
def test_stories_and_copies_are_what_is_connected_in_any_order(pairs, order, batch):
    places = place_all(pairs, order, batch)
    assert grouped(places, lambda place: place.story) == components(pairs)
    copies = {pair: relation for pair, relation in pairs.items() if relation == "copy"}
    expected = {one for one in components(copies) if len(one) > 1}
    assert grouped(places, lambda place: place.copies) == expected


VERSIONS = {
    **dict.fromkeys([("a", "b"), ("a", "c"), ("b", "c")], "version"),
    **{(one, other): "copy" for one in "abcd" for other in "def" if one < other},
    ("e", "f"): "copy",
}


@given(st.permutations("abcdef"), st.sampled_from([1, 3, 10]))
def test_versions_of_an_article_that_others_copied_are_no_copies(order, batch):
    places = place_all(VERSIONS, order, batch)
    assert grouped({one: places[one] for one in "abcdef"}, lambda place: place.copies) == {
        frozenset("adef")
    }
    assert places["b"][2:4] == ("version", article_number("a"))
    assert places["c"].relation == "version" != places["a"].relation
    assert places["c"].peer in (article_number("a"), article_number("b"))


@given(st.permutations("abc"))
def test_an_outlet_may_copy_a_later_version(order):
    """The later version has a text that the earlier one has not."""
    places = place_all({("a", "b"): "version", ("b", "c"): "copy"}, order, 1)
    assert places["a"].copies == 0 != places["b"].copies == places["c"].copies
    assert (places["a"].relation, places["b"].relation) in {("first", "version"), ("copy", "copy")}


@given(PAIRS, st.permutations(IDS), st.sampled_from([1, 3, 10]))
def test_all_articles_of_a_story_but_one_have_a_reason(pairs, order, batch):
    places = place_all(pairs, order, batch)
    numbers = {article_number(one): place.story for one, place in places.items()}
    for story in grouped(places, lambda place: place.story):
        assert [places[one].relation for one in story].count("first") == 1
    for one, place in places.items():
        assert place.relation == "first" or numbers[place.peer] == place.story
        assert place.peer != article_number(one)


@given(st.permutations("abcd"), st.sampled_from([1, 2, 4]))
def test_of_copies_the_one_printed_first_has_founded_the_story(order, batch):
    copies = {(one, other): "copy" for one in "abcd" for other in "abcd" if one < other}
    places = place_all(copies, order, batch)
    assert {one for one in "abcd" if places[one].relation == "first"} == {"a"}
    assert {places[one].relation for one in "bcd"} == {"copy"}


def test_an_article_of_two_stories_says_why_the_second_is_of_the_first():
    pairs = dict.fromkeys([("a", "b"), ("c", "d"), ("d", "e"), ("b", "e")], "story")
    places = place_all(pairs, "abcdefghij", 1)
    assert (places["c"].relation, places["c"].peer) == ("united", article_number("e"))
    assert reason(places["c"], "Gazette") == (
        "its story became one with that of Gazette: 3 rare names in common"
    )
    places = place_all({("a", "c"): "story", ("b", "c"): "story"}, "abcdefghij", 1)
    assert (places["b"].relation, places["b"].peer) == ("story", article_number("c"))


def test_the_reason_is_kept():
    places = place_all({("a", "b"): "copy", ("a", "c"): "story"}, "abcdefghij", 4)
    assert places["a"].relation == "first"
    assert (places["b"].relation, places["b"].peer) == ("copy", article_number("a"))
    assert (places["c"].relation, places["c"].share, places["c"].names) == ("story", 90, 3)
    assert places["b"].copies == places["a"].copies != 0 == places["c"].copies


@pytest.mark.parametrize("count", [0, 4])
def test_all_articles_are_placed_and_the_catalogue_follows(engine, tmp_path, count):
    filled(engine, articles(IDS[:count] or "a"))
    with engine.snapshot() as snapshot, Catalogue(tmp_path) as catalogue:
        catalogue.begin(snapshot.generation, snapshot.articles())
        catalogue.commit(snapshot.generation)
    finder = StoryFinder(engine, tmp_path, lambda snapshot: Given({("b", "c"): "story"}))
    assert finder.run() == max(count, 1)
    assert finder.run() == 0
    with engine.snapshot() as snapshot, Catalogue(tmp_path) as catalogue:
        assert catalogue.generation == snapshot.generation
        assert snapshot.unplaced(9) == []
        found = snapshot.search(Search(parse("story:b", NOW))).ranked
    assert sorted(article.id for article, _ in found) == (["b", "c"] if count else [])


def test_a_commit_meanwhile_is_judged_again(tmp_path):
    engine = filled(MemoryEngine(), articles("ab"))

    class Disturbing(Given):
        def verdicts(self, article, place_of=None):
            with engine.snapshot() as snapshot:
                if snapshot.count < 3:
                    filled(engine, articles("c"))
            return super().verdicts(article, place_of)

    pairs = {("a", "c"): "story"}
    finder = StoryFinder(engine, tmp_path, lambda snapshot: Disturbing(pairs))
    assert finder.run() == 3
    with engine.snapshot() as snapshot:
        assert snapshot.place("a").story == snapshot.place("c").story


@pytest.mark.parametrize("afterwards", ["", "Another text of it.", "The text of two."])
def test_what_an_article_held_together_comes_apart_when_it_changes_or_goes(
    place, tmp_path, afterwards
):
    def stories(text):
        texts = {"one": "The text of one.", "two": text, "three": "The text of three."}
        lines = [
            json.dumps({"id": one, "title": one, "body": texts[one]}) for one in texts if texts[one]
        ]
        place.write("news.jsonl", "\n".join(lines))
        place.update(prune=True)
        related = (
            {("one", "two"): "copy", ("three", "two"): "copy"} if text == "The text of two." else {}
        )
        StoryFinder(place.engine, place.index, lambda _: Given(related)).run()
        with place.engine.snapshot() as snapshot:
            found = {one.id: snapshot.place(one.id) for one in snapshot.articles()}
        groups = grouped(found, lambda held: held.copies)
        return sorted(map(sorted, grouped(found, lambda held: held.story))), groups

    together = ([["one", "three", "two"]], {frozenset(("one", "two", "three"))})
    assert stories("The text of two.") == together
    apart = [["one"], ["three"], ["two"]] if afterwards else [["one"], ["three"]]
    expected = together if afterwards == "The text of two." else (apart, set())
    assert stories(afterwards) == expected
