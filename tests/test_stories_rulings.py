"""Rulings of readers about stories: kept, read after damage, and honoured by places.

Covers stories.rulings, indexing.ruling_file and command.stories.
"""

from __future__ import annotations

import json
import zlib

import pytest
from fakes import filled
from hypothesis import given
from hypothesis import strategies as st
from relations import IDS, PAIRS, Given, articles, grouped

from searcher.engine.memory import MemoryEngine
from searcher.errors import WriteFailed
from searcher.indexing.ruling_file import FILE, add_ruling, damaged_lines, read_rulings, rulings_of
from searcher.indexing.story_finder import StoryFinder
from searcher.stories.placing import Placing
from searcher.stories.reasons import reason
from searcher.stories.rulings import KINDS, Ruling, Rulings, in_force

RULINGS = st.lists(
    st.builds(
        Ruling,
        st.sampled_from(KINDS),
        st.sampled_from(IDS),
        st.lists(st.sampled_from(IDS), max_size=3).map(tuple),
        st.just("2024-05-07T10:00:00+00:00"),
    ),
    max_size=8,
)


@given(RULINGS)
def test_the_last_ruling_on_a_pair_holds(rulings):
    held = in_force(rulings)
    for one in IDS:
        for other in IDS:
            said = [r.kind for r in rulings if {one, other} in ({r.article, o} for o in r.others)]
            kind = said[-1] if said and one != other else ""
            assert (other in held.apart.get(one, ())) == (kind == "separate")
            assert (other in held.together.get(one, ())) == (kind == "join")


@given(RULINGS.filter(bool), st.data())
def test_a_cut_or_damaged_file_keeps_its_other_lines(tmp_path_factory, rulings, data):
    raw = tmp_path_factory.mktemp("raw")
    for ruling in rulings:
        add_ruling(raw, ruling)
    assert read_rulings(raw) == rulings
    assert damaged_lines(raw) == []
    content = (raw / FILE).read_bytes()
    cut = data.draw(st.integers(0, len(content)))
    (raw / FILE).write_bytes(content[:cut])
    add_ruling(raw, rulings[-1])
    whole = content[:cut].count(b"\n") + (content[cut : cut + 1] == b"\n")
    assert read_rulings(raw) == [*rulings[:whole], rulings[-1]]
    changed = bytearray(content)
    at = data.draw(st.integers(0, len(content) - 1).filter(lambda at: content[at] != 10))
    changed[at] ^= 1
    (raw / FILE).write_bytes(changed)
    line = content[:at].count(b"\n")
    assert damaged_lines(raw)[0].startswith(f"{raw / FILE}, line {line + 1}: ")
    # The changed byte may be a line feed now, which cuts a line into two.
    assert read_rulings(raw) == rulings[:line] + rulings[line + 1 :]


@pytest.mark.parametrize(
    "held",
    [
        [1, 2],
        "join",
        None,
        {"kind": "join"},
        {"kind": ["join"], "article": "a", "others": [], "time": ""},
        {"kind": "join", "article": "a", "others": "b", "time": ""},
        {"kind": "join", "article": 1, "others": ["b"], "time": ""},
        {"kind": "join", "article": "a", "others": [["b"]], "time": ""},
        {"kind": "join", "article": "a", "others": ["b"], "time": 0},
        {"kind": "praise", "article": "a", "others": ["b"], "time": ""},
    ],
)
def test_a_line_of_another_shape_is_named_and_left_out(tmp_path, held):
    said = Ruling("join", "a", ("b",), "")
    add_ruling(tmp_path, said)
    content = json.dumps(held).encode()
    with (tmp_path / FILE).open("ab") as file:
        file.write(b"%08x %s\n" % (zlib.crc32(content), content))
    add_ruling(tmp_path, said)
    assert read_rulings(tmp_path) == [said, said]
    assert damaged_lines(tmp_path) == [f"{tmp_path / FILE}, line 2: not a ruling, left out"]


def test_a_file_of_rulings_that_cannot_be_read_is_told(tmp_path):
    assert damaged_lines(tmp_path) == []
    (tmp_path / FILE).mkdir()
    assert len(damaged_lines(tmp_path)) == 1


@pytest.mark.parametrize("leaving", ["a", "b", "c"])
@pytest.mark.parametrize("batches", [["abc"], ["ab", "c"], ["a", "bc"], ["c", "ab"]])
def test_the_article_that_is_separated_leaves_and_the_others_stay(
    engine, tmp_path, leaving, batches
):
    from_, other = sorted(set("abc") - {leaving})
    add_ruling(tmp_path, Ruling("separate", leaving, (from_,), ""))
    pairs = {("a", "b"): "copy", ("a", "c"): "copy", ("b", "c"): "copy"}
    for batch in batches:
        filled(engine, articles(batch))
        StoryFinder(
            engine, tmp_path, lambda _: Given(pairs), rulings=lambda: rulings_of(tmp_path)
        ).run()
    with engine.snapshot() as snapshot:
        places = {one: snapshot.place(one) for one in "abc"}
    found = grouped(places, lambda place: place.story)
    assert found == {frozenset(leaving), frozenset((from_, other))}


def test_there_are_no_rulings_without_a_file_and_none_where_none_can_be_written(tmp_path):
    assert rulings_of(tmp_path) == Rulings()
    (tmp_path / "file").write_text("")
    with pytest.raises(WriteFailed):
        add_ruling(tmp_path / "file", Ruling("join", "a", ("b",), ""))


