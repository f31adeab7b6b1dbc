"""OPML, the format in which feed readers exchange their subscriptions (opml.org, version 2)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple
from xml.etree import ElementTree

from searcher.errors import UnreadableFile
from searcher.feeds.subscription import MODES, Mode, Subscription
from searcher.text.cleaning import clean_line
from searcher.text.urls import shown_url

_LARGEST = 16 << 20
_MODE = "searcherMode"


class Outline(NamedTuple):
    """A feed as OPML names it."""

    url: str
    title: str
    mode: Mode


def write_opml(subscriptions: Iterable[Subscription]) -> str:
    """The subscriptions that are followed, as a document; passwords in their addresses are part of
    it."""
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
    """The feeds that a document names, however deep in folders. Raises UnreadableFile."""
    if len(data) > _LARGEST:
        raise UnreadableFile(name, f"larger than {_LARGEST >> 20} MiB")
    if b"<!ENTITY" in data:
        raise UnreadableFile(name, "XML that defines entities, which are not read")
    try:
        root = ElementTree.fromstring(data)
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise UnreadableFile(name, f"not valid XML ({error})") from error
    if root.tag.lower() != "opml":
        raise UnreadableFile(name, "no OPML")
    for element in root.iter():
        values = {key.lower(): value.strip() for key, value in element.attrib.items()}
        url = values.get("xmlurl", "")
        if element.tag.lower() == "outline" and url:
            mode = next((one for one in MODES if one == values.get(_MODE.lower())), MODES[0])
            yield Outline(url, clean_line(values.get("title") or values.get("text") or ""), mode)
