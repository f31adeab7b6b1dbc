"""Words for numbers in many languages.

Covers text: number_words.
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searcher.text.folding import fold
from searcher.text.number_words import figure_words, number_words, spelled_number


@pytest.mark.parametrize(
    ("text", "value", "count"),
    [
        ("thirty workers", 30, 1),
        ("twenty-five people", 25, 1),
        ("twenty-one people", 21, 1),
        ("two hundred and five men", 205, 4),
        ("two million three hundred thousand euros", 2_300_000, 5),
        ("two men and three women", 2, 1),
        ("zweiundzwanzig Menschen", 22, 1),
        ("dreißig Tote", 30, 1),
        ("fünfhundert Polizisten", 500, 1),
        ("tweeëntwintig gewonden", 22, 1),
        ("quatre-vingt-dix-sept morts", 97, 1),
        ("soixante et onze morts", 71, 3),
        ("dix-sept morts", 17, 1),
        ("treinta y cinco heridos", 35, 3),
        ("veintidós heridos", 22, 1),
        ("trinta e cinco feridos", 35, 3),
        ("trentatré feriti", 33, 1),
        ("ventotto feriti", 28, 1),
        ("fyrtio skadade", 40, 1),
        ("trzydzieści osób", 30, 1),
        ("двадцать пять человек", 25, 2),
        ("тридцять людей", 30, 1),
        ("خمسة وعشرون قتيلا", 25, 2),
        ("ثلاثون قتيلا", 30, 1),
        ("二 十 五 名", 25, 3),
        ("four of them", 4, 1),
        ("one of them", 0, 0),
        ("sept", 0, 0),
        ("million people", 0, 0),
        ("一 个 人", 0, 0),
        ("十 个", 0, 0),
        ("", 0, 0),
    ],
)
def test_a_number_in_words_is_read(text: str, value: int, count: int) -> None:
    assert spelled_number([fold(word) for word in text.split()]) == (value, count)


@given(
    st.lists(st.sampled_from(sorted(figure_words() | {"and", "-", "one", "二", "十"})), max_size=8)
)
def test_any_words_are_read_within_their_count(forms: list[str]) -> None:
    value, count = spelled_number(forms)
    assert 0 <= count <= len(forms)
    assert (value == 0) == (count == 0)


def test_each_word_is_read_as_its_number() -> None:
    for word, value in number_words().items():
        assert spelled_number([word]) == (value, 1)
