"""Parsing of dates, and the choice of an article's date.

Covers text.dates, zones and reading.normalise.
"""

from __future__ import annotations

import warnings
from datetime import UTC, datetime, timedelta

import pytest
from fakes import LEAD, NOW, normalised, page
from hypothesis import given
from hypothesis import strategies as st

from searcher.article import Document, Origin
from searcher.reading.normalise import normalise
from searcher.text.dates import implausible, parse_date


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("3 May 2024", "en", "2024-05-03"), ("May 3, 2024, 10:15 am", "en", "2024-05-03 10:15"),
        ("3. Mai 2024, 10:15 Uhr", "de", "2024-05-03 10:15"), ("Do 25.04.24 | 14:07 Uhr", "de", "2024-04-25 14:07"),
        ("3 mai 2024 à 10:15", "fr", "2024-05-03 10:15"), ("3 de mayo de 2024", "es", "2024-05-03"),
        ("3 maggio 2024", "it", "2024-05-03"), ("3 de maio de 2024", "pt", "2024-05-03"),
        ("3 mei 2024", "nl", "2024-05-03"), ("3 maj 2024", "sv", "2024-05-03"), ("3. mai 2024", "no", "2024-05-03"),
        ("3. maj 2024", "da", "2024-05-03"), ("3. toukokuuta 2024", "fi", "2024-05-03"), ("3 maja 2024", "pl", "2024-05-03"),
        ("3. května 2024", "cs", "2024-05-03"), ("3 мая 2024", "ru", "2024-05-03"), ("3 травня 2024", "uk", "2024-05-03"),
        ("3 Mayıs 2024", "tr", "2024-05-03"), ("3 مايو 2024", "ar", "2024-05-03"), ("2024年5月3日 10:15", "ja", "2024-05-03 10:15"),
        ("2024年5月3日", "zh", "2024-05-03"), ("2024년 5월 3일", "ko", "2024-05-03"), ("3 Mei 2024", "id", "2024-05-03"),
        ("By Ann Other, 5 June 2024", "en", "2024-06-05"), ("By Ann Other | June 5, 2024 10:30 AM EDT", "en", "2024-06-05 14:30"),
        ("Publié le 5 juin 2024 à 10h30", "fr", "2024-06-05 10:30"), ("5 de junho de 2024 às 14h30", "pt", "2024-06-05 14:30"),
        ("5. Juni 2024, 14.30 Uhr", "de", "2024-06-05 14:30"), ("5 June 2024 10.30pm", "en", "2024-06-05 22:30"),
        ("Published: 3rd of March, 2021 at 7.05pm", "en", "2021-03-03 19:05"), ("3rd May 2021", "en", "2021-05-03"),
        ("Updated March 3rd 2021 at 7:05pm", "en", "2021-03-03 19:05"), ("The 1st of April 2021", "en", "2021-04-01"),
        ("20240605T120000-0500", "en", "2024-06-05 17:00"), ("3 मई 2024", "hi", "2024-05-03"), ("2024. május 3.", "hu", "2024-05-03"), ("3 mai 2024", "ro", "2024-05-03"),
    ],
)  # fmt: skip
def test_dates_in_words(text, language, expected):
    moment, precision = parse_date(text, language)
    assert moment.strftime("%Y-%m-%d %H:%M" if ":" in expected else "%Y-%m-%d") == expected
    assert (
        precision
        == (("minute", "second") if ":" in expected else ("day",))[text.startswith("2024060")]
    )


@pytest.mark.parametrize(
    ("text", "language"),
    [("2 hours ago", "en"), ("vor 2 Stunden", "de"), ("il y a 2 heures", "fr"), ("hace 2 horas", "es"), ("2 ore fa", "it"), ("2 часа назад", "ru"), ("2小时前", "zh"), ("2時間前", "ja")],
)  # fmt: skip
def test_relative_dates_count_from_when_the_file_was_written(text, language):
    seen = datetime(2024, 5, 3, 12, 0, tzinfo=UTC)
    moment, _ = parse_date(text, language, seen)
    assert moment == seen - timedelta(hours=2)
    assert parse_date(text, language) is None


def test_what_counts_in_days_says_no_hour():
    seen = datetime(2024, 5, 3, 12, 0, tzinfo=UTC)
    for text in ("yesterday", "1 day ago"):
        assert parse_date(text, "en", seen) == (datetime(2024, 5, 2, tzinfo=UTC), "day")


