"""Days and periods of the calendar in words."""

from __future__ import annotations

from datetime import date, timedelta

from searcher.search.periods import Step

_MONTHS = (
    "January February March April May June July August September October November December"
).split()


def in_days(day: date) -> str:
    """Return a day in words: "13 May 2024"."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def in_words(start: date, step: Step) -> str:
    """Return a period in words: "13 May 2024", "13 to 19 May 2024", "May 2024", "2024"."""
    match step:
        case "day":
            return in_days(start)
        case "week":
            last = start + timedelta(days=6) if start < date(9999, 12, 25) else date.max
            if (start.year, start.month) == (last.year, last.month):
                return f"{start.day} to {in_days(last)}"
            if start.year == last.year:
                return f"{start.day} {_MONTHS[start.month - 1]} to {in_days(last)}"
            return f"{in_days(start)} to {in_days(last)}"
        case "month":
            return f"{_MONTHS[start.month - 1]} {start.year}"
        case "year":
            return f"{start.year}"


def short_period(start: date, step: Step) -> str:
    """Return the beginning of a period as an axis shows it: "13 May 2024", "May 2024", "2024"."""
    if step == "year":
        return f"{start.year}"
    month = f"{_MONTHS[start.month - 1][:3]} {start.year}"
    return month if step == "month" else f"{start.day} {month}"
