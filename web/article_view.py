"""An article and its versions as the templates show them: plain values, no markup."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from searcher.article import Article, Timestamp
from searcher.as_json import to_json
from searcher.export.citations import CitationWords
from searcher.search.hits import Marked
from searcher.search.versions import VersionRead
from searcher.stories.comparison import compare
from searcher.stories.merged import Wording, changed_rows, merged_lines
from searcher.text.urls import domain, web_url
from web.addresses import article_address, comparison_address, version_address
from web.languages import (
    UNITS,
    ago_text,
    day_text,
    gettext,
    language_name,
    minute_text,
    month_text,
    ngettext,
)


@dataclass(frozen=True, slots=True)
class TextRun:
    """A part of a text that is marked as a whole, or not marked."""

    text: str
    """The text."""
    marked: bool
    """Whether it is highlighted."""


def text_runs(marked: Marked) -> list[TextRun]:
    """Return the text cut at the edges of its highlights."""
    found, at = [], 0
    for start, end in marked.highlights:
        found += [TextRun(marked.text[at:start], False), TextRun(marked.text[start:end], True)]
        at = end
    found.append(TextRun(marked.text[at:], False))
    return [run for run in found if run.text]


@dataclass(frozen=True, slots=True)
class ArticleFacts:
    """The metadata of an article. Unknown values are ""."""

    url: str
    """Address of the article at its source."""
    domain: str
    """Domain of that address."""
    source: str
    """Name of the outlet, else the domain."""
    language: str
    """Name of the language."""
    lang: str
    """Code of the language, for the attribute of that name."""
    date: str
    """Date of publication in words."""
    datetime: str
    """Date of publication, ISO 8601."""
    authors: str
    """Names of the authors, separated by commas."""
    section: str
    """Section of the outlet."""
    agency: str
    """News agency, unless it is among the authors."""
    dateline: str
    """Place in front of the text."""
    notices: tuple[str, ...]
    """Notices of the outlet about the text, such as a syndication notice."""
    note: str
    """Our note on the kind of the text."""
    from_source: str = ""
    """Address of the results from this source only."""
    in_language: str = ""
    """Address of the results in this language only."""
    ago: str = ""
    """Time since publication in words; "" if it is not asked for, or not known."""


def article_facts(
    article: Article, from_source: str = "", in_language: str = "", now: datetime | None = None
) -> ArticleFacts:
    """Return the metadata of an article.

    from_source, in_language: see ArticleFacts. now: the time since which `ago` counts.
    """
    site = domain(article.url)
    return ArticleFacts(
        url=web_url(article.url),
        domain=site,
        source=article.source or site,
        language=language_name(article.language),
        lang=article.language if article.language != "und" else "",
        date=long_date(article.published),
        datetime=to_json(article.published.value) if article.published else "",
        authors=", ".join(article.authors),
        section=article.section,
        agency=article.agency if article.agency not in article.authors else "",
        dateline=article.dateline,
        notices=article.notices,
        note=_note(article),
        from_source=from_source,
        in_language=in_language,
        ago=ago(article.published, now) if article.published and now else "",
    )


def ago(published: Timestamp, now: datetime) -> str:
    """Return the time since publication in words, as precise as both allow: "3 hours ago"."""
    seconds = (now - published.value).total_seconds()
    if seconds < 0 or published.precision in ("year", "month"):
        return ""
    if published.precision == "day":
        days = (now.astimezone(UTC).date() - published.value.astimezone(UTC).date()).days
        if days < 2:
            return gettext("yesterday") if days else gettext("today")
    for unit, length in UNITS.items():
        # A unit is used from two of it on.
        if seconds >= 2 * length:
            return ago_text(unit, int(seconds // length))
    return gettext("just now")


def _note(article: Article) -> str:
    """Return a note on the kind of the text; "" for an ordinary article."""
    if article.partial:
        return gettext("This is the text of its feed. The article's page was not fetched.")
    if article.paywalled:
        return gettext("Only the part that can be read without a subscription is here.")
    match article.kind:
        case "live":
            return gettext("This is a live report.")
        case "gallery":
            return gettext("This is a picture gallery.")
    return ""


def long_date(stamp: Timestamp | None) -> str:
    """Return the date as precisely as it is known: "2022", "June 2022", "26 June 2022" or "26 June
    2022, 10:15 UTC"; "no date" without one."""
    if stamp is None:
        return gettext("no date")
    match stamp.precision:
        case "year":
            return str(stamp.value.year)
        case "month":
            return month_text(stamp.value)
        case "day":
            return day_text(stamp.value)
    return minute_text(stamp.value)


