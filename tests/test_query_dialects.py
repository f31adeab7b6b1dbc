"""Queries in the dialects of other search tools, on every engine.

Covers query: dialects, typing, units, values and parser; engine.expansion.
"""

from __future__ import annotations

import pytest
from contract import found
from fakes import NOW, filled, make_article
from hypothesis import given
from hypothesis import strategies as st

from searcher.query.parser import parse

ARTICLES = [
    make_article("1", "Ferry sinks", "A ferry met a storm at sea.", published="2022-03-05", source="Gazette", url="https://www.gazette.example/news/a"),
    make_article("2", "Storm ends", "The storm is over. Far away, and after many other words that fill a sentence, a ferry left.", published="2023-07-01", source="BBC News", url="https://www.bbc.co.uk/news/b"),
    make_article("3", "Oil price", "Oil is dear in 1987. See https://example.org/page for the ferries.", published="2024-03-20"),
    make_article("4", "Gas", "The gas price fell in 1988.", published="2024-04-02"),
    make_article("5", "Berry harvest", "A cherry and a berry. The merry pickers sang.", published="2021-01-01"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("ferry AROUND(5) storm", "1"),
        ("ferry around(5) storm", "1"),
        ("ferry w/5 storm", "1"),
        ("ferry NEAR/5 storm", "1"),
        ("ferry near5 storm", "1"),
        ("ferry pre/5 storm", "1"),
        ("ferry adj sinks", "1"),
        ("(ferry OR boat) w/5 storm", "1"),
        ("ferry | gas", "1 2 3 4"),
        ("ferry || gas", "1 2 3 4"),
        ("ferry && storm", "1 2"),
        ("!ferry storm", ""),
        ("storm !sinks", "2"),
        ("+ferry^3", "1 2 3"),
        ("f?rry", "1 2"),
        ("*erry", "1 2 5"),
        ("ch*ry", "5"),
        ("/ferr.*/", "1 2 3"),
        ("site:bbc.co.uk storm", "2"),
        ("site:bbc.co.uk/news storm", "2"),
        ("intitle:storm", "2"),
        ("!intitle:storm ferry", "1 3"),
        ("allintitle: oil price", "3"),
        ("headline:storm", "2"),
        ("hd=storm", "2"),
        ("text:storm", "1 2"),
        ("inurl:gazette.example", "1"),
        ("feed:gazette", "1"),
        ("1987..1988", "3 4"),
        ("date:[2022 TO 2023] ferry", "1 2"),
        ("date:[2023 TO *] ferry", "2 3"),
        ("published:2022", "1"),
        ("pubdate:2024-03/2024-04", "3 4"),
        ("date:>=2024-04", "4"),
        ("oil or gas", "3 4"),
        ("https://example.org/page", "3"),
        ("language:en gas", "4"),
    ],
)
def test_a_query_means_what_it_means_elsewhere(engine, query, ids):
    assert sorted(found(filled(engine, ARTICLES), query)) == ids.split(), query


@pytest.mark.parametrize(
    ("query", "warning"),
    [
        ("ferry w/5 storm", "within 5 words: ferry, storm"),
        ("ferry pre/5 storm", "in any order"),
        ("ferry^3", "weight 3 was ignored"),
        ("/f(e|r)+/ storm", "regular expressions"),
        ("filetype:pdf storm", "means nothing here"),
        ("oil not price", "NOT leaves articles out"),
        ("oil or gas", "read as OR"),
        ("1000..9000", "at most 50 numbers"),
        ("*a", "2 letters side by side"),
        ("site:bbc.com", "read as source:"),
    ],
)
def test_a_reading_is_told(query, warning):
    assert any(warning in told.message for told in parse(query, NOW).warnings)


@pytest.mark.parametrize(
    "query", ["what happened in kyiv?", "Yahoo!", "AC/DC", "and/or", "adj", "w/5"]
)
def test_a_common_query_is_no_dialect(query):
    assert not any("read as" in told.message for told in parse(query, NOW).warnings)


@given(
    st.lists(
        st.sampled_from(
            'a ferry w/5 near3 adj AROUND(2) | && || ! !x x^2 f?y *ry f*y date:[2022 hd= hd=x " ( ) '
            "TO 2023] [ ] 1..2 9..1 /x.*/ // site: site:a/b text:x or not OR NOT https://a.b ~2".split()
        ),
        max_size=9,
    )
)
def test_no_mixture_raises(parts):
    parse(" ".join(parts), NOW)
    parse("".join(parts), NOW)
