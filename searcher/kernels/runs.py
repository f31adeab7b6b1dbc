"""Runs: the parts of a text that are analysed by themselves, and those that hold wanted terms.

A run is a longest part of a text without separators. The caller says what each code point is in a
run, its class, so that this module knows nothing of words. Joiners in front of a run are left out.
Runs are of four kinds:

- A word has letters alone, perhaps with an apostrophe and an s behind them. Its key is made of its
  letters in lower case.
- A number has digits alone, or one point between digits. Its key is made of its digits.
- Signs are of a script without spaces. Each is known with the next one.
- Any other run, and a word that is long or has 2 to 5 capitals and nothing else. Its key is made of
  all its characters.

Joiners behind a run are left out, except for points behind runs of the last kind.

What is known of words and other runs is in a hash table with open addressing, ROW numbers a run:
its key, two terms, and the positions that it takes. Runs with more or fewer terms have them in a
list: the place of the first, then their number with the bit MANY. Keys and terms are hashes of 62
bits with secrets of the process, so that no text can be made to fill one part of the table, or to
hide a word. Two of 100,000 runs have the same key in one process of 900 million; then a word can
lack its mark.
"""

from __future__ import annotations

import numpy as np

from searcher.kernels.compiler import (
    Bytes,
    BytesOut,
    Hashes,
    HashesOut,
    Ints,
    Points,
    SmallInts,
    SmallIntsOut,
    kernel,
    part,
)

OTHER, SEPARATOR, LETTER, CAPITAL, DIGIT, SIGN, POINT, APOSTROPHE, JOINER = range(9)
"""Classes of code points. CAPITAL: a letter of which abbreviations are. SIGN: of a script without
spaces. Joiners are those from POINT on. POINT: a joiner that may be in a number. APOSTROPHE: a
joiner that may be before an s. Code points behind the table of classes are OTHER."""

WORDS, NUMBERS, SIGNS, OTHERS = range(1, 5)
"""Kinds of runs."""

START, FIRST_TERMS, SECOND_TERMS, SECRETS = 0, 5, 6, 7
"""Places of secrets: of the beginning of every hash, and of two kinds of terms. Those of the keys
of runs are at the numbers of the kinds. The last is the number of secrets."""

LONGEST_WORD = 40
"""Maximum length of a word in characters. Longer ones are of the last kind."""

ROW = 4
"""Numbers of a row of the table: key, terms, terms, positions."""
MANY = 1 << 63
"""Bit of the third number of a row: the second is a place in the list of terms."""
BEGINNINGS = 1 << 10
"""Number of flags of the beginnings of terms. The number of a flag has 5 bits of a first letter of
ASCII, then 5 bits of the second one; 0 stands for no second letter, and for another first
character. The last flag, of words that do not begin with letters of ASCII, is always set."""
LONG_PART = 6
"""Minimum number of letters of a word whose terms begin with its first two letters, or are shorter.
Those of shorter words may have the first letter alone ("dying": die)."""
_PROBES = 24
"""Maximum number of rows that are looked at for a key. At most half of the table is used."""

_UPPER = np.uint64(32)
_ONE = np.uint64(1)
_MANY = np.uint64(MANY)


@part
def _stirred(value: int, point: int) -> int:
    """Return a hash with one more code point. The odd number is 2^64 divided by the golden
    ratio."""
    value = (value ^ np.uint64(point)) * np.uint64(0x9E3779B97F4A7C15)
    return value ^ (value >> np.uint64(32))


@part
def _final(value: int, secret: int) -> int:
    """Return the hash of a kind with this secret: never 0, and without the bit MANY. The mixing is
    that of moremur (Pelle Evensen, 2019)."""
    value = value ^ secret
    value = (value ^ (value >> np.uint64(27))) * np.uint64(0x3C79AC492BA7B653)
    value = (value ^ (value >> np.uint64(33))) * np.uint64(0x1C69B3F74AC4AE35)
    return ((value ^ (value >> np.uint64(27))) >> np.uint64(1)) | np.uint64(1)


@kernel
def hashed(points: Points, ends: Ints, secrets: Hashes, kind: int, found: HashesOut) -> None:
    """Hash texts that follow each other. ends: where each ends. kind: the place of a secret."""
    start = 0
    for number in range(len(ends)):
        value = secrets[START]
        for at in range(start, ends[number]):
            value = _stirred(value, points[at])
        found[number] = _final(value, secrets[kind])
        start = ends[number]


@kernel
def make_set(values: Hashes, found: HashesOut) -> None:
    """Fill a set of hashes, a hash table with open addressing. found: zeros; a power of 2, more
    than the values."""
    mask = np.uint64(len(found) - 1)
    for value in values:
        at = (value >> _UPPER) & mask
        while found[at] != 0 and found[at] != value:
            at = (at + _ONE) & mask
        found[at] = value


