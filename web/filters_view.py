"""The filters of a page of results, with the number of articles that each leaves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from searcher.engine.searches import MONTH, YEAR
from searcher.query.values import date_range
from searcher.search.request import CHOSEN, PRESETS, SINCE, Request
from web.addresses import Value, address, hidden_inputs, varied
from web.chart_view import SmallChart, small_chart
from web.languages import gettext, language_name

PAGE_FACETS = ("language", "source", "section", "agency", "kind", YEAR, MONTH, SINCE)
"""Facets that are counted for a page."""
_FIRST = 5
"""Number of values of a facet that are shown at once. Larger makes the page longer."""
_MOST = 15
"""Maximum number of values of a facet, unless all are asked for. Each takes a third of a
kilobyte."""
_ALL = 500
"""Maximum number of values of the facet of which all are asked for."""
_FACETS = ("lang", "source", "section", "agency", "kind")
"""The filters of which several values can be chosen."""
_FACET_OF = {"lang": "language"}
"""The facets of filters that have other names."""


@dataclass(frozen=True, slots=True)
class ChipView:
    """A filter that is set."""

    label: str
    """Name of the filter."""
    value: str
    """Its value."""
    without: str
    """Address of the results without it."""


@dataclass(frozen=True, slots=True)
class ChoiceView:
    """A value of a filter."""

    label: str
    """The value."""
    count: int
    """Number of articles that have it, whatever was chosen of this filter."""
    state: str
    """ "chosen", "excluded" or ""."""
    link: str
    """Address of the results with this value, too; without the choice if it was chosen or
    excluded."""
    exclude: str
    """Address of the results without the articles that have it; "" if there is none."""


@dataclass(frozen=True, slots=True)
class FacetView:
    """A filter with its values, the most frequent first."""

    title: str
    """Its name."""
    first: list[ChoiceView]
    """Values that are shown at once: all that are chosen, and the first."""
    more: list[ChoiceView]
    """Further values."""
    all: str = ""
    """Address of the same page with all values; "" if they are all there."""
    is_open: bool = False
    """Whether the further values are shown at once."""


@dataclass(frozen=True, slots=True)
class DatesView:
    """The filter of dates."""

    choices: FacetView
    """Spans before now, and years, the newest first."""
    chart: SmallChart | None
    """The numbers of articles over time, if they say something."""
    hidden: list[tuple[str, str]]
    """Parameters that its form keeps."""
    after: str
    """The first day, such as "2022-06-01", or ""."""
    before: str
    """The first day that is too late, or ""."""


@dataclass(frozen=True, slots=True)
class FiltersView:
    """All filters of a page."""

    chips: list[ChipView]
    """Those that are set."""
    clear: str
    """Address of the results without any; "" if less than two are set."""
    facets: list[FacetView]
    """Those that can be set by their values."""
    dates: DatesView
    """The filter of dates."""


def filters_view(
    request: Request, facets: Mapping[str, Mapping[str, int]], now: datetime, whole: str = ""
) -> FiltersView:
    """Return the filters of a page.

    facets: the counts of PAGE_FACETS; a facet that is missing has no values. whole: name of the
    filter of which all values are asked for.
    """
    chips = [*_chips(request), *_date_chips(request)]
    none: dict[str, Value] = dict.fromkeys((*CHOSEN, "after", "before", "page"), "")
    found = [
        _facet(request, name, facets.get(_FACET_OF.get(name, name), {}), name == whole)
        for name in _FACETS
    ]
    return FiltersView(
        chips=chips,
        clear=address(request, **none) if len(chips) > 1 else "",
        facets=[one for one in found if one.first],
        dates=_dates(request, facets, now),
    )


def _title(name: str) -> str:
    """Return the title of a filter."""
    match name:
        case "lang":
            return gettext("Language")
        case "source":
            return gettext("Source")
        case "section":
            return gettext("Section")
        case "agency":
            return gettext("Agency")
    return gettext("Kind")


def _label(name: str, value: str) -> str:
    """Return a value of a filter as it is shown."""
    if name == "lang":
        return language_name(value)
    match value if name == "kind" else "":
        case "article":
            return gettext("article")
        case "live":
            return gettext("running report")
        case "gallery":
            return gettext("gallery")
    return value


def _span(name: str) -> str:
    """Return the name of a span before now, one of PRESETS."""
    texts = (
        gettext("last 24 hours"),
        gettext("last 7 days"),
        gettext("last 30 days"),
        gettext("last year"),
    )
    return dict(zip(PRESETS, texts, strict=True))[name]


def _chips(request: Request) -> Iterator[ChipView]:
    for name in CHOSEN:
        values = request.chosen(name)
        link = varied(request, name)
        for value in values:
            label = _label(name, value.removeprefix("-").removeprefix("="))
            shown = gettext("not %(value)s", value=label) if value.startswith("-") else label
            without = link({name: tuple(one for one in values if one != value)})
            yield ChipView(_title(name), shown, without)


def _date_chips(request: Request) -> Iterator[ChipView]:
    year = _year_of(request)
    if year:
        yield ChipView(gettext("Year"), year, varied(request, "after", "before")({}))
        return
    if value := request.after:
        without = varied(request, "after")({})
        if value in PRESETS:
            yield ChipView(gettext("Date"), _span(value), without)
        else:
            yield ChipView(gettext("From"), value, without)
    if value := request.before:
        yield ChipView(gettext("Before"), value, varied(request, "before")({}))


def _year_of(request: Request) -> str:
    """Return the year that both dates state together, or ""."""
    after, before = request.after, request.before
    is_year = len(after) == len(before) == 4 and (after + before).isdecimal()
    return after if is_year and int(before) == int(after) + 1 else ""


def _facet(
    request: Request, name: str, counts: Mapping[str, int], is_whole: bool = False
) -> FacetView:
    """Return a filter by its values; without any if none of them would change the result."""
    most = _ALL if is_whole else _MOST
    held = {value: count for value, count in islice(counts.items(), most + 1) if value}
    values = request.chosen(name)
    if not values and (not held or (len(counts) == 1 and len(held) == 1)):
        return FacetView(_title(name), [], [])
    # Languages and kinds have codes; other values are whole names.
    mark = "" if name in ("lang", "kind") else "="
    states = {one: "excluded" if one.startswith("-") else "chosen" for one in values}
    shown = dict.fromkeys(
        value.removeprefix("-").removeprefix(mark)
        for value in values
        if mark == "" or value.removeprefix("-").startswith(mark)
    )
    link = varied(request, name)
    # A whole value takes the place of words, which may be in it, too.
    whole = tuple(one for one in values if one.removeprefix("-").startswith(mark))
    choices = []
    for value in [*shown, *(value for value in held if value not in shown)]:
        plain, excluded = f"{mark}{value}", f"-{mark}{value}"
        state = states.get(plain) or states.get(excluded, "")
        choices.append(
            ChoiceView(
                label=_label(name, value),
                count=counts.get(value, 0),
                state=state,
                link=link({name: _without(values, plain) if state else (*whole, plain)}),
                exclude="" if state else link({name: (*values, excluded)}),
            )
        )
    first = max(_FIRST, len(shown))
    # One value more is not worth a fold.
    first += len(choices) == first + 1
    return FacetView(
        _title(name),
        choices[:first],
        choices[first:most],
        address(request, all=name) if len(counts) > most and not is_whole else "",
        is_whole,
    )


def _without(values: tuple[str, ...], value: str) -> tuple[str, ...]:
    """Return the values of a filter without one, chosen or excluded."""
    return tuple(one for one in values if one not in (value, f"-{value}"))


def _dates(request: Request, facets: Mapping[str, Mapping[str, int]], now: datetime) -> DatesView:
    link, choices, last = varied(request, "after", "before"), [], 0
    for span, count in facets.get(SINCE, {}).items():
        chosen = request.after == span and not request.before
        # A longer span with the same articles is no other choice.
        if chosen or count > last:
            to = link({} if chosen else {"after": span})
            choices.append(ChoiceView(_span(span), count, "chosen" if chosen else "", to, ""))
        last = max(last, count)
    years = facets.get(YEAR, {})
    for year in sorted(years, reverse=True) if len(years) > 1 else ():
        chosen = _year_of(request) == year
        to = link({} if chosen else {"after": year, "before": f"{int(year) + 1:04}"})
        choices.append(ChoiceView(year, years[year], "chosen" if chosen else "", to, ""))
    first = _FIRST + (len(choices) == _FIRST + 1)
    return DatesView(
        choices=FacetView(gettext("Date"), choices[:first], choices[first:_MOST]),
        chart=small_chart(facets.get(MONTH, {})),
        hidden=hidden_inputs(request, q=request.query, after="", before=""),
        after=_day("after", request.after, now),
        before=_day("before", request.before, now),
    )


def _day(name: str, value: str, now: datetime) -> str:
    """Return the day that a date states, as a field for dates takes it."""
    bounds = date_range(name, value, now) if value else None
    moment = (bounds[0] or bounds[1]) if bounds else None
    return f"{moment:%Y-%m-%d}" if moment else ""
