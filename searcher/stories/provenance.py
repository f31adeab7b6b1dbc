"""The provenance of the articles of a story: whose text each one has, as far as that can be told.

The source of an article is the earlier one that has most of its text in common with it. Texts are
compared as runs of three words. The times of publication say which of two texts was copied. Where
they are not precise enough, a news agency's own article comes before those of others, and else the
direction is left open.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from searcher.article import Article, Timestamp
from searcher.stories.bodies import COPIED, body_of, compared
from searcher.stories.summary import percent
from searcher.text.agencies import agency_named
from searcher.text.folding import fold
from searcher.wording import Said, said, said_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

LEAST = 20
"""Minimum share of an article's text that its source has, in percent. Larger misses passages that
were taken. Smaller takes forms of notices for copying: of 1,000 articles of Reuters, 9 share this
much with the likest of ten others of the same days and of other stories, 33 share a tenth."""
_NEARLY = 0.95
"""Share of the most text in common at which an article of the same outlet comes first: an outlet
takes its own text again, and others have copied that meanwhile. Larger takes a reprint of a
corrected article for a copy of one that others had printed."""
_AT_A_TIME = 1 << 14
"""Number of runs that are compared at a time. Larger takes more memory: 4 bytes for each of them
and each article."""
_UNITS = {
    "month": timedelta(days=31),
    "day": timedelta(days=1),
    "minute": timedelta(minutes=1),
    "second": timedelta(seconds=1),
}
"""The longest time that a date of each precision stands for; a year is longer."""
_YEAR = timedelta(days=366)
_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400
"""Seconds of units of time."""


class Source(NamedTuple):
    """The article that has most of the text of another one, which is not known to be earlier."""

    at: int
    """Its place among the articles, from 0."""
    taken: int
    """Part of the other one's text that it has, in percent."""
    kept: int
    """Part of its text that the other one has, in percent."""
    after: timedelta | None
    """Time from its publication to that of the other one; None if their dates do not tell which was
    first."""
    is_agency: bool = False
    """Whether it is by a news agency, and the other one is not."""
    agency: str = ""
    """The news agency that one of both names and neither is: both may have the text from it."""
    same_outlet: bool = False
    """Whether both are of one outlet."""
    is_form: bool = False
    """Whether they are one form, filled in with other figures or names."""

    @property
    def is_copied(self) -> bool:
        """Whether it can be told that the other one was copied from it."""
        is_first = self.is_agency or self.after is not None
        is_told = is_first and not self.agency and not self.same_outlet and not self.is_form
        return is_told and max(self.taken, self.kept) >= 100 * COPIED

    def words(self) -> tuple[Said, Said]:
        """Return the sentence about it, as the words before its name and those behind it."""
        later = said(", %(time)s later", time=in_words(self.after)) if self.after else ""
        values = {"later": later, "kept": self.kept, "taken": self.taken}
        shares = said(
            "%(later)s: %(kept)s%% of that text, which makes %(taken)s%% of this one", **values
        )
        if self.is_copied:
            copied = said(
                "%(later)s: kept %(kept)s%% of that text, which makes %(taken)s%% of this one",
                **values,
            )
            return said("Copied from"), copied
        if self.same_outlet:
            return said("Has text of its outlet’s own"), shares
        if self.is_form:
            filled = said("%(shares)s; other figures or names are filled in", shares=shares)
            return said("Is in the words of"), filled
        if self.agency:
            both = said(
                "%(shares)s; both may have it from %(agency)s", shares=shares, agency=self.agency
            )
            return said("Has text in common with"), both
        if self.after or self.is_agency:
            return said("Has text of"), shares
        return said("Has text in common with"), said(
            "%(shares)s; which was first cannot be told", shares=shares
        )


def is_before(one: Timestamp | None, other: Timestamp | None) -> bool:
    """Return whether a date is before another one for certain, with the precision that each has."""
    return bool(one and other and _end(one) <= other.value)


def _end(stamp: Timestamp) -> datetime:
    """Return the end of the time that a date stands for."""
    unit = _UNITS.get(stamp.precision, _YEAR)
    last = datetime.max.replace(tzinfo=stamp.value.tzinfo)
    return stamp.value + unit if stamp.value < last - unit else last


