"""Articles of real length: about 450 words each, made from the texts of a folder.

Benchmarks on short notes flatter an engine whose cost grows with the text. This corpus has the
length of news: the paragraphs of one subject, drawn from Reuters notes, TIME and saved pages, with
names and figures that no other article has, so that the dictionary grows with the corpus as for
real news (Heaps' law). The queries for it are in benchmarks.real_queries, its file in
benchmarks.corpus_file.
"""

from __future__ import annotations

import gzip
import json
import random
import re
from bisect import bisect
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple

from benchmarks.corpus import BEGIN, YEARS, Item, Words, sources
from benchmarks.fundus import pages

WORDS = 450
"""Mean number of words in an article. Newswire articles have 400 to 800."""

_OVERSHOOT = 30
"""Words by which the last paragraph exceeds the wanted length on average."""

_SPREAD = 0.35
"""Standard deviation of the logarithm of an article's length: few articles are twice as long."""

_OWN_NAMES = 4
"""Names that an article does not share with the texts it is made from."""

_OWN_FIGURES = 5
"""Figures that an article does not share with the texts it is made from."""

_REPLACED = 0.02
"""Share of the words that are replaced by new ones."""

_ENOUGH = 20
"""Minimum number of paragraphs of a subject."""

_LANGUAGE = re.compile(rb'<html[^>]{0,500}\slang=["\']?([a-z]{2})', re.IGNORECASE)

_SIGN_OFF = re.compile(r"\s*\bREUTER\W*$", re.IGNORECASE)


class Subject(NamedTuple):
    """The texts of one subject."""

    titles: tuple[str, ...]
    """Headlines, of which each article takes one."""
    paragraphs: tuple[str, ...]
    """Paragraphs, of which each article takes enough for its length."""
    sizes: tuple[int, ...]
    """Number of words of each paragraph."""
    language: str
    """Language (ISO 639-1)."""


def subjects(folder: Path) -> list[Subject]:
    """Return the subjects in `folder`, the largest first.

    folder: holds reuters.jsonl.gz, time/TIME.ALL and fundus/. Saved pages that declare a language
    are a subject for each language.
    Raises FileNotFoundError where one of them is missing.
    """
    titles: dict[str, list[str]] = defaultdict(list)
    paragraphs: dict[str, list[str]] = defaultdict(list)
    with gzip.open(folder / "reuters.jsonl.gz", "rt", encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            subject = (row.get("topics") or ["general"])[0]
            titles[f"en {subject}"].append(row["title"].title())
            paragraphs[f"en {subject}"].extend(_paragraphs(row["body"]))
    for number, text in enumerate(_time(folder / "time" / "TIME.ALL")):
        subject = f"en time {number % 20}"
        found = _paragraphs(text)
        titles[subject].extend(paragraph[:70].rsplit(" ", 1)[0] for paragraph in found[:1])
        paragraphs[subject].extend(found)
    for page in pages(folder):
        if language := _LANGUAGE.search(page.data):
            subject = f"{language[1].decode().lower()} pages"
            titles[subject].extend([page.headline] if page.headline else [])
            paragraphs[subject].extend(_long((page.body or "").split("\n")))
    ordered = sorted(paragraphs, key=lambda name: (-len(paragraphs[name]), name))
    return [
        Subject(
            tuple(titles[name]),
            tuple(paragraphs[name]),
            tuple(text.count(" ") + 1 for text in paragraphs[name]),
            name[:2],
        )
        for name in ordered
        if titles[name] and len(paragraphs[name]) >= _ENOUGH
    ]


class Maker:
    """Makes the article of a number; the same folder and number give the same article.

    Dates and sources are made up, for all engines alike.
    """

    def __init__(self, folder: Path) -> None:
        """Raises OSError where `folder` is no data folder."""
        self._subjects = subjects(folder)
        self._shares = list(accumulate(len(one.paragraphs) for one in self._subjects))
        vocabulary = {
            word
            for subject in self._subjects
            for paragraph in subject.paragraphs
            for word in re.findall("[a-z]{4,12}", paragraph)
        }
        self._words = Words(sorted(vocabulary))
        self._sources = sources()
        self._outlets = list(accumulate(1 / (rank + 3) for rank in range(len(self._sources))))

    def article(self, number: int, words: int = WORDS) -> Item:
        """Return the article of this number; of about `words` words, if it is to be longer."""
        chance = random.Random(number)
        draw = chance.random
        subject = self._subjects[bisect(self._shares, draw() * self._shares[-1])]
        names = [self._name(chance) for _ in range(_OWN_NAMES)]
        body = self._body(subject, names, words, chance)
        title = subject.titles[int(draw() * len(subject.titles))]
        title += f" {names[int(draw() * len(names))].split()[-1]}"
        moment = BEGIN + timedelta(seconds=int(draw() * YEARS * 365 * 86400))
        source = self._sources[bisect(self._outlets, draw() * self._outlets[-1])]
        return Item(f"r{number}", title, body, moment, source, subject.language)

    def _body(self, subject: Subject, names: list[str], words: int, chance: random.Random) -> str:
        wanted, size = int(words * chance.lognormvariate(-(_SPREAD**2) / 2, _SPREAD)), 0
        chosen: list[str] = []
        draw, texts = chance.random, subject.paragraphs
        while size < wanted - _OVERSHOOT:
            at = int(draw() * len(texts))
            chosen.append(texts[at])
            size += subject.sizes[at]
        for _ in range(int(size * _REPLACED)):
            at = int(draw() * len(chosen))
            chosen[at] = _replaced(chosen[at], self._words.any(chance), draw())
        figures = (f"{int(10 ** (1 + 5 * draw())):,}" for _ in range(_OWN_FIGURES))
        for text in (*figures, *names, *names):
            at = int(draw() * len(chosen))
            chosen[at] = _inserted(chosen[at], text, draw())
        return "\n".join(chosen)

    def _name(self, chance: random.Random) -> str:
        return f"{self._words.any(chance).capitalize()} {self._words.any(chance).capitalize()}"


def articles(folder: Path, count: int) -> Iterator[Item]:
    """Yield `count` articles; the same folder and number give the same article.

    Raises OSError where `folder` is no data folder.
    """
    return map(Maker(folder).article, range(count))


def _replaced(text: str, word: str, place: float) -> str:
    """Return a text with a word instead of the one behind a place, 0 to 1, if that has only
    letters."""
    begin = text.find(" ", int(place * len(text))) + 1
    end = text.find(" ", begin)
    if end < 0 or not text[begin:end].isalpha():
        return text
    return f"{text[:begin]}{word}{text[end:]}"


def _inserted(text: str, word: str, place: float) -> str:
    """Return a text with a word before the one behind a place, 0 to 1."""
    at = text.find(" ", int(place * len(text))) + 1
    return f"{text[:at]}{word} {text[at:]}"


def _paragraphs(text: str) -> list[str]:
    """Return a text's paragraphs; Reuters indents their first lines and signs the last."""
    return _long(_SIGN_OFF.sub("", part) for part in re.split(r"\n\s*\n|\n {2,}", text))


def _long(parts: Iterable[str]) -> list[str]:
    """Return the paragraphs of 12 words and more, with single spaces."""
    joined = (" ".join(part.split()) for part in parts)
    return [part for part in joined if part.count(" ") >= 12]


def _time(path: Path) -> list[str]:
    """Return the articles of the TIME collection, in lower case as it has them."""
    texts = re.split(r"\*TEXT [^\n]*\n", path.read_text("latin-1"))
    return [text.capitalize() for text in texts if text.strip() and "*STOP" not in text]