def test_a_time_without_a_zone_takes_that_of_an_equal_one():
    dates = (("json-ld", "2024-05-03T10:15:00"), ("meta date", "2024-05-03T10:15:00+02:00"))
    assert normalised(dates=dates).published.value == datetime(2024, 5, 3, 8, 15, tzinfo=UTC)
    dates = (("json-ld", "2024-05-03T10:15:00"), ("meta date", "2024-05-03T11:15:00+02:00"))
    found = normalised(dates=dates)
    assert found.published.value == datetime(2024, 5, 3, 8, 15, tzinfo=UTC)
    assert any("+02:00 is assumed" in warning for warning in found.warnings)


def test_an_update_used_as_the_publication_date_is_reported():
    found = normalised(updates=(("json-ld", "2024-05-03T10:15:00Z"),))
    assert found.published.value == datetime(2024, 5, 3, 10, 15, tzinfo=UTC)
    assert any("no publication date" in warning for warning in found.warnings)


def test_times_in_lists_of_other_articles_are_passed_over():
    found = page(
        byline="<aside><time datetime=2020-01-01>1 January 2020</time></aside><time datetime=2024-05-03>3 May</time>"
    )
    assert found.dates[0] == ("time", "2024-05-03")


@pytest.mark.parametrize(
    "dates",
    [
        "<p>Updated <time class=updated datetime=2024-05-04>4 May</time> Published <time class='entry-date published' datetime=2024-05-03>3 May</time></p>",
        "<p>Last updated: <time datetime=2024-05-04>4 May</time></p><p>Published: <time datetime=2024-05-03>3 May</time></p>",
        "<p>Last updated: 4 May 2024</p><p>Published: 3 May 2024</p>",
        "<p>Published: 3 May 2024 | Updated: 4 May 2024</p>",
        "<p>Erschienen am 03.05.2024, aktualisiert am 04.05.2024</p>",
    ],
)
def test_updates_are_no_publications(dates):
    found = normalise(page(byline=dates), NOW)
    assert (found.published.value.day, found.updated.value.day) == (3, 4)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Published: 3rd of March, 2021 at 7.05pm", "2021-03-03 19:05"),
        ("Published on 3rd May 2021", "2021-05-03 00:00"),
        ("March 3rd 2021", "2021-03-03 00:00"),
        ("March 3rd, 2021 at 7:05pm", "2021-03-03 19:05"),
    ],
)
def test_a_line_of_a_page_may_write_the_day_as_an_ordinal(line, expected):
    found = normalise(page(byline=f"<p class=byline>{line}</p>"), NOW)
    assert found.published.value.strftime("%Y-%m-%d %H:%M") == expected


def test_a_time_without_a_zone_is_said():
    assert any(
        "no time zone" in warning
        for warning in normalised(dates=(("json-ld", "2024-05-03T10:15:00"),)).warnings
    )
    assert not normalised(dates=(("json-ld", "2024-05-03T10:15:00Z"),)).warnings


def test_microdata_tells_the_update():
    assert page(byline="<time itemprop=dateModified datetime=2024-05-04>4 May</time>").updates == (
        ("itemprop", "2024-05-04"),
    )


def test_a_line_that_holds_no_date_is_none():
    for text in (
        "Monday",
        "12",
        "a" * 99,
        "1/2/3/4/5",
        "99.99.2024",
        "the 2024 season",
        "💥",
        "\x00",
        "10:15",
    ):
        found = parse_date(text, "en")
        assert found is None or found[0].tzinfo is not None


def test_the_time_of_a_visit_is_no_date_of_publication():
    seen = datetime(2024, 5, 3, 12, 0, tzinfo=UTC)
    dates = (("time", "2024-05-03T12:01:00Z"), ("text", "1.5.2024"))
    found = normalise(Document(Origin("a"), "html", text=LEAD, dates=dates), NOW, seen)
    assert found.published.value.day == 1
    assert found.first_seen.value == seen
    assert any("when the page was saved" in warning for warning in found.warnings)


