"""Values of the query's fields of languages and dates."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

_DATE = re.compile(r"(\d{4})(?:[-/.](\d{1,2})(?:[-/.](\d{1,2}))?)?")
_AGO = re.compile(r"(\d{1,5})([dwmy])")
_COMPARED = re.compile(r"([<>]=?)(\S+)")
"""A date with a comparison."""
_RANGE = re.compile(r"(?:[\[{]\s*)?(\S*?)(?:\s+to\s+|/|\.\.)(\S*?)(?:\s*[\]}])?")
"""Two dates with a sign between them, perhaps in brackets."""
_AGO_DAYS = {"d": 1, "w": 7, "m": 30, "y": 365}
"""Days by unit of a relative date."""
_CODE = re.compile(r"([a-z]{2,3})(?:[-_][a-z0-9]+)*")
CODES = frozenset(
    "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy "
    "da de dv dz ee el en "
    "eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii "
    "ik io is it iu ja jv "
    "ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr "
    "ms mt my na nb nd ne "
    "ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg sh si sk "
    "sl sm sn so sq sr ss "
    "st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk und ur uz ve vi vo wa wo xh yi "
    "yo za zh zu".split()
)
"""Codes that lang: takes: those of ISO 639-1, and "und" for an unknown language."""

_NAMES = {
    "arabic": "ar", "bulgarian": "bg", "chinese": "zh", "czech": "cs", "danish": "da",
    "dutch": "nl", "english": "en",
    "finnish": "fi", "french": "fr", "german": "de", "greek": "el", "hebrew": "he", "hindi": "hi",
    "hungarian": "hu",
    "indonesian": "id", "italian": "it", "japanese": "ja", "korean": "ko", "norwegian": "no",
    "persian": "fa",
    "polish": "pl", "portuguese": "pt", "romanian": "ro", "russian": "ru", "spanish": "es",
    "swedish": "sv",
    "thai": "th", "turkish": "tr", "ukrainian": "uk", "vietnamese": "vi",
}  # fmt: skip
"""Codes by the English names of languages."""

_SPELLINGS = {
    "nb": "no", "nn": "no", "iw": "he", "cn": "zh", "jp": "ja", "eng": "en", "fra": "fr",
    "fre": "fr", "deu": "de",
    "ger": "de", "spa": "es", "rus": "ru", "ita": "it", "por": "pt", "ara": "ar", "zho": "zh",
    "chi": "zh", "jpn": "ja",
}  # fmt: skip
"""The codes that articles have, by other codes of the same languages."""

Bounds = tuple[datetime | None, datetime | None]
"""Start and end of a half-open range; None is an open end."""


def language_codes(value: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the codes in "en", "en-GB", "english" or "en,fr", and the parts that are no
    language."""
    codes: dict[str, None] = {}
    unknown = []
    for part in value.split(","):
        word = part.strip().lower()
        match = _CODE.fullmatch(word)
        if word in _NAMES:
            codes[_NAMES[word]] = None
        elif match and (code := _SPELLINGS.get(match.group(1), match.group(1))) in CODES:
            codes[code] = None
        elif word:
            unknown.append(part.strip())
    return tuple(codes), tuple(unknown)


def date_range(field: str, value: str, now: datetime) -> Bounds | None:
    """Return the half-open range in UTC of a date field; None if `value` is no date.

    field: "after" begins with the stated year, month or day; "before" ends with the beginning of
    the stated one; "on" is the whole of it.
    value: the date as typed; "7d" is the moment 7 days before `now`, and on:7d the time since.
    now: the current time.
    """
    period = _period(value.strip().lower(), now)
    if period is None:
        return _between(value.strip().lower(), now)
    begin, end = period
    if field == "after":
        return begin, None
    if field == "before":
        return None, begin
    return begin, end


def _between(value: str, now: datetime) -> Bounds | None:
    """Return the range of "[2022 TO 2023]", "2022-03/2022-04", "2022..2023" or ">=2022", with both
    ends included; an asterisk, or nothing, is an open end. None if it is no range of dates."""
    if compared := _COMPARED.fullmatch(value):
        period = _period(_day(compared[2]), now)
        if period is None:
            return None
        begin, end = period
        return {"<": (None, begin), "<=": (None, end), ">": (end, None), ">=": (begin, None)}[
            compared[1]
        ]
    match = _RANGE.fullmatch(value)
    if match is None:
        return None
    first, last = (_day(part) for part in match.groups())
    begins = None if first in ("", "*") else _period(first, now)
    ends = None if last in ("", "*") else _period(last, now)
    if (begins is None and first not in ("", "*")) or (ends is None and last not in ("", "*")):
        return None
    return begins[0] if begins else None, ends[1] if ends else None


def _day(value: str) -> str:
    """Return a date without its time of day."""
    return value.partition("t")[0] if value[:1].isdigit() and "t" in value[8:] else value


def _period(value: str, now: datetime) -> tuple[datetime, datetime] | None:
    today = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    day = timedelta(days=1)
    try:
        if value in ("today", "yesterday"):
            begin = today if value == "today" else today - day
            return begin, begin + day
        if match := _AGO.fullmatch(value):
            return now - timedelta(days=int(match.group(1)) * _AGO_DAYS[match.group(2)]), now + day
        if match := _DATE.fullmatch(value):
            year, month, date = (int(part) if part else None for part in match.groups())
            assert year is not None
            begin = datetime(year, month or 1, date or 1, tzinfo=UTC)
            if date:
                return begin, begin + day
            return begin, datetime(
                year + (month in (None, 12)), (month or 12) % 12 + 1, 1, tzinfo=UTC
            )
    except (ValueError, OverflowError):
        return None
    return None
