"""JSON: lines with an object each (JSON lines), or one array or object in the whole file."""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, BinaryIO

from searcher.article import Document, Origin, Rejected
from searcher.errors import UnreadableFile
from searcher.sources.json_news import feed_documents, is_feed, is_ninjs, ninjs_document
from searcher.sources.markup import paragraphs_of, plain_text
from searcher.sources.protocol import RawInput
from searcher.text.dates import parse_date
from searcher.text.encoding import decode

_LONGEST_LINE = 32 << 20
"""Maximum length of a line, in bytes. A longer one is skipped: it would be held in memory."""

_OBJECT = re.compile(r"\s*\{\s*\"(?:[^\"\\]|\\.){0,200}\"\s*:")
_ARRAY = re.compile(r"\s*\[\s*\{")
_EMPTY = re.compile(r"\s*(?:\[\s*\]|\{\s*\}|null)\s*")

_LINES_LOOKED_AT = 20
"""Number of lines at the beginning that are looked at where the first one is not an object."""

_SAVED = "is_archived"
"""A key of the articles that Wallabag exports, whose ids are the numbers of one reader's list."""

_MILLISECONDS = 1e11
"""Number from which on a date is in milliseconds since 1970: as seconds, it is the year 5138."""


class JsonLinesReader:
    """Each object is an article.

    Keys: id, url, title or headline, body or text, published or date, updated, language, source,
    section, author or authors, agency, dateline, image. Other keys are ignored. A body is a string,
    with or without markup, or a list of paragraphs.
    """

    format = "json"
    is_binary = False

    def recognises(self, head: bytes) -> bool:
        """Return whether a file begins with JSON, or most of its first lines after a damaged one
        are objects."""
        text = _structure(head)
        if _OBJECT.match(text) or _ARRAY.match(text) or _EMPTY.fullmatch(text):
            return True
        lines = [line for line in text.split("\n")[1:_LINES_LOOKED_AT] if line.strip()]
        return sum(1 for line in lines if _OBJECT.match(line)) * 2 > len(lines)

    def read(self, raw: RawInput) -> Iterator[Document | Rejected]:
        head = raw.head()
        if b"\0" in head or _is_whole_document(head) or _EMPTY.fullmatch(_structure(head)):
            yield from self._whole(raw)
            return
        with raw.open() as stream:
            for number, line in _lines(raw, stream):
                origin = Origin(raw.name, number)
                if isinstance(line, str):
                    yield Rejected(origin, line)
                else:
                    yield from self._line(origin, decode(line)[0])

    def _whole(self, raw: RawInput) -> Iterator[Document | Rejected]:
        """Yield the articles of a file that is one JSON value, or is in UTF-16 or UTF-32, where a
        line break is not a single byte."""
        text, _ = decode(raw.read())
        try:
            data = json.loads(text)
        except (ValueError, RecursionError) as error:
            lines = [
                (number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip()
            ]
            if not all(_OBJECT.match(line) for _, line in lines[:2]) or len(lines) < 2:
                raise UnreadableFile(raw.name, f"not valid JSON ({_reason(error)})") from error
            for number, line in lines:
                yield from self._line(Origin(raw.name, number), line)
            return
        if is_feed(data):
            yield from feed_documents(data, raw.name)
            return
        if not data:
            raise UnreadableFile(raw.name, "JSON without articles")
        for number, item in enumerate(data if isinstance(data, list) else [data], 1):
            yield document_of(Origin(raw.name, number), self.format, item)

    def _line(self, origin: Origin, text: str) -> Iterator[Document | Rejected]:
        """Yield the articles of one line: several if it is a JSON Feed."""
        try:
            item = json.loads(text)
        except (ValueError, RecursionError) as error:
            yield Rejected(origin, f"not valid JSON ({_reason(error)})")
            return
        if is_feed(item):
            yield from feed_documents(item, origin.file)
        else:
            yield document_of(origin, self.format, item)


def _structure(head: bytes) -> str:
    """Return the head as text in which JSON's own characters are right.

    To recognise a format, no encoding has to be guessed.
    """
    return (
        decode(head)[0] if b"\0" in head else head.decode("utf-8", "replace").removeprefix("\ufeff")
    )


def _is_whole_document(head: bytes) -> bool:
    """Return whether the file is one array, or one object of several lines."""
    text = _structure(head).lstrip()
    first, newline, rest = text.partition("\n")
    if _ARRAY.match(text) or not newline or not first.startswith("{") or _OBJECT.match(rest):
        return bool(_ARRAY.match(text))
    try:
        json.loads(first)
    except (ValueError, RecursionError):
        return True
    return False


def _lines(raw: RawInput, stream: BinaryIO) -> Iterator[tuple[int, bytes | str]]:
    """Yield the lines that are not blank, each with its number; for one too long, the reason.

    Raises UnreadableFile where the compressed data is damaged.
    """
    number = 0
    while True:
        number += 1
        try:
            line = stream.readline(_LONGEST_LINE)
            if len(line) == _LONGEST_LINE and not line.endswith(b"\n"):
                yield number, f"a line longer than {_LONGEST_LINE >> 20} MiB"
                while line and not line.endswith(b"\n"):
                    line = stream.readline(_LONGEST_LINE)
                continue
        except EOFError as error:
            raise UnreadableFile(
                raw.name, f"truncated gzip data after line {number - 1}"
            ) from error
        except (OSError, zlib.error) as error:
            raise UnreadableFile(raw.name, f"damaged after line {number - 1} ({error})") from error
        if not line:
            return
        if line.strip():
            yield number, line


def _reason(error: Exception) -> str:
    return "nested too deeply" if isinstance(error, RecursionError) else str(error)


def document_of(origin: Origin, format: str, item: Any) -> Document | Rejected:
    """Return the document that a JSON object describes.

    format: the format of the file that it is in.
    """
    if not isinstance(item, dict):
        return Rejected(origin, f"a JSON {type(item).__name__} instead of an object")
    if is_ninjs(item):
        return ninjs_document(origin, item)
    headline = plain_text(_text(item, "title", "headline"))
    bodies = [_paragraphs(item.get(key)) for key in ("body", "text", "content")]
    paragraphs = next((body for body in bodies if body), ())
    if not headline and not paragraphs:
        return Rejected(origin, "no title and no text")
    published, updated = _date(item, "published", "date", "published_at"), _date(item, "updated")
    saved = parse_date(_date(item, "created_at")) if _SAVED in item else None
    whole = paragraphs[0] if len(paragraphs) == 1 else ""
    return Document(
        origin,
        format,
        headline=headline,
        text=whole,
        paragraphs=() if whole else paragraphs,
        given_id="" if _SAVED in item else _text(item, "id"),
        url=_text(item, "url"),
        authors=tuple(
            _names(item.get("authors") or item.get("author") or item.get("published_by"))
        ),
        source=_text(item, "source"),
        section=_text(item, "section"),
        language=_text(item, "language"),
        dates=((format, published),) if published else (),
        updates=((format, updated),) if updated else (),
        agency=_text(item, "agency"),
        dateline=_text(item, "dateline"),
        image=_text(item, "image", "preview_picture"),
        seen=saved[0] if saved else None,
    )


def _paragraphs(value: Any) -> tuple[str, ...]:
    """Return the paragraphs of a body: a string, an object with one, or a list of either."""
    if isinstance(value, str):
        return paragraphs_of(value) or ((value,) if value.strip() else ())
    if isinstance(value, dict):
        return _paragraphs(_text(value, "text", "value", "content"))
    if isinstance(value, list):
        return tuple(
            text for item in value if not isinstance(item, list) for text in _paragraphs(item)
        )
    return ()


def _text(item: Mapping[str, Any], *keys: str) -> str:
    """Return the value of the first of these keys that has a text or a number; "" for none."""
    for key in keys:
        value = item.get(key)
        if (
            isinstance(value, (str, int, float))
            and not isinstance(value, bool)
            and str(value).strip()
        ):
            return str(value)
    return ""


def _date(item: Mapping[str, Any], *keys: str) -> str:
    """Return the date of the first of these keys that has one, as text; "" for none.

    A number of four digits is a year. Other numbers are seconds, or milliseconds, since 1970.
    """
    for key in keys:
        value = item.get(key)
        if (
            isinstance(value, (int, float))
            and not isinstance(value, bool)
            and not 1000 <= value <= 9999
        ):
            try:
                return datetime.fromtimestamp(
                    value / 1000 if abs(value) > _MILLISECONDS else value, UTC
                ).isoformat()
            except (ValueError, OverflowError, OSError):
                return str(value)
    return _text(item, *keys)


def _names(value: Any) -> Iterator[str]:
    """Yield the names in a string, an object with a name, or a list of either."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from _names(value.get("name"))
    elif isinstance(value, list):
        for item in value:
            yield from _names(item)
