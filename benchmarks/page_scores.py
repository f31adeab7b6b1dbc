"""Scores of articles read from saved pages, against what is expected of them.

- Bodies are scored as in scrapinghub's article-extraction-benchmark: the mean precision and recall
  of 4-grams of words over all pages, and their F1. Soft hyphens are removed.
- Headlines have to be equal, except for case, quotation marks, dashes and white space.
- Dates are compared by day and by minute, in UTC. An expected moment without a zone is what the
  clock of the outlet showed, so it is compared in the zone that reading has assumed and warned of.
- Authors have the mean F1 over the pages.
"""

from __future__ import annotations

import re
import statistics
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from html import unescape

from dateutil.tz import gettz

from benchmarks.fundus import SavedPage
from searcher.article import Article
from searcher.text.zones import zone_of

_WORD = re.compile(r"\w+")
_QUOTES = re.compile("[„“”«»‟‘’‚‛`´'\"‹›「」『』]")
_DASHES = re.compile("[‐-―−]")
_ASSUMED = re.compile(r"^publication date .* has no time zone: (\S+) is assumed")
"""A warning with the zone that was assumed."""
_SOFT_HYPHEN = "\u00ad"
"""The soft hyphen, which is shown only at the end of a line."""


@dataclass(frozen=True, slots=True)
class Scores:
    """How well the article of one page was read; None for what is not expected of it."""

    headline: float | None
    """Whether the headline is right, 1 or 0."""
    authors: float
    """F1 of the names."""
    day: float | None
    """Whether the day of publication is right, 1 or 0."""
    minute: float | None
    """Whether the minute of publication is right, 1 or 0."""
    body: tuple[float, float] | None
    """Precision and recall of the body."""


def scores_of(page: SavedPage, article: Article) -> Scores:
    """Return how well the article of a page was read."""
    given = _given(article, page.published)
    wanted = utc(page.published) if page.published else None
    return Scores(
        float(plain(page.headline) == plain(article.headline)) if page.headline else None,
        names_f1(page.authors, article.authors),
        float(given is not None and given.date() == wanted.date()) if wanted else None,
        float(given is not None and _to_the_minute(given) == _to_the_minute(wanted))
        if wanted
        else None,
        shares(page.body, "\n".join(article.paragraphs)) if page.body else None,
    )


def _given(article: Article, expected: datetime | None) -> datetime | None:
    """Return when an article was published; if the expected moment has no zone, by the clock of the
    zone that is assumed for the outlet."""
    given = article.published.value if article.published else None
    if given is None or expected is None or expected.tzinfo:
        return given
    told = (_ASSUMED.search(warning) for warning in article.warnings)
    name = next((match[1] for match in told if match), "")
    zone = gettz(name) if name[:1].isalpha() else zone_of(name)
    return given.astimezone(zone).replace(tzinfo=UTC)


def means(scores: Iterable[Scores]) -> dict[str, float]:
    """Return the mean of each score by its name, over the pages that have it."""
    values: defaultdict[str, list[float]] = defaultdict(list)
    for one in scores:
        for name in ("headline", "authors", "day", "minute"):
            if (value := getattr(one, name)) is not None:
                values[name].append(value)
        if one.body:
            values["precision"].append(one.body[0])
            values["recall"].append(one.body[1])
    found = {name: statistics.fmean(some) for name, some in values.items()}
    if "precision" in found:
        found["body"] = f1(found["precision"], found["recall"])
    return found


def countries(scores: Mapping[str, Scores]) -> dict[str, list[Scores]]:
    """Return the scores by country. scores: by name of the page, which begins with the country."""
    found: defaultdict[str, list[Scores]] = defaultdict(list)
    for name, one in sorted(scores.items()):
        found[name.partition("/")[0]].append(one)
    return dict(found)


def rows(by_group: Mapping[str, Sequence[Scores]], first: str) -> list[str]:
    """Return a table of the means, a group a line. first: the title of the first column."""
    names = ("headline", "authors", "day", "minute", "body", "precision", "recall")
    lines = [f"| {first} | pages | {' | '.join(names)} |", "| --- " * (len(names) + 2) + "|"]
    for group, scores in by_group.items():
        found = means(scores)
        cells = (f"{found[name]:.3f}" if name in found else "" for name in names)
        lines.append(f"| {group} | {len(scores)} | {' | '.join(cells)} |")
    return lines


def _to_the_minute(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)


def shares(truth: str, text: str) -> tuple[float, float]:
    """Return the precision and recall of the 4-grams of one page."""
    wanted, got = _shingles(truth), _shingles(text)
    both = (wanted & got).total()
    return (both / got.total() if got else 0.0), (both / wanted.total() if wanted else 1.0)


def _shingles(text: str) -> Counter[tuple[str, ...]]:
    words = _WORD.findall(text.replace(_SOFT_HYPHEN, ""))
    return Counter(tuple(words[at : at + 4]) for at in range(max(1, len(words) - 3)) if words)


def f1(precision: float, recall: float) -> float:
    """Return the harmonic mean; 0 for two zeros."""
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def plain(text: str) -> str:
    """Return a headline without case, marks of quotation and differences of dashes and spaces."""
    text = unicodedata.normalize("NFKC", unescape(text)).casefold()
    text = _DASHES.sub("-", _QUOTES.sub("'", re.sub("[\u00ad\u200b-\u200f\u2060\ufeff]", "", text)))
    return re.sub(r"\s*([:;,.!?+|-])\s*", r"\1", " ".join(text.split())).strip(" .'")


def utc(moment: datetime) -> datetime:
    """Return a moment in UTC; one without a zone is taken as UTC."""
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def names_f1(wanted: Iterable[str], got: Iterable[str]) -> float:
    """Return the F1 of names, compared by their words without case."""
    first, second = (
        {" ".join(_WORD.findall(name.casefold())) for name in names} for names in (wanted, got)
    )
    if not first or not second:
        return float(first == second)
    both = len(first & second)
    return f1(both / len(second), both / len(first))
