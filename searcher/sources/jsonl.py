"""JSON lines: an object a line; also one JSON array or object over the whole file."""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Iterator
from collections.abc import Mapping
from typing import Any
from typing import BinaryIO

from searcher.article import Document
from searcher.article import Origin
from searcher.article import Rejected
from searcher.errors import UnreadableFile
from searcher.protocols import RawInput
from searcher.sources.markup import paragraphs_of
from searcher.text.encoding import decode

_LONGEST_LINE = 32 << 20
_OBJECT = re.compile(rb"\s*\{\s*(\"|\})")
_ARRAY = re.compile(rb"\s*\[\s*(\{|\])")


class JsonLinesReader:
    """Keys: id, url, title or headline, body or text, published or date, updated, language, source, section, author(s).

    Other keys are ignored. A body may be a string, with or without markup, or a list of paragraphs.
    """

    format = "json"

    def recognises(self, head: bytes) -> bool:
        text = head.removeprefix(b"\xef\xbb\xbf")
        return bool(
            _OBJECT.match(text) or _ARRAY.match(text) or (text[:2] in (b"\xff\xfe", b"\xfe\xff") and b'{\0"' in text)
        )

    def read(self, raw: RawInput) -> Iterator[Document | Rejected]:
        if _is_whole_document(raw.head()):
            yield from self._whole(raw)
            return
        with raw.open() as stream:
            for number, line in _lines(raw, stream):
                origin = Origin(raw.name, number)
                if isinstance(line, str):
                    yield Rejected(origin, line)
                else:
                    yield _parse(origin, self.format, line)

    def _whole(self, raw: RawInput) -> Iterator[Document | Rejected]:
        text, _ = decode(raw.read())
        try:
            data = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise UnreadableFile(raw.name, f"not valid JSON ({_reason(error)})") from error
        for number, item in enumerate(data if isinstance(data, list) else [data], 1):
            yield document_of(Origin(raw.name, number), self.format, item)


def _is_whole_document(head: bytes) -> bool:
    """Whether the file is one JSON value over many lines: an array, an indented object, or UTF-16."""
    if _ARRAY.match(head.removeprefix(b"\xef\xbb\xbf")) or b"\0" in head:
        return True
    first, newline, _ = head.lstrip().partition(b"\n")
    return bool(newline) and first.strip() == b"{"


def _lines(raw: RawInput, stream: BinaryIO) -> Iterator[tuple[int, bytes | str]]:
    """The lines that hold something, with their numbers; for one that cannot be read, the reason."""
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
            raise UnreadableFile(raw.name, f"truncated gzip data after line {number - 1}") from error
        except (OSError, zlib.error) as error:
            raise UnreadableFile(raw.name, f"damaged after line {number - 1} ({error})") from error
        if not line:
            return
        if line.strip():
            yield number, line


def _parse(origin: Origin, format: str, line: bytes) -> Document | Rejected:
    text, _ = decode(line)
    try:
        item = json.loads(text)
    except (ValueError, RecursionError) as error:
        return Rejected(origin, f"not valid JSON ({_reason(error)})")
    return document_of(origin, format, item)


def _reason(error: Exception) -> str:
    return "nested too deeply" if isinstance(error, RecursionError) else str(error)


def document_of(origin: Origin, format: str, item: Any) -> Document | Rejected:
    """The document that one JSON object describes."""
    if not isinstance(item, dict):
        return Rejected(origin, f"a JSON {type(item).__name__}, not an object")
    headline = _text(item, "title", "headline")
    body = item.get("body") or item.get("text") or ""
    paragraphs: tuple[str, ...] = ()
    if isinstance(body, list):
        paragraphs, body = tuple(str(part) for part in body if isinstance(part, (str, int, float))), ""
    elif not isinstance(body, str):
        return Rejected(origin, f"its body is a JSON {type(body).__name__}")
    if markup := paragraphs_of(body):
        paragraphs, body = markup, ""
    if not headline.strip() and not body.strip() and not any(part.strip() for part in paragraphs):
        return Rejected(origin, "no title and no text")
    published = _text(item, "published", "date")
    updated = _text(item, "updated")
    return Document(
        origin,
        format,
        headline=headline,
        text=body,
        paragraphs=paragraphs,
        given_id=_text(item, "id"),
        url=_text(item, "url"),
        authors=tuple(_names(item.get("authors") or item.get("author"))),
        source=_text(item, "source"),
        section=_text(item, "section"),
        language=_text(item, "language"),
        dates=(("json", published),) if published else (),
        updates=(("json", updated),) if updated else (),
    )


def _text(item: Mapping[str, Any], *keys: str) -> str:
    for key in keys:
        value = item.get(key)
        if isinstance(value, (str, int, float)) and not isinstance(value, bool) and str(value).strip():
            return str(value)
    return ""


def _names(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from _names(value.get("name"))
    elif isinstance(value, list):
        for item in value:
            if not isinstance(item, list):
                yield from _names(item)
