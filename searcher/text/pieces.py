"""Pieces: the spellings of a token, and of its parts, under which it is looked up.

Main pieces take one position each. Extra pieces share the position of a main piece and are further
spellings: the joined "alqaeda" and "at&t", the signed "$10bn", the dotted "u.s.".
"""

from __future__ import annotations

import re
import sys
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from searcher.text.folding import INVISIBLE, fold
from searcher.text.marks import marks

TERM_LENGTH = 80
"""Maximum length of a term, in characters. A longer word is looked up by its beginning, so that no
input makes a term of unbounded size."""
LONGEST_ABBREVIATION = 5
"""Maximum length of a word in capitals that is also looked up with dots, in letters."""
ENDS_COMPOUND = "~"
"""Prefix of a joined spelling stored at the second part's position. In a phrase, the next word
comes after it."""
_LONGEST_CLUSTER = 8
"""Maximum number of code points in a character with its combining marks. It bounds the size of
bigrams."""
APOSTROPHES = "'’ʼ＇‘‛`´′ʻʽʹ"
"""Apostrophes, and the signs that are typed for them."""
HYPHENS = "-‐‑－﹣"
"""Hyphens."""
SIGNS = "@#$€£¥₹₽₴₩"
"""Signs in front of a name or number."""
_ELISIONS = frozenset(
    "l d j m t s n c qu jusqu lorsqu puisqu quoiqu "
    "presqu dell nell sull dall all coll un quest quell".split()
)
"""French and Italian words that end in an apostrophe before a vowel."""
_JOINT = re.compile(
    rf"[{HYPHENS}{APOSTROPHES}&_·״׳\"]|(?<=[\u0600-\u06ff])\u200c(?=[\u0600-\u06ff])"
)
"""A joiner between the parts of a token; in Persian and Urdu also the one without width."""
_WORD = re.compile(rf"(?:[^\W\d_]|[{marks()}{INVISIBLE}])+")
"""A word that is stemmed."""
_PLURAL = re.compile(r"([^\W\d_]*)(\d+)s", re.IGNORECASE)
"""A designation in the plural: "16s" of "F-16s", "Su57s"."""
_DECADE = re.compile(r"(?:\d\d)?\d0")
"""The figures of a decade."""
_BEFORE_HYPHEN = re.compile(rf"([^\W\d_]+)[{HYPHENS}]$")
"""The letters of a designation in front of its figures."""
_VARIANT = re.compile(r"([^\W\d_]{0,4}\d{2,4})(?!(?:s|st|nd|rd|th)$)[a-z]{1,3}\d?")
"""A designation with its variant behind the figures: "64d" of "AH-64D", "a320neo"."""
_LONGEST_DESIGNATION = 2
"""Maximum number of letters before the figures of a designation that may look like a decade:
"B-50s" is one, "mid-50s" and "post-1950s" are not."""
_PLAIN_DESIGNATION = 3
"""Number of figures of a designation without letters: "737s"."""
_NUMBER = re.compile(r"\d+[.,]\d+|\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{1,3}(?:\.\d{3})+(?:,\d+)?")
"""A number with a decimal point or separators of thousands."""
ACRONYM = re.compile(r"[^\W\d_](?:\.[^\W\d_])+")
"""Letters with dots between them."""
DEGREE = re.compile(r"[A-Z][a-z]{0,2}\.(?:[A-Z][a-z]{0,2}\.)?[A-Z][a-z]?")
"""An academic degree such as "Ph.D" and "M.Sc", also looked up without dots."""
UNSPACED = re.compile(
    "[\u3400-\u9fff\uf900-\ufaff\u3005\u3007\U00020000-\U0003ffff"  # Han
    "\u3040-\u30ff\u31f0-\u31ff\uff66-\uff9f"  # Kana
    # Hangul is spaced, but bigrams find the nouns inside its inflected words.
    "\uac00-\ud7af\u1100-\u11ff"
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]+"  # Thai, Lao, Burmese, Khmer
)
"""A run of characters of a script without spaces between words."""


class Piece(NamedTuple):
    """One spelling of a token, or of a part of it."""

    lower: str
    """The spelling for the stemmer; "" if it is not stemmed."""
    form: str
    """The folded spelling."""
    start: int
    """The character of the token at which it begins."""
    end: int
    """The character of the token behind it."""
    offset: int
    """Its position, counted from the token's first."""
    extra: bool
    """Whether it shares the position of a main piece."""


