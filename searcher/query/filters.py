"""Filters of a query: the value of a field that narrows the result, as a leaf."""

from __future__ import annotations

import re
from datetime import datetime
from typing import assert_never

from searcher.query.fields import Kind, QueryField
from searcher.query.tree import (
    Field,
    Filter,
    HasValue,
    Language,
    OfStory,
    Published,
    Span,
    StorySize,
)
from searcher.query.values import date_range, language_codes
from searcher.wording import said

_SIZE = re.compile(r"(?P<sign>[<>]=?|=)?(?P<low>\d{1,9})(?:-(?P<high>\d{1,9}))?")


def read_filter(
    field: QueryField, value: str, span: Span, now: datetime, exact: bool = False
) -> tuple[Filter | None, str]:
    """Return the leaf of a field and its value, and the problem with the value.

    The leaf is None if the value cannot be read, and the problem "" if there is none.

    field: a field that neither searches the text nor is about the result as a whole.
    span: its characters in the query.
    now: the current time, from which relative dates count.
    exact: whether a value as a whole is asked for.
    """
    if field.facet and (exact or field.kind is Kind.VALUE):
        return HasValue(field.facet, (value,), span), ""
    match field.kind:
        case Kind.METADATA:
            problem = said("* and ~ have no effect in %(field)s:", field=field.name)
            text = value.removeprefix("https://").removeprefix("http://")
            return Field(field.name, text, span), problem if value[-1] in "*~" else ""
        case Kind.LANGUAGE:
            codes, unknown = language_codes(value)
            names = ", ".join(unknown)
            problem = said("“%(names)s” is not a language code such as en, fr or zh", names=names)
            return Language(codes, span) if codes else None, problem if unknown else ""
        case Kind.DATE:
            bounds = date_range(field.name, value, now)
            if bounds is None:
                return None, said(
                    "“%(value)s” is not a date such as 2022-06-01, 2022-06, 2022, today, yesterday "
                    "or 7d",
                    value=value,
                )
            return Published(*bounds, span), ""
        case Kind.STORY:
            return OfStory(value, span), ""
        case Kind.STORY_SIZE:
            return _story_size(value, span)
        case Kind.MATCH | Kind.COPIES | Kind.REGION | Kind.VALUE:
            raise AssertionError(f"{field.name}: is no filter")
        case _:
            assert_never(field.kind)


def _story_size(value: str, span: Span) -> tuple[StorySize | None, str]:
    """Return the sizes that a value such as ">5" or "2-5" states, None if it states none, and the
    problem with it or ""."""
    found = _SIZE.fullmatch(value)
    if found is None or (found["sign"] and found["high"]):
        return None, said("“%(value)s” is not a number such as 5, >5, <5 or 2-5", value=value)
    size = _sizes(found, span)
    if size.high is not None and size.high < 1:
        return size, said("every story has at least one article")
    if size.high is not None and size.high < size.low:
        return StorySize(size.high, size.low, span), said(
            "read as %(sizes)s", sizes=f"{size.high}-{size.low}"
        )
    return size, ""


def _sizes(found: re.Match[str], span: Span) -> StorySize:
    number = int(found["low"])
    match found["sign"]:
        case ">":
            return StorySize(number + 1, None, span)
        case ">=":
            return StorySize(number, None, span)
        case "<":
            return StorySize(0, number - 1, span)
        case "<=":
            return StorySize(0, number, span)
        case _:
            return StorySize(number, int(found["high"] or number), span)
