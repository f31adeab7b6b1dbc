"""Wire services: their names, and where an article names the one that it came from."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

_BETWEEN = re.compile(
    r"\s*[/,&+;|]\s*|\s+(?:and|with|und|mit|et|avec|y|con|e|og|och)\s+", re.IGNORECASE
)
"""A separator of the names of two services."""
_WITH = re.compile(r"^\s*(?:with|mit|avec|con|com)\s+", re.IGNORECASE)
"""The word before services that helped with a report."""
_SIGNATURE = re.compile(
    r"(?:^|[.!?…”\"»)]\s*)[(\[/©–—-]?\s*(?P<names>[^()\[\].!?]{2,40}?)\s*[)\]/]?\.?\s*$"
)
"""The end of a paragraph with a signature: behind the end of a sentence or alone, perhaps in
brackets."""
_WRAPPING = " \t()[]©/–—-.,;:"
"""Characters around a signature."""
_INITIALS = re.compile(r"[a-zà-ÿ]{1,4}|(?:dpa:)?[\d-]{1,30}")
"""Initials of a writer, such as "lni", or the number of a report."""
_LONGEST_ACRONYM = 4
"""Maximum length of a name that is an acronym, in letters."""
_LOOKED_AT = 90
"""Maximum length of a text that names services, in characters. Longer ones are sentences."""
_FROM_END = 4
"""Number of paragraphs at the end of an article in which a signature is looked for. More would take
names at the end of quotations."""


_TELLING = (
    "AFP", "Agence France-Presse", "Associated Press", "AP", "Reuters", "dpa",
    "Deutschen Presse-Agentur", "EFE", "Efe", "ANSA", "Lusa", "PTI", "IANS", "ANI", "Xinhua",
    "TASS",
)  # fmt: skip
"""Names of services, as written where persons tell them something. Others are left out that are
also names of outlets or of something else."""


@cache
def _agencies() -> dict[str, tuple[str, str]]:
    """Return by name without case the short name of a service, and the name as written. Read once,
    cached."""
    data = tomllib.loads((files("searcher.text") / "agencies.toml").read_text("utf-8"))
    return {name.casefold(): (short, name) for short, names in data.items() for name in names}


def agency_named(text: str) -> str:
    """Return the short name of the wire service that `text` names, alone or with others; "" if
    none."""
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


def agency_names(text: str) -> tuple[str, ...]:
    """Return the short name of the service with this name, and its other names; none if it is no
    service's. Case does not matter."""
    short, _ = _agencies().get(text.strip().casefold(), ("", ""))
    others = (name for found, name in _agencies().values() if found == short)
    return tuple(dict.fromkeys((short, *others))) if short else ()


def _service(name: str) -> str:
    """Return the short name of the service with this name; "" if none. Mena is a person, MENA a
    service."""
    short, written = _agencies().get(name.casefold(), ("", ""))
    person = (
        len(written) <= _LONGEST_ACRONYM
        and name != written
        and not name.isupper()
        and not name.islower()
    )
    return "" if person else short


def agency_signed(paragraphs: Sequence[str]) -> str:
    """Return the wire service that signs the end of one of the last paragraphs; "" if none."""
    for paragraph in paragraphs[-_FROM_END:]:
        match = _SIGNATURE.search(paragraph[-_LOOKED_AT:])
        found = signature_of(match["names"]) if match else ""
        # A name that is also a word counts only in the case in which the service writes it.
        if match and found and (found in match["names"] or not match["names"].islower()):
            return found
    return ""


def agency_told(paragraphs: Sequence[str]) -> str:
    """Return the wire service to which persons in the text speak, or whose reporters saw what it
    tells: "told AFP", "an AFP team saw". "" if none, or several.

    Services write so of themselves. Outlets that quote one write "told the AFP news agency".
    """
    found = {
        _agencies()[next(filter(None, match.groups())).casefold()][0]
        for paragraph in paragraphs
        # To try the expression everywhere takes a tenth of the time of normalising an article.
        if any(map(paragraph.__contains__, _TELLING))
        for match in _told().finditer(paragraph)
    }
    return found.pop() if len(found) == 1 else ""


@cache
def _told() -> re.Pattern[str]:
    """Return the expression for phrases in which a service speaks of itself. Cached."""
    name = "(" + "|".join(map(re.escape, _TELLING)) + ")\\b(?! (?:news )?agency)"
    people = "team|correspondents?|journalists?|reporters?|photographers?"
    return re.compile(
        rf"\b(?:told (?:The )?{name}|[Aa]n? {name} (?:{people})\b|à l['’]{name}|all['’]{name}"
        rf"|der {name}|(?:dijo|declaró|disse|aseguró) a (?:la )?{name})"
    )


def signature_of(paragraph: str) -> str:
    """Return the wire service in a paragraph that is a signature and nothing else; "" if none.

    Examples: "dpa/lni", "(AP, Reuters)".
    """
    if len(paragraph) > _LOOKED_AT:
        return ""
    parts = [part for part in _BETWEEN.split(_WITH.sub("", paragraph.strip(_WRAPPING))) if part]
    found = [_service(part.strip(_WRAPPING)) for part in parts]
    if len(parts) == 2 and "/" in paragraph and not found[0] and _INITIALS.fullmatch(parts[0]):
        # "(lni/dpa)"
        return found[1]
    initials = (
        service or _INITIALS.fullmatch(part)
        for service, part in zip(found[1:], parts[1:], strict=True)
    )
    return found[0] if found and found[0] and all(initials) else ""
