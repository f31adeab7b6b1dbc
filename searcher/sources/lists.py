"""Lists of articles that reading services and browsers export: addresses with titles.

- CSV with a title and an address in each row: Pocket, Instapaper, Raindrop, Google Takeout, tables
  of articles, and this software's own export;
- HTML lists of links: Pocket, and the bookmarks of browsers (Netscape's format).

A saved link is a headline with an address, as in a news sitemap, and with what the reader kept of
its text. When it was saved is when it was first seen, and not its date of publication.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice

from lxml.etree import ParserError

from searcher.article import Document, Origin, Rejected
from searcher.errors import UnreadableFile
from searcher.sources.jsonl import document_of
from searcher.sources.page.outline import parse_page
from searcher.sources.protocol import RawInput
from searcher.text.cleaning import clean_line
from searcher.text.dates import parse_date
from searcher.text.encoding import decode

_KEYS = {
    "url": "url link href address uri permalink given_url resolved_url titleurl",
    "title": "title headline name given_title resolved_title",
    "body": "body text content selection excerpt highlight note description summary comment",
    "published": "published date published_at publication_date pubdate date_published",
    "updated": "updated updated_at modified date_modified",
    "authors": "authors author by published_by byline creator",
    "source": "source publisher outlet site domain_name",
    "language": "language lang",
    "section": "section category",
    "image": "image cover preview_picture top_image_url",
    "agency": "agency",
    "dateline": "dateline",
    "id": "id",
    "saved": "time_added timestamp created created_at added saved saved_at time first_seen "
    "add_date",
}
"""Names of columns, by the key that they have in JSON lines. A list's own body comes first."""
_KEY_OF = {name: key for key, names in _KEYS.items() for name in names.split()}
_BODIES = _KEYS["body"].split()
"""Names of columns with text, the most trusted first."""
_DELIMITERS = ",;\t|"
"""Characters between two columns."""
_LONGEST_FIELD = 4 << 20
"""Maximum length of a field, in characters. A longer one ends the file: its quotation mark is never
closed."""
_LONGEST_HEAD = 4000
"""Maximum length of the line with the names of columns, in characters."""
_BOOKMARKS = re.compile(
    rb"\s*(?:<!DOCTYPE NETSCAPE-Bookmark-file-1>|(?:<[^>]{0,200}>\s*){0,6}<title>\s*Pocket Export)",
    re.IGNORECASE,
)
"""The beginning of a list of links."""
_MOST_LINKS = 200_000
"""Maximum number of links that are read of one list."""
_SEPARATOR = re.compile(r"\s*;\s*")
"""Separator of the names of several authors in one field."""


class CsvReader:
    """Each row is an article. The first row has the names of the columns."""

    format = "csv"
    is_binary = False

    def recognises(self, head: bytes) -> bool:
        """Return whether the first line names a column of titles and one of addresses or texts."""
        return bool(_columns(decode(head)[0])[0])

    def read(self, raw: RawInput) -> Iterator[Document | Rejected]:
        text = decode(raw.read())[0]
        columns, delimiter = _columns(text)
        csv.field_size_limit(_LONGEST_FIELD)
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        number = 0
        try:
            next(rows)
            for number, row in enumerate(rows, 1):
                if any(map(str.strip, row)):
                    yield _document(Origin(raw.name, number), columns, row)
        except csv.Error as error:
            raise UnreadableFile(raw.name, f"damaged after row {number} ({error})") from error


def _columns(text: str) -> tuple[tuple[str, ...], str]:
    """Return the keys of the columns, and the character between two; () if the first line names
    none."""
    head = text.lstrip("\ufeff").partition("\n")[0].rstrip("\r")
    if len(head) > _LONGEST_HEAD or head.lstrip()[:1] in ("<", "{", "["):
        return (), ""
    for delimiter in _DELIMITERS:
        names = [name.strip(' "').casefold().replace(" ", "_") for name in head.split(delimiter)]
        known = {_KEY_OF.get(name, "") for name in names}
        is_list = "title" in known and known & {"url", "body"} and len(names) > 1
        if is_list and len(set(names)) == len(names):
            return tuple(names), delimiter
    return (), ""


def _document(origin: Origin, columns: Sequence[str], row: Sequence[str]) -> Document | Rejected:
    """Return the article of a row."""
    cells = {name: cell.strip() for name, cell in zip(columns, row, strict=False) if cell.strip()}
    item: dict[str, object] = {}
    for name, cell in cells.items():
        if (key := _KEY_OF.get(name)) and key != "body":
            item.setdefault(key, cell)
    if item.get("title") == item.get("url"):
        del item["title"]
    item["body"] = next((cells[name] for name in _BODIES if name in cells), "")
    item["authors"] = _SEPARATOR.split(str(item.get("authors", "")))
    return _saved(document_of(origin, CsvReader.format, item), item)


def _saved(document: Document | Rejected, item: Mapping[str, object]) -> Document | Rejected:
    """Return a document with when the reader saved it, and marked as a part of its page."""
    if isinstance(document, Rejected):
        return document
    moment = parse_date(str(item.get("saved", "")))
    if moment is None:
        return document
    return replace(document, seen=moment[0], partial=True)


class LinksReader:
    """Each link of a list in HTML is an article without text."""

    format = "links"
    is_binary = False

    def recognises(self, head: bytes) -> bool:
        return bool(_BOOKMARKS.match(head))

    def read(self, raw: RawInput) -> Iterator[Document | Rejected]:
        try:
            tree = parse_page(decode(raw.read())[0])
        except ParserError as error:
            raise UnreadableFile(raw.name, "a list without links") from error
        for number, link in enumerate(islice(tree.iter("a"), _MOST_LINKS), 1):
            text = clean_line("".join(link.itertext()))
            address = link.get("href") or ""
            item = {
                "url": address,
                "title": "" if text == address else text,
                "saved": link.get("time_added") or link.get("add_date") or "",
            }
            if address.startswith(("http://", "https://")):
                origin = Origin(raw.name, number)
                yield _saved(document_of(origin, self.format, item), item)
