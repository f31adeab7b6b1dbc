"""JSON-LD: the metadata of a page in the vocabulary of schema.org."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from bs4 import BeautifulSoup

from searcher.sources.page.json_scripts import json_values
from searcher.text.bylines import plain
from searcher.text.cleaning import clean_line, unescaped

_ARTICLE = re.compile(
    r"(?:^|[/:#])(?:\w*Article|BlogPosting|LiveBlogPosting|Report|NewsStory|Review)$"
)
"""Types of objects that describe an article."""
_WEAK = re.compile(
    r"(?:^|[/:#])(?:WebPage|ItemPage|VideoObject|AudioObject|CreativeWork|PodcastEpisode|ClaimReview|"
    r"Recipe|HowTo)$"
)
"""Types of objects that may describe one."""
_MEDIA = re.compile(r"(?:^|[/:#])(?:VideoObject|AudioObject|PodcastEpisode|ClaimReview)$")
"""Types of objects that occur on any page, and describe its article only if headline or URL are the
page's."""
_WITHIN = ("@graph", "mainEntity", "mainEntityOfPage", "subjectOf")
"""Properties with the object that the page is about."""
_LISTED = ("hasPart", "itemListElement", "item", "relatedLink")
"""Properties with objects that the page lists."""
_CLOCK = re.compile(r"T(\d\d:\d\d)")
"""The time of day in a moment."""
_DEPTH = 8
"""Maximum depth of nested objects that are read. It bounds the time on pages made to nest."""
_MOST_OBJECTS = 2000
"""Maximum number of objects that are read of a page."""
_MOST_TITLES = 20
"""Maximum number of the page's titles that objects are compared with."""
_LONGEST_TITLE = 500
"""Maximum number of characters of a title that are compared."""
_NOT_THIS = -100
"""Fitness of an object that does not describe the page's article; all others are larger."""
_GRAM = 4
"""Length of the sequences of letters by which headlines are compared."""
_LONG = 20
"""Minimum length of headlines that are compared by these sequences, in letters."""
_SHARED = 0.1
"""Share of sequences below which two headlines are of different articles."""

Object = dict[str, Any]
"""An object of JSON."""


class LinkedData:
    """The object that describes the page's article, among all that the page has, and those it
    refers to."""

    def __init__(self, soup: BeautifulSoup, headlines: Iterable[str], urls: Iterable[str]) -> None:
        scripts = soup("script", type=re.compile("application/ld\\+json", re.IGNORECASE))
        values = [value for script in scripts for value in json_values(script.get_text())]
        self.objects = [found for value in values for found in _objects(value, _DEPTH, False)]
        del self.objects[_MOST_OBJECTS:]
        self._by_id: dict[str, Object] = {}
        for item, _ in self.objects:
            name = item.get("@id")
            if isinstance(name, str) and len(item) > len(self._by_id.get(name, {})):
                self._by_id[name] = item
        titles = (plain(text[:_LONGEST_TITLE]) for text in islice(headlines, _MOST_TITLES))
        known, addresses = {title for title in titles if title}, set(urls)
        scored = [(_fitness(item, listed, known, addresses), item) for item, listed in self.objects]
        fitness, best = max(scored, key=lambda pair: pair[0], default=(_NOT_THIS, {}))
        self.article: Object = best if fitness > _NOT_THIS / 2 else {}

    @property
    def is_article(self) -> bool:
        """Whether the type of the object is that of an article."""
        return _types_match(self.article, _ARTICLE)

    def has_type(self, pattern: str) -> bool:
        """Return whether the type of the article's object matches."""
        return _types_match(self.article, re.compile(pattern))

    def text(self, *names: str) -> str:
        """Return the first of these properties of the article that has a text, as one line."""
        return next((text for name in names if (text := text_of(self.article.get(name)))), "")

    def body(self) -> str:
        """Return the text of the article, with its lines."""
        text = self.article.get("articleBody")
        if isinstance(text, list):
            text = "\n".join(part for part in text if isinstance(part, str))
        if isinstance(text, str) and text.strip():
            return text
        updates = [
            one for one in _list(self.article.get("liveBlogUpdate")) if isinstance(one, dict)
        ]
        parts: list[tuple[Any, ...]] = [
            (_clock_of(one.get("datePublished")), one.get("headline"), one.get("articleBody"))
            for one in updates
        ]
        for item, _ in self.objects:
            if "Question" in _types(item) and not self.article:
                answer = item.get("acceptedAnswer")
                text = answer.get("text") if isinstance(answer, dict) else ""
                parts.append(("", item.get("name"), text))
        parts += [("", *_instructions(self.article))]
        texts = (text for part in parts for text in part if isinstance(text, str) and text)
        return "\n\n".join(texts)

    def names(self, *properties: str) -> list[tuple[str, bool]]:
        """Return the names in the first of these properties that has any, each with whether it is
        an organisation's."""
        return next(
            (
                names
                for name in properties
                if (names := list(self._names(self.article.get(name), 3)))
            ),
            [],
        )

    def _names(self, value: Any, depth: int) -> Iterator[tuple[str, bool]]:
        """Yield the names in a value: a string, an object with a name, a reference to another
        object, or a list.

        depth: how deep lists and references are followed.
        """
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, list) and depth:
                yield from self._names(item, depth - 1)
            elif isinstance(item, str):
                yield unescaped(item), False
            elif isinstance(item, dict) and depth:
                other = self._by_id.get(item["@id"]) if isinstance(item.get("@id"), str) else None
                if "name" not in item and other is not None and other is not item:
                    yield from self._names(other, depth - 1)
                    continue
                listed_names = item.get("name")
                if isinstance(listed_names, list):
                    yield from self._names(listed_names, depth - 1)
                    continue
                parts = [text_of(item.get(name)) for name in ("givenName", "familyName")]
                name = text_of(item.get("name")) or " ".join(part for part in parts if part)
                listed = item.get("itemListElement") or item.get("item")
                if not name and listed:
                    yield from self._names(listed, depth - 1)
                elif name:
                    yield (
                        name,
                        any("Organi" in kind or "NewsMedia" in kind for kind in _types(item)),
                    )

    def free(self) -> bool | None:
        """Return whether the page says that it can be read without paying; None if it says
        nothing."""
        parts = [item for item in _list(self.article.get("hasPart")) if isinstance(item, dict)]
        others = [
            item for item, listed in self.objects if not listed and "WebSite" not in _types(item)
        ]
        for item in (self.article, *parts, *others):
            said = item.get("isAccessibleForFree")
            if said is not None:
                return str(said).strip().lower().rpartition("/")[2] not in ("false", "0", "no")
        return None

    def trail(self) -> list[str]:
        """Return the names of a breadcrumb trail, from the front page on."""
        for item, _ in self.objects:
            if "BreadcrumbList" in _types(item):
                steps = item.get("itemListElement")
                names = [
                    text_of(step.get("name") or step.get("item"))
                    for step in _list(steps)
                    if isinstance(step, dict)
                ]
                return [name for name in names if name and not name.startswith("http")]
        return []