def in_words(time: timedelta) -> Said:
    """Return a time in its largest unit: "3 hours", "1 day"."""
    seconds = int(time.total_seconds())
    if seconds >= _DAY:
        return said_of("%(count)s day", "%(count)s days", seconds // _DAY)
    if seconds >= _HOUR:
        return said_of("%(count)s hour", "%(count)s hours", seconds // _HOUR)
    if seconds >= _MINUTE:
        return said_of("%(count)s minute", "%(count)s minutes", seconds // _MINUTE)
    return said_of("%(count)s second", "%(count)s seconds", seconds)


def sources(articles: Sequence[Article]) -> list[Source | None]:
    """Return the source of each article; None for one without.

    articles: those of a story, in the order of publication.
    """
    bodies = [body_of(article) for article in articles]
    common = _common([body.distinct for body in bodies])
    found: list[Source | None] = []
    for at, article in enumerate(articles):
        held = [
            int(common[at, other]) if _may_be_source(articles, other, at) else 0
            for other in range(len(articles))
        ]
        best = _best(articles, held, at)
        shared = held[best]
        taken = percent(shared, len(bodies[at].distinct))
        if taken < LEAST:
            found.append(None)
            continue
        found.append(
            Source(
                best,
                taken,
                percent(shared, len(bodies[best].distinct)),
                _time_between(articles[best], article),
                _is_agency(articles[best]) and not _is_agency(article),
                _agency_of_both(articles[best], article),
                bool(article.source) and article.source == articles[best].source,
                compared(bodies[best], bodies[at]).is_filled_in,
            )
        )
    return found


def _best(articles: Sequence[Article], held: Sequence[int], at: int) -> int:
    """Return the likeliest source of an article: of those with nearly the most of its text one of
    its outlet, of equal ones an agency's, else the first.

    held: number of its runs that each article has.
    """

    def rank(one: int) -> tuple[bool, int, bool, int]:
        is_own = bool(articles[at].source) and articles[one].source == articles[at].source
        return is_own and held[one] >= least, held[one], _is_agency(articles[one]), -one

    least = max(1, _NEARLY * max(held))
    return max(range(len(held)), key=rank)


def _may_be_source(articles: Sequence[Article], one: int, other: int) -> bool:
    """Return whether an article may be earlier than another one."""
    first, second = articles[one], articles[other]
    if is_before(first.published, second.published) or is_before(second.published, first.published):
        return one < other
    if _is_agency(first) != _is_agency(second):
        return _is_agency(first)
    return one < other


def _is_agency(article: Article) -> bool:
    return bool(agency_named(article.source))


def _common(bodies: Sequence[NDArray[np.uint64]]) -> NDArray[np.int64]:
    """Return the number of runs that each two bodies have in common."""
    owners = np.repeat(np.arange(len(bodies)), [len(body) for body in bodies])
    _, runs, counts = np.unique(
        np.concatenate([*bodies, np.empty(0, np.uint64)]), return_inverse=True, return_counts=True
    )
    columns = np.cumsum(counts > 1) - 1
    held = counts[runs] > 1
    owners, runs = owners[held], columns[runs[held]]
    order = np.argsort(runs, kind="stable")
    owners, runs = owners[order], runs[order]
    found = np.zeros((len(bodies), len(bodies)), np.int64)
    last = int(runs[-1]) + 1 if len(runs) else 0
    for start in range(0, last, _AT_A_TIME):
        part = slice(*runs.searchsorted((start, start + _AT_A_TIME)))
        table = np.zeros((len(bodies), _AT_A_TIME), np.float32)
        table[owners[part], runs[part] - start] = 1
        found += (table @ table.T).astype(np.int64)
    return found


def _time_between(one: Article, other: Article) -> timedelta | None:
    """Return the time between two publications; None if their order cannot be told."""
    if one.published and other.published and is_before(one.published, other.published):
        return other.published.value - one.published.value
    return None


def _agency_of_both(one: Article, other: Article) -> str:
    """Return the agency that one of two articles names, unless one of them is its own."""
    agency = other.agency or one.agency
    outlets = {fold(agency_named(article.source) or article.source) for article in (one, other)}
    return "" if fold(agency) in outlets else agency
