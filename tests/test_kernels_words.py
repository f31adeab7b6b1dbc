"""The kernels that read texts give what the plain code gives.

Covers kernels: words, letters, ngrams, joins; columnar.writing.chunks; text.tokens_terms.
"""

from __future__ import annotations

import re
from unittest import mock

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from searcher import kernels
from searcher.columnar.fields import Analysed, Zone
from searcher.columnar.writing import inverter
from searcher.engine.whoosh_schema import analyses
from searcher.text.joined import find_joins
from searcher.text.language import detect
from searcher.text.passages import foreign_passages
from searcher.text.profiles import profiles
from searcher.text.tokens import surfaces
from searcher.text.tokens_terms import each_terms, tokens_terms

if not kernels.load():
    pytest.skip("numba is not installed", allow_module_level=True)

SCRIPTS = (
    "grain Harbour ÉTAT straße İstanbul ǅ ΣΑΣ Москва київ שלום سلام हिन्दी ไทย 北京 ひらがな 한국 "
)
any_text = st.text(st.characters(codec=None) | st.sampled_from(SCRIPTS + " \t\n\u3000\x85\xa0"))
words = st.sampled_from(
    "the Russia Russiawhich russiaon Harbour HARBOURS unionThe Kiev which is and grain "
    "ZWISCHEN McDonald tschüss États nth Българияв İrlanda".split()
)
prose = st.lists(words | any_text, max_size=30).map(" ".join)
texts = st.lists(prose | any_text, min_size=1, max_size=5)


@given(st.lists(texts, max_size=4))
def test_words_are_numbered_in_the_order_in_which_they_are_met(batches):
    known, plain = kernels.words.Words(), {}
    for batch in batches:
        text = "\n".join(batch)
        edges = np.cumsum([len(one) + 1 for one in batch]) - 1
        numbers, ends, places = known.number(text, edges)
        assert numbers.tolist() == [plain.setdefault(word, len(plain)) for word in text.split()]
        assert ends.tolist() == np.cumsum([len(one.split()) for one in batch]).tolist()
        starts_and_ends = iter(places.tolist())
        found = [text[start : next(starts_and_ends)] for start in starts_and_ends]
        assert found == text.split()
        assert [known.text(number) for number in range(known.count)] == list(plain)


def test_a_table_grows_and_is_emptied():
    known = kernels.words.Words()
    many = [f"word{number}" for number in range(20_000)]
    text = " ".join(many)
    for _ in range(2):
        numbers, _, _ = known.number(text, np.array([len(text)]))
        assert numbers.tolist() == list(range(20_000))
    known.clear()
    numbers, _, _ = known.number("word7 word8", np.array([11]))
    assert numbers.tolist() == [0, 1]


def test_letters_are_those_of_words_in_expressions():
    kinds, lowers = kernels.letters.tables()
    for point in range(kernels.letters.SIZE):
        char, kind = chr(point), int(kinds[point])
        assert bool(kind & kernels.letters.LETTER) == bool(re.fullmatch(r"[^\W\d_]", char))
        assert bool(kind & kernels.letters.UPPER) == char.isupper()
        if not kind & kernels.letters.HARD:
            assert chr(lowers[point]) == char.lower()


def scores(known, batch, distinct):
    found = [known.score(text, distinct) for text in batch]
    return [(one.by_size.tolist(), one.counts.tolist()) for one in found]


@given(texts, st.booleans())
def test_scores_of_languages(batch, distinct):
    known = profiles()
    handicaps = np.zeros(len(known.languages))
    with kernels.using(False):
        plain = scores(known, batch, distinct), known.leads(batch, handicaps, "en")
    with kernels.using(True):
        compiled = scores(known, batch, distinct), known.leads(batch, handicaps, "en")
    for (sizes, counts), (others, other_counts) in zip(plain[0], compiled[0], strict=True):
        np.testing.assert_allclose(sizes, others, rtol=1e-5)
        assert counts == other_counts
    np.testing.assert_allclose(plain[1][0], compiled[1][0], rtol=1e-4, atol=1e-3)
    assert plain[1][1] == compiled[1][1]


@given(texts, st.sampled_from(["", "en", "ru"]))
def test_languages_and_passages(batch, declared):
    def found():
        tag = detect("\n".join(batch), declared)
        return tag.language, foreign_passages(batch, tag.language)

    with kernels.using(False):
        plain = found()
    with kernels.using(True):
        assert found() == plain


@given(texts, prose, st.sampled_from(["en", "de", "und"]))
def test_joins(batch, headline, language):
    with kernels.using(False):
        plain = find_joins(batch, language, headline)
    with kernels.using(True):
        assert find_joins(batch, language, headline) == plain


def _arrays(lists):
    return lists.ends, lists.documents, lists.counts, lists.positions, lists.shares


def inverted(collected, batches):
    """Return what an inverter makes of the texts of several segments."""
    found = []
    for batch in batches:
        for number, (zones, variant) in enumerate(batch):
            places = [Zone(1000 * place, passages) for place, passages in enumerate(zones)]
            collected.add(number, Analysed(places, variant))
        lists, lengths, second = collected.finish(len(batch), 1 << 20)
        read = [
            (name, each.terms, *map(list, _arrays(each)))
            for name, some in lists.items()
            for each in some
        ]
        collected.forget()
        found.append((read, list(lengths), second and (second.start, list(second.lengths))))
    return found


articles = st.tuples(st.lists(texts, min_size=1, max_size=2), st.sampled_from(["en", "de", "und"]))


@given(st.lists(st.lists(articles, min_size=1, max_size=4), min_size=1, max_size=3))
def test_texts_are_inverted_alike(batches):
    analysis = analyses()["body"]
    with (
        mock.patch.object(inverter, "_LONG_TEXT", 0),
        mock.patch.object(inverter, "_VOCABULARY_SHARE", 0),
    ):
        with kernels.using(False):
            plain = inverted(inverter.TextInverter(analysis), batches)
        with kernels.using(True):
            assert inverted(inverter.TextInverter(analysis), batches) == plain
            both = inverter.TextInverter(analysis)
            with kernels.using(False):
                first = inverted(both, batches[:1])
            assert first + inverted(both, batches[1:]) == plain


@given(
    any_text | st.sampled_from("NATO US Kiev kiev Zelenskyy's 1,000 3.5 12 Off offoff Шahh".split())
)
def test_a_single_token_has_the_terms_that_it_has_beside_others(text):
    tokens = surfaces(text)
    assert each_terms(tokens, "en") == [tokens_terms([token], "en") for token in tokens]
    for token in tokens:
        width, alone = tokens_terms([token], "en")
        both_width, both = tokens_terms([token, token], "en")
        assert both_width == 2 * width
        assert [found[: len(found) // 2] for found in both] == list(alone)
