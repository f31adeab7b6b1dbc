"""Copies: articles that print the same text, perhaps trimmed or with another beginning and end.

The text is the body, as runs of three words. Two articles are copies if nearly all runs of the
shorter body are in the longer one, and what differs between them is neither figures nor names, as
in notices that are filled in anew each day. Two states of an article of one outlet are versions.
Each decision is the same in either order.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Protocol

from searcher.article import Article
from searcher.engine.places import Relation
from searcher.stories.bodies import COPIED, Comparison, body_of, compared, figures, percent
from searcher.stories.placing import Verdict
from searcher.text.shingles import hashed_words
from searcher.text.sketches import Sketch

_MOST_COMPARED = 64
"""Maximum number of articles that are compared with one. More have the same text or the same form,
which the first ones show."""
_BRIEF = 60
"""Number of common words of a notice. With fewer, the headlines have to be like each other: a body
such as "quarterly dividend 10 cents, payable April 15" is the same for all companies that only the
headlines name."""
_HEADLINE_WORTH = 100
"""Number of common words that are worth a headline: of two notices with n common words, the
headlines have to share 1 - n / _HEADLINE_WORTH of their words. Larger misses more reprinted
notices; smaller takes those of several funds of one company for copies."""
_LIKE = 0.6
"""Minimum share of common words, of the words of two headlines together, at which they are like
each other."""
_SOON = timedelta(days=2)
"""Maximum time between two versions of an article at different addresses."""
_SAME_DAY = timedelta(days=1)
"""Maximum time between two copies of a brief text or a table: the same notice is given again in the
same words, about another day."""


class Resembling(Protocol):
    """A part of `engine.protocol.Snapshot`."""

    def resembling(self, sketch: Sketch, limit: int) -> list[Article]:
        """Return articles that may have a large part in common with the text of a sketch."""


def verdicts(article: Article, snapshot: Resembling) -> list[Verdict]:
    """Return the articles of an index that an article is a copy or a version of, the largest share
    first. Raises IndexDamaged."""
    body = body_of(article)
    found = []
    for other in snapshot.resembling(body.sketch, _MOST_COMPARED):
        if other.id == article.id:
            continue
        comparison = compared(body, body_of(other))
        if relation := related(article, other, comparison):
            found.append(Verdict(other.id, relation, percent(comparison.share)))
    return sorted(found, key=lambda verdict: (-verdict.share, verdict.article_id))


def related(one: Article, other: Article, comparison: Comparison) -> Relation | None:
    """Return the relation of two articles: "copy", "version", or None for neither."""
    if comparison.share < COPIED:
        return None
    headlines = _likeness(one.headline, other.headline)
    if one.source and one.source == other.source:
        if one.url and one.url == other.url:
            return "version"
        if headlines >= _LIKE and not comparison.is_filled_in and _within_time(one, other, _SOON):
            return "version"
    if comparison.is_filled_in or not _tells(one, other, comparison, headlines):
        return None
    return "copy"


def _tells(one: Article, other: Article, comparison: Comparison, headlines: float) -> bool:
    """Return whether a common part tells that articles are copies. A long one does; a notice may be
    about another firm, which the headline names, or about another day or hour."""
    brief = comparison.common < _BRIEF
    if (brief or comparison.is_table) and not _within_time(one, other, _SAME_DAY):
        return False
    if not brief:
        return True
    held = {figures(hashed_words(article.headline)) for article in (one, other)}
    return headlines >= 1 - comparison.common / _HEADLINE_WORTH and len(held) == 1


def _within_time(one: Article, other: Article, most: timedelta) -> bool:
    """Return whether two articles were published within a time; so do articles without a date."""
    if not one.published or not other.published:
        return True
    return abs(one.published.value - other.published.value) <= most


def _likeness(one: str, other: str) -> float:
    """Return the share of common words, of the words of two headlines."""
    held, others = (set(hashed_words(text).hashes.tolist()) for text in (one, other))
    return len(held & others) / len(held | others) if held or others else 1.0
