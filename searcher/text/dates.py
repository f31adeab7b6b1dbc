"""Dates as newsrooms write them, as aware UTC times with the precision that was stated.

A date passes five places:
1. `sources/page/page_dates` (and each other format's reader) collects the strings that state a
   date, with where each was found;
2. `reading/normalise` chooses among them, and refuses a time that is not plausible;
3. this module parses one string: ISO, Unix time, RFC 5322, figures, and then words;
4. `text/zones` has the time zones by name, `text/months` the months of many languages, and
   `text/calendars` the calendars beside the Gregorian one;
5. `query/values` parses the dates typed in a query (`after:`, `before:`, `on:`).

`searcher parse FILE --json` shows the string's origin beside each date.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta
from functools import cache, lru_cache
from itertools import islice
from typing import Any
from unicodedata import normalize

from searcher.article import Precision
from searcher.text.calendars import gregorian
from searcher.text.months import month_of, named_date, slashed_date
from searcher.text.zones import ZONE, is_zone, stated_zone, zone_of

EARLIEST_YEAR = 1800
"""Earliest year of publication that is plausible. Earlier dates are errors of parsing, or dates of
the subject."""
_LONGEST = 100
"""Maximum length of a string that is parsed, in characters. Longer strings are sentences, on which
dateutil and dateparser are slow and wrong."""
_CONTROL = re.compile(r"&#\d{1,2};|[\x00-\x08\x0e-\x1f]")
"""Character references and control characters, behind which nothing of a date follows."""
_ISO = re.compile(
    r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2})"
    r"(?:[T ](\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?\s?(Z|[+-]\d{2}:?\d{2}|UTC|GMT)?)?)?)?"
)
"""ISO 8601, from a year alone to a time with a zone."""
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:T?(\d{2})(\d{2})(\d{2})?(Z|[+-]\d{2}:?\d{2})?)?")
"""ISO 8601 without separators, "20240503T101500Z"."""
_EPOCH = re.compile(r"\d{10}(?:\d{3})?")
"""Unix time in seconds or milliseconds."""
_YEAR = re.compile(r"(?<!\d)\d{4}(?!\d)")
"""A number of four digits. A date in words without it is taken only if `seen` is known."""
_CLOCK = re.compile(r"(?<!\d)\d{1,2}:\d{2}(:\d{2})?")
"""A time of the day with a colon."""
_HOURS = re.compile(
    r"(?<![\d.:])(?:[àa]\s)?([01]?\d|2[0-4])(?:\s?h\s?|[.])([0-5]\d)(?![\d.:])(?:\s?(?:min|uhr|klo)\b)?|"
    r"(?<![\d.:])([01]?\d|2[0-4])\s?h(?=\W|$)",
    re.IGNORECASE,
)
"""A time of the day as in "14h30", "à 9 h" and "10.30pm"."""
IN_WORDS = (
    r"(?i:(?<!\d)\d{1,2}(?:st|nd|rd|th|er|º|\.)?\s(?:(?:de|of)\s)?"
    r"(?:[^\W\d_]{3,12}|[\u0600-\u0d7f/]{2,20})\.?,?\s(?:de\s)?"
    r"|(?<![^\W\d_])[^\W\d_]{3,12}\.?\s\d{1,2}(?:st|nd|rd|th)?,?\s)\d{4}(?!\d)"
)
"""Pattern of a day, the name of a month and a year, in either order of day and month."""
_WITHIN = re.compile(
    rf"(?:(?<!\d)\d{{1,2}}:\d{{2}}(?:\s?[ap]\.?m\.?)?(?:\s[A-Z]{{2,4}})?[,\s]{{1,3}})?{IN_WORDS}"
    r"(?:[^\w\n]{1,3}(?:(?:at|um|à|a las|alle|às|om|kl\.?|"
    r"o)\s)?\d{1,2}:\d{2}(?::\d{2})?(?:\s?[ap]\.?m\.?)?"
    r"(?:\s?(?:GMT|UTC)?\s?[+-]\d{1,2}(?::?\d{2})?(?!\d)|\s?[A-Z]{3,4}\b)?)?",
    re.IGNORECASE,
)
"""A date in words inside a line that has other words, too, with its time of day."""
_RFC = re.compile(
    r"(?:[^\W\d_]{2,12}\.?,?\s+)?(?P<day>\d{1,2})\.?[\s/-](?P<month>[^\W\d_]{3,12})\.?,?[\s/-](?P<year>\d{4})"
    r"(?:[\s,T]{1,3}(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:\.\d+)?)?)?"
    r"(?:\s?(?P<zone>Z|[+-]\d{2}:?\d{2}|[A-Z]{2,5}))?"
)
"""A date as in mail and feeds: "Fri, 03 May 2024 10:00:00 +0200", "mar., 04 mai 2021"."""
_END_OF_DAY = re.compile(r"(?<![\d:])24:00(?::00)?(?!\d)")
"""Midnight as the end of a day."""
_DAY_FIRST = re.compile(
    r"(?<![\d.])(?P<day>\d{1,2})\.\s?(?P<month>\d{1,2})\.\s?(?P<year>\d{4}|\d{2})(?![\d.])"
    rf"(?:\D{{1,12}}?(?P<hour>\d{{1,2}})[:.](?P<minute>\d{{2}})(?!\d)(?::\d{{2}})?{ZONE})?"
)
"""A date in figures with dots, day first."""
_YEAR_FIRST = re.compile(
    r"(?<![\d./-])(?P<year>\d{4})(?:[-/]|\.\s?|[年년]\s?)(?P<month>\d{1,2})(?:[-/]|\.\s?|[月월]\s?)(?P<day>\d{1,2})(?!\d)[日일.]?"
    r"(?:(?:[^\d+]{1,12}?|(?<=[日일]))(?P<half>午後|下午|晚上|오후)?(?:午前|上午|오전)?\s?"
    rf"(?P<hour>\d{{1,2}})(?:[:：时時h.]|시\s?)(?P<minute>\d{{2}})(?!\d)[分분]?(?::\d{{2}})?{ZONE})?"
)
"""A date in figures, year first, also with the signs of Chinese, Japanese and Korean."""
_CLOCK_BEFORE = re.compile(
    r"(?<![\d:.])(\d{1,2}):(\d{2})(?::\d{2})?(?:\s?(?:uhr|h))?[\s,|·•–-]{1,4}$", re.IGNORECASE
)
"""A time of the day in front of a date in figures."""
_ZONE_NAME = re.compile(r"((?:\d|[APap][Mm]) )([A-Z]{3,5})$")
"""The name of a zone behind a time of the day."""
_NUMBERED = re.compile(r"(?:\w{1,3},\s*)?(?<!\d)(\d{1,2})\s(\d{1,2})[月월]\s(\d{4})(?!\d)")
"""A date of mail with the month of Chinese, Japanese or Korean, "목, 06 4월 2023"."""
_BRACKETED = re.compile(r"\s?[(\[]((?:GMT|UTC)?\s?[+-]\d{1,2}(?::?\d{2})?|[A-ZМСК]{2,5})[)\]]")
"""A zone in brackets."""
_HUNGARIAN = re.compile(r"(?<!\d)(\d{4})\.\s([^\W\d_]{3,12})\s(\d{1,2})\.,?\s?")
"""A date in words with the year first, "2021. május 4."."""
_LOG = re.compile(r"(\d{1,2})/([A-Za-z]{3})/(\d{4}):(\d{2}:\d{2}:\d{2})")
"""A moment as the logs of servers write it, "04/May/2021:10:00:00"."""
_GMT = re.compile(r"\b(?:GMT|UTC)\s?(?=[+-]\d)")
"""The name of the zone in front of an offset."""
_REGION = re.compile(r"(?<!\s)\[[\w/+-]{1,40}\]$")
"""The name of a region in brackets, which Java appends to a time without a space."""


def parse_date(
    text: str, language: str = "", seen: datetime | None = None
) -> tuple[datetime, Precision] | None:
    """Return the moment that `text` states, in UTC, and its precision; None if it states none.
    Never raises.

    Formats: ISO 8601, RFC 5322, Unix times in seconds or milliseconds, dates in figures, and dates
    in words of English and of `language`. A time without a zone is taken as UTC;
    `reading.normalise` moves it to the zone of the outlet.

    language: ISO 639-1 code, perhaps with a region: in "en-GB" the day comes first, in "en" the
        month.
    seen: the moment that relative dates ("two hours ago") count from; without it they are not
        parsed.
    """
    text = normalize("NFC", _REGION.sub("", _CONTROL.split(text, maxsplit=1)[0].strip()))
    if not text or len(text) > _LONGEST:
        return None
    try:
        code = language.replace("_", "-").partition("-")[0].lower()
        month_first = code in ("", "en", "und") and language[3:].upper() in ("", "US", "PH")
        if _END_OF_DAY.search(text):
            found = _parsed(_END_OF_DAY.sub("00:00:00", text), code, month_first, seen)
            return (found[0] + timedelta(days=1), found[1]) if found else None
        return _parsed(text, code, month_first, seen)
    except (ValueError, OverflowError, TypeError):
        return None


def _parsed(
    text: str, language: str, month_first: bool, seen: datetime | None
) -> tuple[datetime, Precision] | None:
    """Parse a date by one form after another. language: ISO 639-1 code, without a region."""
    text = _BRACKETED.sub(r" \1", text)
    text = _HUNGARIAN.sub(r"\3 \2 \1 ", text)
    text = _LOG.sub(r"\1 \2 \3 \4", _NUMBERED.sub(r"\3-\2-\1", gregorian(text)))
    if found := _iso(text) or _number(text) or _rfc(text) or _numeric(text, language):
        return found
    text = _HOURS.sub(_with_colon, text.replace("МСК", "MSK"))
    for part in (text, *(match.group() for match in islice(_WITHIN.finditer(text), 1))):
        if found := _free(part, not month_first) or _in_words(part, language, seen):
            return found
    return named_date(text) or slashed_date(text, month_first)


def _with_colon(clock: re.Match[str]) -> str:
    hour, minute, whole = clock.groups()
    return f"{hour or whole}:{minute or '00'}"


def implausible(moment: datetime, now: datetime) -> str:
    """Return why `moment` cannot be the time of publication, or "" if it can.

    One day in the future is allowed, for errors in time zones.
    """
    if moment.year < EARLIEST_YEAR:
        return f"before {EARLIEST_YEAR}"
    if moment > now + timedelta(days=1):
        return "in the future"
    return ""


def _iso(text: str) -> tuple[datetime, Precision] | None:
    """Parse a date of ISO 8601, as precisely as it is stated."""
    match = _ISO.fullmatch(text)
    if not match:
        return None
    year, month, day, hour, minute, second, zone = match.groups()
    precision: Precision = (
        "second" if second else "minute" if hour else "day" if day else "month" if month else "year"
    )
    moment = datetime(
        int(year), int(month or 1), int(day or 1), int(hour or 0), int(minute or 0),
        min(int(second or 0), 59),
        tzinfo=zone_of(zone or ""),
    )  # fmt: skip
    return moment.astimezone(UTC), precision


def _number(text: str) -> tuple[datetime, Precision] | None:
    """Parse a date in digits alone: Unix time, or ISO 8601 without separators."""
    if _EPOCH.fullmatch(text):
        return datetime.fromtimestamp(int(text[:10]), UTC), "second"
    if match := _COMPACT.fullmatch(text):
        *figures, zone = match.groups()
        parts = [int(part) for part in figures if part]
        precision: Precision = (
            "second" if len(parts) == 6 else "minute" if len(parts) == 5 else "day"
        )
        moment = datetime(*parts, tzinfo=zone_of(zone or ""))  # type: ignore[arg-type,misc]
        return moment.astimezone(UTC), precision
    return None


def _rfc(text: str) -> tuple[datetime, Precision] | None:
    """Parse a date of RFC 5322, with variants. dateutil reads it too, in 80 times the time."""
    match = _RFC.fullmatch(text)
    month = month_of(match["month"]) if match else None
    zone = (match["zone"] or "") if match else ""
    if match is None or month is None or not is_zone(zone):
        return None
    hour, second = match["hour"], match["second"]
    precision: Precision = "second" if second else "minute" if hour else "day"
    clock = int(hour or 0), int(match["minute"] or 0), min(int(second or 0), 59)
    moment = datetime(int(match["year"]), month, int(match["day"]), *clock, tzinfo=zone_of(zone))
    return moment.astimezone(UTC), precision


def _numeric(text: str, language: str) -> tuple[datetime, Precision] | None:
    """Parse a date in figures in a short line: "Do 25.04.24 | 14:07 Uhr", "2024年4月25日"."""
    match = _YEAR_FIRST.search(text) or _DAY_FIRST.search(text)
    if not match:
        return None
    parts = match.groupdict()
    year = int(parts["year"]) + (2000 if len(parts["year"]) == 2 else 0)
    hour, past = parts["hour"], parts["minute"]
    if not hour and (before := _CLOCK_BEFORE.search(text[: match.start()])):
        hour, past = before.groups()
    afternoon = bool(parts.get("half")) and int(hour or 12) < 12
    clock = int(hour or 0) + 12 * afternoon, int(past or 0)
    zone = zone_of(parts["zone"] or "", language)
    moment = datetime(year, int(parts["month"]), int(parts["day"]), *clock, tzinfo=zone)
    return moment.astimezone(UTC), "minute" if hour else "day"


def _free(text: str, day_first: bool) -> tuple[datetime, Precision] | None:
    """Parse a date in English words with dateutil."""
    from dateutil.parser import ParserError

    # dateutil reads "GMT+7" as POSIX does: seven hours west of Greenwich.
    text = _GMT.sub("", text)
    try:
        return _english(text, day_first)
    except (ParserError, ValueError, OverflowError):
        return None


@lru_cache(1 << 10)
def _in_words(text: str, language: str, seen: datetime | None) -> tuple[datetime, Precision] | None:
    """Parse a date in the words of a language with dateparser.

    Cached, as dateparser takes milliseconds and feeds repeat their dates.
    """
    # Without a list of languages dateparser detects it, in a tenth of a second for each text.
    languages = sorted({"nb" if language == "no" else language, "en"} & _dateparser_languages())
    if not any(map(str.isalpha, text)) or (seen is None and not _YEAR.search(text)):
        return None
    import dateparser

    settings: Any = {
        "PREFER_DAY_OF_MONTH": "first", "DATE_ORDER": "DMY", "RETURN_AS_TIMEZONE_AWARE": True,
        "TO_TIMEZONE": "UTC",
        "TIMEZONE": "UTC", "RELATIVE_BASE": (seen or datetime(2000, 1, 1)).replace(tzinfo=None),
        "REQUIRE_PARTS": [] if seen else ["day", "month", "year"],
    }  # fmt: skip
    # dateparser knows other zones by these names: IST as Israel's.
    text = _ZONE_NAME.sub(lambda match: match.group(1) + _offset_of(match.group(2)), text)
    found = dateparser.parse(text, languages=languages, settings=settings)
    if found is None:
        return None
    found = found.replace(microsecond=0).astimezone(UTC)
    # "Yesterday" and "3 days ago" state no hour: dateparser returns the hour of `seen`.
    whole_days = (
        seen is not None
        and (seen.replace(microsecond=0) - found) % timedelta(days=1) == timedelta()
    )
    if _CLOCK.search(text) or (
        not _YEAR.search(text) and not whole_days and found.time() != time()
    ):
        return found, "minute"
    return datetime.combine(found.date(), time(), UTC), "day"


def _offset_of(name: str) -> str:
    """Return the offset of a zone of one meaning, for a time of the year that does not matter; the
    name for one that is not known."""
    offset = zone_of(name).utcoffset(None) if is_zone(name) else None
    if offset is None:
        return name
    minutes = int(offset.total_seconds()) // 60
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"


@cache
def _dateparser_languages() -> frozenset[str]:
    """Return the languages (ISO 639-1) that dateparser knows. Read once, cached."""
    from dateparser.data.languages_info import language_order

    return frozenset(language_order)


def _english(text: str, day_first: bool) -> tuple[datetime, Precision] | None:
    """Parse a date in English words with dateutil. Raises ParserError, ValueError or
    OverflowError."""
    from dateutil import parser

    if not _YEAR.search(text) and not _CLOCK.search(text):
        return None
    # Parsed with two defaults: a part in which the results differ was not stated in the text.
    first, other = (
        parser.parse(text, default=default, tzinfos=stated_zone, dayfirst=day_first)
        for default in (datetime(2000, 1, 1), datetime(2001, 2, 2))
    )
    if first.year != other.year:
        return None
    clock = _CLOCK.search(text)
    precision: Precision = "day"
    if first.month != other.month:
        precision = "year"
    elif first.day != other.day:
        precision = "month"
    elif clock:
        precision = "second" if clock.group(1) else "minute"
    aware = first if first.tzinfo else first.replace(tzinfo=UTC)
    return aware.astimezone(UTC).replace(microsecond=0), precision
