"""Tokens: the words of a text, and the other spellings under which each can be looked up.

A *token* is a run of word characters held together by single joiners ("Al-Qaeda's", "AT&T", "3.5",
"U.S"). It is decomposed into *pieces*: main pieces take one position each; extra pieces share the
position of a main one and are further spellings (the joined "alqaeda", "at&t", the signed "$10bn",
the dotted "u.s.").
"""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from searcher.text.folding import fold

TERM_LENGTH = 80
"""A longer word is looked up by its first characters, so that no input makes a term of unbounded
size."""

LONGEST_ABBREVIATION = 5
"""A longer word in capitals is not looked up with dots."""

ENDS_COMPOUND = "~"
"""Before a joined spelling it makes the piece that stands where the second of two parts does: in a
phrase the next word follows there."""

_LONGEST_CLUSTER = 8
_APOSTROPHES = "'’ʼ＇"
_HYPHENS = "-‐‑"
_SIGNS = "@#$€£¥₹₽₴₩"
_ELISIONS = frozenset(
    [
        "l",
        "d",
        "j",
        "m",
        "t",
        "s",
        "n",
        "c",
        "qu",
        "jusqu",
        "lorsqu",
        "puisqu",
        "quoiqu",
        "presqu",
        "dell",
        "nell",
        "sull",
        "dall",
        "all",
        "coll",
        "un",
        "quest",
        "quell",
    ]
)


def _marks() -> str:
    """Combining marks as a character class: `\\w` lacks them, and they hold the words of Indian
    scripts together."""
    ranges: list[list[int]] = []
    for codepoint in range(0x300, 0x12000):
        if unicodedata.category(chr(codepoint))[0] == "M":
            if ranges and ranges[-1][1] == codepoint - 1:
                ranges[-1][1] = codepoint
            else:
                ranges.append([codepoint, codepoint])
    return "".join(f"{chr(low)}-{chr(high)}" for low, high in ranges)


_MARKS = _marks()
_LETTER = rf"[^\W_]|[{_MARKS}\u200c\u200d]"
_TOKEN = re.compile(
    r"(?:[^\W\d_]\.){2,}(?![^\W_])|"
    rf"[{_SIGNS}]?[^\W_](?:{_LETTER})*(?:[{_HYPHENS}{_APOSTROPHES}&._·״׳,](?:{_LETTER})+)*%?"
)
_JOINT = re.compile(rf"[{_HYPHENS}{_APOSTROPHES}&_·״׳]")
_NUMBER = re.compile(r"\d+[.,]\d+|\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{1,3}(?:\.\d{3})+(?:,\d+)?")
_ACRONYM = re.compile(r"[^\W\d_](?:\.[^\W\d_])+")
_UNSPACED = re.compile(
    "[\u3400-\u9fff\uf900-\ufaff\u3005\u3007\U00020000-\U0003ffff"  # Han
    "\u3040-\u30ff\u31f0-\u31ff\uff66-\uff9f"  # Kana
    # Hangul is spaced, but bigrams find the nouns inside its inflected words.
    "\uac00-\ud7af\u1100-\u11ff"
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]+"  # Thai, Lao, Burmese, Khmer
)


class Piece(NamedTuple):
    """One spelling of (a part of) a token.

    lower: the spelling that a stemmer reads, "" where nothing is to be stemmed; form: the folded
    spelling. start, end: characters within the token; offset: positions after the token's first.
    """

    lower: str
    form: str
    start: int
    end: int
    offset: int
    extra: bool


class Token(NamedTuple):
    """A token at [start, end) of a text, with its pieces; it takes `width` positions."""

    start: int
    end: int
    pieces: tuple[Piece, ...]
    width: int


def surfaces(text: str) -> list[str]:
    """The tokens of `text` as they stand, for callers that need no spans."""
    found: list[str] = _TOKEN.findall(text)
    return found


def tokenize(text: str) -> Iterator[Token]:
    """The tokens of `text` in order; linear in its length."""
    for match in _TOKEN.finditer(text):
        surface = match.group()
        pieces, width = decompose(surface)
        yield Token(match.start(), match.end(), pieces, width)


