"""Earlier versions of an article, read from an archive of texts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from searcher.article import Article, Origin, Version


class VersionArchive(Protocol):
    """The texts of earlier versions. Safe in threads."""

    def version(self, article: Article, number: int) -> Article | None:
        """Return the article as it was in its version `number`, counted from 0.

        None if its text is missing or cannot be read. Raises IndexError if the article has no
        version of this number.
        """


class MemoryArchive:
    """The texts of versions by their origins, in memory."""

    def __init__(self, texts: Mapping[Origin, Article] | None = None) -> None:
        self._texts = texts or {}

    def version(self, article: Article, number: int) -> Article | None:
        return self._texts.get(article.versions[number].origin)


@dataclass(frozen=True, slots=True)
class VersionRead:
    """A version of an article and its text."""

    number: int
    """Number of the version, from 1."""
    version: Version
    """The version as the newest article lists it."""
    article: Article | None
    """The article as it was then; None if its text could not be read."""

    def to_json(self) -> dict[str, Any]:
        """Return the documented form of a version in `--json` and the API."""
        found = self.article
        return {
            "number": self.number,
            "seen": self.version.to_json()["seen"],
            "changed": list(self.version.changed),
            "title": found.title if found else self.version.headline,
            "body": list(found.paragraphs) if found else None,
        }


class VersionHistory:
    """Reads the versions of articles. Safe in threads."""

    def __init__(self, archive: VersionArchive) -> None:
        self._archive = archive

    def read(self, article: Article, number: int) -> Article | None:
        """Return version `number` of an article, counted from 1; None if there is no such version
        or its text cannot be read."""
        if not 1 <= number <= len(article.versions):
            return None
        return self._archive.version(article, number - 1)

    def all(self, article: Article) -> tuple[VersionRead, ...]:
        """Return all versions of an article, the oldest first. The last is the article itself."""
        last = len(article.versions)
        return tuple(
            VersionRead(number, version, article if number == last else self.read(article, number))
            for number, version in enumerate(article.versions, 1)
        )
