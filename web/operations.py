"""Operations of the API: requests are checked against declared parameters, errors have one shape,
and answers can be revalidated until the index changes."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import wraps
from typing import Any

from flask import Blueprint, Response, current_app, jsonify, request
from werkzeug.exceptions import HTTPException, NotFound

from searcher.engine.base import BUDGET_SPENT
from searcher.errors import SearchCutShort, SearcherError
from web.compared import NotCompared
from web.declared import Parameter, RefusedParameter, check
from web.parameters import search_service

ROOT = "/api/v1"
"""The beginning of the addresses of the API."""
_RELATIVE = re.compile(r"\d[dwmy]\b|today|yesterday")
"""A date that counts from now."""
_RETRY_SECONDS = 5
"""Seconds after which a client should ask again, if the server is busy or has no index."""

View = Callable[[], Mapping[str, Any] | Response]
"""Answers a request: with JSON, or with a response of its own."""


class Gone(Exception):
    """An answer that a request continues is not there any more."""


class Busy(Exception):
    """The server does as much of this as it may."""


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation, as the OpenAPI document shows it."""

    path: str
    """Its path."""
    name: str
    """Its name."""
    meaning: str
    """Its first sentence."""
    parameters: Sequence[Parameter]
    """The parameters that it takes."""
    answer: str
    """Name of the schema of its JSON; "" for an answer of other media types."""
    media_types: Sequence[str]
    """Media types of its answers."""
    statuses: Sequence[int]
    """Statuses of its errors."""


class Operations:
    """The operations of a blueprint, in the order in which they are declared."""

    def __init__(self, blueprint: Blueprint) -> None:
        self._blueprint = blueprint
        self.all: list[Operation] = []
        """The operations."""

    def add(
        self,
        path: str,
        parameters: Sequence[Parameter],
        answer: str = "",
        *,
        media_types: Sequence[str] = ("application/json",),
        statuses: Sequence[int] = (400, 503),
        of_index: bool = True,
        aliases: Sequence[str] = (),
    ) -> Callable[[View], View]:
        """Declare a view as an operation.

        of_index: whether its answer is the same until the index changes. aliases: further paths.
        """

        def declare(view: View) -> View:
            meaning = (view.__doc__ or "").split("\n\n")[0].partition(";")[0]
            kind = Operation(
                ROOT + path, view.__name__, " ".join(meaning.split()).rstrip("."), parameters,
                answer, media_types, statuses,
            )  # fmt: skip
            self.all.append(kind)

            @wraps(view)
            def answered() -> Response:
                return answer_of(view, kind, of_index)

            for rule in (ROOT + path, *aliases):
                self._blueprint.add_url_rule(rule, endpoint=view.__name__, view_func=answered)
            return view

        return declare


def answer_of(view: View, operation: Operation, of_index: bool) -> Response:
    """Return the answer of a view, or the error that it raises, in the shape of all errors."""
    try:
        check(request.args, operation.parameters)
        tag = _tag() if of_index else ""
        if tag and request.if_none_match.contains_weak(tag):
            return _revalidated(Response(status=304), tag)
        found = view()
        response = found if isinstance(found, Response) else jsonify(found)
        is_part = isinstance(found, Mapping) and _is_cut_short(found)
        return _revalidated(response, "" if is_part else tag)
    except RefusedParameter as error:
        return failure(400, "bad_parameter", str(error), error.name)
    except ValueError as error:
        first = str(error).partition(" ")[0].rstrip(":")
        known = {one.name for one in operation.parameters}
        return failure(400, "bad_parameter", str(error), first if first in known else None)
    except NotCompared as error:
        codes = {404: "not_found", 409: "conflict"}
        return failure(error.status, codes.get(error.status, "bad_parameter"), str(error))
    except NotFound as error:
        return failure(404, "not_found", error.description or "")
    except Gone as error:
        return failure(410, "gone", str(error))
    except Busy as error:
        return failure(503, "busy", str(error))
    except SearchCutShort as error:
        return failure(503, "too_slow", str(error))
    except SearcherError as error:
        return failure(503, "unavailable", str(error))


def failure(status: int, code: str, message: str, parameter: str | None = None) -> Response:
    """Return an error in the one shape that errors of the API have.

    code: a word for programs. parameter: the name of the parameter that is wrong.
    """
    response: Response = jsonify(error=message, code=code, status=status, parameter=parameter)
    response.status_code = status
    if status == 503:
        response.headers["Retry-After"] = str(_RETRY_SECONDS)
    return response


def refused(error: HTTPException) -> Response:
    """Return the error for an address or a method that the API does not have."""
    code = (error.name or "error").lower().replace(" ", "_")
    response = failure(error.code or 500, code, error.description or "")
    for name, value in error.get_headers():
        if name == "Allow":
            response.headers[name] = value
    return response


def _tag() -> str:
    """Return the entity tag of the answer: it differs if the index, the address or the program's
    version does; by the minute if a date counts from now, else by the day."""
    generation, count = search_service().articles.state()
    now = datetime.now(UTC)
    exact = _RELATIVE.search(request.query_string.decode("utf-8", "replace"))
    time = f"{now:%Y-%m-%d %H:%M}" if exact else f"{now:%Y-%m-%d}"
    held = (generation, count, time, request.full_path, current_app.extensions["version"])
    return hashlib.sha256(repr(held).encode("utf-8", "replace")).hexdigest()[:20]


def _revalidated(response: Response, tag: str) -> Response:
    if tag and response.status_code in (200, 304):
        response.set_etag(tag, weak=True)
    response.headers["Cache-Control"] = "no-cache"
    return response


def _is_cut_short(answer: Mapping[str, Any]) -> bool:
    """Return whether a search spent its time budget, so that it would find more another time."""
    warnings = answer.get("warnings") or ()
    return any(one["message"] == BUDGET_SPENT.message for one in warnings)


def allow_origins(response: Response, origins: Sequence[str]) -> Response:
    """Let pages of these origins read an answer of the API; "*" is every origin."""
    origin = request.headers.get("Origin", "")
    response.vary.add("Origin")
    if "*" in origins or origin in origins:
        response.headers["Access-Control-Allow-Origin"] = "*" if "*" in origins else origin
        response.headers["Access-Control-Allow-Headers"] = "If-None-Match"
        response.headers["Access-Control-Expose-Headers"] = "ETag, X-Total-Count, X-Generation"
    return response
