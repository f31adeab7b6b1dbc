"""Authors: names out of what pages and feeds put into their author fields."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from searcher.text.agencies import agency_named
from searcher.text.cleaning import clean_line

_BY = re.compile(
    r"^(?:(?:written|reported|words|story|posted|published|(?:view all )?(?:posts|articles|"
    r"stories)) by|"
    r"by|von|par|por|di|da|av|af|door|przez|napsal|text|tekst|"
    r"texto|testo|texte|autor(?:in|es|a)?|author|autore|auteur|forfatter|автор|текст|от|"
    r"skrevet av|skriven av|"
    r"geschrieben von|teksti|szerző|szöveg|írta|κείμενο|γράφει ο|"
    r"记者|記者|作者|责编|责任编辑|編集|기자)(?:\s*[:：]\s*|\s+)|^(?:oleh|penulis|yazan|yazar|toimittaja|του|文)\s*[:：/]\s*",
    re.IGNORECASE,
)
_BY_OR_NAME = frozenset("von di da af".split())
"""What stands before an author, and begins names, too."""
_CREDIT = re.compile(
    r"\W*(?:images?|photos?|photographs?|fotos?|bilde?r?|picture|video|illustration|grafik|getty|quelle|source|credit|©)\b",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"https?:|www\.|^@|\.(?:html?|php|jpe?g)\b")
_MAIL = re.compile(r"[<(\[]?\b[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64}){1,5}[>)\]]?")
_HANDLE = re.compile(r"(?<=\S)\s@\w{2,40}\b")
_EMPLOYER = re.compile(
    r"(?<=\w)\s(?:(?:for|FOR|für|pour|per|voor)\s(?:the\s)?[A-Z][^,;]{1,40}|기자)$"
)
_PICTURE = re.compile(
    r"\s(?:photos?|fotos?|images?|bilder?|video|graphics?)\s*[:：].*$", re.IGNORECASE
)
_DATE_BEHIND = re.compile(
    r"[\s,|]+(?:\d{1,2}\.?\s[^\W\d_]{3,9}|[^\W\d_]{3,9}\s\d{1,2}),?\s\d{4}\b.*$"
)
_PLACE_BEHIND = re.compile(r"(?<=\w)\s(?:in|à|aus|en)\s[A-ZÀ-Ý][^,;]{1,30}$")
_TITLES = frozenset(
    "senior chief deputy staff special political foreign national diplomatic science health "
    "business sports technology"
    " legal education climate environment managing executive associate assistant contributing "
    "investigative royal north"
    " east west south middle american european african asian".split()
)
_MAIL_NAME = re.compile(r"\S{1,64}@\S{1,200}\s*\(([^)]+)\)")
_PARTS = re.compile(r"\s*[;|•·、／]\s*|\s+/\s+")
_AND = re.compile(
    r"\s+(?:and|with|und|mit|et|avec|og|och|en|med|y|con|e|com|i|и|та|oraz|ja|és|ve|dan|與|和|及)\s+|\s*[&/]\s*",
    re.IGNORECASE,
)
_AND_FIRST = re.compile(r"^\s*(?:and|und|et|og|och|en|y|e|i|и)\s+(?=[^\W\d_]+\s)", re.IGNORECASE)
_WITH_SERVICE = re.compile(r"\s(?:with|mit|avec|con|com|med)\s|/", re.IGNORECASE)
_COMMA = re.compile(r"[,，](?!\s*(?:jr|sr|ii|iii|md|phd)\b)\s*", re.IGNORECASE)
_BRACKETS = re.compile(r"\s*\([^()]{0,60}\)$|^\(|\)$")
_HOUSE = re.compile(
    r"\b(?:redak[ct]\w*|redac\w+|redazione|rédaction|editorial|editors?|newsroom|news ?desk|staff|"
    r"desk|webmaster|admin|"
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
    "van von de der den del della di da do dos du el la le al bin ibn ben zu zur st. af av y e "
    "i".split()
)
_IDEOGRAPHS = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af\s・]{2,8}")
_NO_NAME = re.compile(r"[\d:!?…@]")
_LONGEST = 80
_LONGEST_WORD = 8
"""Letters of a site's name above which it is in no name of a person."""
_LONGEST_VALUE = 1000


