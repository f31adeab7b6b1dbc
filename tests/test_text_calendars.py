"""Dates of other calendars and languages.

Covers text.calendars, text.months and text.zones, and sources.page.titles, edges and dated_lines by
the pages of tests/test_sources_kinds_*.
"""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searcher.text.calendars import from_hijri, from_jalali, gregorian
from searcher.text.dates import parse_date
from searcher.text.months import month_of
from searcher.text.zones import is_zone, zone_of_host


@pytest.mark.parametrize(
    ("persian", "day"),
    [
        ((1357, 11, 22), date(1979, 2, 11)),
        ((1399, 12, 30), date(2021, 3, 20)),
        ((1400, 1, 1), date(2021, 3, 21)),
        ((1403, 12, 30), date(2025, 3, 20)),
    ],
)
def test_persian_days(persian, day):
    assert from_jalali(*persian) == day


@pytest.mark.parametrize(
    ("islamic", "day"),
    [
        ((1442, 9, 22), date(2021, 5, 4)),
        ((1445, 1, 1), date(2023, 7, 19)),
        ((1446, 9, 1), date(2025, 3, 1)),
    ],
)
def test_islamic_days(islamic, day):
    assert from_hijri(*islamic) == day


@given(st.integers(1300, 1498), st.integers(1, 11), st.integers(1, 29))
def test_days_follow_each_other(year, month, day):
    for convert in (from_jalali, from_hijri):
        assert (convert(year, month, day + 1) - convert(year, month, day)).days == 1
        assert 28 < (convert(year, month + 1, day) - convert(year, month, day)).days < 32


@pytest.mark.parametrize(
    "text", ["31 دی 9999", "令和99年13月40日", "民國999年99月99日", "45 مهر 1400", "99 มกราคม 2564"]
)
def test_an_impossible_day_is_left_as_it_is(text):
    assert gregorian(text) == text
    assert parse_date(text) is None


@given(st.text(max_size=120))
def test_no_text_raises(text):
    gregorian(text)
    parse_date(text)


def test_names_of_months():
    assert [month_of(name) for name in ("Sept.", "août", "ЯНВ", "Eylül", "مايو", "noon")] == [
        9,
        8,
        1,
        9,
        5,
        None,
    ]


def test_a_country_with_one_zone():
    assert zone_of_host("marsh.example.jp")[0] == "Asia/Tokyo"
    assert zone_of_host("marsh.example.us") is None
    moment = datetime(2021, 7, 1, 12, tzinfo=zone_of_host("marsh.de")[1])
    assert moment.astimezone(UTC).hour == 10
    assert [is_zone(text) for text in ("", "+02:00", "EDT", "NOON")] == [True, True, True, False]
