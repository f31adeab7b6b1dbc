"""From what a format says to an Article: cleaned, dated, tagged with its language and
identified."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from searcher.article import Article, Document, Timestamp, content_id, short_hash
from searcher.text.agencies import agency_named, agency_signed
from searcher.text.boilerplate import trim
from searcher.text.bylines import clean_authors
from searcher.text.cleaning import clean_line, repaired, split_paragraphs, unescaped
from searcher.text.datelines import split_dateline
from searcher.text.dates import implausible, parse_date
from searcher.text.joined import find_joins
from searcher.text.language import detect, language_code
from searcher.text.passages import foreign_passages
from searcher.text.urls import address_key, canonical_url, domain

LONGEST_HEADLINE = 500
_MIDNIGHT = time()
_DECLARED = 0.5
"""The confidence of a language that only its declaration tells."""
_CRAWL = timedelta(minutes=5)
_ANYTHING_ON_THE_PAGE = frozenset(("time", "text", "pdf"))
"""Sources that may show the time of the visit as well as that of the article."""
_LONGEST_ID = 200
_NAIVE = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?")
_OFFSET = re.compile(r"[+-]\d\d:?\d\d$")
_TO_THE_MINUTE = len("2024-06-05T10:30")


def normalise(document: Document, now: datetime, seen: datetime | None = None) -> Article:
    """The article that `document` describes. Pure but for `now`, against which dates are judged.
    Never raises.

    seen: when the file that gave it was written.
    """
    seen = document.seen or seen
    text = _text_of(document)
    url = canonical_url(document.url)
    tag = detect("\n".join((text.headline, *text.paragraphs)), document.language)
    same = language_code(document.language) == tag.language
    dates = _Dates(now, seen, document.language if same else tag.language)
    published, updated = dates.both(document)
    values = _values(document, text, url)
    found = {
        name: document.found.get(name, document.format) for name, value in values.items() if value
    }
    found |= text.found
    found |= {"source": "url"} if values["source"] and not clean_line(document.source) else {}
    declared = tag.confidence <= _DECLARED and tag.language == language_code(document.language)
    found["language"] = document.found.get("language", document.format) if declared else "text"
    told = (name for name in ("kind", "paywalled") if getattr(document, name))
    found |= {name: document.found.get(name, document.format) for name in told}
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
        addresses=tuple(
            dict.fromkeys(
                other
                for one in document.addresses
                if (other := canonical_url(one)) != url and other
            )
        ),
        **values,
    )


def _values(document: Document, text: _Text, url: str) -> dict[str, Any]:
    """The fields of an article that stood somewhere, by the names under which that is told."""
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
    """The text of an article, and what was said around it; `found` is where that stood."""

    headline: str
    paragraphs: tuple[str, ...]
    notices: tuple[str, ...]
    agency: str
    dateline: str
    walled: bool
    found: dict[str, str]


def _text_of(document: Document) -> _Text:
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
    """The wire service of an article, and what says so where the format does not; ("", "") for
    none.

    service: the one in its dateline; signed: the one whose signature was cut off.
    """
    stated = clean_line(document.agency)
    if stated:
        return agency_named(stated) or stated, ""
    byline = next((agency for author in document.authors if (agency := agency_named(author))), "")
    told = (
        ("byline", byline),
        ("dateline", service),
        ("signature", agency_signed(paragraphs) or signed),
    )
    return next(((agency, where) for where, agency in told if agency), ("", ""))


class _Dates:
    """Chooses among statements of a date; collects what was set aside, and why."""

    def __init__(self, now: datetime, seen: datetime | None, language: str) -> None:
        self._now = now
        self._seen = seen
        self._language = language
        self.warnings: list[str] = []

    def both(self, document: Document) -> tuple[Timestamp | None, Timestamp | None]:
        """When an article appeared, and when it was changed after that."""
        published = self.choose("publication date", document.dates)
        updated = self.choose("date of update", document.updates)
        if published is None and updated is not None:
            self.warnings.append("no publication date: that of the update stands for it")
        if published is None or (updated is not None and updated.value <= published.value):
            return published or updated, None
        return published, updated

    def choose(self, what: str, candidates: Sequence[tuple[str, str]]) -> Timestamp | None:
        """The first that states a plausible date; where it states no time, a later one of the same
        day that does."""
        chosen: Timestamp | None = None
        naive = False
        for source, text in candidates:
            if chosen and _is_timed(chosen):
                break
            text = _zoned(text, candidates)
            parsed = parse_date(text, self._language, self._seen)
            reason = self._against(source, parsed[0]) if parsed else "not understood"
            if chosen is None and reason:
                self.warnings.append(f"{what} {clean_line(text)[:60]!r} ({source}) is {reason}")
            if parsed is None or reason:
                continue
            stamp = Timestamp(parsed[0], parsed[1], source)
            if chosen is None or (_is_timed(stamp) and stamp.value.date() == chosen.value.date()):
                chosen, naive = stamp, bool(_NAIVE.fullmatch(text))
        if chosen and naive:
            self.warnings.append(f"{what} ({chosen.source}) states no time zone: it is read as UTC")
        return chosen

    def _against(self, source: str, moment: datetime) -> str:
        if reason := implausible(moment, self._now):
            return reason
        if source in _ANYTHING_ON_THE_PAGE and self._seen and abs(moment - self._seen) < _CRAWL:
            return "when the page was saved"
        return ""


def _zoned(text: str, candidates: Sequence[tuple[str, str]]) -> str:
    """A time without a zone, or another statement of the same time that has one."""
    if not _NAIVE.fullmatch(text):
        return text
    clock = text[:_TO_THE_MINUTE].replace(" ", "T")
    same = (other for _, other in candidates if other[:_TO_THE_MINUTE].replace(" ", "T") == clock)
    return next((other for other in same if _OFFSET.search(other)), text)


def _is_timed(stamp: Timestamp) -> bool:
    """Whether a statement says more than a day, which midnight sharp hardly does."""
    return stamp.precision in ("minute", "second") and stamp.value.time() != _MIDNIGHT


def _identity(document: Document, url: str, headline: str, paragraphs: Iterable[str]) -> str:
    """The id that the source gave, else one from the canonical address, else one from the
    content."""
    given = clean_line(document.given_id)
    if given:
        return given if len(given) <= _LONGEST_ID else short_hash("id " + given)
    return address_id(url) if url else content_id(headline, paragraphs)


def address_id(url: str) -> str:
    """The id of an article that is known by its address."""
    return short_hash("url " + address_key(url))
