"""News sitemaps: addresses with headlines and dates. Their articles have a headline and no text."""

from __future__ import annotations

from collections.abc import Iterator

from lxml.etree import _Element

from searcher.article import Document, Origin, Rejected
from searcher.errors import UnreadableFile
from searcher.sources.markup import root_element
from searcher.sources.protocol import RawInput
from searcher.sources.xml import all_named, first_line, first_named, parse_xml


class SitemapReader:
    """Each url element with a news:title is an article.

    Raises UnreadableFile for a sitemap without one: addresses alone are not articles.
    """

    format = "sitemap"
    is_binary = False

    def recognises(self, head: bytes) -> bool:
        return root_element(head) in ("urlset", "sitemapindex")

    def read(self, raw: RawInput) -> Iterator[Document | Rejected]:
        root = parse_xml(raw.read(), raw.name)
        entries = list(all_named(root, "url"))
        if not any(True for _ in all_named(root, "title")):
            raise UnreadableFile(
                raw.name, "a sitemap without headlines; only news sitemaps are read"
            )
        for number, entry in enumerate(entries, 1):
            yield _document(entry, Origin(raw.name, number))


def _document(entry: _Element, origin: Origin) -> Document | Rejected:
    news = first_named(entry, "news")
    headline = first_line(news, "title")
    if not headline:
        return Rejected(origin, "an address without a headline")
    published, changed = first_line(news, "publication_date"), first_line(entry, "lastmod")
    return Document(
        origin,
        SitemapReader.format,
        headline=headline,
        url=first_line(entry, "loc"),
        source=first_line(first_named(news, "publication"), "name"),
        section=first_line(news, "keywords").partition(",")[0],
        language=first_line(first_named(news, "publication"), "language"),
        dates=(("sitemap", published),) if published else (),
        updates=(("sitemap", changed),) if changed else (),
        image=first_line(first_named(entry, "image"), "loc"),
        paywalled=first_line(news, "access").casefold() == "subscription",
    )
