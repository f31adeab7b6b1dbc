"""Words inside others are found: parts of compounds, and words behind prefixes, on every engine.

Covers engine: related, planner, word_planner and vocabulary; text: common_parts and sorted_rows;
alerts.reverse_search.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pytest
from contract import found
from fakes import NOW, filled, make_article
from hypothesis import given
from hypothesis import strategies as st

from searcher.columnar.files.dictionary import Dictionary
from searcher.engine.searches import Search
from searcher.query.parser import parse

ARTICLES = [
    make_article("1", "Einsatz", "Die Bundeswehrsoldaten kamen mit dem Regierungsflugzeug.", language="de"),
    make_article("2", "Flugzeug", "Das Flugzeug der Regierung und die Soldaten. Eine Arbeit.", language="de"),
    make_article("3", "Minister", "De regeringsvoorlichter sprak over het landbouwbeleid.", language="nl"),
    make_article("4", "Beleid", "Het beleid van de voorlichter en de landbouw.", language="nl"),
    make_article("5", "ביקור", "הוא ביקר בירושלים אתמול.", language="he"),
    make_article("6", "ירושלים", "ירושלים עיר.", language="he"),
    make_article("7", "زيارة", "قال لوزارة الخارجية", language="ar"),
    make_article("8", "부산", "대통령의 방문", language="ko"),
    make_article("9", "輸出", "コンピュータの輸出", language="ja"),
    make_article("10", "Sum", "It cost 1 200 000 crowns.", language="en"),
    make_article("12", "Finanzministerium", "Die Krankenhausreform.", language="de"),
    make_article("13", "Klimatpolitiken", "Folk i Göteborg.", language="sv"),
    make_article("14", "Folketingsvalget", "Kommuneskatten, statsmagten.", language="da"),
    make_article("15", "Mietpreisbremse", "Krankheitserreger.", language="de"),
    make_article("17", "הרופאים", "הם דנו בדירות.", language="he"),
    make_article("11", "Verarbeitung", "Die Verarbeitung der Daten.", language="de"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("bundeswehr", "1"),
        ("flugzeug", "1 2"),
        ("regering lang:nl", "3"),
        ("beleid", "3 4"),
        ("arbeit", "2"),
        ("ministerium", "12"),
        ("krankenhaus", "12"),
        ("klimat", "13"),
        ("politik", "13"),
        ("valg", "14"),
        ("skat", "14"),
        ("smagt", ""),
        ("bremse", "15"),
        ("miete", "15"),
        ("krank", "12"),
        ("רופא", "17"),
        ("דירה", "17"),
        ("=flugzeug", "2"),
        ('"flugzeug"', "2"),
        ("ירושלים", "5 6"),
        ("בירושלים", "5 6"),
        ("وزارة", "7"),
        ("대통령이", "8"),
        ("コンピューター", "9"),
        ("1200000", "10"),
        ("1,200,000", "10"),
    ],
)
def test_a_word_is_found_inside_another(engine, query, ids):
    assert sorted(found(filled(engine, ARTICLES), query)) == sorted(ids.split()), query


def test_what_was_added_is_told_and_can_be_left_out(engine):
    snapshot = filled(engine, ARTICLES).snapshot()
    ranking = snapshot.search(Search(parse("flugzeug", NOW)))
    snapshot.close()
    assert [(also.word, also.spellings) for also in ranking.also] == [
        ("flugzeug", ("regierungsflugzeug",))
    ]
    assert ranking.ranked[0][0].id == "2"


class _File:
    """A segment's file with the terms of one field."""

    def __init__(self, terms):
        self.arrays = {
            "field.terms": np.frombuffer(b"".join(terms), np.uint8),
            "field.term_ends": np.cumsum([0, *map(len, terms)]).astype(np.uint32),
        }

    def array(self, name):
        return _Whole(self.arrays[name])


class _Whole(NamedTuple):
    """An array of the file."""

    values: np.ndarray

    def whole(self):
        return self.values


@pytest.mark.usefixtures("loops")
@given(
    st.sets(st.text("ab\xe4", min_size=1, max_size=12), min_size=1),
    st.text("ab\xe4", min_size=1, max_size=10),
)
def test_terms_are_found_by_their_endings(words, end):
    terms = sorted(f"{language}:{word}".encode() for word in words for language in ("de", "en"))
    found = Dictionary(_File(terms), "field", len(terms)).ending(end.encode(), b"de:", 1000)
    expected = [
        number
        for number, term in enumerate(terms)
        if term.startswith(b"de:") and term.endswith(end.encode())
    ]
    assert found.tolist() == expected
