"""The characters of a query as they were meant: invisible ones left out, wide ones narrow."""

from __future__ import annotations

import re
import unicodedata

_INVISIBLE = re.compile("[\u00ad\u200b\u200e\u200f\u2060\ufeff]")
"""Characters without a shape that come with copied text."""
_HALF_PAIR = re.compile("[\ud800-\udfff]")
"""A half of a character, which no text has."""
_WIDE = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
"""The characters of ASCII, by those of full width that Chinese and Japanese keyboards type."""


def typed(text: str) -> str:
    """Return the text of a query in NFC, without invisible characters, and with the characters of
    ASCII in their usual width."""
    if text.isascii():
        return text
    visible = _INVISIBLE.sub("", _HALF_PAIR.sub("\ufffd", text))
    return unicodedata.normalize("NFC", visible.translate(_WIDE))