def _instructions(item: Object) -> Iterator[str]:
    """Yield the texts of a recipe, or of steps to follow."""
    steps = [*_list(item.get("recipeInstructions")), *_list(item.get("step"))]
    parts = [
        inner
        for step in steps
        for inner in (_list(step.get("itemListElement")) if isinstance(step, dict) else [])
    ]
    texts = [
        *_list(item.get("recipeIngredient")),
        *(one.get("text") or one.get("name") if isinstance(one, dict) else one for one in steps),
        *(one.get("text") or one.get("name") if isinstance(one, dict) else one for one in parts),
    ]
    found = [text for text in texts if isinstance(text, str) and text.strip()]
    if found:
        yield from (text for text in (item.get("description"), *found) if isinstance(text, str))


def _clock_of(value: Any) -> str:
    """Return the time of day of a moment as it is stated, without its zone; "" for none."""
    match = _CLOCK.search(value) if isinstance(value, str) else None
    return match.group(1) if match else ""


def _objects(data: Any, depth: int, listed: bool) -> Iterator[tuple[Object, bool]]:
    """Yield the objects in `data`, each with whether it is in a list of other pages."""
    if depth == 0:
        return
    if isinstance(data, dict):
        yield data, listed
        for name in _WITHIN:
            yield from _objects(data.get(name), depth - 1, listed)
        for name in _LISTED:
            yield from _objects(data.get(name), depth - 1, True)
    elif isinstance(data, list):
        for item in data:
            yield from _objects(item, depth - 1, listed)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _types(item: Object) -> list[str]:
    return [kind for kind in _list(item.get("@type")) if isinstance(kind, str)]


def _types_match(item: Object, pattern: re.Pattern[str]) -> bool:
    return any(pattern.search(kind) for kind in _types(item))


def _fitness(item: Object, listed: bool, headlines: set[str], urls: set[str]) -> int:
    """Return how well an object fits as the description of the page's article.

    The type of an article counts 10, the page's headline and the page's URL 3 each, and each of
    four usual properties 1; an item of a list loses 8. So an article's own object beats every
    other, and one in a list is taken only if nothing else names an article.

    listed: whether it is an item of a list.
    headlines: `plain` titles and headings of the page.
    urls: URLs of the page.
    """
    if not _types_match(item, _ARTICLE) and not _types_match(item, _WEAK):
        return _NOT_THIS
    headline = plain(text_of(item.get("headline") or item.get("name"))[:_LONGEST_TITLE])
    page = item.get("mainEntityOfPage")
    own = (item.get("url"), item.get("@id"), page.get("@id") if isinstance(page, dict) else page)
    same = bool(headline and any(headline in known or known in headline for known in headlines))
    here = any(isinstance(url, str) and url in urls for url in own)
    if not same and not here and (_is_other(headline, headlines) or _types_match(item, _MEDIA)):
        return _NOT_THIS
    return (
        10 * _types_match(item, _ARTICLE)
        - 8 * listed
        + 3 * same
        + 3 * here
        + sum(
            bool(item.get(name)) for name in ("headline", "datePublished", "author", "articleBody")
        )
    )


def _is_other(headline: str, known: set[str]) -> bool:
    """Return whether a headline shares next to nothing with the page's titles."""
    grams = {headline[at : at + _GRAM] for at in range(len(headline) - _GRAM + 1)}
    if len(headline) < _LONG or not any(len(title) >= _LONG for title in known):
        return False
    return all(sum(gram in title for gram in grams) < _SHARED * len(grams) for title in known)


def text_of(value: Any) -> str:
    """Return a value of JSON-LD as one line of text: the first of a list, the name of an object."""
    for _ in range(_DEPTH):
        if isinstance(value, list):
            value = next((item for item in value if item), "")
        elif isinstance(value, dict):
            value = value.get("name") or value.get("@value") or value.get("url") or ""
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return ""
    return clean_line(unescaped(str(value)))
