"""A saved search, and an article that matched it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from searcher.article import Article
from searcher.feeds.subscription import iso

LONGEST_NAME = 100
"""Maximum length of an alert's name, in characters. A longer one breaks the columns of lists."""

_BACKDATED = timedelta(days=1)
"""Maximum age of an article, when its alert is made, that the alert still reports. A larger one
reports old articles that a feed still lists; a smaller one loses articles whose publisher states
the day without a time."""


@dataclass(frozen=True, slots=True)
class Alert:
    """A saved search that new articles are compared with."""

    name: str
    """Unique name."""
    query: str
    """Query as typed. All its words are required, unless it contains match:any."""
    added: datetime
    """Time when it was made."""
    webhook: str = ""
    """Address to which new matches are sent by POST, or ""."""
    command: str = ""
    """Command that is run for new matches, or ""."""

    @property
    def wants_any(self) -> bool:
        """Return whether one matching word is enough."""
        return "match:any" in self.query.lower()

    def is_news(self, article: Article) -> bool:
        """Return whether an article was first seen, and published, after the alert was made.

        An article counts as new up to `_BACKDATED` before its publication.
        """
        seen = article.first_seen is None or article.first_seen.value >= self.added
        return seen and (
            article.published is None or article.published.value >= self.added - _BACKDATED
        )


@dataclass(frozen=True, slots=True)
class Alarm:
    """An article that matched an alert, with the values that are shown."""

    alert: str
    """Name of the alert."""
    article: str
    """Id of the article."""
    at: datetime
    """Time of the match."""
    title: str
    """Title of the article."""
    url: str
    """Address of the article, or ""."""
    source: str
    """Outlet of the article, or ""."""
    published: datetime | None
    """Time of publication, if the article states one."""
    words: tuple[str, ...]
    """Words of the article that match the query, in the form of their first occurrence."""
    summary: str = ""
    """Beginning of the text."""

    def to_json(self) -> dict[str, Any]:
        """Return the alarm as JSON values."""
        return {
            "alert": self.alert,
            "id": self.article,
            "at": iso(self.at),
            "title": self.title,
            "url": self.url,
            "source": self.source,
            "published": iso(self.published),
            "words": list(self.words),
            "summary": self.summary,
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Alarm:
        """Return the alarm that `to_json` wrote."""
        return cls(
            alert=data["alert"],
            article=data["id"],
            at=datetime.fromisoformat(data["at"]),
            title=data["title"],
            url=data["url"],
            source=data["source"],
            published=datetime.fromisoformat(data["published"]) if data["published"] else None,
            words=tuple(data["words"]),
            summary=data["summary"],
        )
