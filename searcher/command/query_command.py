"""Commands whose arguments are a query."""

from __future__ import annotations

import re
from collections.abc import Sequence

import click

_EXCLUSION = re.compile(r"-(?!-|n\d*$|h$).+", re.DOTALL)
"""Argument of a query that excludes something, such as -word; -n, -n20 and -h are options, and so
are other single letters that a command declares."""
_SHIELD = "\0"
"""Prefix that hides a minus from the option parser. No argument of a process can contain it."""


class QueryCommand(click.Command):
    """A command whose arguments are a query, in which "-word" excludes a word."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        options = {name for parameter in self.params for name in parameter.opts}
        shielded = [
            _SHIELD + arg if _EXCLUSION.fullmatch(arg) and arg not in options else arg
            for arg in args
        ]
        return super().parse_args(ctx, shielded)


def typed_query(words: Sequence[str]) -> str:
    """Return the query that the arguments of a QueryCommand make."""
    return " ".join(word.removeprefix(_SHIELD) for word in words)
