"""The package document of an EPUB: its metadata, its documents in order, and its contents."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from urllib.parse import unquote, urlsplit

from lxml.etree import _Element

from searcher.errors import UnreadableFile
from searcher.sources.xml import all_named, first_line, first_named, line_of, local_name
from searcher.sources.zipped import Package

CONTAINER = "META-INF/container.xml"
"""The member that names the package document."""

_ENCRYPTION = "META-INF/encryption.xml"
"""The member that lists the encrypted members."""

_FONT_ALGORITHMS = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")
"""Obfuscation of fonts, which leaves the text readable."""

_DOCUMENTS = ("application/xhtml+xml", "text/html")
"""Media types of the documents with text."""

_LASTING = re.compile(r"urn:|https?:|[0-9a-f]{8}-[0-9a-f]{4}-|(?:\d-?){9}", re.IGNORECASE)
"""An identifier that only one publication has. Others ("BookId") occur in many files, so that their
articles would replace each other."""


@dataclass(frozen=True, slots=True)
class About:
    """The metadata of a publication; "" or () for what it does not state."""

    title: str
    """Its first title."""

    publisher: str
    """Its first publisher."""

    language: str
    """The code of its language, as it is stated."""

    creators: tuple[str, ...]
    """The names of its creators, in order."""

    identifier: str
    """Its unique identifier, else another one that only it has."""

    dates: tuple[str, ...]
    """When it was published, else when it was made."""

    updates: tuple[str, ...]
    """When it was changed."""

    @property
    def persons(self) -> tuple[str, ...]:
        """The creators without the publisher, which e-papers state as their creator."""
        houses = (self.publisher.casefold(), self.title.casefold())
        return tuple(name for name in self.creators if name.casefold() not in houses)


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the table of contents."""

    member: str
    """The document that it leads to."""

    label: str
    """Its text, which is the headline of a document without one."""

    section: str = ""
    """The label of the line above it; "" for none."""

    is_front: bool = False
    """Whether lines below it lead to other documents, so that its own is the front of a section."""


@dataclass(frozen=True, slots=True)
class Publication:
    """An EPUB without the texts of its documents."""

    about: About
    """Its metadata."""
    spine: tuple[str, ...]
    """The names of the documents in reading order, each once."""

    contents: tuple[Entry, ...]
    """The table of contents; () if there is none that can be parsed."""


def read_publication(package: Package) -> Publication:
    """Return the publication in an EPUB. Raises UnreadableFile if it is protected or damaged."""
    _refuse_protection(package)
    if CONTAINER not in package:
        raise package.error(f"an EPUB without {CONTAINER}")
    paths = (one.get("full-path") or "" for one in all_named(package.xml(CONTAINER), "rootfile"))
    member = next((path for path in paths if path in package), "")
    if not member:
        raise package.error("an EPUB without a package document (.opf)")
    root, folder = package.xml(member), posixpath.dirname(member)
    items = {one.get("id") or "": one for one in all_named(root, "item")}
    spine = tuple(dict.fromkeys(_spine(package, root, items, folder)))
    if not spine:
        raise package.error("an EPUB without documents: its spine is empty")
    return Publication(_about(root), spine, _contents(package, root, items, folder))


def _refuse_protection(package: Package) -> None:
    """Raise UnreadableFile if more than fonts is encrypted."""
    if _ENCRYPTION in package:
        methods = all_named(package.xml(_ENCRYPTION), "encryptionmethod")
        if any((one.get("Algorithm") or "") not in _FONT_ALGORITHMS for one in methods):
            raise package.error("an EPUB that is encrypted (DRM)")


