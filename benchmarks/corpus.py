"""Articles to measure with: the Reuters corpus, and larger corpora made from it."""

from __future__ import annotations

import gzip
import json
import random
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

_REPLACED = 0.03
"""Share of the words of a copy that are replaced by new ones."""
_TAIL = 0.6
"""Exponent of the Lomax distribution of the ranks of new words. With it the vocabulary grows with
the text as Heaps' law says."""
_SCALE = 3000
"""Scale of that distribution, in ranks."""
BEGIN = datetime(2015, 1, 1, tzinfo=UTC)
"""First day of publication."""
YEARS = 10
"""Number of years over which articles are published."""
_SYLLABLES = (
    "na ro ver tim al den mor is tar lin po ga sel ur ben cor fi ja ko mu ti za ew os".split()
)
_KINDS = ("Times", "Post", "Herald", "News", "Daily", "Wire", "Tribune", "Journal")
_LANGUAGES = {"en": 95.7, "und": 3.4, "de": 0.9}
"""Share of each language, in percent, as `searcher index` tags the Reuters corpus. Its tables are
"und"."""


class Item(NamedTuple):
    """A parsed article, the input of all engines."""

    id: str
    """Id."""
    title: str
    """Headline."""
    body: str
    """Text."""
    date: datetime
    """Time of publication, in UTC."""
    source: str
    """Name of the outlet."""
    language: str
    """Language (ISO 639-1, or "und")."""

    @property
    def text(self) -> str:
        return f"{self.title}\n{self.body}"

    def as_json(self) -> str:
        """Return the article as JSON, as engines store it."""
        return json.dumps({**self._asdict(), "date": self.date.isoformat()})


def read(folder: Path) -> list[tuple[str, str, str]]:
    """Return id, title and body of the articles in `folder`/reuters.jsonl.gz. Raises
    FileNotFoundError."""
    with gzip.open(folder / "reuters.jsonl.gz", "rt", encoding="utf-8") as lines:
        return [(row["id"], row["title"], row["body"]) for row in map(json.loads, lines)]


def grow(base: list[tuple[str, str, str]], count: int) -> Iterator[Item]:
    """Yield `count` articles: `base`, then shuffled copies of it in which some words are replaced.

    Dates, sources and languages are made up, from a fixed seed.
    """
    vocabulary = sorted({word for _, _, body in base for word in re.findall("[a-z]{4,12}", body)})
    words = Words(vocabulary)
    outlets = sources()
    for copy in range(-(-count // len(base))):
        chance = random.Random(copy)
        rows = list(base)
        if copy:
            chance.shuffle(rows)
        for number, title, body in rows[: count - copy * len(base)]:
            if copy:
                title, body = _varied(title, body, words, chance)
            moment = BEGIN + timedelta(seconds=int(chance.random() * YEARS * 365 * 86400))
            (source,) = chance.choices(outlets, [1 / (rank + 3) for rank in range(len(outlets))])
            (language,) = chance.choices(list(_LANGUAGES), list(_LANGUAGES.values()))
            yield Item(f"{copy}-{number}", title, body, moment, source, language)


def _varied(title: str, body: str, words: Words, chance: random.Random) -> tuple[str, str]:
    parts = body.split(" ")
    for _ in range(int(len(parts) * _REPLACED + chance.random())):
        at = int(chance.random() * len(parts))
        if parts[at].isalpha():
            parts[at] = words.any(chance)
    if chance.random() < 0.25:
        heads = title.split(" ")
        heads[int(chance.random() * len(heads))] = words.any(chance).upper()
        title = " ".join(heads)
    return title, " ".join(parts)


class Words:
    """New words by rank, each a variation of a known one."""

    def __init__(self, vocabulary: list[str]) -> None:
        self._vocabulary = vocabulary
        self._made: dict[int, str] = {}

    def any(self, chance: random.Random) -> str:
        rank = int(_SCALE * (chance.random() ** (-1 / _TAIL) - 1))
        if rank not in self._made:
            self._made[rank] = self._make(random.Random(rank * 7919 + 1))
        return self._made[rank]

    def _make(self, chance: random.Random) -> str:
        letters = list(chance.choice(self._vocabulary))
        for _ in range(chance.randint(1, 2)):
            kind, at = chance.random(), chance.randrange(len(letters))
            if kind < 0.4:
                letters[at] = chance.choice("abcdefghiklmnoprstuvw")
            elif kind < 0.7:
                letters.insert(at, chance.choice("aeioulnrst"))
            else:
                letters += chance.choice(_SYLLABLES)
        return "".join(letters)


def sources() -> list[str]:
    chance = random.Random(5)
    found: dict[str, None] = {}
    while len(found) < 200:
        name = "".join(chance.choice(_SYLLABLES) for _ in range(chance.randint(2, 3))).capitalize()
        found[f"{name} {chance.choice(_KINDS)}"] = None
    return list(found)
