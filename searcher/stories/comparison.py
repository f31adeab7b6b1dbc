"""Two texts of one story compared: their paragraphs aligned, and the words that differ marked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from searcher.article import Article
from searcher.stories.differing_figures import differing_figures
from searcher.stories.name_spellings import name_spellings
from searcher.stories.parts import Row, mirrored
from searcher.stories.quotes import quotes_of_one
from searcher.stories.rows import Rows
from searcher.stories.sentences import corresponding
from searcher.stories.summary import Summary
from searcher.stories.words import compared_text


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two texts side by side."""

    first: tuple[str, ...]
    """The headline of the first article, and its paragraphs."""
    second: tuple[str, ...]
    """The headline of the second article, and its paragraphs."""
    rows: tuple[Row, ...]
    """The rows, in order. The first is that of the headlines, if there are any. The spans of a text
    in all rows give the whole text."""
    summary: Summary
    """The shared text, and the ways in which they differ."""

    def mirrored(self) -> Comparison:
        """Return the comparison of the texts in the other order."""
        return Comparison(self.second, self.first, mirrored(self.rows), self.summary.mirrored())

    def texts_of(self, row: Row) -> tuple[list[str], list[str]]:
        """Return the paragraphs of each text in a row."""
        return [self.first[number] for number in row.first], [
            self.second[number] for number in row.second
        ]

    def to_json(self) -> dict[str, Any]:
        """Return the documented form of a comparison in `--json` and the API."""
        return {
            **self.summary.to_json(),
            "first": list(self.first),
            "second": list(self.second),
            "rows": [row.to_json() for row in self.rows],
        }


def compare(first: Article, second: Article) -> Comparison:
    """Return how two texts differ. The other order of the texts gives the mirrored result."""
    # One order for both: sequences may have several longest common ones.
    if _content(second) < _content(first):
        return compare(second, first).mirrored()
    texts = (compared_text(first), compared_text(second))
    names = name_spellings(*texts)
    forms = (
        [names.forms[0].get(word.form, word.form) for word in texts[0].words],
        [names.forms[1].get(word.form, word.form) for word in texts[1].words],
    )
    found = corresponding(texts, forms)
    aligned = Rows(texts, _numbers(*forms), found)
    rows = tuple(aligned.make())
    summary = Summary(
        shared_words=aligned.shared_words(),
        words=(texts[0].count, texts[1].count),
        moved=len(found.moved),
        figures=differing_figures(texts, aligned.edits),
        names=names.pairs,
        quotes=quotes_of_one(texts, forms, (first.language, second.language)),
    )
    return Comparison(texts[0].texts, texts[1].texts, rows, summary)


def _content(article: Article) -> tuple[object, ...]:
    return article.headline, article.paragraphs, article.joins


def _numbers(first: list[str], second: list[str]) -> tuple[list[int], list[int]]:
    """Return a number for each form, equal for equal forms."""
    numbers: dict[str, int] = {}
    ours = [numbers.setdefault(form, len(numbers)) for form in first]
    return ours, [numbers.setdefault(form, len(numbers)) for form in second]
