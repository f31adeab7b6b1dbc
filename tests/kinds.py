"""Pages and feeds of the kinds that newsrooms publish, and the articles that are read from them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from fakes import documents

from searcher.article import Article, Document, Origin
from searcher.reading.normalise import normalise
from searcher.sources.html import read_page

NOW = datetime(2026, 1, 10, tzinfo=UTC)
"""When the pages are indexed."""
STORY = (
    "The town council of Lower Marsh voted on Monday to reopen the old tram depot as a library.",
    "Eleven of the fifteen members supported the plan, which costs four million crowns in all.",
    "Residents had collected signatures for two years, and many of them waited outside the hall.",
)
"""The paragraphs of most pages."""
HEADLINE = "Old tram depot becomes a library"
"""The headline of most pages."""


@dataclass(frozen=True)
class Kind:
    """A page, or a feed, and what must be read of it."""

    name: str
    """Its kind."""
    page: str | bytes
    """Its source."""
    wanted: dict[str, Any] = field(default_factory=dict)
    """Expected values of fields; "day" and "minute" are of the date of publication."""
    has: tuple[str, ...] = ()
    """Texts that are in the body."""
    lacks: tuple[str, ...] = ()
    """Texts that are not in the body."""
    once: tuple[str, ...] = ()
    """Texts that are in the body one time."""
    address: str = ""
    """The address of the page."""
    seen: datetime | None = None
    """When the page was fetched."""


def paragraphs(texts: tuple[str, ...] = STORY) -> str:
    """Return texts as p elements."""
    return "".join(f"<p>{text}</p>" for text in texts)


def page(
    head: str = "", body: str = "", lang: str = "en", title: str = f"{HEADLINE} | Marsh Herald"
) -> str:
    """Return a page with these elements."""
    return (
        f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><title>{title}</title>'
        f"{head}</head><body>{body}</body></html>"
    )


def article(inside: str = "", after: str = "", headline: str = HEADLINE) -> str:
    """Return an article element with the story, and other elements in front and behind."""
    return f"<article><h1>{headline}</h1>{inside}{paragraphs()}{after}</article>"


def read(kind: Kind) -> Article:
    """Return the article on a page."""
    data = kind.page if isinstance(kind.page, bytes) else kind.page.encode()
    found = read_page(data, Origin("page.html"), kind.address, seen=kind.seen)
    assert isinstance(found, Document), found
    return normalise(found, NOW)


def read_entries(feed: str | bytes) -> list[Article]:
    """Return the articles of a feed's file."""
    data = feed if isinstance(feed, bytes) else feed.encode()
    return [normalise(one, NOW) for one in documents(data)]


def differences(kind: Kind, found: Article) -> list[str]:
    """Return the ways in which an article differs from the expected one."""
    body = "\n".join(found.paragraphs)
    stamp = found.published.value if found.published else None
    values = {
        "day": stamp and stamp.strftime("%Y-%m-%d"),
        "minute": stamp and stamp.strftime("%Y-%m-%d %H:%M"),
        "changed": found.updated and found.updated.value.strftime("%Y-%m-%d"),
    }
    wrong = [
        f"{name}: {values.get(name, getattr(found, name, None))!r}, not {value!r}"
        for name, value in kind.wanted.items()
        if values.get(name, getattr(found, name, None)) != value
    ]
    wrong += [f"lacks {text!r}" for text in kind.has if text not in body]
    wrong += [f"has {text!r}" for text in kind.lacks if text in body]
    wrong += [f"{text!r} {body.count(text)} times" for text in kind.once if body.count(text) != 1]
    return wrong
