"""Datelines: the head of a report with its place, its date and its wire service."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from searcher.text.agencies import agency_named
from searcher.text.cleaning import size_of

_LOOKED_AT = 90
"""Maximum length of a dateline, in characters."""
_PARAGRAPHS = 3
"""Number of paragraphs at the beginning in which a dateline is looked for; a standfirst may come
first."""
_SHORTEST_LEAD = 60
"""Minimum size of a paragraph with a dateline, in characters. Shorter ones are labels."""
_NAME = r"[^\W\d_][\w.'’-]{0,30}"
"""A word of a place's name."""
_PLACE = rf"{_NAME}(?:[ /]{_NAME}){{0,3}}"
"""A place's name, of at most four words."""
_REPORT = re.compile(
    rf"\s*(?P<place>{_PLACE})(?:,\s(?P<middle>[^()–—:-]{{1,30}}?))?\s*(?:\((?P<agency>[^()]{{2,40}})\)\s*)?"
    r"(?P<mark>[–—]|--?|\.\s?[–—-]|:|(?<=\)\s)|(?<=\)))\s*(?=\S)"
)
"""The usual form, "KYIV, June 5 (Reuters) -", of which parts may be missing."""
_SERVICE = re.compile(
    r"\s*(?:\((?P<agency>[^()]{2,40})\)|(?P<bare>[^\s()]{2,20}))\s*(?:[–—]|--?)\s+(?=\S)"
)
"""A wire service alone: "(AFP) -" or "Reuters -"."""
_SERVICE_BEHIND = re.compile(r"(?P<agency>[^.]{2,30})\.\s+(?=\S)")
"""A wire service behind a dateline: "AFP. "."""
_SLASHED = re.compile(
    rf"\s*(?P<place>{_PLACE})(?:,\s[^()/]{{1,30}})?\s*/(?P<agency>[^/]{{2,30}})/[.:]?\s*(?:[–—-]\s+)?(?=\S)"
)
"""The form with slashes, as in "Berlin, 5. Juni /dpa/"."""
_STOPPED = re.compile(
    rf"\s*(?P<place>{_PLACE})\.\s\d{{1,2}}\s[^\W\d_]{{3,9}}\.\s(?P<agency>[^\W\d_]{{2,15}})(?:\.\w{{2,3}})?\s?[–—-]\s+(?=\S)"
)
"""The form with full stops, as in "KYIV. 5 June. Interfax -"."""
_CHINESE = re.compile(
    r"\s*[（(]?(?P<agency>[\u4e00-\u9fff]{2,4}[社网])(?:(?P<place>[\u4e00-\u9fff]{2,8}?)(?=\d{1,2}[月日]|消息))?"
    r"(?:\d{1,2}月)?(?:\d{1,2}日)?(?:电|電|讯|消息)[）)]?\s*(?:[(（][^()（）]{1,30}[)）])?[:：]?\s*(?=\S)"
)
"""The Chinese form, as in "新华社北京6月5日电"."""
_JAPANESE = re.compile(
    r"\s*【(?P<place>[^【】=＝]{1,12}?)[=＝]?(?P<agency>AFP時事|共同|時事|ロイター)[^【】]{0,20}】\s*(?=\S)"
)
"""The Japanese form, as in "【ニューヨーク共同】"."""
_KOREAN = re.compile(
    r"\s*[(\[](?P<place>[\uac00-\ud7af]{2,10})=(?P<agency>[^()\[\]=]{2,12})[)\]]\s*"
    r"(?:[\uac00-\ud7af ]{2,30}(?:기자|특파원)\s*=\s*)?(?=\S)"
)
"""The Korean form, as in "(서울=연합뉴스)"."""
_BRACKETED = re.compile(
    r"\s*[\[［](?P<place>[\u3040-\u30ff\u4e00-\u9fff]{1,12})[ \u3000]\d{1,2}日[ \u3000]"
    r"(?P<agency>[^\[\]［］]{2,10})[\]］]\s*(?:[-–—]\s*)?(?=\S)"
)
"""The Japanese form of Reuters, "[東京 5日 ロイター] -"."""
_UNCASED_NAME = r"[^\W\d_a-zA-Z\u00c0-\u058f\u1100-\uffff][\u0590-\u0fff]{1,20}"
_UNCASED = re.compile(
    rf"\s*(?P<place>{_UNCASED_NAME}(?:\s{_UNCASED_NAME}){{0,2}}?)\s*[,،/]?\s*(?:\d{{1,2}}\s\S{{2,12}}\s*)?"
    r"\((?P<agency>[^()]{2,40})\)\s*(?:--?|[–—:])?\s*(?=\S)"
)
"""The usual form in scripts without capitals, as in "القاهرة 5 يونيو (رويترز) -"."""
_NAMED = (_SLASHED, _STOPPED, _CHINESE, _JAPANESE, _BRACKETED, _KOREAN, _UNCASED)
"""Forms that have to name a wire service."""
_DASH = re.compile(r"[–—]|\s-\s")
"""A dash between two parts of a sentence."""
_SPEAKER = re.compile(r"[^\W\d_a-z]{3,20}:\s")
"""A speaker in an interview: "SMITH: "."""
_WITHIN_NAMES = frozenset(
    "am an im in der de del della di do da la le les el sur sous en of and upon on du des y "
    "i".split()
)
"""Words in a place's name that are written small."""
_SHORTEST_IN_CAPITALS = 4
"""Minimum length of a place in capitals without date and wire service, in letters. Shorter ones are
acronyms."""
_LONGEST_REGION = 3
"""Maximum number of words of the state or country behind a place."""


