"""Bylines: names of persons from the author fields of pages and feeds."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from unicodedata import normalize

from searcher.text.agencies import agency_named, signature_of
from searcher.text.cleaning import clean_line

_BY = re.compile(
    r"^(?:(?:written|reported|reporting|additional reporting|compiled|"
    r"words|story|posted|published|(?:view all )?(?:posts|articles|"
    r"stories)) by|"
    r"by|von|par|por|di|da|av|af|door|przez|napsal|"
    r"(?:text|texto|texte|testo) (?:by|de|di|von|av|van)|text|tekst|"
    r"texto|testo|texte|autor(?:in|es|a)?|author|autore|auteur|forfatter|автор|текст|от|"
    r"skrevet av|skriven av|"
    r"geschrieben von|teksti|szerző|szöveg|írta|κείμενο|γράφει ο|"
    r"记者|記者|作者|责编|责任编辑|編集|기자|muhabir|reporter|מאת|بقلم|tác giả|συντάκτης)"
    r"(?:\s*[:：]\s*|\s+)|^(?:oleh|penulis|yazan|yazar|haber|toimittaja|του|文)\s*[:：/・]\s*",
    re.IGNORECASE,
)
"""The words before an author ("By", "Von", "文"), by which a byline begins."""
_BY_OR_NAME = frozenset("von di da af".split())
"""Those of them that also begin names, as in "Von der Leyen"."""
_CREDIT = re.compile(
    r"\W*(?:images?|photos?|photographs?|fotos?|bilde?r?|picture|video|illustration|grafik|getty|quelle|source|credit|©)\b",
    re.IGNORECASE,
)
"""The beginning of a credit for a picture."""
_ADDRESS = re.compile(r"https?:|www\.|^@|\.(?:html?|php|jpe?g)\b")
"""Signs of a URL or a handle, which is no name."""
_MAIL = re.compile(r"[<(\[]?\b[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64}){1,5}[>)\]]?")
"""A mail address, perhaps in brackets."""
_HANDLE = re.compile(r"(?<=\S)\s@\w{2,40}\b")
"""The name of an account behind a person's name."""
_EMPLOYER = re.compile(
    r"(?<=\w)\s(?:(?:for|For|FOR|für|pour|per|voor)\s(?:the\s)?[A-Z][^,;]{1,40}|기자)$"
)
"""A company behind a person's name."""
_PICTURE = re.compile(
    r"\s(?:photos?|fotos?|images?|bilder?|video|graphics?)\s*[:：].*$", re.IGNORECASE
)
"""A credit for a picture behind a person's name."""
_DATE_BEHIND = re.compile(
    r"(?:\s(?:on|am|vom|le|el|il|em|op|den))?[\s,|]+(?:\d{1,2}\.?\s[^\W\d_]{3,9}|[^\W\d_]{3,9}\s\d{1,2}),?\s\d{4}\b.*$"
)
"""A date behind a person's name."""
_PLACE_BEHIND = re.compile(r"(?<=\w)\s(?:in|à|aus|en)\s[A-ZÀ-Ý][^,;]{1,30}$")
"""A place behind a person's name."""
_OUTLET_BEHIND = re.compile(r"\s[-–—]\s[^,;]{2,30}$")
"""An outlet, an office or a place behind a person's name and a dash."""
_TITLES = frozenset(
    "senior chief deputy staff special political foreign national diplomatic science health "
    "business sports technology"
    " legal education climate environment managing executive associate assistant contributing "
    "investigative royal north"
    " east west south middle american european african asian".split()
)
"""Words before an office, as in "senior political correspondent"."""
_MAIL_NAME = re.compile(r"\S{1,64}@\S{1,200}\s*\(([^)]+)\)")
"""A mail address with a name in brackets."""
_PARTS = re.compile(r"\s*[;|•·、／]\s*|\s+/\s+")
"""A separator of two names in one field, whatever they are."""
_AND = re.compile(
    r"\s+(?:and|with|und|mit|et|avec|og|och|en|med|y|con|e|com|i|и|та|oraz|ja|és|ve|dan|與|和|及)\s+|\s*[&/]\s*",
    re.IGNORECASE,
)
"""Conjunctions between two names."""
_AND_FIRST = re.compile(r"^\s*(?:and|und|et|og|och|en|y|e|i|и)\s+(?=[^\W\d_]+\s)", re.IGNORECASE)
"""A conjunction in front of a name, left from a list."""
_WITH_SERVICE = re.compile(r"\s(?:with|mit|avec|con|com|med|and|und|y)\s|/", re.IGNORECASE)
"""A word or sign between a writer and a wire service."""
_COMMA = re.compile(r"[,，](?!\s*(?:jr|sr|ii|iii|md|phd)\b)\s*", re.IGNORECASE)
"""A comma between names, but not before a suffix such as "Jr"."""
_BRACKETS = re.compile(r"\s*\([^()]{0,60}\)$|^\(|\)$")
"""Brackets at the end of a name, or around it."""
_HOUSE = re.compile(
    r"\b(?:redak[ct]\w*|redac\w+|redazione|rédaction|editorial|editors?|newsroom|news ?desk|staff|"
    r"desk|webmaster|admin|"
    r"administrator|onlineredaktion|toimitus|correspondents?|contributors?|team|gmbh|ltd|inc|llc|verlag|publishing|"
    r"media group)\b|编辑|編集部|редакция",
    re.IGNORECASE,
)
"""Words in the names of offices, which are no persons."""
_EDITED = re.compile(r"\s*(?:editing|edited|photos?|graphics?) by\b", re.IGNORECASE)
"""The beginning of a credit for the work on a text."""
_HELPED = re.compile(r"^\s*(?:with|mit|avec|con|com)\s+", re.IGNORECASE)
"""The word before an agency that helped with a text."""
_NOBODY = re.compile(
    r"(?:von\s)?(?:(?:our|web|news|online|unserer?|la|de|der|die)\s)?"
    r"(?:staff|reda[ck]tion|redacción|redaccion|redação|"
    r"redazione|redacția|redakcja|redakce|redaksi|rédaction|редакция|editorial|editors?|newsroom|toimitus|"
    r"onlineredaktion|admin(?:istrator)?|webmaster|desk|newsdesk|correspondents?|reporters?|author|autor|"
    r"agencies|agenturen|agencias|agenzie|anonymous|unknown|guest)"
    r"(?:\s(?:writers?|reporters?|correspondents?|report|desk|web|team|online|author))?",
    re.IGNORECASE,
)
"""Words in place of a name that say that the outlet is the author."""
_ROLE = re.compile(
    r"\b(?:[\w-]*(?:redakt\w+|korrespondent\w*|reporter\w*|correspond\w+|corresponsal|editor\w*|journalist\w*|periodista|"
    r"giornalista|autorin|autor|columnist\w*|kolumnist\w*|producer|writer|contributor|presenter|analyst|chef\w*|leiter\w*|"
    r"leitender|volont\w+|director|president|profes\w+|critic|fellow|author|photograph\w*|fotograf\w*|envoy\w*|envoyé\w*))\b",
    re.IGNORECASE,
)
"""Words for an office, behind or instead of a name."""
_PARTICLES = frozenset(
    "van von de der den del della di da do dos du el la le al bin ibn ben zu zur st. af av y e "
    "i".split()
)
"""Words in a name that are written small."""
_IDEOGRAPHS = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af\s・]{2,8}")
"""A name in Chinese, Japanese or Korean characters."""
_NO_NAME = re.compile(r"[\d:!?…@]")
"""Characters that no name has."""
_LONGEST = 80
"""Maximum length of a name, in characters."""
_LONGEST_WORD = 8
"""Length of a site's name in letters above which it is not a part of a person's name by chance."""
_SERVICE_WORDS = 3
"""Maximum number of words of an agency behind a name. More would take those of the name itself."""
_LONGEST_VALUE = 1000
"""Maximum length of a field that is read, in characters; the rest is cut off, which bounds the
time."""


