"""What a query that is being typed may become: earlier queries, phrases of headlines, and words."""

from __future__ import annotations

import re
import threading
from collections import Counter

from searcher.engine.protocol import Vocabulary
from searcher.engine.weights import is_common
from searcher.text.folding import fold

MOST = 8
_LEAST_LETTERS = 2
_REMEMBERED = 10_000
_LONGEST = 80
_MOST_WORDS = 8
_OPERATOR = re.compile(r"""["“”„«»()*~:+=\0]|(?:^|\s)-""")


class QueryLog:
    """The queries that found something since this process began, by how often they were asked. Safe
    in threads."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._last = ""
        self._lock = threading.Lock()

    def note(self, query: str) -> None:
        text = " ".join(fold(query).split())
        if len(text) <= _LONGEST and all(part.isalnum() for part in text.split()):
            with self._lock:
                # Who loads a page again does not ask again.
                self._counts[text] += text != self._last
                self._last = text
                if len(self._counts) > _REMEMBERED:
                    self._counts = Counter(dict(self._counts.most_common(_REMEMBERED // 2)))

    def beginning(self, prefix: str, count: int) -> list[str]:
        """The most frequent that begin with `prefix`; one that was asked once is nobody else's
        business."""
        with self._lock:
            found = [
                (-times, text)
                for text, times in self._counts.items()
                if times > 1 and text.startswith(prefix)
            ]
        return [text for _, text in sorted(found)[:count]]


def suggest(text: str, vocabulary: Vocabulary, count: int, log: QueryLog) -> tuple[str, ...]:
    """What `text` may become, the likeliest first; accents do not count. count: how many articles
    there are."""
    words = fold(text).split()
    if not 0 < len(words) <= _MOST_WORDS or _OPERATOR.search(text):
        return ()
    last = "" if text[-1].isspace() else words.pop()
    if not last and not words:
        return ()
    head = " ".join(words[:-1])
    found = dict.fromkeys(log.beginning(" ".join([*words, last]), MOST // 2))
    # A phrase that begins or ends with a common word says nothing yet.
    if words and not is_common(vocabulary.holding(words[-1]), count):
        for phrase, _ in vocabulary.phrases(f"{words[-1]} {last}", 2 * MOST):
            if not is_common(vocabulary.holding(phrase.rpartition(" ")[2]), count):
                found[f"{head} {phrase}".strip()] = None
    if len(last) >= _LEAST_LETTERS:
        before = " ".join(words)
        phrases = [] if words else [phrase for phrase, _ in vocabulary.phrases(last, MOST)]
        completed = [
            f"{before} {form}".strip()
            for form, _ in vocabulary.completions(last, MOST)
            if form.isalnum()
        ]
        for number in range(MOST):
            for kind in (completed, phrases):
                found.update(dict.fromkeys(kind[number : number + 1]))
    found.pop(" ".join([*words, last]), None)
    return tuple(found)[:MOST]
