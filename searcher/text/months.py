"""Names of months, by which a date is read whose language is not known, as in feeds and mail."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import cache

from searcher.article import Precision
from searcher.text.zones import ZONE, zone_of

_NAMES = (
    "jan january januar januari janvier janv jän jänner ene enero gen gennaio janeiro ian "
    "ianuarie sty stycznia styczeń oca ocak янв января січ січня ιαν ιανουαρίου tammi "
    "tammikuuta ledna يناير جانفي जनवरी জানুয়ারি",
    "feb february februar februari février fév févr febrero febbraio fevereiro fev februarie "
    "lut lutego şub şubat фев февр февраля лют лютого φεβ φεβρουαρίου helmi helmikuuta února "
    "úno فبراير فيفري फरवरी फ़रवरी ফেব্রুয়ারি شباط",
    "mar march mär märz mrz mars marzo março marts maart mrt martie marca marzec mart márc "
    "мар март марта бер березня μαρ μαρτίου maalis maaliskuuta března bře مارس मार्च মার্চ آذار",
    "apr april avr avril abr abril aprile aprilie kwi kwietnia kwiecień nis nisan ápr апр "
    "апреля кві квітня απρ απριλίου huhti huhtikuuta dubna dub أبريل إبريل ابريل أفريل अप्रैल "
    "এপ্রিল نيسان",
    "may mai maj mayo mag maggio maio mei maja mayıs máj май мая тра травня μάι μαΐ μαΐου "
    "touko toukokuuta května kvě مايو ماي मई মে أيار",
    "jun june juni juin junio giu giugno junho iun iunie cze czerwca czerwiec haz haziran jún "
    "июн июня чер червня ιουν ιουνίου kesä kesäkuuta června čvn يونيو يونيه جوان जून জুন "
    "حزيران",
    "jul july juli juil juillet julio lug luglio julho iul iulie lip lipca lipiec tem temmuz "
    "júl июл июля липня ιουλ ιουλίου heinä heinäkuuta července čvc يوليو يوليه جويلية जुलाई "
    "জুলাই تموز",
    "aug august augusti augustus août aou aoû ago agosto sie sierpnia sierpień ağu ağustos "
    "agu agustus авг августа сер серпня αυγ αυγούστου elo elokuuta srpna أغسطس اغسطس أوت "
    "अगस्त আগস্ট آب",
    "sep sept september septembre sett set settembre septiembre setiembre setembro septembrie "
    "wrz września wrzesień eyl eylül szept сен сент сентября вер вересня σεπ σεπτεμβρίου syys "
    "syyskuuta září zář سبتمبر सितंबर सितम्बर সেপ্টেম্বর أيلول",
    "oct october okt oktober octobre octubre ott ottobre out outubro octombrie paź "
    "października październik eki ekim окт октября жов жовтня οκτ οκτωβρίου loka lokakuuta "
    "října říj أكتوبر اكتوبر अक्टूबर अक्तूबर অক্টোবর",
    "nov november novembre noviembre novembro noiembrie lis listopada listopad kas kasım ноя "
    "нояб ноября листопада νοε νοεμβρίου marras marraskuuta نوفمبر नवंबर नवम्बर নভেম্বর",
    "dec december dez dezember déc décembre dic diciembre dicembre dezembro decembrie gru "
    "grudnia grudzień ara aralık des desember дек декабря гру грудня δεκ δεκεμβρίου joulu "
    "joulukuuta prosince pro ديسمبر दिसंबर दिसम्बर ডিসেম্বর",
)  # fmt: skip
"""Names and abbreviations by month. A name of different months in two languages, such as
"listopad", has the month of the one with more outlets."""
_NAMED = re.compile(
    r"(?<!\d)(?P<day>\d{1,2})(?:st|nd|rd|th|er|º|\.)?\s(?:(?:de|of)\s)?(?P<month>[^\W\d_]{3,12}|[\u0600-\u0d7f]{2,16})(?:/[^\W\d_]{2,12})?\.?,?\s(?:de\s)?"
    r"(?P<year>\d{4})(?!\d)"
    rf"(?:\D{{1,12}}?(?P<hour>\d{{1,2}}):(?P<minute>\d{{2}})(?!\d)(?::\d{{2}})?(?!\s?[ap]\.?m){ZONE})?"
)
"""A day, the name of a month and a year, with the time of day behind them."""
_SLASHED = re.compile(
    r"(?<![\d/])(\d{1,2})/(\d{1,2})/(\d{4})(?![\d/])"
    rf"(?:\D{{1,12}}?(?P<hour>\d{{1,2}})[:h](?P<minute>\d{{2}})(?!\d)(?!\s?[ap]\.?m){ZONE})?"
)
"""A date in figures with slashes, the year last."""
_MONTHS = 12
"""Number of months. A larger number in a date is a day."""


@cache
def _numbers() -> dict[str, int]:
    """Return the months by their names. Made once, cached."""
    return {name: number for number, names in enumerate(_NAMES, 1) for name in names.split()}


def month_of(name: str) -> int | None:
    """Return the month with this name or abbreviation, from 1; None for another word. Case and a
    full stop do not matter."""
    return _numbers().get(name.casefold().rstrip("."))


def named_date(text: str) -> tuple[datetime, Precision] | None:
    """Parse a day, the name of a month in one of many languages, and a year in a short line."""
    match = _NAMED.search(text)
    month = month_of(match["month"]) if match else None
    if match is None or month is None:
        return None
    clock = int(match["hour"] or 0), int(match["minute"] or 0)
    zone = zone_of(match["zone"] or "")
    moment = datetime(int(match["year"]), month, int(match["day"]), *clock, tzinfo=zone)
    return moment.astimezone(UTC), "minute" if match["hour"] else "day"


def slashed_date(text: str, month_first: bool) -> tuple[datetime, Precision] | None:
    """Parse a date in figures with slashes in a line of other words.

    month_first: whether the month is before the day, as far as both are possible.
    """
    match = _SLASHED.search(text)
    if not match:
        return None
    first, second, year = (int(match[number]) for number in (1, 2, 3))
    if (month_first and first <= _MONTHS) or second > _MONTHS:
        first, second = second, first
    clock = int(match["hour"] or 0), int(match["minute"] or 0)
    moment = datetime(year, second, first, *clock, tzinfo=zone_of(match["zone"] or ""))
    return moment.astimezone(UTC), "minute" if match["hour"] else "day"