@dataclass(frozen=True, slots=True)
class ListedArticle:
    """An article in a list without a query."""

    title: str
    """Its title."""
    link: str
    """Address of its page."""
    facts: ArticleFacts
    """Its metadata."""


def listed(article: Article) -> ListedArticle:
    """Return an article for a list without a query."""
    return ListedArticle(article.title, article_address(article.id), article_facts(article))


def places_of(article: Article) -> list[tuple[str, str]]:
    """Return the places in its file where values of an article were found, each with the names of
    these values."""
    names = {
        "headline": gettext("headline"),
        "published": gettext("date"),
        "authors": gettext("authors"),
        "source": gettext("source"),
        "agency": gettext("agency"),
        "dateline": gettext("place"),
        "section": gettext("section"),
        "language": gettext("language"),
        "url": gettext("address"),
    }
    held: dict[str, list[str]] = {}
    stamped = {"published": article.published.source} if article.published else {}
    for name, where in ({**article.found, **stamped}).items():
        if name in names:
            held.setdefault(where, []).append(names[name])
    return [(where, ", ".join(values)) for where, values in held.items()]


def citation_words() -> CitationWords:
    """Return the words of citations in the language of the page."""
    return CitationWords(
        day=day_text,
        month=month_text,
        undated=gettext("no date"),
        read=lambda day: gettext("read on %(day)s", day=day_text(day)),
    )


def changes_line(article: Article) -> str:
    """Return a sentence with the number of changes of an article and the date of the last one; ""
    if it never changed."""
    times = len(article.versions) - 1
    if times < 1:
        return ""
    return ngettext(
        "Changed %(count)s time (%(parts)s), last seen on %(date)s.",
        "Changed %(count)s times (%(parts)s), last seen on %(date)s.",
        times,
        parts=part_names(article.changes),
        date=_seen(article, -1),
    )


def _seen(article: Article, number: int) -> str:
    return long_date(Timestamp(article.versions[number].seen, "minute", "archive"))


def part_names(parts: Sequence[str]) -> str:
    """Return the parts of an article that changed as a phrase: "headline and text"."""
    match list(parts):
        case ["headline"]:
            return gettext("headline")
        case ["headline", "body"]:
            return gettext("headline and text")
    return gettext("text")


def _changed_title(parts: Sequence[str]) -> str:
    match list(parts):
        case ["headline"]:
            return gettext("Headline changed")
        case ["headline", "body"]:
            return gettext("Headline and text changed")
    return gettext("Text changed")


@dataclass(frozen=True, slots=True)
class ChangedLine:
    """A line in which two versions differ."""

    parts: list[Wording]
    """Its parts, in the wordings of both versions."""
    is_headline: bool
    """Whether it is the headline."""


def changed_lines(before: Article | None, after: Article | None) -> list[ChangedLine]:
    """Return the lines in which two versions differ; none if one of the texts is missing."""
    if before is None or after is None:
        return []
    found = compare(before, after)
    return [
        ChangedLine(line, 0 in row.first)
        for row in changed_rows(found)
        for line in merged_lines(found, row)
    ]


@dataclass(frozen=True, slots=True)
class VersionView:
    """A version in the list of an article's versions."""

    title: str
    """The parts that changed, or a note that it is the first version."""
    date: str
    """Moment at which it was fetched, in words."""
    datetime: str
    """The same, ISO 8601."""
    link: str
    """Address of the article as it was; "" for the newest version and one without text."""
    comparison: str
    """Address of it beside the newest version; "" in the same cases."""
    changes: list[ChangedLine]
    """Differences from the version before."""
    missing: bool
    """Whether the text of the version before is no longer in the archive."""


def version_views(article: Article, found: Sequence[VersionRead]) -> list[VersionView]:
    """Return the versions, the newest first. found: the versions, the oldest first."""
    views = []
    for at, one in enumerate(found):
        before = found[at - 1].article if at else None
        is_newest = at == len(found) - 1
        is_earlier = bool(one.article) and not is_newest
        views.append(
            VersionView(
                title=_changed_title(one.version.changed) if at else gettext("First seen"),
                date=_seen(article, at),
                datetime=one.version.to_json()["seen"],
                link=version_address(article, one.number) if is_earlier else "",
                comparison=(
                    comparison_address(article.id, article.id, one.number) if is_earlier else ""
                ),
                changes=changed_lines(before, one.article),
                missing=at > 0 and before is None,
            )
        )
    return views[::-1]
