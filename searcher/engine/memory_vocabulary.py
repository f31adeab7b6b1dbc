"""The vocabulary of the engine in memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from searcher.article import Article
from searcher.engine.terms import FORM, NAME, PHRASE, TEXT, ArticleTerms
from searcher.text.names import ALL_CAPS, key, keys
from searcher.text.pieces import ENDS_COMPOUND

TermEntries: TypeAlias = Mapping[str, tuple[Article, ArticleTerms]]
"""Articles and their terms, by id."""


@dataclass(frozen=True, slots=True)
class MemoryVocabulary:
    """The words of articles, counted again for each call."""

    entries: TermEntries
    """The articles."""

    def _counts(self, field: str = FORM) -> dict[str, int]:
        return Counter(form for _, terms in self.entries.values() for form in terms.fields[field])

    def containing(
        self, part: str, prefix: str = "", field: str = FORM
    ) -> Iterator[tuple[str, int]]:
        return (
            (form, count)
            for form, count in sorted(self._counts(field).items())
            if form.startswith(prefix) and part in form
        )

    def with_prefix(self, prefix: str) -> Iterator[tuple[str, int]]:
        return (
            (form, count)
            for form, count in sorted(self._counts().items())
            if form.startswith(prefix)
        )

    def listed(self, form: str) -> Iterator[tuple[str, int]]:
        begun = keys(form)
        counts = Counter(name for _, terms in self.entries.values() for name in terms.fields[NAME])
        for name, count in counts.items():
            begin, _, other = name.partition(" ")
            if begin in begun:
                yield other, count

    def holding(self, form: str) -> int:
        return sum(form in terms.fields[FORM] for _, terms in self.entries.values())

    def name_share(self, form: str) -> float:
        held = [terms.fields for _, terms in self.entries.values() if form in terms.fields[FORM]]
        named = [len(fields[NAME].get(f"{key(form)} {form}", ())) for fields in held]
        shouted = [len(fields[NAME].get(f"{ALL_CAPS} {form}", ())) for fields in held]
        if 2 * (sum(map(bool, named)) + sum(map(bool, shouted))) < len(held):
            return 0.0
        written = sum(len(fields[FORM][form]) for fields in held) - sum(shouted)
        return sum(named) / written if written else 0.0

    def stems(self, terms: Sequence[str]) -> list[int]:
        return [
            sum(term in held.fields[TEXT] for _, held in self.entries.values()) for term in terms
        ]

    def forms(self, forms: Sequence[str]) -> list[int]:
        return [self.holding(form) for form in forms]

    def stems_beginning(self, language: str, begin: str, count: int) -> list[tuple[str, int]]:
        found = (
            one for one in self._counts(TEXT).items() if one[0].startswith(f"{language}:{begin}")
        )
        return sorted(found, key=lambda one: (-one[1], one[0]))[:count]

    def stems_ending(self, language: str, end: str, count: int) -> list[tuple[str, int]]:
        found = (
            one
            for one in self._counts(TEXT).items()
            if one[0].startswith(f"{language}:") and one[0].endswith(end)
        )
        return sorted(found, key=lambda one: (-one[1], one[0]))[:count]

    def completions(self, prefix: str, count: int) -> list[tuple[str, int]]:
        return sorted(self.with_prefix(prefix), key=lambda found: (-found[1], found[0]))[:count]

    def phrases(self, prefix: str, count: int) -> list[tuple[str, int]]:
        counts = Counter(
            phrase for _, terms in self.entries.values() for phrase in terms.fields[PHRASE]
        )
        found = [(phrase, times) for phrase, times in counts.items() if phrase.startswith(prefix)]
        return sorted(found, key=lambda one: (-one[1], one[0]))[:count]

    def within(
        self, word: str, distance: int, beginning: str = ""
    ) -> Iterable[tuple[str, int, int]]:
        for form, count in self.with_prefix(beginning):
            if form[0] != ENDS_COMPOUND and (edits := edit_distance(word, form)) <= distance:
                yield form, edits, count


def edit_distance(first: str, second: str) -> int:
    """Return the optimal string alignment distance by its recurrence (Damerau 1964; Boytsov 2011,
    section 2.2.3)."""
    rows = [[0] * (len(second) + 1) for _ in range(len(first) + 1)]
    for i in range(len(first) + 1):
        for j in range(len(second) + 1):
            if i == 0 or j == 0:
                rows[i][j] = i + j
                continue
            same = first[i - 1] == second[j - 1]
            rows[i][j] = min(
                rows[i - 1][j] + 1, rows[i][j - 1] + 1, rows[i - 1][j - 1] + (not same)
            )
            if i > 1 and j > 1 and first[i - 1] == second[j - 2] and first[i - 2] == second[j - 1]:
                rows[i][j] = min(rows[i][j], rows[i - 2][j - 2] + 1)
    return rows[-1][-1]
