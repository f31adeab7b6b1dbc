"""Relevance of the first hits of each engine:

python -m benchmarks.relevance DATA
python -m benchmarks.relevance --documents D --topics T --qrels Q

DATA is a folder with time/ and reuters.jsonl.gz. TIME has queries with judgements. Reuters is asked
for known articles, by their headlines, which the index then lacks, and by four words of their first
paragraphs; and for its own topics. With documents, topics and judgements in TREC form, these are
used instead. The measures are those of ir-measures.
"""

from __future__ import annotations

import argparse
import re
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.collections import Collection, four_words, headlines, time_magazine, trec
from benchmarks.rankers import RANKERS, Ranking
from benchmarks.topics import topics

_MEASURES = "nDCG@10 AP P@10 R@100 RR"
_SYNTAX = re.compile(r"[^\w\s.,&'/-]")
"""Characters that mean something in the query language of one of the engines."""


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path, nargs="?", help="folder with time/ and reuters.jsonl.gz")
    for name, meaning in (
        ("documents", "file or folder of DOC elements, gzipped or not"),
        ("topics", "file of TREC topics, whose titles are the queries"),
        ("qrels", "file of TREC judgements"),
        ("runs", "folder to write the hits of each engine to, as TREC runs"),
    ):
        parser.add_argument(f"--{name}", type=Path, help=meaning)
    parser.add_argument(
        "--engines", default=",".join(RANKERS), help="engines to compare, separated by commas"
    )
    options = parser.parse_args()
    if options.documents and options.topics and options.qrels:
        collections = iter((trec(options.documents, options.topics, options.qrels),))
    elif options.data:
        collections = (
            read(options.data) for read in (time_magazine, headlines, four_words, topics)
        )
    else:
        parser.error("give a folder, or documents, topics and qrels")
    for collection in collections:
        _compare(collection, options.engines.split(","), options.runs)


def _compare(collection: Collection, engines: list[str], runs: Path | None) -> None:
    import ir_measures

    measures = [ir_measures.parse_measure(name) for name in _MEASURES.split()]
    print(
        f"\n{collection.name}: {len(collection.texts):,} texts, {len(collection.queries)} queries\n"
    )
    print(
        f"| engine | {' | '.join(map(str, measures))} | ms, median |\n| --- "
        f"|{' --- |' * (len(measures) + 1)}"
    )
    for name in engines:
        try:
            rankings, times = _asked(name, collection)
        except ImportError as error:
            print(f"| {name} | not installed: {error.name} |")
            continue
        # The measures sort by score and break ties in their own way, so ranks replace scores.
        found = {
            query: {text_id: float(-rank) for rank, (text_id, _) in enumerate(ranking)}
            for query, ranking in rankings.items()
        }
        values = ir_measures.calc_aggregate(measures, collection.relevant, found)
        shown = " | ".join(f"{values[measure]:.4f}" for measure in measures)
        print(f"| {name} | {shown} | {statistics.median(times) * 1000:.2f} |", flush=True)
        if runs:
            runs.mkdir(parents=True, exist_ok=True)
            path = runs / f"{re.sub('[^a-z0-9]+', '-', collection.name.lower())}.{name}.run"
            path.write_text("".join(_lines(rankings, name)), "utf-8")


def _asked(name: str, collection: Collection) -> tuple[dict[str, Ranking], list[float]]:
    """Return the hits of an engine for each query, and the seconds that each query takes the second
    time."""
    with tempfile.TemporaryDirectory() as folder:
        search = RANKERS[name](collection.texts, Path(folder) / "index")
        rankings, times = {}, []
        for number, text in collection.queries.items():
            query = _SYNTAX.sub(" ", text).lower()
            search(query)
            begin = time.perf_counter()
            found = search(query)
            times.append(time.perf_counter() - begin)
            rankings[number] = found
    return rankings, times


def _lines(rankings: dict[str, Ranking], name: str) -> Iterator[str]:
    for query, ranking in rankings.items():
        for rank, (text_id, score) in enumerate(ranking, 1):
            yield f"{query} Q0 {text_id} {rank} {score:.6f} {name}\n"


if __name__ == "__main__":
    main()
