"""Places of articles among the stories, as engines keep them.

A story is a number that its articles share. Engines keep the numbers and answer questions about
them; `searcher.stories` decides them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeAlias, get_args

from searcher.article import Article, Timestamp

Relation: TypeAlias = Literal["first", "copy", "version", "story", "reader", "united"]
"""How an article came into its story: it founded it, as a copy of an article of it, as a version of
one by the same outlet, as another text on the same event, because a reader said so, or with the
story that it had founded, when an article was found to be of both."""

RELATIONS: tuple[Relation, ...] = get_args(Relation)
"""All relations. An index stores their numbers in this order."""


BY_DAYS = 1_000
"""Least value of `Place.apart` that is a number of days. Part of the format."""


class Place(NamedTuple):
    """The place of an article among the stories, and the reason for it."""

    story: int
    """Number of its story, from 1."""
    copies: int = 0
    """Number of its group of copies, from 1; 0 if it has no copy."""
    relation: Relation = "first"
    """How it came into the story."""
    peer: int = 0
    """The `article_number` of the article that it was compared with; 0 if it founded the story."""
    share: int = 0
    """Part of the shorter text that both have, in percent."""
    names: int = 0
    """Number of rare names in common, at most 255."""
    apart: int = 0
    """Hours between it and the article that it was compared with, plus 1; 0 if not known.
    If one of them has a date without a time it is BY_DAYS plus the number of days."""


UNPLACED = Place(0)
"""For `Writer.place`: the article loses its place."""


class Member(NamedTuple):
    """An article of a story."""

    article: Article
    """The article."""
    place: Place
    """Its place."""


@dataclass(frozen=True, slots=True)
class Story:
    """A story: the articles on one event."""

    number: int
    """Its number in this index."""
    size: int
    """Number of its articles."""
    outlets: int
    """Number of different outlets among them."""
    members: tuple[Member, ...]
    """Its articles in the order of publication, the first ones if not all were asked for; those
    without a date come last."""

    @property
    def id(self) -> str:
        """The id of the story: that of its first article."""
        return self.members[0].article.id

    @property
    def first(self) -> Timestamp | None:
        """When its first article was published, if that is known."""
        return self.members[0].article.published


class Printed(NamedTuple):
    """A group of copies."""

    number: int
    """Its number in this index."""
    size: int
    """Number of its articles."""
    articles: list[Article]
    """Some of them."""


def article_number(article_id: str) -> int:
    """Return 64 bits of SHA-256 of an article's id, by which places refer to articles."""
    return int.from_bytes(hashlib.sha256(article_id.encode()).digest()[:8], "big")


def printed_key(article: Article) -> tuple[float, str]:
    """Return the sort key of an article among others of its story: by the second of its
    publication, then by id. Articles without a date come last."""
    moment = article.published
    return (int(moment.value.timestamp()) if moment else float("inf"), article.id)


def story_of(members: Iterable[Member], limit: int, once: bool = False) -> Story:
    """Return the story of all these members, with the first `limit` of them. once: of each group of
    copies with the first one only."""
    held = sorted(members, key=lambda member: printed_key(member.article))
    first = {member.place.copies: member for member in reversed(held)} if once else {}
    listed = [one for one in held if first.get(one.place.copies or -1, one) is one]
    return Story(
        number=held[0].place.story,
        size=len(held),
        outlets=len({member.article.source for member in held}),
        members=tuple(listed[:limit]),
    )
