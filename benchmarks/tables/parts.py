"""Write the lists of parts of compounds in `searcher/text/lemmas`:
`python -m benchmarks.tables.parts [CODE ...]`.

A list has the common words of a language that may be parts of compounds, and their stems, folded.
Needed are simplemma 2.0 and wordfreq 3.1; see `benchmarks/tables/forms.py`.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from searcher.text.analyzer import stem
from searcher.text.common_parts import PARTED
from searcher.text.folding import fold

_OUT = Path(__file__).parents[2] / "searcher/text/lemmas"
_UNCOUNTED = frozenset(("et",))
"""Languages that wordfreq lacks. Their parts are the short lemmas of simplemma, and forms of them
that end in a vowel, as the genitives in front of another word do."""
_LONGEST = 7
"""Maximum length of these, in letters. Longer ones are compounds."""
_VOWELS = "aeiouõäöü"
_NAMES = {"no": "nb"}
"""The names of languages in both packages that are not their code."""
_MOST = 20_000
"""Number of the most common words that are looked at. More takes more rare and foreign words for
parts."""
_COMMONEST = 150
"""Number of the commonest words that are left out: function words."""
_SHORTEST = 4
"""Minimum length of a part in letters."""


def _parts(language: str) -> set[str]:
    """Return common words of a language and their stems, folded."""
    from simplemma.strategies.dictionaries.dictionary_factory import _load_dictionary_from_disk
    from wordfreq import top_n_list

    name = _NAMES.get(language, language)
    known = _load_dictionary_from_disk(name)
    found = set()
    if language in _UNCOUNTED:
        common = [
            word
            for form, lemma in known.items()
            for word in {form.decode(), lemma.decode()}
            if len(word) <= _LONGEST
            and (word == lemma.decode() or (word[-1] in _VOWELS and len(word) <= len(lemma) + 1))
        ]
    else:
        common = top_n_list(name, _MOST)[_COMMONEST:]
    for word in common:
        if word.isalpha() and (word.encode() in known or word.title().encode() in known):
            found |= {fold(word), stem(word, language)}
    return {part for part in found if len(part) >= _SHORTEST}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("languages", nargs="*", default=sorted(PARTED))
    for language in parser.parse_args().languages:
        rows = sorted(part.encode() for part in _parts(language))
        (_OUT / f"parts-{language}.txt").write_bytes(b"".join(row + b"\n" for row in rows))
        print(language, len(rows))


if __name__ == "__main__":
    main()
