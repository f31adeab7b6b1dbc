"""A file of each format against a golden file; damaged and hostile files (sources.warc, pdf, newsml,
nitf, sitemap, mail, markdown, json_news, xml)."""

from __future__ import annotations

import contextlib
import gzip
import json
import time
from dataclasses import asdict
from pathlib import Path

import brotli
import pytest
from fakes import Bytes, reason
from hypothesis import given, settings
from hypothesis import strategies as st
from publications import docx, epub, odt, p, packed

from searcher.article import Document, Rejected
from searcher.errors import UnreadableFile
from searcher.reading.raw_store import RawStore
from searcher.sources import READERS, read_documents, reader_for

FILES = Path(__file__).parent / "data" / "formats"


def test_the_files_are_read_as_the_golden_file_says():
    """`python tests/golden.py` writes the file again. Read its diff before you commit it."""
    assert read_files() == json.loads((FILES.parent / "formats.golden.json").read_text("utf-8"))


def read_files() -> list[dict]:
    found = []
    for file in RawStore(FILES, 64 << 20).files([FILES]):
        found += [
            json.loads(json.dumps(asdict(document), default=str))
            for document in read_documents(file)
        ]
    return found


SAMPLES = {
    "warc": ["crawl.warc.gz"],
    "pdf": ["printed.pdf"],
    "epub": ["paper.epub"],
    "docx": ["release.docx"],
    "odt": ["release.odt"],
    "zip": ["saved.zip"],
    "tar": ["saved.tar"],
    "links": ["bookmarks.html"],
    "csv": ["pocket.csv"],
    "feed": ["feed.xml"],
    "sitemap": ["news-sitemap.xml"],
    "newsml": ["newsml-g2.xml"],
    "nitf": ["nitf.xml"],
    "html": ["answer.txt", "page.html"],
    "json": ["feed.json", "ninjs-1.json", "ninjs-3.jsonl"],
    "markdown": ["article.md", "article-toml.md"],
    "mail": ["newsletter.eml", "newsletters.mbox", "page.mhtml"],
    "text": ["article.txt"],
}
"""The files of each format in tests/data/formats."""


@pytest.mark.parametrize(
    ("name", "format"), [(name, format) for format, names in SAMPLES.items() for name in names]
)
def test_each_format_is_recognised_by_its_content(name, format):
    data = (FILES / name).read_bytes()
    assert (
        reader_for(Bytes(gzip.decompress(data) if name.endswith(".gz") else data)).format == format
    )


def test_each_format_has_samples_hostile_content_and_a_beginning():
    formats = {reader.format for reader in READERS}
    assert formats == SAMPLES.keys()
    assert formats == HOSTILE.keys()
    assert formats == BEGINNINGS.keys()
    assert sorted(name for names in SAMPLES.values() for name in names) == sorted(
        file.name for file in FILES.iterdir()
    )


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
        (b"<nitf>" + b"<p>" * 300, "beyond the parser's limits"),
        (BOMB.replace(b"<body>", b"<body class='&b;'>"), "entities"),
        (b"<urlset><url><loc>https://a.example/</loc></url></urlset>", "without headlines"),
        (b"<newsMessage></newsMessage>", "without news items"),
        (b"<?xml version='1.0'?><other/>", "XML of an unknown format"),
        (b"WARC/1.0\r\nbroken", "damaged"),
        (b"%PDF-1.4\nbroken", "damaged PDF"),
        (b"[]", "JSON without articles"),
        (b" {}\n", "JSON without articles"),
        (b"null", "JSON without articles"),
    ],
)
def test_files_that_cannot_be_read_say_why(data, why):
    assert why in reason(data)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"---\ntitle: [x\n---\ntext", "invalid front matter"),
        (b"---\ntitle: &a [x]\nb: *a\n---\ntext", "with YAML aliases"),
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
    bomb = brotli.compress(b"<p>" + b" " * (40 << 20), quality=1)
    assert rejected(record(bomb, "Content-Encoding: br\r\n")) == ["a page larger than 16 MiB"]


