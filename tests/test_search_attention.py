"""Articles by period: the calendar, the peaks, their words, and the tables.

Covers search: attention, labels, peaks, periods, tables and telling.
"""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta

import pytest
from fakes import NOW, filled, make_article
from hypothesis import given
from hypothesis import strategies as st

from searcher.clock import FixedClock
from searcher.engine.base import BUDGET_SPENT
from searcher.engine.places import Place
from searcher.search.attention import Attention, Count, Peak, Period
from searcher.search.labels import Label, PeakStory
from searcher.search.peaks import peaks
from searcher.search.periods import (
    STEPS,
    Calendar,
    bounded_step,
    default_step,
    end_of,
    start_of,
    starts_between,
)
from searcher.search.request import Request
from searcher.search.service import SearchService
from searcher.search.tables import attention_csv, defused
from searcher.search.telling import Telling, log_likelihood, telling
from searcher.settings import Settings

DATES = st.dates(max_value=date(9000, 1, 1))


@given(DATES, st.sampled_from(STEPS))
def test_a_day_is_in_its_period_and_in_no_other(day, step):
    start = start_of(day, step)
    assert start <= day < end_of(start, step)
    assert start_of(start, step) == start
    assert start_of(end_of(start, step), step) == end_of(start, step)


@given(DATES, st.integers(0, 2000), st.sampled_from(STEPS))
def test_periods_have_no_gaps(first, days, step):
    last = first + timedelta(days=days)
    found = list(starts_between(first, last, step))
    assert found[0] <= first
    assert found[-1] <= last < end_of(found[-1], step)
    assert [end_of(start, step) for start in found[:-1]] == found[1:]
    bounded = bounded_step(first, last, step, 60)
    assert bounded == "year" or len(list(starts_between(first, last, bounded))) <= 60


@given(st.dictionaries(DATES, st.integers(0, 9), max_size=30), st.sampled_from(STEPS))
def test_sums_of_days_are_those_of_their_periods(counts, step):
    days = {day.isoformat(): count for day, count in counts.items()}
    expected: dict[date, int] = {}
    for day, count in counts.items():
        expected[start_of(day, step)] = expected.get(start_of(day, step), 0) + count
    assert Calendar(days, step).sums(days) == expected


def test_the_calendar_ends():
    assert list(starts_between(date(9999, 12, 30), date.max, "day"))[-1] <= date.max
    assert list(starts_between(date(9998, 1, 1), date.max, "year")) == [
        date(9998, 1, 1),
        date(9999, 1, 1),
    ]
    assert start_of(date.min, "week") == date.min


@pytest.mark.parametrize(
    ("days", "step"),
    [(0, "day"), (91, "day"), (92, "week"), (731, "week"), (732, "month"), (5000, "year")],
)
def test_the_default_step_suits_the_span(days, step):
    assert default_step(date(2020, 1, 1), date(2020, 1, 1) + timedelta(days=days)) == step


def test_log_likelihood_has_the_published_values():
    # "the swiss" in table 2 of Dunning (1993).
    assert log_likelihood(110, 110 + 2442, 111, 111 + 29114) == pytest.approx(270.72, abs=0.005)
    assert log_likelihood(10, 100, 10, 100) == 0
    assert log_likelihood(0, 100, 10, 100) == pytest.approx(-log_likelihood(10, 100, 0, 100))
    assert log_likelihood(0, 0, 0, 0) == 0


@given(st.integers(0, 50), st.integers(0, 50), st.integers(0, 50), st.integers(0, 50))
def test_log_likelihood_has_the_sign_of_the_difference(inside, others, outside, rest):
    found = log_likelihood(inside, inside + others, outside, outside + rest)
    difference = inside * (outside + rest) - outside * (inside + others)
    assert found * difference >= -1e-9


def test_a_growing_archive_is_no_peak():
    assert peaks([Count(10 * size, 100 * size) for size in range(1, 20)], 100 * 190) == []


def test_a_peak_is_a_larger_share():
    periods = [Count(10, 100)] * 5 + [Count(60, 100)] + [Count(10, 1000)] * 2
    assert peaks(periods, 2_600) == [5]


