"""Formats of newsrooms and archives: files of our own against a golden file, and what is broken or hostile."""

from __future__ import annotations

import gzip
import json
import time
from dataclasses import asdict
from pathlib import Path

import pytest
from fakes import Bytes
from fakes import reason
from hypothesis import given
from hypothesis import strategies as st

from searcher.article import Document
from searcher.article import Rejected
from searcher.errors import UnreadableFile
from searcher.raw_store import RawStore
from searcher.sources import read_documents
from searcher.sources import reader_for

FILES = Path(__file__).parent / "data" / "formats"


def test_the_files_give_what_the_golden_file_says():
    """`python tests/golden.py` writes the file anew; read the difference before you commit it."""
    assert read_files() == json.loads((FILES.parent / "formats.golden.json").read_text("utf-8"))


def read_files() -> list[dict]:
    found = []
    for file in RawStore(FILES, 64 << 20).files([FILES]):
        found += [json.loads(json.dumps(asdict(document), default=str)) for document in read_documents(file)]
    return found


@pytest.mark.parametrize(
    ("name", "format"),
    [
        ("crawl.warc.gz", "warc"), ("feed.json", "json"), ("ninjs-1.json", "json"), ("ninjs-3.jsonl", "json"),
        ("news-sitemap.xml", "sitemap"), ("newsml-g2.xml", "newsml"), ("nitf.xml", "nitf"), ("newsletter.eml", "mail"),
        ("newsletters.mbox", "mail"), ("article.md", "markdown"), ("article-toml.md", "markdown"),
    ],
)  # fmt: skip
def test_each_format_is_told_by_its_content(name, format):
    data = (FILES / name).read_bytes()
    assert reader_for(Bytes(gzip.decompress(data) if name.endswith(".gz") else data)).format == format


def rejected(data: bytes) -> list[str]:
    return [found.reason for found in read_documents(Bytes(data)) if isinstance(found, Rejected)]


BOMB = b'<?xml version="1.0"?><!DOCTYPE nitf [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><nitf><body>&b;</body></nitf>'
OUTSIDE = b'<?xml version="1.0"?><!DOCTYPE urlset [<!ENTITY x SYSTEM "file:///etc/passwd">]><urlset><url><loc>&x;</loc></url></urlset>'


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (BOMB, "entities"),
        (OUTSIDE, "entities"),
        (b"<?xml version='1.0'?><nitf><body>", "not valid XML"),
        (b"<urlset><url><loc>https://a.example/</loc></url></urlset>", "without news"),
        (b"<newsMessage></newsMessage>", "without news items"),
        (b"<?xml version='1.0'?><other/>", "no format that is known"),
        (b"WARC/1.0\r\nbroken", "damaged"),
    ],
)
def test_files_that_cannot_be_read_say_why(data, why):
    assert why in reason(data)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"---\ntitle: [x\n---\ntext", "cannot be read"),
        (b"---\ntitle: &a [x]\nb: *a\n---\ntext", "with aliases"),
        (b"<nitf><head/></nitf>", "without headline and text"),
        (b"From: a@b.example\nTo: c@d.example\nDate: x\n\n", "without subject and text"),
    ],
)
def test_articles_that_cannot_be_read_say_why(data, why):
    assert [why in text for text in rejected(data)] == [True]


def record(payload: bytes, headers: str = "") -> bytes:
    http = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n{headers}\r\n".encode() + payload
    fields = f"WARC-Type: response\r\nWARC-Target-URI: https://a.example/\r\nContent-Type: application/http; msgtype=response\r\nContent-Length: {len(http)}"
    return f"WARC/1.0\r\n{fields}\r\n\r\n".encode() + http + b"\r\n\r\n"


PAGE = b"<h1>Ferry stops sailing</h1><p>The ferry to the islands stopped sailing.</p>"


def test_a_truncated_archive_gives_what_came_before():
    pages = read_documents(Bytes(record(PAGE) + record(PAGE * 100)[:1000]))
    assert isinstance(next(pages), Document)
    with pytest.raises(UnreadableFile, match="truncated after record 2"):
        next(pages)


def test_damage_in_an_archive_ends_it():
    pages = read_documents(Bytes(record(PAGE) + b"\0" * 100))
    assert isinstance(next(pages), Document)
    with pytest.raises(UnreadableFile, match="damaged .* after record 1"):
        next(pages)


def test_a_page_without_end_in_an_archive_is_refused():
    bomb = gzip.compress(b"<p>" + b" " * (40 << 20))
    assert rejected(record(bomb, "Content-Encoding: gzip\r\n")) == ["a page larger than 16 MiB"]


def test_pages_of_an_archive_are_decoded():
    chunked = b"%x\r\n%s\r\n0\r\n\r\n" % (len(PAGE), PAGE)
    for data in (
        record(gzip.compress(PAGE), "Content-Encoding: gzip\r\n"),
        record(chunked, "Transfer-Encoding: chunked\r\n"),
    ):
        (document,) = read_documents(Bytes(data))
        assert document.headline == "Ferry stops sailing"
        assert document.url == "https://a.example/"


@pytest.mark.parametrize(
    "data",
    [
        b"---\ntitle: x\n---\n" + b"[" * 50_000,
        b"---\ntitle: x\n---\n" + b"*a _b " * 50_000,
        b"---\ntitle: x\n---\n" + b"> " * 5_000 + b"x",
        b"---\na: &a [x,x,x,x,x,x,x,x]\n"
        + b"".join(b"b%d: &b%d [*a,*a,*a,*a]\n" % (n, n) for n in range(500))
        + b"---\ntext",
        b"Subject: x\nFrom: a\nDate: b\n" + b"X-A: " + b"a" * 500_000 + b"\n\ntext",
        b"Subject: " + b"=?utf-8?q?a?= " * 5_000 + b"\nFrom: a\nDate: b\n\ntext",
        b"From a\n" + b"Subject: x\nFrom: a\nDate: b\n\ntext\n\nFrom a\n" * 3_000,
        b"<nitf>" + b"<block>" * 200 + b"<p>x</p>" * 20_000 + b"</block>" * 200 + b"</nitf>",
        b"<urlset>" + b"<url><news><title>x</title></news></url>" * 20_000 + b"</urlset>",
    ],
    ids=range(9),
)
def test_hostile_files_end_in_time(data):
    begin = time.monotonic()
    list(read_documents(Bytes(data)))
    assert time.monotonic() - begin < 10


@given(
    st.sampled_from([b"---\ntitle: ", b"WARC/1.0\r\n", b"Subject: x\nFrom: a\nDate: b\n", b"<nitf>", b"<urlset>", b"<newsItem>", b'{"uri": "x", "bodies": ', b'{"version": "https://jsonfeed.org/version/1", "items": [']),
    st.binary(max_size=200),
)  # fmt: skip
def test_no_content_raises_anything_else(beginning, rest):
    try:
        list(read_documents(Bytes(beginning + rest)))
    except Exception as error:
        assert isinstance(error, UnreadableFile), error
