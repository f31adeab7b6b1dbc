"""The timeline of a story: its articles and their revisions by time, and whose text each has."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from searcher.article import Article, Version
from searcher.as_json import to_json
from searcher.engine.places import Member, Place, Story, article_number
from searcher.engine.protocol import Engine
from searcher.search.lookup import ArticleLookup
from searcher.stories.reasons import reason
from searcher.wording import said

if TYPE_CHECKING:
    from searcher.stories.provenance import Source

MOST = 100
"""Maximum number of articles of a timeline, the first ones of the story. Each takes about half a
millisecond, and more do not fit on a page."""


class Told(NamedTuple):
    """A sentence about an article that names another one."""

    before: str
    """The words before the name of the other one."""
    at: int
    """The place of the other one in the timeline, from 0."""
    behind: str
    """The words behind its name, with the sign before them."""


@dataclass(frozen=True, slots=True)
class Printing:
    """An article of a story."""

    article: Article
    """The article."""
    place: Place
    """Its place among the stories, with the reason for it."""
    peer: int | None
    """The place in the timeline, from 0, of the article that the reason names; None if it is not
    there."""
    source: Source | None
    """The article whose text it has; None if it has none of an earlier one."""

    @property
    def byline(self) -> str:
        """Its agency, unless that is its outlet, and the place of its report."""
        article = self.article
        agency = article.agency if article.agency != article.source else ""
        return " · ".join(filter(None, (agency, article.dateline)))

    def told(self) -> Told | None:
        """Return whose text it has, else for which other article it is in the story; None if
        neither is known."""
        if self.source:
            before, behind = self.source.words()
            return Told(before, self.source.at, behind)
        if self.peer is not None and (because := reason(self.place)):
            return Told(
                said("In this story because of"), self.peer, said(": %(reason)s", reason=because)
            )
        return None

    def to_json(self) -> dict[str, Any]:
        """Return the documented form of an article of a timeline in `--json` and the API."""
        article = self.article
        return {
            "id": article.id,
            "title": article.title,
            "url": article.url,
            "source": article.source,
            "language": article.language,
            "agency": article.agency,
            "dateline": article.dateline,
            "published": to_json(article.published.value) if article.published else None,
            "precision": article.published.precision if article.published else None,
            "relation": self.place.relation,
            "share": self.place.share,
            "names": self.place.names,
        }


@dataclass(frozen=True, slots=True)
class Event:
    """The publication of an article, or of a revision of it."""

    at: datetime | None
    """When it was published; of a revision, when it was first seen. None without a date."""
    printing: int
    """The place of its article in the timeline, from 0."""
    revision: int = 0
    """The number of the version, from 2; 0 for the publication."""
    changed: tuple[str, ...] = ()
    """Parts that the revision changed: some of "headline" and "body"."""

    @property
    def parts(self) -> str:
        """The parts that the revision changed in words: "headline and text"."""
        names = ("text" if name == "body" else name for name in self.changed)
        return " and ".join(names) or "text"


@dataclass(frozen=True, slots=True)
class Timeline:
    """The articles of a story by time."""

    id: str
    """Id of the story: that of its first article."""
    size: int
    """Number of its articles."""
    outlets: int
    """Number of their outlets."""
    printings: tuple[Printing, ...]
    """Its first articles in the order of publication, at most MOST; those without a date last."""
    events: tuple[Event, ...]
    """Their publications and revisions by time; those without a date last."""
    first_is_certain: bool
    """Whether the first article was published before all others, as far as their dates tell."""

    @property
    def revisions(self) -> int:
        """The number of revisions."""
        return sum(1 for event in self.events if event.revision)

    def to_json(self) -> dict[str, Any]:
        """Return the documented form of a timeline in `--json` and the API."""
        ids = [printing.article.id for printing in self.printings]
        return {
            "id": self.id,
            "articles": self.size,
            "outlets": self.outlets,
            "revisions": self.revisions,
            "first": ids[0] if self.first_is_certain else None,
            "versions": [
                {
                    **one.to_json(),
                    "peer": ids[one.peer] if one.peer is not None else None,
                    "text": _text(one.source, ids) if one.source else None,
                }
                for one in self.printings
            ],
            "events": [
                {
                    "at": to_json(event.at),
                    "id": ids[event.printing],
                    "revision": event.revision or None,
                    "changed": list(event.changed),
                }
                for event in self.events
            ],
        }


def _text(source: Source, ids: list[str]) -> dict[str, Any]:
    return {
        "from": ids[source.at],
        "taken": source.taken,
        "kept": source.kept,
        "hours": round(source.after.total_seconds() / 3600, 2) if source.after else None,
        "agency": source.agency or None,
        "same_outlet": source.same_outlet,
        "copied": source.is_copied,
    }


class StoryTimelines:
    """Reads timelines of stories. Safe in threads."""

    def __init__(self, engine: Engine, articles: ArticleLookup) -> None:
        self._engine = engine
        self._articles = articles

    def story(self, article: Article) -> Story | None:
        """Return the story of an article with its first article, if it has further ones. Raises
        IndexMissing, IndexDamaged and IndexOutdated."""
        with self._engine.snapshot() as snapshot:
            place = snapshot.place(article.id)
            return snapshot.stories([place.story], 1, 2).get(place.story) if place else None

    def numbers(self, ids: Iterable[str]) -> dict[str, int]:
        """Return the numbers of the stories of articles, by id; those without a place are left out.
        Raises IndexMissing, IndexDamaged and IndexOutdated."""
        with self._engine.snapshot() as snapshot:
            places = {one: snapshot.place(one) for one in ids}
        return {one: place.story for one, place in places.items() if place}

    def read(self, article_id: str) -> Timeline | None:
        """Return the timeline of the story that an article belongs to; None without the article.

        An article that has no place among the stories is a story of its own. Raises IndexMissing,
        IndexDamaged and IndexOutdated.
        """
        article = self._articles.get(article_id)
        if article is None:
            return None
        with self._engine.snapshot() as snapshot:
            place = snapshot.place(article.id)
            found = snapshot.stories([place.story], MOST) if place else {}
        alone = Story(0, 1, 1, (Member(article, Place(0)),))
        return timeline_of(found.get(place.story, alone) if place else alone)


def timeline_of(story: Story) -> Timeline:
    """Return the timeline of a story."""
    # Searches, which need none of it, start faster without.
    from searcher.stories.provenance import is_before, sources

    articles = [member.article for member in story.members]
    numbers = {article_number(article.id): at for at, article in enumerate(articles)}
    printings = tuple(
        Printing(article, place, numbers.get(place.peer), source)
        for (article, place), source in zip(story.members, sources(articles), strict=True)
    )
    first = articles[0].published
    return Timeline(
        id=story.id,
        size=story.size,
        outlets=story.outlets,
        printings=printings,
        events=_events(articles),
        first_is_certain=all(is_before(first, other.published) for other in articles[1:]),
    )


def _events(articles: list[Article]) -> tuple[Event, ...]:
    """Return the publications and revisions by time."""
    found = []
    for at, article in enumerate(articles):
        found.append(Event(article.published.value if article.published else None, at))
        found += [
            _revision(at, number, version) for number, version in enumerate(article.versions[1:], 2)
        ]
    # A stable sort: what has no date stays in order.
    dated = sorted((one for one in found if one.at is not None), key=_moment)
    return (*dated, *(one for one in found if one.at is None))


def _moment(event: Event) -> datetime:
    assert event.at is not None
    return event.at


def _revision(printing: int, number: int, version: Version) -> Event:
    return Event(version.seen, printing, number, version.changed)
