"""From bytes to text, whatever encoding is declared."""

from __future__ import annotations

import codecs

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
"""Byte order marks, and the encodings that they mean."""
_SAMPLE = 64 << 10
"""Number of bytes by which an encoding is guessed. More takes longer and rarely changes the
guess."""
_CONTROLS = bytes(set(range(32)) - {9, 10, 12, 13, 27})
"""Control characters that text does not have."""
_SOUND_PER_ERROR = 10
"""Minimum number of sound non-ASCII characters for each broken one in text that is damaged UTF-8.
Text with fewer is in another encoding."""


def is_binary(head: bytes) -> bool:
    """Return whether the first bytes of a file cannot be text: more than one control character in
    fifty."""
    if not head or _bom(head) or _utf16_without_bom(head):
        return False
    return len(head) - len(head.translate(None, _CONTROLS)) > len(head) / 50


def decode(data: bytes, declared: str = "") -> tuple[str, str]:
    """Return the text of `data` and the encoding used. Never raises.

    A byte order mark decides. Then comes UTF-8 if the data is valid, as text in other encodings
    hardly ever is. Then comes the declared encoding, then the guess of charset-normalizer. Bytes
    that cannot be decoded are replaced.
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
    """Return the encoding that the byte order mark means; "" for none."""
    return next((encoding for bom, encoding in _BOMS if data.startswith(bom)), "")


def _utf16_without_bom(data: bytes) -> str:
    """Return the variant of UTF-16 by the zero bytes of Latin letters; "" for another encoding.

    In UTF-16 more than a fifth of a Latin text's bytes are zeros at odd (or even) places, and
    hardly any at the other places.
    """
    head = data[:_SAMPLE]
    even, odd = head[::2].count(0), head[1::2].count(0)
    if odd > len(head) / 5 and even < odd / 20:
        return "utf-16-le"
    if even > len(head) / 5 and odd < even / 20:
        return "utf-16-be"
    return ""


def _codec(name: str) -> str:
    """Return the codec that a name means on the web; "" for an unknown name.

    Browsers read ISO 8859-1 and ASCII as Windows-1252, so this does too.
    """
    try:
        found = codecs.lookup(name.strip().strip("\"'")).name
    except (LookupError, ValueError):
        return ""
    if found in ("iso8859-1", "ascii"):
        return "cp1252"
    return {"gb2312": "gb18030", "gbk": "gb18030", "iso8859-9": "cp1254"}.get(found, found)


def _strictly(data: bytes, encoding: str) -> str | None:
    """Return the text of `data`; None if it is not valid."""
    try:
        return data.decode(encoding)
    except (UnicodeDecodeError, LookupError, ValueError):
        return None


def _guess(data: bytes) -> str:
    """Return the most likely encoding by charset-normalizer."""
    from charset_normalizer import from_bytes

    best = from_bytes(data[:_SAMPLE]).best()
    encoding = best.encoding if best else "cp1252"
    return "cp1252" if encoding in ("ascii", "utf_8") else encoding
