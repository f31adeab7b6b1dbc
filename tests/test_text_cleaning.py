"""Cleaning of text, headlines, bylines and addresses.

Covers text.encoding, cleaning, boilerplate (heads), urls, tracking, bylines, headlines and
sentences.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from searcher.text.boilerplate import split_date_head, trim
from searcher.text.bylines import clean_authors
from searcher.text.cleaning import clean_line, split_paragraphs
from searcher.text.dates import implausible, parse_date
from searcher.text.encoding import decode, is_binary
from searcher.text.sentences import sentence_starts
from searcher.text.urls import (
    address_key,
    canonical_url,
    domain,
    is_same_site,
    sendable_url,
    with_credentials,
)

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


def test_cleaning():
    assert clean_line(" e\u0301 \u200b\t\n x\x00\x1b[31m\u00ad ") == "é x[31m"


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


@pytest.mark.parametrize(
    ("text", "moment", "precision"),
    [
        ("2022-06-26", "2022-06-26T00:00:00", "day"),
        ("2022-06", "2022-06-01T00:00:00", "month"),
        ("2022", "2022-01-01T00:00:00", "year"),
        ("2022-06-26T10:11:12+02:00", "2022-06-26T08:11:12", "second"),
        ("2022-06-26T10:11:12.345Z", "2022-06-26T10:11:12", "second"),
        ("2022-06-26 10:11", "2022-06-26T10:11:00", "minute"),
        ("Sun, 26 Jun 2022 10:00:00 GMT", "2022-06-26T10:00:00", "second"),
        ("Sun, 26 Jun 2022 10:00:00 +0530", "2022-06-26T04:30:00", "second"),
        ("26 June 2022 15:00 CEST", "2022-06-26T13:00:00", "minute"),
        ("26-FEB-1987 15:01:01.79", "1987-02-26T15:01:01", "second"),
        ("June 26, 2022", "2022-06-26T00:00:00", "day"),
        ("June 2022", "2022-06-01T00:00:00", "month"),
        ("1656230400", "2022-06-26T08:00:00", "second"),
        ("1656230400000", "2022-06-26T08:00:00", "second"),
        ("20220626T101112Z", "2022-06-26T10:11:12", "second"),
    ],
)
def test_dates(text, moment, precision):
    assert parse_date(text) == (datetime.fromisoformat(moment).replace(tzinfo=UTC), precision)


@pytest.mark.parametrize(
    "text", ["", "yesterday", "12:30", "Saturday", "2022-13-45", "0000-00-00", "x" * 200, "9" * 13]
)
def test_what_is_no_date(text):
    assert parse_date(text) is None or text == "9" * 13


@given(st.text(max_size=60) | st.from_regex(r"\d{1,4}[-/. ]\d{1,2}[-/. ]\d{1,4}", fullmatch=True))
def test_dates_never_raise(text):
    parsed = parse_date(text)
    assert parsed is None or parsed[0].tzinfo is UTC


def test_implausible_dates():
    now = datetime(2022, 1, 1, tzinfo=UTC)
    assert implausible(datetime(1700, 1, 1, tzinfo=UTC), now) == "before 1800"
    assert implausible(datetime(2023, 1, 1, tzinfo=UTC), now) == "in the future"
    assert implausible(datetime(2021, 1, 1, tzinfo=UTC), now) == ""


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        (
            "HTTPS://WWW.Example.ORG:443/A%2fb?utm_source=x&id=5#top",
            "https://www.example.org/A/b?id=5",
        ),
        ("http://example.org", "http://example.org/"),
        ("https://example.org/ä ö", "https://example.org/%C3%A4%20%C3%B6"),
        (
            "https://example.org/read?t=%CF%F0&u=%c3%a4+b",
            "https://example.org/read?t=%CF%F0&u=%C3%A4+b",
        ),
        ("https://example.org/story?12345", "https://example.org/story?12345"),
        ("https://example.org/article.php?ref=2001", "https://example.org/article.php?ref=2001"),
        ("https://example.org/story-2001?ref=5&sref=home", "https://example.org/story-2001"),
        ("https://example.org/2024/a/?ref=5", "https://example.org/2024/a/"),
        ("https://example.org/?ref=5", "https://example.org/?ref=5"),
        ("http://i❤.ws/feed", "http://xn--i-7iq.ws/feed"),
        ("http://[2001:DB8::1]:8080/a", "http://[2001:db8::1]:8080/a"),
        ("https://Straße.de/", "https://xn--strae-oqa.de/"),
        ("https://MÜLLER.de/", "https://xn--mller-kva.de/"),
        ("https://under_score.example.org/", "https://under_score.example.org/"),
        ("mailto:a@example.org", ""),
        ("javascript:alert(1)", ""),
        ("http://[::1", ""),
        ("https://example.org:99999/", ""),
        ("https://exa mple.org/", ""),
        ("https://example.org/\ud800", ""),
        ("https://./", ""),
        ("https://a..example/", ""),
        ("https://example.org./a", "https://example.org./a"),
        ("not an address", ""),
    ],
)
def test_canonical_url(url, canonical):
    assert canonical_url(url) == canonical


@pytest.mark.parametrize(
    "name",
    "utm_source mtm_kwd pk_campaign ga_source itm_medium fbclid twclid ysclid gbraid wbraid gclsrc srsltid igsh "
    "mc_tc mkt_tok _hsenc __hssc oly_enc_id vero_id _gl _openstat s_cid partnerid guccounter".split(),
)
def test_parameters_that_say_how_a_reader_arrived_are_dropped(name):
    assert (
        canonical_url(f"https://example.org/a.php?id=7&{name}=x1")
        == "https://example.org/a.php?id=7"
    )


@pytest.mark.parametrize(
    "name", "id p cid eid uid source session keyword campaign pk_id ga clid reference".split()
)
def test_parameters_that_may_select_an_article_are_kept(name):
    assert canonical_url(f"https://example.org/?{name}=71") == f"https://example.org/?{name}=71"
    assert address_key(f"https://example.org/?{name}=71") != address_key(
        f"https://example.org/?{name}=72"
    )


@given(st.text())
def test_addresses_never_raise(text):
    for url in (text, "https://" + text, "https://example.org/" + text):
        canonical = canonical_url(url)
        assert canonical_url(canonical) == canonical
        assert canonical == "" or canonical.startswith(("http://", "https://"))
        domain(url)


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("http://www.example.org/a/b/", "example.org/a/b"),
        ("https://m.example.org/a/b?utm_source=x#top", "example.org/a/b"),
        ("https://example.org/a/b?b=2&a=1", "example.org/a/b?a=1&b=2"),
        ("https://amp.example.org/a/b", "example.org/a/b"),
        ("https://www.m.example.org/a/b/amp/", "example.org/a/b"),
        ("https://example.org/a/b.amp.html?amp=1", "example.org/a/b.html"),
        ("https://example.org/amp/a/b?outputType=amp", "example.org/a/b"),
        (
            "https://www-example-org.cdn.ampproject.org/c/s/www.example.org/a/b?usqp=mq",
            "example.org/a/b",
        ),
        ("https://www.google.com/amp/s/amp.example.org/a/b", "example.org/a/b"),
        ("https://www.google.com/search?q=amp", "google.com/search?q=amp"),
        ("https://example.org/index.html", "example.org"),
        ("https://example.org:8080/a", "example.org:8080/a"),
        ("https://m.com/a", "m.com/a"),
        ("https://example.org/camp", "example.org/camp"),
        ("https://example.org/a?m=2024", "example.org/a?m=2024"),
        ("https://example.org/read?t=%CF%F0", "example.org/read?t=%CF%F0"),
        ("https://example.org/story?12345=", "example.org/story?12345="),
        ("https://example.org/story?12345", "example.org/story?12345="),
        ("https://müller.de/a", "xn--mller-kva.de/a"),
        ("mailto:a@example.org", ""),
    ],
)
def test_address_keys(url, key):
    assert address_key(url) == key


@pytest.mark.parametrize(
    ("url", "sendable"),
    [
        ("https://straße.de/ä?q=%CF%F0#x", "https://xn--strae-oqa.de/%C3%A4?q=%CF%F0"),
        ("http://user:pass@[::1]:8080/", "http://user:pass@[::1]:8080/"),
        ("http://example.org:0/", ""),
        ("http://a..b/", ""),
        ("gopher://example.org/", ""),
    ],
)
def test_addresses_as_they_are_sent(url, sendable):
    assert sendable_url(url) == sendable


@given(
    st.text(),
    st.sampled_from(
        ["", "http://example.org/", "https://m.example.org/a?", "https://www.google.com/amp/s/"]
    ),
)
@example(".", "https://www.google.com/amp/s/")
@example("。.", "https://www.google.com/amp/s/")
@example("a..b", "https://")
def test_keys_and_sendable_addresses_never_raise(text, begin):
    key = address_key(begin + text)
    assert key == "" or address_key(f"https://{key}") == address_key(f"http://www.{key}")
    sendable = sendable_url(begin + text)
    assert sendable == "" or (sendable.isascii() and sendable_url(sendable) == sendable)
    is_same_site(begin + text, text)


def test_addresses_within_addresses_are_looked_for_a_few_times():
    assert (
        address_key("http://google.com" + "/amp/s/google.com" * 3 + "/amp/s/a.example/x")
        == "google.com/s/a.example/x"
    )
    assert address_key("http://google.com" + "/amp/s/google.com" * 1200 + "/x").endswith(
        "google.com/x"
    )


def test_credentials_stay_with_their_server():
    known = "http://user:pass@example.org/a"
    assert with_credentials("http://example.org:80/b", known) == "http://user:pass@example.org:80/b"
    assert with_credentials("https://example.org/b", known) == "https://user:pass@example.org/b"
    for other in (
        "http://other.org/b",
        "http://example.org:8080/b",
        "https://example.org:8443/b",
        "http://x@example.org/",
    ):
        assert with_credentials(other, known) == other
    assert (
        with_credentials("http://example.org/b", known.replace("http:", "https:"))
        == "http://example.org/b"
    )


def test_sendable_addresses():
    assert (
        sendable_url("http://bücher.example/ä b?q=é#x")
        == "http://xn--bcher-kva.example/%C3%A4%20b?q=%C3%A9"
    )
    assert sendable_url("../b", "https://example.org/a/c/d") == "https://example.org/a/b"
    assert sendable_url("//other.example/x", "https://example.org/") == "https://other.example/x"
    assert sendable_url("http://me:pass@example.org/a%20b") == "http://me:pass@example.org/a%20b"
    assert sendable_url("http://[::1]:80/a") == "http://[::1]:80/a"
    for other in (
        "ftp://example.org",
        "",
        "/a",
        "http://",
        "http://" + "a" * 64 + ".org",
        "http://example.org:99999/",
    ):
        assert sendable_url(other) == "", other


def test_sites():
    assert is_same_site("https://news.bbc.co.uk/a", "http://www.bbc.co.uk/b")
    assert not is_same_site("https://a.co.uk/", "https://b.co.uk/")
    assert not is_same_site("https://one.blogspot.com/", "https://two.blogspot.com/")
    assert is_same_site("http://127.0.0.1:80/", "http://127.0.0.1:90/")
    assert not is_same_site("http://127.0.0.1/", "http://127.0.0.2/")
    assert not is_same_site("", "")


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
