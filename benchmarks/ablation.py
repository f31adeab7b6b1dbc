"""Measure each rule of reading by the pages that are read without it:

python -m benchmarks.ablation DATA

A rule is a function that is exchanged for one that does nothing. The table has for each rule the
score that it is about, with it and without it, and the countries that it helps and that it harms. A
rule that helps one country alone was made from its pages: it stays only if tests have pages of
other outlets with that fault.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from benchmarks.fundus import SavedPage, pages
from benchmarks.leaving_out import read, read_with
from benchmarks.page_scores import Scores, countries, means

_LEAST = 0.0005
"""Minimum difference of a country's score that counts as help or harm."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule that can be switched off."""

    name: str
    """The module and the function."""
    off: Any
    """The function in its place."""
    score: str = "body"
    """The score that it is about, by its name in `page_scores.means`."""


def _nothing(*_: Any) -> list[Any]:
    return []


def _first(given: Any, *_: Any) -> Any:
    return given


def _never(*_: Any) -> bool:
    return False


RULES = (
    Rule("page.exclusion.blocks_in_rows", lambda *_: set()),
    Rule("page.exclusion.captions_beside", lambda *_: set()),
    Rule("page.exclusion._is_anchored", _never),
    Rule("page.exclusion._pardoned", lambda *_: set()),
    Rule("page.body._article_in", lambda _, container: container),
    Rule("page.body._parent_of_several", lambda _, best: best),
    Rule("page.body._is_own", lambda block: block.size >= 300),
    Rule("page.body.without_pulled_quotes", _first),
    Rule("page.body.without_repeats", _first),
    Rule("page.body.own_quotes", _nothing),
    Rule("page.body.headings_of_entries", _nothing),
    Rule("page.body._without_bare_headings", _first),
    Rule("page.outline.is_unseen", _never),
    Rule("page.outline.is_word", _never),
    Rule("page.text.with_rows", _first),
    Rule("page.text.standfirst_of", _nothing),
    Rule("page.text.captions_of", lambda _: ()),
    Rule("page.text.without_edges", _first),
    Rule("page.text.signed", lambda texts, _: (texts, ())),
    Rule("page.headline.without_edges", _first, "headline"),
    Rule("page.headline.runs_of", lambda _: set(), "headline"),
    Rule("page.headline._without_kicker", _first, "headline"),
    Rule("page.headline._uncut", _first, "headline"),
    Rule("page.headline._names_behind", lambda _: set(), "headline"),
    Rule("page.headline._is_confirmed", _never, "headline"),
    Rule("page.authors.byline_of", lambda *_: (), "authors"),
    Rule("page.authors.line_of", lambda _: (), "authors"),
    Rule("page.authors._profiles", lambda _: (), "authors"),
    Rule("page.authors._as_written", _first, "authors"),
    Rule("page.byline._with_others", _first, "authors"),
    Rule("page.page_dates._before", _nothing, "minute"),
    Rule("page.page_dates._in_data_attributes", _nothing, "minute"),
    Rule("page.page_dates._dated_texts", _nothing, "minute"),
)
"""The rules, in the order of reading."""


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path, help="folder with fundus/, the saved pages")
    found = list(pages(parser.parse_args().data))
    whole = read(found)
    print(
        "| rule | score | with | without | helps | harms |\n| --- | --- | --- | --- | --- | --- |"
    )
    for rule in RULES:
        print(row(rule, whole, _without(rule, found)), flush=True)


def row(rule: Rule, whole: Mapping[str, Scores], without: Mapping[str, Scores]) -> str:
    """Return the line of a rule. whole, without: scores by page, with all rules and without it."""
    helped, harmed = [], []
    others = countries(without)
    for country, scores in countries(whole).items():
        change = _mean(scores, rule.score) - _mean(others[country], rule.score)
        if abs(change) >= _LEAST:
            (helped if change > 0 else harmed).append(country)
    before, after = (_mean(list(some.values()), rule.score) for some in (whole, without))
    cells = (rule.name, rule.score, f"{before:.4f}", f"{after:.4f}")
    return f"| {' | '.join(cells)} | {' '.join(helped)} | {' '.join(harmed)} |"


def _mean(scores: Sequence[Scores], name: str) -> float:
    return means(scores).get(name, 0.0)


def _without(rule: Rule, found: Sequence[SavedPage]) -> dict[str, Scores]:
    """Return the scores of pages that are read without a rule."""
    path, _, name = f"searcher.sources.{rule.name}".rpartition(".")
    return read_with(import_module(path), name, rule.off, found)


if __name__ == "__main__":
    main()