@lru_cache(1 << 14)
def decompose(surface: str) -> tuple[tuple[Piece, ...], int]:
    """Return the pieces of a token, and the number of positions that it takes. Cached (16,384
    tokens)."""
    if surface.isascii() and surface.isdigit() and len(surface) <= TERM_LENGTH:
        # Tables have many numbers, each once, which the cache does not help.
        return (Piece("", surface, 0, len(surface), 0, False),), 1
    split = _Split(surface)
    body = surface
    if surface[0] in SIGNS:
        split.skip(1)
        body = surface[1:]
    percent = body.endswith("%")
    split.compound(body.removesuffix("%").removesuffix("."))
    if body[-1] == ".":
        split.pieces = [piece._replace(end=len(surface)) for piece in split.pieces]
    if surface[0] in SIGNS and split.pieces:
        first = split.pieces[0]
        split.also(surface[0] + first.form, 0, first.end, 0)
    if percent and split.pieces:
        ends = [piece for piece in split.pieces if piece.end == split.at and piece.form[0] != "~"]
        for piece in sorted(ends, key=lambda piece: -piece.offset):
            split.also(piece.form + "%", piece.start, len(surface), piece.offset)
    return tuple(split.pieces), split.width


def is_plain_word(surface: str) -> bool:
    """Return whether the main form of a token is the token in lower case."""
    return surface.isascii() and surface.isalpha() and len(surface) <= TERM_LENGTH