def test_pages_of_an_archive_are_decoded():
    chunked = b"%x\r\n%s\r\n0\r\n\r\n" % (len(PAGE), PAGE)
    for data in (
        record(gzip.compress(PAGE), "Content-Encoding: gzip\r\n"),
        record(chunked, "Transfer-Encoding: chunked\r\n"),
        record(brotli.compress(PAGE), "Content-Encoding: br\r\n"),
    ):
        (document,) = read_documents(Bytes(data))
        assert document.headline == "Ferry stops sailing"
        assert document.url == "https://a.example/"


def pdf(*objects: bytes) -> bytes:
    """Return a PDF with these objects, numbered in order. The first is the catalogue."""
    body, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    return (
        body
        + b"xref\n0 %d\n0000000000 65535 f \n%strailer <</Root 1 0 R /Size %d>>\nstartxref\n%d\n%%%%EOF"
        % (
            size,
            table,
            size,
            len(body),
        )
    )


def many_forms() -> bytes:
    """Return a PDF whose page draws a form ten times, each of which draws another ten times, and so
    on."""
    forms = [
        b"<</Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources <</XObject <</F %d 0 R>>>> /Length 60>>\nstream\n%s\nendstream"
        % (number + 1, b"/F Do " * 10)
        for number in range(4, 12)
    ]
    page = b"<</Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Resources <</XObject <</F 4 0 R>>>> /Contents 4 0 R>>"
    return pdf(
        b"<</Type /Catalog /Pages 2 0 R>>", b"<</Type /Pages /Kids [3 0 R] /Count 1>>", page, *forms
    )


@given(st.lists(st.tuples(st.integers(0, 20_000), st.integers(0, 255)), min_size=1, max_size=30))
@settings(max_examples=40, deadline=None)
def test_a_damaged_pdf_is_refused_or_read(changes):
    data = bytearray((FILES / "printed.pdf").read_bytes())
    for at, value in changes:
        data[at] = value
    try:
        list(read_documents(Bytes(bytes(data))))
    except UnreadableFile:
        return


def test_a_protected_pdf_is_refused(tmp_path):
    from pypdf import PdfWriter

    writer = PdfWriter(clone_from=FILES / "printed.pdf")
    writer.encrypt("secret", algorithm="RC4-128")
    writer.write(tmp_path / "a.pdf")
    assert "password" in reason((tmp_path / "a.pdf").read_bytes())


def test_a_text_may_begin_with_a_rule_or_an_element():
    (document,) = read_documents(Bytes(b"---\nKyiv: a ferry\nstops sailing to the islands.\n"))
    assert document.format == "text"
    (document,) = read_documents(
        Bytes(b"<b>Note</b> to the reader: the ferry does not sail.\n\nIt may sail on Sunday.")
    )
    assert document.format == "text"
    (document,) = read_documents(
        Bytes(b"<b>Ferry</b><p>The ferry to the islands does not sail.</p>")
    )
    assert document.format == "html"


