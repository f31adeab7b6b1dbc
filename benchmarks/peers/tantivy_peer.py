"""Tantivy, with two fields of text: stems for words and forms for phrases, as in our engine.

A page does what ours does: it reads the stored article of each hit, makes two snippets with the
matches marked, counts the matches and their three distributions. It does less elsewhere: texts are
neither cleaned nor tagged, one stemmer serves all languages, no pairs of words are scored, no
spelling is corrected, and no checksum is verified.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import tantivy
from tantivy import FieldType, Occur

from benchmarks.corpus import Item
from benchmarks.queries import Query

_HEAP = 256_000_000
_FACETS = {
    "language": {"terms": {"field": "language", "size": 50}},
    "source": {"terms": {"field": "source", "size": 300}},
    "month": {"terms": {"field": "month", "size": 500}},
}


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("text", tokenizer_name="en_stem", index_option="position")
    builder.add_text_field("form", tokenizer_name="default", index_option="position")
    builder.add_date_field("date", fast=True, indexed=True)
    builder.add_text_field("language", tokenizer_name="raw", fast=True, index_option="basic")
    builder.add_text_field("source", tokenizer_name="raw", fast=True, index_option="basic")
    builder.add_unsigned_field("month", fast=True)
    builder.add_bytes_field("json", stored=True)
    return builder.build()


def _document(item: Item) -> tantivy.Document:
    document, text = tantivy.Document(), item.text
    document.add_text("id", item.id)
    document.add_text("text", text)
    document.add_text("form", text)
    document.add_date("date", item.date)
    document.add_unsigned("month", item.date.year * 100 + item.date.month)
    document.add_text("language", item.language)
    document.add_text("source", item.source)
    document.add_bytes("json", item.as_json().encode())
    return document


class Tantivy:
    name = "tantivy"

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def build(self, items: Iterable[Item], jobs: int) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)
        self._folder.mkdir(parents=True)
        writer = tantivy.Index(_schema(), path=str(self._folder)).writer(
            heap_size=_HEAP, num_threads=jobs
        )
        for item in items:
            writer.add_document(_document(item))
        writer.commit()
        writer.wait_merging_threads()

    def open(self) -> None:
        self._index = tantivy.Index.open(str(self._folder))
        self._index.config_reader(reload_policy="manual")
        self._reload()
        self._writer: Any = None

    def _reload(self) -> None:
        self._index.reload()
        self._searcher = self._index.searcher()

    def _query(self, query: Query) -> tantivy.Query:
        schema, kinds = self._index.schema, tantivy.Query
        if query.kind == "phrase":
            return kinds.phrase_query(schema, "form", list(query.words))
        if query.kind == "prefix":
            return kinds.fuzzy_term_query(schema, "form", query.words[0], distance=0, prefix=True)
        words = self._index.parse_query(
            " ".join(query.words), ["text"], conjunction_by_default=query.kind == "and"
        )
        if query.source:
            condition = kinds.term_query(schema, "source", query.source)
        elif query.start:
            condition = kinds.range_query(
                schema, "date", FieldType.Date, query.start, query.end, include_upper=False
            )
        else:
            return words
        return kinds.boolean_query(
            [(Occur.Must, words), (Occur.Must, kinds.const_score_query(condition, 0.0))]
        )

    def top(self, query: Query) -> list[Any]:
        return list(self._searcher.search(self._query(query), 10, count=False).hits)

    def page(self, query: Query, size: int = 10) -> Any:
        asked = self._query(query)
        found = self._searcher.search(asked, size, count=True)
        generator = tantivy.SnippetGenerator.create(
            self._searcher, asked, self._index.schema, "text"
        )
        generator.set_max_num_chars(200)
        shown = []
        for _, address in found.hits:
            article = json.loads(bytes(self._searcher.doc(address)["json"][0]))
            shown.append((article, _snippets(generator, article["body"])))
        return shown, found.count, self._searcher.aggregate(asked, _FACETS)

    def commit(self, items: list[Item], query: Query) -> None:
        if self._writer is None:
            self._writer = self._index.writer(heap_size=_HEAP, num_threads=1)
        for item in items:
            self._writer.delete_documents_by_term("id", item.id)
            self._writer.add_document(_document(item))
        self._writer.commit()
        self._reload()
        self.top(query)


def _snippets(generator: tantivy.SnippetGenerator, text: str) -> list[str]:
    """Return the best fragment, and the best one behind it: a generator yields one at a time."""
    found = []
    for _ in range(2):
        document = tantivy.Document()
        document.add_text("text", text)
        snippet = generator.snippet_from_doc(document)
        if not snippet.highlighted():
            break
        found.append(snippet.to_html())
        text = text.encode()[snippet.fragment_range().end :].decode("utf-8", "ignore")
    return found
