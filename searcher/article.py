"""What an article is at each stage of its way into the index. Every stage is a new frozen value."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from operator import attrgetter
from typing import Any, Literal

Precision = Literal["year", "month", "day", "minute", "second"]

JOIN = "\u200b"
_TITLE_LENGTH = 120
_SENTENCE_END = re.compile(r"[.!?…。！？](?=[\s\"”’»)]|$)")


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an article came from: a file (relative to raw/, else absolute) and which part of it,
    counted from 1."""

    file: str
    part: int = 1

    def __str__(self) -> str:
        return f"{self.file}#{self.part}"


@dataclass(frozen=True, slots=True)
class Timestamp:
    """A moment in UTC, how much of it was stated, and what stated it ("json-ld", "meta", "head",
    "feed", …)."""

    value: datetime
    precision: Precision
    source: str

    def to_json(self) -> dict[str, str]:
        return {
            "value": self.value.astimezone(UTC).isoformat().replace("+00:00", "Z"),
            "precision": self.precision,
            "source": self.source,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Timestamp:
        return cls(datetime.fromisoformat(data["value"]), data["precision"], data["source"])


@dataclass(frozen=True, slots=True)
class Passage:
    """Characters [start, end) of a paragraph, counted from 0, that are in another language than
    their article."""

    paragraph: int
    start: int
    end: int
    language: str


@dataclass(frozen=True, slots=True)
class Version:
    """An article as it once was at its address: where that can be read, when it was fetched, its
    headline.

    body: a digest of its paragraphs. changed: which of "headline" and "body" differ from the
    version before. partial: as in Article.
    """

    origin: Origin
    seen: datetime
    headline: str
    body: str
    partial: bool = False
    changed: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        return {
            "origin": {"file": self.origin.file, "part": self.origin.part},
            "seen": self.seen.astimezone(UTC).isoformat().replace("+00:00", "Z"),
            "headline": self.headline,
            "body": self.body,
            "partial": self.partial,
            "changed": list(self.changed),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Version:
        origin = Origin(data["origin"]["file"], data["origin"]["part"])
        seen = datetime.fromisoformat(data["seen"])
        return cls(
            origin, seen, data["headline"], data["body"], data["partial"], tuple(data["changed"])
        )


@dataclass(frozen=True, slots=True)
class Document:
    """What a source reader found in a file, before normalising: strings as they stood there.

    `text` is the body; `paragraphs`, where the format has them, takes precedence over it. `dates`
    and `updates` are (where it was found, what it said), the most trusted first. `kind` is "",
    "live" (a running report) or "gallery" (pictures with captions). `seen` is when it was fetched,
    where the format records it. `found` says where a field stood ("json-ld", "h1"), for those of
    which it is not plain; authors that it names are clean. `fetched` says that a refresh of feeds
    fetched it, then `addresses` are those that led to it, and `partial` says that it is what the
    feed alone tells.
    """

    origin: Origin
    format: str
    headline: str = ""
    text: str = ""
    paragraphs: tuple[str, ...] = ()
    given_id: str = ""
    url: str = ""
    authors: tuple[str, ...] = ()
    source: str = ""
    section: str = ""
    language: str = ""
    dates: tuple[tuple[str, str], ...] = ()
    updates: tuple[tuple[str, str], ...] = ()
    agency: str = ""
    dateline: str = ""
    image: str = ""
    paywalled: bool = False
    kind: str = ""
    seen: datetime | None = None
    found: Mapping[str, str] = field(default_factory=dict)
    fetched: bool = False
    partial: bool = False
    addresses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rejected:
    """A part of a file that is not an article, and why."""

    origin: Origin
    reason: str

    def __str__(self) -> str:
        return f"{self.origin}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Article:
    """A normalised article. `language` is an ISO 639-1 code or "und"; `language_confidence` is in
    0..1.

    agency: the wire service that it came from, by its usual short name; dateline: the place that it
    was reported from; image: the address of its picture; paywalled: whether this is only what
    readers without a subscription see; kind: as in Document; notices: what was said around the text
    by whom carried it; first_seen: when the file that gave it was written; foreign: passages in
    other languages; found: where each field stood; joins: where words ran together, as (paragraph,
    character), ascending. Of articles that feeds led to also: partial: whether this is what the
    feed alone tells; addresses: further ones that lead to it; former: ids it had before; versions:
    all that it had, the first first, this one last.
    """

    id: str
    headline: str
    paragraphs: tuple[str, ...]
    authors: tuple[str, ...]
    source: str
    section: str
    language: str
    language_confidence: float
    published: Timestamp | None
    updated: Timestamp | None
    url: str
    origin: Origin
    format: str
    warnings: tuple[str, ...] = ()
    agency: str = ""
    dateline: str = ""
    image: str = ""
    paywalled: bool = False
    kind: str = ""
    notices: tuple[str, ...] = ()
    first_seen: Timestamp | None = None
    foreign: tuple[Passage, ...] = ()
    found: Mapping[str, str] = field(default_factory=dict)
    joins: tuple[tuple[int, int], ...] = ()
    partial: bool = False
    addresses: tuple[str, ...] = ()
    former: tuple[str, ...] = ()
    versions: tuple[Version, ...] = ()

    @property
    def changes(self) -> tuple[str, ...]:
        """Which of "headline" and "body" changed since it was first seen."""
        changed = {part for version in self.versions for part in version.changed}
        return tuple(part for part in ("headline", "body") if part in changed)

    @property
    def searchable(self) -> tuple[str, ...]:
        """The paragraphs as they are indexed: with a zero-width space where words ran together."""
        if not self.joins:
            return self.paragraphs
        texts = list(self.paragraphs)
        for paragraph, at in reversed(self.joins):
            texts[paragraph] = f"{texts[paragraph][:at]}{JOIN}{texts[paragraph][at:]}"
        return tuple(texts)

    def as_shown(self, paragraph: int, at: int) -> int:
        """The place in a paragraph that is `at` in its searchable form."""
        places = (place for number, place in self.joins if number == paragraph)
        return at - sum(place + before < at for before, place in enumerate(places))

    @property
    def content_hash(self) -> str:
        """Tells whether anything but where and when it was seen has changed: 128 bits of SHA-256 in
        hexadecimal."""
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
        """Whether the id was made from the content, so that other content is another article."""
        return self.id == content_id(self.headline, self.paragraphs)

    @property
    def version_time(self) -> datetime | None:
        """The moment that orders the versions of one article: last updated, else published."""
        stamp = self.updated or self.published
        return stamp.value if stamp else None

    def to_json(self) -> dict[str, Any]:
        """The article as JSON values; `from_json` is its inverse."""
        return {
            "id": self.id,
            "title": self.title,
            "headline": self.headline,
            "body": list(self.paragraphs),
            "authors": list(self.authors),
            "source": self.source,
            "section": self.section,
            "language": self.language,
            "language_confidence": self.language_confidence,
            "published": self.published.to_json() if self.published else None,
            "updated": self.updated.to_json() if self.updated else None,
            "url": self.url,
            "origin": {"file": self.origin.file, "part": self.origin.part},
            "format": self.format,
            "warnings": list(self.warnings),
            "agency": self.agency,
            "dateline": self.dateline,
            "image": self.image,
            "paywalled": self.paywalled,
            "kind": self.kind,
            "notices": list(self.notices),
            "first_seen": self.first_seen.to_json() if self.first_seen else None,
            "foreign": [asdict(passage) for passage in self.foreign],
            "found": dict(self.found),
            "joins": [list(join) for join in self.joins],
            "partial": self.partial,
            "addresses": list(self.addresses),
            "former": list(self.former),
            "versions": [version.to_json() for version in self.versions],
            "content_hash": self.content_hash,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Article:
        return cls(
            id=data["id"],
            headline=data["headline"],
            paragraphs=tuple(data["body"]),
            authors=tuple(data["authors"]),
            source=data["source"],
            section=data["section"],
            language=data["language"],
            language_confidence=data["language_confidence"],
            published=_stamp(data["published"]),
            updated=_stamp(data["updated"]),
            url=data["url"],
            origin=Origin(data["origin"]["file"], data["origin"]["part"]),
            format=data["format"],
            warnings=tuple(data["warnings"]),
            agency=data.get("agency", ""),
            dateline=data.get("dateline", ""),
            image=data.get("image", ""),
            paywalled=data.get("paywalled", False),
            kind=data.get("kind", ""),
            notices=tuple(data.get("notices", ())),
            first_seen=_stamp(data.get("first_seen")),
            foreign=tuple(Passage(**passage) for passage in data.get("foreign", ())),
            found=data.get("found", {}),
            joins=tuple((paragraph, at) for paragraph, at in data.get("joins", ())),
            partial=data.get("partial", False),
            addresses=tuple(data.get("addresses", ())),
            former=tuple(data.get("former", ())),
            versions=tuple(map(Version.from_json, data.get("versions", ()))),
        )


def _stamp(data: Mapping[str, Any] | None) -> Timestamp | None:
    return Timestamp.from_json(data) if data else None


_NOT_CONTENT = ("origin", "first_seen", "found", "addresses", "former", "versions")
_HASHED = attrgetter(
    *(name for name in Article.__dataclass_fields__ if name not in _NOT_CONTENT),
)
"""All of an article but for where and when it was seen; what is a mapping has no order of its
own."""


def content_id(headline: str, paragraphs: Iterable[str]) -> str:
    """The id of an article that has no address and was given none."""
    return digest("text " + "\n".join((headline, *paragraphs)))


def digest(text: str) -> str:
    """A short id: 64 bits of SHA-256 in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]