@dataclass(frozen=True, slots=True)
class Dateline:
    """A dateline, as found."""

    place: str
    """The place; "" if only a wire service is named."""
    agency: str
    """The short name of the wire service; "" for none."""
    end: int
    """The character at which the report begins."""


def split_dateline(paragraphs: Sequence[str]) -> tuple[str, str, tuple[str, ...]]:
    """Return the place and wire service in the dateline of a text, and its paragraphs without the
    dateline.

    ("", "", paragraphs) if it has none. Behind the place there has to be a wire service or a date;
    or the place is in capitals, before a long dash or a colon and a sentence.
    """
    speakers = sum(1 for paragraph in paragraphs if _SPEAKER.match(paragraph)) > 1
    for number, paragraph in enumerate(paragraphs[:_PARAGRAPHS]):
        if size_of(paragraph) >= _SHORTEST_LEAD:
            found = _dateline(paragraph, speakers)
            if found:
                rest = paragraph[found.end :]
                return (
                    found.place,
                    found.agency,
                    (*paragraphs[:number], rest, *paragraphs[number + 1 :]),
                )
    return "", "", tuple(paragraphs)


def _dateline(paragraph: str, speakers: bool) -> Dateline | None:
    """Return the dateline of a paragraph.

    speakers: whether the text is an interview, whose speakers look like places.
    """
    start = paragraph[:_LOOKED_AT]
    service = _SERVICE.match(start)
    if service and (agency := _exactly(service)):
        behind = _report(paragraph[service.end() :], speakers) or Dateline("", "", 0)
        return Dateline(behind.place, agency, service.end() + behind.end)
    for pattern in _NAMED:
        match = pattern.match(start)
        if match and (agency := agency_named(match["agency"])):
            return Dateline((match["place"] or "").strip(" ،"), agency, match.end())
    return _report(paragraph, speakers)


def _exactly(service: re.Match[str]) -> str:
    """Return the wire service at the beginning; without brackets only in capitals, as other names
    are also words."""
    bare = service["bare"]
    return agency_named(service["agency"] or (bare if bare.isupper() or bare == "Reuters" else ""))


def _report(paragraph: str, speakers: bool) -> Dateline | None:
    """Return a dateline of the usual form, with a place."""
    match = _REPORT.match(paragraph[:_LOOKED_AT])
    if not match or not _can_be_place(match["place"]):
        return None
    end, place, rest = match.end(), match["place"].strip(), paragraph[match.end() :]
    if match["agency"]:
        agency = agency_named(match["agency"]) or agency_named(match["agency"].split()[0])
        is_headed = place.isupper() and len(place) >= _SHORTEST_IN_CAPITALS
        stated = bool(match["mark"]) or is_headed or _states_date(match["middle"] or "")
        return Dateline(place, agency, end) if agency and stated else None
    if not match["mark"]:
        return None
    if _states_date(match["middle"] or ""):
        behind = _SERVICE_BEHIND.match(rest[:_LOOKED_AT])
        agency = agency_named(behind["agency"]) if behind else ""
        return Dateline(place, agency, end + (behind.end() if behind and agency else 0))
    return Dateline(place, "", end) if _is_headed(match, rest, speakers) else None


def _can_be_place(place: str) -> bool:
    """Return whether words can be a place's name."""
    words = re.split("[ /]", place)
    capital = all(word[0].isupper() or word in _WITHIN_NAMES for word in words[1:])
    known = words[0].casefold() in _words("no_places") or bool(agency_named(place))
    return words[0][0].isupper() and capital and not known


def _states_date(text: str) -> bool:
    """Return whether a text is a day and a month, as "June 5" and "5. Juni 2024"."""
    words = re.findall(r"\w+", text.casefold())
    days = [word for word in words if word.isdigit() and 1 <= int(word) <= 31]
    return len(words) <= 4 and bool(days) and any(word.startswith(_months()) for word in words)


def _is_headed(match: re.Match[str], rest: str, speakers: bool) -> bool:
    """Return whether a place in capitals is the head of the sentence behind it."""
    place, middle, mark = match["place"], match["middle"] or "", match["mark"]
    labels = _words("labels")
    if not place.isupper() or len(place) < _SHORTEST_IN_CAPITALS or not rest[:1].isupper():
        return False
    if any(word in labels for word in re.split("[ /]", place)):
        return False
    region = (
        all(word[0].isupper() for word in middle.split()) and len(middle.split()) <= _LONGEST_REGION
    )
    if mark == ":":
        words = re.split("[ /]", place)
        return not middle and not speakers and (len(words) == 1 or words[0] in _words("beginnings"))
    return mark[-1] in "–—" and region and not _DASH.search(rest.partition(". ")[0])


@cache
def _words(kind: str) -> frozenset[str]:
    """Return the words of a kind in datelines.toml. Cached: there are three kinds."""
    return frozenset(_data()[kind].split())


@cache
def _months() -> tuple[str, ...]:
    """Return the beginnings of the names of months. Cached."""
    return tuple(_data()["months"].split())


@cache
def _data() -> dict[str, str]:
    """Return datelines.toml. Read once, cached."""
    return tomllib.loads((files("searcher.text") / "datelines.toml").read_text("utf-8"))
