"""Options that filter the articles of a command."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import click

from searcher.search.request import CHOSEN

_Command: TypeAlias = Callable[..., Any]

_CHOSEN = {
    "lang": ("CODE", "in this language"),
    "source": ("NAME", "from this outlet"),
    "section": ("NAME", "of this section"),
    "agency": ("NAME", "from this wire agency"),
    "kind": ("KIND", "of this kind: article, live or gallery"),
}
"""Placeholder and help of each filter of which several values can be given."""


def filter_options(command: _Command) -> _Command:
    """Add the filters of a `Request`."""
    for name, text in (("before", "before that date"), ("after", "on that date or later")):
        add = click.option(
            f"--{name}", default="", metavar="DATE", help=f"Only articles published {text}."
        )
        command = add(command)
    for name in reversed(CHOSEN):
        metavar, text = _CHOSEN[name]
        add = click.option(
            f"--{name}",
            multiple=True,
            metavar=metavar,
            help=f"Only articles {text}. Repeatable; -VALUE excludes, =VALUE is a whole name.",
        )
        command = add(command)
    return command
