"""The schemas of the answers of the API, for its OpenAPI document."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from searcher.article import Article, Precision
from searcher.engine.places import RELATIONS
from searcher.engine.searches import SORTS
from searcher.search.periods import STEPS

Schema = dict[str, Any]
"""A JSON schema."""

_TEXT: Schema = {"type": "string"}
_COUNT: Schema = {"type": "integer", "minimum": 0}
_NUMBER: Schema = {"type": "number"}
_BOOLEAN: Schema = {"type": "boolean"}
_DAY: Schema = {"type": "string", "format": "date"}
_SPAN: Schema = {"type": "array", "items": _COUNT, "minItems": 2, "maxItems": 2}
_PLAIN: dict[object, Schema] = {
    str: _TEXT,
    int: {"type": "integer"},
    float: _NUMBER,
    bool: _BOOLEAN,
    datetime: {"type": "string", "format": "date-time"},
}
_IN_JSON = {"paragraphs": "body"}
"""Keys of an article's JSON that are not the names of the fields."""


def _object(_optional: Mapping[str, Schema] | None = None, /, **members: Schema) -> Schema:
    """Return the schema of an object that has all of these members, and may have the optional
    ones."""
    properties = {**members, **(_optional or {})}
    return {"type": "object", "properties": properties, "required": list(members)}


def _list(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def _map(values: Schema) -> Schema:
    return {"type": "object", "additionalProperties": values}


def _or_null(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


def _one_of(names: tuple[str, ...]) -> Schema:
    return {"type": "string", "enum": list(names)}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


@cache
def of_type(kind: Any) -> Schema:
    """Return the schema of the JSON that `as_json.to_json` makes of values of a type."""
    origin, parts = get_origin(kind), get_args(kind)
    if kind in _PLAIN:
        return _PLAIN[kind]
    if origin is Literal:
        return _one_of(parts)
    if origin in (Union, UnionType) and NoneType in parts:
        return _or_null(of_type(next(part for part in parts if part is not NoneType)))
    if origin is tuple and parts[-1] is Ellipsis:
        return _list(of_type(parts[0]))
    if origin is tuple and len(set(parts)) == 1:
        size = {"minItems": len(parts), "maxItems": len(parts)}
        return {"type": "array", "items": of_type(parts[0]), **size}
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return _map(of_type(parts[1]))
    if isinstance(kind, type) and is_dataclass(kind):
        types = get_type_hints(kind)
        return _object(**{one.name: of_type(types[one.name]) for one in fields(kind)})
    raise TypeError(f"{kind} has no schema here")


def _article() -> Schema:
    fields_of = of_type(Article)["properties"]
    named = {_IN_JSON.get(name, name): schema for name, schema in fields_of.items()}
    return _object(**named, title=_TEXT, content_hash=_TEXT)


_WHEN = of_type(datetime | None)
_WARNING = _object(message=_TEXT, start=_COUNT, end=_COUNT)
_MARKED = _object(text=_TEXT, highlights=_list(_SPAN))
_MEMBER = _object(
    id=_TEXT,
    title=_TEXT,
    source=_TEXT,
    published=_WHEN,
    relation=_one_of(RELATIONS),
    share=_COUNT,
    names=_COUNT,
    peer=of_type(str | None),
)
_STORY = _object(
    id=_TEXT,
    articles=_COUNT,
    outlets=_COUNT,
    first=_WHEN,
    precision=of_type(Precision | None),
    versions=_list(_MEMBER),
)
_HIT = _object(
    {"explanation": _list(_object(part=_TEXT, score=_NUMBER)), "story": _STORY},
    id=_TEXT,
    title=_TEXT,
    title_highlights=_list(_SPAN),
    url=_TEXT,
    source=_TEXT,
    language=_TEXT,
    published=_WHEN,
    score=_NUMBER,
    snippets=_list(_MARKED),
)
_PAIR = _object(first=_TEXT, second=_TEXT)
_PLACE = _or_null({"type": "array", "items": _COUNT, "minItems": 3, "maxItems": 3})
_PART = _object(
    kind=_one_of(("same", "spelling", "reworded", "cut", "added")),
    first=_PLACE,
    second=_PLACE,
    moved=_or_null(_COUNT),
)

SCHEMAS: dict[str, Schema] = {
    "Error": _object(
        error=_TEXT, code=_TEXT, status={"type": "integer"}, parameter=_or_null(_TEXT)
    ),
    "Article": _article(),
    "Hit": _HIT,
    "Results": _object(
        query=_TEXT,
        total=_COUNT,
        total_some=_COUNT,
        mixed=_BOOLEAN,
        total_all=_COUNT,
        total_stories=_or_null(_COUNT),
        total_copies=_COUNT,
        sort=_one_of(SORTS),
        page=_COUNT,
        pages=_COUNT,
        generation=_COUNT,
        took_ms=_NUMBER,
        warnings=_list(_WARNING),
        facets=_map(_map(_COUNT)),
        also=_list(_object(word=_TEXT, spellings=_list(_TEXT))),
        common=_list(_TEXT),
        added=_list(_TEXT),
        correction=_or_null(_object(query=_TEXT, applied=_BOOLEAN)),
        advice=_list(
            _object(
                part=_TEXT, query=_or_null(_TEXT), total=_COUNT, kind=_one_of(("without", "only"))
            )
        ),
        hits=_list(_ref("Hit")),
        next=_or_null(_TEXT),
    ),
    "Attention": _object(
        query=_TEXT,
        by=_one_of(STEPS),
        zone=_TEXT,
        total=_COUNT,
        undated=_COUNT,
        archive=_or_null(_list(_DAY)),
        took_ms=_NUMBER,
        warnings=_list(_WARNING),
        periods=_list(
            _object(start=_DAY, end=_DAY, articles=_COUNT, all_articles=_COUNT, share=_NUMBER)
        ),
        peaks=_list(_object(start=_DAY, words=_list(_TEXT), headline=_TEXT, id=_TEXT)),
    ),
    "Suggestions": _object(suggestions=_list(_TEXT)),
    "Versions": _object(
        versions=_list(
            _object(
                number=_COUNT,
                seen=of_type(datetime),
                changed=_list(_TEXT),
                title=_TEXT,
                body=_or_null(_list(_TEXT)),
            )
        )
    ),
    "Similar": _object(words=_list(_TEXT), hits=_list(_ref("Hit"))),
    "Comparison": _object(
        articles=_list(_object(id=_TEXT, title=_TEXT)),
        shared=_COUNT,
        shared_of=_list(_COUNT),
        words=_list(_COUNT),
        moved=_COUNT,
        figures=_list(_PAIR),
        names=_list(_PAIR),
        quotes=_object(first=_list(_TEXT), second=_list(_TEXT)),
        first=_list(_TEXT),
        second=_list(_TEXT),
        rows=_list(_object(first=_list(_COUNT), second=_list(_COUNT), parts=_list(_PART))),
    ),
    "Story": _object(
        id=_TEXT,
        articles=_COUNT,
        outlets=_COUNT,
        revisions=_COUNT,
        first=_or_null(_TEXT),
        versions=_list(_MEMBER),
        events=_list(_object(at=_WHEN, id=_TEXT, revision=_or_null(_COUNT), changed=_list(_TEXT))),
    ),
    "Stats": _object(
        articles=_COUNT, generation=_COUNT, languages=_map(_COUNT), sources=_map(_COUNT)
    ),
}
"""The schemas by name. Objects may get further members in later versions."""
