"""Random documents and articles for tests of the index, and queries that match some of them."""

from __future__ import annotations

import random
from datetime import datetime

from fakes import make_article
from whoosh import fields, query

from searcher.columnar.columns import CodeColumn, IntColumn
from searcher.columnar.files.segment_file import SegmentFile
from searcher.columnar.writing import merge
from searcher.columnar.writing.writer import ColumnarWriter

WORDS = ["alfa", "bravo", "charlie", "delta", "echo", "foxtrot", "golf"]


def schema():
    """Return a schema with a field of each kind."""
    return fields.Schema(
        key=fields.ID(unique=True, stored=True),
        text=fields.TEXT(stored=True, vector=True, phrase=True),
        tags=fields.KEYWORD(commas=True, stored=True),
        number=fields.NUMERIC(stored=True, sortable=True),
        when=fields.DATETIME(stored=True),
        flag=fields.BOOLEAN(stored=True),
        grams=fields.NGRAMWORDS(minsize=2, maxsize=3),
        rank=fields.COLUMN(IntColumn()),
        code=fields.COLUMN(CodeColumn()),
        note=fields.STORED,
    )


def document(key, chance):
    """Return random values for the fields of `schema`."""
    return {
        "key": key,
        "text": " ".join(chance.choices(WORDS, k=chance.randrange(12))),
        "tags": ",".join(chance.sample(WORDS, 2)),
        "number": chance.randrange(-50, 50),
        "when": datetime(2020, 1, 1 + chance.randrange(28)),
        "flag": chance.random() < 0.5,
        "grams": chance.choice(WORDS),
        "rank": chance.randrange(1000),
        "code": chance.choice(["", "x", "yy"]),
        "note": {"any": [chance.randrange(9)]},
    }


# AndNot and Require are missing: the results of stock Whoosh depend on the order of the documents.
QUERIES = [
    query.Every(),
    query.Every("tags"),
    query.Term("text", "alfa"),
    query.And([query.Term("text", "alfa"), query.Term("text", "bravo")]),
    query.Or([query.Term("text", "alfa"), query.Term("tags", "echo")]),
    query.AndMaybe(query.Term("text", "alfa"), query.Term("text", "bravo")),
    query.Not(query.Term("text", "alfa")),
    query.DisjunctionMax([query.Term("text", "alfa"), query.Term("text", "golf")]),
    query.Phrase("text", ["alfa", "bravo"]),
    query.Phrase("text", ["alfa", "bravo"], slop=3),
    query.Prefix("text", "c"),
    query.Wildcard("text", "*o*"),
    query.FuzzyTerm("text", "alfo"),
    query.Variations("text", "echo"),
    query.TermRange("tags", "b", "d"),
    query.NumericRange("number", -10, 20),
    query.DateRange("when", datetime(2020, 1, 5), datetime(2020, 1, 15)),
    query.Term("flag", True),
    query.Term("grams", "et"),
]


def answers(reader_of):
    """Return the keys that each query matches, and all stored values, vectors, columns and terms.

    Document numbers are left out, because merges change them.
    """
    with reader_of.searcher() as searcher:
        found = []
        for asked in QUERIES:
            results = searcher.search(asked, limit=None)
            found.append(sorted(hit["key"] for hit in results))
        reader = searcher.reader()
        held = {}
        if not reader.doc_count():
            return found, held, 0, {}
        ranks, codes = (
            reader.column_reader("rank", translate=False),
            reader.column_reader("code", translate=False),
        )
        for number in reader.all_doc_ids():
            stored = reader.stored_fields(number)
            terms = (
                list(reader.vector(number, "text").items_as("frequency")) if stored["text"] else []
            )
            held[stored["key"]] = (stored, terms, ranks[number], codes[number])
        lexicon = {name: sorted(reader.lexicon(name)) for name in ("text", "tags", "grams")}
        return found, held, reader.doc_count(), lexicon


def articles(count, seed=1):
    """Yield articles of 60 words, five of them frequent and 400 rare."""
    chance = random.Random(seed)
    words = [
        "grain",
        "ships",
        "wait",
        "odessa",
        "port",
        *(f"word{number}" for number in range(400)),
    ]
    for number in range(count):
        text = " ".join(chance.choices(words, [50, 40, 30, 20, 10] + [1] * 400, k=60))
        yield make_article(
            str(number),
            text[:30],
            text,
            published="2022-01-01",
            source=chance.choice(["AFP", "BBC"]),
        )


def many_words(count):
    """Yield articles in which half of the words are rare."""
    chance = random.Random(7)
    for number in range(count):
        common = chance.choices(range(50), k=50)
        rare = [f"{chance.choice('bcdfgh')}{chance.randrange(100_000):x}" for _ in range(50)]
        yield make_article(
            str(number), "Grain", " ".join([*(f"w{word}" for word in common), *rare])
        )


def one_word(count):
    """Yield articles that repeat one word 3,000 times."""
    return (make_article(str(number), "Grain", "the " * 3000) for number in range(count))


def arrays(folder):
    """Return the arrays of each segment in a folder.

    Stored fields are left out, because their bytes depend on the compressor.
    """
    return sorted(
        [
            (name, file.array(name).whole().tobytes())
            for name in file.names()
            if not name.startswith("stored.")
        ]
        for path in folder.glob("*.col")
        for file in [SegmentFile(path.read_bytes(), path.name)]
    )


FEW_AT_ONCE = 5 * merge._ENTRY_BYTES
"""Bytes of memory so few that lists of more than five entries are merged in pieces."""


def add(ix, *keys, **options):
    """Return a writer that has added a document for each key. options: of the writer."""
    writer = ColumnarWriter(ix, **options)
    for key in keys:
        writer.update_document(key=key, text=f"alfa {key}")
    return writer


def keys(ix):
    """Return the keys of all documents, sorted."""
    with ix.searcher() as searcher:
        return sorted(hit["key"] for hit in searcher.documents())