@lru_cache(1 << 14)
def decompose(surface: str) -> tuple[tuple[Piece, ...], int]:
    """The pieces of one token and the number of positions it takes."""
    split = _Split(surface)
    body = surface
    if surface[0] in _SIGNS:
        split.skip(1)
        body = surface[1:]
    percent = body.endswith("%")
    split.compound(body.removesuffix("%").removesuffix("."))
    if body[-1] == ".":
        split.pieces = [piece._replace(end=len(surface)) for piece in split.pieces]
    if surface[0] in _SIGNS and split.pieces:
        first = split.pieces[0]
        split.also(surface[0] + first.form, 0, first.end, 0)
    if percent and split.pieces:
        last = split.pieces[-1]
        split.also(last.form + "%", last.start, len(surface), last.offset)
    return tuple(split.pieces), split.width


def plain_forms(surface: str) -> tuple[str, ...]:
    """What `decompose` comes to for most tokens, at a tenth of the time: the forms of a word or
    number of ASCII characters, all at one position, the first of which is its main piece; or
    nothing, if it is more complicated."""
    if not surface.isascii() or len(surface) > TERM_LENGTH:
        return ()
    if surface.isalpha():
        lower = surface.lower()
        if 2 <= len(surface) <= LONGEST_ABBREVIATION and surface.isupper():
            return lower, ".".join(lower) + "."
        return (lower,)
    if surface.isdigit():
        return (surface,)
    return tuple(_readings(surface)) if _NUMBER.fullmatch(surface) else ()


class _Split:
    """Collects the pieces of one token from left to right."""

    def __init__(self, surface: str) -> None:
        self.surface = surface
        self.at = 0
        self.width = 0
        self.pieces: list[Piece] = []

    def skip(self, characters: int) -> None:
        self.at += characters

    def main(self, text: str, *, stem: bool = True) -> None:
        """A piece that takes a position. One with a digit in it is no word, and not stemmed."""
        form = fold(text)[:TERM_LENGTH]
        if form:
            stem = stem and not any(map(str.isdigit, form))
            lower = unicodedata.normalize("NFKC", text).lower()[:TERM_LENGTH] if stem else ""
            start = self.at
            self.pieces.append(
                Piece(lower, sys.intern(form), start, start + len(text), self.width, False)
            )
            self.width += 1
        self.at += len(text)

    def also(self, form: str, start: int, end: int, offset: int, lower: str = "") -> None:
        self.pieces.append(Piece(lower[:TERM_LENGTH], form[:TERM_LENGTH], start, end, offset, True))

    def compound(self, text: str) -> None:
        """Segments joined by hyphens, apostrophes, & and the like; the joined spelling is an extra
        piece."""
        segments = _JOINT.split(text)
        joints = _JOINT.findall(text)
        if len(segments) > 1 and joints[-1] in _APOSTROPHES and segments[-1] in ("s", "S"):
            del segments[-1], joints[-1]
        first, first_start = len(self.pieces), self.at
        for number, segment in enumerate(segments):
            self.segment(segment)
            if number < len(joints):
                self.skip(1)
        mains = [piece for piece in self.pieces[first:] if not piece.extra]
        elided = joints and joints[0] in _APOSTROPHES and segments[0].lower() in _ELISIONS
        if (
            2 <= len(segments) <= 4
            and len(mains) >= 2
            and not elided
            and not _UNSPACED.search(text)
        ):
            joined = "".join(segments).replace(".", "")
            self.also(
                fold(joined),
                first_start,
                self.at,
                mains[0].offset,
                joined.lower() if joined.isalpha() else "",
            )
            if len(mains) == 2:
                self.also(ENDS_COMPOUND + fold(joined), first_start, self.at, mains[1].offset)
            if "&" in joints:
                self.also(fold("&".join(segments)), first_start, self.at, mains[0].offset)

    def segment(self, text: str) -> None:
        """What stands between two joints: an acronym, a number, a dotted or comma-separated run, or
        a plain word."""
        if _ACRONYM.fullmatch(text):
            letters = text.replace(".", "")
            start, offset = self.at, self.width
            self.main(text, stem=False)
            if self.width > offset:
                cut = letters[:TERM_LENGTH]
                self.pieces[-1] = self.pieces[-1]._replace(form=fold(cut), lower=cut.lower())
                self.also(fold(text) + ".", start, self.at, offset)
        elif _NUMBER.fullmatch(text):
            self.number(text)
        else:
            self.dotted(text)

    def number(self, text: str) -> None:
        start, offset = self.at, self.width
        readings = _readings(fold(text))
        self.main(text, stem=False)
        self.pieces[-1] = self.pieces[-1]._replace(form=readings[0][:TERM_LENGTH])
        for reading in readings[1:]:
            self.also(reading, start, self.at, offset)

    def dotted(self, text: str) -> None:
        """Words that only a dot or comma divides: "bbc.co.uk" is also looked up whole, "end.Next"
        is not."""
        parts = re.split("([.,])", text)
        start, offset, first = self.at, self.width, len(self.pieces)
        for part in parts:
            if part in (".", ","):
                self.skip(1)
            else:
                self.word(part)
        if (
            len(parts) > 1
            and "," not in parts
            and not any(part[:1].isupper() for part in parts[2::2])
        ):
            whole = fold(text)
            if len(self.pieces) - first > 1:
                self.also(whole, start, self.at, offset)

    def word(self, text: str) -> None:
        """A run of letters and digits; runs of unspaced scripts in it become overlapping
        bigrams."""
        end = 0
        for run in _UNSPACED.finditer(text):
            if run.start() > end:
                self.plain(text[end : run.start()])
            self.bigrams(run.group())
            end = run.end()
        if end < len(text):
            self.plain(text[end:])

    def plain(self, text: str) -> None:
        start, offset = self.at, self.width
        self.main(text)
        if (
            2 <= len(text) <= LONGEST_ABBREVIATION
            and text.isupper()
            and text.isascii()
            and text.isalpha()
        ):
            self.also(".".join(text.lower()) + ".", start, self.at, offset)

    def bigrams(self, run: str) -> None:
        """Each character begins a bigram, the last one stands alone: so a prefix finds every
        character."""
        clusters = _clusters(run)
        start = self.at
        for number, cluster in enumerate(clusters):
            pair = cluster + (clusters[number + 1] if number + 1 < len(clusters) else "")
            form = fold(pair)[:TERM_LENGTH]
            if form:
                self.pieces.append(Piece("", form, start, start + len(pair), self.width, False))
                self.width += 1
            start += len(cluster)
        self.at += len(run)


