"""Kernels find in texts what the plain path finds.

Covers text: run_classes and run_table; kernels: runs.
"""

from __future__ import annotations

import time

import numpy as np
import pytest
from fakes import make_article
from hypothesis import given
from hypothesis import strategies as st

from searcher import kernels
from searcher.engine.patterns import Pattern
from searcher.query.tree import Region
from searcher.search.highlight import Highlighter
from searcher.search.snippets import snippets
from searcher.text import run_table as table_module
from searcher.text.analyzer import chunk_terms
from searcher.text.folding import fold
from searcher.text.run_classes import classes
from searcher.text.run_table import RunTable, WantedTerms
from searcher.text.tokens import tokenize

if not kernels.load():
    pytest.skip("numba is not installed", allow_module_level=True)

LANGUAGES = ["en", "de", "tr", "ar", "hi", "zh", "el", "fr", "und"]

CHUNKS = st.one_of(
    st.sampled_from(
        "Oil oil, OIL US us U.S. u.s US's Putin Putin’s 'Putin's' al-Qaeda's cease-fire AT&T F-35s "
        "$10bn 3.5% 1,234 1.234,5 12:30 1990s l'Europe Straße İstanbul ISTANBUL ΟΔΟΣ οδός Москва "
        '"oil" he"oil "U.S." 2,258,216 dying skies-dying early '
        "القاهرة ـقـ हिन्दी में भारत दुनिया ไทยแลนด์ ประเทศ 俄罗斯占领北京市 東京です。 서울시 ｶﾞｲﾄﾞ 👩‍👩‍👧 naïve "
        "Beyoncé co-op.it's bbc.co.uk _x_ -- … «mot» word—word ʼtis ㎏ ǆ 𝐀𝐁 १२ ١٢ ק״ג x́ ß ẞ".split()
    ),
    st.text(max_size=12),
    st.text("abIUS.,'’-&_%$13(“”)!éΣσşİ中文のกקे\u200d\u0301", max_size=9),
    st.text("az", min_size=38, max_size=43),
)
TEXTS = st.lists(
    st.lists(CHUNKS, max_size=12).flatmap(
        lambda chunks: st.sampled_from([" ", "  ", "", "-", "—", "\n"]).map(
            lambda by: by.join(chunks)
        )
    ),
    max_size=4,
)


@st.composite
def searches(draw):
    """Return texts, their language, and patterns of terms that are in them."""
    texts = draw(TEXTS)
    language = draw(st.sampled_from(LANGUAGES))
    tokens = [token for text in texts for token in tokenize(text)]
    forms = [piece.form for token in tokens for piece in token.pieces] or ["zzz"]
    terms = sorted(chunk_terms(" ".join(texts), language)[0]) or [("form", "zzz")]
    patterns = []
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(forms) - 1))
        size = draw(st.integers(1, 3))
        run = tuple(frozenset((form,)) for form in forms[at : at + size])
        if draw(st.booleans()):
            field, term = draw(st.sampled_from(terms))
            pattern = Pattern(field, ((frozenset((term, "zzz")),),))
        elif draw(st.booleans()):
            pattern = Pattern("form", (run,), window=draw(st.integers(2, 20)))
        else:
            pattern = Pattern("form", (run, run[:1]), region=draw(st.sampled_from(Region)))
        patterns.append(pattern)
    return texts, language, patterns


@given(searches(), st.booleans())
def test_the_same_is_located_with_kernels_and_without(search, in_headline):
    texts, language, patterns = search
    found = []
    for wanted in (False, True):
        with kernels.using(wanted):
            found.append(Highlighter(patterns).locate(texts, language, in_headline))
    assert found[0] == found[1]


