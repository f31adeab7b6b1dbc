"""Lines that say who wrote an article: "By Ann Other", "Ann Other | AFP"."""

from __future__ import annotations

import re

from searcher.text.agencies import agency_named
from searcher.text.bylines import clean_authors, looks_like_name

_LINE = re.compile(
    r"(?:^|[|·•(（])\s*(?:(?:(?i:by|von|par|por|di|av|af|door|przez|a cura di|oleh|autora?|author|"
    r"autore|auteur|автор|מאת|بقلم|كتب|"
    r"(?:text|texto|texte|testo|tekst|story|words|reportaje|reportage)\s(?:by|de|di|von|av|van))"
    r"|Text|Tekst|文|记者|記者|作者|责编|责任编辑)\s*[:：]?\s*"
    r"|(?i:text|texto|texte|testo|tekst|story|words|muhabir|haber|yazan|yazar|penulis|reporter|"
    r"szerző|írta|tác giả|συντάκτης|кореспондент|корреспондент|लेखक|โดย)\s*[:：]\s*)"
    r"((?:[^\W\d_][\w.'’-]{0,30},?\s+){1,8}"
    r"(?:[^\W\d_][\w'’-]{0,30}|\([^\W\d_][\w '’-]{0,30}\))"
    r"|[\u4e00-\u9fff、]{2,20})\s*(?:[)）,]?\s*$|(?=[|·•]|[—–]\s))"
)
"""A line such as "By Ann Other", alone or beside other parts of a line."""
_NO_PERSON = re.compile(r"(?:The|Of|A|An|Our|How|Why|In|On)\s")
"""Beginnings of words that are no name, in titles with capitals."""
_KOREAN = re.compile(r"([가-힣]{2,4})\s?(?:선임기자|기자|특파원)(?:\s*[(<]?\S{1,40}@\S{1,40})?")
"""A line with the name and the office of a Korean reporter, and perhaps the mail address."""
_CHINESE = re.compile(
    r"(?:^|[\s|(（])(?:记者|記者|作者|撰文|文)\s?[:：]\s?([\u4e00-\u9fff·]{2,6})(?=$|[\s|)）])"
)
"""The name of a Chinese reporter behind a label, in a line with other things."""
_SERVICE_LINE = re.compile(
    r"(?P<name>[^\W\d_][^\d|/()]{3,40}?)\s*(?:[|/·•–—(]|,\s)\s*(?P<service>[^\d|/()]{2,30}?)\s*\)?"
)
"""A line with a name and something behind it that may be an agency."""


def names_in_line(text: str) -> tuple[str, ...]:
    """Return the names in a line such as "By Ann Other"; () if it has anything else."""
    if korean := _KOREAN.fullmatch(text):
        return (korean[1],)
    if chinese := _CHINESE.search(text):
        return (chinese[1],)
    if match := _LINE.search(text):
        behind = text[match.end() :].strip("|·•—– )")
        names = clean_authors([match.group(1), agency_named(behind) and behind], services=True)
        return names if all(map(_is_author, names)) else ()
    return _with_service(text)


def _is_author(name: str) -> bool:
    """Return whether a name is a person's or an agency's, and not "The Numbers" of a title."""
    return bool(agency_named(name)) or (looks_like_name(name) and not _NO_PERSON.match(name))


def _with_service(text: str) -> tuple[str, ...]:
    """Return the names in a line such as "Ann Other | AFP" or "Ann Other (dpa)"; () for another."""
    match = _SERVICE_LINE.fullmatch(text)
    if not match or not agency_named(match["service"]):
        return ()
    names = clean_authors([match["name"]])
    return (*names, match["service"]) if names and all(map(looks_like_name, names)) else ()
