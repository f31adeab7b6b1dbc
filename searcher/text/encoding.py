"""From bytes to text, whatever the encoding is said to be."""

from __future__ import annotations

import codecs

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAMPLE = 64 << 10
_CONTROLS = bytes(set(range(32)) - {9, 10, 12, 13, 27})
_SOUND_PER_ERROR = 10
"""Text with so many sound non-ASCII characters for each broken one is damaged UTF-8, not another
encoding."""


def is_binary(head: bytes) -> bool:
    """Whether the first bytes of a file cannot be text in any encoding: more than one control
    character in fifty."""
    if not head or _bom(head) or _utf16_without_bom(head):
        return False
    return len(head) - len(head.translate(None, _CONTROLS)) > len(head) / 50


def decode(data: bytes, declared: str = "") -> tuple[str, str]:
    """The text of `data` and the encoding used.

    A byte order mark decides. Then UTF-8, if the data is valid: text of another encoding hardly
    ever is. Then the declared encoding, then the most likely one by charset-normalizer. Never
    raises: the last resort replaces what cannot be read.
    """
    if encoding := _bom(data) or _utf16_without_bom(data):
        return data.decode(encoding, "replace").lstrip("\ufeff"), encoding
    text = _strictly(data, "utf-8")
    if text is not None:
        return text, "utf-8"
    name = _codec(declared)
    if name and name != "utf-8" and (text := _strictly(data, name)) is not None:
        return text, name
    repaired = data.decode("utf-8", "replace")
    errors = repaired.count("\ufffd")
    if errors * _SOUND_PER_ERROR <= len(repaired) - errors - sum(map(str.isascii, repaired)):
        return repaired, "utf-8"
    guess = _guess(data)
    return data.decode(guess, "replace"), guess


def _bom(data: bytes) -> str:
    return next((encoding for bom, encoding in _BOMS if data.startswith(bom)), "")


def _utf16_without_bom(data: bytes) -> str:
    head = data[:_SAMPLE]
    even, odd = head[::2].count(0), head[1::2].count(0)
    if odd > len(head) / 5 and even < odd / 20:
        return "utf-16-le"
    if even > len(head) / 5 and odd < even / 20:
        return "utf-16-be"
    return ""


def _codec(name: str) -> str:
    """The codec that `name` means on the web: ISO 8859-1 and ASCII are read as Windows-1252, as
    browsers do."""
    try:
        found = codecs.lookup(name.strip().strip("\"'")).name
    except (LookupError, ValueError):
        return ""
    if found in ("iso8859-1", "ascii"):
        return "cp1252"
    return {"gb2312": "gb18030", "gbk": "gb18030", "iso8859-9": "cp1254"}.get(found, found)


def _strictly(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except (UnicodeDecodeError, LookupError, ValueError):
        return None


def _guess(data: bytes) -> str:
    from charset_normalizer import from_bytes

    best = from_bytes(data[:_SAMPLE]).best()
    encoding = best.encoding if best else "cp1252"
    return "cp1252" if encoding in ("ascii", "utf_8") else encoding
