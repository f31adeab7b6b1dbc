"""Collections with judgements: documents, queries, and the documents relevant to each query."""

from __future__ import annotations

import gzip
import random
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.corpus import read

_SEED = 1987
"""Seed of the samples."""
_ITEMS = 500
"""Number of queries for known articles."""
_WORD = re.compile(r"[A-Za-z]{4,}")
_COMMON = 0.1
"""Largest share of documents that contain a word used in a query."""
_HYPHENATED = re.compile(r"\s+([.,;:?!])")
_TAG = re.compile(r"<[^<>]{1,100}>")


@dataclass(frozen=True, slots=True)
class Text:
    """A document of a collection."""

    id: str
    """Id in the collection."""
    headline: str
    """Headline; "" for none."""
    body: str
    """Text."""


@dataclass(frozen=True, slots=True)
class Collection:
    """Documents, queries and judgements."""

    name: str
    """Name in the table."""
    texts: tuple[Text, ...]
    """The documents."""
    queries: dict[str, str]
    """Queries by id."""
    relevant: dict[str, dict[str, int]]
    """Grade of each judged document, by id of the query and of the document."""


def time_magazine(folder: Path) -> Collection:
    """Return the TIME collection in `folder`/time.

    Its judgements count 425 articles, two of which are not in its file.
    """
    parts = re.split(
        r"^\*TEXT .*$", (folder / "time" / "TIME.ALL").read_text("latin-1"), flags=re.MULTILINE
    )[1:]
    bodies = [_HYPHENATED.sub(r"\1", " ".join(part.replace("*STOP", "").split())) for part in parts]
    texts = tuple(Text(str(number), "", body) for number, body in enumerate(bodies, 1))
    asked = re.split(
        r"^\*FIND\s+(\d+)", (folder / "time" / "TIME.QUE").read_text("latin-1"), flags=re.MULTILINE
    )[1:]
    queries = {
        number: " ".join(text.replace("*STOP", "").split())
        for number, text in zip(asked[::2], asked[1::2], strict=True)
    }
    relevant: dict[str, dict[str, int]] = {}
    for line in (folder / "time" / "TIME.REL").read_text("latin-1").splitlines():
        if numbers := line.split():
            known = [int(number) for number in numbers[1:]]
            relevant[numbers[0]] = {
                str(number if number <= 370 else number - 2): 1 for number in known
            }
    judged = {number: text for number, text in queries.items() if relevant.get(number)}
    return Collection("time", texts, judged, {number: relevant[number] for number in judged})


def headlines(folder: Path) -> Collection:
    """Return Reuters articles without their headlines, and some of these as queries."""
    rows = read(folder)
    titles = Counter(title.casefold() for _, title, _ in rows)
    fit = [
        row
        for row in rows
        if titles[row[1].casefold()] == 1 and len(row[1].split()) > 3 and len(row[2]) > 300
    ]
    chosen = random.Random(_SEED).sample(fit, _ITEMS)
    texts = tuple(Text(number, "", body) for number, _, body in rows)
    queries = {number: title for number, title, _ in chosen}
    return Collection(
        "reuters, headline", texts, queries, {number: {number: 1} for number in queries}
    )


def four_words(folder: Path) -> Collection:
    """Return Reuters articles, and as queries four words of the first paragraph of some; frequent
    words are left out."""
    rows = read(folder)
    spread: Counter[str] = Counter()
    for _, _, body in rows:
        spread.update({word.casefold() for word in _WORD.findall(body)})
    chance = random.Random(_SEED)
    queries: dict[str, str] = {}
    for number, _, body in chance.sample(rows, len(rows)):
        first = re.split(r"\n\s{2,}", body)[0]
        words = sorted({word.casefold() for word in _WORD.findall(first)})
        words = [word for word in words if spread[word] < _COMMON * len(rows)]
        if len(words) >= 8 and len(body) > 300:
            queries[number] = " ".join(chance.sample(words, 4))
        if len(queries) == _ITEMS:
            break
    texts = tuple(Text(number, title, body) for number, title, body in rows)
    return Collection(
        "reuters, four words", texts, queries, {number: {number: 1} for number in queries}
    )


def trec(documents: Path, topics: Path, judgements: Path) -> Collection:
    """Return a collection in TREC form: a file or folder of DOC elements, gzipped or not, topics
    and qrels."""
    queries = {}
    for topic in re.findall(r"<top>(.*?)</top>", _text_of(topics), re.DOTALL):
        number = re.search(r"<num>\s*(?:Number:)?\s*(\S+)", topic)
        title = re.search(r"<title>\s*(?:Topic:)?\s*(.*?)\s*(?=<|$)", topic, re.DOTALL)
        if number and title:
            queries[number.group(1).strip()] = " ".join(title.group(1).split())
    relevant: dict[str, dict[str, int]] = {}
    for line in _text_of(judgements).splitlines():
        if len(fields := line.split()) >= 4:
            relevant.setdefault(fields[0], {})[fields[2]] = int(fields[3])
    queries = {number: text for number, text in queries.items() if number in relevant}
    return Collection(documents.name, tuple(_documents(documents)), queries, relevant)


def _documents(path: Path) -> Iterator[Text]:
    for file in (
        sorted(one for one in path.rglob("*") if one.is_file()) if path.is_dir() else [path]
    ):
        for part in re.findall(r"<DOC>(.*?)</DOC>", _text_of(file), re.DOTALL | re.IGNORECASE):
            number = re.search(r"<DOCNO>\s*(.*?)\s*</DOCNO>", part, re.DOTALL | re.IGNORECASE)
            if number:
                headline = _elements(part, ("headline", "title", "hl", "h3"))
                yield Text(
                    number.group(1), headline, _elements(part, ("text", "leadpara", "lp", "body"))
                )


def _elements(part: str, names: Iterable[str]) -> str:
    """Return the text of the elements of these names, without markup."""
    found = (
        re.findall(rf"<{name}\b[^>]*>(.*?)</{name}>", part, re.DOTALL | re.IGNORECASE)
        for name in names
    )
    return "\n".join(_TAG.sub(" ", text).strip() for texts in found for text in texts)


def _text_of(path: Path) -> str:
    data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return data.decode("utf-8", "replace")
