"""Authors: names out of what pages and feeds put into their author fields."""

from __future__ import annotations

import re
from collections.abc import Collection
from collections.abc import Iterable

from searcher.text.agencies import agency_named
from searcher.text.cleaning import clean_line

_BY = re.compile(
    r"^(?:(?:written|reported|words|story|posted|published) by|by|von|par|por|di|da|av|af|door|przez|napsal|text|tekst|"
    r"texto|testo|texte|autor(?:in|es|a)?|author|autore|auteur|forfatter|автор|текст|от|skrevet av|skriven av|"
    r"geschrieben von|文|记者|記者|作者|责编|责任编辑|編集)(?:\s*[:：]\s*|\s+)",
    re.IGNORECASE,
)
_CREDIT = re.compile(
    r"\W*(?:images?|photos?|photographs?|fotos?|bilde?r?|picture|video|illustration|grafik|getty|quelle|source|credit|©)\b",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"https?:|www\.|^@|\.(?:html?|php|jpe?g)\b")
_MAIL = re.compile(r"[<(\[]?\b[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64}){1,5}[>)\]]?")
_MAIL_NAME = re.compile(r"\S{1,64}@\S{1,200}\s*\(([^)]+)\)")
_PARTS = re.compile(r"\s*[;|•·、／]\s*|\s+/\s+")
_AND = re.compile(
    r"\s+(?:and|und|et|og|och|en|y|e|i|и|та|oraz|ja|ve|dan|與|和|及)\s+|\s*&\s*",
    re.IGNORECASE,
)
_COMMA = re.compile(r"[,，](?!\s*(?:jr|sr|ii|iii|md|phd)\b)\s*", re.IGNORECASE)
_BRACKETS = re.compile(r"\s*\([^()]{0,60}\)$|^\(|\)$")
_HOUSE = re.compile(
    r"\b(?:redak[ct]\w*|redac\w+|redazione|rédaction|editorial|editors?|newsroom|news ?desk|staff|desk|webmaster|admin|"
    r"administrator|onlineredaktion|toimitus|correspondents?|contributors?|team|gmbh|ltd|inc|llc|verlag|publishing|"
    r"media group)\b|编辑|編集部|редакция",
    re.IGNORECASE,
)
_ROLE = re.compile(
    r"\b(?:[\w-]*(?:redakt\w+|korrespondent\w*|reporter\w*|correspond\w+|corresponsal|editor\w*|journalist\w*|periodista|"
    r"giornalista|autorin|autor|columnist\w*|kolumnist\w*|producer|writer|contributor|presenter|analyst|chef\w*|leiter\w*|"
    r"leitender|volont\w+|director|president|profes\w+|critic|fellow|author|photograph\w*|fotograf\w*|envoy\w*|envoyé\w*))\b",
    re.IGNORECASE,
)
_PARTICLES = frozenset(
    "van von de der den del della di da do dos du el la le al bin ibn ben zu zur st. af av y e i".split()
)
_IDEOGRAPHS = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af\s・]{2,8}")
_NO_NAME = re.compile(r"[\d:!?…@]")
_LONGEST = 80
_LONGEST_VALUE = 1000


def clean_authors(values: Iterable[str], sites: Collection[str] = ()) -> tuple[str, ...]:
    """The distinct names in `values`, in order; addresses, credits of pictures and over-long strings are left out.

    sites: `plain` names of the site, which are no authors beside others. Agencies and offices stay where nobody else is
    named: who wants to know who wrote an article is told as much as it says.
    """
    names: dict[str, str] = {}
    for value in values:
        text = _MAIL.sub(" ", _MAIL_NAME.sub(r"\1", clean_line(value)[:_LONGEST_VALUE])).strip()
        if _CREDIT.match(text):
            continue
        for _ in range(2):
            text = _BY.sub("", text)
        for part in _PARTS.split(text):
            for name in _split(part):
                name = _BRACKETS.sub("", name).strip(" ,.;:-–—*|/")
                if 2 <= len(name) <= _LONGEST and not _ADDRESS.search(name) and any(map(str.isalpha, name)):
                    names.setdefault(plain(name), name)
    others = {key: name for key, name in names.items() if key not in sites}
    return tuple((others or dict(list(names.items())[:1])).values())


def plain(name: str) -> str:
    """A name without case, spaces and marks, to compare it with others."""
    return re.sub(r"[\W_]+", "", name).casefold()


def looks_like_name(text: str) -> bool:
    """Whether `text` can be a person's name: two to five words with capitals or particles, or a few ideographs."""
    if _NO_NAME.search(text) or _ROLE.search(text):
        return False
    if _IDEOGRAPHS.fullmatch(text):
        return True
    words = text.split()
    letters = [word for word in words if word.casefold() not in _PARTICLES]
    return 2 <= len(words) <= 5 and bool(letters) and not any(word[0].islower() for word in letters)


def is_house(name: str, sites: Collection[str] = ()) -> bool:
    """Whether a name is that of the site or of an office in it, not a person's."""
    key = plain(name)
    return key in sites or bool(_HOUSE.search(name)) or any(len(site) > 4 and site in key for site in sites)


def _split(text: str) -> list[str]:
    """The names joined in `text` by commas and conjunctions; "Ann Other, professor of law" is one with what she is."""
    parts = [part for part in _COMMA.split(text) if part.strip(" ,.")]
    if len(parts) > 1:
        names = [part for part in parts if _is_listed(part)]
        if names and names[0] == parts[0]:
            parts = names
        elif looks_like_name(parts[0]):
            parts = parts[:1]
        else:
            parts = [text]
    found = []
    for part in parts:
        joined = _AND.split(part)
        # "Le Figaro et AFP" and "Health and Safety Desk" are names as they stand.
        found += joined if all(looks_like_name(name.strip()) for name in joined) else [part]
    return found


def _is_listed(part: str) -> bool:
    single = len(part.split()) == 1 and part[0].isupper() and part.isalpha() and not _ROLE.search(part)
    return looks_like_name(part) or single or bool(agency_named(part)) or bool(_AND.search(part))