def _readings(digits: str) -> list[str]:
    """A number without its separators of thousands and with a decimal point; both readings of
    "1.000" and "3,125"."""
    marks = [char for char in digits if char in ".,"]
    whole, last, fraction = digits.rpartition(marks[-1])
    ungrouped = re.sub("[.,]", "", digits)
    if len(set(marks)) == 2:
        return [re.sub("[.,]", "", whole) + "." + fraction]
    if len(marks) > 1:
        return [ungrouped]
    decimal = f"{whole}.{fraction}"
    if len(fraction) == 3 and len(whole) <= 3:
        return [ungrouped, decimal] if last == "," else [decimal, ungrouped]
    return [decimal]


def _clusters(run: str) -> list[str]:
    """Characters with the combining marks that follow them."""
    clusters: list[str] = []
    for char in run:
        if (
            clusters
            and unicodedata.category(char)[0] == "M"
            and len(clusters[-1]) < _LONGEST_CLUSTER
        ):
            clusters[-1] += char
        else:
            clusters.append(char)
    return clusters


def lookups(surface: str) -> list[tuple[Piece, ...]]:
    """The ways in which a query's token may stand in a text, each a run of pieces at consecutive
    positions.

    There is none for a token that folding leaves nothing of. A signed or dotted token ("$10bn",
    "3.5%", "@name", "U.S") is wanted with its sign or dots, and one with an ampersand joined.
    Another compound is found both in its parts and joined. The last character of an unspaced run is
    part of the bigram before it.
    """
    pieces, _ = decompose(surface)
    mains = [piece for piece in pieces if not piece.extra]
    if not mains:
        return []
    if len(mains) > 1 and mains[-1].start < mains[-2].end and mains[-1].end == mains[-2].end:
        mains.pop()
    wholes = [
        piece
        for piece in pieces
        if piece.extra
        and piece.start == 0
        and piece.end >= mains[-1].end
        and piece.form[0] != ENDS_COMPOUND
    ]
    if "&" in surface and wholes:
        return [(whole,) for whole in wholes]
    signed = (
        surface[0] in _SIGNS
        or surface[-1] == "%"
        or bool(_ACRONYM.fullmatch(surface.removesuffix(".")))
    )
    if signed and wholes:
        return [(wholes[-1],)]
    if len(mains) == 1 and surface.isalpha():
        return [tuple(mains)]
    return [tuple(mains), *((whole,) for whole in wholes)]
