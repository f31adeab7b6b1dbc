"""bm25s: scores computed at indexing time, in memory. It has no positions and stores no
articles."""

from __future__ import annotations

import pickle
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import bm25s
import numpy as np
import Stemmer

from benchmarks.corpus import Item
from benchmarks.queries import Query


class Bm25s:
    name = "bm25s"

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._stemmer = Stemmer.Stemmer("english")

    def build(self, items: Iterable[Item], jobs: int) -> None:
        if jobs > 1:
            raise NotImplementedError
        shutil.rmtree(self._folder, ignore_errors=True)
        dates, texts = [], []
        for item in items:
            dates.append(item.date.timestamp())
            texts.append(item.text)
        tokens = bm25s.tokenize(
            texts,
            stopwords=None,
            stemmer=self._stemmer,
            token_pattern=r"(?u)\b\w+\b",
            show_progress=False,
        )
        retriever = bm25s.BM25(method="lucene")
        retriever.index(tokens, show_progress=False)
        retriever.save(str(self._folder))
        (self._folder / "dates.pickle").write_bytes(pickle.dumps(np.array(dates)))

    def open(self) -> None:
        self._retriever = bm25s.BM25.load(str(self._folder))
        self._dates = pickle.loads((self._folder / "dates.pickle").read_bytes())

    def top(self, query: Query) -> list[Any]:
        if query.kind not in ("or", "dated"):
            raise NotImplementedError
        stems = [
            word
            for word in self._stemmer.stemWords(list(query.words))
            if word in self._retriever.vocab_dict
        ]
        if not stems:
            return []
        mask = None
        if query.start and query.end:
            inside = (self._dates >= query.start.timestamp()) & (
                self._dates < query.end.timestamp()
            )
            mask = inside.astype(np.float32)
        scores = self._retriever.get_scores(stems, weight_mask=mask)
        best = np.argpartition(scores, -10)[-10:]
        return [int(at) for at in best[np.argsort(-scores[best])] if scores[at] > 0]

    def page(self, query: Query, size: int = 10) -> Any:
        raise NotImplementedError

    def commit(self, items: list[Item], query: Query) -> None:
        raise NotImplementedError