@kernel
def add_rows(rows: Hashes, table: HashesOut) -> bool:
    """Add runs to the table, or replace them. Return whether all have room.

    rows: ROW numbers each, the first of which are the keys.
    """
    mask = np.uint64(len(table) // ROW - 1)
    for number in range(0, len(rows), ROW):
        key = rows[number]
        if key == 0:
            continue
        slot = (key >> _UPPER) & mask
        for _ in range(_PROBES):
            at = np.int64(slot) * ROW
            if table[at] == 0 or table[at] == key:
                break
            slot = (slot + _ONE) & mask
        else:
            return False
        for column in range(ROW):
            table[at + column] = rows[number + column]
    return True


@part
def _class_at(points: Points, classes: Bytes, at: int) -> int:
    """Return the class of a character; SEPARATOR behind the text."""
    if at >= len(points):
        return SEPARATOR
    return classes[points[at]] if points[at] < len(classes) else OTHER


@part
def _number_end(points: Points, classes: Bytes, at: int) -> int:
    """Return where a number ends: digits, perhaps with one point between them."""
    points_seen = 0
    end = at
    kind = DIGIT
    while kind == DIGIT or (kind == POINT and points_seen == 0):
        points_seen += kind == POINT
        at += 1
        if kind == DIGIT:
            end = at
        kind = _class_at(points, classes, at)
    return end


@part
def _signs_end(points: Points, classes: Bytes, at: int) -> int:
    while _class_at(points, classes, at) == SIGN:
        at += 1
    return at


@part
def _others_end(points: Points, classes: Bytes, at: int) -> int:
    """Return where a run of the last kind ends."""
    end = at
    kind = _class_at(points, classes, at)
    while kind != SEPARATOR:
        at += 1
        if kind <= POINT:
            end = at
        kind = _class_at(points, classes, at)
    return end


@kernel
def split(
    points: Points,
    classes: Bytes,
    lower: Points,
    secrets: Hashes,
    begins: SmallIntsOut,
    ends: SmallIntsOut,
    kinds: BytesOut,
    keys: HashesOut,
) -> int:
    """Find the runs of a text. Return their number.

    lower: the code points in lower case, as many as `classes`.
    begins, ends, kinds, keys: get the first character of each run, the one behind its last, its
    kind and its key. At most every second character begins a run.
    """
    count = len(points)
    found = at = 0
    while at < count:
        point = points[at]
        kind = classes[point] if point < len(classes) else OTHER
        if kind == SEPARATOR or kind >= POINT:
            at += 1
            continue
        begin = at
        run = OTHERS
        word = secrets[START]
        capitals = 0
        while LETTER <= kind <= CAPITAL:
            capitals += kind == CAPITAL
            word = _stirred(word, lower[point])
            at += 1
            if at == count:
                break
            point = points[at]
            kind = classes[point] if point < len(classes) else OTHER
        end = at
        if at > begin:
            if at - begin <= LONGEST_WORD and not (capitals == at - begin and 2 <= capitals <= 5):
                run = WORDS
            if kind == APOSTROPHE and at + 1 < count and (points[at + 1] | 32) == 115:
                at += 2
        elif kind == DIGIT:
            end = at = _number_end(points, classes, at)
            run = NUMBERS if end - begin <= LONGEST_WORD else OTHERS
        elif kind == SIGN:
            end = at = _signs_end(points, classes, at)
            run = SIGNS
        # Joiners may follow. With anything else before the next separator, the run is of the last
        # kind.
        kind = JOINER if at > begin else OTHER
        while kind >= POINT:
            kind = SEPARATOR
            if at < count:
                kind = classes[points[at]] if points[at] < len(classes) else OTHER
                at += kind >= POINT
        if kind != SEPARATOR:
            run = OTHERS
            end = at = _others_end(points, classes, begin)
        if run != WORDS:
            word = secrets[START]
            for place in range(begin, end):
                if run != NUMBERS or classes[points[place]] == DIGIT:
                    word = _stirred(word, points[place])
        begins[found], ends[found], kinds[found] = begin, end, run
        keys[found] = _final(word, secrets[run])
        found += 1
    return found


@part
def _holds(wanted: Hashes, value: int) -> bool:
    """Return whether a set of `make_set` has a hash."""
    mask = np.uint64(len(wanted) - 1)
    at = (value >> np.uint64(32)) & mask
    while wanted[at] != 0 and wanted[at] != value:
        at = (at + np.uint64(1)) & mask
    return bool(wanted[at] != 0)


@part
def _holds_signs(points: Points, begin: int, end: int, secrets: Hashes, wanted: Hashes) -> bool:
    """Return whether one of these signs with the next one, or the last one, is wanted."""
    found = False
    for at in range(begin, end):
        value = _stirred(secrets[START], points[at])
        if at + 1 < end:
            value = _stirred(value, points[at + 1])
        found = found or _holds(wanted, _final(value, secrets[FIRST_TERMS]))
        found = found or _holds(wanted, _final(value, secrets[SECOND_TERMS]))
    return found


@part
def _holds_any(terms: Hashes, first: int, count: int, wanted: Hashes) -> bool:
    """Return whether one of `count` terms from `first` on is wanted."""
    found = False
    for at in range(first, first + count):
        found = found or _holds(wanted, terms[at])
    return found


@part
def _is_letter(point: int) -> bool:
    """Return whether a character is a letter of ASCII."""
    return bool(97 <= (point | 32) <= 122)


@part
def _beginning(first: int, second: int, length: int) -> int:
    """Return the number of the flag of a word. first, second: its first letters. length: their
    number."""
    if not _is_letter(first) or (length >= LONG_PART and not _is_letter(second)):
        return BEGINNINGS - 1
    return ((first & 31) << 5) | ((second & 31) if length >= LONG_PART else 0)


@kernel
def _may_hold(points: Points, begin: int, end: int, beginnings: Bytes) -> bool:
    """Return whether a term that begins as the flags say may be in a run of the last kind: each of
    its terms begins where letters or other characters do."""
    at = begin
    while at < end:
        if points[at] >= 128:
            return True
        length = 0
        while at + length < end and _is_letter(points[at + length]):
            length += 1
        number = 0
        if length:
            number = _beginning(points[at], points[min(at + 1, end - 1)], length)
        if beginnings[number]:
            return True
        at += max(length, 1)
    return False


@part
def _is_out(
    points: Points, kind: int, begin: int, end: int, beginnings: Bytes, placed: bool
) -> bool:
    """Return whether no term that begins as the flags say can be in a run. placed: as for
    `look_up`: then only words, which take one position, are out."""
    out = False
    if kind == WORDS:
        second = points[min(begin + 1, end - 1)]
        out = not beginnings[_beginning(points[begin], second, end - begin)]
    elif kind == OTHERS and not placed:
        out = not _may_hold(points, begin, end, beginnings)
    return out


@kernel
def look_up(
    points: Points,
    starts: Ints,
    gap: int,
    count: int,
    begins: SmallInts,
    ends: SmallInts,
    kinds: Bytes,
    keys: Hashes,
    secrets: Hashes,
    table: Hashes,
    terms: Hashes,
    wanted: Hashes,
    beginnings: Bytes,
    placed: bool,
    telling: SmallIntsOut,
    unknown: SmallIntsOut,
) -> tuple[int, int]:
    """Find the runs that hold wanted terms or may, and those of these that the table lacks. Return
    the number of both.

    starts: where the paragraphs of the text begin, between which `gap` positions are left out.
    count, begins, ends, kinds, keys: the runs, of `split`.
    beginnings: whether a wanted term begins so, BEGINNINGS flags; empty if the terms of a word may
    begin otherwise than the word. Runs that begin with nothing wanted are not looked up.
    placed: whether positions are needed. They are right if no run of the last kind is unknown.
    telling: gets three numbers for each run that may hold wanted terms: its first character, the
    one behind its last, and the position of its first token.
    unknown: gets the number of each unknown run.
    """
    mask = np.uint64(len(table) // ROW - 1)
    wanted_mask = np.uint64(len(wanted) - 1)
    position = paragraph = found = missing = 0
    for number in range(count):
        while paragraph < len(starts) and starts[paragraph] <= begins[number]:
            position += gap
            paragraph += 1
        key = keys[number]
        first = other = key
        width = 1
        told = False
        begin, end = begins[number], ends[number]
        if len(beginnings) and _is_out(points, kinds[number], begin, end, beginnings, placed):
            position += 1
            continue
        if kinds[number] == SIGNS:
            width = end - begin
            told = _holds_signs(points, begin, end, secrets, wanted)
        elif kinds[number] != NUMBERS:
            slot = (key >> _UPPER) & mask
            at = np.int64(slot) * ROW
            for _ in range(_PROBES):
                if table[at] == key or table[at] == 0:
                    break
                slot = (slot + _ONE) & mask
                at = np.int64(slot) * ROW
            if table[at] != key:
                unknown[missing] = number
                missing += 1
                told = True
                first = other = np.uint64(0)
            else:
                first = table[at + 1]
                other = table[at + 2]
                width = np.int64(table[at + 3])
        if other & _MANY:
            told = _holds_any(terms, np.int64(first), np.int64(other ^ _MANY), wanted)
        elif not told:
            for value in (first, other):
                place = (value >> _UPPER) & wanted_mask
                while wanted[place] != 0 and wanted[place] != value:
                    place = (place + _ONE) & wanted_mask
                told = told or wanted[place] != 0
        if told:
            telling[3 * found] = begin
            telling[3 * found + 1] = end
            telling[3 * found + 2] = position
            found += 1
        position += width
    return found, missing
