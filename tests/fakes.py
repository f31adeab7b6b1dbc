"""Articles and files for the tests."""

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
    """Return the README and the pages of docs/, end to end."""
    pages = [root / "README.md", *sorted((root / "docs").glob("*.md"))]
    return "\n".join(page.read_text("utf-8") for page in pages)


@dataclass
class HandClock:
    """Shows the time that it is set to; monotonic time goes on."""

    moment: datetime = NOW

    def now(self) -> datetime:
        return self.moment

    def monotonic(self) -> float:
        return time.monotonic()


def day(text: str) -> Timestamp:
    return Timestamp(datetime.fromisoformat(text).replace(tzinfo=UTC), "day", "test")


def make_article(article_id: str = "a", headline: str = "", body: str = "", **fields) -> Article:
    """An article; `body` is divided into paragraphs at blank lines, `published` may be a date as
    text."""
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


def filled(engine, articles):
    """The engine, with these articles in one commit."""
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
    """What the readers find in a file; every part has to be readable."""
    found = list(read_documents(Bytes(data.encode() if isinstance(data, str) else data, name)))
    assert all(isinstance(document, Document) for document in found), found
    return found


def reason(data: bytes) -> str:
    """Why a file is not read."""
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
    (document,) = documents(
        f"<!doctype html><html><head>{head}</head><body>{_PAGE.format(byline)}</body></html>"
    )
    return document


def normalised(**values) -> Article:
    return normalise(Document(Origin("a"), "html", text=LEAD, **values), NOW)


def linked(**values) -> str:
    article = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": "Ferry stops sailing to the islands",
    }
    return f'<script type="application/ld+json">{json.dumps({**article, **values})}</script>'
