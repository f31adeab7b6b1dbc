"""Wire services, and where an article says that it came from one: in its byline, its dateline or its signature."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

_BETWEEN = re.compile(r"\s*[/,&+;|]\s*|\s+(?:and|with|und|mit|et|avec|y|con|e|og|och)\s+", re.IGNORECASE)
_WITH = re.compile(r"^\s*(?:with|mit|avec|con|com)\s+", re.IGNORECASE)
_NAME = r"[^\W\d_][\w.'’-]{0,30}"
_PLACE = rf"{_NAME}(?:[ /]{_NAME}){{0,3}}"
_DATELINE = re.compile(
    rf"\s*(?P<place>{_PLACE})(?:,\s[^()–—-]{{1,30}}?)?\s*(?:\((?P<agency>[^()]{{2,40}})\)\s*)?"
    r"(?:[–—]|--?|\.\s?[–—-])\s+(?=\S)"
)
_LEADING = re.compile(r"\s*\((?P<agency>[^()]{2,40})\)\s*(?:[–—]|--?)\s+(?=\S)")
_SLASHED = re.compile(
    rf"\s*(?P<place>{_PLACE})(?:,\s[^()/]{{1,30}})?\s*/(?P<agency>[^/]{{2,30}})/[.:]?\s*(?:[–—-]\s+)?(?=\S)"
)
_CHINESE = re.compile(
    r"\s*[（(]?(?P<agency>[\u4e00-\u9fff]{2,4}[社网])(?:(?P<place>[\u4e00-\u9fff]{2,8}?)(?=\d{1,2}[月日]|消息))?"
    r"(?:\d{1,2}月)?(?:\d{1,2}日)?(?:电|電|讯|消息)[）)]?\s*(?:[(（][^()（）]{1,30}[)）])?[:：]?\s*(?=\S)"
)
_JAPANESE = re.compile(
    r"\s*【(?P<place>[^【】=＝]{1,12}?)[=＝]?(?P<agency>AFP時事|共同|時事|ロイター)(?P<by>[^【】]{0,20})】\s*(?=\S)"
)
_KOREAN = re.compile(
    r"\s*[(\[](?P<place>[\uac00-\ud7af]{2,10})=(?P<agency>[^()\[\]=]{2,12})[)\]]\s*"
    r"(?:[\uac00-\ud7af ]{2,30}(?:기자|특파원)\s*=\s*)?(?=\S)"
)
_SIGNATURE = re.compile(r"(?:^|[.!?…”\"»)]\s*)[(\[/©–—-]?\s*(?P<names>[^()\[\].!?]{2,40}?)\s*[)\]/]?\.?\s*$")
_MARK = re.compile("[(（/【社网]")
"""What is in every head that names a service."""
_DATE = re.compile(r",\s(?:\d{1,2}\.?\s?[^\W\d_]{3,}|[^\W\d_]{3,}\.?\s\d{1,2})\b")
_DASH = re.compile(r"[–—]|\s-\s")
_WRAPPING = " \t()[]©/–—-.,;:"
_INITIALS = re.compile(r"[a-zà-ÿ]{1,4}|(?:dpa:)?[\d-]{1,30}")
"""Of a writer, as "lni"; and the number of a report."""
_WITHIN_NAMES = frozenset(
    "am an im in der de del della di do da la le les el sur sous en of and upon on du des y i".split()
)
_LONGEST_ACRONYM = 4
_LABELS = frozenset(
    ("UPDATE", "BREAKING", "WATCH", "OPINION", "ANALYSIS", "EXCLUSIVE", "VIDEO", "PHOTOS", "CORRECTION")
)
_LOOKED_AT = 90
_FROM_END = 4
_SHORTEST_LEAD = 60


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
    return next((short for part in (text, *_BETWEEN.split(text)) if (short := _service(part.strip(" .,;:-–—")))), "")


def _service(name: str) -> str:
    """The service of this name. Mena is a person, MENA is none."""
    short, written = _agencies().get(name.casefold(), ("", ""))
    person = len(written) <= _LONGEST_ACRONYM and name != written and not name.isupper() and not name.islower()
    return "" if person else short


def agency_of(authors: Iterable[str], paragraphs: Sequence[str]) -> tuple[str, str]:
    """The wire service of an article and what says so ("byline", "dateline" or "signature"); ("", "") for none."""
    for author in authors:
        if found := agency_named(author):
            return found, "byline"
    for start in (paragraph[:_LOOKED_AT] for paragraph in paragraphs[:2]):
        for pattern in (_DATELINE, _LEADING, _SLASHED, _CHINESE, _JAPANESE, _KOREAN) if _MARK.search(start) else ():
            match = pattern.match(start)
            if match and match["agency"] and (found := agency_named(match["agency"])):
                return found, "dateline"
    for paragraph in paragraphs[-_FROM_END:]:
        if (match := _SIGNATURE.search(paragraph[-_LOOKED_AT:])) and (found := _signed(match["names"])):
            return found, "signature"
    return "", ""


def signature_of(paragraph: str) -> str:
    """The wire service in a paragraph that is a signature and nothing else, such as "dpa/lni" or "(AP, Reuters)"."""
    if len(paragraph) > _LOOKED_AT:
        return ""
    parts = [part for part in _BETWEEN.split(_WITH.sub("", paragraph.strip(_WRAPPING))) if part]
    found = [_service(part.strip(_WRAPPING)) for part in parts]
    initials = (service or _INITIALS.fullmatch(part) for service, part in zip(found[1:], parts[1:], strict=True))
    return found[0] if found and found[0] and all(initials) else ""


def _signed(names: str) -> str:
    """The service in a signature such as "dpa/lni" or "(AFP)"; one that is a word, too, only as it is written."""
    found = agency_named(names)
    return found if found and (found in names or len(names.split()) > 1 or not names.islower()) else ""


def split_dateline(paragraphs: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    """The place that an article was reported from, as its text begins ("KYIV, June 5 (Reuters) - …"), and the
    paragraphs without that head, also where it names only a service; ("", paragraphs) where there is none.

    Behind the place there has to be a wire service in brackets or a date; or it stands in capitals before a sentence.
    """
    for number, paragraph in enumerate(paragraphs[:2]):
        if len(paragraph) >= _SHORTEST_LEAD and (head := _head_of(paragraph)):
            place, end = head
            return place, (*paragraphs[:number], paragraph[end:], *paragraphs[number + 1 :])
    return "", tuple(paragraphs)


def _head_of(paragraph: str) -> tuple[str, int] | None:
    """The place in the head of a paragraph, "" where it names only a service, and where the head ends."""
    start = paragraph[:_LOOKED_AT]
    leading = _LEADING.match(start)
    if leading and agency_named(leading["agency"]):
        behind = _DATELINE.match(paragraph[leading.end() :][:_LOOKED_AT])
        if behind and _is_place(behind, paragraph[leading.end() + behind.end() :]):
            return behind["place"].strip(), leading.end() + behind.end()
        return "", leading.end()
    match = _DATELINE.match(start)
    if match and _is_place(match, paragraph[match.end() :]):
        return match["place"].strip(), match.end()
    for pattern in (_SLASHED, _CHINESE, _JAPANESE, _KOREAN):
        match = pattern.match(start)
        if match and agency_named(match["agency"]):
            return (match["place"] or "").strip(), match.end()
    return None


def _is_place(match: re.Match[str], rest: str) -> bool:
    place, agency = match["place"], match["agency"]
    words = re.split("[ /]", place)
    capital = all(word[0].isupper() or word in _WITHIN_NAMES for word in words[1:])
    if not words[0][0].isupper() or not capital or agency_named(place):
        return False
    if agency:
        return bool(agency_named(agency))
    if _DATE.search(match.group()):
        return True
    sentence = rest.partition(". ")[0]
    capitals = place.isupper() and len(place) > _LONGEST_ACRONYM and place not in _LABELS
    return capitals and "," not in match.group() and rest[0].isupper() and not _DASH.search(sentence)
