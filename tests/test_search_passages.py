"""Passages chosen by kernels are those of the plain path.

Covers search: passages, windows; text: sentences; kernels: passages, sentences.
"""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searcher import kernels
from searcher.search.body import Body, Joined
from searcher.search.passages import passages

if not kernels.load():
    pytest.skip("numba is not installed", allow_module_level=True)

WORDS = st.one_of(
    st.sampled_from(
        "The grain ship left Odesa on Monday. Mr. Sept. U.S. Inc. corp. им. İNC. ΣΑΣ. a.b.c. x_y. "
        "He said: “No.” ”Yes!” ) ?) ... …” !!! 。。 です。」 東京。 ！？』 \u3000 \u00a0 \u2028 𝐀. 👩 é. ½. "
        "1. 12.5 _. \x1c \t".split(" ")
    ),
    st.text(max_size=10),
    st.text("aB.!?…。”) ", max_size=12),
    st.text("ab", min_size=50, max_size=260),
)
TEXTS = st.lists(
    st.lists(st.lists(WORDS, max_size=6), max_size=25).map(
        lambda parts: " ".join(" ".join(part) for part in parts)
    ),
    max_size=4,
)


@st.composite
def bodies(draw):
    """Return a body with matches of words and of longer spans."""
    joined = Joined.of(draw(TEXTS))
    size = len(joined.text)
    spans = st.tuples(
        st.integers(0, max(size - 1, 0)),
        st.one_of(st.integers(1, 12), st.integers(1, 400)),
        st.integers(0, draw(st.sampled_from([0, 2, 39]))),
    )
    found = {
        (start, min(start + length, size), number)
        for start, length, number in draw(st.lists(spans, max_size=40))
        if start < size
    }
    return Body(joined, sorted(found))


@given(st.lists(bodies(), max_size=4))
def test_the_same_passages_are_chosen_with_kernels_and_without(found):
    with kernels.using(False):
        expected = passages(found)
    with kernels.using(True):
        assert passages(found) == expected


def test_the_passages_of_a_book_are_chosen_in_milliseconds():
    text = "The ship sailed with grain to Odesa on the day. " * 12_000
    matches = [(at + 4, at + 8, at // 48 % 3) for at in range(0, len(text), 48)]
    body = Body(Joined.of([text]), matches)
    passages([body])
    begin = time.thread_time()
    passages([body])
    assert time.thread_time() - begin < 0.1
