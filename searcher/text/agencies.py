"""Wire services, and where an article says that it came from one: in its byline or its
signature."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

_BETWEEN = re.compile(
    r"\s*[/,&+;|]\s*|\s+(?:and|with|und|mit|et|avec|y|con|e|og|och)\s+", re.IGNORECASE
)
_WITH = re.compile(r"^\s*(?:with|mit|avec|con|com)\s+", re.IGNORECASE)
_SIGNATURE = re.compile(
    r"(?:^|[.!?…”\"»)]\s*)[(\[/©–—-]?\s*(?P<names>[^()\[\].!?]{2,40}?)\s*[)\]/]?\.?\s*$"
)
_WRAPPING = " \t()[]©/–—-.,;:"
_INITIALS = re.compile(r"[a-zà-ÿ]{1,4}|(?:dpa:)?[\d-]{1,30}")
"""Of a writer, as "lni"; and the number of a report."""
_LONGEST_ACRONYM = 4
_LOOKED_AT = 90
_FROM_END = 4


@cache
def _agencies() -> dict[str, tuple[str, str]]:
    """By name without case: the short name of the service, and the name as it is written."""
    data = tomllib.loads((files("searcher.text") / "agencies.toml").read_text("utf-8"))
    return {name.casefold(): (short, name) for short, names in data.items() for name in names}


def agency_named(text: str) -> str:
    """The wire service that `text` names, alone or with others; "" when it names none."""
    if len(text) > _LOOKED_AT:
        return ""
    text = _WITH.sub("", text)
    return next(
        (
            short
            for part in (text, *_BETWEEN.split(text))
            if (short := _service(part.strip(" .,;:-–—")))
        ),
        "",
    )


def _service(name: str) -> str:
    """The service of this name. Mena is a person, MENA is none."""
    short, written = _agencies().get(name.casefold(), ("", ""))
    person = (
        len(written) <= _LONGEST_ACRONYM
        and name != written
        and not name.isupper()
        and not name.islower()
    )
    return "" if person else short


def agency_signed(paragraphs: Sequence[str]) -> str:
    """The wire service that signs the end of one of the last paragraphs; "" for none."""
    for paragraph in paragraphs[-_FROM_END:]:
        match = _SIGNATURE.search(paragraph[-_LOOKED_AT:])
        found = signature_of(match["names"]) if match else ""
        # One that is a word, too, only as it is written.
        if match and found and (found in match["names"] or not match["names"].islower()):
            return found
    return ""


def signature_of(paragraph: str) -> str:
    """The wire service in a paragraph that is a signature and nothing else, such as "dpa/lni" or
    "(AP, Reuters)"."""
    if len(paragraph) > _LOOKED_AT:
        return ""
    parts = [part for part in _BETWEEN.split(_WITH.sub("", paragraph.strip(_WRAPPING))) if part]
    found = [_service(part.strip(_WRAPPING)) for part in parts]
    initials = (
        service or _INITIALS.fullmatch(part)
        for service, part in zip(found[1:], parts[1:], strict=True)
    )
    return found[0] if found and found[0] and all(initials) else ""
