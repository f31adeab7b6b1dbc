"""The answers of the API to 500 queries over the sample in raw/, compared with a golden file.

Covers the whole read path: web.api, search.service, query.parser and engine.whoosh_engine.
"""

from __future__ import annotations

import json
import random
import re

import pytest
from answers import GOLDEN, answer
from fakes import NOW, ROOT

from searcher.article import Article
from searcher.clock import FixedClock
from searcher.engine.whoosh_engine import WhooshEngine
from searcher.indexing.indexer import Indexer
from searcher.reading.raw_store import RawStore
from searcher.search.service import SearchService
from searcher.settings import Settings
from web import create_app

pytestmark = pytest.mark.usefixtures("loops")

COUNT = 500

SHAPES = (
    "{w}", "{w} {w}", "{w} {w} {w} {w} {w}", '"{two}"', '"{four}"', '"{w} {w}"~9', "+{w} {w} -{w}",
    "{w} OR {w} {w}", "{w} AND {w}", "({w} OR {w}) {w}", "match:all {w} {w}", "{begin}*", "{w}~", "{w}~2",
    "={w}", "title:{title}", "body:{w} {w}", "title:({title} OR {w})", "{w} after:2020", "{w} before:2024-06",
    "{w} on:2022", "{w} after:10y", "lang:{language} {w}", "lang:en,{language}", "source:{source}", "{wrong}",
    "{wrong} {w}", "author:{author}", "{w} NOT {w}", "{w} -lang:{language}", "url:example.org {w}", "{w} (", "kiev {w}",
)  # fmt: skip
"""Templates of queries. Words of an article replace the names in braces."""

PARAMETERS = (
    {}, {"sort": "newest"}, {"explain": "on"}, {"broaden": "on"}, {"page": "2", "n": "5"}, {"recency": "off"},
    {"verbatim": "on"}, {"sort": "oldest"}, {"match": "all"}, {"lang": "en"}, {"after": "2022"},
)  # fmt: skip


def searcher(folder) -> tuple[WhooshEngine, SearchService, Settings]:
    """Index the sample. Return the engine, a service at a fixed time, and its settings."""
    # On a busy machine the usual budget may pass, and answers be cut short.
    settings = Settings(index=folder, raw=ROOT / "raw", time_budget=60)
    engine = WhooshEngine(folder)
    store = RawStore(settings.raw, settings.max_file_bytes)
    Indexer(engine, store, folder, FixedClock(NOW)).update((settings.raw,))
    return engine, SearchService(engine, FixedClock(NOW), settings), settings


def queries(articles: list[Article]) -> list[dict[str, str]]:
    """Return the parameters of 500 searches with words of these articles."""
    chance = random.Random(15)
    chosen = [article for article in articles if article.headline and article.paragraphs]
    found = []
    for number in range(COUNT):
        article = chance.choice(sorted(chosen, key=lambda one: one.id))
        words = re.findall(r"\w{2,}", " ".join(article.paragraphs))
        at = chance.randrange(max(len(words) - 4, 1))
        word = max(chance.sample(words, min(3, len(words))), key=len)
        values = {
            "two": " ".join(words[at : at + 2]),
            "four": " ".join(words[at : at + 4]),
            "begin": word[:4],
            "wrong": word[:2] + word[3:],
            "title": chance.choice(re.findall(r"\w{2,}", article.headline) or ["grain"]),
            "language": article.language,
            "source": (article.source.split() or ["gazette"])[0],
            "author": f'"{article.authors[0]}"' if article.authors else "menon",
        }
        shape = SHAPES[number % len(SHAPES)]
        text = re.sub(r"{w}", lambda _, words=words: chance.choice(words), shape)
        parameters = PARAMETERS[chance.randrange(len(PARAMETERS))]
        found.append({"q": text.format(**values), "facets": "language,source,month", **parameters})
    return found


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    engine, service, settings = searcher(tmp_path_factory.mktemp("golden"))
    yield create_app(settings, service).test_client()
    engine.close()


def test_answers_are_those_of_the_golden_file(client):
    """`python tests/golden.py` writes the file again. Read its diff before you commit it."""
    golden = json.loads(GOLDEN.read_text("utf-8"))
    assert len(golden) == COUNT
    different = []
    for parameters, expected in golden:
        found = json.loads(json.dumps(answer(client, parameters)))
        if found != expected:
            different.append((parameters, expected, found))
    assert different == []


def test_the_queries_reach_every_part_of_an_answer():
    golden = json.loads(GOLDEN.read_text("utf-8"))
    for part in (
        "hits",
        "parts",
        "facets",
        "warnings",
        "also",
        "common",
        "added",
        "correction",
        "advice",
    ):
        assert sum(bool(found[part]) for _, found in golden) >= 10, part
