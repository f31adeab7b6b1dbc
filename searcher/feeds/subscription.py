"""A feed that is followed, and the page of one of its entries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from searcher.text.urls import shown_url

Mode = Literal["page", "entry"]
MODES: tuple[Mode, ...] = ("page", "entry")
"""page: fetch the page of each entry. entry: use the text in the feed, and fetch no pages."""

Health = Literal["new", "ok", "failing", "gone"]


@dataclass(frozen=True, slots=True)
class Subscription:
    """A feed that is followed."""

    url: str
    """Address of the feed, with its name and password if it needs them."""
    mode: Mode
    """Whether the pages of its entries are fetched."""
    added: datetime
    """Time when it was added. It distinguishes the subscription from an earlier one to the same
    feed."""
    next_try: datetime
    """Time when it is due."""
    title: str = ""
    """Title that the feed states."""
    site: str = ""
    """Address of the site that the feed states."""
    etag: str = ""
    """ETag of the content that was last accepted."""
    modified: str = ""
    """Last-Modified of the content that was last accepted."""
    digest: str = ""
    """Payload digest of the content that was last accepted."""
    record: str = ""
    """Identifier of the record in the archive that holds this content."""
    checked: datetime | None = None
    """Time of the last try."""
    succeeded: datetime | None = None
    """Time of the last try that succeeded."""
    failures: int = 0
    """Number of tries that failed since then."""
    problem: str = ""
    """Reason of the last failure, or a fault of a feed that was read nevertheless."""
    interval: float = 0.0
    """Seconds between two tries, by the pace of the feed."""
    gone: bool = False
    """Whether the server answered that the feed is gone for good. It is not requested again."""
    moved_from: tuple[str, ...] = ()
    """Earlier addresses, from which permanent redirects led here. The first one is the address that
    ids of its entries are made of."""
    skip_hours: tuple[int, ...] = ()
    """Hours of the day, in UTC, in which the feed does not change, as it states."""
    skip_days: tuple[int, ...] = ()
    """Days of the week, from 0 for Monday, on which the feed does not change, as it states."""

    @property
    def health(self) -> Health:
        """Return how the last try ended, in a word."""
        if self.gone:
            return "gone"
        if self.failures:
            return "failing"
        return "ok" if self.succeeded else "new"

    def to_json(self, a_day: float) -> dict[str, Any]:
        """Return the subscription as JSON values. a_day: number of articles a day."""
        return {
            "url": shown_url(self.url),
            "title": self.title,
            "site": self.site,
            "mode": self.mode,
            "health": self.health,
            "problem": self.problem,
            "failures": self.failures,
            "added": iso(self.added),
            "checked": iso(self.checked),
            "succeeded": iso(self.succeeded),
            "next_try": None if self.gone else iso(self.next_try),
            "articles_a_day": round(a_day, 2),
            "moved_from": [shown_url(url) for url in self.moved_from if url != self.url],
        }


def iso(moment: datetime | None) -> str | None:
    """Return a time as ISO 8601, to the second; None for None."""
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z") if moment else None


@dataclass(frozen=True, slots=True)
class Page:
    """The page of an entry."""

    key: str
    """Key of its address (`text.urls.address_key`)."""
    url: str
    """Address."""
    feed: str
    """Address of the feed whose entry links to it."""
    entry: dict[str, Any]
    """Fields of that entry, as they are noted in the archive."""
    next_try: datetime | None
    """Time when it is due; None if it is not to be fetched again."""
    tries: int = 0
    """Number of failures since it was last received."""
    checks: int = 0
    """Number of times that it was received."""
    problem: str = ""
    """Reason of the last failure."""
    etag: str = ""
    """ETag of the content that was last received."""
    modified: str = ""
    """Last-Modified of the content that was last received."""
    digest: str = ""
    """Payload digest of the content that was last received."""
    record: str = ""
    """Identifier of the record in the archive that holds this content."""
    fetched: datetime | None = None
    """Time when it was last received."""
    final: str = ""
    """Key of the address at which it was received, after redirects."""
