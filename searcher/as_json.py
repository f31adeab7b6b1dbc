"""Frozen dataclasses as JSON values and back, made from their fields and the types of these."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import UTC, datetime
from functools import cache, partial
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")

_PLAIN = (str, int, float, NoneType)
"""Types of values that JSON has itself."""


def to_json(value: Any) -> Any:
    """Return a value as JSON has it.

    A dataclass becomes an object by the names of its fields, a moment ISO 8601 in UTC that ends in
    "Z", a sequence a list, and a mapping an object. Other values stay as they are.
    """
    if isinstance(value, _PLAIN):
        return value
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, tuple | list):
        return [to_json(part) for part in value]
    if isinstance(value, Mapping):
        return {name: to_json(part) for name, part in value.items()}
    return {name: to_json(getattr(value, name)) for name in _names(value.__class__)}


@cache
def _names(kind: Any) -> tuple[str, ...]:
    return tuple(one.name for one in fields(kind))


def from_json(kind: type[T], data: Mapping[str, Any]) -> T:
    """Return the dataclass `kind` that `to_json` made `data` of.

    A field that `data` lacks gets its default, and a name that is no field is ignored. Raises
    ValueError for a field that is lacking and has no default.
    """
    dataclass: Any = kind  # mypy takes no class for hashable
    decoders, required = _decoders(dataclass)
    values = {name: decoders[name](value) for name, value in data.items() if name in decoders}
    for name in required:
        if name not in values:
            raise ValueError(f"a stored {kind.__name__} without “{name}”")
    return kind(**values)


def defaults(kind: type[Any]) -> dict[str, Any]:
    """Return the default values of the fields of a dataclass that have one."""
    return {one.name: _default(one) for one in fields(kind) if not _is_required(one)}


def _default(one: Field[Any]) -> Any:
    return one.default_factory() if one.default_factory is not MISSING else one.default


def _is_required(one: Field[Any]) -> bool:
    return one.default is MISSING and one.default_factory is MISSING


@cache
def _decoders(kind: type[Any]) -> tuple[dict[str, Callable[[Any], Any]], tuple[str, ...]]:
    """Return for each field how its value is decoded, and the names of those that are required."""
    types = get_type_hints(kind)
    decoders = {one.name: _decoder(types[one.name]) for one in fields(kind)}
    return decoders, tuple(one.name for one in fields(kind) if _is_required(one))


def _as_it_is(data: Any) -> Any:
    return data


def _decoder(kind: Any) -> Callable[[Any], Any]:
    """Return the function that makes a value of this type of what JSON has. Raises TypeError for a
    type that is not known here."""
    origin, parts = get_origin(kind), get_args(kind)
    if kind is datetime:
        return datetime.fromisoformat
    if isinstance(kind, type) and is_dataclass(kind):
        return partial(from_json, kind)
    if origin in (Union, UnionType) and NoneType in parts and len(parts) == 2:
        inner = _decoder(next(part for part in parts if part is not NoneType))
        return lambda data: None if data is None else inner(data)
    if origin is tuple and parts[-1] is Ellipsis:
        each = _decoder(parts[0])
        return tuple if each is _as_it_is else lambda data: tuple(map(each, data))
    if origin is tuple:
        steps = [_decoder(part) for part in parts]
        return lambda data: tuple(step(part) for step, part in zip(steps, data, strict=True))
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return dict
    if kind in (str, int, float, bool) or origin is Literal:
        return _as_it_is
    raise TypeError(f"{kind} has no form in JSON here")