@given(TEXTS, st.sampled_from(LANGUAGES))
def test_every_term_of_a_text_is_found(texts, language):
    text = " ".join(texts)
    table = RunTable(language)
    terms, _ = chunk_terms(text, language)
    runs = table.find(text, (0,), 10, WantedTerms(terms))
    held = [chunk_terms(text[start:end], language) for start, end, _ in runs]
    assert set().union(*(found for found, _ in held)) == terms
    positions = [position for _, _, position in runs]
    assert positions == [10 + sum(width for _, width in held[:at]) for at in range(len(held))]


@given(TEXTS, st.sampled_from(LANGUAGES), st.booleans(), st.data())
def test_wanted_terms_are_found_among_others(texts, language, placed, data):
    text = " ".join(texts)
    terms = sorted(chunk_terms(text, language)[0])
    wanted = data.draw(st.sets(st.sampled_from(terms), max_size=2) if terms else st.just(set()))
    runs = RunTable(language).find(text, (0,), 10, WantedTerms(wanted), placed)
    held = (chunk_terms(text[start:end], language)[0] for start, end, _ in runs)
    assert set().union(*held) >= wanted


LETTERS = st.text("abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=9)
ENDINGS = st.sampled_from("ing ingly ed edly eed eedly s ies ied sses ational ness ly e y".split())


@given(st.lists(LETTERS | ENDINGS, min_size=1, max_size=4).map("".join))
@pytest.mark.parametrize("language", table_module._BEGIN_ALIKE)
def test_the_terms_of_a_word_begin_as_the_word(language, word):
    shared = 2 if len(word) >= kernels.runs.LONG_PART else 1
    for _, term in chunk_terms(word, language)[0]:
        assert word.startswith(term.rpartition(":")[2][:shared])


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_case_of_a_letter_changes_no_term(language):
    kinds, lower = classes()
    letters = np.flatnonzero((kinds == kernels.runs.LETTER) | (kinds == kernels.runs.CAPITAL))
    for point in letters[lower[letters] != letters].tolist():
        for word in ("{}xzzzzz", "xz{}zzzzz", "xzzzzz{}"):
            spelled, small = word.format(chr(point)), word.format(chr(lower[point]))
            assert chunk_terms(spelled, language) == chunk_terms(small, language)


def test_a_letter_has_no_effect_on_its_neighbours():
    kinds, _ = classes()
    for point in np.flatnonzero(kinds == kernels.runs.LETTER).tolist():
        terms, width = chunk_terms(f"x{chr(point)}x", "und")
        assert width == 1
        assert 2 <= len(terms) <= 3
    signs = "".join(map(chr, np.flatnonzero(kinds == kernels.runs.SIGN).tolist()))
    terms, width = chunk_terms(signs, "und")
    assert width == len(signs)
    assert {fold(signs[at : at + 2]) for at in range(len(signs))} == {term for _, term in terms}


def test_a_full_table_is_emptied(monkeypatch):
    monkeypatch.setattr(table_module, "_MOST_RUNS", 50)
    table = RunTable("en")
    for number in range(5):
        text = " ".join(f"word{chr(97 + number)}{'x' * at} a-{at}" for at in range(38)) + " needle"
        ((start, end, position),) = table.find(text, (0,), 0, WantedTerms([("form", "needle")]))
        assert text[start:end] == "needle"
        assert position == 38 * 3


def test_a_text_with_more_words_than_a_table_keeps_is_marked():
    text = " ".join(f"{at}x" for at in range(20_000)) + " needle"
    ((start, _, position),) = RunTable("en").find(text, (0,), 0, WantedTerms([("form", "needle")]))
    assert (start, position) == (text.index("needle"), 20_000)


def test_a_body_of_100_000_words_takes_milliseconds():
    body = "\n\n".join(
        f"The ship {'sailed with grain ' * 30} to Odesa on day {number}." for number in range(1000)
    )
    highlighter = Highlighter([Pattern("text", ((frozenset(("en:grain",)),),))])
    article = make_article(body=body)
    with kernels.using(True):
        snippets(article, highlighter)
        begin = time.thread_time()
        assert snippets(article, highlighter)[0].highlights
    assert time.thread_time() - begin < 0.5
