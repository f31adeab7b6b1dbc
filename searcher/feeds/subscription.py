"""What is known of a feed that is followed, and of a page that one of its entries leads to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from searcher.text.urls import shown_url

Mode = Literal["page", "entry"]
MODES: tuple[Mode, ...] = ("page", "entry")
"""Whether the page of each entry is fetched, or its feed is believed to hold the whole text."""

Health = Literal["new", "ok", "failing", "gone"]


@dataclass(frozen=True, slots=True)
class Subscription:
    """A feed that is followed, by its address.

    etag, modified: what its server named the content last received by; digest, record: of that
    content, and the archive's record that holds it. checked: the last try; succeeded: the last one
    that went well. failures: those since then; problem: what was wrong at the last try. interval:
    seconds between tries, by the feed's own pace. moved_from: the addresses that led here for good.
    skip_hours, skip_days: when it does not change, as it says, in UTC, Monday being 0.
    """

    url: str
    mode: Mode
    added: datetime
    next_try: datetime
    title: str = ""
    site: str = ""
    etag: str = ""
    modified: str = ""
    digest: str = ""
    record: str = ""
    checked: datetime | None = None
    succeeded: datetime | None = None
    failures: int = 0
    problem: str = ""
    interval: float = 0.0
    gone: bool = False
    moved_from: tuple[str, ...] = ()
    skip_hours: tuple[int, ...] = ()
    skip_days: tuple[int, ...] = ()

    @property
    def health(self) -> Health:
        if self.gone:
            return "gone"
        if self.failures:
            return "failing"
        return "ok" if self.succeeded else "new"

    def to_json(self, a_day: float) -> dict[str, Any]:
        """The subscription as JSON values. a_day: articles that it brings a day."""
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
    """A moment as ISO 8601, to the second."""
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z") if moment else None


@dataclass(frozen=True, slots=True)
class Page:
    """The page of an entry. `key` is that of its address, `entry` the note of the entry that led to
    it.

    tries: in vain since it was last received; checks: how often it was received. next_try: None
    when it is done with. final: the key of the address at which it was received.
    """

    key: str
    url: str
    feed: str
    entry: dict[str, Any]
    next_try: datetime | None
    tries: int = 0
    checks: int = 0
    problem: str = ""
    etag: str = ""
    modified: str = ""
    digest: str = ""
    record: str = ""
    fetched: datetime | None = None
    final: str = ""