def test_a_day_is_made_precise_by_a_time_on_the_same_day():
    dates = (
        ("json-ld", "2024-05-03"),
        ("time", "2024-05-02T09:00Z"),
        ("time", "2024-05-03T10:15Z"),
    )
    found = normalise(Document(Origin("a"), "html", text=LEAD, dates=dates), NOW)
    assert found.published.value == datetime(2024, 5, 3, 10, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("05/06/2024", "fr", "2024-06-05 00:00"), ("05/06/2024", "en", "2024-05-06 00:00"),
        ("05/06/2024", "en-GB", "2024-06-05 00:00"), ("2024-06-05, 10:30", "de", "2024-06-05 10:30"),
        ("2024/06/05 10:30", "ja", "2024-06-05 10:30"), ("2024.06.05", "ko", "2024-06-05 00:00"),
        ("2024-06-05 10:30 CST", "zh", "2024-06-05 02:30"), ("June 5, 2024, 9:30 p.m. ET", "en", "2024-06-06 01:30"),
        ("January 5, 2024, 9:30 p.m. ET", "en", "2024-01-06 02:30"), ("5 мая 2024, 10:30 МСК", "ru", "2024-05-05 07:30"),
        ("2024-06-05T10:30:00+02:00[Europe/Berlin]", "de", "2024-06-05 08:30"), ("2024年6月5日 午後3時30分", "ja", "2024-06-05 15:30"),
        ("2024年6月5日 下午3:30", "zh", "2024-06-05 15:30"), ("Published: 09:00, 5 June 2024", "en", "2024-06-05 09:00"),
        ("2024-06-05 14:30 GMT+7", "en", "2024-06-05 07:30"), ("2024-06-05 14:30 UTC-5", "en", "2024-06-05 19:30"),
    ],
)  # fmt: skip
def test_day_first_and_offsets(text, language, expected):
    assert parse_date(text, language)[0].strftime("%Y-%m-%d %H:%M") == expected


@pytest.mark.parametrize(
    "text", ["5 May 2024 10:15 ZORP", "5. Mai 2024 um 10:15 Uhr", "2 hours ago"]
)
def test_parsing_leaves_the_filters_of_warnings_alone(monkeypatch, text):
    def changed(*_args, **_kwargs):
        raise AssertionError("the filters are shared by all threads")

    with monkeypatch.context() as patch:
        patch.setattr(warnings, "catch_warnings", changed)
        patch.setattr(warnings, "simplefilter", changed)
        found = parse_date(text, "de", datetime(2024, 5, 5, 12, 15, tzinfo=UTC))
    assert found == (datetime(2024, 5, 5, 10, 15, tzinfo=UTC), "minute")


@pytest.mark.parametrize(
    ("text", "moment", "precision"),
    [
        ("2022-06-26", "2022-06-26T00:00:00", "day"),
        ("2022-06", "2022-06-01T00:00:00", "month"),
        ("2022", "2022-01-01T00:00:00", "year"),
        ("2022-06-26T10:11:12+02:00", "2022-06-26T08:11:12", "second"),
        ("2022-06-26T10:11:12.345Z", "2022-06-26T10:11:12", "second"),
        ("2022-06-26 10:11", "2022-06-26T10:11:00", "minute"),
        ("Sun, 26 Jun 2022 10:00:00 GMT", "2022-06-26T10:00:00", "second"),
        ("Sun, 26 Jun 2022 10:00:00 +0530", "2022-06-26T04:30:00", "second"),
        ("26 June 2022 15:00 CEST", "2022-06-26T13:00:00", "minute"),
        ("26-FEB-1987 15:01:01.79", "1987-02-26T15:01:01", "second"),
        ("June 26, 2022", "2022-06-26T00:00:00", "day"),
        ("June 2022", "2022-06-01T00:00:00", "month"),
        ("1656230400", "2022-06-26T08:00:00", "second"),
        ("1656230400000", "2022-06-26T08:00:00", "second"),
        ("20220626T101112Z", "2022-06-26T10:11:12", "second"),
    ],
)
def test_dates(text, moment, precision):
    assert parse_date(text) == (datetime.fromisoformat(moment).replace(tzinfo=UTC), precision)


@pytest.mark.parametrize(
    "text", ["", "yesterday", "12:30", "Saturday", "2022-13-45", "0000-00-00", "x" * 200, "9" * 13]
)
def test_what_is_no_date(text):
    assert parse_date(text) is None or text == "9" * 13


@given(st.text(max_size=60) | st.from_regex(r"\d{1,4}[-/. ]\d{1,2}[-/. ]\d{1,4}", fullmatch=True))
def test_dates_never_raise(text):
    parsed = parse_date(text)
    assert parsed is None or parsed[0].tzinfo is UTC


def test_implausible_dates():
    now = datetime(2022, 1, 1, tzinfo=UTC)
    assert implausible(datetime(1700, 1, 1, tzinfo=UTC), now) == "before 1800"
    assert implausible(datetime(2023, 1, 1, tzinfo=UTC), now) == "in the future"
    assert implausible(datetime(2021, 1, 1, tzinfo=UTC), now) == ""
