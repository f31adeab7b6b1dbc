"""Comparisons of long, hostile and repetitive texts.

Covers stories: chains.
"""

from __future__ import annotations

import random
import time
from dataclasses import replace

import pytest
from compared import ENGINEERS, FERRY, HOTELS, MAYOR, check, story

from searcher.stories.comparison import compare
from searcher.stories.words import MOST_WORDS, compared_text


def cpu_seconds(first, second) -> tuple[float, object]:
    start = time.process_time()
    found = compare(first, second)
    return time.process_time() - start, found


@pytest.mark.parametrize(
    ("first", "second", "shared"),
    [
        ("word " * 100_000, "word " * 100_000, 100),
        ("word " * 100_000, "word " * 99_999, 99),
        ("word " * 100_000, "other " * 100_000, 0),
        ("word. " * 100_000, "word word. " * 50_000, None),
        ('"a b c" ' * 33_000, '"a b d" ' * 33_000, None),
        (
            " ".join(f'"a{at} b{at} c{at}."' for at in range(25_000)),
            " ".join(f'"d{at} e{at} f{at}."' for at in range(25_000)),
            0,
        ),
        ("12 men " * 50_000, "13 men " * 50_000, None),
        ("x" * 1_000_000, "x" * 999_999, 0),
        ("“" * 100_000, "«" * 100_000, None),
    ],
)
def test_hostile_texts_take_bounded_time(first, second, shared):
    seconds, found = cpu_seconds(story(first), story(second))
    check(found)
    # Some tenths of a second; more on a machine that is busy.
    assert seconds < 20
    assert shared in (None, found.summary.shared)


def test_the_rest_of_a_very_long_text_is_compared_by_paragraphs():
    words = [f"w{number}" for number in range(MOST_WORDS)]
    long = replace(story(), paragraphs=(" ".join(words), FERRY, HOTELS, MAYOR))
    longer = replace(long, paragraphs=(*long.paragraphs[:2], ENGINEERS, MAYOR))
    assert len(compared_text(long).words) == MOST_WORDS + 3
    found = compare(long, longer)
    check(found)
    assert [part.kind for row in found.rows[1:] for part in row.parts] == [
        "same", "cut", "added", "same",
    ]  # fmt: skip


def test_articles_of_ten_thousand_words_take_a_fraction_of_a_second():
    chosen = random.Random(7)
    words = [f"{one}{other}" for one in "bdfgklmnprst" for other in "aeiou"]
    vocabulary = ["".join(chosen.choices(words, k=3)) for _ in range(3_000)]
    first = [[chosen.choice(vocabulary) for _ in range(22)] for _ in range(455)]
    second = [
        [chosen.choice(vocabulary) if chosen.random() < 0.2 else word for word in sentence]
        for sentence in first
    ]
    ours, theirs = (
        story(*(f"{' '.join(sentence).capitalize()}." for sentence in text))
        for text in (first, second)
    )
    seconds, found = cpu_seconds(ours, theirs)
    assert 70 < found.summary.shared < 90
    # It takes .15 s on an idle processor.
    assert seconds < 3
    shuffled = list(ours.paragraphs)
    chosen.shuffle(shuffled)
    assert compare(ours, replace(ours, paragraphs=tuple(shuffled))).summary.shared == 100


@pytest.mark.parametrize("count", [2, 3, 6, 21, 60, 500])
def test_repeated_sentences_are_aligned_in_order(count):
    changed = FERRY.replace("a crack", "a long crack")
    found = compare(story(*[FERRY] * count), story(*[changed] * count))
    check(found)
    assert found.summary.shared == percent_of_words(FERRY, changed)
    assert [len(row.first) for row in found.rows] == [1] * count
    # One more of them is added, and the others are still aligned.
    longer = compare(story(*[FERRY] * count), story(*[changed] * (count + 1)))
    words = len(FERRY.split()) * count
    assert longer.summary.shared_words == words


def test_repeated_sentences_among_others_are_aligned_in_order():
    refrains = [FERRY, HOTELS]
    changed = [FERRY.replace("Monday", "Tuesday"), HOTELS.replace("summer", "winter")]
    first = [text for verse in range(30) for text in (f"Verse {verse} of it.", *refrains)]
    second = [text for verse in range(30) for text in (f"Verse {verse} of it.", *changed)]
    found = compare(story(*first), story(*second))
    check(found)
    assert found.summary.shared > 90
    assert not found.summary.moved


def test_sentences_of_frequent_words_are_aligned_by_their_place():
    first = [f"Bus {at} departs from the main square for the station." for at in range(60)]
    second = [f"Bus {at} departs from the main square for the harbour." for at in range(100, 160)]
    found = compare(story(*first), story(*second))
    check(found)
    assert found.summary.shared == 80
    assert found.summary.moved == 0


def percent_of_words(first, second) -> int:
    shorter, longer = len(first.split()), len(second.split())
    return round(200 * shorter / (shorter + longer))
