"""The feeds that a web page links to."""

from __future__ import annotations

import re
from urllib.parse import urljoin

from searcher.sources.markup import soup_of
from searcher.text.encoding import decode
from searcher.text.urls import canonical_url

_HEAD = 512 << 10
"""Bytes at the beginning of a page in which links to feeds are looked for. Some markup takes
quadratic time to parse, and these links are near the beginning."""

_FEED_TYPE = re.compile(
    r"application/(?:rss|atom|rdf|feed)\+(?:xml|json)|(?:application|text)/(?:rss|xml)$"
)
"""Media types of feeds in a link element."""

_FEED_LINK = re.compile(
    r"(?:/(?:rss|feed|atom|feeds)(?:[/._-]|$))|\.(?:rss|atom|rdf)$|[?&]feed=", re.IGNORECASE
)
"""Addresses that look like those of feeds, in a link of the page's text."""


def feed_addresses(page: bytes, url: str) -> tuple[str, ...]:
    """Return the addresses of the feeds that a web page links to, the most likely first.

    Feeds of comments come last.
    """
    soup = soup_of(decode(page[:_HEAD], "")[0])
    found: dict[str, str] = {}
    for element in soup(["link", "a"]):
        href, kind = element.get("href"), str(element.get("type") or "").lower()
        named = "alternate" in element.get_attribute_list("rel") and _FEED_TYPE.search(kind)
        plain = element.name == "a" and isinstance(href, str) and _FEED_LINK.search(href)
        if isinstance(href, str) and (named or plain) and (address := canonical_url(href, url)):
            found.setdefault(
                joined(url, href), f"{'0' if named else '1'}{element.get('title') or ''} {address}"
            )
    return tuple(sorted(found, key=lambda one: (found[one][0], "comment" in found[one].lower())))


def joined(base: str, address: str) -> str:
    """Return an absolute address; "" for an invalid one."""
    try:
        return urljoin(base, address.strip()) if address else ""
    except ValueError:
        return ""
