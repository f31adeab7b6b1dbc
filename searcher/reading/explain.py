"""Articles with all that their file states, and where: the explanation of how a file is read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from searcher.article import Article, Document, Rejected
from searcher.errors import UnreadableFile
from searcher.reading.raw_store import RawFile
from searcher.reading.steps import article_of, as_it_is, steps
from searcher.text.cleaning import clean_line

Stated = Mapping[str, tuple[tuple[str, str], ...]]
"""By name of a field where values were stated, and the values."""
_LONGEST = 300
"""Maximum number of characters that are kept of a value."""


@dataclass(frozen=True, slots=True)
class Explained:
    """An article, and the values that its file states."""

    article: Article
    """The article."""
    stated: Stated
    """All that the file states, the most trusted first."""

    def stated_json(self) -> dict[str, list[dict[str, str]]]:
        """Return the values as JSON."""
        return {
            name: [{"value": value, "where": where} for where, value in values]
            for name, values in self.stated.items()
        }

    def others(self) -> dict[str, tuple[tuple[str, str], ...]]:
        """Return by field the values from other places than the one that the article's is from.

        A value that is the article's own confirms it, and is among them.
        """
        found = self.article.found
        dates = {"published": self.article.published, "updated": self.article.updated}
        used = {**found, **{name: stamp.source for name, stamp in dates.items() if stamp}}
        return {
            name: tuple((where, value) for where, value in values if where != used.get(name))
            for name, values in self.stated.items()
        }


def explained(
    files: Iterable[RawFile], now: datetime
) -> Iterator[Explained | Rejected | UnreadableFile]:
    """Yield the articles of files with all that is stated in them, and what cannot be read."""
    for file, step in steps(files, lambda _: None):
        if isinstance(step, Document):
            article = article_of(step, now, file.written, as_it_is)
            yield article if isinstance(article, Rejected) else Explained(article, _all(step))
        elif isinstance(step, (Rejected, UnreadableFile)):
            yield step


def _all(document: Document) -> Stated:
    """Return all that a document states, with its dates."""
    found = {**document.stated, "published": document.dates, "updated": document.updates}
    return {
        name: tuple(dict.fromkeys((where, clean_line(value)[:_LONGEST]) for where, value in values))
        for name, values in found.items()
        if values
    }
