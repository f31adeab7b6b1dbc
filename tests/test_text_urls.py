"""Addresses: the canonical form, the key for comparison, the form that is sent, and sites.

Covers text.urls and text.tracking.
"""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from searcher.text.urls import (
    address_key,
    canonical_url,
    domain,
    is_same_site,
    sendable_url,
    with_credentials,
)


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
