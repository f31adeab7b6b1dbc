"""Time zones by the names that newsrooms give them."""

from __future__ import annotations

from datetime import UTC, timedelta, timezone, tzinfo
from functools import cache

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
_PLACES = {
    "ET": "America/New_York", "CT": "America/Chicago", "MT": "America/Denver",
    "PT": "America/Los_Angeles",
}  # fmt: skip
"""Names that do not say whether it is summer."""


@cache
def zones() -> dict[str, tzinfo]:
    """The zones by their names in capitals; CST is the American one."""
    # The system may have no table of zones; dateutil brings one.
    from dateutil.zoneinfo import get_zonefile_instance

    table = get_zonefile_instance()
    places = {
        name: zone for name, place in _PLACES.items() if (zone := table.get(place)) is not None
    }
    return {**{name: timezone(timedelta(hours=hours)) for name, hours in _HOURS.items()}, **places}


def zone_of(stated: str, language: str = "") -> tzinfo:
    """The zone that "+02:00", "GMT+7" or "ET" states; UTC for none, and for what is no zone."""
    if stated == "CST" and language == "zh":
        return timezone(timedelta(hours=8))
    figures = stated.removeprefix("GMT").removeprefix("UTC").strip()
    if figures[:1] not in ("+", "-", "−"):
        # Most state none or one of these: the table of places is read for the others.
        hours = _HOURS.get(stated.upper() or "UTC")
        return (
            zones().get(stated.upper(), UTC) if hours is None else timezone(timedelta(hours=hours))
        )
    whole, _, minutes = figures[1:].partition(":")
    if len(whole) > 2:
        whole, minutes = whole[:-2], whole[-2:]
    offset = timedelta(hours=int(whole), minutes=int(minutes or 0))
    return timezone(offset if figures[0] == "+" else -offset)
