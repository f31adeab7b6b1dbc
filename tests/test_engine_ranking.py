"""Factors of relevance beyond single words, and their explanations, on each engine.

Covers engine: explain, formulas and weights; columnar.searching.rescoring and columnar.scoring.
"""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from fakes import NOW, filled, make_article
from hypothesis import given
from hypothesis import strategies as st

from searcher.columnar import constants, scoring
from searcher.engine import formulas, weights
from searcher.engine.memory import MemoryEngine
from searcher.engine.searches import Search
from searcher.engine.whoosh_engine import WhooshEngine
from searcher.query.parser import parse
from searcher.query.tree import Added

pytestmark = pytest.mark.usefixtures("loops")

DAY = 86_400


def ranked(engine, articles, query, **options):
    filled(engine, articles)
    with engine.snapshot() as snapshot:
        found = snapshot.search(Search(parse(query, NOW), **options))
    return [article.id for article, _ in found.ranked]


FILLING = [
    make_article(f"x{number}", "", f"other text number {number} of many words")
    for number in range(8)
]


def test_words_side_by_side_come_before_words_near_and_words_apart(engine):
    far = "white paper was read by them all and then came one more about a certain house"
    near = "white and very big stood the house that all of them came to see about then"
    beside = "the white house that all of them came to see was big and certain about then"
    articles = [
        make_article("far", "", far),
        make_article("near", "", near),
        make_article("beside", "", beside),
    ]
    assert ranked(engine, articles + FILLING, "white house") == ["beside", "near", "far"]


def test_the_order_of_the_words_counts(engine):
    articles = [
        make_article("turned", "", "house white and all"),
        make_article("typed", "", "white house and all"),
    ]
    assert ranked(engine, articles + FILLING, "white house") == ["typed", "turned"]


def test_words_across_a_common_one(engine):
    articles = [
        make_article("apart", "", "the bank and the england and more words of it"),
        make_article("together", "", "the bank of england and the more words it has"),
        *(make_article(f"of{number}", "", f"of all of it {number}") for number in range(60)),
    ]
    assert ranked(engine, articles, "bank of england")[0] == "together"


def test_all_words_come_before_one_of_them_often(engine):
    articles = [
        make_article("one", "", "grain grain grain grain with text about it"),
        make_article("both", "", "grain was here and there and then in a harbour"),
    ]
    assert ranked(engine, articles + FILLING, "grain harbour")[0] == "both"


def test_the_headline_counts(engine):
    articles = [
        make_article("body", "Other words here", "grain deal"),
        make_article("headline", "Grain deal here", "other words"),
    ]
    assert ranked(engine, articles + FILLING, "grain deal") == ["headline", "body"]


def test_being_new_breaks_near_ties_and_no_more(engine):
    articles = [
        make_article("old", "", "grain ships" + 40 * " a", published="2010-01-01"),
        make_article("new", "", "grain ships" + 41 * " a", published="2024-01-01"),
        make_article("newest", "", "nothing of it", published="2024-02-01"),
    ]
    assert ranked(engine, articles + FILLING, "grain ships") == ["old", "new"]
    assert ranked(engine, articles + FILLING, "grain ships", half_life=30 * DAY) == ["new", "old"]
    better = [make_article("better", "", "grain ships", published="2010-01-01")]
    assert ranked(engine, better, "grain ships", half_life=30 * DAY)[0] == "better"


def test_undated_articles_are_not_new(engine):
    articles = [
        make_article("undated", "", "grain" + 40 * " a"),
        make_article("dated", "", "grain" + 41 * " a", published="1950-01-01"),
    ]
    assert ranked(engine, articles + FILLING, "grain", half_life=30 * DAY) == ["dated", "undated"]


def test_added_words_score_and_find(engine):
    articles = [
        make_article("plain", "", "grain and more of it"),
        make_article("related", "", "grain and wheat of it"),
        make_article("other", "", "wheat alone of it"),
    ]
    filled(engine, articles + FILLING)
    query = parse("grain", NOW)
    query = type(query)(query.text, query.root, added=(Added("wheat", 0.5),))
    with engine.snapshot() as snapshot:
        found = snapshot.search(Search(query, explain=True))
    assert [article.id for article, _ in found.ranked] == ["related", "plain", "other"]
    assert (found.total, found.total_all) == (3, 2)
    assert "words added by broaden" in {part.name for part in found.parts[0]}


def test_an_explanation_adds_up_and_names_its_parts(engine):
    articles = [
        make_article(
            "a", "Grain ships leave", "The grain ships of Odesa left.", published="2024-01-01"
        )
    ]
    filled(engine, articles + FILLING)
    with engine.snapshot() as snapshot:
        query = parse('grain ships (odesa OR "black sea") +left lang:en', NOW)
        found = snapshot.search(Search(query, half_life=DAY, explain=True))
        assert snapshot.search(Search(query)).parts == ()
    (parts,) = found.parts
    assert sum(part.score for part in parts) == pytest.approx(found.ranked[0][1], abs=0.02)
    assert [part.score for part in parts] == sorted((part.score for part in parts), reverse=True)
    assert {part.name for part in parts} == {
        "grain",
        "ships",
        "odesa or “black sea”",
        "left",
        "words side by side or near each other",
        "all words are there",
        "recency",
    }