def clean_authors(
    values: Iterable[str], sites: Collection[str] = (), services: bool = False
) -> tuple[str, ...]:
    """Return the distinct names in `values`, in order, without URLs, credits for pictures,
    over-long strings and words such as "Staff" that name nobody.

    Agencies and offices are kept: an article whose byline names nobody else is by them.

    sites: `plain` names of the site, which is no author if there are others.
    services: whether an agency is kept beside a person in the same value.
    """
    names: dict[str, str] = {}
    for value in values:
        found = list(_names_in(value))
        if services and any(map(looks_like_name, found)) and (last := _service_behind(value)):
            found.append(last)
        for name in found if services else without_services(found):
            names.setdefault(plain(name), name)
    others = {key: name for key, name in names.items() if key not in sites}
    return tuple((others or dict(list(names.items())[:1])).values())


def without_services(names: Sequence[str]) -> tuple[str, ...]:
    """Return the names without the agencies among them; all if there is nobody else."""
    persons = tuple(name for name in names if not agency_named(name))
    return persons if any(map(looks_like_name, persons)) else tuple(names)


def _service_behind(value: str) -> str:
    """Return the agency that the last words of a field name, perhaps in brackets; "" for none."""
    words = value[-_LONGEST:].strip(" ()[]").split()
    ends = (" ".join(words[-count:]).strip("([") for count in range(1, _SERVICE_WORDS + 1))
    return next((service for end in ends if (service := agency_named(end))), "")


