"""Cleaning of text, paragraphs, bylines and sentences.

Covers text.encoding, cleaning, boilerplate (heads), bylines, headlines and sentences.
"""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searcher.text import cleaning
from searcher.text.boilerplate import split_date_head, trim
from searcher.text.bylines import clean_authors
from searcher.text.cleaning import clean_line, split_paragraphs
from searcher.text.encoding import decode, is_binary
from searcher.text.sentences import sentence_starts

RUSSIAN = "Уровень воды в нижнем течении Днепра быстро поднимался, жителей вывозили на лодках. " * 3


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [
        ("utf-8", ""),
        ("utf-8", "iso-8859-1"),
        ("utf-8", "windows-1251"),
        ("utf-8-sig", ""),
        ("utf-16", ""),
        ("utf-16-le", ""),
        ("utf-16-be", "utf-8"),
        ("utf-32", ""),
        ("cp1251", ""),
        ("cp1251", "windows-1251"),
        ("cp1251", "utf-8"),
        ("koi8-r", "koi8-r"),
    ],
)
def test_decoding(encoding, declared):
    text = "Severodonetsk: " * 4 if encoding.startswith("utf-16-") else RUSSIAN
    assert decode(text.encode(encoding), declared)[0] == text


def test_latin_1_is_read_as_browsers_do():
    assert decode(b"\x93quoted\x94 caf\xe9", "iso-8859-1")[0] == "“quoted” café"


def test_a_single_latin_letter_is_no_damaged_utf_8():
    assert (
        decode("Le président a quitté le café.".encode("cp1252"))[0]
        == "Le président a quitté le café."
    )


def test_damaged_utf_8_stays_utf_8():
    text, encoding = decode(("é" * 3000).encode() + b"\xff" + "ü".encode())
    assert encoding == "utf-8"
    assert text.count("é") == 3000


@given(st.binary(max_size=300), st.text(max_size=20))
def test_decoding_never_raises(data, declared):
    text, encoding = decode(data, declared)
    assert isinstance(text, str)
    assert encoding
    is_binary(data)


def test_binary_is_distinguished_from_text():
    assert is_binary(bytes(range(256)) * 4)
    assert not is_binary("Ж".encode("utf-16"))
    assert not is_binary(RUSSIAN.encode("cp1251"))


@given(st.text())
def test_cleaning_is_idempotent(text):
    assert clean_line(clean_line(text)) == clean_line(text)


@given(st.text(st.characters() | st.sampled_from("\xa0\u2003\u3000\u200b\u00ad\u0e01é’ \n")))
def test_printable_text_is_cleaned_as_other_text(text):
    visible = cleaning._INVISIBLE.sub("", cleaning._SPACES.sub(" ", text))
    assert clean_line(text) == cleaning._SPACES.sub(" ", visible).strip()


def test_cleaning():
    assert clean_line(" e\u0301 \u200b\t\n x\x00\x1b[31m\u00ad ") == "e\u0301 x[31m"


@pytest.mark.parametrize(
    ("text", "paragraphs"),
    [
        ("one\n\ntwo\n \n\nthree", ["one", "two", "three"]),
        (
            "A line that was wrapped\nby hand, going on\nhere.",
            ["A line that was wrapped by hand, going on here."],
        ),
        ("First sentence.\nSecond sentence.", ["First sentence.", "Second sentence."]),
        (
            "Wrapped text goes\non.\n    Indented begins\nanew.\n Reuter",
            ["Wrapped text goes on.", "Indented begins anew.", "Reuter"],
        ),
        (
            "x" * 150 + " whose\ninstruments recorded it.",
            ["x" * 150 + " whose instruments recorded it."],
        ),
        ("\r\none\r\n\r\ntwo\u2028\u2029three", ["one", "two", "three"]),
        ("", []),
        (" \n\n \n", []),
    ],
)
def test_paragraphs(text, paragraphs):
    assert split_paragraphs(text) == paragraphs


@given(st.text())
def test_no_word_is_lost_in_paragraphs(text):
    assert "".join(split_paragraphs(text)).split() or not clean_line(text)
    assert clean_line(" ".join(split_paragraphs(text))).replace(" ", "") == clean_line(
        text.replace("\x85", " ")
    ).replace(" ", "")


@pytest.mark.parametrize(
    "tail",
    [
        "Leave a Comment",
        "(This story has not been edited by XYZ staff and is auto-generated from a syndicated feed.)",
        "Also read: How it began",
        "Follow us on Twitter and Facebook",
        "© 2022 The Harbour Gazette",
        "Lesen Sie auch: Die lange Suche",
        "Читайте также: как это было",
        "Reuter",
        "(AFP)",
    ],
)
def test_tails_are_cut(tail):
    assert trim(["The war went on.", tail]).paragraphs == ("The war went on.",)


@pytest.mark.parametrize(
    "text",
    [
        "He asked them to leave a comment on the wall of the embassy.",
        "Reuters reported the sale.",
        "Share prices fell.",
    ],
)
def test_sentences_are_no_tails(text):
    assert trim(["The war went on.", text]).paragraphs == ("The war went on.", text)


def test_an_article_is_never_emptied():
    assert trim(["Leave a comment"]).paragraphs == ("Leave a comment",)


@pytest.mark.parametrize(
    "text", ["a" * 400, "auto" * 100, "(" * 400, "share " * 60, "with input from " + "a ," * 120]
)
def test_rules_take_linear_time(text):
    begin = time.process_time()
    for _ in range(200):
        trim([text, text])
    assert time.process_time() - begin < 2


def test_date_head():
    assert split_date_head("date 2022-06-26 Russia and") == ("2022-06-26", "Russia and")
    assert split_date_head("A date 2022-06-26") == ("", "A date 2022-06-26")
    assert split_date_head("date 2022-06-26T10:15:00Z Russia") == ("2022-06-26T10:15:00Z", "Russia")
    assert split_date_head("date 2022-06-26T10:15+02:00 Russia") == (
        "2022-06-26T10:15+02:00",
        "Russia",
    )
    assert split_date_head("date 2022-13-45 Russia") == ("", "date 2022-13-45 Russia")


def test_authors():
    assert clean_authors(["By Jane Doe and John Roe", "jane doe"]) == ("Jane Doe", "John Roe")
    assert clean_authors(["desk@example.org (Ruth Adeyemi)"]) == ("Ruth Adeyemi",)
    assert clean_authors(["Ann Lee, Bo Fox, Jr.", "https://example.org/ann"]) == (
        "Ann Lee",
        "Bo Fox, Jr",
    )
    assert clean_authors(["", "x", "desk@example.org"]) == ()


def test_sentences():
    text = 'Mr. Smith of the U.S. Army left. "He went," she said. Then what? 東京です。次。'
    starts = list(sentence_starts(text))
    assert [text[start : start + 4] for start in starts] == [
        "Mr. ",
        '"He ',
        "Then",
        "東京です",
        "次。",
    ]
    assert list(sentence_starts("")) == []