@pytest.mark.parametrize(
    "query",
    ["grain ships", "grain -ships", "+grain ships", "match:all grain ships", "grain lang:en"],
)
def test_totals_do_not_change_with_the_order(engine, query):
    articles = [
        make_article(
            str(number),
            "Grain",
            "grain ships" if number % 3 else "grain",
            published=f"2020-01-{number:02}",
        )
        for number in range(1, 29)
    ]
    filled(engine, articles)
    with engine.snapshot() as snapshot:
        totals = {
            (found.total, found.total_all)
            for sort in ("relevance", "newest", "oldest")
            for found in [
                snapshot.search(Search(parse(query, NOW), sort=sort, limit=5, half_life=DAY))
            ]
        }
    assert len(totals) == 1


def test_pairs_of_frequent_words_are_counted_in_a_sample(tmp_path, monkeypatch):
    """In a small index all documents are counted; the count in a sample is close to that."""
    monkeypatch.setattr("searcher.columnar.searching.rescoring.SAMPLE", 256)
    engine, oracle = WhooshEngine(tmp_path / "index"), MemoryEngine()
    for one in (engine, oracle):
        with one.writer() as writer:
            for number in range(1500):
                words = (
                    "white house"
                    if number % 7 == 0
                    else "white and all of the house"
                    if number % 5 == 0
                    else "snow"
                )
                writer.add(
                    make_article(f"{number:04}", "", f"{words} number {number % 13} of {number}")
                )
    query = parse("white house 1477", NOW)
    with engine.snapshot() as sampled, oracle.snapshot() as counted:
        found = sampled.search(Search(query, limit=20)).ranked
        exact = counted.search(Search(query, limit=20)).ranked
    assert found[0][0].id == exact[0][0].id
    assert [score for _, score in found] == pytest.approx([score for _, score in exact], rel=0.02)


@given(st.integers(1, 10_000), st.integers(0, 10_000))
def test_rarer_words_weigh_more_and_all_weigh_something(documents, matching):
    matching = min(matching, documents)
    assert scoring.idf(matching, documents) > 0
    assert scoring.idf(matching, documents) == pytest.approx(formulas.idf(matching, documents))
    if matching < documents:
        assert scoring.idf(matching, documents) > scoring.idf(matching + 1, documents)


@given(st.floats(0, 1e9), st.floats(1, 1e8))
def test_freshness_halves(age, half_life):
    older, newer, newest = scoring.freshness(np.array([age + half_life, age, 0.0]), half_life)
    assert older == pytest.approx(newer / 2)
    assert newest == 1
    assert formulas.freshness(age, half_life) == pytest.approx(newer)


@given(
    st.integers(1, 1000),
    st.integers(1, 10_000),
    st.floats(1, 10_000),
    st.floats(0.01, 20),
    st.integers(0, 20),
)
def test_the_formulas_on_arrays_are_the_plain_ones(count, length, average, weight, words):
    b = weights.length_weight(words)
    counts, lengths = np.array([count], np.float64), np.array([length], np.float64)
    norms = scoring.norms(lengths, average, b)
    plain = formulas.bm25(count, length, average, weight, b)
    assert scoring.bm25(counts, norms, weight)[0] == pytest.approx(plain)
    plain = formulas.bm25(count, length, average, weight)
    part = scoring.saturation(counts, lengths, average)[0]
    assert weight * (constants.K1 + 1) * part == pytest.approx(plain, rel=1e-4)


def test_formulas_and_suggestions_load_without_arrays():
    code = (
        "import sys, searcher.engine.formulas, searcher.engine.weights,"
        "searcher.search.relevance_model,"
        "searcher.search.suggestions;"
        "assert 'numpy' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_parts_of_a_compound_score_and_find_nothing(engine):
    articles = [
        make_article("whole", "", "the Iran-Contra affair and much more of it"),
        make_article("parts", "", "an affair of Contra troops and of Iran as well"),
        make_article("none", "", "an affair of other troops in a land as well"),
        make_article("alone", "", "troops of Contra in Iran"),
    ]
    filled(engine, articles + FILLING)
    with engine.snapshot() as snapshot:
        found = snapshot.search(Search(parse("Iran-Contra affair", NOW)))
        only = snapshot.search(Search(parse("Iran-Contra", NOW)))
    assert [article.id for article, _ in found.ranked] == ["whole", "parts", "none"]
    assert [article.id for article, _ in only.ranked] == ["whole"]
