"""Cleaning of text: Unicode and white space in one form, damaged text repaired, paragraphs of plain
text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import unescape

_WITHOUT_SPACES = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u1a20-\u1aaf"
"""Thai, Lao, Burmese, Khmer and Tai Tham: a space without width divides their words."""
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\ufeff\ufffe\uffff\ud800-\udfff]"
    f"|(?<![{_WITHOUT_SPACES}])\u200b|\u200b(?![{_WITHOUT_SPACES}])"
)
"""Control characters, noncharacters and half surrogate pairs; soft hyphens and spaces without width
between letters, which would divide words for the search."""
_SPACES = re.compile(r"\s+")
"""White space."""
_NEWLINES = re.compile("\r\n?|\x85|\u2028|\u2029")
"""Ends of lines other than a line feed."""
_BLANK_LINE = re.compile(r"\n[^\S\n]*(?:\n[^\S\n]*)+")
"""One or more blank lines."""
_INDENTED_LINE = re.compile(r"\n(?=[ \t\u3000]+\S)")
"""The end of a line before an indented one."""
_LEFT_TAG = re.compile(
    r"</?(?:em|i|b|strong|span|br|p|a|sup|sub|mark|u|h\d)\b[^<>]{0,200}>", re.IGNORECASE
)
"""A tag left in text that was escaped twice."""
_LINE_END_HYPHEN = re.compile(r"(?<=[^\W\d_])([-‐])\n[ \t]*(?=[^\W\d_A-Z])")
"""A hyphen at the end of a line. It is kept, as it may be the word's own; words are indexed with
and without it."""
_WRAPPED_LINE = 100
"""Maximum length of the lines of a paragraph wrapped by hand, in characters. With longer lines each
line is a paragraph."""
_LOOK_BACK = 10
"""Number of characters at the end of a line in which the end of a sentence is looked for."""
_CJK = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
"""A Chinese, Japanese or Korean character."""
_LETTERS_FOR_CJK = 3
"""Number of letters of an alphabet that say as much as one such character."""
_SENTENCE_ENDS = tuple('.!?…:;。！？”"»)')
"""Marks at the end of a sentence, or behind it."""
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z]{2,8}\d?);", re.IGNORECASE)
"""A character reference."""
_SUSPECT = re.compile("[ÂÃÄÅâãÐÑØÙðŸ][\x80-\x9f\xa1-\xaa\xac-\xb4\xb6-\xba\xbc-\xbf\u20ac]")
"""A letter that begins a character in UTF-8, and a letter that continues one, as Windows-1252 shows
them. Punctuation is left out, as it may follow such a letter in sound text."""


def clean_line(text: str) -> str:
    """Return `text` on one line, without control and invisible characters; idempotent.

    All other characters stay as they were written, also where another form of Unicode has others
    for the same text: the forms of names in ideographs, the order of marks. Terms are folded.
    """
    plain = " ".join(text.split())
    # No such character is printable.
    if plain.isprintable():
        return plain
    visible = _INVISIBLE.sub("", _SPACES.sub(" ", text))
    return _SPACES.sub(" ", visible).strip()


def split_paragraphs(text: str) -> list[str]:
    """Return the paragraphs of plain text, cleaned.

    Blank lines separate paragraphs. If there are none, an indented line begins a paragraph. Else
    each line is one, unless the lines look like a paragraph wrapped by hand, and are joined.
    """
    text = _NEWLINES.sub("\n", text).strip("\n")
    pieces = [piece for block in _BLANK_LINE.split(text) for piece in _split_block(block)]
    return [cleaned for piece in pieces if (cleaned := clean_line(piece))]


def _split_block(block: str) -> list[str]:
    """Return the paragraphs of lines without a blank line between them."""
    lines = block.split("\n")
    indented = len(_INDENTED_LINE.findall(block))
    if indented > 0 and (indented * 3 < len(lines) * 2 or len(lines) == 2):
        return [
            piece for part in _INDENTED_LINE.split(block) for piece in _unwrap(part.split("\n"))
        ]
    return _unwrap(lines)


def _unwrap(lines: list[str]) -> list[str]:
    """Return the lines as one paragraph if they look wrapped by hand; else each line, with broken
    sentences joined."""
    if len(lines) == 1:
        return lines
    open_ended = sum(1 for line in lines[:-1] if not _ends_sentence(line))
    wrapped = max(map(len, lines)) <= _WRAPPED_LINE and open_ended * 2 >= len(lines) - 1
    if wrapped:
        return [unwrapped(lines)]
    joined = [lines[:1]]
    for line in lines[1:]:
        if line.lstrip()[:1].islower() and not _ends_sentence(joined[-1][-1][-_LOOK_BACK:]):
            joined[-1].append(line)
        else:
            joined.append([line])
    return [" ".join(parts) for parts in joined]


def _ends_sentence(line: str) -> bool:
    """Return whether a line ends as a sentence does."""
    return line.rstrip().endswith(_SENTENCE_ENDS)


def unwrapped(lines: Sequence[str]) -> str:
    """Return the lines of a paragraph as one line. A word divided between two lines keeps its
    hyphen."""
    return _LINE_END_HYPHEN.sub(r"\1", "\n".join(lines)).replace("\n", " ")


def unescaped(text: str) -> str:
    """Return `text` without the tags and entities that are left where it was escaped twice."""
    for _ in range(2):
        if "&" in text:
            text = unescape(text)
    return _LEFT_TAG.sub(" ", text) if "<" in text else text


def size_of(text: str) -> int:
    """Return the size of a text in characters; a Chinese, Japanese or Korean one counts three."""
    return (
        len(text)
        if text.isascii()
        else len(text) + (_LETTERS_FOR_CJK - 1) * len(_CJK.findall(text))
    )


def repaired(text: str) -> str:
    """Return `text` with entities resolved and mojibake repaired, as far as ftfy is sure;
    idempotent on sound text."""
    if "&" in text:
        text = _ENTITY.sub(lambda match: unescape(match.group()), text)
    if not text.isascii() and _SUSPECT.search(text):
        from ftfy import fix_encoding

        text = fix_encoding(text)
    return text
