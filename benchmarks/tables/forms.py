"""Write the lists of forms in `searcher/text`: `python -m benchmarks.tables.forms [CODE ...]`.

A list has those common words whose terms are not among the terms of their lemma, so that an ending
or a stemmer does not find one by the other. It prints, for each language, the share of the
occurrences of inflected words that meet their lemma without the list and with it.

Needed are simplemma 2.0 (lemmas; its folder `licenses` names the sources of its lists) and wordfreq
3.1 (how common words are; its NOTICE names its sources).
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from searcher.text import listed_forms
from searcher.text.analyzer import stems
from searcher.text.endings import in_letters_of_table
from searcher.text.folding import fold

_OUT = Path(__file__).parents[2] / "searcher/text/lemmas"
_LISTS = {"no": "nb", "sr": "hbs"}
"""The names of simplemma's lists that are not the code of the language."""
_COUNTS = {"no": "nb", "sr": "sh"}
"""The same of wordfreq."""
_MOST = 50_000
"""Number of the most common words of a language that are looked at. More makes larger lists, of
words that few readers type."""
_RARER = 1.0
"""Maximum difference by which a form is more common than its lemma, in powers of ten. Forms that
are more common than that are other words, of which the list of lemmas knows only a rare verb."""
_LEAST = 3
"""Minimum number of letters of a form."""
_COMMONEST = 6.0
"""How common a form may be. More common ones, one in a thousand words, are function words, of which
some are written like other words ("été")."""


_RIVALS = ("de", "en", "es", "fr")
"""Languages that many archives have beside others. A form is left out where one of them has a more
common word of these letters, of another lemma: a query does not say in which language it is."""


class _Form(NamedTuple):
    word: str
    """The word, in lower case."""
    lemma: str
    """Its lemma, in lower case."""
    common: float
    """How common the word is: the logarithm of its number in a billion words."""
    rarer: float
    """How much more common it is than its lemma."""


@cache
def _common_forms(language: str) -> dict[str, _Form]:
    """Return common words with their lemmas by key, the most common first. Words that are written
    with the same letters, accents aside, are represented by the most common one."""
    from simplemma.strategies.dictionaries.dictionary_factory import _load_dictionary_from_disk
    from wordfreq import top_n_list, zipf_frequency

    known = _load_dictionary_from_disk(_LISTS.get(language, language))
    name = _COUNTS.get(language, language)
    found: dict[str, _Form] = {}
    for word in top_n_list(name, _MOST):
        lemma = known.get(word.encode()) or known.get(word.title().encode())
        if lemma and word.isalpha() and (key := _key(word, language)) not in found:
            meant = lemma.decode().lower()
            common = zipf_frequency(word, name)
            found[key] = _Form(word, meant, common, common - zipf_frequency(meant, name))
    return found


def _forms(language: str) -> Iterator[_Form]:
    """Yield the forms that may be listed."""
    for key, form in _common_forms(language).items():
        rivals = (_common_forms(rival).get(key) for rival in _RIVALS if rival != language)
        if (
            form.lemma.isalpha()
            and form.common < _COMMONEST
            and form.rarer < _RARER
            and not any(
                rival.common > form.common and _key(rival.lemma, "") != _key(form.lemma, language)
                for rival in rivals
                if rival is not None
            )
        ):
            yield form


def _key(word: str, language: str) -> str:
    return in_letters_of_table(fold(word), language)


def _listed(language: str) -> tuple[dict[str, str], float, float]:
    """Return the lemma by form, and the share of the occurrences of inflected words that meet their
    lemma by their ending or stem, and that are listed."""
    lemmas: dict[str, str] = {}
    met = listed = total = 0.0
    for word, lemma, common, _ in _forms(language):
        key, meant = _key(word, language), _key(lemma, language)
        if key == meant:
            continue
        share = 10**common
        total += share
        if set(stems(word, language)) & set(stems(lemma, language)):
            met += share
        elif len(key) >= _LEAST:
            lemmas[key] = meant
            listed += share
    # What is a lemma stays as it is.
    for meant in set(lemmas.values()):
        lemmas.pop(meant, None)
    return lemmas, met / total, listed / total


def _row(form: str, lemma: str) -> bytes:
    same = 0
    while same < min(len(form), len(lemma)) and form[same] == lemma[same]:
        same += 1
    return f"{form} {len(form) - same} {lemma[same:]}\n".encode()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("languages", nargs="*", default=sorted(listed_forms.LISTING))
    languages = parser.parse_args().languages
    # The lists that are there have no influence on those that are made.
    listed_forms.LISTING = frozenset()
    for language in languages:
        lemmas, met, listed = _listed(language)
        rows = sorted(_row(form, lemma) for form, lemma in lemmas.items())
        (_OUT / f"forms-{language}.txt").write_bytes(b"".join(rows))
        print(f"{language} {len(rows):6,} forms, {met:.3f} of inflected words, {met + listed:.3f}")


if __name__ == "__main__":
    main()
