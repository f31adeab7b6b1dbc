"""The values of JSON in script elements, with frequent errors repaired."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import unescape
from typing import Any

_WRAPPED = re.compile(r"^\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[)|(?:-->|(?://\s*)?\]\]>)\s*$")
"""Comment and CDATA marks around a script."""
_COMMENT = re.compile(r"/\*[^*]{0,500}\*/")
"""A comment, which JSON does not allow."""
_BETWEEN = re.compile(r"[\s,;]*")
"""White space and marks between two values in one script."""
_TRAILING_COMMA = re.compile(r",(\s*[}\]])")
"""A comma that JSON does not allow."""


def json_values(text: str) -> list[Any]:
    """Return the JSON values of a script element; [] if they cannot be parsed.

    Frequent errors are repaired: comments, trailing commas, escaped quotation marks.
    """
    text = _WRAPPED.sub("", text.strip()).strip().rstrip(";")
    mended = _TRAILING_COMMA.sub(r"\1", _COMMENT.sub("", text))
    for attempt in (text, mended, unescape(mended) if "&quot;" in mended else ""):
        try:
            return list(_values(attempt))
        except (ValueError, RecursionError):
            continue
    return []


def _values(text: str) -> Iterator[Any]:
    """Yield the JSON values that follow each other, with a comma or nothing between them. Raises
    ValueError."""
    decoder = json.JSONDecoder(strict=False)
    at = 0
    while (at := _BETWEEN.match(text, at).end()) < len(text):  # type: ignore[union-attr]
        value, at = decoder.raw_decode(text, at)
        yield value
