"""Days and periods of the calendar in words of the current language."""

from __future__ import annotations

from datetime import date, timedelta

from searcher.search.periods import Step
from web.languages import day_text, days_text, month_text


def in_words(start: date, step: Step) -> str:
    """Return a period in words: "13 May 2024", "13–19 May 2024", "May 2024", "2024"."""
    match step:
        case "day":
            return day_text(start)
        case "week":
            last = start + timedelta(days=6) if start < date(9999, 12, 25) else date.max
            return days_text(start, last)
        case "month":
            return month_text(start)
        case "year":
            return f"{start.year}"


def short_period(start: date, step: Step) -> str:
    """Return the beginning of a period as an axis shows it: "13 May 2024", "May 2024", "2024"."""
    match step:
        case "year":
            return f"{start.year}"
        case "month":
            return month_text(start, "yMMM")
        case _:
            return month_text(start, "yMMMd")
