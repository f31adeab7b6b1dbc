"""Hostile input (sources, text) is parsed in linear time: four times as much input takes about four
times as long."""

from __future__ import annotations

import time

import pytest
from fakes import NOW, Bytes
from publications import docx, epub, p

from searcher.article import Document
from searcher.errors import UnreadableFile
from searcher.reading.normalise import normalise
from searcher.sources import read_documents

HEAD = "Subject: x\nDate: Fri, 3 May 2024 10:00:00 +0000\nMessage-ID: <a@b.example>\n"
LETTERS = "abcdefghij klmnopqrst "


@pytest.mark.parametrize(
    ("size", "make"),
    [
        (4000, lambda n: "<?xml version='1.0'?>" + "\n" * n + "<rss version='2.0'><channel><item><title>x</title></item></channel></rss>"),
        (3000, lambda n: f"{HEAD}From: {'a ' * n}\n\ntext"),
        (1500, lambda n: f"{HEAD}From: {'a, ' * n}\n\ntext"),
        (1000, lambda n: f"{HEAD}From: a\nContent-Type: text/plain; {'a*0=b; ' * n}\n\ntext"),
        (1000, lambda n: f"{HEAD}From: a\nContent-Disposition: a; {CONTINUED * n}\n\ntext"),
        (2000, lambda n: f"<title>{LETTERS * n}</title><script type='application/ld+json'>" + '{"@type": "NewsArticle", "headline": "' + LETTERS[::-1] * n + '"}</script><p>x</p>'),
        (2000, lambda n: "<div class=author>" * 1000 + "<i></i>" * n),
        (2000, lambda n: "<div><h1>" * 500 + "<i></i>" * n),
        (1000, lambda n: "<newsMessage>" + "<newsItem>" * 200 + "<a/>" * n + "</newsItem>" * 200 + "</newsMessage>"),
        (1000, lambda n: "<nitf><body><body.head>" + "<hl1>" * 200 + "<a/>" * n + "</hl1>" * 200 + "</body.head></body></nitf>"),
        (1000, lambda n: "<urlset><title>x</title>" + "<url>" * 200 + "<a/>" * n + "</url>" * 200 + "</urlset>"),
        (1000, lambda n: "".join(f"<meta property=og:title content='Number {i} is a long title'>" for i in range(n)) + "<h2>Ferry stops sailing</h2>" * n + f"<p>{LETTERS * 20}.</p>"),
        (1000, lambda n: "".join(f"<meta name=description content='Number {i} is a long description of it'>" for i in range(n)) + f"<p>{LETTERS * 8}.</p>" * n),
        (4000, lambda n: "<div " + "".join(f"a{i}='<' " for i in range(n)) + "><p>x</p>"),
        (4000, lambda n: "<div " + "".join(f"a{i}='>' " for i in range(n)) + "><p>x</p>"),
        (4000, lambda n: "<div " + "".join(f"a{i}=\">" for i in range(n)) + "><p>x</p>"),
        (20000, lambda n: "A" * 120 + "\n" + "a\n" * n),
        (250, lambda n: "<h1>Ferry</h1>" + "<div><div></div><div></div>" * n + "<p>a" * (10 * n)),
        (500, lambda n: "<table>" + f"<tr><td>{LETTERS * 16}</td></tr>" * n + "</table>"),
        (500, lambda n: "<h1>Ferry</h1>" + "".join(f"<div><a href=/x>Title of another article {i}</a><p>{LETTERS * 4} {i}.</p></div>" for i in range(n))),
    ],
    ids=range(20),
)  # fmt: skip
def test_four_times_as_much_takes_four_times_as_long(size, make):
    # At most three attempts, because other processes slow the machine down.
    assert any(seconds(make(4 * size)) < 9 * seconds(make(size)) + 0.5 for _ in range(3))


CONTINUED = "b=\"c' "


TABLE = ("<tbl><tr><tc>", "</tc></tr></tbl>")
RUN = ("<r>", "</r>")
FRAME = ("<p><r><txbxContent>", "</txbxContent></r></p>")


def nested(around: tuple[str, str], depth: int, content: str) -> str:
    return around[0] * depth + content + around[1] * depth


NCX_ITEM = '<item id="ncx" href="toc.ncx" media-type="application/x-dtbncx+xml"/>'
PUBLICATIONS = {
    "paragraphs": lambda n, depth: docx(p("The ferry.") * n),
    "tables": lambda n, depth: docx(nested(TABLE, depth, p("x") * n)),
    "empty tables": lambda n, depth: docx(nested(TABLE, depth, "<p/>" * n)),
    "cells": lambda n, depth: docx(nested(TABLE, depth, f"<tbl><tr>{'<tc><p/></tc>' * n}</tr></tbl>")),
    "runs": lambda n, depth: docx("<p>" + nested(RUN, 2 * depth, "<r><t>x</t></r>" * n) + "</p>"),
    "text boxes": lambda n, depth: docx(nested(FRAME, depth, p("x") * n)),
    "chapters": lambda n, depth: epub({"1.xhtml": nested(("<div>", "</div>"), depth, "<p>x</p>" * n)}),
    "contents": lambda n, depth: epub({"1.xhtml": "<p>x</p>"}, {"a/toc.ncx": f"<ncx><navMap><navPoint>{'<content/>' * (n // 4)}{'<navPoint/>' * (n // 4)}</navPoint></navMap></ncx>"}, toc=NCX_ITEM),
    "bylines": lambda n, depth: epub({"1.xhtml": nested(("<div class=byline>", "</div>"), depth, "<i></i>" * n)}),
    "captions": lambda n, depth: epub({"1.xhtml": nested(("<div class=caption>", "</div>"), depth, "<i></i>" * n)}),
}  # fmt: skip
"""Makers of files with `n` small elements inside `depth` others."""


@pytest.mark.parametrize("name", PUBLICATIONS)
def test_the_time_of_a_publication_grows_with_its_size_and_not_with_its_depth(name):
    def took(n: int, depth: int) -> float:
        return seconds(PUBLICATIONS[name](n, depth))

    assert any(took(12_000, 40) < 9 * took(3_000, 40) + 0.3 for _ in range(3))
    assert any(took(12_000, 80) < 3 * took(12_000, 1) + 0.5 for _ in range(3))


def seconds(text: str | bytes) -> float:
    begin = time.thread_time()
    try:
        for found in read_documents(Bytes(text.encode() if isinstance(text, str) else text)):
            if isinstance(found, Document):
                normalise(found, NOW)
    except UnreadableFile:
        pass
    return time.thread_time() - begin
