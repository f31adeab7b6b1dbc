"""The engines whose ranking is compared, each configured as its manual recommends: English stems,
and any of the words matches."""

from __future__ import annotations

import re
import sqlite3
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.collections import Text

Ranking = list[tuple[str, float]]
"""Ids of documents and their scores, the best first."""
Search = Callable[[str], Ranking]
"""Function that returns the hits for a query."""
DEPTH = 100
"""Number of hits for each query."""
_NOW = datetime(2025, 1, 1, tzinfo=UTC)
_WORD = re.compile(r"\w+")
_PARAGRAPH = re.compile(r"\n\s*\n|\n {2,}")


def ours(texts: Sequence[Text], folder: Path) -> Search:
    from searcher.article import Article, Origin
    from searcher.engine import searches
    from searcher.engine.whoosh_engine import WhooshEngine
    from searcher.query.parser import parse

    engine = WhooshEngine(folder)
    with engine.writer() as writer:
        for text in texts:
            paragraphs = tuple(
                " ".join(part.split()) for part in _PARAGRAPH.split(text.body) if part.strip()
            )
            writer.add(
                Article(
                    text.id,
                    text.headline,
                    paragraphs,
                    (),
                    "",
                    "",
                    "en",
                    1.0,
                    None,
                    None,
                    "",
                    Origin(""),
                    "",
                )
            )
    snapshot = engine.snapshot()

    def search(query: str) -> Ranking:
        found = snapshot.search(searches.Search(parse(query, _NOW), limit=DEPTH, totals=False))
        return [(article.id, score) for article, score in found.ranked]

    return search


def whoosh(texts: Sequence[Text], folder: Path) -> Search:
    from whoosh import analysis, fields, index
    from whoosh.qparser import MultifieldParser, OrGroup

    stems = analysis.StemmingAnalyzer()
    schema = fields.Schema(
        id=fields.ID(stored=True),
        title=fields.TEXT(analyzer=stems),
        body=fields.TEXT(analyzer=stems),
    )
    folder.mkdir(parents=True)
    opened = index.create_in(str(folder), schema)
    writer = opened.writer(limitmb=256)
    for text in texts:
        writer.add_document(id=text.id, title=text.headline, body=text.body)
    writer.commit()
    searcher = opened.searcher()
    parser = MultifieldParser(["title", "body"], schema, group=OrGroup)

    def search(query: str) -> Ranking:
        return [(hit["id"], hit.score) for hit in searcher.search(parser.parse(query), limit=DEPTH)]

    return search


def fts5(texts: Sequence[Text], folder: Path) -> Search:
    folder.mkdir(parents=True)
    base = sqlite3.connect(folder / "base.sqlite")
    base.execute(
        "CREATE VIRTUAL TABLE text USING fts5 (id UNINDEXED, title, body, tokenize='porter "
        "unicode61')"
    )
    with base:
        base.executemany(
            "INSERT INTO text VALUES (?, ?, ?)", ((one.id, one.headline, one.body) for one in texts)
        )

    def search(query: str) -> Ranking:
        match = " OR ".join(f'"{word}"' for word in _WORD.findall(query))
        asked = "SELECT id, -rank FROM text WHERE text MATCH ? ORDER BY rank LIMIT ?"
        return base.execute(asked, (match, DEPTH)).fetchall() if match else []

    return search


def tantivy(texts: Sequence[Text], folder: Path) -> Search:
    import tantivy as engine

    builder = engine.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw")
    for name in ("title", "body"):
        builder.add_text_field(name, tokenizer_name="en_stem", index_option="position")
    folder.mkdir(parents=True)
    index = engine.Index(builder.build(), path=str(folder))
    writer = index.writer(heap_size=256_000_000, num_threads=1)
    for text in texts:
        writer.add_document(engine.Document(id=text.id, title=text.headline, body=text.body))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher = index.searcher()

    def search(query: str) -> Ranking:
        words = " ".join(_WORD.findall(query))
        if not words:
            return []
        found = searcher.search(index.parse_query(words, ["title", "body"]), DEPTH).hits
        return [(searcher.doc(address)["id"][0], score) for score, address in found]

    return search


def bm25s(texts: Sequence[Text], folder: Path) -> Search:
    import bm25s as engine
    import Stemmer

    stemmer = Stemmer.Stemmer("english")
    retriever = engine.BM25()
    tokens = engine.tokenize(
        [f"{one.headline}\n{one.body}" for one in texts], stemmer=stemmer, show_progress=False
    )
    retriever.index(tokens, show_progress=False)
    ids = [one.id for one in texts]

    def search(query: str) -> Ranking:
        words = engine.tokenize([query], stemmer=stemmer, show_progress=False)
        found, scores = retriever.retrieve(
            words, corpus=ids, k=min(DEPTH, len(ids)), show_progress=False
        )
        return [
            (str(name), float(score))
            for name, score in zip(found[0], scores[0], strict=True)
            if score > 0
        ]

    return search


def xapian(texts: Sequence[Text], folder: Path) -> Search:
    try:
        import xapian as engine
    except ImportError:
        # Debian installs it for the system's Python, whose packages a virtual environment lacks.
        sys.path.append("/usr/lib/python3/dist-packages")
        import xapian as engine

    base = engine.WritableDatabase(str(folder), engine.DB_CREATE_OR_OPEN | engine.DB_NO_SYNC)
    terms, stem = engine.TermGenerator(), engine.Stem("en")
    terms.set_stemmer(stem)
    for text in texts:
        document = engine.Document()
        terms.set_document(document)
        terms.index_text(text.headline)
        terms.increase_termpos(1)
        terms.index_text(text.body)
        document.set_data(text.id)
        base.add_document(document)
    base.commit()
    parser = engine.QueryParser()
    parser.set_database(base)
    parser.set_stemmer(stem)
    parser.set_stemming_strategy(parser.STEM_SOME)

    def search(query: str) -> Ranking:
        enquire = engine.Enquire(base)
        enquire.set_query(parser.parse_query(" ".join(_WORD.findall(query)), 0))
        return [
            (match.document.get_data().decode(), match.weight)
            for match in enquire.get_mset(0, DEPTH)
        ]

    return search


RANKERS: dict[str, Callable[[Sequence[Text], Path], Search]] = {
    "ours": ours, "whoosh": whoosh, "tantivy": tantivy, "fts5": fts5, "xapian": xapian,
    "bm25s": bm25s,
}  # fmt: skip
