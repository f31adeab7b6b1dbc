"""The judge of an index: which of its articles share a story with one, and why."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from functools import cache, cached_property
from itertools import islice

from searcher.article import Article
from searcher.engine.common_words import language_of
from searcher.engine.function_words import function_words
from searcher.engine.places import Place
from searcher.engine.protocol import Snapshot
from searcher.engine.spellings import other_spellings
from searcher.stories import copies
from searcher.stories.bodies import Body, body_of
from searcher.stories.clusters import LIMITS, Candidate, Limits, joined
from searcher.stories.likeness import ABROAD, WINDOW, Likeness
from searcher.stories.notices import differs
from searcher.stories.placing import PlaceOf, Verdict
from searcher.stories.printings import Copies, Reprints
from searcher.stories.profile import profile_of
from searcher.stories.telling import MOST, telling_names, telling_words
from searcher.stories.weights import FEW, RARE, Weighted, weigh
from searcher.text.analyzer import query_terms
from searcher.text.folding import fold

_PRINTED = 1 / 4
"""Size of a group of copies that counts as one text, as a part of the number of articles that may
have a rare name. Smaller reads articles of more groups for each commit; larger lets the copies of a
story make its names frequent."""
_KEPT = 20_000
"""Maximum number of articles whose weights are remembered. Articles are judged in the order of
publication, so those compared with one were judged shortly before it. Larger takes more memory: 20
kB an article."""
_BODIES = 500
"""Maximum number of bodies that are remembered. Larger takes more memory: 25 kB a body."""
_NEAR = 0.1
"""Minimum score of an article that is compared with one, as a share of the largest score by its
telling words, which is mostly its own. Smaller reads and weighs more articles in vain: of Reuters,
0 compares half as many again. Larger loses articles that are alike: of those with a likeness of at
least .28, .1% with .1, .3% with .15 and 2% with .2. The stories of 4,000 articles of Reuters are
the same with 0 and .1, and so is F1 on ECB+, also with .15; with .2 it is .006 lower."""
_CROWD, _LONGEST = 0.5, 1_000
"""Share of further copies among the articles found, at which more are searched for, and the number
of articles with which that ends. A smaller share searches more often, which takes as long as the
first search."""
_ABROAD_SHARE = 1 / 20
"""Minimum share of the articles in other languages for a search by names. In an archive of one
language that many articles are tagged wrongly; smaller searches in vain, which takes 8 ms an
article."""
_EXACT = frozenset({"minute", "second"})
"""Precisions of dates that tell hours."""
_SMALL = 300
"""Number of articles of a language. Below it, function words are taken from a list: they are not
frequent yet, as in `engine.common_words`."""


class _IndexFrequencies:
    """The number of texts of a commit in which words occur, remembered. Texts that are printed
    often count as one."""

    def __init__(self, snapshot: Snapshot, copies: Copies) -> None:
        """copies: those of articles that have no place yet."""
        self._vocabulary = snapshot.vocabulary
        self._languages = snapshot.facet("language")
        least = max(2, int(_PRINTED * RARE * (snapshot.count + FEW)))
        self._reprints = Reprints(snapshot, least, copies)
        self._known: dict[str, int] = {}

    def articles(self, language: str) -> int:
        """Return the number of texts in a language."""
        return self._languages.get(language, 0) - self._reprints.articles(language)

    def has_others(self, language: str) -> bool:
        """Return whether enough articles are in other languages to be searched."""
        others = sum(self._languages.values()) - self.articles(language)
        return others > _ABROAD_SHARE * sum(self._languages.values())

    def holding(self, terms: Sequence[str]) -> Sequence[int]:
        """Return the number of texts with each of these terms of the field of stems."""
        known = self._known
        missing = [term for term in terms if term not in known]
        for term, count in zip(missing, self._vocabulary.stems(missing), strict=True):
            language = language_of(term)
            articles = self.articles(language)
            is_listed = articles < _SMALL and term in _function_terms(language)
            texts = max(count - self._reprints.holding(term), min(count, 1))
            known[term] = articles + FEW if is_listed else texts
        return [known[term] for term in terms]


@cache
def _function_terms(language: str) -> frozenset[str]:
    """Return the terms of the function words of a language."""
    words = function_words().get(language, ())
    return frozenset(term for word in words for term in query_terms(word, word, (language,)))


def _verdict(article: Article, peer: Article, found: Likeness) -> Verdict:
    """Return the verdict that an article is on the event of another one."""
    days = None
    one, other = article.published, peer.published
    if one and other and not {one.precision, other.precision} <= _EXACT:
        days = abs((one.value.date() - other.value.date()).days)
    return Verdict(peer.id, "story", names=len(found.common), hours=found.hours, days=days)


_Texts = dict[int | str, tuple[str, Place]]
"""Articles with their places, by their groups of copies; by id if they have none."""


def _texts(article_ids: Iterable[str], article_id: str, place_of: PlaceOf) -> _Texts:
    """Return the first of each group of copies among some articles with a place, besides one."""
    found: _Texts = {}
    for other in article_ids:
        place = place_of(other)
        if place is not None and other != article_id:
            found.setdefault(place.copies or other, (other, place))
    return found


class StoryJudge:
    """Judges the articles of one commit. Not safe in threads. Methods raise IndexDamaged."""

    def __init__(self, snapshot: Snapshot, limits: Limits = LIMITS) -> None:
        """limits: for stories of different texts."""
        self._snapshot = snapshot
        self._limits = limits
        self._copies: dict[str, list[Verdict]] = {}
        self._spelled: dict[str, frozenset[str]] = {}
        self._digests: dict[str, bool] = {}
        self._bodies: dict[str, Body] = {}
        self._weighted: OrderedDict[str, Weighted] = OrderedDict()

    def expect(self, articles: Iterable[Article]) -> None:
        """Find the copies of articles that are about to be judged, before the first of them is."""
        for article in articles:
            self._copies[article.id] = copies.verdicts(article, self._snapshot)

    @cached_property
    def _frequencies(self) -> _IndexFrequencies:
        """The frequencies of words, in which the copies of expected articles count as one."""
        held = {
            one: found
            for one, verdicts in self._copies.items()
            if (found := [each.article_id for each in verdicts if each.is_copy])
        }
        return _IndexFrequencies(self._snapshot, held)

    def verdicts(self, article: Article, place_of: PlaceOf) -> list[Verdict]:
        """Return articles that share a story with this one, which is of the index, too.

        Copies and versions come first. Of a story on the same event it is the most similar article.
        Only articles that have a place are compared for that. A digest is on no event.
        """
        found = list(self._copied(article))
        if self._is_digest(article, found):
            return found
        near = joined(
            self._of(article),
            self._candidates(article, place_of),
            self._limits,
            lambda other: self._differs(article, other),
        )
        known = {verdict.article_id for verdict in found}
        for one in near:
            if one.peer not in known:
                peer = self._snapshot.article(one.peer)
                if peer and not self._is_digest(peer):
                    found.append(_verdict(article, peer, one.likeness))
        return found

    def _copied(self, article: Article) -> Sequence[Verdict]:
        """Return the verdicts of `copies` on an article, remembered if it was expected."""
        found = self._copies.get(article.id)
        return copies.verdicts(article, self._snapshot) if found is None else found

    def _is_digest(self, article: Article, verdicts: Sequence[Verdict] | None = None) -> bool:
        """Return whether an article has the texts of several others; remembered.

        verdicts: those of `copies`, if they are known.
        """
        found = self._digests.get(article.id)
        if found is None:
            if verdicts is None:
                verdicts = self._copied(article)
            found = self._digests[article.id] = any(one.is_part for one in verdicts)
        return found

    def _differs(self, article: Article, other: str) -> bool:
        """Return whether an article is another notice of the same form as one."""
        held = self._snapshot.article(other)
        if held is None:
            return False
        return differs(article, self._body(article), held, self._body(held))

    def _body(self, article: Article) -> Body:
        """Return the body of an article, remembered."""
        found = self._bodies.get(article.id)
        if found is None:
            if len(self._bodies) >= _BODIES:
                self._bodies.clear()
            found = self._bodies[article.id] = body_of(article)
        return found

    def _candidates(self, article: Article, place_of: PlaceOf) -> list[Candidate]:
        """Return articles that were published at about the same time and have its telling words;
        of copies the one that has most of them, as one text is one piece of evidence."""
        weighted = self._of(article)
        start = end = None
        if weighted.time is not None:
            start, end = weighted.time - WINDOW, weighted.time + WINDOW + timedelta(seconds=1)
        dates = start, end
        near = self._near(article.id, weighted, dates, place_of)
        near |= _texts(self._abroad(weighted, dates), article.id, place_of)
        weights = ((self._known(other), place.story) for other, place in near.values())
        return [Candidate(known, story) for known, story in weights if known is not None]

    def _near(
        self,
        article_id: str,
        weighted: Weighted,
        dates: tuple[datetime | None, datetime | None],
        place_of: PlaceOf,
    ) -> _Texts:
        """Return the texts that have the telling words of an article, at most MOST. Copies of one
        text may be all that a search finds; then it is repeated for more."""
        words = telling_words(weighted)
        # In a small archive the words that articles share are no rarer than others.
        share = _NEAR if self._snapshot.count >= FEW else 0.0
        # One more than wanted: the article has all of its words.
        limit = MOST + 1
        while True:
            scored = self._snapshot.having_terms(words, *dates, limit)
            near = [other for other, score in scored if score >= share * scored[0][1]]
            found = _texts(near, article_id, place_of)
            placed = sum(place_of(other) is not None for other in near)
            if placed - len(found) < _CROWD * limit or limit >= _LONGEST:
                return dict(islice(found.items(), MOST))
            limit *= 8

    def _abroad(
        self, article: Weighted, dates: tuple[datetime | None, datetime | None]
    ) -> list[str]:
        """Return the ids of articles in other languages that have the rare names of an article."""
        if len(article.rare) < ABROAD or not self._frequencies.has_others(article.language):
            return []
        names = [self._spellings(name) for name in telling_names(article)]
        found = self._snapshot.having_names(names, article.language, dates, MOST)
        return [other for other, _ in found]

    def _spellings(self, name: str) -> frozenset[str]:
        """Return the spellings of a name in this index, folded; remembered."""
        found = self._spelled.get(name)
        if found is None:
            others = other_spellings(name, self._snapshot.vocabulary)
            found = frozenset((name, *(fold(other.text) for other in others)))
            self._spelled[name] = found
        return found

    def _known(self, article_id: str) -> Weighted | None:
        """Return the weights of an article by its id, remembered; None if there is none."""
        found = self._weighted.get(article_id)
        if found is not None:
            return found
        article = self._snapshot.article(article_id)
        return None if article is None else self._of(article)

    def _of(self, article: Article) -> Weighted:
        """Return the weights of an article, remembered."""
        found = self._weighted.get(article.id)
        if found is None:
            found = weigh(profile_of(article), self._frequencies)
            self._weighted[article.id] = found
            if len(self._weighted) > _KEPT:
                self._weighted.popitem(last=False)
        return found
