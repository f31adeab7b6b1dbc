"""The Whoosh engine equals the memory engine, on random articles, histories and queries.

Covers engine: memory, memory_evaluation, memory_vocabulary, memory_places, whoosh_engine,
whoosh_places, places, translate and vocabulary; columnar.searching.shared_values and columnar.searching.narrowing.
"""

from __future__ import annotations

import random
import tempfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fakes import NOW, make_article
from histories import CHANGES, CHOSEN, COUNTED, QUERY, SINCE, WORDS, commit, narrowings
from hypothesis import example, given, settings
from hypothesis import strategies as st

from searcher.columnar.writing import inverter, merge, writer
from searcher.engine import common_words, weights
from searcher.engine.memory import MemoryEngine
from searcher.engine.memory_vocabulary import edit_distance
from searcher.engine.searches import FACETS, Search
from searcher.engine.whoosh_engine import WhooshEngine
from searcher.query.parser import parse
from searcher.query.tree import Copies

pytestmark = pytest.mark.usefixtures("loops")


@settings(max_examples=120)
@given(
    st.lists(CHANGES, min_size=1, max_size=4),
    st.lists(QUERY, min_size=1, max_size=6),
    st.booleans(),
    CHOSEN,
)
def test_the_whoosh_engine_equals_the_oracle(history, queries, match_all, chosen):
    _check_history(history, queries, match_all, chosen)


