"""Heads and tails: what was pasted around an article's text by the page that carried it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from searcher.text.agencies import signature_of
from searcher.text.dates import parse_date

_DATE_HEAD = re.compile(
    r"date\s+(\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2})?(?:Z\b|[+-]\d{2}:?\d{2})?)?)(?:\s+|$)",
    re.IGNORECASE,
)
_LONGEST = {"tail": 400, "notice": 400, "anywhere": 250, "wall": 300, "footer": 400, "button": 200}
DATE_LINE = re.compile(r"\n(?=\s{0,20}date\s+\d{4}-\d{2}-\d{2})", re.IGNORECASE)
"""The end of the line before one that begins with such a head."""


@dataclass(frozen=True, slots=True)
class Trimmed:
    """Paragraphs without what was pasted around them, and what that said.

    notices: paragraphs that say where the text came from; agency: the wire service that signed it,
    "" for none; walled: whether it was said that the rest is for those who pay.
    """

    paragraphs: tuple[str, ...]
    notices: tuple[str, ...] = ()
    agency: str = ""
    walled: bool = False


def split_date_head(text: str) -> tuple[str, str]:
    """A head of the form "date 2022-06-26 …" divided into what it says and the text behind it; ("",
    text) if none."""
    match = _DATE_HEAD.match(text)
    return (
        (match.group(1), text[match.end() :])
        if match and parse_date(match.group(1))
        else ("", text)
    )


def trim(paragraphs: Sequence[str]) -> Trimmed:
    """`paragraphs` without the tails and controls that the rules of tails.toml know.

    An article is never emptied: if nothing would be left, nothing is removed.
    """
    kept = [paragraph for paragraph in paragraphs if not matches("anywhere", paragraph)]
    notices: list[str] = []
    agency, walled = "", False
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
    return Trimmed(tuple(kept), tuple(reversed(notices)), agency, walled)


def matches(kind: str, paragraph: str) -> bool:
    """Whether a paragraph is, as a whole, of a kind that tails.toml has rules for."""
    return len(paragraph) <= _LONGEST[kind] and bool(_rules()[kind].fullmatch(paragraph))


@cache
def _rules() -> dict[str, re.Pattern[str]]:
    data = tomllib.loads((files("searcher.text") / "tails.toml").read_text("utf-8"))
    date = "".join(data.pop("date").split())
    return {
        kind: re.compile(
            "|".join(
                f"(?:{pattern.replace('{date}', date)})"
                for rule in rules
                for pattern in rule["patterns"]
            ),
            re.IGNORECASE,
        )
        for kind, rules in data.items()
    }