def test_neighbours_are_one_peak_and_a_dip_makes_two():
    assert peaks([Count(n, 1000) for n in (5, 5, 5, 5, 80, 90, 70, 5, 5)], 9_000) == [5]
    assert peaks([Count(n, 1000) for n in (5, 5, 5, 90, 20, 70, 5, 5, 5)], 9_000) == [3, 5]


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 300)), max_size=40))
def test_peaks_of_any_counts(pairs):
    periods = [Count(min(pair), max(pair)) for pair in pairs]
    found = peaks(periods, sum(period.all_articles for period in periods))
    assert len(found) <= 5
    assert len(set(found)) == len(found)
    assert all(periods[place].articles for place in found)


FLOOD = [
    make_article(f"f{n}", "FLOOD IN ODESA", "The river Dniester rose and the grain was wet.")
    for n in range(20)
]
OTHER = [make_article(f"o{n}", "Grain deal", "The grain was shipped in June.") for n in range(40)]


def test_telling_words_are_more_frequent_and_spelled_as_usual():
    (found,) = telling([FLOOD], OTHER, frozenset(("en:grain", "grain")))
    assert found.words == ("FLOOD", "ODESA", "Dniester")
    assert found.headline == "FLOOD IN ODESA"


def test_without_others_nothing_is_telling():
    one = [make_article("a", "", "Text")]
    assert [found.words for found in telling([FLOOD], [], frozenset())] == [()]
    assert telling([[], one], [], frozenset()) == [Telling(), Telling()]
    assert telling([], OTHER, frozenset()) == []


def attention_of(engine, *articles, query="grain", by=None, **request):
    filled(engine, articles)
    return SearchService(engine).attention.count(Request(query, **request), by)


def test_articles_by_week_with_gaps_and_undated(engine):
    found = attention_of(
        engine,
        make_article("a", "Grain", published="2022-07-04"),
        make_article("b", "Grain", published="2022-07-10"),
        make_article("c", "Storm", published="2022-07-12"),
        make_article("d", "Grain", published="2022-07-20"),
        make_article("e", "Grain"),
        by="week",
    )
    assert [(str(one.start), str(one.end), *one.count) for one in found.periods] == [
        ("2022-07-04", "2022-07-11", 2, 2),
        ("2022-07-11", "2022-07-18", 0, 1),
        ("2022-07-18", "2022-07-25", 1, 1),
    ]
    assert (found.total, found.undated, found.step) == (4, 1, "week")
    assert found.archive == (date(2022, 7, 4), date(2022, 7, 20))


def test_a_peak_is_described(engine):
    start = date(2022, 1, 1)
    quiet = [
        make_article(f"q{n}", "Storm", "Wind.", published=f"{start + timedelta(days=n % 30)}")
        for n in range(300)
    ]
    usual = [
        make_article(f"u{n}", "Grain deal", "Grain.", published=f"{start + timedelta(days=n)}")
        for n in range(30)
    ]
    flood = [
        make_article(f"f{n}", "Grain lost in flood", "Grain.", published="2022-01-15")
        for n in range(20)
    ]
    found = attention_of(engine, *quiet, *usual, *flood)
    (peak,) = found.peaks
    assert str(found.periods[peak.place].start) == "2022-01-15"
    about, story = peak.label
    assert set(about.words) == {"lost", "flood"}
    assert about.headline == "Grain lost in flood"
    assert story is None


def test_the_only_peak_of_a_query_is_told_from_other_articles_of_its_days(engine):
    flood = [
        make_article(f"f{n}", "Grain lost in flood", "Grain.", published="2022-01-15")
        for n in range(9)
    ]
    other = [
        make_article(f"o{n}", "Storm over the coast", "Wind.", published=f"2022-01-{14 + n % 4}")
        for n in range(60)
    ]
    (peak,) = attention_of(engine, *flood, *other, by="day").peaks
    assert set(peak.label.about.words) >= {"lost", "flood"}


