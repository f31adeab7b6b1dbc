"""The description of the API: as OpenAPI 3.1, made from the declared operations, and as a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from web.declared import MOST_VALUES, Parameter
from web.operations import Operation
from web.schemas import SCHEMAS, Schema

_JSON = "application/json"
_ERRORS = {
    400: "A parameter is unknown, missing or cannot be read.",
    404: "There is no such article.",
    410: "The index has changed since the page before.",
    409: "The two articles are one.",
    431: "The address is too long.",
    503: "There is no index, or the server is busy. `Retry-After` says when to ask again.",
}
"""The statuses of errors, in words."""


def document(operations: Sequence[Operation], server: str, version: str) -> dict[str, Any]:
    """Return the API in OpenAPI 3.1. server: its address. version: of the program."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "News search",
            "version": version,
            "description": "Full-text search in news. Answers have an ETag that is the same until "
            "the index changes; send it as If-None-Match.",
        },
        "servers": [{"url": server}],
        "paths": {one.path: {"get": _operation(one)} for one in operations},
        "components": {"schemas": SCHEMAS},
    }


def _operation(operation: Operation) -> dict[str, Any]:
    errors = {
        str(status): {
            "description": _ERRORS[status],
            "content": _content(_JSON, "Error"),
        }
        for status in operation.statuses
    }
    answers: dict[str, Any] = {}
    for media_type in operation.media_types:
        answers |= _content(media_type, operation.answer if media_type == _JSON else "")
    return {
        "operationId": operation.name,
        "summary": operation.meaning,
        "parameters": [_parameter(one) for one in operation.parameters],
        "responses": {
            "200": {"description": "The answer.", "content": answers},
            "304": {"description": "The answer is the same as the one with this ETag."},
            **errors,
            "431": {"description": _ERRORS[431]},
        },
    }


def _content(media_type: str, name: str) -> dict[str, Any]:
    schema: Schema = {"$ref": f"#/components/schemas/{name}"} if name else {}
    return {media_type: {"schema": schema} if schema else {}}


def _parameter(parameter: Parameter) -> dict[str, Any]:
    schema = parameter.schema
    if parameter.repeats:
        schema = {"type": "array", "items": schema, "maxItems": MOST_VALUES}
    return {
        "name": parameter.name,
        "in": "query",
        "description": parameter.meaning,
        "required": parameter.required,
        "schema": schema,
    }


@dataclass(frozen=True, slots=True)
class ParameterRow:
    """A parameter, as the page shows it."""

    name: str
    """Its name."""
    values: str
    """The values that it takes."""
    meaning: str
    """Its meaning."""
    required: bool
    """Whether it is required."""


@dataclass(frozen=True, slots=True)
class Section:
    """An operation, as the page shows it."""

    path: str
    """Its path."""
    meaning: str
    """Its meaning."""
    parameters: list[ParameterRow]
    """Its parameters."""
    answer: str
    """The members of its answer; "" for another form."""
    media_types: str
    """Media types of its answer."""
    errors: list[str]
    """Its errors."""


def sections(operations: Sequence[Operation]) -> list[Section]:
    """Return the operations as the page shows them."""
    return [
        Section(
            one.path,
            one.meaning,
            [ParameterRow(p.name, _values(p), p.meaning, p.required) for p in one.parameters],
            ", ".join(SCHEMAS[one.answer]["properties"]) if one.answer else "",
            ", ".join(one.media_types),
            [f"{status}: {_ERRORS[status]}" for status in one.statuses],
        )
        for one in operations
    ]


def _values(parameter: Parameter) -> str:
    """Return the values of a parameter in words."""
    schema = parameter.schema
    default = f", by default {schema['default']}" if "default" in schema else ""
    if "enum" in schema:
        return ", ".join(schema["enum"]) + default
    if schema["type"] == "integer":
        return f"{schema['minimum']} to {schema['maximum']:,}{default}"
    return "text" + (", may be repeated" if parameter.repeats else "")