def clean_authors(values: Iterable[str], sites: Collection[str] = ()) -> tuple[str, ...]:
    """The distinct names in `values`, in order; addresses, credits of pictures and over-long
    strings are left out.

    sites: `plain` names of the site, which are no authors beside others. Agencies and offices stay
    where nobody else is named: who wants to know who wrote an article is told as much as it says.
    """
    names: dict[str, str] = {}
    for value in values:
        text = _MAIL.sub(" ", _MAIL_NAME.sub(r"\1", clean_line(value)[:_LONGEST_VALUE])).strip()
        if _CREDIT.match(text):
            continue
        text = _PICTURE.sub(
            "", _DATE_BEHIND.sub("", _HANDLE.sub(" ", _without_by(_without_by(text))))
        )
        for part in _PARTS.split(text):
            for name in _split(part):
                name = _bare(_BRACKETS.sub("", name).strip(" ,.;:-–—*|/"))
                if (
                    2 <= len(name) <= _LONGEST
                    and not _ADDRESS.search(name)
                    and any(map(str.isalpha, name))
                ):
                    names.setdefault(plain(name), name)
    others = {key: name for key, name in names.items() if key not in sites}
    return tuple((others or dict(list(names.items())[:1])).values())


def _without_by(text: str) -> str:
    """`text` without a "By" or the like; "Von der Leyen" and "Di Stefano" are names as they
    stand."""
    match = _BY.match(text)
    if not match:
        return text
    rest = text[match.end() :]
    if match.group().strip().casefold() in _BY_OR_NAME:
        first = rest.partition(",")[0].split()
        if first and (first[0].casefold() in _PARTICLES or len(first) == 1):
            return text
    return rest


def _bare(name: str) -> str:
    """A name without the place, the employer, the service or the office that stands behind it."""
    for pattern in (_EMPLOYER, _PLACE_BEHIND):
        shorter = pattern.sub("", name)
        if shorter != name and looks_like_name(shorter):
            name = shorter
    words = name.split()
    end = next(
        (at for at in range(2, len(words)) if agency_named(" ".join(words[at:]))), len(words)
    )
    if _ROLE.search(words[-1] if words else ""):
        end = len(words) - 1
        while end > 2 and words[end - 1].casefold() in _TITLES:
            end -= 1
    shorter = " ".join(words[:end])
    return shorter if end >= 2 and looks_like_name(shorter) else name


def plain(name: str) -> str:
    """A name without case, spaces and marks, to compare it with others."""
    return re.sub(r"[\W_]+", "", name).casefold()


def looks_like_name(text: str) -> bool:
    """Whether `text` can be a person's name: two to five words with capitals or particles, or a few
    ideographs."""
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
    words = {plain(word) for word in name.split()}
    named = any(
        site in words or (len(site) > _LONGEST_WORD and site in key)
        for site in sites
        if len(site) > 4
    )
    return key in sites or bool(_HOUSE.search(name)) or named


def _split(text: str) -> list[str]:
    """The names joined in `text` by commas and conjunctions; "Ann Other, professor of law" is one
    with what she is."""
    parts = [part for part in _COMMA.split(text) if part.strip(" ,.")]
    if len(parts) == 2 and all(map(_is_word, parts)) and not any(map(agency_named, parts)):
        parts = [f"{parts[1].strip()} {parts[0].strip()}"]
    elif len(parts) > 1:
        names = [part for part in parts if _is_listed(part)]
        if names and names[0] == parts[0]:
            parts = names
        elif looks_like_name(parts[0]):
            parts = parts[:1]
        else:
            parts = [text]
    found = []
    for part in parts:
        part = _AND_FIRST.sub("", part)
        joined = [_bare(name.strip()) for name in _AND.split(part)]
        # "Le Figaro et AFP" and "Health and Safety Desk" are names as they stand.
        with_service = (
            _WITH_SERVICE.search(part)
            and looks_like_name(joined[0])
            and all(map(agency_named, joined[1:]))
        )
        found += joined if with_service or all(map(looks_like_name, joined)) else [part]
    return found


def _is_listed(part: str) -> bool:
    part = _AND_FIRST.sub("", part)
    return looks_like_name(_bare(part)) or bool(agency_named(part)) or bool(_AND.search(part))


def _is_word(part: str) -> bool:
    """Whether a part may be a surname or a given name that stands alone."""
    part = part.strip()
    return part.isalpha() and part[0].isupper() and not part.isupper() and not _ROLE.search(part)
