"""Text as it was written: display text keeps every character but controls, in every format.

White space is one space, and text in a wrong encoding is repaired. Soft hyphens, byte order marks and spaces without width between letters
are left out: they say where a line may end, and would be seen where text is copied or printed.
"""

from __future__ import annotations

import email.message
import json
from datetime import UTC, datetime
from html import escape

import pytest
from fakes import documents
from hypothesis import given, settings
from hypothesis import strategies as st
from publications import docx, epub, odt, p

from searcher.reading.normalise import normalise

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
