"""Highlights and snippets.

Covers search: highlight, run_pieces, chunk_lexicon, body, windows and snippets.
"""

from __future__ import annotations

import time
from unittest import mock

import pytest
from fakes import NOW, make_article
from hypothesis import given
from hypothesis import strategies as st

from searcher import kernels
from searcher.engine.memory import MemoryEngine
from searcher.engine.searches import Search
from searcher.query.parser import parse
from searcher.search import highlight
from searcher.search.chunk_lexicon import ChunkLexicon
from searcher.search.highlight import Highlighter
from searcher.search.snippets import snippets
from searcher.search.windows import LONGEST_SNIPPET, SHORTEST_SNIPPET
from searcher.text.analyzer import chunk_terms


@pytest.fixture(params=[False, True], ids=["plain", "kernels"], scope="module", autouse=True)
def _kernels(request):
    """Run each test with kernels and without."""
    if request.param and not kernels.load():
        pytest.skip("numba is not installed")
    with kernels.using(request.param):
        yield


FILLER = "The harbour master wrote the day's arrivals into the book and closed it. "


def highlighter(article, query):
    engine = MemoryEngine()
    with engine.writer() as writer:
        writer.add(article)
    return Highlighter(engine.snapshot().search(Search(parse(query, NOW), limit=1)).patterns)


@given(st.lists(st.text(max_size=5), max_size=6), st.integers(1, 12))
def test_the_beginning_of_a_body_is_cut_at_a_character(paragraphs, most):
    with mock.patch.object(highlight, "_MOST_CHARACTERS", most):
        kept = highlight.beginning(paragraphs)
    assert "".join(kept) == "".join(paragraphs)[:most]
    assert all(map(str.startswith, paragraphs, kept))
    assert all(kept[number] == paragraphs[number] for number in range(len(kept) - 1))


def marked(article, query):
    """Return the marked words of the paragraphs."""
    found = [
        highlighter(article, query).mark(text, article.language) for text in article.paragraphs
    ]
    return [text.text[start:end] for text in found for start, end in text.highlights]


@pytest.mark.parametrize(
    ("text", "query", "words"),
    [
        ("Missile after missiles.", "missile", ["Missile", "missiles"]),
        ("Missile after missiles.", "=missile", ["Missile"]),
        ("It was fully occupied; fully, then occupied.", '"fully occupied"', ["fully occupied"]),
        ("Oil rose as OPEC cut; oil fell.", '"opec oil"~2', ["Oil", "OPEC", "oil"]),
        ("The U.S. sent F-35s and an F-35.", "U.S. f35", ["U.S.", "F-35s", "F-35"]),
        ("Putin’s men", "putin", ["Putin"]),
        ("Sever, severe, several.", "seve*", ["Sever", "severe", "several"]),
        ("Odesa and Odessa", "odesa~", ["Odesa", "Odessa"]),
        ("俄罗斯占领北京市", "占领", ["占领"]),
        ("grain", "lang:en", []),
        ("Straße und Strasse", "strasse", ["Straße", "Strasse"]),
    ],
)
def test_highlights(text, query, words):
    assert marked(make_article(body=text), query) == words


def test_a_headline_is_marked_as_a_headline():
    article = make_article(headline="Grain deal", body="A grain deal.")
    assert highlighter(article, "title:grain").mark_article(article)[0].highlights == ((0, 5),)
    assert highlighter(article, "body:grain").mark_article(article)[0].highlights == ()
    untitled = make_article(body="Grain deal signed. More below.")
    assert highlighter(untitled, "body:grain").mark_article(untitled)[0].highlights == ((0, 5),)


def test_the_passage_with_all_the_words_is_chosen():
    body = (
        FILLER * 6
        + "\n\n"
        + "Putin met Lukashenko and promised missiles. "
        + FILLER * 6
        + "\n\nPutin spoke."
    )
    article = make_article(body=body)
    first, *_ = snippets(article, highlighter(article, "putin lukashenko missiles"))
    assert first.text.startswith("Putin met Lukashenko and promised missiles.")
    assert [first.text[start:end] for start, end in first.highlights] == [
        "Putin",
        "Lukashenko",
        "missiles",
    ]
    assert first.opens


def test_a_second_passage_shows_what_the_first_does_not():
    article = make_article(body="Grain left. " + FILLER * 8 + "\n\nMissiles flew. " + FILLER * 4)
    first, second = snippets(article, highlighter(article, "grain missiles"))
    assert "Grain" in first.text
    assert "Missiles" in second.text


