"""A word of an article finds the article however it is typed, and is marked in it.

Covers query.typing, text.analyzer, folding, tokens and pieces.
"""

from __future__ import annotations

import re

import pytest
from contract import found
from fakes import NOW, filled, make_article
from hypothesis import given
from hypothesis import strategies as st
from typings import WORDS, typings, without_accents

from searcher import kernels
from searcher.engine.alternatives import alternatives
from searcher.engine.memory import MemoryEngine
from searcher.engine.patterns import Pattern, occurrences
from searcher.engine.searches import Search
from searcher.engine.whoosh_engine import WhooshEngine
from searcher.query.parser import parse
from searcher.query.tree import Word, leaves
from searcher.search.highlight import Highlighter
from searcher.text.analyzer import add_terms, query_terms
from searcher.text.cleaning import clean_line
from searcher.text.tokens import surfaces

CASES = [(language, word) for language, words in WORDS.items() for word in words.split()]
LETTERS = "aeiouyżźćńółęąśçğıöşüéèàêâîôûñãõäåøæßđčšžőűțșăřůěњќїієґёйабвгдеαάεέηήιίσς"


def finds(query: str, text: str, language: str) -> bool:
    """Return whether a text has a word of the query."""
    stems: dict[str, list[int]] = {}
    add_terms(text, language, 0, stems, {})
    words = [leaf.text for leaf in leaves(parse(query, NOW).root) if isinstance(leaf, Word)]
    if not words or not surfaces(words[0]):
        return True
    ways = alternatives(words[0], lambda piece: query_terms(piece.lower, piece.form, (language,)))
    return not ways or any(True for _ in occurrences(Pattern("text", ways), stems))


@pytest.mark.parametrize(("language", "word"), CASES)
def test_a_word_is_found_however_it_is_typed(language, word):
    missed = [typed for typed in typings(word) if not finds(typed, word, language)]
    assert missed == []


@pytest.mark.parametrize(("language", "word"), CASES)
def test_a_word_written_otherwise_is_found_by_the_usual_one(language, word):
    """Texts are cleaned before they are indexed. Signs of full width and dashes divide words."""
    texts = [clean_line(text) for text in typings(word) if not re.search("[！-～–−\u200b]", text)]
    assert [text for text in texts if not finds(word, text, language)] == []


@given(st.text(LETTERS, min_size=2, max_size=12), st.sampled_from(sorted(WORDS)), st.data())
def test_letters_are_found_however_they_are_typed(word, language, data):
    typed = data.draw(st.sampled_from(typings(word)))
    assert finds(typed, word, language) or word in ("and", "or", "not")


@given(st.text(LETTERS, min_size=2, max_size=12), st.sampled_from(sorted(WORDS)))
def test_some_accents_may_be_left_out(word, language):
    half = without_accents(word[: len(word) // 2]) + word[len(word) // 2 :]
    assert finds(half, word, language)


@pytest.fixture(scope="module", params=["memory", "whoosh", "compiled"])
def many_languages(request, tmp_path_factory):
    """Yield each engine with an article for each word."""
    articles = [
        make_article(str(number), "", f"{word} zzz.", language=language)
        for number, (language, word) in enumerate(CASES)
    ]
    with kernels.using(request.param == "compiled"):
        memory = request.param == "memory"
        folder = tmp_path_factory.mktemp("typed") / "index"
        engine = filled(MemoryEngine() if memory else WhooshEngine(folder), articles)
        yield engine, articles
        if not memory:
            engine.close()


def test_every_engine_finds_and_marks_words_as_they_are_typed(many_languages):
    engine, articles = many_languages
    snapshot = engine.snapshot()
    for number, (language, word) in enumerate(CASES):
        for typed in typings(word)[::3]:
            query = f"({typed}) lang:{language}"
            assert str(number) in found(engine, query), query
            patterns = snapshot.search(Search(parse(query, NOW))).patterns
            _, (paragraph,) = Highlighter(patterns).mark_article(articles[number])
            assert paragraph.highlights, query
    snapshot.close()
