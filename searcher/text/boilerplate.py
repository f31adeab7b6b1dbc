"""Boilerplate: paragraphs that a page pasted before and behind an article's text, by the rules in
tails.toml."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from searcher.text.agencies import signature_of
from searcher.text.beginnings import Beginnings, beginnings_of, may_begin
from searcher.text.dates import parse_date
from searcher.text.needed import Needed, has_one, needed_by

_DATE_HEAD = re.compile(
    r"date\s+(\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2})?(?:Z\b|[+-]\d{2}:?\d{2})?)?)(?:\s+|$)",
    re.IGNORECASE,
)
"""A head such as "date 2022-06-26", in front of the text."""
_LONGEST = {"tail": 400, "notice": 400, "anywhere": 250, "wall": 300, "footer": 400, "button": 200}
"""Maximum length of a paragraph of each kind, in characters. Longer paragraphs are text, and are
not matched, which bounds the time."""
_ABOUT = re.compile(
    r"(?:about|über|à propos de|acerca de|sobre|chi è|over|om|o firmie|о компании)\s+"
    r"(?:(?:the|die|den|das|la|le|les|el|il|de|het)\s)?(.{2,60}?)\W*",
    re.IGNORECASE,
)
"""The heading of a paragraph about a company, with its name."""
_ARTICLE = re.compile(r"^(?:the|die|der|das|la|le|les|el|il|de|het|a|o)\s+")
"""An article in front of a name."""
_ABOUT_SIZE = 80
"""Maximum length of such a heading, in characters. It bounds the time."""
_SOURCE = re.compile(
    r"(?:quelle|source|sources|fuente|fonte|bron|källa|kilde|lähde|zdroj|forrás|sursa|źródło|kaynak|"
    r"источник|джерело|πηγή|المصدر|来源|來源|출처)\s*[:：/]\s*",
    re.IGNORECASE,
)
"""The label in front of the name of a source."""
_COMPANY = 5
"""Number of paragraphs at the end in which it is looked for. Larger would take a section of an
article about a company."""
DATE_LINE = re.compile(r"\n(?=\s{0,20}date\s+\d{4}-\d{2}-\d{2})", re.IGNORECASE)
"""The end of the line before one that begins with such a head."""


@dataclass(frozen=True, slots=True)
class Trimmed:
    """The paragraphs of an article without boilerplate, and what the boilerplate said."""

    paragraphs: tuple[str, ...]
    """The paragraphs that are the article's text."""
    notices: tuple[str, ...] = ()
    """Paragraphs that say where the text came from."""
    agency: str = ""
    """The wire service that signed the text; "" for none."""
    walled: bool = False
    """Whether a paragraph said that the rest has to be paid for."""


def split_date_head(text: str) -> tuple[str, str]:
    """Return the date in a head such as "date 2022-06-26", and the text behind it; ("", text) if it
    has none."""
    match = _DATE_HEAD.match(text)
    return (
        (match.group(1), text[match.end() :])
        if match and parse_date(match.group(1))
        else ("", text)
    )


def trim(paragraphs: Sequence[str]) -> Trimmed:
    """Return the paragraphs of an article without boilerplate.

    If nothing would be left, all paragraphs are kept.
    """
    kept = [paragraph for paragraph in paragraphs if not matches("anywhere", paragraph)]
    notices: list[str] = []
    agency, walled = _service_in_front(kept), False
    kept = kept[1:] if agency else kept
    while kept:
        last = kept[-1]
        if signed := signature_of(last):
            agency = agency or signed
        elif matches("notice", last):
            notices.append(last)
        elif matches("wall", last):
            walled = True
        elif not matches("tail", last):
            break
        kept.pop()
    if not kept:
        return Trimmed(tuple(paragraphs))
    about = _company(kept)
    notices += reversed(kept[about:])
    kept = kept[:about]
    return Trimmed(tuple(kept), tuple(reversed(notices)), agency, walled)


def _service_in_front(paragraphs: Sequence[str]) -> str:
    """Return the wire service that the first paragraph names and nothing else, as in "Source: AFP";
    "" for none."""
    if len(paragraphs) < 2 or len(paragraphs[0]) > _ABOUT_SIZE:
        return ""
    return signature_of(_SOURCE.sub("", paragraphs[0]))


def _company(paragraphs: Sequence[str]) -> int:
    """Return the index at which the last paragraphs are about the company that the text is from,
    under a heading with its name; the number of paragraphs without such ones."""
    for at in range(max(1, len(paragraphs) - _COMPANY), len(paragraphs) - 1):
        match = _ABOUT.fullmatch(paragraphs[at]) if len(paragraphs[at]) <= _ABOUT_SIZE else None
        name = match[1].casefold() if match else ""
        if name and _ARTICLE.sub("", paragraphs[at + 1].casefold()).startswith(name):
            return at
    return len(paragraphs)


def matches(kind: str, paragraph: str) -> bool:
    """Return whether a whole paragraph matches a rule of this kind.

    kind: one of the kinds of rules in tails.toml.
    """
    return len(paragraph) <= _LONGEST[kind] and _rules()[kind].match(paragraph)


@dataclass(frozen=True, slots=True)
class _Rules:
    """The rules of one kind."""

    beginnings: Beginnings
    """The beginnings of the paragraphs that match `begun`."""
    begun: re.Pattern[str] | None
    """The rules whose matches have known beginnings; None for none."""
    needed: Needed
    """The strings that the other rules need."""
    others: re.Pattern[str] | None
    """The other rules; None for none."""

    def match(self, paragraph: str) -> bool:
        """Return whether a whole paragraph matches one of the rules."""
        if self.begun and may_begin(paragraph, self.beginnings) and self.begun.fullmatch(paragraph):
            return True
        may_match = self.others and has_one(paragraph, self.needed)
        return bool(may_match and self.others and self.others.fullmatch(paragraph))


@cache
def _rules() -> dict[str, _Rules]:
    """Return by kind the rules in tails.toml. Read once, cached."""
    data = tomllib.loads((files("searcher.text") / "tails.toml").read_text("utf-8"))
    date = "".join(data.pop("date").split())
    found = {}
    for kind, rules in data.items():
        patterns = [
            pattern.replace("{date}", date) for rule in rules for pattern in rule["patterns"]
        ]
        known = {pattern: beginnings_of(pattern) for pattern in patterns}
        begun = {pattern: begins for pattern, begins in known.items() if begins is not None}
        others = [pattern for pattern in patterns if pattern not in begun]
        found[kind] = _Rules(
            frozenset().union(*begun.values()),
            _any_of(begun),
            frozenset().union(*map(needed_by, others)),
            _any_of(others),
        )
    return found


def _any_of(patterns: Iterable[str]) -> re.Pattern[str] | None:
    """Return the patterns as one; None if there are none."""
    joined = "|".join(f"(?:{pattern})" for pattern in patterns)
    return re.compile(joined, re.IGNORECASE) if joined else None
