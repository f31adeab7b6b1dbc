"""Text as it was written: display text keeps every character but controls, in every format.

White space is one space, and text in a wrong encoding is repaired. Soft hyphens, byte order marks and spaces without width between letters
are left out: they say where a line may end, and would be seen where text is copied or printed.
"""

from __future__ import annotations

import csv
import email.message
import io
import json
from datetime import UTC, datetime
from html import escape, unescape
from xml.etree import ElementTree

import pytest
from fakes import documents, make_article
from hypothesis import given, settings
from hypothesis import strategies as st
from publications import docx, epub, odt, p

from searcher.engine.memory import MemoryEngine
from searcher.engine.searches import Search
from searcher.export.formats import FORMATS as EXPORTS
from searcher.export.formats import pieces
from searcher.export.statement import Addresses
from searcher.query.parser import parse
from searcher.reading.normalise import normalise
from searcher.search.highlight import Highlighter
from searcher.search.listing import Head, Row, WholeResult
from searcher.search.request import Request
from searcher.search.snippets import snippets

NOW = datetime(2026, 1, 10, tzinfo=UTC)
FIRST = "The harbour office wrote on Monday that"
LAST = "was painted on the hull of the ferry that sails to the islands every morning."
MORE = "Engineers found cracks in eleven of the forty piles, and moved the boats to the old basin."
LEFT_OUT = "\u00ad\u200b\ufeff\ufffe\uffff"
DAMAGED = "ÂÃÄÅâãÐÑØÙðŸ"
"""Letters that begin a character of UTF-8 in a wrong encoding, which is repaired."""
SEEN = st.text(
    st.characters(
        exclude_categories=("Cc", "Cs", "Cn", "Co", "Zl", "Zp", "Zs"),
        exclude_characters=LEFT_OUT
        + DAMAGED
        + "".join(map(chr, range(33, 48)))
        + ":;<=>?@[\\]^_`{|}~",
    ),
    min_size=1,
    max_size=30,
)


def _mail(text: str) -> bytes:
    message = email.message.EmailMessage()
    message["Subject"], message["From"] = "Ferry stops sailing", "Alma Post <a@alma.example>"
    message["Date"] = "Mon, 01 May 2023 10:00:00 +0000"
    message.set_content(f"{text}\n\n{MORE}\n")
    return bytes(message)


def _rss(text: str) -> str:
    markup = escape(f"<p>{escape(text)}</p><p>{MORE}</p>")
    item = f"<title>Ferry</title><guid>1</guid><description>{markup}</description>"
    return f"<rss version='2.0'><channel><title>Alma</title><item>{item}</item></channel></rss>"


FORMATS = {
    "page": lambda text: f"<html><body><article><h1>Ferry</h1><p>{escape(text)}</p><p>{MORE}</p>",
    "page with entities": lambda text: (
        "<html><body><article><h1>Ferry</h1><p>"
        + "".join(f"&#{ord(sign)};" if ord(sign) > 160 else escape(sign) for sign in text)
        + f"</p><p>{MORE}</p>"
    ),
    "state of scripts": lambda text: (
        "<html><body><div id=root></div><script>window.state = "
        + json.dumps({"article": {"title": "Ferry", "body": [{"text": text}, {"text": MORE}] * 2}})
        + "</script>"
    ),
    "JSON-LD": lambda text: (
        '<html><body><div></div><script type="application/ld+json">'
        + json.dumps({"@type": "NewsArticle", "headline": "x", "articleBody": f"{text}\n\n{MORE}"})
        + "</script>"
    ),
    "RSS": _rss,
    "JSON": lambda text: json.dumps({"title": "Ferry", "text": f"{text}\n\n{MORE}"}),
    "JSON Feed": lambda text: json.dumps(
        {
            "version": "https://jsonfeed.org/version/1",
            "title": "Alma",
            "items": [{"id": "1", "content_html": f"<p>{escape(text)}</p><p>{MORE}</p>"}],
        }
    ),
    "text": lambda text: f"Ferry stops\n\n{text}\n\n{MORE}\n",
    "Markdown": lambda text: f"---\ntitle: Ferry\n---\n{text}\n\n{MORE}\n",
    "mail": _mail,
    "EPUB": lambda text: epub({"1.xhtml": f"<p>{escape(text)}</p><p>{MORE}</p>"}),
    "DOCX": lambda text: docx(p(escape(text)) + p(MORE)),
    "ODT": lambda text: odt(f"<text:p>{escape(text)}</text:p><text:p>{MORE}</text:p>"),
    "CSV": lambda text: f'title,url,text\nFerry,https://a.example/,"{text}\n\n{MORE}"\n',
    "NITF": lambda text: (
        f"<nitf><body><body.content><p>{escape(text)}</p><p>{MORE}</p></body.content></body></nitf>"
    ),
}


@pytest.mark.parametrize("format", FORMATS)
@settings(deadline=None, max_examples=25)
@given(seen=SEEN)
def test_every_character_stays_as_written(format, seen):
    text = f"{FIRST} {seen} {LAST}"
    article = normalise(documents(FORMATS[format](text))[0], NOW)
    assert text in article.paragraphs
    assert text in json.loads(json.dumps(article.to_json()))["body"]


@settings(deadline=None, max_examples=60)
@given(seen=SEEN)
def test_every_character_stays_in_snippets(seen):
    article = make_article(body=f"{MORE}\n\n{FIRST} {seen} {LAST}")
    engine = MemoryEngine()
    with engine.writer() as writer:
        writer.add(article)
    found = engine.snapshot().search(Search(parse("painted hull ferry", NOW), limit=1))
    body = " ".join(article.paragraphs)
    texts = [one.text for one in snippets(article, Highlighter(found.patterns))]
    assert texts
    assert all(text in body for text in texts)


def _read_back(name: str, data: bytes) -> str:
    """Return the texts in an export of a format."""
    if name == "csv":
        rows = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))
        return "\n".join(cell for row in rows for cell in row)
    if name in ("atom", "rss"):
        return "\n".join(ElementTree.fromstring(data).itertext())
    lines = data.decode().splitlines() if name == "jsonl" else [data.decode()]
    return "\n".join(json.dumps(json.loads(line), ensure_ascii=False) for line in lines)


@pytest.mark.parametrize("name", EXPORTS)
@settings(deadline=None, max_examples=25)
@given(seen=SEEN)
def test_every_character_stays_in_exports(name, seen):
    article = make_article("a", "Ferry", f"{FIRST} {seen} {LAST}")
    head = Head(Request("ferry"), generation=1, at=NOW, indexed=1, total=1, count=1, warnings=())
    result = WholeResult(head, [Row(1, article, 1.0, None)])
    data = b"".join(pieces(EXPORTS[name], result, Addresses()))
    # The text of a feed is markup.
    assert article.paragraphs[0] in unescape(_read_back(name, data))
