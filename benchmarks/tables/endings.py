"""Write the tables of endings in `searcher/text/lemmas`:
`python -m benchmarks.tables.endings [CODE ...]`.

They are learned from the lists of forms and lemmas of simplemma 2.0, which is to be installed; its
folder `licenses` names the sources of its lists. A table maps endings of folded words to the ending
of the lemma; of the endings of a word the longest one counts (ripple-down rules, as in LemmaGen:
Juršič, Mozetič, Erjavec and Lavrač, 2010).
"""

from __future__ import annotations

import argparse
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from zlib import crc32

from searcher.text.endings import BEGIN, LISTED, LONGEST, Change
from searcher.text.folding import fold

_OUT = Path(__file__).parents[2] / "searcher/text/lemmas"
_LISTS = {"no": "nb", "sr": "hbs"}
"""The names of simplemma's lists that are not the code of the language."""
_GAIN = 10
"""Minimum number of forms of which a rule makes more right than the rule before it. With 20 tables
are half as large, and .01 of all forms more miss their lemma."""
_MOST = 150_000
"""Number of forms that a table is learned from, about. Larger takes longer."""


def _forms(language: str) -> Iterator[tuple[str, str]]:
    """Yield folded words, each with its lemma. Names are among them."""
    from simplemma.strategies.dictionaries.dictionary_factory import _load_dictionary_from_disk

    known = _load_dictionary_from_disk(_LISTS.get(language, language))
    share = max(1, len(known) // _MOST)
    lemmas = defaultdict(set)
    for form, lemma in known.items():
        # All forms of a lemma are taken, or none.
        if crc32(lemma) % share == 0:
            word, meant = form.decode(), lemma.decode()
            if word.isalpha() and meant.isalpha():
                lemmas[fold(meant)] |= {fold(word), fold(meant)}
    for meant in sorted(lemmas):
        yield from ((word, meant) for word in sorted(lemmas[meant]))


def _change(word: str, lemma: str) -> Change:
    same = 0
    while same < min(len(word), len(lemma)) and word[same] == lemma[same]:
        same += 1
    return len(word) - same, lemma[same:]


def learn(forms: Iterable[tuple[str, str]]) -> dict[str, Change]:
    """Return the change by ending."""
    counts: dict[str, Counter[Change]] = defaultdict(Counter)
    for word, lemma in forms:
        marked = BEGIN + word
        for size in range(min(LONGEST, len(marked)) + 1):
            counts[marked[len(marked) - size :]][_change(word, lemma)] += 1
    rules: dict[str, Change] = {}
    known: dict[str, Change] = {}
    for ending in sorted((one for one in counts if counts[one].total() >= _GAIN), key=len):
        best, times = max(counts[ending].items(), key=lambda one: (one[1], -one[0][0], one[0][1]))
        before = known.get(ending[1:]) if ending else None
        gains = before is None or times - counts[ending][before] >= _GAIN
        if before is None or (best != before and gains):
            rules[ending] = best
        known[ending] = best if before is None or gains else before
    return rules


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("languages", nargs="*", default=sorted(LISTED))
    for language in parser.parse_args().languages:
        rules = learn(_forms(language))
        lines = [
            f"{ending} {cut} {added}".rstrip() for ending, (cut, added) in sorted(rules.items())
        ]
        path = _OUT / f"endings-{language}.txt"
        path.write_text("\n".join(lines) + "\n", "utf-8")
        print(language, len(rules))


if __name__ == "__main__":
    main()
