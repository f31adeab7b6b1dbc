"""The map of a story: who was first, and who has whose text, as places in a drawing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from searcher.search.timeline import Timeline
from web.languages import current, percent_text
from web.timeline_view import EventView

MOST_ROWS = 24
"""Maximum number of articles on the map, the first ones with a date. More make it longer than the
list below it is."""

_DEEPEST = 4
"""Number of steps from an article to copies of copies that are drawn to the side. More leave no
room for names on a phone."""

_STEP, _MARGIN = 7.0, 4.0
"""Widths of such a step and of the room before the first dot, in percent of the map."""

_TEXT, _TEXT_END = 5.0, 62.0
"""Distance from a dot to its name, and the end of the names, in percent."""

_TIME, _TIME_END = 65.0, 82.0
"""Where the first and the last moment are, in percent."""


@dataclass(frozen=True, slots=True)
class MapRow:
    """An article on the map. Distances to the side are in percent of the map's width, counted from
    the left also where the language is written from the right."""

    number: int
    """The row, from 0."""
    event: EventView
    """Its publication."""
    name: str
    """Its outlet, else its title."""
    at: float
    """The place of its dot."""
    text_at: float
    """The left end of the room for its name."""
    text_width: float
    """The width of that room."""
    moment_at: float
    """The place of its date."""
    parent: int | None
    """The row, from 0, of the article whose text it has; None if it has none of an earlier one."""
    parent_at: float
    """The place of the dot of that; its own without one."""
    share: str
    """Part of its text that it has from there: "97%"."""
    is_copied: bool
    """Whether it can be told that it was copied."""


@dataclass(frozen=True, slots=True)
class StoryMap:
    """The map of a story."""

    rows: list[MapRow]
    """The articles: each is followed by those that have its text."""
    times: tuple[float, float]
    """Where the line of time begins and ends, from the left."""
    name_at: str
    """Where names begin in their room."""
    share_at: str
    """Where the shares end."""
    first: str
    """The date of the first one."""
    last: str
    """The date of the last one."""
    is_whole: bool
    """Whether it has all articles of the story."""


def story_map(found: Timeline, events: Sequence[EventView]) -> StoryMap | None:
    """Return the map of a story; None if fewer than two of its articles have a date.

    events: those of its page.
    """
    published = {event.number - 1: event for event in events if not event.changed}
    shown = [at for at, one in enumerate(found.printings) if one.article.published][:MOST_ROWS]
    if len(shown) < 2:
        return None
    moments = {at: _seconds(found, at) for at in shown}
    by_time = sorted(shown, key=moments.__getitem__)
    is_mirrored = current().direction == "rtl"
    return StoryMap(
        rows=_rows(found, published, moments, is_mirrored),
        times=(_from_left(_TIME, is_mirrored), _from_left(_TIME_END, is_mirrored)),
        name_at="100%" if is_mirrored else "0",
        share_at="0" if is_mirrored else "100%",
        first=published[by_time[0]].date,
        last=published[by_time[-1]].date,
        is_whole=len(shown) == found.size,
    )


def _rows(
    found: Timeline,
    published: Mapping[int, EventView],
    moments: Mapping[int, float],
    is_mirrored: bool,
) -> list[MapRow]:
    """Return the rows. moments: when the articles were published that are on the map."""
    start, span = min(moments.values()), max(moments.values()) - min(moments.values())
    order = list(_by_text(found, list(moments)))
    row_of = {at: row for row, (at, _) in enumerate(order)}
    rows: list[MapRow] = []
    for number, (at, depth) in enumerate(order):
        source, event = found.printings[at].source, published[at]
        parent = row_of.get(source.at) if source else None
        place = _MARGIN + _STEP * min(depth, _DEEPEST)
        later = (moments[at] - start) / span if span else 0
        own = _from_left(place, is_mirrored)
        rows.append(
            MapRow(
                number=number,
                event=event,
                name=event.facts.source or event.title,
                at=own,
                text_at=_from_left(_TEXT_END if is_mirrored else place + _TEXT, is_mirrored),
                text_width=round(_TEXT_END - place - _TEXT, 2),
                moment_at=_from_left(_TIME + (_TIME_END - _TIME) * later, is_mirrored),
                parent=parent,
                parent_at=own if parent is None else rows[parent].at,
                share=percent_text(source.taken / 100, 2) if source else "",
                is_copied=source.is_copied if source else False,
            )
        )
    return rows


def _from_left(place: float, is_mirrored: bool) -> float:
    return round(100 - place if is_mirrored else place, 2)


def _seconds(found: Timeline, at: int) -> float:
    published = found.printings[at].article.published
    assert published is not None
    return published.value.timestamp()


def _by_text(found: Timeline, shown: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield articles with their depth, each followed by those that have its text, so that no line
    crosses another one."""
    known = set(shown)
    below: dict[int | None, list[int]] = {}
    for at in shown:
        source = found.printings[at].source
        below.setdefault(source.at if source and source.at in known else None, []).append(at)
    waiting = [(at, 0) for at in reversed(below.get(None, []))]
    while waiting:
        at, depth = waiting.pop()
        yield at, depth
        waiting += [(one, depth + 1) for one in reversed(below.get(at, []))]