@settings(max_examples=60)
@given(st.lists(CHANGES, min_size=1, max_size=4), st.lists(QUERY, min_size=1, max_size=6))
@example(
    [([make_article(name, "", "al-qaeda al-qaeda") for name in "abc"], [], {})],
    ["al*", "al~", "alqaeda~"],
)
def test_so_does_one_without_memory(history, queries):
    """Each article is a segment, words found once are forgotten, and lists are written and merged
    in pieces."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(writer, "_SHARE", 0.0)
        patch.setattr(inverter, "_VOCABULARY_SHARE", 0.0)
        patch.setattr(inverter, "_SORTED_BYTES", 1 << 26)
        patch.setattr(inverter, "_SLICE", 3)
        patch.setattr(merge, "_ENTRY_BYTES", 1 << 26)
        patch.setattr(weights, "WINDOW", 2)
        patch.setattr(weights, "ALWAYS_TELLING", 1)
        _check_history(history, queries, match_all=False)


@settings(max_examples=120)
@given(
    st.lists(CHANGES, min_size=1, max_size=4),
    st.lists(QUERY, min_size=1, max_size=6),
    st.booleans(),
    st.sampled_from([0.1, 0.3, 0.5]),
)
def test_so_does_one_with_common_words(history, queries, match_all, share):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(common_words, "COMMON", share)
        patch.setattr(common_words, "FEW", 3)
        patch.setattr(common_words, "ACCIDENT", 0.9)
        patch.setattr(weights, "WINDOW", 2)
        _check_history(history, queries, match_all)


def _check_history(history, queries, match_all, chosen=()):
    with tempfile.TemporaryDirectory() as folder:
        oracle, whoosh = MemoryEngine(), WhooshEngine(Path(folder))
        for change in history:
            for engine in (oracle, whoosh):
                commit(engine, change)
        expected, actual = oracle.snapshot(), whoosh.snapshot()
        assert actual.count == expected.count
        assert [actual.facet(name) for name in FACETS] == [expected.facet(name) for name in FACETS]
        _compare_places(expected, actual)
        for text in queries:
            query = parse(("match:all " if match_all else "") + text, NOW)
            if len(text) % 3 == 0:
                query = replace(query, match_any=True)
            hidden = Copies.HIDE if len(text) % 2 else query.copies
            query = replace(query, narrowed=narrowings(chosen), copies=hidden)
            for sort in ("relevance", "newest", "oldest"):
                half_life = 86_400.0 * len(text)
                of_oracle = expected.search(
                    Search(
                        query, sort=sort, limit=50, facets=COUNTED, since=SINCE, half_life=half_life
                    )
                )
                of_whoosh = actual.search(
                    Search(
                        query, sort=sort, limit=50, facets=COUNTED, since=SINCE, half_life=half_life
                    )
                )
                _compare(of_oracle, of_whoosh)
                _compare(
                    expected.search(Search(query, sort=sort, offset=1, limit=3, by_story=True)),
                    actual.search(Search(query, sort=sort, offset=1, limit=3, by_story=True)),
                )
                # Expansions can name words of deleted articles until a merge removes them.
                assert of_whoosh.patterns == of_oracle.patterns or "*" in text or "~" in text
        assert list(actual.check()) == []
        actual.close()
        whoosh.close()


def _compare_places(expected, actual):
    for article_id in "abcdefgh":
        assert actual.place(article_id) == expected.place(article_id)
    for count in (2, 100):
        assert actual.unplaced(count) == expected.unplaced(count)
        for once in (False, True):
            found = [one.stories(range(1, 6), count, once=once) for one in (expected, actual)]
            assert found[0] == found[1]
    terms, day = ["en:war", "en:odesa", "ru:мир", "北京"], datetime(2022, 6, 1, tzinfo=UTC)
    for start, end in ((None, None), (day, None), (None, day)):
        found = [one.having_terms(terms, start, end, 3) for one in (expected, actual)]
        assert [one for one, _ in found[0]] == [one for one, _ in found[1]]
        scores = [[score for _, score in one] for one in found]
        assert scores[1] == pytest.approx(scores[0], abs=1e-6)
    many = [*terms, *(f"en:{word}" for word in WORDS), "en:war", "en:nowhere"]
    assert actual.vocabulary.stems(many) == expected.vocabulary.stems(many)
    forms = [term.rpartition(":")[2] for term in many]
    assert actual.vocabulary.forms(forms) == expected.vocabulary.forms(forms)
    for part in ("w", "ar", "od", "nowhere"):
        for asked in (("en", part, 3), ("ru", part, 99)):
            own, plain = actual.vocabulary, expected.vocabulary
            assert own.stems_beginning(*asked) == plain.stems_beginning(*asked)
            assert own.stems_ending(*asked) == plain.stems_ending(*asked)
    assert actual.last_number >= expected.last_number
    for least in (1, 2, 3):
        mine, plain = (one.printed(least, 1) for one in (actual, expected))
        assert [(one.number, one.size) for one in mine] == [(one.number, one.size) for one in plain]
        assert all(len(one.articles) == 1 for one in (*mine, *plain))


def _compare(expected, actual):
    assert (actual.total_stories, actual.stories) == (expected.total_stories, expected.stories)
    numbers = ("total", "total_some", "total_all", "total_copies", "entries")
    for name in numbers:
        assert getattr(actual, name) == getattr(expected, name), name
    assert [article for article, _ in actual.ranked] == [article for article, _ in expected.ranked]
    assert [score for _, score in actual.ranked] == pytest.approx(
        [score for _, score in expected.ranked], abs=1e-6
    )
    assert actual.warnings == expected.warnings
    assert actual.common == expected.common
    assert (actual.facets, actual.since) == (expected.facets, expected.since)


def _corpus(chance, count):
    """Return articles whose word frequencies are as skewed as in real ones, so that some lists have
    many blocks."""
    words = [f"{chance.choice('abcdefghij')}{number:x}" for number in range(1500)]
    weights = [1 / (rank + 2) for rank in range(len(words))]
    for number in range(count):
        length = chance.choice([5, 30, 90])
        text = " ".join(chance.choices(words, weights, k=length))
        yield make_article(
            f"{number % (count * 9 // 10)}",
            " ".join(chance.choices(words, weights, k=chance.randrange(6))),
            text,
            language=chance.choice(["en", "en", "fr", "und"]),
            source=chance.choice(["", "BBC News", "AFP"]),
            published=chance.choice([None, "2022-01-01", "2022-06-01", "2023-01-01"]),
        )


def _random_query(chance, words):
    def word():
        return words[min(int(chance.expovariate(0.02)), len(words) - 1)]

    leaf = chance.choice(
        [
            lambda: " ".join(word() for _ in range(chance.randrange(1, 6))),
            lambda: f'"{word()} {word()}"',
            lambda: f'"{word()} {word()} {word()}"~{chance.randrange(9)}',
            lambda: f"{word()[:2]}* {word()}",
            lambda: f"{word()}~ {word()}",
            lambda: f"+{word()} {word()} {word()}",
            lambda: f"{word()} {word()} -{word()}",
            lambda: f"title:{word()} {word()}",
            lambda: f"source:bbc OR {word()}",
            lambda: f"+({word()} OR lang:en)",
            lambda: f"title:{word()} OR (on:2022 {word()})",
            lambda: f"{word()} AND ({word()} OR {word()})",
        ]
    )
    return " ".join(
        [
            leaf(),
            chance.choice(["", "", "lang:en", "source:afp", "after:2022-02", "on:2022 lang:fr"]),
        ]
    )


def test_pruned_equals_exhaustive_on_long_lists(tmp_path):
    chance = random.Random(5)
    oracle, whoosh = MemoryEngine(), WhooshEngine(tmp_path / "index")
    articles = list(_corpus(chance, 5000))
    for start in range(0, len(articles), 1600):
        for engine in (oracle, whoosh):
            with engine.writer() as index_writer:
                for article in articles[start : start + 1600]:
                    index_writer.add(article)
                for article_id in range(start // 10, start // 10 + 60):
                    index_writer.delete(str(article_id))
    expected, actual = oracle.snapshot(), whoosh.snapshot()
    words = [word for article in articles[:40] for word in article.paragraphs[0].split()]
    for _ in range(150):
        query = parse(_random_query(chance, words), NOW)
        sort, offset = (
            chance.choice(["relevance", "relevance", "newest", "oldest"]),
            chance.choice([0, 0, 10]),
        )
        whole = expected.search(Search(query, sort=sort, offset=offset, facets=FACETS))
        _compare(whole, actual.search(Search(query, sort=sort, offset=offset, facets=FACETS)))
        pruned = actual.search(Search(query, sort=sort, offset=offset, totals=False))
        assert [article.id for article, _ in pruned.ranked] == [
            article.id for article, _ in whole.ranked
        ]
        assert [score for _, score in pruned.ranked] == pytest.approx(
            [score for _, score in whole.ranked], abs=1e-6
        )
    actual.close()
    whoosh.close()


@given(st.text("abcä", max_size=7), st.text("abcä", max_size=7))
def test_the_oracles_edit_distance_is_the_librarys(first, second):
    from rapidfuzz.distance import OSA

    assert edit_distance(first, second) == OSA.distance(first, second)