def _names_in(value: str) -> Iterator[str]:
    """Yield the names in one field."""
    text = _MAIL.sub(" ", _MAIL_NAME.sub(r"\1", clean_line(value)[:_LONGEST_VALUE])).strip()
    if _CREDIT.match(text):
        return
    text = _PICTURE.sub("", _DATE_BEHIND.sub("", _HANDLE.sub(" ", _without_by(_without_by(text)))))
    if service := signature_of(text):
        # "dpa/abc" is a service and the initials of its writer.
        text = text if agency_named(text) and "/" not in text else service
    for part in _PARTS.split(text):
        if _EDITED.match(part):
            continue
        for name in _split(part):
            name = _HELPED.sub("", name) if agency_named(name) else name
            name = _bare(_BRACKETS.sub("", name).strip(" ,.;:-–—*|/"))
            if (
                2 <= len(name) <= _LONGEST
                and not _ADDRESS.search(name)
                and not _NOBODY.fullmatch(name)
                and any(map(str.isalpha, name))
            ):
                yield name


def _without_by(text: str) -> str:
    """Return `text` without a "By" in front; "Von der Leyen" and "Di Stefano" are whole names."""
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
    """Return a name without the place, employer, wire service or office behind it."""
    for pattern in (_EMPLOYER, _PLACE_BEHIND, _OUTLET_BEHIND):
        shorter = pattern.sub("", name)
        if shorter != name and looks_like_name(shorter):
            name = shorter
    words = name.split()
    office = next((at for at, word in enumerate(words[:-2], 1) if _ROLE.fullmatch(word)), 0)
    if office and looks_like_name(shorter := " ".join(words[office:])):
        return shorter
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
    """Return a name without case, spaces and marks, to compare it with others."""
    name = name if name.isascii() else normalize("NFC", name)
    return re.sub(r"[\W_]+", "", name).casefold()


def looks_like_name(text: str) -> bool:
    """Return whether `text` can be a person's name.

    It can if it has two to five words with capitals, or is a few ideographs.
    """
    if _NO_NAME.search(text) or _ROLE.search(text):
        return False
    if _IDEOGRAPHS.fullmatch(text):
        return True
    words = text.split()
    letters = [word for word in words if word.casefold() not in _PARTICLES]
    return 2 <= len(words) <= 5 and bool(letters) and not any(word[0].islower() for word in letters)


def is_house(name: str, sites: Collection[str] = ()) -> bool:
    """Return whether a name is that of the site, or of an office in it.

    sites: `plain` names of the site.
    """
    key = plain(name)
    words = {plain(word) for word in name.split()}
    named = any(
        site in words or (len(site) > _LONGEST_WORD and site in key)
        for site in sites
        if len(site) > 4
    )
    return key in sites or bool(_HOUSE.search(name)) or named


def _split(text: str) -> list[str]:
    """Return the names in `text` that commas and conjunctions separate.

    "Ann Other, professor of law" is one name and an office.
    """
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
        named = [name for name in joined if not _NOBODY.fullmatch(name)]
        if 0 < len(named) < len(joined) and all(map(agency_named, named)):
            found += named
            continue
        joined = named or joined
        # "Le Figaro et AFP" and "Health and Safety Desk" are each one name.
        with_service = (
            _WITH_SERVICE.search(part)
            and looks_like_name(joined[0])
            and all(map(agency_named, joined[1:]))
        )
        found += joined if with_service or all(map(looks_like_name, joined)) else [part]
    return found


def _is_listed(part: str) -> bool:
    """Return whether a part of a list is a name, a wire service, or several names."""
    part = _AND_FIRST.sub("", part)
    return looks_like_name(_bare(part)) or bool(agency_named(part)) or bool(_AND.search(part))


def _is_word(part: str) -> bool:
    """Return whether a part can be a surname or a given name alone."""
    part = part.strip()
    return part.isalpha() and part[0].isupper() and not part.isupper() and not _ROLE.search(part)
