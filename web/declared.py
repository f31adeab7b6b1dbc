"""The parameters of the API: each is declared once. Requests are checked by the declarations, and
the OpenAPI document is made from them."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict

from searcher.engine.searches import FACETS, SORTS
from searcher.export.citations import CITATIONS
from searcher.export.formats import FORMATS
from searcher.query.values import CODES
from searcher.search.hits import DEEPEST_HIT
from searcher.search.periods import STEPS
from searcher.search.request import CHOSEN, LARGEST_PAGE, SINCE

Schema = dict[str, Any]
"""A JSON schema."""

LONGEST_VALUE = 4_096
"""Maximum number of characters of a value. Larger queries take longer to parse than to search."""

MOST_VALUES = 100
"""Maximum number of values of a parameter that may be repeated."""


class RefusedParameter(ValueError):
    """A request has a parameter that it may not have."""

    def __init__(self, name: str, message: str) -> None:
        super().__init__(message)
        self.name = name
        """Name of the parameter."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of the address."""

    name: str
    """Its name."""
    schema: Schema
    """The values that it takes."""
    meaning: str
    """Its meaning, for readers of the documentation, without a full stop."""
    required: bool = False
    """Whether a request has to have it."""
    repeats: bool = False
    """Whether it may be given several times."""


def _text(**more: Any) -> Schema:
    return {"type": "string", "maxLength": LONGEST_VALUE, **more}


def _one_of(names: Sequence[str], default: str) -> Schema:
    return {"type": "string", "enum": list(names), "default": default}


def _number(least: int, most: int, default: int | None = None) -> Schema:
    limits = {"type": "integer", "minimum": least, "maximum": most}
    return limits | ({"default": default} if default is not None else {})


def _switch(name: str, default: str, meaning: str) -> Parameter:
    return Parameter(name, _one_of(("on", "off"), default), meaning)


