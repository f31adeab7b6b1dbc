"""Comparing two texts: sentences that correspond, found or not, and the time of long articles.

python -m benchmarks.comparing DATA [--half 0]

DATA is a folder with reuters.jsonl.gz. Each of its articles is edited: sentences are dropped,
sentences of the next article are added, some move, and a share of the words of each is replaced by
words of another article. As the edits are known, so are the sentences that correspond. Thresholds
were chosen on half 0; half 1 is the check.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import re
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.articles import made
from searcher.stories import sentences
from searcher.stories.comparison import compare
from searcher.stories.words import compared_text

_SHARES = (0.1, 0.3, 0.5, 0.7)
"""Shares of the words that are replaced."""
_ARTICLES = 300
"""Number of articles that are edited for each share."""
_SWEEP = {
    "_LEAST_ALIKE": (0.15, 0.25, 0.35),
    "_LEAST_MOVED": (0.2, 0.3, 0.4),
    "_LEAST_WITHIN": (0.4, 0.6, 0.8),
    "_MOST_SENTENCES": (5, 20, 80),
    "_MOST_CANDIDATES": (2, 6, 20),
    "_STEM": (4, 5, 7),
}
"""Constants of `stories.sentences`, and the values that they are tried with."""
_LONG = 10_000
"""Number of words of the articles that are timed."""


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path, help="folder with reuters.jsonl.gz")
    parser.add_argument("--half", type=int, choices=(0, 1), default=0)
    given = parser.parse_args()
    texts = list(_texts(given.data / "reuters.jsonl.gz"))[given.half :: 2]
    for share in _SHARES:
        print(f"{share:.0%} of the words replaced: {_scores(texts, share)}")
    for name, values in _SWEEP.items():
        kept = getattr(sentences, name)
        for value in values:
            setattr(sentences, name, value)
            print(f"{name} {value}: {_scores(texts, 0.5)}")
        setattr(sentences, name, kept)
    _time(texts)


def _texts(path: Path) -> Iterator[list[str]]:
    """Yield the sentences of articles that have at least six, each a text of its own."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            body = " ".join(json.loads(line)["body"].split())
            found = [one for one in re.split(r"(?<=[a-z]\.) (?=[A-Z])", body) if len(one) > 40]
            if len(found) >= 6 and len(set(found)) == len(found):
                yield found


def _edited(
    text: list[str], other: list[str], share: float, chosen: random.Random
) -> list[tuple[int, str]]:
    """Return an edited text: for each sentence the number of its original, or -1, and its text."""
    words = " ".join(other).split()
    edited = [
        (
            number,
            " ".join(
                chosen.choice(words) if chosen.random() < share else word
                for word in sentence.split()
            ),
        )
        for number, sentence in enumerate(text)
        if chosen.random() > 0.2
    ]
    for sentence in other[: len(text) // 3]:
        edited.insert(chosen.randint(0, len(edited)), (-1, sentence))
    for _ in range(len(edited) // 6):
        edited.insert(chosen.randrange(len(edited)), edited.pop(chosen.randrange(len(edited))))
    return edited


def _scores(texts: list[list[str]], share: float) -> str:
    """Return precision and recall of the pairs of sentences that are found."""
    chosen = random.Random(1)
    right = found = wanted = 0
    for number in range(min(_ARTICLES, len(texts) - 1)):
        text = texts[number]
        edited = _edited(text, texts[number + 1], share, chosen)
        sides = (
            compared_text(made("", "", text)),
            compared_text(made("", "", [one for _, one in edited])),
        )
        forms = ([word.form for word in sides[0].words], [word.form for word in sides[1].words])
        result = sentences.corresponding(sides, forms)
        pairs = {
            tuple(
                sides[side].words[sides[side].sentences[at][0]].paragraph - 1
                for side, at in enumerate(pair)
            )
            for pair in (*result.in_order, *result.moved)
        }
        truth = {(one, at) for at, (one, _) in enumerate(edited) if one >= 0}
        right += len(pairs & truth)
        found += len(pairs)
        wanted += len(truth)
    return f"precision {right / max(found, 1):.3f}, recall {right / max(wanted, 1):.3f}"


def _time(texts: list[list[str]]) -> None:
    """Print the processor's time for articles of _LONG words."""
    joined = [one for text in texts for one in text]
    long: list[str] = []
    while sum(len(one.split()) for one in long) < _LONG:
        long.append(joined.pop())
    for share in (0.0, *_SHARES):
        edited = [one for _, one in _edited(long, joined[: len(long)], share, random.Random(2))]
        spent = []
        for _ in range(5):
            start = time.process_time()
            found = compare(made("", "", long), made("", "", edited))
            spent.append(time.process_time() - start)
        print(
            f"{_LONG:,} words, {share:.0%} replaced: {min(spent) * 1e3:.0f} ms, "
            f"{found.summary.shared}% shared"
        )


if __name__ == "__main__":
    main()
