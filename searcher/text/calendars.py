"""Dates of other calendars, as dates of the Gregorian one.

`gregorian` replaces a date of the Persian, Islamic, Thai or Japanese calendar, or of the Republic
of China, by the same day in ISO 8601; `text.dates` parses the result. A date of the Gregorian
calendar beside one of another is preferred, as the Islamic month begins a day earlier or later by
country: here by the tabular calendar, which is at most one day off.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

_LETTERS = str.maketrans("يكة", "یکه")
"""Letters of Arabic by those of Persian, as both occur in the names of months."""
_JALALI = {
    name: number
    for number, names in enumerate(
        "فروردین|حمل اردیبهشت|ثور خرداد|جوزا تیر|سرطان مرداد|امرداد|اسد شهریور|سنبله مهر|میزان "
        "آبان|عقرب آذر|قوس دی|جدی بهمن|دلو اسفند|حوت".split(),
        1,
    )
    for name in names.translate(_LETTERS).split("|")
}
"""Months of the Persian calendar, as in Iran and in Afghanistan."""
_HIJRI = {
    name: number
    for number, names in enumerate(
        "محرم صفر ربيع_الأول|ربيع_الاول|ربيع_أول ربيع_الآخر|ربيع_الاخر|ربيع_الثاني|ربيع_ثاني "
        "جمادى_الأولى|جمادى_الاولى|جمادي_الأولى جمادى_الآخرة|جمادى_الاخرة|جمادى_الثانية رجب شعبان "
        "رمضان شوال ذو_القعدة|ذي_القعدة|ذوالقعدة ذو_الحجة|ذي_الحجة|ذوالحجة".split(),
        1,
    )
    for name in names.translate(_LETTERS).replace("_", " ").split("|")
}
"""Months of the Islamic calendar."""
_THAI = {
    name: number
    for number, names in enumerate(
        "มกราคม|ม.ค. กุมภาพันธ์|ก.พ. มีนาคม|มี.ค. เมษายน|เม.ย. พฤษภาคม|พ.ค. มิถุนายน|มิ.ย. "
        "กรกฎาคม|ก.ค. สิงหาคม|ส.ค. กันยายน|ก.ย. ตุลาคม|ต.ค. พฤศจิกายน|พ.ย. ธันวาคม|ธ.ค.".split(),
        1,
    )
    for name in names.split("|")
}
"""Thai names of months."""
_ERAS = {"明治": 1867, "大正": 1911, "昭和": 1925, "平成": 1988, "令和": 2018}
"""Japanese eras, with the year before their first."""
_LETTERS_OF_ERAS = {"S": "昭和", "H": "平成", "R": "令和"}
"""Eras by the letter that stands for their name, as in "R6.3.7"."""
_BUDDHIST, _MINGUO = 543, 1911
"""Years between these calendars and the Gregorian one."""
_SHORT_YEAR = 100
"""Years from here on are not written with two digits."""
_THAI_YEARS = range(2400, 2700)
"""Years that are Thai ones where no name of a month says so."""
_JALALI_YEARS = range(1300, 1500)
"""Years of the Persian and of the Islamic calendar in which news is published."""
_DIGITS = str.maketrans(
    "۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩०१२३४५६७८९০১২৩৪৫৬৭৮৯๐๑๒๓๔๕๖๗๘๙０１２３４５６７８９", "0123456789" * 6
)
"""Digits of other scripts, by ASCII digits."""
_NUMERALS = {sign: str(number) for number, sign in enumerate("〇一二三四五六七八九")} | {"零": "0"}
"""Chinese digits."""
_NUMBER = re.compile(r"[〇零一二三四五六七八九十]{1,4}(?=[年月日])")
"""A number in Chinese digits in a date."""
_SAME_YEAR = re.compile(
    rf"(?<=年)\s?[（(](?:(?:{'|'.join(_ERAS)})\s?(?:元|\d{{1,2}})|\d{{4}})年?[)）]\s?(?=\d)"
)
"""The year of another calendar in brackets behind a year, "令和6年（2024年）3月7日"."""
_GREGORIAN = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
"""A year of the Gregorian calendar."""


def _any_of(names: dict[str, int]) -> str:
    return "|".join(map(re.escape, sorted(names, key=len, reverse=True)))


_NAMED = re.compile(
    rf"(?<!\d)(?P<jd>\d{{1,2}})\s+(?P<jm>{_any_of(_JALALI)})(?:\s+ماه)?،?\s+(?P<jy>\d{{4}})(?!\d)"
    rf"|(?<!\d)(?P<hd>\d{{1,2}})[\s-]+(?P<hm>{_any_of(_HIJRI)})[\s،-]+(?P<hy>\d{{4}})(?!\d)(?:\s?هـ?)?"
    rf"|(?<!\d)(?P<td>\d{{1,2}})\s*(?P<tm>{_any_of(_THAI)})\s*(?:พ\.?ศ\.?\s*)?(?P<ty>\d{{4}}|\d{{2}})(?!\d)"
    r"|(?<![A-Za-z\d])(?P<le>[RHS])\.?(?P<ly>\d{1,2})[./](?P<lm>\d{1,2})[./](?P<ld>\d{1,2})(?![\d./])"
    rf"|(?P<era>{_any_of(_ERAS)})\s?(?P<ey>元|\d{{1,2}})\s?年\s?(?P<em>\d{{1,2}})\s?月\s?(?P<ed>\d{{1,2}})\s?日"
    r"|民[國国]\s?(?P<my>\d{1,3})\s?[年/.-]\s?(?P<mm>\d{1,2})\s?[月/.-]\s?(?P<md>\d{1,2})(?:\s?日)?"
)  # fmt: skip
"""A date with the name of a month, an era or the republic."""
_FIGURES = re.compile(
    r"(?<![\d./-])(?:(?P<y>1[34]\d\d)[/.-](?P<m>\d{1,2})[/.-](?P<d>\d{1,2})"
    r"|(?P<bd>\d{1,2})[/.-](?P<bm>\d{1,2})[/.-](?P<by>2[4-6]\d\d)"
    r"|(?P<cy>2[4-6]\d\d)[/.-](?P<cm>\d{1,2})[/.-](?P<cd>\d{1,2})"
    r"|(?P<ty>1[01]\d|12[0-9])[/.-](?P<tm>0?[1-9]|1[0-2])[/.-](?P<td>0?[1-9]|[12]\d|3[01]))(?![\d/.-])"
)
"""A date in figures: Persian, Taiwanese or Thai with the year first, Thai with the year last. As
Gregorian ones they would be of the Middle Ages, or of the far future."""


def in_ascii_digits(text: str) -> str:
    """Return a text with its digits as ASCII digits, and a Chinese date in figures."""
    if text.isascii():
        return text
    text = text.translate(_DIGITS)
    return _SAME_YEAR.sub("", _NUMBER.sub(_figures, text)) if "年" in text else text


def names_other_calendar(text: str) -> bool:
    """Return whether a text has a date of another calendar, by a name in it."""
    return not text.isascii() and bool(_NAMED.search(in_ascii_digits(text).translate(_LETTERS)))


def gregorian(text: str) -> str:
    """Return a text with its dates of other calendars as ISO 8601; without them if it has a
    Gregorian date beside them."""
    text = in_ascii_digits(text)
    if not text.isascii() and (named := _NAMED.search(text.translate(_LETTERS))):
        rest = text[: named.start()] + text[named.end() :]
        if named["hd"] and _GREGORIAN.search(rest):
            return rest
        return _replaced(text, named, _named_day)
    match = _FIGURES.search(text)
    return _replaced(text, match, _day_in_figures) if match else text


def _figures(match: re.Match[str]) -> str:
    """Return a number in Chinese digits in figures: 二〇二一 and 二十一 are 2021 and 21."""
    text = match.group()
    tens, ten, ones = text.partition("十")
    if ten:
        return str(int(_NUMERALS.get(tens, "1")) * 10 + int(_NUMERALS.get(ones, "0")))
    return "".join(_NUMERALS[sign] for sign in text)


def _replaced(text: str, match: re.Match[str], day: Callable[[re.Match[str]], date]) -> str:
    """Return a text with a match replaced by the day it states; unchanged for an impossible day."""
    try:
        iso = day(match).isoformat()
    except (ValueError, OverflowError):
        return text
    return f"{text[: match.start()]}{iso}{text[match.end() :]}"


def _named_day(match: re.Match[str]) -> date:
    """Return the day of a match of _NAMED. Raises ValueError for an impossible one."""
    if match["jd"]:
        return from_jalali(int(match["jy"]), _JALALI[match["jm"]], int(match["jd"]))
    if match["hd"]:
        return from_hijri(int(match["hy"]), _HIJRI[match["hm"]], int(match["hd"]))
    if match["td"]:
        year = int(match["ty"])
        year += 2500 if year < _SHORT_YEAR else 0
        year -= _BUDDHIST if year in _THAI_YEARS else 0
        return date(year, _THAI[match["tm"]], int(match["td"]))
    if match["le"]:
        year = _ERAS[_LETTERS_OF_ERAS[match["le"]]] + int(match["ly"])
        return date(year, int(match["lm"]), int(match["ld"]))
    if match["era"]:
        year = 1 if match["ey"] == "元" else int(match["ey"])
        return date(_ERAS[match["era"]] + year, int(match["em"]), int(match["ed"]))
    return date(int(match["my"]) + _MINGUO, int(match["mm"]), int(match["md"]))


def _day_in_figures(match: re.Match[str]) -> date:
    """Return the day of a match of _FIGURES. Raises ValueError for an impossible one."""
    if match["by"]:
        return date(int(match["by"]) - _BUDDHIST, int(match["bm"]), int(match["bd"]))
    if match["cy"]:
        return date(int(match["cy"]) - _BUDDHIST, int(match["cm"]), int(match["cd"]))
    if match["ty"]:
        return date(int(match["ty"]) + _MINGUO, int(match["tm"]), int(match["td"]))
    return from_jalali(int(match["y"]), int(match["m"]), int(match["d"]))


def from_jalali(year: int, month: int, day: int) -> date:
    """Return the day of a Persian date, by the cycle of 33 years, which is right from 1244 to 1472.

    Raises ValueError for an impossible one.
    """
    if year not in _JALALI_YEARS or not 1 <= month <= 12 or not 1 <= day <= 31:
        raise ValueError("not a Persian date of our time")
    before = (month - 1) * 31 if month < 7 else (month - 7) * 30 + 186
    cycles, rest = divmod(year + 1595, 33)
    return date.fromordinal(
        365 * (year + 1595) + cycles * 8 + (rest + 3) // 4 + before + day - 356_033
    )


def from_hijri(year: int, month: int, day: int) -> date:
    """Return the day of an Islamic date by the tabular calendar. Raises ValueError for an
    impossible one."""
    if year not in _JALALI_YEARS or not 1 <= day <= 30:
        raise ValueError("not an Islamic date of our time")
    months = (59 * (month - 1) + 1) // 2
    return date.fromordinal((year - 1) * 354 + (3 + 11 * year) // 30 + months + day + 227_014)
