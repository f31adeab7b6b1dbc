"""Analysis of text into terms.

Covers text.folding, marks, tokens, pieces and analyzer.
"""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searcher.text.analyzer import add_terms, query_terms, stem
from searcher.text.folding import INVISIBLE, fold
from searcher.text.marks import marks
from searcher.text.pieces import APOSTROPHES, SIGNS, TERM_LENGTH, decompose
from searcher.text.tokens import JOINERS, lookups, surfaces, token_spans, tokenize

LETTER = rf"[^\W_{APOSTROPHES}]|[{marks()}{INVISIBLE}]"
PLAIN = re.compile(
    r"(?:[^\W\d_]\.){2,}(?![^\W_])|"
    rf"[{SIGNS}]?[^\W_{APOSTROPHES}](?:{LETTER})*"
    rf"(?:(?:[{JOINERS}]|(?<=[א-ת])\"(?=[א-ת]))(?:{LETTER})+)*%?"
)
"""The plain expression of a token."""


def forms(text: str) -> set[str]:
    stems, found = {}, {}
    add_terms(text, "und", 0, stems, found)
    return set(found)


def found_by(query: str, text: str) -> bool:
    """Return whether the text contains the pieces of one lookup of the query's word in a row."""
    postings: dict[str, list[int]] = {}
    add_terms(text, "und", 0, {}, postings)
    runs = lookups(surfaces(query)[0])
    return not runs or any(
        any(
            all(start + step in postings.get(piece.form, ()) for step, piece in enumerate(run))
            for start in postings.get(run[0].form, ())
        )
        for run in runs
    )


@pytest.mark.parametrize(
    ("word", "folded"),
    [
        ("Orbán", "orban"),
        ("ŁÓDŹ", "lodz"),
        ("Straße", "strasse"),
        ("İstanbul", "istanbul"),
        ("Ἀθῆναι", "αθηναι"),
        ("Ёлкин", "елкин"),
        ("Київ", "київ"),
        ("йод", "йод"),
        ("إسرائيل", "اسراييل"),
        ("مُحَمَّد", "محمد"),
        ("שָׁלוֹם", "שלום"),
        ("हिन्दी", "हिंदी"),
        ("क़ानून", "कानून"),
        ("पहुँचा", "पहुंचा"),
        ("臺灣", "台湾"),
        ("ヴァイオリン", "バイオリン"),
        ("نقطۂ", "نقطه"),
        ("ﾎﾞｰﾙ", "ボール"),
        ("अन्य", "अन्य"),
        ("２０２２", "2022"),
        ("٣٤", "34"),
    ],
)
def test_folding(word, folded):
    assert fold(word) == folded


@given(st.text())
def test_folding_is_idempotent(word):
    assert fold(fold(word)) == fold(word)


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("AT&T", {"at&t", "at", "t"}),
        ("F-35", {"f35", "f", "35"}),
        ("U.S.", {"us", "u.s."}),
        ("COVID-19", {"covid19", "covid", "19"}),
        ("3.5%", {"3.5", "3.5%"}),
        ("$10bn", {"10bn", "$10bn"}),
        ("@name", {"name", "@name"}),
        ("#MeToo", {"metoo", "#metoo"}),
        ("Putin's", {"putin"}),
        ("O’Brien", {"obrien", "o", "brien"}),
        ("l’Ukraine", {"l", "ukraine"}),
        ("1,234.56", {"1234.56"}),
        ("100,000,000", {"100000000"}),
        ("bbc.co.uk", {"bbc.co.uk", "bbc", "co", "uk"}),
        ("war.Next", {"war", "next"}),
        ("北京市", {"北京", "京市", "市"}),
    ],
)
def test_terms_of_news_tokens(text, terms):
    assert terms <= forms(text)