def test_without_a_match_in_the_body_the_lead_is_shown():
    article = make_article(headline="Grain", body=FILLER * 6)
    (snippet,) = snippets(article, highlighter(article, "grain"))
    assert article.paragraphs[0].startswith(snippet.text)
    assert snippet.highlights == ()
    assert snippets(make_article(headline="Grain"), highlighter(article, "grain")) == ()


def test_words_near_each_other_in_two_paragraphs_are_marked_in_both():
    article = make_article(body="alpha begins here\n\nthe omega ends")
    found = highlighter(article, '"alpha omega"~20')
    assert [marked.highlights for marked in found.mark_article(article)[1]] == [
        ((0, 5),),
        ((4, 9),),
    ]
    assert len(snippets(article, found)[0].highlights) == 2


def test_no_word_is_cut_and_no_phrase_broken():
    article = make_article(body="needle " + "b" * 300)
    assert snippets(article, highlighter(article, "needle"))[0].text == "needle"
    article = make_article(
        body=FILLER * 2
        + "They met in Minsk. Putin spoke there about the harvest of the year. "
        + FILLER * 3
    )
    found = snippets(article, highlighter(article, '"minsk putin"'))
    assert any(
        snippet.text[start:end] == "Minsk. Putin"
        for snippet in found
        for start, end in snippet.highlights
    )


def test_a_rare_word_is_shown_however_many_common_ones_come_before():
    article = make_article(
        body=("the ship and the sea and the wind. " * 300)
        + "\n\nA xylophone was heard. "
        + FILLER * 3
    )
    assert any(
        "xylophone" in snippet.text
        for snippet in snippets(article, highlighter(article, "the xylophone"))
    )


@pytest.mark.parametrize(
    "query", ["foo", '"foo bar"', '"foo ship"~5', "foo bar baz the ship sailed"]
)
def test_an_article_as_long_as_a_book_is_shown_in_time(query):
    article = make_article(body="foo bar baz the ship sailed. " * 120_000)
    found = highlighter(make_article(body="foo bar baz the ship sailed."), query)
    begin = time.thread_time()
    assert snippets(article, found)
    assert time.thread_time() - begin < 3


SENTENCES = st.lists(
    st.sampled_from(["grain", "ship.", "Odesa", "missiles!", "U.S.", "a" * 30, "中文字。", "\n\n"]),
    max_size=150,
)


@given(
    SENTENCES.map(" ".join),
    st.sampled_from(
        ["grain", "odesa ship", '"grain ship"', "zzz", "中文", "a*", '"grain odesa"~4']
    ),
)
def test_snippets_keep_their_promises(body, query):
    article = make_article(body=body)
    whole = " ".join(article.paragraphs)
    found = snippets(article, highlighter(article, query))
    assert len(found) <= 2
    assert bool(found) == bool(whole)
    for snippet in found:
        assert snippet.text in whole
        assert len(snippet.text) <= LONGEST_SNIPPET
        assert (
            len(snippet.text) >= min(SHORTEST_SNIPPET, len(whole)) or len(whole) <= LONGEST_SNIPPET
        )
        assert snippet.highlights or not any(
            highlighter(article, query).mark(text, "en").highlights for text in article.paragraphs
        )
        end = 0
        for start, stop in snippet.highlights:
            assert end <= start < stop <= len(snippet.text)
            end = stop
    if len(found) == 2:
        assert found[0].text != found[1].text or whole.count(found[0].text) > 1


@given(
    st.lists(
        st.one_of(
            st.text(min_size=1, max_size=12),
            st.text("abcIU.S,'’-&%$1(“”)!é中ק", min_size=1, max_size=9),
        ),
        max_size=20,
    ),
    st.sampled_from(["en", "de", "tr", "ar", "und"]),
)
def test_a_lexicon_knows_of_each_chunk_what_its_analysis_says(texts, language):
    chunks = " ".join(texts).split()
    known = ChunkLexicon(language)
    known.learn(chunks)
    for chunk in chunks:
        terms, width = chunk_terms(chunk, language)
        entry = known.entries[chunk]
        assert known.widths[entry] == width
        for term in terms:
            assert entry in known.holding([term])
        others = {(field, term + "x") for field, term in terms} - set(terms)
        assert entry not in known.holding(others)
