"""The corpus and the queries of the benchmarks are the same for everybody."""

from __future__ import annotations

import gzip
import json

import pytest

from benchmarks import corpus_file, real, real_queries
from benchmarks.peers.ours import Ours

TEXT = "The harbour of Lowen was closed on Monday after {} barrels of oil had been found there. "


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """A data folder: Reuters notes alone have subjects that are large enough."""
    folder = tmp_path_factory.mktemp("data")
    rows = [
        {
            "id": str(number),
            "title": f"Harbour {number} closed",
            "body": "\n\n".join(TEXT.format(number * 40 + at) * 3 for at in range(40)),
            "topics": ["ship" if number % 2 else "oil"],
        }
        for number in range(4)
    ]
    with gzip.open(folder / "reuters.jsonl.gz", "wt") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows)
    (folder / "time").mkdir()
    (folder / "time/TIME.ALL").write_text("*TEXT 1\n\nOne article.\n*STOP\n")
    (folder / "fundus/uk").mkdir(parents=True)
    (folder / "fundus/uk/Paper_2024_05_01.html.gz").write_bytes(gzip.compress(b"<html lang=en>"))
    return folder


def test_a_number_and_a_folder_give_one_article(data):
    first, again = (real.Maker(data).article(7) for _ in range(2))
    assert first == again
    assert first != real.Maker(data).article(8)


def test_articles_have_the_length_of_news(data):
    sizes = [len(item.body.split()) for item in real.articles(data, 200)]
    assert 0.9 * real.WORDS < sum(sizes) / len(sizes) < 1.1 * real.WORDS


def test_the_file_has_the_articles_in_their_order_and_is_made_once(data, tmp_path):
    path = corpus_file.made(data, tmp_path, 1500)
    assert list(corpus_file.items(path)) == list(real.articles(data, 1500))
    path.write_bytes(b"")
    assert corpus_file.made(data, tmp_path, 1500).read_bytes() == b""


def test_queries_depend_on_the_seed_alone(data):
    article = real.Maker(data).article
    first, again, other = (real_queries.draw(article, 100, 60, seed) for seed in (1, 1, 2))
    assert first == again
    assert first != other
    assert {query.kind for query in first} >= {"or", "phrase", "dated", "source"}
    assert max(len(query.words) for query in first) > 6


def test_warming_queries_have_the_words_and_not_the_queries(data):
    queries = real_queries.draw(real.Maker(data).article, 100, 60, 1)
    warming = real_queries.regrouped(queries, 1)
    words = {word for query in queries if query.kind != "prefix" for word in query.words}
    assert {word for query in warming for word in query.words} == words
    assert not {query.words for query in warming} & {q.words for q in queries if len(q.words) > 1}


def test_the_page_over_tantivy_reads_each_kind_of_query_as_it_is_typed(data):
    app = pytest.importorskip("benchmarks.tantivy_app")
    for query in real_queries.draw(real.Maker(data).article, 100, 60, 1):
        found = app.read(Ours.text(query))
        assert set(found.words) == set(query.words)
        assert (found.start, found.end, found.source) == (query.start, query.end, query.source)
