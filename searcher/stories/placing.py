"""The places of articles among the stories, one article after the other.

An article that has nothing in common with others founds a story; else it joins theirs. An article
that belongs to several stories makes them one. A reader's word overrules that.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import NamedTuple, Protocol

from searcher.article import Article
from searcher.engine.places import BY_DAYS, Place, Relation, Story, article_number
from searcher.stories.rulings import NO_RULINGS, Rulings


class Verdict(NamedTuple):
    """An article that another one shares a story with, or why not, and the reason."""

    article_id: str
    """Id of the article."""
    relation: Relation
    """The relation of the other one to it; never "first"."""
    share: int = 0
    """Part of the shorter text that both have, in percent."""
    names: int = 0
    """Number of rare names in common."""
    hours: int | None = None
    """Hours between the articles; None if not known."""
    days: int | None = None
    """Days between them if one has a date without a time, else None."""
    is_part: bool = False
    """Whether it is a part of the other one, which is a digest. They share no story."""
    is_digest: bool = False
    """Whether it is a digest, and the other one a part of it. They share no story."""
    is_later: bool = False
    """For a copy or a version, whether it was printed after the other one."""

    @property
    def is_copy(self) -> bool:
        """Whether the articles are copies."""
        return self.relation == "copy" and not self.is_part and not self.is_digest


_FOUNDED = Verdict("", "first")
"""The reason for an article that founded its story."""

PlaceOf = Callable[[str], Place | None]
"""Returns the place of an article among the stories; None if it has none yet."""


class Judge(Protocol):
    """Decides which articles of an index share a story."""

    def expect(self, articles: Sequence[Article]) -> None:
        """Take note of the articles that are about to be judged, without a place yet. Raises
        IndexDamaged."""

    def verdicts(self, article: Article, place_of: PlaceOf) -> Sequence[Verdict]:
        """Return articles that share a story with this one, which is of the index, too.

        The one that says most about it comes first. For copies and versions the result is the same
        in either direction: if it names another article, the verdicts on that one name this one.
        For other texts on an event it depends on the stories that there are, as `place_of` says.
        Raises IndexDamaged.
        """


class Stories(Protocol):
    """The stories of a commit: a part of `engine.protocol.Snapshot`. Methods raise IndexDamaged."""

    def place(self, article_id: str) -> Place | None:
        """Return the place of an article; None if it has none."""

    def stories(self, numbers: Iterable[int], limit: int) -> dict[int, Story]:
        """Return the stories with these numbers, each with at most its first `limit` articles."""

    @property
    def last_number(self) -> int:
        """A number that no story and no group of copies exceeds."""


class Placing:
    """The places of new articles, over those of a commit."""

    def __init__(
        self,
        stories: Stories,
        rulings: Rulings = NO_RULINGS,
        unplaced: Collection[str] = frozenset(),
    ) -> None:
        """
        rulings: the readers' words, which overrule verdicts.
        unplaced: ids of articles whose places in the commit are ignored.
        """
        self._stories = stories
        self.rulings = rulings
        """The readers' words."""
        self._unplaced = frozenset(unplaced)
        self._number = stories.last_number
        self._members: dict[int, set[str]] = {}
        self.places: dict[str, Place] = {}
        """The places that differ from those of the commit, by id of the article."""

    def add(self, article_id: str, verdicts: Sequence[Verdict]) -> None:
        """Give an article its place.

        verdicts: on other articles, as of `Judge.verdicts`. Those without a place are ignored: when
        they get one, the verdicts on them name this article.
        """
        ruled = sorted(self.rulings.together.get(article_id, ()))
        asked = [one for one in verdicts if not one.is_part and not one.is_digest]
        asked += [Verdict(other, "reader") for other in ruled]
        known = [(verdict, place) for verdict in asked if (place := self.place(verdict.article_id))]
        allowed = self._allowed(article_id, known)
        refused = [verdict for verdict, place in known if place.story not in allowed]
        known = [pair for pair in known if pair[1].story in allowed]
        if not known:
            self._set(article_id, Place(self._next()))
            self._take_along(article_id, refused)
            return
        story = self._united(article_id, known)
        # Stories that were united have other places now.
        copies = self._copied([one for one, _ in known])
        group = self._grouped(story, copies) if copies else 0
        later = [one for one, _ in known if one.is_later and self._gives_way(one)]
        for one in later:
            self._follow(article_id, one, group)
        # The earliest version is none of the others, but they are versions of it.
        reasons = [one for one, _ in known if one not in later]
        reasons.sort(key=lambda one: one.relation != "version")
        reason = reasons[0] if reasons else _FOUNDED
        if any(one.relation == "copy" for one in later):
            reason = self._founds_instead(reason)
        self._set(article_id, _placed(story, group, reason))

    def _founds_instead(self, reason: Verdict) -> Verdict:
        """Return the reason for an article of which the one that had founded its story is a later
        copy. Of versions the earliest has founded it."""
        if reason.relation != "version":
            return _FOUNDED
        place = self._placed(reason.article_id)
        if place.relation == "united":
            self._set(reason.article_id, _placed(place.story, place.copies, _FOUNDED))
        return reason

    def _take_along(self, article_id: str, refused: Sequence[Verdict]) -> None:
        """Take copies of an article that a reader has leave a story along into its own one.

        refused: verdicts on articles of stories that it must not share. Those that are copies of
            articles there, too, stay.
        """
        if article_id not in self.rulings.leaving:
            return
        story = self._placed(article_id).story
        for one in refused:
            is_there_by_itself = self._placed(one.article_id).relation in ("first", "story")
            apart = self.rulings.apart.get(one.article_id, frozenset())
            if one.relation == "copy" and is_there_by_itself and not apart & self._held(story):
                group = self._grouped(story, [article_id])
                reason = one._replace(article_id=article_id)
                self._set(one.article_id, _placed(story, group, reason))

    def join(self, article_id: str, other_ids: Iterable[str]) -> None:
        """Make the stories of placed articles one with that of `article_id`, as a reader said.
        Stories with articles that are kept apart stay as they are."""
        for other_id in filter(self.place, other_ids):
            pair = [(Verdict(one, "reader"), self._placed(one)) for one in (article_id, other_id)]
            if len(self._allowed(article_id, pair)) == 2:
                larger = max(pair, key=lambda held: self._weight(held[1].story))
                self._united(larger[0].article_id, pair)

    def _gives_way(self, verdict: Verdict) -> bool:
        """Return whether an article that was printed later than one with its text follows that one:
        a version does, and of copies the one that founded the story."""
        is_founder = self._placed(verdict.article_id).relation == "first"
        return verdict.relation == "version" or (verdict.relation == "copy" and is_founder)

    def _copied(self, verdicts: Sequence[Verdict]) -> list[str]:
        """Return the articles whose group of copies one joins. Of versions of an article the
        earliest is in a group."""
        earlier = [one for one in verdicts if one.relation == "version" and not one.is_later]
        taken = {self._placed(one.article_id).copies for one in earlier} - {0}
        copies = {
            one.article_id: place
            for one in verdicts
            if one.relation == "copy"
            and (place := self._placed(one.article_id)).copies not in taken
        }
        first = [one for one, place in copies.items() if place.relation != "version"]
        return first or list(copies)[:1]

    def _follow(self, article_id: str, later: Verdict, group: int) -> None:
        """Make an article that was placed before a version or a copy of this one, which was printed
        earlier.

        group: the group of copies of this one, which a version leaves.
        """
        before = self._placed(later.article_id)
        leaves = later.relation == "version" and before.copies == group
        reason = later._replace(article_id=article_id)
        self._set(later.article_id, _placed(before.story, 0 if leaves else before.copies, reason))

    def place(self, article_id: str) -> Place | None:
        """Return the place of an article as of now; None if it has none."""
        found = self.places.get(article_id)
        if found or article_id in self._unplaced:
            return found
        return self._stories.place(article_id)

    def _allowed(self, article_id: str, known: Sequence[tuple[Verdict, Place]]) -> set[int]:
        """Return those of some stories that may become one with an article: none has an article
        that a reader keeps apart from it, or from one of the stories before.

        known: the verdicts on articles of the stories, with the places of these.
        """
        kept_apart = self.rulings.apart
        numbers = dict.fromkeys(place.story for _, place in known)
        if not kept_apart:
            return set(numbers)
        allowed: set[int] = set()
        members = {article_id}
        stories = {number: self._held(number) for number in numbers}
        same_text = {place.story for one, place in known if one.relation in ("copy", "version")}
        # One that leaves the story of another leaves it this article, too, unless it has its text.
        leaving = self.rulings.leaving.keys()
        for number in sorted(
            stories, key=lambda one: (one not in same_text, not stories[one].isdisjoint(leaving))
        ):
            held = stories[number]
            if not any(kept_apart.get(one, frozenset()) & held for one in members):
                allowed.add(number)
                members |= held
        return allowed

    def _united(self, article_id: str, known: Sequence[tuple[Verdict, Place]]) -> int:
        """Make the stories that an article is of one: the largest, of equal ones the oldest. Return
        its number.

        known: as in `_allowed`, those that say most first. They are the reasons for the articles
            that founded the other stories.
        """
        reasons = {place.story: one for one, place in reversed(known)}
        if len(reasons) == 1:
            return next(iter(reasons))
        largest = max(reasons, key=self._weight)
        for number in sorted(reasons.keys() - {largest}):
            for member in sorted(self._held(number)):
                place = self._placed(member)
                if place.relation == "first":
                    place = _brought(place, member, article_id, reasons[number])
                self._set(member, place._replace(story=largest))
        return largest

    def _weight(self, number: int) -> tuple[int, int]:
        """Return the sort key of a story among those that become one, whose last one stays."""
        return len(self._held(number)), -number

    def _grouped(self, story: int, copies: Sequence[str]) -> int:
        """Make articles of a story, and what they are copies of, one group of copies. Return its
        number."""
        groups = {place.copies for one in copies if (place := self.place(one))}
        numbers = sorted(groups - {0})
        chosen = numbers[0] if numbers else self._next()
        for article_id in copies if 0 in groups else ():
            self._set(article_id, self._placed(article_id)._replace(copies=chosen))
        if len(numbers) > 1:
            for article_id in sorted(self._held(story)):
                place = self.place(article_id)
                if place and place.copies in numbers[1:]:
                    self._set(article_id, self._placed(article_id)._replace(copies=chosen))
        return chosen

    def _next(self) -> int:
        self._number += 1
        return self._number

    def _held(self, number: int) -> set[str]:
        """Return the ids of the articles of a story as of now."""
        if number not in self._members:
            found = self._stories.stories([number], sys.maxsize).get(number)
            held = {member.article.id for member in found.members} if found else set()
            self._members[number] = held - self.places.keys() - self._unplaced
            self._members[number] |= {
                one for one, place in self.places.items() if place.story == number
            }
        return self._members[number]

    def _placed(self, article_id: str) -> Place:
        place = self.place(article_id)
        assert place is not None
        return place

    def _set(self, article_id: str, place: Place) -> None:
        before = self.place(article_id)
        if before and before.story != place.story and before.story in self._members:
            self._members[before.story].discard(article_id)
        self.places[article_id] = place
        if place.story in self._members:
            self._members[place.story].add(article_id)


def _brought(place: Place, member: str, article_id: str, reason: Verdict) -> Place:
    """Return the place of the article that founded a story which is of another one now.

    article_id: of the article that is of both. reason: why it is of the one that `member` founded.
    """
    is_its_own = reason.article_id == member and reason.relation != "version"
    relation = reason.relation if is_its_own else "united"
    reason = reason._replace(article_id=article_id, relation=relation)
    return _placed(place.story, place.copies, reason)


def _placed(story: int, copies: int, reason: Verdict) -> Place:
    """Return the place of an article in a story, for a reason."""
    peer = article_number(reason.article_id) if reason.article_id else 0
    names, apart = min(reason.names, 255), _apart(reason)
    return Place(story, copies, reason.relation, peer, reason.share, names, apart)


def _apart(verdict: Verdict) -> int:
    """Return the time between two articles as `Place.apart`."""
    if verdict.days is not None:
        return BY_DAYS + verdict.days
    return 0 if verdict.hours is None else verdict.hours + 1
