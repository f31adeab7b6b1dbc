"""Time zones by the names that newsrooms use.

dateparser has a table of zones, too. It is not part of its interface, gives IST as Israel's zone
only, and lacks CT, MT and МСК; so the table here is the only one in use.
"""

from __future__ import annotations

import re
from datetime import UTC, timedelta, timezone, tzinfo
from functools import cache

ZONE = r"(?:\s?(?P<zone>(?:GMT|UTC)?\s?[+−-]\d{1,2}(?::?\d{2})?(?!\d)|[A-ZМСК]{1,5}\b))?"
"""A zone behind a time, by offset or by name."""
_HOURS = {
    "Z": 0, "UTC": 0, "GMT": 0, "WET": 0, "WEST": 1, "EST": -5, "EDT": -4, "CST": -6, "CDT": -5,
    "MST": -7, "MDT": -6,
    "PST": -8, "PDT": -7, "AKST": -9, "AKDT": -8, "HST": -10, "AST": -4, "ADT": -3, "NST": -3.5,
    "NDT": -2.5, "BRT": -3,
    "ART": -3, "CLT": -4, "COT": -5, "PET": -5, "BST": 1, "CET": 1, "CEST": 2, "MEZ": 1, "MESZ": 2,
    "WAT": 1, "CAT": 2,
    "SAST": 2, "EET": 2, "EEST": 3, "EAT": 3, "MSK": 3, "МСК": 3, "TRT": 3, "GST": 4, "PKT": 5,
    "IST": 5.5, "NPT": 5.75,
    "ICT": 7, "WIB": 7, "WITA": 8, "WIT": 9, "HKT": 8, "SGT": 8, "PHT": 8, "AWST": 8, "JST": 9,
    "KST": 9, "ACST": 9.5,
    "AEST": 10, "AEDT": 11, "NZST": 12, "NZDT": 13,
}  # fmt: skip
"""Hours east of Greenwich by name. Of names with several meanings the one most used in news was
taken: CST and EST are American, BST is British, IST is Indian."""
_PLACES = {
    "ET": "America/New_York", "CT": "America/Chicago", "MT": "America/Denver",
    "PT": "America/Los_Angeles",
}  # fmt: skip
"""Names that do not state whether it is summer time, with a place whose clock they follow."""

_COUNTRIES = {
    "jp": "Asia/Tokyo", "kr": "Asia/Seoul", "in": "Asia/Kolkata", "cn": "Asia/Shanghai",
    "tw": "Asia/Taipei", "hk": "Asia/Hong_Kong", "sg": "Asia/Singapore", "my": "Asia/Kuala_Lumpur",
    "ph": "Asia/Manila", "th": "Asia/Bangkok", "vn": "Asia/Ho_Chi_Minh", "pk": "Asia/Karachi",
    "bd": "Asia/Dhaka", "lk": "Asia/Colombo", "np": "Asia/Kathmandu", "ir": "Asia/Tehran",
    "il": "Asia/Jerusalem", "sa": "Asia/Riyadh", "ae": "Asia/Dubai", "tr": "Europe/Istanbul",
    "eg": "Africa/Cairo", "ke": "Africa/Nairobi", "ng": "Africa/Lagos", "za": "Africa/Johannesburg",
    "uk": "Europe/London", "ie": "Europe/Dublin", "de": "Europe/Berlin", "at": "Europe/Vienna",
    "ch": "Europe/Zurich", "li": "Europe/Vaduz", "lu": "Europe/Luxembourg", "fr": "Europe/Paris",
    "be": "Europe/Brussels", "nl": "Europe/Amsterdam", "it": "Europe/Rome", "es": "Europe/Madrid",
    "pt": "Europe/Lisbon", "dk": "Europe/Copenhagen", "no": "Europe/Oslo", "se": "Europe/Stockholm",
    "fi": "Europe/Helsinki", "is": "Atlantic/Reykjavik",
    "ee": "Europe/Tallinn", "lv": "Europe/Riga",
    "lt": "Europe/Vilnius", "pl": "Europe/Warsaw", "cz": "Europe/Prague", "sk": "Europe/Bratislava",
    "hu": "Europe/Budapest", "ro": "Europe/Bucharest", "bg": "Europe/Sofia", "gr": "Europe/Athens",
    "rs": "Europe/Belgrade", "hr": "Europe/Zagreb", "si": "Europe/Ljubljana", "ua": "Europe/Kyiv",
    "by": "Europe/Minsk", "ru": "Europe/Moscow", "id": "Asia/Jakarta", "gh": "Africa/Accra",
    "br": "America/Sao_Paulo", "mx": "America/Mexico_City", "cl": "America/Santiago",
    "ve": "America/Caracas", "bo": "America/La_Paz", "pe": "America/Lima",
    "uy": "America/Montevideo", "ar": "America/Argentina/Buenos_Aires",
    "py": "America/Asuncion", "nz": "Pacific/Auckland",
}  # fmt: skip
"""Countries by the last label of their hosts, with the zone of the whole country or of nearly all
its outlets. Labels that outlets of other countries use, too (tv, me, co), are left out."""


