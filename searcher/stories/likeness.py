"""Likeness: how likely two articles report one event, and the reason.

All figures are of `python -m benchmarks.stories DATA`, and of 92 pairs of Reuters articles that a
person judged: 53 on one event, 39 not, of those that the plain mean of cosines takes for one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from math import sqrt
from typing import Literal

from searcher.stories.reasons import in_common
from searcher.stories.weights import Weighted
from searcher.text.names import is_same_name

WINDOW = timedelta(days=2)
"""Maximum time between two articles on one event. Larger joins the reports of one subject, day
after day, to one story, and finds more candidates."""

_WORDS, _NAMES, _FIGURES = 0.46, 0.36, 0.18
"""Weights of the parts of a score. With plain average linkage, F1 on ECB+ is .848 for words, .897
with names and .886 to .895 with figures, too; those tell apart notices of one kind."""

_FEW_FIGURES = 30.0
"""Added to the weight of the figures of each article, about six rare ones. Without it one figure in
common would be all figures of two short articles."""

_LITTLE = 10.0
"""Weight of what two articles have in common for which a score is halved: two rare words. Short
articles on one company are as alike as long ones on one event. Larger divides events of short
articles: F1 of linkage on ECB+ is .908 with 10 and .895 with 20."""

_LATE = 0.5
"""Part of a score that is lost by articles that are WINDOW apart. Larger divides a story where its
second day begins; smaller joins notices of two days."""

_DOUBTFUL = 0.6
"""Part of a score that is left by a doubt about names or subject."""

_SUBJECT = 20.0
"""Minimum weight of the words in common that are no names, if there are few names. Less is about
the same persons, but not about the same event."""

_MANY_NAMES = 4
"""Number of rare names in common that need no such words."""

ABROAD = 5
"""Minimum number of rare names in common for articles in different languages."""

_TABLE, _NOTICE = 0.1, 0.08
"""Minimum share of tokens with a digit in a table, and in a notice with figures."""

_SAME_TABLE, _SAME_NOTICE = 0.75, 0.3
"""Minimum part of the figures that two tables, and two notices, on one event have in common."""

_CONTRADICTION = 0.35
"""Part of a score that is lost by articles with many figures and none in common. Larger divides
reports of two days; smaller joins notices of one kind."""

_CAN_DISAGREE = 15.0
"""Minimum weight of the figures of a notice that can disagree with another: three rare ones."""

Doubt = Literal["", "time", "names", "subject", "figures", "form"]
"""The reason why two articles are not on one event, however alike: too far apart; no rare name in
common; names, but no other words; notices with different figures, or of one form, as `notices`
says."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike two articles are. It is the same in either order."""

    score: float
    """Likelihood of one event, in 0..1, as a score; 0 if there is a doubt."""
    words: float
    """Cosine of the weights of words."""
    names: float
    """Cosine of the weights of names."""
    figures: float
    """Part of the figures in common, by weight, in 0..1."""
    common: tuple[str, ...]
    """The rare names in common, in alphabetical order, each in one spelling."""
    apart: timedelta | None
    """Time between the articles; None if it is not known."""
    doubt: Doubt = ""
    """Reason for a score of 0."""

    def __str__(self) -> str:
        """Return the reason in words: "27 rare names in common, 9 hours apart"."""
        return in_common(len(self.common), self.hours)

    @property
    def hours(self) -> int | None:
        """The time between the articles in hours; None if it is not known."""
        return None if self.apart is None else round(self.apart.total_seconds() / 3600)


def likeness(one: Weighted, other: Weighted) -> Likeness:
    """Return how alike two articles are that are weighted by the same frequencies."""
    apart = abs(one.time - other.time) if one.time and other.time else None
    spelled = _other_spellings(one, other)
    rare = {*(one.rare.keys() & other.rare.keys()), *(min(pair) for pair in spelled)}
    names = _product(one.names, other.names)
    names += sum([one.names[mine] * other.names[theirs] for mine, theirs in spelled])
    agreed = _least(one.figures, other.figures)
    figures = agreed / sqrt((one.told + _FEW_FIGURES) * (other.told + _FEW_FIGURES))
    words = _product(one.words, other.words)
    subject = _least(one.telling, other.telling)
    common = subject + agreed + _least(one.rare, other.rare)
    common += sum([min(one.rare[mine], other.rare[theirs]) for mine, theirs in spelled])
    doubt = _doubt(one, other, apart, len(rare), subject, agreed, words, names)
    score = 0.0
    if doubt not in ("time", "figures"):
        alike = _mean(one, other, words, names, figures)
        score = alike * common / (common + _LITTLE)
        if apart is not None:
            score *= 1 - _LATE * (apart / WINDOW)
        told = min(one.told, other.told)
        if told:
            score *= 1 - _CONTRADICTION * (1 - agreed / told) * told / (told + _CAN_DISAGREE)
        if doubt:
            score *= _DOUBTFUL
    return Likeness(score, words, names, figures, tuple(sorted(rare)), apart, doubt)


def _mean(one: Weighted, other: Weighted, words: float, names: float, figures: float) -> float:
    """Return the weighted mean of the parts. Without names, as in scripts without capitals, or
    without words, as in another language, the other part counts for both."""
    if one.language != other.language:
        words = names
    elif not one.names or not other.names:
        names = words
    return _WORDS * words + _NAMES * names + _FIGURES * figures


def _doubt(
    one: Weighted,
    other: Weighted,
    apart: timedelta | None,
    rare: int,
    subject: float,
    agreed: float,
    words: float,
    names: float,
) -> Doubt:
    """Return the reason why two articles are not on one event; "" for none."""
    if apart is not None and apart > WINDOW:
        return "time"
    told = min(one.told, other.told)
    if words >= 0.8 and agreed >= _SAME_TABLE * told:
        return ""
    share = min(one.share, other.share)
    if share >= _TABLE and agreed < _SAME_TABLE * told:
        return "figures"
    if share >= _NOTICE and told >= _CAN_DISAGREE and agreed < _SAME_NOTICE * told:
        return "figures"
    if one.language != other.language:
        return "" if rare >= ABROAD else "names"
    if one.names and other.names:
        if not rare:
            return "names"
        alike = words >= 0.75 and names >= 0.6
        if rare < _MANY_NAMES and subject < _SUBJECT and not alike:
            return "subject"
    return ""


def _other_spellings(one: Weighted, other: Weighted) -> list[tuple[str, str]]:
    """Return the rare names that the articles spell differently."""
    found = []
    for key in one.keys.keys() & other.keys.keys():
        if one.keys[key] == other.keys[key]:
            continue
        for mine in one.keys[key]:
            for theirs in other.keys[key]:
                if mine not in other.rare and theirs not in one.rare and is_same_name(mine, theirs):
                    found.append((mine, theirs))
    return found


def _product(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    """Return the dot product of two vectors."""
    return sum([one[word] * other[word] for word in one.keys() & other.keys()])


def _least(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    """Return the sum of the smaller weights of words in common. The weight of a figure depends on
    the language, that of a name on its spelling."""
    return sum([min(one[word], other[word]) for word in one.keys() & other.keys()])