@pytest.mark.parametrize(
    ("query", "text", "found"),
    [
        ("F-35", "the F-35 jet", True),
        ("F35", "the F-35 jet", True),
        ("F-35", "the F35 jet", True),
        ("F-35", "the F 35 jet", True),
        ("alqaeda", "al-Qaeda", True),
        ("al-qaeda", "al Qaeda", True),
        ("o'brien", "OBrien", True),
        ("OBrien", "O’Brien", True),
        ("U.S.", "the US said", True),
        ("U.S.", "the U.S. said", True),
        ("U.S.", "told us that", False),
        ("US", "the U.S. said", True),
        ("3.5%", "rose by 3.5%", True),
        ("3.5%", "rose by 3.5", False),
        ("3.5", "rose by 3.5%", True),
        ("3,5", "rose by 3.5", True),
        ("1000", "1,000 men", True),
        ("$10bn", "a $10bn plan", True),
        ("$10bn", "10bn people", False),
        ("@ATT", "to @ATT", True),
        ("@ATT", "at ATT", False),
        ("AT&T", "AT&T’s network", True),
        ("北京", "在北京市", True),
    ],
)
def test_words_are_found_both_ways(query, text, found):
    assert found_by(query, text) is found


@given(st.text(max_size=200))
def test_tokens_lie_in_order_inside_the_text(text):
    end = 0
    for token in tokenize(text):
        assert end <= token.start < token.end <= len(text)
        end = token.end
        assert {piece.offset for piece in token.pieces if not piece.extra} == set(
            range(token.width)
        )
        for piece in token.pieces:
            assert 0 <= piece.start <= piece.end <= token.end - token.start
            assert piece.form
            assert len(piece.form) <= TERM_LENGTH


@given(st.text(max_size=60))
def test_a_text_is_found_by_its_own_tokens(text):
    for token in tokenize(text):
        assert found_by(text[token.start : token.end], text)


def test_positions_ascend_without_repeats():
    stems, found = {}, {}
    add_terms("a-a a.a.a a-b-a O'O'O 1,1 a", "en", 0, stems, found)
    for positions in (*stems.values(), *found.values()):
        assert positions == sorted(set(positions))


@pytest.mark.parametrize(
    "text",
    [
        "a" * 500_000,
        "a-" * 200_000,
        "a.b." * 100_000,
        "," * 500_000,
        "1," * 200_000,
        "中" * 200_000,
    ],
)
def test_tokens_take_linear_time(text):
    begin = time.process_time()
    list(tokenize(text))
    assert time.process_time() - begin < 5


@pytest.mark.parametrize(
    ("language", "first", "second"),
    [
        ("en", "missiles", "missile"),
        ("de", "Häuser", "Hauses"),
        ("fr", "évacués", "évacuée"),
        ("es", "naciones", "nación"),
        ("ru", "ракеты", "ракетами"),
        ("ar", "الصواريخ", "صواريخ"),
        ("pl", "wyborach", "wyborami"),
    ],
)
def test_inflections_share_a_stem(language, first, second):
    assert stem(first.lower(), language) == stem(second.lower(), language)


def test_a_stem_means_nothing_in_another_language():
    stems: dict[str, list[int]] = {}
    add_terms("put", "en", 0, stems, {})
    assert stem("putin", "tr") == "put"
    assert not query_terms("putin", "putin", ("en", "tr")) & set(stems)


def test_a_word_without_accents_finds_the_word_with_them():
    for accented, plain, language in (
        ("élections", "elections", "fr"),
        ("wählen", "wahlen", "de"),
        ("beyoncé", "beyonce", "en"),
    ):
        stems: dict[str, list[int]] = {}
        add_terms(accented, language, 0, stems, {})
        assert query_terms(plain, plain, (language,)) & set(stems), plain


def test_decomposition_is_cached():
    decompose.cache_clear()
    add_terms("war war war", "en", 0, {}, {})
    assert decompose.cache_info().misses <= 1


@given(
    st.one_of(
        st.text("aZ9.,&-'%_$@\" ", max_size=20),
        st.text("aZ9é'’.,&-·״׳\"%_$€ \u0301\u0651\u200dאב\u00ad中ขึ้कि्٣", max_size=20),
        st.text(max_size=20),
    )
)
def test_tokens_are_those_of_the_plain_expression(text: str) -> None:
    spans = [match.span() for match in PLAIN.finditer(text)]
    assert list(token_spans(text)) == spans
    assert [(token.start, token.end) for token in tokenize(text)] == spans
    assert surfaces(text) == [text[start:end] for start, end in spans]
