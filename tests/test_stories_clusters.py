"""The decision that articles report one event, and the clusters that grow by it: `stories.profile`,
`stories.weights`, `stories.likeness`, `stories.clusters`, `stories.linkage`, `stories.telling`."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searcher.article import Article, Origin, Timestamp
from searcher.stories.clusters import Candidate, Limits, joined
from searcher.stories.likeness import WINDOW, likeness
from searcher.stories.linkage import linked, relative
from searcher.stories.profile import profile_of
from searcher.stories.telling import telling_names, telling_words
from searcher.stories.weights import Counted, weigh

NOON = datetime(2024, 6, 5, 12, tzinfo=UTC)
FIRE = (
    "Firefighters from Harbourton contained a blaze at the Quillmore paper mill, Captain Odette "
    "Brannigan said. Roughly 340 workers were evacuated before dawn.",
    "The owner, Tamsin Vale, thanked the crews of Harbourton and Westerby.",
)
FIRE_RETOLD = (
    "The Quillmore mill burned overnight and 340 people left their shifts, but crews from "
    "Harbourton and Westerby contained the blaze.",
    "Odette Brannigan, a captain, praised them. Owner Tamsin Vale will rebuild the paper mill.",
)
VOTE = (
    "Lawmakers in Estrella approved a pension reform after Minister Rufus Calloway withdrew the "
    "clause that unions had opposed.",
    "Leader Ingrid Solberg of the Dockers Federation called off a strike.",
)


def article(name, paragraphs, time=NOON, language="en", headline=""):
    stamp = Timestamp(time, "minute", "meta") if time else None
    return Article(
        id=name, headline=headline, paragraphs=tuple(paragraphs), authors=(), source="",
        section="", language=language, language_confidence=1.0, published=stamp, updated=None,
        url="", origin=Origin(name), format="text",
    )  # fmt: skip


def weighted(*articles):
    profiles = [profile_of(one) for one in articles]
    counted = Counted(profiles)
    return [weigh(profile, counted) for profile in profiles]


def test_two_texts_on_one_event_are_one_story_and_say_why():
    fire, retold, vote = weighted(
        article("a", FIRE),
        article("b", FIRE_RETOLD, NOON + timedelta(hours=9)),
        article("c", VOTE),
    )
    found = likeness(fire, retold)
    assert found.doubt == ""
    assert {"harbourton", "quillmore", "brannigan", "westerby"} <= set(found.common)
    assert str(found) == f"{len(found.common)} rare names in common, 9 hours apart"
    stories = joined(retold, [Candidate(fire, 7)])
    assert [(one.story, one.peer) for one in stories] == [(7, "a")]
    # Sums of weights differ in the last digit with the order of a set.
    assert stories[0].likeness.score == pytest.approx(found.score)
    assert str(stories[0].likeness) == str(found)
    assert joined(vote, [Candidate(fire, 7)]) == ()


def test_names_of_a_profile_are_capitalised_words_in_one_spelling():
    names = profile_of(
        article("a", ("Maria Zajárova spoke in Kiev. The mayor of Kyiv, too.",))
    ).names
    other = profile_of(article("b", ("Zakharova answered",))).names
    assert "kyiv" in names
    # The first words count twice.
    assert names["kyiv"].times == 4
    assert "kiev" not in names
    assert "mayor" not in names
    assert set(names) & set(other) == {"zakharova"}


def test_a_word_that_is_also_lower_case_is_no_name_and_headlines_give_none():
    names = profile_of(
        article("a", ("Crews came. The crews left Westerby.",), headline="Mill Burns In Night")
    ).names
    assert set(names) == {"westerby", "the"}


def test_names_that_are_spelled_differently_count_as_one():
    one, other = weighted(
        article("a", ("Andrei Marochkov met Yegor Tkachuk in Zelenodolsk.",)),
        article("b", ("Andrey Marotchkov met Jegor Tkatchuk in Zelenodolsk.",)),
    )
    assert len(likeness(one, other).common) >= 3


def test_articles_more_than_the_window_apart_are_not_one_story():
    one, other = weighted(article("a", FIRE), article("b", FIRE, NOON + WINDOW * 1.01))
    assert (likeness(one, other).score, likeness(one, other).doubt) == (0.0, "time")


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (
            "Shr 23 cts vs 15 cts. Net 1,234,000 vs 981,000. Revs 44.1 mln vs 42.2 mln. Brightwater Ltd",
            "Shr 71 cts vs 64 cts. Net 8,551,000 vs 7,206,000. Revs 88.3 mln vs 79.9 mln. Brightwater Ltd",
        ),
        (
            "High water at Pellport 03:12 4.1 m, 15:40 4.3 m. Low water 09:21 0.8 m, 21:58 0.6 m.",
            "High water at Pellport 04:05 3.9 m, 16:31 4.0 m. Low water 10:14 1.1 m, 22:47 1.2 m.",
        ),
    ],
)  # fmt: skip
def test_notices_that_differ_in_figures_are_not_one_story(first, second):
    one, other = weighted(article("a", (first,)), article("b", (second,)))
    assert likeness(one, other).doubt == "figures"


def test_articles_in_two_languages_are_one_story_by_their_names():
    german = (
        "Die Feuerwehr von Harbourton löschte den Brand in Quillmore, sagte Odette Brannigan. "
        "Tamsin Vale dankte den 340 Helfern aus Westerby.",
    )
    fire, other, vote = weighted(
        article("a", FIRE), article("b", german, language="de"), article("c", VOTE)
    )
    assert likeness(fire, other).score > 0.35
    assert likeness(other, vote).score == 0.0


def test_an_article_joins_two_stories_that_it_shows_to_be_one():
    first, second, both = weighted(
        article("b", FIRE, NOON),
        article("a", FIRE, NOON - timedelta(hours=1)),
        article("c", FIRE, NOON + timedelta(hours=1)),
    )
    stories = [Candidate(first, 1), Candidate(second, 2)]
    found = joined(both, stories)
    assert {one.story for one in found} == {1, 2}
    assert joined(both, stories[::-1]) == found


def test_articles_are_evidence_together_for_stories_that_are_alike():
    texts = [
        "Crews from Harbourton fought a blaze at the Quillmore mill, said Brannigan.",
        "The Quillmore mill in Westerby burned, said Tamsin Vale. Crews came.",
        "A mill burned in Harbourton, said Vale. Crews fought the blaze with Brannigan.",
    ]
    first, second, third, *_ = weighted(
        *(article(f"{number}", (text,)) for number, text in enumerate(texts)),
        *(article(f"v{number}", VOTE) for number in range(9)),
    )
    apart = [Candidate(first, 1), Candidate(second, 2)]
    limits = Limits(joins=0.0, founds=likeness(third, first).score * 1.5, merges=0.0)
    assert joined(third, apart[:1], limits) == ()
    assert {one.story for one in joined(third, apart, limits)} == {1, 2}


def test_telling_words_are_the_heaviest_and_telling_names_are_rare():
    one, _ = weighted(article("a", FIRE), article("b", VOTE))
    words = telling_words(one)
    assert min(one.words[word] for word in words) >= max(
        weight for word, weight in one.words.items() if word not in words
    )
    assert "quillmore" in telling_names(one)
    assert set(telling_names(one)) <= set(one.rare)


WORDS = st.sampled_from(
    "Harbourton Quillmore Vale Brannigan Kiev Kyiv Zakharova Zajarova mill fire crew 340 12 owner "
    "strike the a of".split()
)
TEXTS = st.lists(WORDS, min_size=1, max_size=40).map(" ".join)
TIMES = st.none() | st.integers(0, 200).map(lambda hours: NOON + timedelta(hours=hours))
LANGUAGES = st.sampled_from(["en", "de", "und"])


@given(TEXTS, TEXTS, TIMES, TIMES, LANGUAGES, LANGUAGES)
def test_likeness_is_the_same_in_either_order(
    one, other, time, other_time, language, other_language
):
    first, second = weighted(
        article("a", (one,), time, language), article("b", (other,), other_time, other_language)
    )
    found, back = likeness(first, second), likeness(second, first)
    assert replace(back, score=0, words=0, names=0, figures=0) == replace(
        found, score=0, words=0, names=0, figures=0
    )
    assert back.score == pytest.approx(found.score)
    assert 0.0 <= found.score <= 1.0 + 1e-9


@given(st.lists(st.tuples(TEXTS, TIMES), min_size=2, max_size=7), st.randoms(use_true_random=False))
def test_the_order_of_candidates_does_not_matter(rows, random):
    first, *others = weighted(
        *(article(f"{number}", (text,), time) for number, (text, time) in enumerate(rows))
    )
    candidates = [Candidate(one, number) for number, one in enumerate(others)]
    shuffled = random.sample(candidates, len(candidates))
    assert joined(first, candidates) == joined(first, shuffled)


def plainly_linked(count, scores, least):
    """Return groups by average linkage, each mean computed anew."""
    groups = [[number] for number in range(count)]

    def mean(one, other):
        pairs = [scores.get((min(a, b), max(a, b)), 0.0) for a in one for b in other]
        return sum(pairs) / len(pairs)

    while len(groups) > 1:
        best, one, other = max(
            (mean(one, other), i, j)
            for j, other in enumerate(groups)
            for i, one in enumerate(groups[:j])
        )
        if best < least - 1e-9:
            break
        groups[one] = groups[one] + groups.pop(other)
    return sorted(map(sorted, groups))


@given(st.integers(0, 2**32), st.integers(1, 7))
def test_linkage_is_average_linkage(seed, count):
    # Random numbers have no equal means, of which any may come first.
    random = Random(seed)
    pairs = [(one, other) for other in range(count) for one in range(other)]
    scores = {pair: random.random() for pair in pairs if random.random() < 0.8}
    assert linked(count, scores, 0.7) == plainly_linked(count, relative(count, scores), 0.7)