def _about(root: _Element) -> About:
    metadata = first_named(root, "metadata")

    def stated(name: str) -> list[_Element]:
        return list(all_named(metadata, name)) if metadata is not None else []

    wanted = root.get("unique-identifier")
    identifiers = sorted(stated("identifier"), key=lambda one: one.get("id") != wanted)
    dates = [(_event(one), line_of(one)) for one in stated("date")]
    dates.sort(key=lambda date: date[0] == "creation")
    modified = [one for one in stated("meta") if one.get("property") == "dcterms:modified"]
    return About(
        title=first_line(metadata, "title"),
        publisher=first_line(metadata, "publisher"),
        language=first_line(metadata, "language"),
        creators=tuple(text for one in stated("creator") if (text := line_of(one))),
        identifier=next((text for one in identifiers if _LASTING.match(text := line_of(one))), ""),
        dates=tuple(text for event, text in dates if text and event != "modification"),
        updates=(
            *(text for event, text in dates if text and event == "modification"),
            *(text for one in modified if (text := line_of(one))),
        ),
    )


def _event(date: _Element) -> str:
    """Return the event that a date of EPUB 2 is of: "publication", "modification", "creation"."""
    values = (text for key, text in date.attrib.items() if key.endswith("event"))
    return next(values, "").lower()


def _spine(
    package: Package, root: _Element, items: dict[str, _Element], folder: str
) -> Iterator[str]:
    """Yield the documents in reading order, without auxiliary ones and the table of contents."""
    for one in all_named(root, "itemref"):
        item = items.get(one.get("idref") or "")
        if item is None or (one.get("linear") or "").lower() == "no" or _is_contents(item):
            continue
        member = _member(item.get("href") or "", folder)
        if (item.get("media-type") or "") in _DOCUMENTS and member in package:
            yield member


def _member(address: str, folder: str) -> str:
    """Return the name of the member that an address relative to a folder leads to."""
    try:
        path = unquote(urlsplit(address.strip()).path)
    except ValueError:
        return ""
    return posixpath.normpath(posixpath.join(folder, path)) if path else ""


def _contents(
    package: Package, root: _Element, items: dict[str, _Element], folder: str
) -> tuple[Entry, ...]:
    """Return the table of contents: that of EPUB 3 if there is one, else that of EPUB 2.

    One that cannot be parsed counts as none: the documents can be read without it.
    """
    spine = first_named(root, "spine")
    old = items.get((spine.get("toc") or "") if spine is not None else "")
    for item in (next(filter(_is_contents, items.values()), None), old):
        member = _member(item.get("href") or "", folder) if item is not None else ""
        if member not in package:
            continue
        try:
            found = tuple(_entries(package.xml(member), posixpath.dirname(member)))
        except UnreadableFile:
            continue
        if found:
            return found
    return ()


def _is_contents(item: _Element) -> bool:
    """Return whether an item is the table of contents of EPUB 3."""
    return "nav" in (item.get("properties") or "").split()


def _entries(root: _Element, folder: str) -> Iterator[Entry]:
    """Yield the lines of a table of contents: li elements of EPUB 3, navPoint elements of EPUB 2.

    An EPUB 3 can have other lists ("landmarks") beside the one whose type is "toc".
    """
    lists = [one for one in all_named(root, "nav") if "toc" in _types(one)]
    # Each line is read once: it is the line above for all below it.
    line = cache(_line)
    for element in (lists[0] if lists else root).iter("{*}navPoint", "{*}li"):
        label, address = line(element)
        above = element.getparent()
        while above is not None and local_name(above) not in ("navpoint", "li"):
            above = above.getparent()
        section = line(above)[0] if above is not None else ""
        member = _member(address, folder)
        below = next(element.iterdescendants("{*}navPoint", "{*}li"), None)
        other = _member(line(below)[1], folder) if below is not None else member
        yield Entry(member, label, section, other != member)


def _types(nav: _Element) -> list[str]:
    """Return the values of an element's epub:type."""
    return next((text.split() for key, text in nav.attrib.items() if key.endswith("type")), [])


def _line(element: _Element) -> tuple[str, str]:
    """Return the label and the address of a line of the table of contents."""
    own = [one for one in element if local_name(one) in ("a", "span", "navlabel", "content")]
    label = next((text for one in own if (text := line_of(one))), "")
    address = next((text for one in own if (text := one.get("href") or one.get("src"))), "")
    return label, address
