"""EPUB 2 and 3: e-papers, newsletters, reports and books.

**Articles.** An e-paper has a document for each article, and names them in its table of contents;
people look for the article, not for the issue. So each document that the table of contents names is
an article, with the documents up to the next one that it names. A book's chapters are articles for
the same reason. A publication whose table of contents names fewer than two documents is one
article.

**Library.** EbookLib was not chosen: its licence (AGPL) does not go with ours, and it unpacks every
member without bounds.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from lxml.etree import _Element

from searcher.article import Document, Origin, Rejected
from searcher.errors import UnreadableFile
from searcher.sources.epub_document import text_of
from searcher.sources.protocol import RawInput
from searcher.sources.xml import all_named, first_line, first_named, line_of, local_name
from searcher.sources.zipped import Package, names_in

_KIND = "an EPUB"
_MEDIA_TYPE = "mimetype:application/epub+zip"
_CONTAINER = "META-INF/container.xml"
_ENCRYPTION = "META-INF/encryption.xml"
_FONT_ALGORITHMS = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")
"""Obfuscation of fonts, which leaves the text readable."""

_DOCUMENTS = ("application/xhtml+xml", "text/html")
"""Media types of the documents with text."""

_FEWEST_ARTICLES = 2
"""Documents in the table of contents from which on each of them is an article."""

_LASTING = re.compile(r"urn:|https?:|[0-9a-f]{8}-[0-9a-f]{4}-|(?:\d-?){9}", re.IGNORECASE)
"""An identifier that is one of a publication alone. Other values ("BookId") occur in many files, so
that their articles would replace each other."""


class _Entry(NamedTuple):
    """A line of the table of contents."""

    member: str
    """The document that it leads to."""

    label: str
    section: str
    """The label of the line above it; "" for none."""

    is_front: bool
    """Whether lines below it lead to other documents, so that its own is the front of a section."""


class EpubReader:
    """An article for each document that the table of contents names, else one for all of them.

    Raises UnreadableFile for an EPUB that is damaged, protected (DRM) or has no documents.
    """

    format = "epub"
    is_binary = True

    def recognises(self, head: bytes) -> bool:
        names = names_in(head)
        return _MEDIA_TYPE in names or _CONTAINER in names

    def read(self, raw: RawInput) -> Iterator[Document | Rejected]:
        package = Package(raw.read(), raw.name, _KIND)
        _refuse_protection(package)
        member = _main_member(package)
        publication = _Publication(package, package.xml(member), member)
        if not publication.spine:
            raise package.error("an EPUB without documents: its spine is empty")
        entries = publication.contents()
        if len({one.member for one in entries} & set(publication.spine)) < _FEWEST_ARTICLES:
            yield publication.whole(Origin(raw.name))
        else:
            yield from publication.articles(raw.name, entries)


def _refuse_protection(package: Package) -> None:
    """Raise UnreadableFile if more than fonts is encrypted."""
    if _ENCRYPTION in package:
        methods = all_named(package.xml(_ENCRYPTION), "encryptionmethod")
        if any((one.get("Algorithm") or "") not in _FONT_ALGORITHMS for one in methods):
            raise package.error("an EPUB that is encrypted (DRM)")


def _main_member(package: Package) -> str:
    """Return the name of the package document, which lists the others."""
    if _CONTAINER not in package:
        raise package.error(f"an EPUB without {_CONTAINER}")
    paths = (one.get("full-path") or "" for one in all_named(package.xml(_CONTAINER), "rootfile"))
    found = next((path for path in paths if path in package), "")
    if not found:
        raise package.error("an EPUB without a package document (.opf)")
    return found


class _Publication:
    """The package document: what the publication says about itself, and its documents."""

    def __init__(self, package: Package, root: _Element, member: str) -> None:
        self._package = package
        self._folder = posixpath.dirname(member)
        self._root = root
        self._about = first_named(root, "metadata")
        self._items = {one.get("id") or "": one for one in all_named(root, "item")}
        self.spine = self._spine()
        """The names of the documents in reading order, each once."""

    def _spine(self) -> tuple[str, ...]:
        found: dict[str, None] = {}
        for one in all_named(self._root, "itemref"):
            item = self._items.get(one.get("idref") or "")
            if item is None or (one.get("linear") or "").lower() == "no" or _is_nav(item):
                continue
            member = self._member(item.get("href") or "", self._folder)
            if (item.get("media-type") or "") in _DOCUMENTS and member in self._package:
                found[member] = None
        return tuple(found)

    def _member(self, address: str, folder: str) -> str:
        """Return the name of the member that a relative address leads to."""
        try:
            path = unquote(urlsplit(address.strip()).path)
        except ValueError:
            return ""
        return posixpath.normpath(posixpath.join(folder, path)) if path else ""

    def contents(self) -> list[_Entry]:
        """Return the table of contents: that of EPUB 3 if there is one, else that of EPUB 2.

        One that cannot be parsed counts as none: the documents can be read without it.
        """
        spine = first_named(self._root, "spine")
        old = self._items.get((spine.get("toc") or "") if spine is not None else "")
        for item in (next(filter(_is_nav, self._items.values()), None), old):
            member = self._member(item.get("href") or "", self._folder) if item is not None else ""
            if member not in self._package:
                continue
            try:
                root = self._package.xml(member)
            except UnreadableFile:
                continue
            if found := list(self._entries(root, posixpath.dirname(member))):
                return found
        return []

    def _entries(self, root: _Element, folder: str) -> Iterator[_Entry]:
        lists = [one for one in all_named(root, "nav") if _is_contents(one)]
        for element in (lists[0] if lists else root).iter("{*}navPoint", "{*}li"):
            label, address = _line(element)
            above = element.getparent()
            while above is not None and local_name(above) not in ("navpoint", "li"):
                above = above.getparent()
            section = _line(above)[0] if above is not None else ""
            member = self._member(address, folder)
            below = next(element.iterdescendants("{*}navPoint", "{*}li"), None)
            other = self._member(_line(below)[1], folder) if below is not None else member
            yield _Entry(member, label, section, other != member)

    def whole(self, origin: Origin) -> Document | Rejected:
        """Return the publication as one article."""
        parts = [text_of(self._package.read(member)) for member in self.spine]
        texts = [text for part in parts for text in (part.headline, *part.paragraphs) if text]
        title = self._said("title") or parts[0].headline
        if texts and texts[0].casefold() == title.casefold():
            texts = texts[1:]
        if not texts:
            return Rejected(origin, "an EPUB without text: pictures of pages, perhaps")
        authors = self._all("creator") or [name for part in parts for name in part.authors]
        return self._document(
            origin, title, texts, authors, self._said("publisher"), "", self._identifier()
        )

    def articles(self, name: str, entries: Sequence[_Entry]) -> Iterator[Document | Rejected]:
        """Yield an article for each document that the table of contents names."""
        known: dict[str, _Entry] = {}
        for one in entries:
            known.setdefault(one.member, one)
        groups: list[list[str]] = []
        for member in self.spine:
            if member in known or not groups:
                groups.append([])
            groups[-1].append(member)
        found = False
        for number, group in enumerate(groups, 1):
            entry = known.get(group[0], _Entry(group[0], self._said("title"), "", False))
            document = self._article(Origin(name, number), group, entry)
            if document is not None:
                found = True
                yield document
        if not found:
            yield Rejected(Origin(name), "an EPUB without text: pictures of pages, perhaps")

    def _article(self, origin: Origin, group: list[str], entry: _Entry) -> Document | None:
        """Return the article in these documents; None where there is no text.

        Of the front of a section, the links to its articles are left out.
        """
        first, *others = (text_of(self._package.read(member), entry.is_front) for member in group)
        rest = [text for one in others for text in (one.headline, *one.paragraphs) if text]
        paragraphs = [*first.paragraphs, *rest]
        if not paragraphs:
            return None
        identifier = self._identifier()
        return self._document(
            origin,
            first.headline or entry.label,
            paragraphs,
            first.authors or self._persons(),
            self._said("title"),
            entry.section,
            f"{identifier}#{group[0]}" if identifier else "",
        )

    def _document(
        self,
        origin: Origin,
        headline: str,
        paragraphs: Sequence[str],
        authors: Sequence[str],
        source: str,
        section: str,
        identifier: str,
    ) -> Document:
        dates = [(_event(one), line_of(one)) for one in self._stated("date")]
        changed = [text for event, text in dates if event == "modification"]
        changed += [
            line_of(one)
            for one in self._stated("meta")
            if one.get("property") == "dcterms:modified"
        ]
        return Document(
            origin,
            EpubReader.format,
            headline=headline,
            paragraphs=tuple(paragraphs),
            given_id=identifier,
            authors=tuple(authors),
            source=source,
            section=section,
            language=self._said("language"),
            dates=tuple(
                ("epub", text)
                for event, text in sorted(dates, key=lambda one: one[0] == "creation")
                if text and event != "modification"
            ),
            updates=tuple(("epub", text) for text in changed if text),
        )

    def _stated(self, name: str) -> list[_Element]:
        return list(all_named(self._about, name)) if self._about is not None else []

    def _said(self, name: str) -> str:
        return first_line(self._about, name)

    def _all(self, name: str) -> list[str]:
        return [text for one in self._stated(name) if (text := line_of(one))]

    def _persons(self) -> list[str]:
        """Return the creators; those of an e-paper are its publisher, who wrote none of it."""
        houses = {self._said("publisher").casefold(), self._said("title").casefold()}
        return [name for name in self._all("creator") if name.casefold() not in houses]

    def _identifier(self) -> str:
        """Return the identifier of the publication; "" if it has none that lasts."""
        wanted = self._root.get("unique-identifier")
        stated = sorted(self._stated("identifier"), key=lambda one: one.get("id") != wanted)
        return next((text for one in stated if _LASTING.match(text := line_of(one))), "")


def _is_nav(item: _Element) -> bool:
    """Return whether an item is the table of contents of EPUB 3."""
    return "nav" in (item.get("properties") or "").split()


def _is_contents(nav: _Element) -> bool:
    return any(key.endswith("type") and "toc" in text.split() for key, text in nav.attrib.items())


def _line(element: _Element) -> tuple[str, str]:
    """Return the label and the address of a line of the table of contents."""
    own = [one for one in element if local_name(one) in ("a", "span", "navlabel", "content")]
    label = next((text for one in own if (text := line_of(one))), "")
    address = next((text for one in own if (text := one.get("href") or one.get("src"))), "")
    return label, address


def _event(date: _Element) -> str:
    """Return which event a date of EPUB 2 is of: "publication", "modification", "creation"."""
    values = (text for key, text in date.attrib.items() if key.endswith("event"))
    return next(values, "").lower()
