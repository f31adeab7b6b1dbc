"""Articles, files and a clock for tests."""

from __future__ import annotations

import io
import json
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from searcher.article import Article, Document, Origin, Timestamp
from searcher.errors import UnreadableFile
from searcher.reading.normalise import normalise
from searcher.sources import read_documents

ROOT = Path(__file__).parent.parent


NOW = datetime(2024, 6, 1, 12, 0, tzinfo=UTC)


def manual(root: Path) -> str:
    """Return the text of the README and of all pages in docs/."""
    pages = [root / "README.md", *sorted((root / "docs").glob("*.md"))]
    return "\n".join(page.read_text("utf-8") for page in pages)


@dataclass
class HandClock:
    """A clock that shows `moment`. Its monotonic time is real."""

    moment: datetime = NOW

    def now(self) -> datetime:
        return self.moment

    def monotonic(self) -> float:
        return time.monotonic()


def day(text: str) -> Timestamp:
    return Timestamp(datetime.fromisoformat(text).replace(tzinfo=UTC), "day", "test")


def make_article(article_id: str = "a", headline: str = "", body: str = "", **fields) -> Article:
    """Return an article.

    body: text whose paragraphs are separated by blank lines.
    fields: other fields of the article; `published` can be a date as text.
    """
    published = fields.pop("published", None)
    values = {
        "authors": (),
        "source": "",
        "section": "",
        "language": "en",
        "language_confidence": 1.0,
        "updated": None,
        "url": "",
        "origin": Origin("file.txt"),
        "format": "text",
        **fields,
    }
    return Article(
        id=article_id,
        headline=headline,
        paragraphs=tuple(part for part in body.split("\n\n") if part),
        published=day(published) if isinstance(published, str) else published,
        **values,
    )


def grain_articles(count: int, prefix: str = "") -> list[Article]:
    """Return articles of the days of January 2022, whose ids are a prefix and two digits."""
    return [
        make_article(
            f"{prefix}{number:02}",
            f"Grain {number}",
            "Ships wait at Odesa.",
            published=f"2022-01-{number + 1:02}",
        )
        for number in range(count)
    ]


def filled(engine, articles):
    """Add these articles to the engine in one commit, and return it."""
    with engine.writer() as writer:
        for article in articles:
            writer.add(article)
    return engine


@dataclass
class Bytes:
    """A file in memory."""

    data: bytes
    name: str = "file"

    def head(self) -> bytes:
        return self.data[: 64 << 10]

    def open(self) -> BinaryIO:
        return io.BytesIO(self.data)

    def read(self) -> bytes:
        return self.data


def documents(data: bytes | str, name: str = "file") -> list[Document]:
    """Parse a file and return its documents. Raise AssertionError if a part is rejected."""
    found = list(read_documents(Bytes(data.encode() if isinstance(data, str) else data, name)))
    assert all(isinstance(document, Document) for document in found), found
    return found


def reason(data: bytes) -> str:
    """Return the reason for which the readers refuse a file."""
    try:
        list(read_documents(Bytes(data)))
    except UnreadableFile as error:
        return error.reason
    raise AssertionError("the file was read")


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


LEAD = "The ferry to the islands stopped sailing on Monday after a crack was found in the hull of the older of the ships."


_PAGE = f"<article><h1>Ferry stops sailing to the islands</h1>{{}}<p>{LEAD}</p><p>{LEAD[::-1]}</p></article>"


def page(head: str = "", byline: str = "") -> Document:
    """Return the document of a page with these elements in its head and above its text."""
    (document,) = documents(
        f"<!doctype html><html><head>{head}</head><body>{_PAGE.format(byline)}</body></html>"
    )
    return document


def normalised(**values) -> Article:
    """Return the article of a document with these values."""
    return normalise(Document(Origin("a"), "html", text=LEAD, **values), NOW)


def linked(**values) -> str:
    """Return a JSON-LD element of an article with these values."""
    article = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": "Ferry stops sailing to the islands",
    }
    return f'<script type="application/ld+json">{json.dumps({**article, **values})}</script>'


HOSTILE = "<script>alert('x')</script><img src=x onerror=alert(1)>\"'&amp; grain"
"""Text with markup that must be escaped wherever it is shown."""
