"""Completions of a query: earlier queries, phrases of headlines, and words of the index."""

from __future__ import annotations

import re
import threading
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Protocol

from searcher.engine.protocol import Engine, Vocabulary
from searcher.engine.weights import is_common
from searcher.text.folding import fold

MOST = 8
"""Maximum number of suggestions."""
_LEAST_LETTERS = 2
"""Minimum number of letters of a word that is completed. One letter fits too many words."""
_REMEMBERED = 10_000
"""Maximum number of different queries that are remembered. When there are more, the less frequent
half is forgotten."""
_LONGEST = 80
"""Maximum number of characters of a query that is remembered."""
_LONGEST_TYPED = 100
"""Maximum number of characters of a text that is completed; what follows is ignored."""
_MOST_WORDS = 8
"""Maximum number of words of a text that is completed."""
_OPERATOR = re.compile(r"""["“”„«»()*~:+=\0]|(?:^|\s)-""")
"""Signs of the query language, which completions do not understand."""


class Exchange(Protocol):
    """Passes queries between the processes of a server. Safe in threads."""

    def send(self, text: str) -> None:
        """Show a query to the other processes."""

    def received(self) -> Iterable[str]:
        """Return the queries that the other processes have sent since the last call."""


class Alone:
    """The exchange of a process without others."""

    def send(self, text: str) -> None:
        pass

    def received(self) -> Iterable[str]:
        return ()


class QueryLog:
    """The queries that found something, with the number of times each was asked.

    They are kept in the memory of the server's processes and nowhere else. A query with filters or
    operators is not kept. Safe in threads.
    """

    def __init__(self, exchange: Exchange | None = None) -> None:
        """exchange: passes on the queries that are asked, and those of other processes."""
        self._exchange = exchange or Alone()
        self._counts: Counter[str] = Counter()
        self._last = ""
        self._lock = threading.Lock()

    def note(self, query: str) -> None:
        """Count a query, unless it is long, has operators, or repeats the one before it."""
        text = " ".join(fold(query).split())
        if len(text) <= _LONGEST and all(part.isalnum() for part in text.split()):
            with self._lock:
                self._count_received()
                self._count(text)
                self._exchange.send(text)

    def _count_received(self) -> None:
        for text in self._exchange.received():
            self._count(text)

    def _count(self, text: str) -> None:
        # Loading a page again is not asking again.
        self._counts[text] += text != self._last
        self._last = text
        if len(self._counts) > _REMEMBERED:
            self._counts = Counter(dict(self._counts.most_common(_REMEMBERED // 2)))

    def beginning(self, prefix: str, count: int) -> list[str]:
        """Return at most `count` queries that begin with `prefix`, the most frequent first.

        A query that was asked once is not returned: it may be private.
        """
        with self._lock:
            self._count_received()
            found = [
                (-times, text)
                for text, times in self._counts.items()
                if times > 1 and text.startswith(prefix)
            ]
        return [text for _, text in sorted(found)[:count]]


class Suggester:
    """Completes queries. Safe in threads."""

    def __init__(self, engine: Engine, log: QueryLog) -> None:
        self._engine = engine
        self._log = log

    def complete(self, text: str) -> tuple[str, ...]:
        """Return at most MOST completions of the beginning of a query, the likeliest first.

        Accents do not count. Raises IndexMissing, IndexDamaged and IndexOutdated.
        """
        with self._engine.snapshot() as snapshot:
            return suggest(text[:_LONGEST_TYPED], snapshot.vocabulary, snapshot.count, self._log)


def suggest(text: str, vocabulary: Vocabulary, count: int, log: QueryLog) -> tuple[str, ...]:
    """Return at most MOST completions of `text`, the likeliest first. count: number of articles."""
    words = fold(text).split()
    if not 0 < len(words) <= _MOST_WORDS or _OPERATOR.search(text):
        return ()
    last = "" if text[-1].isspace() else words.pop()
    if not last and not words:
        return ()
    typed = " ".join([*words, last])
    found = dict.fromkeys(log.beginning(typed, MOST // 2))
    found.update(dict.fromkeys(_phrases_after(words, last, vocabulary, count)))
    if len(last) >= _LEAST_LETTERS:
        found.update(dict.fromkeys(_completed(words, last, vocabulary)))
    found.pop(typed, None)
    return tuple(found)[:MOST]


def _phrases_after(
    words: Sequence[str], last: str, vocabulary: Vocabulary, count: int
) -> list[str]:
    """Return the text with the last two words completed to a phrase of headlines."""
    # A phrase that begins or ends with a common word is not specific enough.
    if not words or is_common(vocabulary.holding(words[-1]), count):
        return []
    head = " ".join(words[:-1])
    return [
        f"{head} {phrase}".strip()
        for phrase, _ in vocabulary.phrases(f"{words[-1]} {last}", 2 * MOST)
        if not is_common(vocabulary.holding(phrase.rpartition(" ")[2]), count)
    ]


def _completed(words: Sequence[str], last: str, vocabulary: Vocabulary) -> list[str]:
    """Return the text with its last word completed, in turn with phrases if it has one word."""
    before = " ".join(words)
    phrases = [] if words else [phrase for phrase, _ in vocabulary.phrases(last, MOST)]
    completed = [
        f"{before} {form}".strip()
        for form, _ in vocabulary.completions(last, MOST)
        if form.isalnum()
    ]
    found = []
    for number in range(MOST):
        found += completed[number : number + 1] + phrases[number : number + 1]
    return found
