"""Unicode and white space brought into one form, and paragraphs found in plain text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from html import unescape

_INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u200b\u202a-\u202e\u2060\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)
_SPACES = re.compile(r"\s+")
_NEWLINES = re.compile("\r\n?|\x85|\u2028|\u2029")
_BLANK_LINE = re.compile(r"\n[^\S\n]*(?:\n[^\S\n]*)+")
_INDENTED_LINE = re.compile(r"\n(?=[ \t\u3000]+\S)")
_LEFT_TAG = re.compile(
    r"</?(?:em|i|b|strong|span|br|p|a|sup|sub|mark|u|h\d)\b[^<>]{0,200}>", re.IGNORECASE
)
_LINE_END_HYPHEN = re.compile(r"(?<=[^\W\d_])([-‐])\n[ \t]*(?=[^\W\d_A-Z])")
"""Where a word was divided: its hyphen stays, for it may be one of the word's own; it is indexed
with and without."""
_WRAPPED_LINE = 100
_LOOK_BACK = 10
_CJK = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_LETTERS_FOR_CJK = 3
_ENDS_SENTENCE = re.compile(r"[.!?…:;。！？”\"»)]\s*$")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z]{2,8}\d?);", re.IGNORECASE)
_SUSPECT = re.compile("[ÂÃÄÅâãÐÑØÙðŸ][\x80-\x9f\xa1-\xaa\xac-\xb4\xb6-\xba\xbc-\xbf\u20ac]")
"""A letter that begins a character in UTF-8, and what goes on with it, as Windows-1252 shows them;
but for marks of punctuation, which may well stand behind that letter."""


def clean_line(text: str) -> str:
    """`text` in NFC on one line, without control and invisible characters, spaces single;
    idempotent."""
    plain = " ".join(text.split())
    if plain.isascii() and plain.isprintable():
        return plain
    visible = _INVISIBLE.sub("", _SPACES.sub(" ", text))
    return _SPACES.sub(" ", unicodedata.normalize("NFC", visible)).strip()


def split_paragraphs(text: str) -> list[str]:
    """The paragraphs of plain text, cleaned.

    Blank lines divide. Where there is none, indented lines begin paragraphs; else each line is one,
    unless the lines are a paragraph wrapped by hand: then they are joined.
    """
    text = _NEWLINES.sub("\n", text).strip("\n")
    pieces = [piece for block in _BLANK_LINE.split(text) for piece in _split_block(block)]
    return [cleaned for piece in pieces if (cleaned := clean_line(piece))]


def _split_block(block: str) -> list[str]:
    """The paragraphs of lines without a blank one between them."""
    lines = block.split("\n")
    indented = len(_INDENTED_LINE.findall(block))
    if indented > 0 and (indented * 3 < len(lines) * 2 or len(lines) == 2):
        return [
            piece for part in _INDENTED_LINE.split(block) for piece in _unwrap(part.split("\n"))
        ]
    return _unwrap(lines)


def _unwrap(lines: list[str]) -> list[str]:
    """The lines as one paragraph if they look wrapped by hand; else each as its own, but for broken
    sentences."""
    if len(lines) == 1:
        return lines
    open_ended = sum(1 for line in lines[:-1] if not _ENDS_SENTENCE.search(line))
    wrapped = max(map(len, lines)) <= _WRAPPED_LINE and open_ended * 2 >= len(lines) - 1
    if wrapped:
        return [unwrapped(lines)]
    joined = [lines[:1]]
    for line in lines[1:]:
        if line.lstrip()[:1].islower() and not _ENDS_SENTENCE.search(joined[-1][-1][-_LOOK_BACK:]):
            joined[-1].append(line)
        else:
            joined.append([line])
    return [" ".join(parts) for parts in joined]


def unwrapped(lines: Sequence[str]) -> str:
    """The lines of a paragraph as one; a word divided between two is one again, with its hyphen."""
    return _LINE_END_HYPHEN.sub(r"\1", "\n".join(lines)).replace("\n", " ")


def unescaped(text: str) -> str:
    """`text` without the markup and entities that are left where something was escaped twice."""
    for _ in range(2):
        if "&" in text:
            text = unescape(text)
    return _LEFT_TAG.sub(" ", text) if "<" in text else text


def size_of(text: str) -> int:
    """Characters, of which a Chinese, Japanese or Korean one says as much as three."""
    return (
        len(text)
        if text.isascii()
        else len(text) + (_LETTERS_FOR_CJK - 1) * len(_CJK.findall(text))
    )


def repaired(text: str) -> str:
    """`text` with entities resolved and mojibake mended, as ftfy does where it is sure; idempotent
    on sound text."""
    if "&" in text:
        text = _ENTITY.sub(lambda match: unescape(match.group()), text)
    if not text.isascii() and _SUSPECT.search(text):
        from ftfy import fix_encoding

        text = fix_encoding(text)
    return text
