"""Text that was damaged on its way: entities that were escaped twice, and bytes read in the wrong
encoding."""

from __future__ import annotations

import re
from html import unescape

_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z]{2,8}\d?);", re.IGNORECASE)
_SUSPECT = re.compile("[ÂÃÄÅâãÐÑØÙðŸ][\x80-\x9f\xa1-\xaa\xac-\xb4\xb6-\xba\xbc-\xbf\u20ac]")
"""A letter that begins a character in UTF-8, and what goes on with it, as Windows-1252 shows them;
but for marks of punctuation, which may well stand behind that letter."""


def repaired(text: str) -> str:
    """`text` with entities resolved and mojibake mended, as ftfy does where it is sure; idempotent
    on sound text."""
    if "&" in text:
        text = _ENTITY.sub(lambda match: unescape(match.group()), text)
    if not text.isascii() and _SUSPECT.search(text):
        from ftfy import fix_encoding

        text = fix_encoding(text)
    return text
