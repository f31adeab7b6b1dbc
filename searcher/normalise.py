"""From what a format says to an Article: cleaned, dated, tagged with its language and identified."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from searcher.article import Article
from searcher.article import Document
from searcher.article import Passage
from searcher.article import Timestamp
from searcher.article import content_id
from searcher.article import digest
from searcher.text.boilerplate import strip_boilerplate
from searcher.text.bylines import clean_authors
from searcher.text.cleaning import clean_line
from searcher.text.cleaning import split_paragraphs
from searcher.text.dates import implausible
from searcher.text.dates import parse_date
from searcher.text.language import detect
from searcher.text.passages import foreign_passages
from searcher.text.urls import canonical_url
from searcher.text.urls import domain

LONGEST_HEADLINE = 500
_LONGEST_ID = 200


def normalise(document: Document, now: datetime) -> Article:
    """The article that `document` describes. Pure but for `now`, against which dates are judged. Never raises."""
    headline = clean_line(document.headline)
    paragraphs = tuple(clean_line(part) for part in document.paragraphs) or tuple(split_paragraphs(document.text))
    paragraphs = strip_boilerplate([part for part in paragraphs if part])
    if len(headline) > LONGEST_HEADLINE:
        headline, paragraphs = "", (headline, *paragraphs)
    url = canonical_url(document.url)
    published, published_warnings = _stamp("publication date", document.dates, now)
    updated, updated_warnings = _stamp("date of update", document.updates, now)
    if published is None and updated is not None:
        published = updated
    if updated is not None and published is not None and updated.value <= published.value:
        updated = None
    sample = "\n".join((headline, *paragraphs))
    tag = detect(sample, document.language)
    passages = foreign_passages(paragraphs, tag.language)
    return Article(
        id=_identity(document, url, headline, paragraphs),
        headline=headline,
        paragraphs=paragraphs,
        authors=clean_authors(document.authors),
        source=clean_line(document.source) or domain(url),
        section=clean_line(document.section),
        language=tag.language,
        language_confidence=tag.confidence,
        published=published,
        updated=updated,
        url=url,
        origin=document.origin,
        format=document.format,
        warnings=(*published_warnings, *updated_warnings),
        foreign=tuple(Passage(*passage) for passage in passages),
    )


def _stamp(what: str, candidates: Iterable[tuple[str, str]], now: datetime) -> tuple[Timestamp | None, tuple[str, ...]]:
    """The first candidate that states a plausible date, and what was set aside before it."""
    warnings = []
    for source, text in candidates:
        parsed = parse_date(text)
        if parsed is None:
            warnings.append(f"{what} {clean_line(text)[:60]!r} ({source}) is not understood")
        elif reason := implausible(parsed[0], now):
            warnings.append(f"{what} {clean_line(text)[:60]!r} ({source}) is {reason}")
        else:
            return Timestamp(parsed[0], parsed[1], source), tuple(warnings)
    return None, tuple(warnings)


def _identity(document: Document, url: str, headline: str, paragraphs: Iterable[str]) -> str:
    """The id that the source gave, else one from the canonical address, else one from the content."""
    given = clean_line(document.given_id)
    if given:
        return given if len(given) <= _LONGEST_ID else digest("id " + given)
    return digest("url " + url) if url else content_id(headline, paragraphs)
