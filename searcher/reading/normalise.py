"""From a Document to an Article: cleaned, dated, tagged with its language and identified."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta, tzinfo
from typing import Any

from searcher.article import Article, Document, Precision, Timestamp, content_id, short_hash
from searcher.text.agencies import agency_named, agency_signed, agency_told
from searcher.text.boilerplate import trim
from searcher.text.bylines import clean_authors
from searcher.text.cleaning import clean_line, repaired, split_paragraphs, unescaped
from searcher.text.datelines import split_dateline
from searcher.text.dates import implausible, parse_date
from searcher.text.joined import find_joins
from searcher.text.language import Tag, detect, language_code
from searcher.text.passages import foreign_passages
from searcher.text.urls import address_key, canonical_url, domain
from searcher.text.zones import is_naive, zone_of, zone_of_host

LONGEST_HEADLINE = 500
"""Maximum number of characters of a headline. A longer one becomes the first paragraph. The index
has 1,024 positions for the words of a headline, so larger needs another format of the index."""

_MIDNIGHT = time()

_DECLARED = 0.5
"""The confidence of a language that is only declared: `text.language.detect` gives it where the
text is too short to decide."""

_CRAWL = timedelta(minutes=5)
"""Maximum time between a date on a page and the saving of the page for which the date is taken for
the time of the visit."""

_ANYTHING_ON_THE_PAGE = frozenset(("time", "text", "attribute", "pdf"))
"""Sources of dates that can be the time of the visit as well as that of the article."""

_LONGEST_ID = 200
"""Maximum number of characters of an id that a source gives. A longer one is hashed."""

_LONGEST_QUOTE = 60
"""Maximum number of characters of a date that a warning quotes."""

_NAIVE = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?")
"""A time without a zone."""

_OFFSET = re.compile(r"[+-]\d\d:?\d\d$")
_TO_THE_MINUTE = len("2024-06-05T10:30")
"""Number of characters of an ISO 8601 time up to its minutes."""


def normalise(document: Document, now: datetime, seen: datetime | None = None) -> Article:
    """Return the article that `document` describes.

    now: the moment of indexing; a date after it is implausible.
    seen: when the document's file was written; the document's own time of fetching comes first.
    """
    seen = document.seen or seen
    text = _text_of(document)
    url = canonical_url(document.url)
    tag = detect("\n".join((text.headline, *text.paragraphs)), document.language)
    same = language_code(document.language) == tag.language
    languages = (document.language,) if same else (tag.language, document.language)
    dates = _Dates(now, seen, languages, domain(url))
    published, updated = dates.both(document)
    values = _values(document, text, url)
    found = _sources(document, text, values, tag)
    paragraphs = values.pop("body")
    return Article(
        id=_identity(document, url, text.headline, text.paragraphs),
        paragraphs=paragraphs,
        language=tag.language,
        language_confidence=tag.confidence,
        published=published,
        updated=updated,
        origin=document.origin,
        format=document.format,
        warnings=tuple(dates.warnings),
        paywalled=document.paywalled or text.walled,
        kind=document.kind,
        notices=text.notices,
        first_seen=Timestamp(seen, "second", document.format if document.seen else "file")
        if seen
        else None,
        foreign=tuple(foreign_passages(text.paragraphs, tag.language)),
        found=found,
        joins=find_joins(text.paragraphs, tag.language, text.headline),
        partial=document.partial,
        feeds=document.feeds,
        addresses=tuple(
            dict.fromkeys(
                other
                for one in document.addresses
                if (other := canonical_url(one)) != url and other
            )
        ),
        **values,
    )


def _sources(document: Document, text: _Text, values: dict[str, Any], tag: Tag) -> dict[str, str]:
    """Return the source of each field that has a value: a part of the page, or the format."""

    def stated(names: Iterable[str]) -> dict[str, str]:
        return {name: document.found.get(name, document.format) for name in names}

    found = stated(name for name, value in values.items() if value) | text.found
    found |= {"source": "url"} if values["source"] and not clean_line(document.source) else {}
    declared = tag.confidence <= _DECLARED and tag.language == language_code(document.language)
    found |= stated(["language"]) if declared else {"language": "text"}
    return found | stated(name for name in ("kind", "paywalled") if getattr(document, name))


def _values(document: Document, text: _Text, url: str) -> dict[str, Any]:
    """Return the fields of an article that `Article.found` names a source for."""
    return {
        "headline": text.headline,
        "body": text.paragraphs,
        "authors": document.authors
        if "authors" in document.found
        else clean_authors(document.authors),
        "source": clean_line(document.source) or domain(url),
        "section": clean_line(document.section),
        "url": url,
        "agency": text.agency,
        "dateline": text.dateline,
        "image": canonical_url(document.image),
    }


@dataclass(frozen=True, slots=True)
class _Text:
    """The text of an article, and the values that were found in it."""

    headline: str
    """The headline, without the agency."""
    paragraphs: tuple[str, ...]
    """The paragraphs of the body."""
    notices: tuple[str, ...]
    """The notices of the publisher that were cut off from the text."""

    agency: str
    """The wire service; "" for none."""

    dateline: str
    """The place that it was reported from; "" for none."""

    walled: bool
    """Whether the text ends at a paywall."""

    found: dict[str, str]
    """The source of each of these values, by the name of the field."""


def _text_of(document: Document) -> _Text:
    """Return the cleaned text of a document."""
    headline = clean_line(repaired(unescaped(document.headline)))
    paragraphs = tuple(clean_line(repaired(part)) for part in document.paragraphs)
    paragraphs = paragraphs or tuple(split_paragraphs(repaired(document.text)))
    trimmed = trim([part for part in paragraphs if part])
    paragraphs = trimmed.paragraphs
    if len(headline) > LONGEST_HEADLINE:
        headline, paragraphs = "", (headline, *paragraphs)
    place, service, paragraphs = split_dateline(paragraphs)
    dateline = clean_line(document.dateline)
    agency, where = _agency(document, service, paragraphs, trimmed.agency)
    found = {"notices": "text"} if trimmed.notices else {}
    found |= {"dateline": "text"} if place and not dateline else {}
    found |= {"agency": where} if where else {}
    found |= {"paywalled": "text"} if trimmed.walled else {}
    dateline = dateline or place
    return _Text(headline, paragraphs, trimmed.notices, agency, dateline, trimmed.walled, found)


def _agency(
    document: Document, service: str, paragraphs: Sequence[str], signed: str
) -> tuple[str, str]:
    """Return the wire service of an article, and its source; ("", "") for none.

    The source is "" if the format states the service.
    service: the one in the dateline. signed: the one whose signature was cut off from the text.
    """
    stated = clean_line(document.agency)
    if stated:
        return agency_named(stated) or stated, ""
    byline = next((agency for author in document.authors if (agency := agency_named(author))), "")
    candidates = (
        ("byline", byline),
        ("dateline", service),
        ("signature", agency_signed(paragraphs) or signed),
        ("text", agency_told(paragraphs)),
    )
    return next(((agency, where) for where, agency in candidates if agency), ("", ""))


class _Dates:
    """Chooses among the statements of a date; collects a warning for each that it leaves out."""

    def __init__(
        self, now: datetime, seen: datetime | None, languages: Sequence[str], host: str
    ) -> None:
        """now, seen: as for `normalise`. languages: those that the names of months may be of, the
        text's before the declared one. host: that of the article's address."""
        self._host = host
        self._now = now
        self._seen = seen
        self._languages = languages
        self._offset = ""
        self.warnings: list[str] = []

    def both(self, document: Document) -> tuple[Timestamp | None, Timestamp | None]:
        """Return when an article was published, and when it was updated after that."""
        stated = (text for _, text in (*document.dates, *document.updates))
        self._offset = next((text for text in stated if _OFFSET.search(text)), "")
        published = self.choose("publication date", document.dates)
        updated = self.choose("date of update", document.updates)
        if published is None and updated is not None:
            self.warnings.append("no publication date: the date of update is used")
        if published is None or (updated is not None and updated.value <= published.value):
            return published or updated, None
        return published, updated

    def choose(self, what: str, candidates: Sequence[tuple[str, str]]) -> Timestamp | None:
        """Return the first plausible date.

        If it has no time of day, a later candidate for the same day that has one is taken.
        what: the name of the date, for warnings.
        candidates: (source, text), the most trusted first.
        """
        chosen: Timestamp | None = None
        naive = False
        for source, text in candidates:
            if chosen and _is_timed(chosen):
                break
            text = _zoned(text, candidates)
            parsed = self._parsed(text)
            reason = self._against(source, parsed[0]) if parsed else "not understood"
            if chosen is None and reason:
                self.warnings.append(
                    f"{what} {clean_line(text)[:_LONGEST_QUOTE]!r} ({source}) is {reason}"
                )
            if parsed is None or reason:
                continue
            stamp = Timestamp(parsed[0], parsed[1], source)
            if chosen is None or (_is_timed(stamp) and stamp.value.date() == chosen.value.date()):
                chosen, naive = stamp, is_naive(text)
        return self._in_zone(what, chosen) if chosen and naive else chosen

    def _parsed(self, text: str) -> tuple[datetime, Precision] | None:
        """Return the moment that a text states in one of the languages; None if it states none."""
        moments = (parse_date(text, code, self._seen) for code in self._languages)
        return next((moment for moment in moments if moment), None)

    def _in_zone(self, what: str, stamp: Timestamp) -> Timestamp:
        """Return a time without a zone in the zone of the outlet's country, or of another date on
        the page, else in UTC; and say so."""
        if not _is_timed(stamp):
            return stamp
        known = zone_of_host(self._host) or _zone_behind(self._offset)
        name, zone = known or ("UTC", UTC)
        self.warnings.append(f"{what} ({stamp.source}) has no time zone: {name} is assumed")
        return replace(stamp, value=stamp.value.replace(tzinfo=zone).astimezone(UTC))

    def _against(self, source: str, moment: datetime) -> str:
        """Return the reason why a date is left out; "" if it is plausible."""
        if reason := implausible(moment, self._now):
            return reason
        if source in _ANYTHING_ON_THE_PAGE and self._seen and abs(moment - self._seen) < _CRAWL:
            return "when the page was saved"
        return ""


def _zoned(text: str, candidates: Sequence[tuple[str, str]]) -> str:
    """Return a date; if it is a time without a zone, a candidate with the same time and a zone."""
    if not _NAIVE.fullmatch(text):
        return text
    clock = text[:_TO_THE_MINUTE].replace(" ", "T")
    same = (other for _, other in candidates if other[:_TO_THE_MINUTE].replace(" ", "T") == clock)
    return next((other for other in same if _OFFSET.search(other)), text)


def _zone_behind(text: str) -> tuple[str, tzinfo] | None:
    """Return the offset at the end of a date, with its name; None for none."""
    match = _OFFSET.search(text)
    return (match.group(), zone_of(match.group())) if match else None


def _is_timed(stamp: Timestamp) -> bool:
    """Return whether a date has a time of day. Midnight sharp is taken for none."""
    return stamp.precision in ("minute", "second") and stamp.value.time() != _MIDNIGHT


def _identity(document: Document, url: str, headline: str, paragraphs: Iterable[str]) -> str:
    """Return the id that the source gave, else one from the address, else one from the content."""
    given = clean_line(document.given_id)
    if given:
        return given if len(given) <= _LONGEST_ID else short_hash("id " + given)
    return address_id(url) if url else content_id(headline, paragraphs)


def address_id(url: str) -> str:
    """Return the id of an article that is identified by its address."""
    return short_hash("url " + address_key(url))
