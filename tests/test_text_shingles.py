"""Words as hashes, shingles, and sketches, without kernels and with them.

Covers text: shingles and sketches; kernels: shingles and word_kinds.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from searcher import kernels
from searcher.text.shingles import HAS_DIGIT, distinct, hashed_words, shingles, word_spans
from searcher.text.sketches import CODE_BYTES, LEAST, MOST, PART, needed, sketch

texts = st.text(
    st.sampled_from("aAÉé9٣ß.'-, \n\u200b\u00ad\u0301語가ทæ😀\ud800\u200d") | st.characters()
)


def same(one, other):
    return hashed_words(one).hashes.tolist() == hashed_words(other).hashes.tolist()


@given(texts)
def test_words_are_hashed_as_by_the_plain_code(text):
    if not kernels.load():
        pytest.skip("numba is not installed")
    with kernels.using(True):
        hashes, kinds = hashed_words(text)
    with kernels.using(False):
        plain = hashed_words(text)
    assert hashes.tolist() == plain.hashes.tolist()
    assert kinds.tolist() == plain.kinds.tolist()


@given(texts)
def test_spans_are_those_of_the_words(text):
    alone = [hashed_words(text[start:end]).hashes.tolist() for start, end in word_spans(text)]
    assert alone == [[one] for one in hashed_words(text).hashes.tolist()]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Beyoncé’s café", "beyonce's cafe"),
        ("Al-Qaeda, U.S. 3.5%", "al qaeda u s 3 5"),
        ("co\u00adoperate", "cooperate"),
        ("donbas\u200bin", "donbas in"),
        ("語語", "語 語"),
        ("E\u0301te", "ete"),
    ],
)
def test_texts_typeset_differently_have_the_same_words(one, other, loops):
    assert same(one, other)


def test_hashes_are_those_of_every_process(loops):
    """An index contains them: another hash needs another ANALYSIS_VERSION."""
    words = hashed_words("Kyiv 24 語")
    assert words.hashes.tolist() == [
        6820633824218091422,
        8830731562213076164,
        4260169689175230453,
    ]
    assert words.kinds.tolist() == [2, HAS_DIGIT, 0]
    assert shingles(words.hashes).tolist() == [2149322099036619305]


def test_a_sketch_is_a_part_of_the_text():
    words = [f"word{number}" for number in range(2000)]
    whole, third = (set(codes(" ".join(some))) for some in (words, words[600:1200]))
    assert len(whole) == pytest.approx(2000 / PART, abs=3)
    assert len(whole & third) == pytest.approx(600 / PART, abs=20)
    assert len(whole & third) >= needed(598, 1998)
    assert len(codes(" ".join(words[:40]))) == LEAST
    assert len(codes(" ".join(words[:9]))) == 7
    assert codes("two words") == []
    assert len(codes(" ".join(f"w{number}" for number in range(MOST * PART * 2)))) <= MOST


def codes(text):
    found = np.frombuffer(sketch(text).codes, f">u{CODE_BYTES}").tolist()
    assert found == sorted(set(found))
    return found


@given(st.integers(0, 9000), st.lists(st.integers(0, 9000), min_size=1))
def test_the_number_of_common_codes_needed_is_the_same_in_either_order(size, others):
    found = needed(size, np.array(others))
    assert found.tolist() == [int(needed(other, size)) for other in others]


@given(st.lists(st.integers(0, 9)))
def test_distinct_shingles_are_ascending(values):
    assert distinct(np.array(values, np.uint64)).tolist() == sorted(set(values))
