"""Articles and queries of real length: about 450 words an article, 1 to 12 words a query.

Benchmarks on short notes flatter an engine whose cost grows with the text. This corpus has the
length of news: the paragraphs of one subject, drawn from Reuters notes, TIME and saved pages, with
names and figures that no other article has, so that the dictionary grows with the corpus as for
real news (Heaps' law).
"""

from __future__ import annotations

import gzip
import json
import random
import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from benchmarks.corpus import BEGIN, YEARS, Item, Words, sources
from benchmarks.queries import Query

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


class Subject(NamedTuple):
    """The texts of one subject."""

    titles: tuple[str, ...]
    """Headlines, of which each article takes one."""
    paragraphs: tuple[str, ...]
    """Paragraphs, of which each article takes enough for its length."""


def subjects(folder: Path) -> list[Subject]:
    """Return the subjects in `folder`, the largest first.

    folder: holds reuters.jsonl.gz, time/TIME.ALL and fundus/.
    Raises FileNotFoundError where none of them is there.
    """
    titles: dict[str, list[str]] = defaultdict(list)
    paragraphs: dict[str, list[str]] = defaultdict(list)
    with gzip.open(folder / "reuters.jsonl.gz", "rt", encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            subject = (row.get("topics") or ["general"])[0]
            titles[subject].append(row["title"].title())
            paragraphs[subject].extend(_paragraphs(row["body"]))
    for number, text in enumerate(_time(folder / "time" / "TIME.ALL")):
        subject = f"time {number % 20}"
        found = _paragraphs(text)
        titles[subject].extend(paragraph[:70].rsplit(" ", 1)[0] for paragraph in found[:1])
        paragraphs[subject].extend(found)
    ordered = sorted(paragraphs, key=lambda name: (-len(paragraphs[name]), name))
    return [
        Subject(tuple(titles[name]), tuple(paragraphs[name]))
        for name in ordered
        if titles[name] and len(paragraphs[name]) >= 20
    ]


def articles(folder: Path, count: int) -> Iterator[Item]:
    """Yield `count` articles; the same folder and number give the same article.

    Dates, sources and languages are made up, for all engines alike.
    """
    found = subjects(folder)
    weights = [len(subject.paragraphs) for subject in found]
    vocabulary = {
        word
        for subject in found
        for paragraph in subject.paragraphs
        for word in re.findall("[a-z]{4,12}", paragraph)
    }
    words, outlets = Words(sorted(vocabulary)), sources()
    for number in range(count):
        chance = random.Random(number)
        (subject,) = chance.choices(found, weights)
        names = [_name(words, chance) for _ in range(_OWN_NAMES)]
        body = _body(subject, words, names, chance)
        title = f"{chance.choice(subject.titles)} {chance.choice(names).split()[-1]}"
        moment = BEGIN + timedelta(seconds=int(chance.random() * YEARS * 365 * 86400))
        (source,) = chance.choices(outlets, [1 / (rank + 3) for rank in range(len(outlets))])
        yield Item(f"r{number}", title, body, moment, source, "en")


def queries(folder: Path, count: int, seed: int = 23) -> dict[str, list[Query]]:
    """Return `count` queries: words of 1 to 12, phrases, dates, prefixes and names."""
    chance = random.Random(seed)
    items = list(articles(folder, 2000))
    made: dict[str, list[Query]] = defaultdict(list)
    kinds = ("or",) * 12 + ("phrase",) * 3 + ("dated",) * 3 + ("prefix", "and") + ("names",) * 4
    while sum(map(len, made.values())) < count:
        item, kind = chance.choice(items), chance.choice(kinds)
        query = _query(item, kind, chance)
        if query is not None:
            made[kind].append(query)
    return dict(made)


def _query(item: Item, kind: str, chance: random.Random) -> Query | None:
    """Return a query of this kind made from an article, or None if it has no words for one."""
    words = re.findall("[a-z]{3,}", f"{item.title} {item.body}".lower())
    start = datetime(2015, 1, 1, tzinfo=UTC) + timedelta(days=chance.randrange(3200))
    at = chance.randrange(len(words) - 12)
    if kind == "phrase":
        lines = re.findall("[a-z]+(?: [a-z]+){3,}", item.body)
        run = chance.choice(lines).split() if lines else []
        return Query("phrase", tuple(run[1 : 1 + chance.choice((2, 3))])) if run else None
    if kind == "dated":
        end = start + timedelta(days=chance.choice((30, 90, 365)))
        return Query("dated", tuple(chance.sample(words, 3)), start, end)
    if kind == "prefix":
        longer = [word for word in words if len(word) >= 6]
        return Query("prefix", (chance.choice(longer)[:4],)) if longer else None
    if kind == "and":
        return Query("and", tuple(chance.sample(words, 3)))
    if kind == "names":
        names = re.findall("[A-Z][a-z]{4,} [A-Z][a-z]{4,}", item.body)
        return Query("or", tuple(chance.choice(names).lower().split())) if names else None
    size = chance.choice((1, 2, 2, 3, 3, 3, 4, 4, 5, 6, 8, 12))
    near = words[at : at + size] if size > 6 else chance.sample(words, size)
    return Query("or", tuple(dict.fromkeys(near)))


def _body(subject: Subject, words: Words, names: list[str], chance: random.Random) -> str:
    wanted, size = int(WORDS * chance.lognormvariate(-(_SPREAD**2) / 2, _SPREAD)), 0
    chosen: list[list[str]] = []
    while size < wanted - _OVERSHOOT:
        paragraph = chance.choice(subject.paragraphs).split(" ")
        chosen.append(paragraph)
        size += len(paragraph)
    for _ in range(int(size * _REPLACED)):
        paragraph = chance.choice(chosen)
        at = int(chance.random() * len(paragraph))
        if paragraph[at].isalpha():
            paragraph[at] = words.any(chance)
    for _ in range(_OWN_FIGURES):
        paragraph = chance.choice(chosen)
        paragraph.insert(chance.randrange(len(paragraph)), f"{int(10 ** chance.uniform(1, 6)):,}")
    for name in names:
        for _ in range(2):
            paragraph = chance.choice(chosen)
            paragraph.insert(chance.randrange(len(paragraph)), name)
    return "\n".join(map(" ".join, chosen))


def _name(words: Words, chance: random.Random) -> str:
    return f"{words.any(chance).capitalize()} {words.any(chance).capitalize()}"


def _paragraphs(text: str) -> list[str]:
    """Return a text's paragraphs of 12 words and more; Reuters indents their first lines."""
    parts = re.split(r"\n\s*\n|\n {2,}", text)
    joined = (" ".join(part.split()) for part in parts)
    return [part for part in joined if part.count(" ") >= 12]


def _time(path: Path) -> list[str]:
    """Return the articles of the TIME collection, in lower case as it has them."""
    texts = re.split(r"\*TEXT [^\n]*\n", path.read_text("latin-1"))
    return [text.capitalize() for text in texts if text.strip() and "*STOP" not in text]