HOSTILE = {
    "warc": [
        b"WARC/1.0\r\n" + b"X: \r\n" * 100_000,
        b"WARC/1.0\r\nContent-Length: " + b"9" * 500_000,
    ],
    "pdf": [many_forms()],
    "epub": [epub({"1.xhtml": "<div>" * 30_000 + "x"})],
    "docx": [docx("<tbl><tr><tc>" * 80 + p("x") * 5_000 + "</tc></tr></tbl>" * 80)],
    "odt": [
        odt(
            "<table:table-row><table:table-cell>" * 80
            + "<text:p>x</text:p>" * 5_000
            + "</table:table-cell></table:table-row>" * 80
        )
    ],
    "zip": [packed({f"{number}.html": "<p>x" * 500 for number in range(200)})],
    "tar": [(b"a" + bytes(256) + b"ustar" + bytes(250)) * 5_000],
    "links": [
        b"<!DOCTYPE NETSCAPE-Bookmark-file-1>" + b"<DL><DT><A HREF='https://a.example/'>x" * 5_000
    ],
    "csv": [b"title,url\n" + b'"a,' * 200_000, b"title,url\n" + b"a,b\n" * 20_000],
    "feed": [b"<rss><channel>" + b"<item><title>x</title>" * 20_000],
    "sitemap": [b"<urlset>" + b"<url><news><title>x</title></news></url>" * 20_000 + b"</urlset>"],
    "newsml": [b"<newsMessage>" + b"<newsItem><a/></newsItem>" * 20_000 + b"</newsMessage>"],
    "nitf": [b"<nitf>" + b"<block>" * 200 + b"<p>x</p>" * 20_000 + b"</block>" * 200 + b"</nitf>"],
    "html": [
        b"HTTP/1.1 200 OK\r\n" + b"X: \r\n" * 100_000,
        b"HTTP/1.1 200 OK\r\n" + b"X: " + b"a" * 500_000,
        b"<html><body>" + b"<div>" * 50_000 + b"x",
    ],
    "json": [b'{"uri": "x", "bodies": ' + b"[" * 100_000],
    "markdown": [
        b"---\ntitle: x\n---\n" + b"[" * 50_000,
        b"---\ntitle: x\n---\n" + b"*a _b " * 50_000,
        b"---\ntitle: x\n---\n" + b"> " * 5_000 + b"x",
        b"---\na: &a [x,x,x,x,x,x,x,x]\n"
        + b"".join(b"b%d: &b%d [*a,*a,*a,*a]\n" % (n, n) for n in range(500))
        + b"---\ntext",
    ],
    "mail": [
        b"Subject: x\nFrom: a\nDate: b\n" + b"X-A: " + b"a" * 500_000 + b"\n\ntext",
        b"Subject: " + b"=?utf-8?q?a?= " * 5_000 + b"\nFrom: a\nDate: b\n\ntext",
        b"From a\n" + b"Subject: x\nFrom: a\nDate: b\n\ntext\n\nFrom a\n" * 3_000,
    ],
    "text": [b"a\n" * 200_000, b"a " * 200_000],
}
"""Content of each format that could take a reader long."""


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(data, id=f"{format}-{number}")
        for format, contents in HOSTILE.items()
        for number, data in enumerate(contents)
    ],
)
def test_hostile_files_end_in_time(data):
    begin = time.thread_time()
    with contextlib.suppress(UnreadableFile):
        list(read_documents(Bytes(data)))
    assert time.thread_time() - begin < 10


BEGINNINGS = {
    "warc": [b"WARC/1.0\r\n"],
    "pdf": [b"%PDF-1.4\n"],
    "epub": [epub({"1.xhtml": "x"})[:200]],
    "docx": [docx("x")[:200]],
    "odt": [odt("x")[:200]],
    "zip": [packed({"a.txt": "x"})[:20]],
    "tar": [b"a" + bytes(256) + b"ustar"],
    "links": [b"<!DOCTYPE NETSCAPE-Bookmark-file-1>"],
    "csv": [b"title,url\n", b"title;text\n"],
    "feed": [b"<rss><channel>"],
    "sitemap": [b"<urlset>"],
    "newsml": [b"<newsItem>"],
    "nitf": [b"<nitf>"],
    "html": [b"HTTP/1.1 200 OK\r\n", b"<html><body>"],
    "json": [
        b'{"uri": "x", "bodies": ',
        b'{"version": "https://jsonfeed.org/version/1", "items": [',
    ],
    "markdown": [b"---\ntitle: "],
    "mail": [b"Subject: x\nFrom: a\nDate: b\n"],
    "text": [b"Ferry stops sailing\n\n"],
}
"""First bytes of each format."""


@given(
    st.sampled_from([one for contents in BEGINNINGS.values() for one in contents]),
    st.binary(max_size=200),
)
def test_no_content_raises_anything_else(beginning, rest):
    try:
        list(read_documents(Bytes(beginning + rest)))
    except Exception as error:
        assert isinstance(error, UnreadableFile), error
