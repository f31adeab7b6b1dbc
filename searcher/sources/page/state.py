"""Text of an article that a page has only as data: in JSON-LD, or in the state of its scripts.

The article in a state is found by its shape: a string with several paragraphs of markup, or a list
whose items each hold a piece of prose, near the title of the page.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator
from contextlib import suppress
from html import unescape
from itertools import islice
from typing import Any, NamedTuple

from lxml.etree import _Element

from searcher.sources.markup import paragraphs_of
from searcher.sources.page.blocks import key_of
from searcher.text.cleaning import clean_line, size_of, split_paragraphs, unescaped

_MOST_VALUES = 60_000
"""Maximum number of values that are looked at in the states of a page. It bounds the time."""
_MOST_SCRIPTS = 60
"""Maximum number of scripts that are looked at."""
_LONGEST_SCRIPT = 4 << 20
"""Maximum length of a script that is parsed, in characters."""
_SHORTEST_SCRIPT = 200
"""Minimum length of a script that can hold an article, in characters."""
_DEPTH = 40
"""Maximum depth of nested values that are looked at."""
_PIECE = 40
"""Minimum size of a piece of prose, in characters. Shorter strings are labels."""
_LEAST = 120
"""Minimum size of an article in a state, in characters."""
_TITLED = 4
"""Weight of a text beside the title of the page."""
_NEAR_TITLE = 3
"""Number of levels above a text in which the title is looked for."""
_REFERENCE = 4
"""Maximum number of properties of an object that is a reference to another one."""
_START = re.compile(r"JSON\.parse\(\s*(?=[\"'])|=\s*(?=[{\[])|^\s*(?=[{\[])|\(\s*(?=[{\[])")
"""Where a value of JSON begins in a script."""
_MOST_STARTS = 30
"""Maximum number of these places that are tried in one script."""
_STRING = re.compile(r'"(?:[^"\\]|\\.){120,}"')
"""A long string in a script that is no JSON."""
_MOST_STRINGS = 500
"""Maximum number of these strings that are looked at in one script."""
_MOST_ROWS = 5000
"""Maximum number of lines of a streamed tree that are read."""
_LONGEST_NUMBER = 6
"""Maximum length of the number in front of such a line."""
_MARKED = re.compile(r"<p\b|\\u003cp\b", re.IGNORECASE)
"""Markup of paragraphs in a string of a script."""
_PARAGRAPH = re.compile(r"<p\b|<br\b|</p>", re.IGNORECASE)
"""Markup of paragraphs."""
_ENDS = tuple(".!?…。！？»”\"'’)")
"""Ends of sentences."""
_WORDS = re.compile(r"[^\W\d_]{2}\s|[\u3040-\u9fff]{2}")
"""A word and the space behind it, or two ideographs."""
_NO_PROSE = re.compile(r"https?:|/|\{|\[|data:|function\b|var\s")
"""Beginnings of addresses and of code."""


Object = dict[str, Any]
"""An object of JSON."""


class StateText(NamedTuple):
    """A text in a state."""

    paragraphs: tuple[str, ...] = ()
    """Its paragraphs."""
    weight: float = 0.0
    """How surely it is the article: its size, and whether the title of the page is near."""
    around: tuple[Object, ...] = ()
    """The objects around it, the nearest first."""


def body_in_data(text: str) -> tuple[str, ...]:
    """Return the paragraphs of a text that JSON-LD has as articleBody: of markup, or plain."""
    text = unescaped(text) if "<" not in text else text
    if _PARAGRAPH.search(text):
        return tuple(paragraphs_of(text))
    return tuple(split_paragraphs(text))


def text_in_state(tree: _Element, titles: Collection[str]) -> StateText:
    """Return the article in the state of a page's scripts; one without paragraphs for none.

    titles: keys of the page's titles.
    """
    best = StateText()
    left = _MOST_VALUES
    streamed: list[str] = []
    for text in islice(_states(tree), _MOST_SCRIPTS):
        for value in _values(text):
            if _is_streamed(value):
                streamed.append(value[1])
                continue
            walk = _Walk(titles, left)
            best = max(best, walk.best(value), key=lambda one: one.weight)
            left = walk.left
    if rows := list(_rows("".join(streamed)[:_LONGEST_SCRIPT])):
        best = max(best, _Walk(titles, left).best(rows), key=lambda one: one.weight)
    enough = sum(map(size_of, best.paragraphs)) >= _LEAST
    return best if enough else StateText()


def _states(tree: _Element) -> Iterator[str]:
    """Yield the scripts of a page that can hold an article, and the attributes that hold a value of
    JSON."""
    for element in tree.iter("*"):
        if element.tag == "script":
            texts = [] if "ld+json" in (element.get("type") or "") else [element.text or ""]
        else:
            texts = [text for text in element.values() if text[:1] in ("{", "[")]
        yield from (text for text in texts if _SHORTEST_SCRIPT <= len(text) <= _LONGEST_SCRIPT)


def _values(text: str) -> Iterator[Any]:
    """Yield the values of JSON in a script, also those in its strings."""
    decoder = json.JSONDecoder(strict=False)
    done = 0
    for start in islice(_START.finditer(text), _MOST_STARTS):
        if start.end() < done:
            continue
        try:
            value, done = decoder.raw_decode(text, start.end())
            for _ in range(2):
                if isinstance(value, str) and value.lstrip()[:1] in ("{", "[", '"'):
                    value = json.loads(value, strict=False)
        except (ValueError, RecursionError):
            continue
        if isinstance(value, (dict, list)):
            yield value
    if not done and _MARKED.search(text):
        yield [
            loaded
            for match in islice(_STRING.finditer(text), _MOST_STRINGS)
            if (loaded := _loaded(match.group()))
        ]


def _is_streamed(value: Any) -> bool:
    """Return whether a value is a piece of a tree of elements that the server sends bit by bit."""
    return (
        isinstance(value, list)
        and len(value) == 2
        and isinstance(value[0], int)
        and isinstance(value[1], str)
    )


def _rows(text: str) -> Iterator[Any]:
    """Yield the values of such a tree: one a line, behind its number in hexadecimal digits."""
    for line in islice(text.split("\n"), _MOST_ROWS):
        number, colon, rest = line.partition(":")
        if colon and len(number) <= _LONGEST_NUMBER and rest[:1] in ("[", "{"):
            with suppress(ValueError, RecursionError):
                yield json.loads(rest, strict=False)


def _loaded(literal: str) -> str:
    """Return the text of a string of a script; "" for one that is no string of JSON."""
    try:
        return str(json.loads(literal, strict=False))
    except ValueError:
        return ""


class _Walk:
    """Looks for the article in one value of JSON, at most `left` values."""

    def __init__(self, titles: Collection[str], left: int) -> None:
        self.left = left
        self._titles = titles

    def best(self, value: Any) -> StateText:
        """Return the text with the largest weight."""
        best = StateText()
        named = value if isinstance(value, dict) else {}
        # A value, its depth, the depth of the nearest title above it, and the objects around it.
        stack: list[tuple[Any, int, int, tuple[Object, ...]]] = [(value, 0, -_NEAR_TITLE - 1, ())]
        while stack and self.left > 0:
            one, depth, titled, around = stack.pop()
            self.left -= 1
            if depth > _DEPTH:
                continue
            if isinstance(one, dict):
                titled = depth if self._has_title(one) else titled
                around = (one, *around[:_NEAR_TITLE])
                stack.extend((item, depth + 1, titled, around) for item in one.values())
                continue
            if isinstance(one, str) and len(one) >= _LEAST and one[0] in ("{", "["):
                with suppress(ValueError, RecursionError):
                    stack.append((json.loads(one, strict=False), depth + 1, titled, around))
                    continue
            if isinstance(one, list):
                one = [_referred(item, named) for item in one] if named else one
                stack.extend((item, depth + 1, titled, around) for item in one)
            near = _TITLED if depth - titled <= _NEAR_TITLE else 1
            paragraphs = _paragraphs_of(one)
            weight = float(near * sum(map(size_of, paragraphs)))
            best = max(best, StateText(paragraphs, weight, around), key=lambda one: one.weight)
        return best

    def _has_title(self, value: dict[str, Any]) -> bool:
        """Return whether an object has the title of the page as a string, or one level below."""
        texts = list(islice((text for text in value.values() if isinstance(text, str)), 40))
        for inner in islice(value.values(), 40):
            if isinstance(inner, dict):
                texts += islice((text for text in inner.values() if isinstance(text, str)), 10)
        return any(len(text) < 300 and key_of(text) in self._titles for text in texts)


def _referred(item: Any, named: Object) -> Any:
    """Return the object that a small one refers to by its name in the whole state; else the item.

    Caches of queries keep each object once, and refer to it: {"__ref": "Paragraph:1"}.
    """
    if not isinstance(item, dict) or len(item) > _REFERENCE:
        return item
    found = (named.get(text) for text in item.values() if isinstance(text, str))
    return next((other for other in found if isinstance(other, dict)), item)


def _paragraphs_of(value: Any) -> tuple[str, ...]:
    """Return the paragraphs of a string of markup, or of a list of pieces; () for others."""
    if isinstance(value, str):
        value = unescape(value) if "&lt;" in value else value
        if len(value) >= _LEAST and len(_PARAGRAPH.findall(value[:20_000])) > 1:
            return tuple(paragraphs_of(value))
        return (clean_line(value),) if len(value) >= 2 * _LEAST and _is_prose(value) else ()
    if not isinstance(value, list) or len(value) < 2:
        return ()
    pieces = (_piece_of(item) for item in value[:2000])
    found = [clean_line(piece) for piece in pieces if piece]
    prose = [piece for piece in found if _is_prose(piece)]
    return tuple(found) if len(prose) > 1 and len(prose) * 2 >= len(found) else ()


def _piece_of(item: Any) -> str:
    """Return the text of an item: a string, the longest string in an object, or the pieces of a
    run of text in it, side by side."""
    if isinstance(item, str):
        return _without_markup(item)
    if _is_element(item):
        return _run_of(item)
    if not isinstance(item, dict):
        return ""
    own = max((text for text in item.values() if isinstance(text, str)), key=len, default="")
    if len(own) >= _PIECE and not _NO_PROSE.match(own):
        return _without_markup(own)
    for inner in item.values():
        if isinstance(inner, list) and inner:
            runs = [_run_of(one) for one in inner[:500]]
            if len(text := "".join(runs)) >= _PIECE:
                return text
        if isinstance(inner, dict) and (text := _run_of(inner)) and len(text) >= _PIECE:
            return _without_markup(text)
    return ""


def _run_of(item: Any, depth: int = _DEPTH) -> str:
    """Return the text of a part of a paragraph: a string, or the one under "text" or "value"."""
    if isinstance(item, str):
        return item
    if _is_element(item):
        item = item[3]
    if not isinstance(item, dict) or not depth:
        return ""
    for name in ("text", "value", "content", "html", "children"):
        inner = item.get(name)
        if isinstance(inner, str):
            return inner
        if _is_element(inner):
            return _run_of(inner, depth - 1)
        if isinstance(inner, list):
            return "".join(_run_of(one, depth - 1) for one in inner[:100])
    return ""


def _is_element(item: Any) -> bool:
    """Return whether a list is an element: a mark, the tag, a key, and the properties."""
    return (
        isinstance(item, list)
        and len(item) == 4
        and item[0] == "$"
        and isinstance(item[1], str)
        and isinstance(item[3], dict)
    )


def _without_markup(text: str) -> str:
    return " ".join(paragraphs_of(text)) or text if "<" in text else text


def _is_prose(text: str) -> bool:
    """Return whether a string is a sentence or more."""
    return (
        size_of(text) >= _PIECE
        and text.endswith(_ENDS)
        and not _NO_PROSE.match(text)
        and bool(_WORDS.search(text))
    )
