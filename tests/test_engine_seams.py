"""Words that were typed together are found apart, on every engine.

Covers engine.seams.
"""

from __future__ import annotations

from dataclasses import replace

import pytest
from contract import found
from fakes import NOW, filled, make_article
from hypothesis import given
from hypothesis import strategies as st

from searcher.engine.seams import between_seams, two_words
from searcher.engine.searches import Search
from searcher.query.parser import parse

ARTICLES = [
    make_article("1", "香港九龍大樓", "消防員在火災中救出二十人。", language="zh"),
    make_article("2", "香港火災", "大火。", language="zh"),
    make_article("3", "東京の港", "夜に地震が起きた。", language="ja"),
    make_article("4", "서울 소식", "오늘 지하철 파업이 끝났다.", language="ko"),
    make_article("5", "Report", "The channel Al Jazeera reported from Đà Nẵng.", language="en"),
    make_article("6", "经济与政策", "经济好,政策稳。", language="zh"),
    *(make_article(f"8{n}", "香港", "天氣好。", language="zh") for n in range(20)),
    *(make_article(f"9{n}", "火災", "沒有傷亡。", language="zh") for n in range(20)),
    *(make_article(f"7{n}", "经济政策", "经济政策。", language="zh") for n in range(3)),
]  # fmt: skip


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("香港火灾", "1 2"),
        ("+香港火災", "1 2"),
        ("香港 火災 match:all -香港火災", "1"),
        ('"香港火灾"', "2"),
        ("=香港火灾", "2"),
        ("title:香港火灾", "2"),
        ("東京地震", "3"),
        ("서울지하철", "4"),
        ("aljazeera", "5"),
        ("danang", "5"),
        ("=danang", ""),
        ("经济政策", "70 71 72"),
    ],
)
def test_words_without_a_space_between_them(engine, query, ids):
    assert sorted(found(filled(engine, ARTICLES), query)) == sorted(ids.split()), query


def test_the_words_are_shown_and_can_be_left_out(engine):
    snapshot = filled(engine, ARTICLES).snapshot()
    for without, expected, ids in (
        ((), [("香港火災", ("香港 火災",))], "21"),
        (("香港 火災",), [], "2"),
    ):
        ranking = snapshot.search(Search(replace(parse("香港火災", NOW), without=without)))
        assert [(also.word, also.spellings) for also in ranking.also] == expected
        assert [article.id for article, *_ in ranking.ranked] == list(ids)
    snapshot.close()


class _Vocabulary:
    """A vocabulary of forms."""

    def __init__(self, articles: dict[str, int]) -> None:
        self.articles = articles

    def holding(self, form: str) -> int:
        return self.articles.get(form, 0)

    def forms(self, forms) -> list[int]:
        return [self.articles.get(form, 0) for form in forms]


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=12))
def test_words_of_a_run_cover_it_but_for_the_seams(held):
    pairs = [str(number) for number in range(len(held))]
    words = between_seams(pairs, _Vocabulary(dict(zip(pairs, held, strict=True))))
    covered = [at for word in words for at in word]
    assert all(words)
    seams = set(range(len(held))) - set(covered)
    assert covered == sorted(covered)
    assert all(20 * held[at] < min(held[at - 1], held[at + 1]) for at in seams)


@given(st.text(max_size=12), st.dictionaries(st.text("abc", min_size=1), st.integers(0, 9)))
def test_two_words_make_the_word(form, articles):
    parts = two_words(form, _Vocabulary(articles))
    assert parts is None or ("".join(parts) == form and all(articles[part] for part in parts))
