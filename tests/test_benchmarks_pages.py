"""Scores of pages by country, and of constants on the countries that they were not chosen on."""

from __future__ import annotations

from importlib import import_module

import pytest

from benchmarks import ablation, extraction
from benchmarks.leaving_out import choose
from benchmarks.page_scores import Scores, countries, means, rows


def _scores(headline: float, body: tuple[float, float] | None = None) -> Scores:
    return Scores(headline, 1.0, None, None, body)


def test_means_leave_out_what_is_not_expected():
    found = means([_scores(1.0, (0.5, 1.0)), _scores(0.0)])
    assert found == {
        "headline": 0.5,
        "authors": 1.0,
        "precision": 0.5,
        "recall": 1.0,
        "body": 2 / 3,
    }


def test_a_table_has_a_line_for_each_country():
    by_page = {"de/A": _scores(1.0), "de/B": _scores(0.0), "fr/C": _scores(1.0)}
    lines = rows(countries(by_page), "country")
    assert lines[2:] == [
        "| de | 2 | 0.500 | 1.000 |  |  |  |  |  |",
        "| fr | 1 | 1.000 | 1.000 |  |  |  |  |  |",
    ]


def test_a_value_that_helps_one_country_is_not_chosen_for_it():
    plain = {"de/A": _scores(0.0), "fr/B": _scores(1.0), "uk/C": _scores(1.0)}
    fitted = {"de/A": _scores(1.0), "fr/B": _scores(0.0), "uk/C": _scores(1.0)}
    chosen, left_out = choose({"plain": plain, "fitted": fitted}, "headline")
    assert (chosen["de"], chosen["fr"]) == ("plain", "fitted")
    assert means(left_out)["headline"] == 1 / 3


def test_a_rule_that_helps_one_country_is_told():
    rule = ablation.Rule("page.body.without_repeats", None, "headline")
    whole = {"de/A": _scores(1.0), "fr/B": _scores(1.0), "uk/C": _scores(0.0)}
    without = {"de/A": _scores(0.0), "fr/B": _scores(1.0), "uk/C": _scores(1.0)}
    line = ablation.row(rule, whole, without)
    assert line == "| page.body.without_repeats | headline | 0.6667 | 0.6667 | de | uk |"


@pytest.mark.parametrize("rule", ablation.RULES, ids=lambda rule: rule.name)
def test_the_rules_that_can_be_switched_off_are_there(rule):
    path, _, name = f"searcher.sources.{rule.name}".rpartition(".")
    assert callable(getattr(import_module(path), name))


def test_the_table_of_bodies_is_printed(capsys):
    extraction._show(
        "ours", ["One two three four five."], ["One two three four six."], [0.01, 0.02]
    )
    assert "| ours | 0.5000 | 0.500 | 0.500 | 15.0 |" in capsys.readouterr().out