_STATED = re.compile(
    r"\d{1,2}[:.h]\d{2}(?:[:.]\d{2}(?:[.,]\d{1,9})?)?(?:\s?[APap]\.?[Mm]\b\.?)?\s?[(\[]?"
    r"(?:(?:GMT|UTC)?\s?[+−-]\d{1,2}(?::?\d{2})?(?![\d/.])|(?P<name>[A-ZМСК]{1,5})\b)"
    r"|\b(?:GMT|UTC)\b|T\d{4,6}(?:Z|[+-]\d{2})"
)
"""A zone behind a time of the day, or the name of Greenwich time anywhere."""
_CLOCK = re.compile(r"\d\s?[:.h]\s?\d{2}|\d\s?h\b|[T ]\d{4,6}$|[시時点]")
"""Signs of a time of the day."""


def is_naive(text: str) -> bool:
    """Return whether a date in a text has a time of the day, and no zone."""
    match = _STATED.search(text)
    stated = match is not None and (not match["name"] or is_zone(match["name"]))
    return not stated and bool(_CLOCK.search(text))


@cache
def zone_of_host(host: str) -> tuple[str, tzinfo] | None:
    """Return the zone of the outlets of a host's country, with its name; None if that has several,
    or is not known."""
    from dateutil.tz import gettz

    name = _COUNTRIES.get(host.rpartition(".")[2].lower(), "")
    zone = gettz(name) if name else None
    return (name, zone) if zone is not None else None


@cache
def zones() -> dict[str, tzinfo]:
    """Return the zones by their names in capitals. Made once, cached."""
    # dateutil brings a table of places where the system has none.
    from dateutil.tz import gettz

    places = {name: zone for name, place in _PLACES.items() if (zone := gettz(place)) is not None}
    return {**{name: timezone(timedelta(hours=hours)) for name, hours in _HOURS.items()}, **places}


def stated_zone(name: str | None, offset: int | None) -> tzinfo | None:
    """Return the zone that a date states, for dateutil; None if it states none, or an unknown name.

    dateutil asks a function for every date, and so never warns of a name that it does not know.

    name: the name as written, in capitals.
    offset: seconds east of Greenwich.
    """
    zone = zones().get(name or "")
    return timezone(timedelta(seconds=offset)) if zone is None and offset is not None else zone


def is_zone(stated: str) -> bool:
    """Return whether `zone_of` knows a zone: an offset, a name, or "" for none."""
    return not stated.isalpha() or stated in _HOURS or stated in _PLACES


def zone_of(stated: str, language: str = "") -> tzinfo:
    """Return the zone that "+02:00", "GMT+7" or "ET" states; UTC for "" and for unknown names.

    language: ISO 639-1 code of the text; in Chinese, CST is China's zone.
    """
    if stated == "CST" and language == "zh":
        return timezone(timedelta(hours=8))
    figures = stated.removeprefix("GMT").removeprefix("UTC").strip()
    if figures[:1] not in ("+", "-", "−"):
        # Most dates state one of these, so the table of places is rarely read.
        hours = _HOURS.get(stated.upper() or "UTC")
        return (
            zones().get(stated.upper(), UTC) if hours is None else timezone(timedelta(hours=hours))
        )
    whole, _, minutes = figures[1:].partition(":")
    if len(whole) > 2:
        whole, minutes = whole[:-2], whole[-2:]
    offset = timedelta(hours=int(whole), minutes=int(minutes or 0))
    return timezone(offset if figures[0] == "+" else -offset)