@given(PAIRS, RULINGS, st.permutations(IDS))
def test_articles_that_are_kept_apart_never_share_a_story(pairs, rulings, order):
    held = in_force(rulings)
    engine = filled(MemoryEngine(), articles())
    with engine.snapshot() as snapshot:
        placing = Placing(snapshot, held)
        for one in order:
            placing.add(one, Given(pairs).verdicts(snapshot.article(one)))
    places = placing.places
    for one, others in held.apart.items():
        assert all(places[one].story != places[other].story for other in others)
    if not held.apart:
        for one, others in held.together.items():
            assert all(places[one].story == places[other].story for other in others)
    copies = grouped(places, lambda place: place.copies)
    assert all(len({places[one].story for one in group}) == 1 for group in copies)


def test_a_ruling_is_honoured_at_once_and_after_a_rebuild_and_can_be_taken_back(engine, tmp_path):
    filled(engine, articles("abcd"))
    pairs = {("a", "b"): "copy", ("a", "c"): "story"}

    def finder():
        return StoryFinder(
            engine, tmp_path, lambda _: Given(pairs), rulings=lambda: rulings_of(tmp_path)
        )

    def stories():
        with engine.snapshot() as snapshot:
            places = {one: snapshot.place(one) for one in "abcd"}
        return grouped(places, lambda place: place.story), places

    def said(kind, article, *others):
        add_ruling(tmp_path, Ruling(kind, article, others, ""))
        finder().place_again([article, *others])

    finder().run()
    assert stories()[0] == {frozenset("abc"), frozenset("d")}
    said("separate", "a", "b", "c")
    found, places = stories()
    assert found == {frozenset("a"), frozenset("b"), frozenset("c"), frozenset("d")}
    assert places["a"].copies == places["b"].copies == 0
    said("join", "a", "d")
    with engine.writer(afresh=True) as writer:
        for article in articles("abcd"):
            writer.add(article)
    finder().run()
    found, places = stories()
    assert found == {frozenset("ad"), frozenset("b"), frozenset("c")}
    assert reason(places["a"]) == "a reader said so"
    said("undo", "a", "b", "c", "d")
    assert stories()[0] == {frozenset("abc"), frozenset("d")}


def test_two_stories_that_are_joined_keep_all_their_articles(engine, tmp_path):
    """They are not judged again: what has come since might let an article leave its story."""
    filled(engine, articles("abcde"))
    known = {("a", "b"): "story", ("c", "d"): "copy", ("d", "e"): "story"}
    finder = StoryFinder(
        engine, tmp_path, lambda _: Given(known), rulings=lambda: rulings_of(tmp_path)
    )
    finder.run()
    known.clear()
    add_ruling(tmp_path, Ruling("join", "b", ("d",), ""))
    finder.join("b", ["d"])
    with engine.snapshot() as snapshot:
        places = {one: snapshot.place(one) for one in "abcde"}
    assert grouped(places, lambda place: place.story) == {frozenset("abcde")}
    assert reason(places["a"], "Gazette") == (
        "its story became one with that of Gazette: a reader said so"
    )
    add_ruling(tmp_path, Ruling("separate", "a", ("e",), ""))
    finder.join("a", ["e"])
    with engine.snapshot() as snapshot:
        assert {one: snapshot.place(one) for one in "abcde"} == places


@pytest.mark.parametrize("batches", [["abc", "d"], ["abcd"], ["d", "abc"]])
def test_a_copy_of_an_article_that_left_a_story_is_with_it(engine, tmp_path, batches):
    add_ruling(tmp_path, Ruling("separate", "b", ("a",), ""))
    pairs = {("a", "b"): "story", ("a", "d"): "story", ("b", "d"): "copy", ("a", "c"): "story"}
    for batch in batches:
        filled(engine, articles(batch))
        StoryFinder(
            engine, tmp_path, lambda _: Given(pairs), rulings=lambda: rulings_of(tmp_path)
        ).run()
    with engine.snapshot() as snapshot:
        places = {one: snapshot.place(one) for one in "abcd"}
    assert grouped(places, lambda place: place.story) == {frozenset("ac"), frozenset("bd")}
    assert places["b"].copies == places["d"].copies > 0


def test_a_ruling_during_a_run_is_honoured(engine, tmp_path):
    filled(engine, articles("ab"))

    class Disturbing(Given):
        def verdicts(self, article, place_of=None):
            if not read_rulings(tmp_path):
                add_ruling(tmp_path, Ruling("separate", "a", ("b",), ""))
            return super().verdicts(article, place_of)

    pairs = {("a", "b"): "story"}
    StoryFinder(
        engine, tmp_path, lambda _: Disturbing(pairs), rulings=lambda: rulings_of(tmp_path)
    ).run()
    with engine.snapshot() as snapshot:
        assert snapshot.place("a").story != snapshot.place("b").story


def test_commands_say_which_article_there_is_not(shell):
    for arguments in (("undo", "x"), ("undo", "b", "x"), ("undo", "\udcff"), ("separate", "x")):
        outcome = shell("stories", *arguments)
        assert outcome.returncode == 1
        assert "there is no article" in outcome.stderr
    assert "b is in no ruling" in shell("stories", "undo", "b").stderr
    assert "b is of one story with no other" in shell("stories", "separate", "b").stderr
