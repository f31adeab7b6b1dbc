"""Citations of an article: as text, and in the formats of programs that manage references."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from searcher.article import Article, Timestamp
from searcher.text.urls import domain, web_url

_PARTS = {"year": 1, "month": 2}
"""Number of the parts of a date (year, month, day) that were stated, by precision; else all."""
_MONTHS = (
    "January February March April May June July August September October November December".split()
)
_SPECIAL = re.compile(r"[\\{}$&#%_^~]")
_TEX = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#",
    "%": r"\%", "_": r"\_", "^": r"\textasciicircum{}", "~": r"\textasciitilde{}",
}  # fmt: skip
_NOT_IN_KEY = re.compile(r"[^a-z0-9]+")
_SPACE = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u2028\u2029]+")
"""White space and control characters, which end lines or records of some formats."""


@dataclass(frozen=True, slots=True)
class CitationFormat:
    """A format of citations."""

    label: str
    """Its name for people."""
    media_type: str
    """Its media type."""
    suffix: str
    """End of the names of its files."""
    write: Callable[[Article, datetime], str]
    """Returns the citation of an article that was read at a time."""


@dataclass(frozen=True, slots=True)
class CitationWords:
    """The words of a citation that are not the article's own, in a language."""

    day: Callable[[date], str]
    """Returns a day in words."""
    month: Callable[[date], str]
    """Returns a month with its year in words."""
    undated: str
    """Stands for a date that is not known."""
    read: Callable[[date], str]
    """Says that the article was read on a day."""


def _english_month(day: date) -> str:
    return f"{_MONTHS[day.month - 1]} {day.year}"


def _english_day(day: date) -> str:
    return f"{day.day} {_english_month(day)}"


_ENGLISH = CitationWords(
    day=_english_day,
    month=_english_month,
    undated="no date",
    read=lambda day: f"read on {_english_day(day)}",
)


def plain(article: Article, read: datetime, words: CitationWords = _ENGLISH) -> str:
    """Return a citation as a sentence: authors, title, outlet, date, address, date of reading."""
    authors = _line(", ".join(article.authors))
    outlet, url = _line(_outlet(article)), web_url(article.url)
    parts = [
        f"{authors}." if authors else "",
        f"“{_line(article.title)}”.",
        f"{outlet}," if outlet else "",
        f"{_in_words(article.published, words)}.",
        f"{_line(url)} ({words.read(read.date())})." if url else "",
    ]
    return " ".join(part for part in parts if part) + "\n"


def bibtex(article: Article, read: datetime) -> str:
    """Return an entry of BibTeX, of the type that BibLaTeX has for web pages too."""
    year, *rest = _date_parts(article.published) or [0]
    url = web_url(article.url)
    first = (" ".join(article.authors[:1]).split() or [_outlet(article)])[-1]
    key = "-".join(filter(None, (_key(first), str(year or ""), _key(article.title)[:24])))
    values = {
        "author": " and ".join(f"{{{_tex(name)}}}" for name in article.authors),
        "title": f"{{{_tex(article.title)}}}",
        "journal": _tex(_outlet(article)),
        "year": str(year) if year else "",
        "month": str(rest[0]) if rest else "",
        "day": str(rest[1]) if len(rest) > 1 else "",
        "url": _line(url).replace("{", "%7B").replace("}", "%7D"),
        "urldate": f"{read:%Y-%m-%d}" if url else "",
        "language": _language(article),
        "note": _tex(article.agency),
    }
    lines = [f"  {name} = {{{value}}},\n" for name, value in values.items() if value]
    return f"@article{{{key or 'article'},\n{''.join(lines)}}}\n"


def ris(article: Article, read: datetime) -> str:
    """Return a record of RIS, of the type for newspapers."""
    parts = _date_parts(article.published)
    date = "/".join([f"{part:02}" for part in parts] + [""] * (3 - len(parts))) if parts else ""
    url = web_url(article.url)
    rows = [
        ("TY", "NEWS"),
        *(("AU", name) for name in article.authors),
        ("TI", article.title),
        ("T2", _outlet(article)),
        ("PY", str(parts[0]) if parts else ""),
        ("DA", f"{date}/" if date else ""),
        ("CY", article.dateline),
        ("LA", _language(article)),
        ("UR", url),
        ("Y2", f"{read:%Y/%m/%d}/" if url else ""),
    ]
    lines = [f"{tag}  - {_line(value)}\r\n" for tag, value in rows if value]
    return "".join(lines) + "ER  - \r\n"


def csl(article: Article, read: datetime) -> str:
    """Return a list of one item of CSL-JSON."""
    return json.dumps([csl_item(article, read)], indent=2) + "\n"


def csl_item(article: Article, read: datetime) -> dict[str, Any]:
    """Return an item of CSL-JSON."""
    parts = _date_parts(article.published)
    url = web_url(article.url)
    values = {
        "author": [{"literal": name} for name in article.authors],
        "container-title": _outlet(article),
        "issued": {"date-parts": [parts]} if parts else None,
        "URL": url,
        "accessed": {"date-parts": [[read.year, read.month, read.day]]} if url else None,
        "language": _language(article),
        "publisher-place": article.dateline,
        "source": article.agency,
    }
    known = {name: value for name, value in values.items() if value}
    return {"id": article.id, "type": "article-newspaper", "title": article.title, **known}


CITATIONS = {
    "plain": CitationFormat("Text", "text/plain; charset=utf-8", "txt", plain),
    "bibtex": CitationFormat("BibTeX", "application/x-bibtex; charset=utf-8", "bib", bibtex),
    "ris": CitationFormat("RIS", "application/x-research-info-systems; charset=utf-8", "ris", ris),
    "csl": CitationFormat("CSL-JSON", "application/vnd.citationstyles.csl+json", "json", csl),
}
"""The formats by name."""


def _date_parts(stamp: Timestamp | None) -> list[int]:
    """Return year, month and day, as far as they were stated."""
    if stamp is None:
        return []
    moment = stamp.value
    return [moment.year, moment.month, moment.day][: _PARTS.get(stamp.precision, 3)]


def _in_words(stamp: Timestamp | None, words: CitationWords) -> str:
    """Return a date in words, as far as it was stated."""
    if stamp is None:
        return words.undated
    day = stamp.value.date()
    if stamp.precision == "year":
        return str(day.year)
    return words.month(day) if stamp.precision == "month" else words.day(day)


def _outlet(article: Article) -> str:
    return article.source or domain(article.url)


def _language(article: Article) -> str:
    return article.language if article.language != "und" else ""


def _line(text: str) -> str:
    return _SPACE.sub(" ", text).strip()


def _tex(text: str) -> str:
    return _SPECIAL.sub(lambda found: _TEX[found[0]], _line(text))


def _key(text: str) -> str:
    """Return the part of a text that keys of BibTeX may have."""
    return _NOT_IN_KEY.sub("-", text.lower()).strip("-")
