"""Citations of articles, as other programs read them.

Covers export.citations.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime

import pytest
from fakes import HOSTILE, NOW, day, make_article
from hypothesis import given
from hypothesis import strategies as st

from searcher.article import Timestamp
from searcher.export.citations import CITATIONS, bibtex, csl, csl_item, plain, ris

ARTICLE = make_article(
    "a", "Ships leave Odesa", "Text.", authors=("Ann Lee", "Bo Ek"), source="The Harbour & Co",
    published=day("2022-07-23"), url="https://example.org/a_b?x=1%2C", agency="AFP", dateline="Odesa",
)  # fmt: skip
BARE = make_article("b", "", "No headline.", language="und")


def test_a_citation_as_a_sentence():
    assert plain(ARTICLE, NOW) == (
        "Ann Lee, Bo Ek. “Ships leave Odesa”. The Harbour & Co, 23 July 2022. "
        "https://example.org/a_b?x=1%2C (read on 1 June 2024).\n"
    )
    assert plain(BARE, NOW) == "“No headline.”. no date.\n"


def test_bibtex():
    assert bibtex(ARTICLE, NOW) == (
        "@article{lee-2022-ships-leave-odesa,\n"
        "  author = {{Ann Lee} and {Bo Ek}},\n"
        "  title = {{Ships leave Odesa}},\n"
        "  journal = {The Harbour \\& Co},\n"
        "  year = {2022},\n  month = {7},\n  day = {23},\n"
        "  url = {https://example.org/a_b?x=1%2C},\n  urldate = {2024-06-01},\n"
        "  language = {en},\n  note = {AFP},\n}\n"
    )
    assert bibtex(BARE, NOW).startswith("@article{no-headline,\n")


def test_ris():
    assert ris(ARTICLE, NOW).split("\r\n") == [
        "TY  - NEWS", "AU  - Ann Lee", "AU  - Bo Ek", "TI  - Ships leave Odesa",
        "T2  - The Harbour & Co", "PY  - 2022", "DA  - 2022/07/23/", "CY  - Odesa", "LA  - en",
        "UR  - https://example.org/a_b?x=1%2C", "Y2  - 2024/06/01/", "ER  - ", "",
    ]  # fmt: skip


def test_csl():
    item = json.loads(csl(ARTICLE, NOW))[0]
    assert item == csl_item(ARTICLE, NOW)
    assert item["type"] == "article-newspaper"
    assert item["issued"] == {"date-parts": [[2022, 7, 23]]}
    assert item["accessed"] == {"date-parts": [[2024, 6, 1]]}
    assert json.loads(csl(BARE, NOW)) == [
        {"id": "b", "type": "article-newspaper", "title": "No headline."}
    ]


@pytest.mark.parametrize(
    ("precision", "words", "parts"), [("year", "2022", [2022]), ("month", "March 2022", [2022, 3])]
)
def test_a_date_is_as_exact_as_it_was_stated(precision, words, parts):
    stamp = Timestamp(datetime(2022, 3, 1, tzinfo=UTC), precision, "meta")
    article = make_article("a", "Title", published=stamp)
    assert plain(article, NOW) == f"“Title”. {words}.\n"
    assert csl_item(article, NOW)["issued"] == {"date-parts": [parts]}
    assert f"DA  - {'/'.join(f'{one:02}' for one in parts)}/" in ris(article, NOW)


@given(
    st.text(max_size=30) | st.sampled_from([HOSTILE, "}\n@article{x,", "a\r\nER  - \r\nTY  - X"])
)
def test_no_text_ends_an_entry(text):
    article = make_article("a", text, text, source=text, authors=(text or "x",), dateline=text)
    entry = bibtex(article, NOW)
    depth, unescaped = 0, re.sub(r"\\.", "", entry)
    for place, char in enumerate(unescaped):
        depth += {"{": 1, "}": -1}.get(char, 0)
        assert depth > 0 or place < unescaped.index("{") or place >= len(unescaped) - 2
    record = ris(article, NOW).split("\r\n")
    assert [line[:2] for line in record].count("ER") == 1
    assert all(re.match(r"[A-Z][A-Z0-9]  - ", line) for line in record[:-1])
    for form in CITATIONS.values():
        assert form.write(article, NOW)