def plain_forms(surface: str) -> tuple[str, ...]:
    """Return the forms of a simple token, all at one position, the main one first; () if it is not
    simple.

    A simple token is a word or number in ASCII. The result is that of `decompose`, in a tenth of
    the time.
    """
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
    """Collects the pieces of a token from left to right."""

    def __init__(self, surface: str) -> None:
        self.surface = surface
        self.at = 0
        self.width = 0
        self.pieces: list[Piece] = []

    def skip(self, characters: int) -> None:
        """Move behind characters that are in no piece."""
        self.at += characters

    def main(self, text: str, *, stem: bool = True) -> None:
        """Add a main piece. One with a digit in it is no word, and is not stemmed. A designation in
        the plural is looked up in the singular; the plural is an extra piece."""
        written = form = fold(text)[:TERM_LENGTH]
        if form[-1:] == "s" and _is_designation(form, self.surface[: self.at]):
            form = form[:-1]
        if form:
            stem = stem and not any(map(str.isdigit, form))
            lower = unicodedata.normalize("NFKC", text).lower()[:TERM_LENGTH] if stem else ""
            start, end = self.at, self.at + len(text)
            self.pieces.append(Piece(lower, sys.intern(form), start, end, self.width, False))
            if form != written:
                self.also(written, start, end, self.width)
            elif bare := _without_variant(form, self.surface[: self.at]):
                self.also(bare, start, start + len(bare), self.width)
            self.width += 1
        self.at += len(text)

    def also(self, form: str, start: int, end: int, offset: int, lower: str = "") -> None:
        """Add an extra piece."""
        self.pieces.append(Piece(lower[:TERM_LENGTH], form[:TERM_LENGTH], start, end, offset, True))

    def compound(self, text: str) -> None:
        """Add the pieces of segments between joiners. The joined spelling is an extra piece."""
        segments = _JOINT.split(text)
        joints = _JOINT.findall(text)
        if len(segments) > 1 and joints[-1] in APOSTROPHES and segments[-1] in ("s", "S"):
            del segments[-1], joints[-1]
        first, first_start = len(self.pieces), self.at
        for number, segment in enumerate(segments):
            self.segment(segment)
            if number < len(joints):
                self.skip(1)
        mains = [piece for piece in self.pieces[first:] if not piece.extra]
        elided = (
            joints
            and joints[0] in APOSTROPHES
            and segments[0].lower() in _ELISIONS
            # "L'Oréal" is a name, "l'Europe" is not.
            and not (segments[0][0].isupper() and segments[1][:1].isupper())
        )
        if 2 <= len(segments) <= 4 and len(mains) >= 2 and not elided and not UNSPACED.search(text):
            joined = "".join(segments).replace(".", "")
            self.also(
                fold(joined),
                first_start,
                self.at,
                mains[0].offset,
                joined.lower() if _WORD.fullmatch(joined) else "",
            )
            if len(mains) == 2:
                self.also(ENDS_COMPOUND + fold(joined), first_start, self.at, mains[1].offset)
            if mains[-1].form + "s" == fold(segments[-1]):
                self.also(fold(joined)[:-1], first_start, self.at, mains[0].offset)
            if bare := _without_variant(fold(joined), ""):
                end = self.at - len(joined) + len(bare)
                self.also(bare, first_start, end, mains[0].offset)
            if "&" in joints:
                self.also(fold("&".join(segments)), first_start, self.at, mains[0].offset)

    def segment(self, text: str) -> None:
        """Add the pieces of a segment: an acronym, a number, a run with dots or commas, or a plain
        word."""
        if ACRONYM.fullmatch(text):
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
        """Add the pieces of a number: its reading, and a second one where it is ambiguous."""
        start, offset = self.at, self.width
        readings = _readings(fold(text))
        self.main(text, stem=False)
        self.pieces[-1] = self.pieces[-1]._replace(form=readings[0][:TERM_LENGTH])
        for reading in readings[1:]:
            self.also(reading, start, self.at, offset)

    def dotted(self, text: str) -> None:
        """Add the pieces of words between dots or commas. "bbc.co.uk" is also looked up whole,
        "end.Next" is not."""
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
        elif DEGREE.fullmatch(text):
            joined = text.replace(".", "")
            self.also(fold(joined), start, self.at, offset, joined.lower())

    def word(self, text: str) -> None:
        """Add the pieces of letters and digits. Runs of a script without spaces become overlapping
        bigrams."""
        end = 0
        for run in UNSPACED.finditer(text):
            if run.start() > end:
                self.plain(text[end : run.start()])
            self.bigrams(run.group())
            end = run.end()
        if end < len(text):
            self.plain(text[end:])

    def plain(self, text: str) -> None:
        """Add the piece of a plain word; of one in capitals also the spelling with dots."""
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
        """Add a bigram for each character; the last one is alone, so that a prefix finds every
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


def _is_designation(form: str, before: str) -> bool:
    """Return whether a folded word in the plural is a designation, as "16s" in "F-16s", and not a
    decade.

    before: the characters of the token before it.
    """
    match = _PLURAL.fullmatch(form)
    if match is None:
        return False
    behind_hyphen = _BEFORE_HYPHEN.search(before)
    letters = match[1] or (behind_hyphen[1] if behind_hyphen else "")
    if letters:
        return len(letters) <= _LONGEST_DESIGNATION or not _DECADE.fullmatch(match[2])
    return len(match[2]) == _PLAIN_DESIGNATION


def _without_variant(form: str, before: str) -> str:
    """Return a folded designation without its variant: "64" for "64d" in "AH-64D", "a320" for
    "a320neo"; "" if it is none. As it ends before the token does, a query for the variant does not
    look for it.

    before: the characters of the token before it, with the letters of a designation.
    """
    match = _VARIANT.fullmatch(form)
    if match is None or (match[1].isdigit() and not _BEFORE_HYPHEN.search(before)):
        return ""
    return match[1]


def _readings(digits: str) -> list[str]:
    """Return a number without separators of thousands, with a decimal point; "1.000" and "3,125"
    have two readings."""
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
    """Return the characters of a run, each with the characters behind it that belong to it."""
    clusters: list[str] = []
    for char in run:
        if clusters and len(clusters[-1]) < _LONGEST_CLUSTER and _continues(char, clusters[-1]):
            clusters[-1] += char
        else:
            clusters.append(char)
    return clusters


def _continues(char: str, cluster: str) -> bool:
    """Return whether a character belongs to the one before it: a combining mark, the mark of a
    voiced kana of half width, the rest of the vowel am, a small vowel behind ヴ, or a later letter
    of a Hangul syllable."""
    if unicodedata.category(char)[0] == "M" or char in "\uff9e\uff9f\u0e33\u0eb3":
        return True
    last = cluster[-1]
    if char in "\u0e32\u0eb2":
        return bool({"\u0e4d", "\u0ecd"} & set(cluster))
    if char in "ァィェォｧｨｪｫ":
        return cluster in ("ヴ", "ウ\u3099", "ｳﾞ")
    return "\u1160" <= char <= "\u11ff" and "\u1100" <= last <= "\u11ff"
