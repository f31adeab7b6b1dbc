"""Atom (RFC 4287) and RSS 2.0."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import format_datetime
from xml.sax.saxutils import escape, quoteattr

from searcher.article import Article
from searcher.as_json import to_json
from searcher.export.statement import Addresses, article_urn, sentence, title_of
from searcher.search.listing import Row, WholeResult
from searcher.text.urls import web_url

_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 does not allow."""
_PROLOGUE = '<?xml version="1.0" encoding="utf-8"?>\n'
STORY = "urn:news-searcher:story"
"""The scheme of the category that names the story of an article, by the id of its first article."""
_RSS_NAMESPACES = (
    'version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/"'
)
_UNKNOWN = datetime(1970, 1, 1, tzinfo=UTC)
_SUMMARY = 400
"""Maximum number of characters of an item's description in RSS. Atom has the whole text."""


def atom(result: WholeResult, addresses: Addresses) -> Iterator[str]:
    """Yield the parts of an Atom feed."""
    head, rows = result
    feed_id = addresses.export or f"urn:news-searcher:export:{head.generation}"
    yield f'{_PROLOGUE}<feed xmlns="http://www.w3.org/2005/Atom">\n'
    yield _element("id", feed_id) + _element("title", f"{title_of(head)} – News search")
    yield _element("subtitle", sentence(head)) + _element("updated", to_json(head.at))
    yield "<author><name>News search</name></author>\n"
    yield _link("self", addresses.export) + _link("alternate", addresses.search)
    for row in rows:
        yield _entry(row, addresses)
    yield "</feed>\n"


def _entry(row: Row, addresses: Addresses) -> str:
    article = row.article
    page = addresses.article(article.id)
    parts = [
        _element("id", article_urn(article.id)),
        _element("title", article.title),
        _element("updated", to_json(_changed(article))),
        _element("published", to_json(article.published.value)) if article.published else "",
        _link("alternate", page or web_url(article.url)),
        _link("related", web_url(article.url)) if page else "",
        *(f"<author>{_element('name', name)}</author>\n" for name in article.authors),
        *(f"<category term={_quoted(term)}/>\n" for term in _terms(article)),
        f'<category scheme="{STORY}" term={_quoted(row.story.id)}/>\n' if row.story else "",
        f"<source>{_element('title', article.source)}</source>\n" if article.source else "",
        f'<content type="text"{_lang(article)}>{_text(_body(article))}</content>\n',
    ]
    return f"<entry{_lang(article)}>\n{''.join(parts)}</entry>\n"


def rss(result: WholeResult, addresses: Addresses) -> Iterator[str]:
    """Yield the parts of an RSS feed."""
    head, rows = result
    yield f"{_PROLOGUE}<rss {_RSS_NAMESPACES}>\n<channel>\n"
    yield _element("title", f"{title_of(head)} – News search")
    yield _element("link", addresses.search) + _element("description", sentence(head))
    yield _element("lastBuildDate", format_datetime(head.at))
    if addresses.export:
        yield f'<atom:link rel="self" href={_quoted(addresses.export)}/>\n'
    for row in rows:
        yield _item(row, addresses)
    yield "</channel>\n</rss>\n"


def _item(row: Row, addresses: Addresses) -> str:
    article = row.article
    link = addresses.article(article.id) or web_url(article.url)
    published = article.published.value if article.published else None
    parts = [
        _element("title", article.title),
        _element("link", link) if link else "",
        f'<guid isPermaLink="false">{_text(article_urn(article.id))}</guid>\n',
        _element("pubDate", format_datetime(published)) if published else "",
        *(_element("dc:creator", name) for name in article.authors),
        _element("dc:publisher", article.source) if article.source else "",
        _element("dc:language", article.language) if article.language != "und" else "",
        *(_element("category", term) for term in _terms(article)),
        f'<category domain="{STORY}">{_text(row.story.id)}</category>\n' if row.story else "",
        _element("description", _shortened(_body(article))),
    ]
    return f"<item>\n{''.join(parts)}</item>\n"


def _changed(article: Article) -> datetime:
    """Return when an article last changed. Atom needs a date; one that is the same in each poll
    does not make old articles news."""
    stamp = article.updated or article.published or article.first_seen
    return stamp.value if stamp else _UNKNOWN


def _terms(article: Article) -> list[str]:
    return [term for term in (article.section, article.agency) if term]


def _body(article: Article) -> str:
    return "\n\n".join(article.paragraphs)


def _shortened(text: str) -> str:
    """Return the beginning of a text, as markup: readers of RSS take descriptions for HTML."""
    short = text if len(text) <= _SUMMARY else text[:_SUMMARY].rsplit(" ", 1)[0] + "…"
    return escape(short)


def _lang(article: Article) -> str:
    return f" xml:lang={_quoted(article.language)}" if article.language != "und" else ""


def _link(relation: str, address: str) -> str:
    return f'<link rel="{relation}" href={_quoted(address)}/>\n' if address else ""


def _element(name: str, text: str) -> str:
    return f"<{name}>{_text(text)}</{name}>\n"


def _text(text: str) -> str:
    return escape(_NO_XML.sub("\ufffd", text), {"\r": "&#13;"})


def _quoted(text: str) -> str:
    return quoteattr(_NO_XML.sub("\ufffd", text))