def test_a_story_counts_once_where_it_begins_and_the_largest_of_a_peak_is_named(engine):
    start = date(2022, 1, 1)
    quiet = [
        make_article(f"q{n}", "Storm", "Wind.", published=f"{start + timedelta(days=n % 30)}")
        for n in range(300)
    ]
    flood = [
        make_article(f"f{n}", f"Grain lost in flood {n}", "Grain.", published="2022-01-15")
        for n in range(20)
    ]
    late = make_article("late", "Grain after the flood", "Grain.", published="2022-01-20")
    undated = make_article("none", "Grain of the flood", "Grain.")
    filled(engine, [*quiet, *flood, late, undated])
    with engine.writer() as writer:
        for one in (*flood[:12], late, undated):
            writer.place(one.id, Place(1))
        for one in flood[12:15]:
            writer.place(one.id, Place(2))
    found = SearchService(engine, FixedClock(NOW)).attention.count(Request("grain"), "day")
    assert (found.total, found.total_stories, found.undated) == (22, 7, 1)
    assert {period.start.day: period.stories for period in found.periods if period.stories} == {
        15: 7
    }
    (peak,) = found.peaks
    assert peak.label.story == ("f0", "Grain lost in flood 0", 14)
    assert found.to_json()["peaks"][0]["story"]["articles"] == 14
    by_month = SearchService(engine, FixedClock(NOW)).attention.count(Request("grain"), "month")
    assert [period.stories for period in by_month.periods] == [7]


@pytest.mark.parametrize(
    "query", ["", "***", "nosuchword", "-grain", "lang:fr", "((", "after:x grain"]
)
def test_no_query_is_an_error(engine, query):
    found = attention_of(engine, make_article("a", "Grain", published="0001-01-01"), query=query)
    assert found.to_json()["total"] == found.total


def test_dates_far_apart_have_longer_periods(engine):
    found = attention_of(
        engine,
        make_article("a", "Grain", published="0001-01-01"),
        make_article("b", "Grain", published="9999-12-31"),
        by="day",
    )
    assert (found.step, len(found.periods)) == ("year", 9999)
    assert "counted by year" in found.warnings[0].message


def test_the_time_budget_bounds_it(engine):
    filled(engine, [make_article("a", "Grain", published="2022-01-01")])
    service = SearchService(engine, settings=Settings(time_budget=0.0))
    assert BUDGET_SPENT in service.attention.count(Request("grain")).warnings


def test_a_later_commit_changes_the_archive(engine):
    filled(engine, [make_article("a", "Grain", published="2022-01-01")])
    service = SearchService(engine)
    assert service.attention.count(Request("grain")).periods[0].count == (1, 1)
    filled(engine, [make_article("b", "Storm", published="2022-01-01")])
    assert service.attention.count(Request("grain")).periods[0].count == (1, 2)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@a", "\t=1", "\r=1", "\n=1"])
def test_formulas_are_defused(text):
    assert defused(text) == "'" + text
    assert defused("a" + text) == "a" + text


def test_the_table_has_a_row_for_each_period():
    start = date(2022, 7, 4)
    about = Telling(("=cmd|' /C calc'!A0", "flood"), '+"Flood", they said', "a")
    label = Label(about, PeakStory("=a", "-Flood", 3))
    periods = (Period(start, date(2022, 7, 5), Count(1, 4), 1),)
    found = Attention(
        query="q", step="day", periods=periods, peaks=(Peak(0, label),), total=1, undated=0, total_stories=1,
        archive=(start, start), warnings=(), took_ms=1.0,
    )  # fmt: skip
    head, row = csv.reader(io.StringIO(attention_csv(found)))
    assert head == [
        "start", "end", "articles", "all_articles", "share", "words", "headline",
        "stories", "story", "story_articles", "story_title",
    ]  # fmt: skip
    assert row == [
        "2022-07-04", "2022-07-05", "1", "4", "0.250000",
        "'=cmd|' /C calc'!A0, flood", "'+\"Flood\", they said",
        "1", "'=a", "3", "'-Flood",
    ]  # fmt: skip