_MONTH = r"[12]\d{3}-(0[1-9]|1[0-2])"
_DATE = _text(
    pattern=rf"^([12]\d{{3}}|{_MONTH}|{_MONTH}-(0[1-9]|1\d|2[0-8])|today|yesterday|[1-9]\d?[dwmy])?$",
    examples=["2024", "2024-05", "2024-05-17", "7d"],
)
_SPACE = r"\s\x1c-\x1f\x85"
"""White space in patterns. In their syntax, that of ECMA 262, the last characters are none; for
Python's `str.isspace` they are."""
_FILLED = f"[^{_SPACE}]"
_PAGE_SIZE = Parameter("n", _number(1, LARGEST_PAGE, 10), "hits on a page")
_ID = Parameter("id", _text(pattern=_FILLED), "id of the article", required=True)
_QUERY = Parameter(
    "q",
    _text(pattern=_FILLED),
    "the query, in the language of docs/searching.md; may be left out if there is a filter",
    required=True,
)
_MEANINGS = {
    "lang": "only articles in these languages, codes such as en or fr",
    "source": "only articles of this outlet, by name or domain",
    "section": "only articles of this section",
    "agency": "only articles of this wire agency",
    "kind": "only articles of this kind: article, live or gallery",
}
_KINDS = ("article", "live", "gallery")
_CODE = "|".join(sorted(CODES))
_PATTERNS = {
    "lang": _text(pattern=rf"^(-?({_CODE})(,-?({_CODE}))*)?$", examples=["fr", "en,-de"]),
    "kind": {
        "type": "string",
        "enum": [sign + kind for sign in ("", "-", "=", "-=") for kind in _KINDS],
    },
}
NARROWING = (
    *(
        Parameter(
            name,
            _PATTERNS.get(name, _text(pattern=f"^[{_SPACE}]*$|^(?![{_SPACE}]*-?=?[{_SPACE}]*$)")),
            f"{_MEANINGS[name]}; may be repeated; `-` in front excludes, `=` is the whole value",
            repeats=True,
        )
        for name in CHOSEN
    ),
    Parameter("after", _DATE, "only articles published on this date or later"),
    Parameter("before", _DATE, "only articles published before this date"),
)
"""Parameters that narrow what is found."""
_FACETS = (*FACETS, SINCE)
_ANY_FACET = f"({'|'.join(_FACETS)})"
_MATCH = Parameter(
    "match",
    {"type": "string", "enum": ["any", "all"]},
    "all: without articles that have some of the words; any: counted together with them. By "
    "default they come after those with all words",
)
_WITHOUT = Parameter(
    "without", _text(), "spellings or added words to ignore, separated by commas", repeats=True
)
_GROUP = Parameter(
    "group", _one_of(("story", "none"), "story"), "whether articles of one story are one hit"
)
SEARCH = (
    _QUERY,
    *NARROWING,
    Parameter("sort", _one_of(SORTS, "relevance"), "the order"),
    Parameter(
        "page",
        _number(1, DEEPEST_HIT // LARGEST_PAGE, 1),
        f"the page; the last reachable rank is {DEEPEST_HIT:,}, so more pages of fewer hits can be "
        "asked for",
    ),
    _PAGE_SIZE,
    _MATCH,
    _GROUP,
    Parameter(
        "facets",
        _text(pattern=f"^({_ANY_FACET}(,{_ANY_FACET})*)?$"),
        f"counts to return, separated by commas, of {', '.join(_FACETS)}",
    ),
    _switch("recency", "on", "whether recent articles get extra score"),
    _switch("broaden", "off", "whether typical words of the best articles add to scores"),
    _WITHOUT,
    _switch("verbatim", "off", "whether the query is never corrected"),
    _switch("explain", "off", "whether the parts of each score are returned"),
)
"""Parameters of a search, on the page and in the API."""
CURSOR = Parameter(
    "cursor",
    _text(pattern="^[A-Za-z0-9_-]+$"),
    "`next` of the answer before, with the same other parameters: the hits after it, to any depth, "
    "while the index does not change; instead of `page`",
)
"""The parameter for deep results."""
ATTENTION = (
    _QUERY,
    *NARROWING,
    _MATCH,
    _WITHOUT,
    Parameter(
        "by",
        {"type": "string", "enum": list(STEPS)},
        "length of the periods; by default one that suits",
    ),
    Parameter("format", _one_of(("json", "csv"), "json"), "form of the answer"),
)
"""Parameters of articles by period."""
EXPORT = (
    _QUERY,
    *NARROWING,
    _WITHOUT,
    Parameter("format", _one_of(tuple(FORMATS), "jsonl"), "the format"),
    Parameter("sort", _one_of(SORTS, "newest"), "the order; equal dates are ordered by id"),
    Parameter(
        "match", _one_of(("all", "any"), "all"), "whether only articles with all words are exported"
    ),
    Parameter(
        "group",
        _one_of(("none", "story"), "none"),
        "whether of each story only the first is exported",
    ),
    Parameter("n", _number(1, 99_999_999), "maximum number of articles; all by default"),
)
"""Parameters of an export."""
SUGGEST = (Parameter("q", _text(), "beginning of a query"),)
"""Parameters of completions."""
ARTICLE = (_ID,)
"""The parameter of what concerns one article."""
CITE = (_ID, Parameter("format", _one_of(tuple(CITATIONS), "plain"), "the format"))
"""Parameters of a citation."""
SIMILAR = (_ID, _PAGE_SIZE)
"""Parameters of articles like another one."""
COMPARE = (
    Parameter("a", _text(pattern=_FILLED), "id of the first article", required=True),
    Parameter("b", _text(pattern=_FILLED), "id of the second article", required=True),
    Parameter("a_version", _number(1, 999_999), "number of an earlier version of the first"),
    Parameter("b_version", _number(1, 999_999), "number of an earlier version of the second"),
)
"""Parameters of a comparison."""


_USUAL = {
    **dict.fromkeys(("size", "limit", "count", "per_page", "rows"), "n"),
    **dict.fromkeys(("query", "search", "text"), "q"),
    **dict.fromkeys(("from", "start", "since"), "after"),
    **dict.fromkeys(("to", "end", "until"), "before"),
    **dict.fromkeys(("order", "order_by", "sort_by"), "sort"),
    "language": "lang",
}
"""Names that parameters have in other APIs, and ours."""


def check(args: MultiDict[str, str], parameters: Sequence[Parameter]) -> None:
    """Raise RefusedParameter for one that is not declared, that is given twice and may not be,
    whose value is too long, or is none of those that it takes."""
    declared = {one.name: one for one in parameters}
    for name, values in args.lists():
        if name not in declared:
            usual = _USUAL.get(name.lower(), "")
            near = [usual] if usual in declared else difflib.get_close_matches(name, declared, 1)
            hint = f"did you mean {near[0]}?" if near else f"known are {', '.join(declared)}"
            raise RefusedParameter(name, f"there is no parameter {name[:40]!r}: {hint}")
        if len(values) > 1 and not declared[name].repeats:
            raise RefusedParameter(name, f"{name} is given {len(values)} times")
        if len(values) > MOST_VALUES:
            raise RefusedParameter(name, f"{name} is given more than {MOST_VALUES} times")
        is_free = declared[name].schema.keys().isdisjoint(("enum", "minimum"))
        if (declared[name].required or not is_free) and not all(map(str.strip, values)):
            raise RefusedParameter(name, f"{name} is empty")
        if max(map(len, values)) > LONGEST_VALUE:
            raise RefusedParameter(name, f"{name} has more than {LONGEST_VALUE:,} characters")
        known = declared[name].schema.get("enum", values)
        if wrong := [value for value in values if value not in known]:
            raise RefusedParameter(
                name, f"{name} is one of {', '.join(known)}, not {wrong[0][:20]!r}"
            )
