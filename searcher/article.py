"""The stages of an article on its way into the index. Every stage is a new frozen value."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from operator import attrgetter
from typing import Any, Literal

from searcher.as_json import from_json, to_json

Precision = Literal["year", "month", "day", "minute", "second"]
"""The smallest part of a date that was stated."""

JOIN = " "
"""Space, which `Article.searchable` has where two words ran together."""

_TITLE_LENGTH = 120
"""Maximum number of characters of a title that is made of the body. Longer ones do not fit on a
line of the page of results."""

_HASH_LENGTH = 16
"""Number of characters of a `short_hash`."""

_SENTENCE_END = re.compile(r"[.!?…。！？](?=[\s\"”’»)]|$)")

_NAMES_IN_JSON = {"paragraphs": "body"}
"""Keys of an article's JSON that are not the names of the fields."""


@dataclass(frozen=True, slots=True)
class Origin:
    """The place that an article was read from."""

    file: str
    """Path of the file: relative to raw/ if it is inside, else absolute."""
    part: int = 1
    """Number of the article in the file, from 1; in an archive, the byte at which its note
    begins."""

    def __str__(self) -> str:
        return f"{self.file}#{self.part}"


@dataclass(frozen=True, slots=True)
class Timestamp:
    """A date as it was stated."""

    value: datetime
    """The moment, aware; the beginning of what was stated."""
    precision: Precision
    """The smallest part that was stated."""
    source: str
    """Where it was stated: "json-ld", "meta", "head", "feed", …"""

    def to_json(self) -> dict[str, str]:
        """Return the timestamp as JSON values."""
        data: dict[str, str] = to_json(self)
        return data


@dataclass(frozen=True, slots=True)
class Passage:
    """A part of a paragraph that is in another language than its article."""

    paragraph: int
    """Number of the paragraph, from 0."""
    start: int
    """First character in the paragraph, from 0."""
    end: int
    """Character after its last."""
    language: str
    """Code of its language, as in Article."""


@dataclass(frozen=True, slots=True)
class Version:
    """An article as it was at one time at its address."""

    origin: Origin
    """Where this version can be read."""
    seen: datetime
    """When it was fetched, aware."""
    headline: str
    """Its headline."""
    body: str
    """A `short_hash` of its paragraphs."""
    partial: bool = False
    """As in Article."""
    changed: tuple[str, ...] = ()
    """Parts that differ from the version before: some of "headline" and "body"."""

    def to_json(self) -> dict[str, Any]:
        """Return the version as JSON values."""
        data: dict[str, Any] = to_json(self)
        return data


@dataclass(frozen=True, slots=True)
class Document:
    """The content that a source reader found in a file, not normalised: strings as in the file."""

    origin: Origin
    """Where it was read."""
    format: str
    """Name of the format, such as "html"."""
    headline: str = ""
    """The headline."""
    text: str = ""
    """The body; ignored if there are `paragraphs`."""
    paragraphs: tuple[str, ...] = ()
    """The body, of formats that mark its paragraphs."""
    given_id: str = ""
    """The id that the file gives it."""
    url: str = ""
    """Its address."""
    authors: tuple[str, ...] = ()
    """Its authors; clean names if `found` has "authors"."""
    source: str = ""
    """Name of the outlet."""
    section: str = ""
    """Name of the section."""
    language: str = ""
    """The language as stated."""
    dates: tuple[tuple[str, str], ...] = ()
    """Dates of publication as (where it was stated, text), the most trusted first."""
    updates: tuple[tuple[str, str], ...] = ()
    """Dates of the last change, in the same form."""
    agency: str = ""
    """The wire agency as stated."""
    dateline: str = ""
    """The place of the report as stated."""
    image: str = ""
    """Address of its picture."""
    paywalled: bool = False
    """Whether this is only the part that readers without a subscription see."""
    kind: str = ""
    """Empty, "live" (a running report) or "gallery" (pictures with captions)."""
    seen: datetime | None = None
    """When it was fetched, of formats that record it."""
    found: Mapping[str, str] = field(default_factory=dict)
    """Where a field was found ("json-ld", "h1"), for fields with several possible places."""
    fetched: bool = False
    """Whether a refresh of feeds fetched it."""
    partial: bool = False
    """Whether it is the entry of a feed alone, without the page."""
    addresses: tuple[str, ...] = ()
    """Addresses that led to it, if it was fetched."""
    feeds: tuple[str, ...] = ()
    """Addresses of the feeds that carry it, if it was fetched."""
    stated: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    """By name of a field all values that the file states for it, each with where, the most trusted
    first. For explanations: an article does not keep them."""


