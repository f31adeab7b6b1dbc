"""Notices: texts of one form, which is filled in for one firm, place or day after the other.

Two notices are on two events, however much of the form they have in common. What tells is that
names or figures stand in one place of both texts: reports on one event leave out, add and reword,
but they rarely put another name in the place of one.
"""

from __future__ import annotations

from datetime import timedelta
from typing import NamedTuple

from searcher.article import Article
from searcher.kernels.word_kinds import BEGINS_CAPITAL
from searcher.stories.bodies import Body, Span, figures, overlap, passages, shared
from searcher.stories.forms import Passage, filled_in
from searcher.stories.profile import LEAST_LETTERS
from searcher.text.agencies import agency_names
from searcher.text.folding import fold
from searcher.text.names import is_same_name
from searcher.text.pieces import UNSPACED
from searcher.text.tokens import surfaces

_LEAST = 0.2
"""Minimum share of runs of three words, of the shorter text, in texts that are compared in full."""
_COVERED = 0.45
"""Minimum share of words of the shorter text in such runs of a form. Larger misses forms with a
name or figure every six words; smaller takes quotations for a form."""
_LONGEST = 12
"""Maximum number of words that are filled in at one place. More are a text of its own."""
_BEGINNING = 15
"""Number of first words of a text that name its subject."""
_NAMES, _NOUNS = 2, 4
"""Minimum number of other names in a form; in languages that write nouns with capitals."""
_NAMES_EVERY, _FIGURES_EVERY = 60, 40
"""Number of common words for each of them, and for each other figure."""
_FIGURES = 2
"""Minimum number of other figures in a form."""
_HALF_DAY = timedelta(hours=12)
"""Minimum time between two notices that differ in figures only. A report is updated and a result
corrected within it; a notice appears anew each day."""
WITH_NOUNS = frozenset({"de", "lb"})
"""Languages that write nouns with capitals."""


class Form(NamedTuple):
    """The places of a form in which two texts differ."""

    common: int
    """Number of words of the shorter text that are of the form."""
    subjects: int
    """Number of places with other names that are what the texts are about."""
    names: int
    """Number of places with other names."""
    figures: int
    """Number of other figures."""
    told: int
    """Number of figures of the shorter text."""
    has_words: bool
    """Whether its script has no capitals, but spaces."""


def differs(one: Article, body: Body, other: Article, other_body: Body) -> bool:
    """Return whether two articles are notices of one form on two events. The same in either
    order."""
    form = form_of(one, body, other, other_body)
    if form is None:
        return False
    if form.subjects:
        return True
    least = _NOUNS if one.language in WITH_NOUNS else _NAMES
    if form.names >= max(least, form.common / _NAMES_EVERY):
        return True
    least_figures = max(_FIGURES, form.common / _FIGURES_EVERY, form.told / 2)
    return form.figures >= least_figures and _are_apart(one, other)


def form_of(one: Article, body: Body, other: Article, other_body: Body) -> Form | None:
    """Return the form of two articles; None if their texts have none in common."""
    if shared(body, other_body) < _LEAST:
        return None
    found = overlap(body, other_body)
    common = int(found.covered.sum())
    if common < _COVERED * len(found.covered):
        return None
    short, long = (one, other) if found.short is body else (other, one)
    texts = _Text(short, found.short), _Text(long, found.long)
    subjects = names = differing = 0
    slots = [pair for pair in found.replaced() if _is_filled_in(pair)]
    for spans, pair in zip(slots, passages(found.short, found.long, slots), strict=True):
        differing += filled_in(*pair).figures
        ours, theirs = texts[0].names(pair[0], texts[1]), texts[1].names(pair[1], texts[0])
        if not ours or not theirs or any(is_same_name(a, b) for a in ours for b in theirs):
            continue
        names += 1
        are_subjects = texts[0].has_subject(ours, spans[0]) or texts[1].has_subject(
            theirs, spans[1]
        )
        subjects += are_subjects
    return Form(
        common, subjects, names, differing, len(figures(found.short.words)), texts[0].has_words
    )


class _Text:
    """The text of an article, as far as names are looked up in it."""

    def __init__(self, article: Article, body: Body) -> None:
        self._headline = {fold(word) for word in surfaces(article.headline)}
        self._heading = fold(article.headline)
        words = [fold(word) for word in surfaces(body.text)]
        self._words = set(words) | self._headline
        self._text = fold(body.text)
        self._outlet = {fold(word) for word in surfaces(article.source)}
        self._is_cased = bool((body.words.kinds & BEGINS_CAPITAL).any())
        self.has_words = not self._is_cased and not UNSPACED.search(body.text)
        """Whether the script has no capitals, but spaces."""
        self._has_nouns = article.language in WITH_NOUNS

    def names(self, passage: Passage, other: _Text) -> list[str]:
        """Return the names of a passage that the other text has nowhere, folded."""
        found = []
        for word, is_plain in zip(passage.words, passage.plain, strict=True):
            name = fold(word)
            is_brief = self._is_cased and len(name) < LEAST_LETTERS
            if is_plain or is_brief or not name.isalpha() or word[0].islower():
                continue
            is_outlets = name in self._outlet and name not in self._headline
            if not (is_outlets or other.has(name) or agency_names(word)):
                found.append(name)
        return found

    def has(self, name: str) -> bool:
        """Return whether a name is in the text or its headline."""
        return name in self._words or (not self._is_cased and name in self._heading + self._text)

    def has_subject(self, names: list[str], span: Span) -> bool:
        """Return whether the text is about one of the names at a place."""
        headline = self._headline if self._is_cased else self._heading
        if any(name in headline for name in names):
            return True
        if not self._is_cased or self._has_nouns:
            return False
        # The place of a report comes first, and may be left out or another one.
        return 0 < span[0] < _BEGINNING


def _is_filled_in(pair: tuple[Span, Span]) -> bool:
    """Return whether two spans of words can be what stands in one place of a form."""
    return all(0 < end - begin <= _LONGEST for begin, end in pair)


def _are_apart(one: Article, other: Article) -> bool:
    """Return whether two articles were published more than half a day apart."""
    if not one.published or not other.published:
        return False
    return abs(one.published.value - other.published.value) > _HALF_DAY
