"""Text that was damaged on its way: entities that were escaped twice, and bytes read in the wrong encoding."""

from __future__ import annotations

import re
from html import unescape

_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z]{2,8}\d?);", re.IGNORECASE)
_SUSPECT = re.compile("[ÂÃÄÅâãÐÑàáØÙðŸ][\x80-\xbf\u0152-\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122 ]")
"""A letter that begins a character in UTF-8, and what goes on with it, as Windows-1252 shows them."""


def repaired(text: str) -> str:
    """`text` with entities resolved and mojibake mended, as ftfy does where it is sure; idempotent on sound text."""
    if "&" in text and _ENTITY.search(text):
        text = unescape(text)
    if not text.isascii() and _SUSPECT.search(text):
        from ftfy import fix_encoding

        text = fix_encoding(text)
    return text
