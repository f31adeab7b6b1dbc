"""Views of an index: they read the same as Whoosh's readers, and share files and accumulators.

Covers columnar: view, matcher, evaluator, collector and accumulator.
"""

from __future__ import annotations

import random

import numpy as np
import pytest
from documents import add, document
from whoosh import fields
from whoosh.filedb.filestore import RamStorage
from whoosh.index import open_dir

from searcher.columnar.columns import IntColumn
from searcher.columnar.fields import Key
from searcher.columnar.searching.accumulator import Accumulators
from searcher.columnar.searching.collector import search
from searcher.columnar.searching.conditions import Boolean, Clauses, Occurs
from searcher.columnar.searching.evaluator import Evaluator
from searcher.columnar.searching.ordering import Output
from searcher.columnar.searching.view import View
from searcher.columnar.writing.writer import ColumnarWriter


def test_scores_by_another_fields_lengths_are_not_pruned_by_its_own(ix):
    wanted = Output("rank", "key", end=5, totals=False)
    two = fields.Schema(
        key=Key(), rank=fields.COLUMN(IntColumn()), title=fields.TEXT(), body=fields.TEXT()
    )
    index = RamStorage().create_index(two)
    writer = ColumnarWriter(index)
    for number in range(6000):
        title = "war" if number % 2 else "peace " + "pad " * 60
        writer.add_document(
            key=f"{number:05}", title=title, body="pad " * (30 if number % 2 else 1 + number % 7)
        )
    writer.commit()
    reader = index.reader()
    view = View(reader, "body")
    leaves = tuple(Occurs("title", ((frozenset((term,)),),)) for term in (b"war", b"peace"))
    root = Boolean((), leaves, (), True)
    documents = np.arange(6000)
    scores = Evaluator(view, None).scores(root, documents)
    best = search(view, Clauses(root, root, root), wanted, None).ranked
    assert [score for _, score in best] == pytest.approx(sorted(scores, reverse=True)[:5])
    reader.close()


def test_a_view_reads_what_whoosh_reads(ix):
    add(ix, *map(str, range(50))).commit()
    reader = ix.reader()
    view = View(reader, "text")
    assert view.count == reader.doc_count_all()
    assert [view.stored(number) for number in range(50)] == [
        reader.stored_fields(number) for number in range(50)
    ]
    reader.close()


def test_readers_of_a_process_share_the_file_of_a_segment(ix):
    writer = ColumnarWriter(ix)
    writer.add_document(**document("a", random.Random(1)))
    writer.commit()
    first, second = open_dir(ix.storage.folder), open_dir(ix.storage.folder)
    with first.reader() as one, second.reader() as other:
        opened = [View(reader, "title").parts[0].opened for reader in (one, other)]
    assert opened[0] is opened[1]


def test_sums_are_zero_again_after_an_error():
    accumulators = Accumulators(4)

    def add():
        with accumulators.of(np.float64) as accumulator:
            accumulator.touch(np.array([1, 3]))
            accumulator.sums[[1, 3]] += 2.5
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        add()
    assert accumulators.of(np.float64).sums.tolist() == [0, 0, 0, 0]