@dataclass(frozen=True, slots=True)
class Rejected:
    """A part of a file that is not an article."""

    origin: Origin
    """Where it was read."""
    reason: str
    """Why it is not an article, in words for the user."""

    def __str__(self) -> str:
        return f"{self.origin}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Article:
    """A normalised article.

    `to_json`, `from_json` and the stored form of an index are made from these fields and their
    types. A new or changed field makes another format of the index. It needs a default, which
    articles get that a rebuild takes from an older index.
    """

    id: str
    """Unique id; an article with the same id replaces this one."""
    headline: str
    """The headline, or ""."""
    paragraphs: tuple[str, ...]
    """The body."""
    authors: tuple[str, ...]
    """Names of the authors."""
    source: str
    """Name of the outlet, or ""."""
    section: str
    """Name of the section, or ""."""
    language: str
    """ISO 639-1 code, or "und" if the language is not known."""
    language_confidence: float
    """Confidence in the language, in 0..1."""
    published: Timestamp | None
    """When it was published."""
    updated: Timestamp | None
    """When it was last changed."""
    url: str
    """Its address in canonical form, or ""."""
    origin: Origin
    """Where it was read."""
    format: str
    """Name of the format that it was read from."""
    warnings: tuple[str, ...] = ()
    """Doubts of the normaliser, in words for the user."""
    agency: str = ""
    """Wire agency that it came from, by its usual short name, such as "AFP"."""
    dateline: str = ""
    """Place that it was reported from."""
    image: str = ""
    """Address of its picture."""
    paywalled: bool = False
    """Whether this is only the part that readers without a subscription see."""
    kind: str = ""
    """As in Document."""
    notices: tuple[str, ...] = ()
    """Notices of the outlet around the text, such as a credit of syndication."""
    first_seen: Timestamp | None = None
    """When the file that it was first read from was written or fetched."""
    foreign: tuple[Passage, ...] = ()
    """Passages in other languages."""
    found: Mapping[str, str] = field(default_factory=dict)
    """Where each field was found, as in Document."""
    joins: tuple[tuple[int, int], ...] = ()
    """Places where two words ran together, as (paragraph, character), ascending."""
    partial: bool = False
    """Whether it is the entry of a feed alone, without the page."""
    addresses: tuple[str, ...] = ()
    """Further addresses that led to it, if it was fetched."""
    former: tuple[str, ...] = ()
    """Ids that it had before."""
    versions: tuple[Version, ...] = ()
    """Its versions if it was fetched, the oldest first; this one is the last."""
    feeds: tuple[str, ...] = ()
    """Addresses of the feeds that carried it, if it was fetched, in the order in which they did."""

    @property
    def changes(self) -> tuple[str, ...]:
        """Parts that changed since it was first seen: some of "headline" and "body"."""
        changed = {part for version in self.versions for part in version.changed}
        return tuple(part for part in ("headline", "body") if part in changed)

    @property
    def searchable(self) -> tuple[str, ...]:
        """The paragraphs as they are indexed: with JOIN where words ran together."""
        if not self.joins:
            return self.paragraphs
        texts = list(self.paragraphs)
        for paragraph, at in reversed(self.joins):
            texts[paragraph] = f"{texts[paragraph][:at]}{JOIN}{texts[paragraph][at:]}"
        return tuple(texts)

    @property
    def content_hash(self) -> str:
        """128 bits of SHA-256 in hexadecimal over all fields but those in _NOT_CONTENT. It differs
        if more changed than where and when the article was seen."""
        content = (*_HASHED(self), tuple(sorted(self.found.items())))
        return hashlib.sha256(ascii(content).encode()).hexdigest()[:32]

    @property
    def title(self) -> str:
        """The headline, or the first sentence of an article that has none."""
        if self.headline or not self.paragraphs:
            return self.headline
        lead = self.paragraphs[0]
        end = _SENTENCE_END.search(lead, 0, _TITLE_LENGTH)
        if end:
            return lead[: end.end()]
        if len(lead) <= _TITLE_LENGTH:
            return lead
        return lead[:_TITLE_LENGTH].rsplit(" ", 1)[0] + "…"

    @property
    def is_anonymous(self) -> bool:
        """Whether the id was made from the content, so that another content is another article."""
        return len(self.id) == _HASH_LENGTH and self.id == content_id(
            self.headline, self.paragraphs
        )

    @property
    def version_time(self) -> datetime | None:
        """The date by which versions of an article are ordered: of the last change, else of
        publication."""
        stamp = self.updated or self.published
        return stamp.value if stamp else None

    def to_json(self) -> dict[str, Any]:
        """Return the article as JSON values, with its title and content_hash. `from_json` is the
        inverse."""
        data = {_NAMES_IN_JSON.get(name, name): value for name, value in to_json(self).items()}
        article_id = data.pop("id")
        return {
            "id": article_id,
            "title": self.title,
            **data,
            "content_hash": self.content_hash,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Article:
        """Return the article that `to_json` made `data` of.

        A field that `data` lacks gets its default. Raises ValueError if it has none.
        """
        names = {shown: name for name, shown in _NAMES_IN_JSON.items()}
        return from_json(cls, {names.get(name, name): value for name, value in data.items()})


_NOT_CONTENT = ("origin", "first_seen", "found", "addresses", "former", "versions", "feeds")
"""Fields that say where and when an article was seen; `found`, a mapping, is hashed by itself,
sorted."""

_HASHED = attrgetter(
    *(name for name in Article.__dataclass_fields__ if name not in _NOT_CONTENT),
)


def content_id(headline: str, paragraphs: Iterable[str]) -> str:
    """Return the id of an article that has no address and was given no id."""
    return short_hash("text " + "\n".join((headline, *paragraphs)))


def short_hash(text: str) -> str:
    """Return 64 bits of SHA-256 in hexadecimal: 16 characters."""
    return hashlib.sha256(text.encode()).hexdigest()[:_HASH_LENGTH]
