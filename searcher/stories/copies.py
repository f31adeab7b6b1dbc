"""Copies: articles that print the same text, perhaps trimmed or with another beginning and end.

The text is the body, as runs of three words. Two articles are copies if nearly all runs of the
shorter body are in the longer one, and what differs between them is neither figures nor names, as
in notices that are filled in anew each day. Of one outlet they are versions: states of an
article, its update or its correction.
Each decision is the same in either order.
"""

from __future__ import annotations

import re
from datetime import timedelta

from searcher.article import Article
from searcher.engine.places import Relation, printed_key
from searcher.stories.bodies import COPIED, Comparison, body_of, compared, figures
from searcher.stories.digests import Resembling, has_another_part
from searcher.stories.notices import WITH_NOUNS, form_of
from searcher.stories.placing import Verdict
from searcher.stories.summary import percent
from searcher.text.pieces import UNSPACED
from searcher.text.shingles import hashed_words

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
_TOLD, _NAMES, _NOUNS = 18, 3, 8
"""Minimum number of common words of a brief text that says itself what it is about, and of names in
it; in languages that write nouns with capitals. Larger misses first paragraphs that are reprinted;
smaller takes for copies what only the headlines tell apart."""
_AS_LONG = 0.8
"""Minimum share of different words of the longer of two texts that are about as long."""
_NAME = re.compile(r"(?<=[a-zß-ÿа-яα-ω,] )[A-ZÀ-ÞА-ЯΑ-Ω][^\W\d_]{2,}")
"""A word with a capital inside a sentence."""
_CASED = re.compile("[A-ZÀ-ÞΑ-ΩА-Я]")
"""A capital of the scripts that have them."""
_SOON = timedelta(days=2)
"""Maximum time between two versions of an article at different addresses."""
_UPDATED, _UPDATED_EVERY = timedelta(hours=12), 25
"""Maximum time between an article and its update with other figures, and the number of common words
for each of these. Of 189 pairs of Reuters that are forms, filled in anew, 12 are updates by this,
all of them rightly; tables of prices have the same headlines, hours apart. Larger takes a forecast
or a market report for an update of the one before."""
_SAME_DAY = timedelta(days=1)
"""Maximum time between two copies of a brief text or a table: the same notice is given again in the
same words, about another day."""


def verdicts(article: Article, snapshot: Resembling) -> list[Verdict]:
    """Return the articles of an index that an article is a copy or a version of, or a digest or a
    part of, the largest share first. Raises IndexDamaged."""
    body = body_of(article)
    found = []
    for other in snapshot.resembling(body.sketch, _MOST_COMPARED):
        if other.id == article.id:
            continue
        held = body_of(other)
        comparison = compared(body, held)
        relation = related(article, other, comparison)
        verdict = Verdict(other.id, relation or "copy", percent(comparison.share, 1))
        verdict = verdict._replace(is_later=printed_key(other) > printed_key(article))
        if _may_be_part(relation, comparison) and has_another_part(body, held, snapshot):
            is_part = len(held.distinct) < len(body.distinct)
            found.append(verdict._replace(is_part=is_part, is_digest=not is_part))
        elif relation:
            found.append(verdict)
    return sorted(found, key=lambda verdict: (-verdict.share, verdict.article_id))


def _may_be_part(relation: Relation | None, comparison: Comparison) -> bool:
    """Return whether one article may be a part of the other one, a digest. A part may be too brief
    for a copy, as the digest has another headline."""
    is_same = comparison.share >= COPIED and not comparison.is_filled_in
    return is_same and relation != "version"


def related(one: Article, other: Article, comparison: Comparison) -> Relation | None:
    """Return the relation of two articles: "copy", "version", or None for neither."""
    if comparison.share < COPIED:
        return None
    headlines = _likeness(one.headline, other.headline)
    is_outlets_own = bool(one.source) and one.source == other.source
    if is_outlets_own and one.url and one.url == other.url:
        return "version"
    if _is_filled_in(one, other, comparison):
        return "version" if is_outlets_own and _is_update(one, other, comparison) else None
    if is_outlets_own and headlines >= _LIKE and _within_time(one, other, _SOON):
        return "version"
    if not _tells(one, other, comparison, headlines):
        return None
    # A correction has another headline, and may come days later.
    return "version" if is_outlets_own else "copy"


def _is_filled_in(one: Article, other: Article, comparison: Comparison) -> bool:
    """Return whether two articles are one form, filled in with other figures or names.

    One other name is enough if it is that of the subject. In a script without capitals, one other
    word that is not of the headlines may be an editor's.
    """
    if not comparison.names:
        return comparison.is_filled_in
    form = form_of(one, body_of(one), other, body_of(other))
    if form is None or form.subjects:
        return form is not None or comparison.is_filled_in
    is_edited = not comparison.figures and comparison.names == 1 and form.has_words
    return comparison.is_filled_in and not is_edited


def _is_update(one: Article, other: Article, comparison: Comparison) -> bool:
    """Return whether a text of an outlet with other figures is a later state of an article of it
    ("15 killed" after "12 killed"), not a notice that is filled in anew."""
    if not one.published or not other.published or comparison.names or comparison.is_table:
        return False
    few = comparison.figures <= comparison.length // _UPDATED_EVERY
    alike = _likeness(one.headline, other.headline) >= _LIKE
    return few and alike and _within_time(one, other, _UPDATED)


def _tells(one: Article, other: Article, comparison: Comparison, headlines: float) -> bool:
    """Return whether a common part tells that articles are copies. A long one does; a notice may be
    about another firm, which the headline names, or about another day or hour."""
    brief = comparison.common < _BRIEF
    if (brief or comparison.is_table) and not _within_time(one, other, _SAME_DAY):
        return False
    if not brief:
        return True
    held = {figures(hashed_words(article.headline)) for article in (one, other)}
    if headlines >= 1 - comparison.common / _HEADLINE_WORTH and len(held) == 1:
        return True
    is_told = comparison.common >= _TOLD and not comparison.figures
    return is_told and not _are_headed_apart(one, other) and _tells_subject(one, other)


def _are_headed_apart(one: Article, other: Article) -> bool:
    """Return whether the briefer of two texts, or one of two that are about as long, has a word of
    its headline that the other article has nowhere: the notices of two funds of one company."""
    held = [set(hashed_words("\n".join(each.searchable)).hashes.tolist()) for each in (one, other)]
    titles = [set(hashed_words(each.headline).hashes.tolist()) for each in (one, other)]
    least = _AS_LONG * max(map(len, held))
    return any(
        len(held[side]) <= len(held[1 - side]) or len(held[1 - side]) >= least
        for side in (0, 1)
        if titles[side] & held[side] - held[1 - side] - titles[1 - side]
    )


def _tells_subject(one: Article, other: Article) -> bool:
    """Return whether a brief text says itself what it is about, under whatever headline."""
    short = min((one, other), key=lambda article: len(" ".join(article.searchable)))
    text = " ".join(short.searchable)
    if not _CASED.search(text):
        return not UNSPACED.search(text)
    least = _NOUNS if one.language in WITH_NOUNS else _NAMES
    return len(set(_NAME.findall(text))) >= least


def _within_time(one: Article, other: Article, most: timedelta) -> bool:
    """Return whether two articles were published within a time; so do articles without a date."""
    if not one.published or not other.published:
        return True
    return abs(one.published.value - other.published.value) <= most


def _likeness(one: str, other: str) -> float:
    """Return the share of common words, of the words of two headlines."""
    held, others = (set(hashed_words(text).hashes.tolist()) for text in (one, other))
    return len(held & others) / len(held | others) if held or others else 1.0
