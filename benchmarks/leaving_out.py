"""Measure a constant of a rule of reading on the countries that it was not chosen on:

python -m benchmarks.leaving_out DATA MODULE.NAME VALUE VALUE... [--score body]

Example: searcher.sources.page.headline._SHORTEST_TAIL 10 20 40 --score headline. For each country,
the value is chosen that is best on all others, and the country is read with it. A constant deserves
its value if the mean of these scores is not below that of the value in use, and if the value is the
same whichever country is left out.
"""

from __future__ import annotations

import argparse
import ast
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from benchmarks.fundus import SavedPage, pages
from benchmarks.page_scores import Scores, countries, means, rows, scores_of
from searcher.article import Document, Origin
from searcher.clock import SystemClock
from searcher.reading.normalise import normalise
from searcher.sources.html import read_page


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path, help="folder with fundus/, the saved pages")
    parser.add_argument("constant", help="name of the constant, with its module")
    parser.add_argument("values", nargs="+", help="values to compare, as Python literals")
    parser.add_argument(
        "--score", default="body", help="headline, authors, day, minute, precision, recall or body"
    )
    options = parser.parse_args()
    found = list(pages(options.data))
    module, _, name = options.constant.rpartition(".")
    by_value = {
        value: read_with(import_module(module), name, ast.literal_eval(value), found)
        for value in options.values
    }
    chosen, left_out = choose(by_value, options.score)
    groups = {value: list(scores.values()) for value, scores in by_value.items()}
    print(*rows({**groups, "each country by the others": left_out}, options.constant), sep="\n")
    for country, value in sorted(chosen.items()):
        print(f"without {country}: {value}")


def read_with(
    module: Any, name: str, value: object, found: Sequence[SavedPage]
) -> dict[str, Scores]:
    """Return the scores of pages, by name, that are read with another value of a module's name."""
    before = getattr(module, name)
    setattr(module, name, value)
    try:
        return read(found)
    finally:
        setattr(module, name, before)


def read(found: Sequence[SavedPage]) -> dict[str, Scores]:
    """Return the scores of pages by name."""
    now = SystemClock().now()
    scores = {}
    for page in found:
        document = read_page(page.data, Origin(page.name))
        assert isinstance(document, Document), page.name
        scores[page.name] = scores_of(page, normalise(document, now))
    return scores


def choose(
    by_value: Mapping[str, Mapping[str, Scores]], score: str
) -> tuple[dict[str, str], list[Scores]]:
    """Return by country the value that is best on all others, and the scores of the pages if each
    country is read with its value.

    by_value: for each value the scores by name of the page. Of equal values the first is chosen.
    """
    by_country = {value: countries(scores) for value, scores in by_value.items()}
    chosen: dict[str, str] = {}
    left_out: list[Scores] = []
    for country in next(iter(by_country.values())):

        def others(value: str, country: str = country) -> float:
            rest = [
                one for name, some in by_country[value].items() if name != country for one in some
            ]
            return means(rest).get(score, 0.0)

        chosen[country] = max(by_country, key=others)
        left_out += by_country[chosen[country]][country]
    return chosen, left_out


if __name__ == "__main__":
    main()
