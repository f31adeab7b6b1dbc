"""OPML 2.0 (opml.org), the format in which feed readers exchange subscriptions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple
from xml.etree import ElementTree

from searcher.errors import UnreadableFile
from searcher.feeds.subscription import MODES, Mode, Subscription
from searcher.sources.xml import local_name, parse_xml
from searcher.text.cleaning import clean_line
from searcher.text.urls import shown_url

_LARGEST = 16 << 20
"""Maximum size of a document, in bytes. It has room for 50,000 feeds; a larger one takes too much
memory."""

_MODE = "searcherMode"
"""Our own attribute of an outline, with the mode of the subscription. Other readers ignore it."""


class Outline(NamedTuple):
    """A feed in an OPML document."""

    url: str
    """Address, as the document has it."""
    title: str
    """Title, or ""."""
    mode: Mode
    """Mode, if we wrote the document; else the default."""


def write_opml(subscriptions: Iterable[Subscription]) -> str:
    """Return a document with these subscriptions, without feeds that are gone.

    Addresses include passwords, because a feed cannot be followed elsewhere without them.
    """
    root = ElementTree.Element("opml", version="2.0")
    ElementTree.SubElement(ElementTree.SubElement(root, "head"), "title").text = "Feeds"
    body = ElementTree.SubElement(root, "body")
    for one in subscriptions:
        if not one.gone:
            title = one.title or shown_url(one.url)
            values = {
                "type": "rss",
                "text": title,
                "title": title,
                "xmlUrl": one.url,
                _MODE: one.mode,
            }
            ElementTree.SubElement(
                body, "outline", values | ({"htmlUrl": one.site} if one.site else {})
            )
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(root, "unicode") + "\n"


def read_opml(data: bytes, name: str) -> Iterator[Outline]:
    """Yield the feeds of a document, at any depth of its folders.

    name: the file that a message names. Raises UnreadableFile.
    """
    if len(data) > _LARGEST:
        raise UnreadableFile(name, f"larger than {_LARGEST >> 20} MiB")
    root = parse_xml(data, name)
    if local_name(root) != "opml":
        raise UnreadableFile(name, "not an OPML document")
    for element in root.iter():
        values = {key.lower(): value.strip() for key, value in element.attrib.items()}
        url = values.get("xmlurl", "")
        if local_name(element) == "outline" and url:
            mode = next((one for one in MODES if one == values.get(_MODE.lower())), MODES[0])
            yield Outline(url, clean_line(values.get("title") or values.get("text") or ""), mode)
