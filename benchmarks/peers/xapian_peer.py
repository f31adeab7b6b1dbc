"""Xapian, with stems and forms with positions in one field. Debian's package python3-xapian
installs it."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

try:
    import xapian
except ImportError:
    # Debian installs it for the system's Python, whose packages a virtual environment lacks.
    sys.path.append("/usr/lib/python3/dist-packages")
    import xapian

from benchmarks.corpus import Item
from benchmarks.queries import Query

_DATE, _SOURCE, _LANGUAGE, _MONTH = range(4)


class Xapian:
    name = "xapian"

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def build(self, items: Iterable[Item], jobs: int) -> None:
        if jobs > 1:
            raise NotImplementedError
        shutil.rmtree(self._folder, ignore_errors=True)
        self._folder.mkdir(parents=True)
        loose = str(self._folder / "loose")
        base = xapian.WritableDatabase(loose, xapian.DB_CREATE_OR_OPEN | xapian.DB_NO_SYNC)
        terms = xapian.TermGenerator()
        terms.set_stemmer(xapian.Stem("en"))
        terms.set_stemming_strategy(terms.STEM_SOME)
        for item in items:
            base.add_document(self._document(item, terms))
        base.commit()
        base.close()
        xapian.Database(loose).compact(str(self._folder / "compact"))
        shutil.rmtree(loose)

    def _document(self, item: Item, terms: Any) -> Any:
        document = xapian.Document()
        terms.set_document(document)
        terms.index_text(item.title)
        terms.increase_termpos(1)
        terms.index_text(item.body)
        document.set_data(item.as_json())
        document.add_boolean_term("Q" + item.id)
        document.add_value(_DATE, xapian.sortable_serialise(item.date.timestamp()))
        document.add_value(_SOURCE, item.source)
        document.add_value(_LANGUAGE, item.language)
        document.add_value(_MONTH, f"{item.date:%Y-%m}")
        return document

    def open(self) -> None:
        self._base = xapian.Database(str(self._folder / "compact"))
        self._parser = xapian.QueryParser()
        self._parser.set_database(self._base)
        self._parser.set_stemmer(xapian.Stem("en"))
        self._parser.set_stemming_strategy(self._parser.STEM_SOME)
        self._parser.set_max_expansion(200, xapian.Query.WILDCARD_LIMIT_MOST_FREQUENT)

    def _enquire(self, query: Query) -> Any:
        parser, words = self._parser, " ".join(query.words)
        parser.set_default_op(xapian.Query.OP_AND if query.kind == "and" else xapian.Query.OP_OR)
        text = {"phrase": f'"{words}"', "prefix": f"{words}*"}.get(query.kind, words)
        asked = parser.parse_query(
            text, parser.FLAG_PHRASE | parser.FLAG_WILDCARD | parser.FLAG_BOOLEAN
        )
        if query.start and query.end:
            bounds = [
                xapian.sortable_serialise(moment.timestamp()) for moment in (query.start, query.end)
            ]
            dates = xapian.Query(xapian.Query.OP_VALUE_RANGE, _DATE, *bounds)
            asked = xapian.Query(xapian.Query.OP_FILTER, asked, dates)
        enquire = xapian.Enquire(self._base)
        enquire.set_query(asked)
        return enquire

    def top(self, query: Query) -> list[Any]:
        return [match.docid for match in self._enquire(query).get_mset(0, 10)]

    def page(self, query: Query, size: int = 10) -> Any:
        enquire = self._enquire(query)
        spies = [xapian.ValueCountMatchSpy(slot) for slot in (_LANGUAGE, _SOURCE, _MONTH)]
        for spy in spies:
            enquire.add_matchspy(spy)
        found = enquire.get_mset(0, size, self._base.get_doccount())
        shown = []
        for match in found:
            article = json.loads(match.document.get_data())
            shown.append((article, found.snippet(article["body"].encode(), 400)))
        counts = [{item.term: item.termfreq for item in spy.values()} for spy in spies]
        return shown, found.get_matches_estimated(), counts

    def commit(self, items: list[Item], query: Query) -> None:
        raise NotImplementedError("the compacted database is for reading")
