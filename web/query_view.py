"""Views of what is said of a query: warnings, corrections, spellings, advice on no results."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from searcher.query.tree import Warning
from searcher.search.hits import Advice, Correction, Marked
from searcher.search.request import CHOSEN, Request
from web.addresses import Value, address
from web.article_view import TextRun, text_runs
from web.languages import say

_DATES = ("after", "before")
"""Parameters of the filter of dates."""
_AROUND = 40
"""Number of characters of a query shown before and after the place of a warning."""


@dataclass(frozen=True, slots=True)
class Link:
    """A link with a text."""

    label: str
    """The text."""
    link: str
    """Its address; "" for a text without a link."""
    current: bool = False
    """Whether it leads to this page."""


@dataclass(frozen=True, slots=True)
class WarningView:
    """A warning about the query."""

    message: str
    """The message."""
    runs: list[TextRun]
    """The part of the query that it is about, marked, in its surroundings; may be empty."""


@dataclass(frozen=True, slots=True)
class AlsoView:
    """A word of the query and the other spellings that were matched with it."""

    word: str
    """The word as typed."""
    spellings: list[Link]
    """The spellings, each with the address of the results without it."""


@dataclass(frozen=True, slots=True)
class CorrectionView:
    """The query without its probable errors."""

    query: str
    """The corrected query."""
    applied: bool
    """Whether the hits are those of the corrected query."""
    link: str
    """Address of the results of the corrected query."""
    verbatim: str
    """Address of the results of the query as typed."""


@dataclass(frozen=True, slots=True)
class AdviceView:
    """A suggestion for an empty result."""

    kind: str
    """ "without" or "only": what is searched for instead."""
    part: str
    """The part of the query that this is about."""
    total: int
    """Number of matches then."""
    link: str
    """Address of the results then."""


def warning_view(query: str, warning: Warning) -> WarningView:
    """Return the view of a warning about a query."""
    start, end = warning.span
    first, last = max(0, start - _AROUND), min(end, start + _AROUND) + _AROUND
    excerpt = Marked(query[first:last], ((start - first, min(end, last) - first),))
    return WarningView(
        say(warning.message), text_runs(excerpt) if start < min(end, len(query)) else []
    )


def removable(request: Request, words: Iterable[str]) -> list[Link]:
    """Return words that were added to a query, each with the address of the results without it."""
    return [
        Link(word, address(request, without=",".join((*request.without, word)), page=""))
        for word in words
    ]


def correction_view(request: Request, correction: Correction | None) -> CorrectionView | None:
    """Return the view of a correction, if there is one."""
    if correction is None:
        return None
    return CorrectionView(
        query=correction.query,
        applied=correction.applied,
        link=address(request, q=correction.query, page=""),
        verbatim=address(request, verbatim="on", page=""),
    )


def advice_view(request: Request, advice: Advice) -> AdviceView:
    """Return the view of a suggestion for an empty result."""
    changes: dict[str, Value] = {"page": "", "without": ""}
    if advice.query is not None:
        changes["q"] = advice.query
    else:
        # A filter that was not typed is shown as the query language has it: "lang:fr". Its name is
        # that of the parameter.
        name = advice.part.removeprefix("-").partition(":")[0]
        changes.update(dict.fromkeys(_DATES if name in _DATES else (name,), ""))
    if advice.kind == "only":
        changes.update(dict.fromkeys((*CHOSEN, *_DATES), ""))
    return AdviceView(advice.kind, advice.part, advice.total, address(request, **changes))
