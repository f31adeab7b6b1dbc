"""Commands that are imported when they are run ("Lazily Loading Subcommands" in click's manual)."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any, NamedTuple

import click


class LazyCommand(NamedTuple):
    """A command that is not imported yet."""

    module: str
    """Name of its module."""
    name: str
    """Name of the command in that module."""
    summary: str
    """The first paragraph of its help, shown in the help of its group without importing it."""


class LazyGroup(click.Group):
    """A group of commands, each imported when it is run or asked for its own help."""

    def __init__(self, *args: Any, lazy: Mapping[str, LazyCommand], **more: Any) -> None:
        super().__init__(*args, **more)
        self.lazy = lazy
        """The commands by the name that is typed."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(self.lazy)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        found = self.lazy.get(cmd_name)
        if found is None:
            return None
        command = getattr(import_module(found.module), found.name)
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(
                [(name, command.summary) for name, command in sorted(self.lazy.items())]
            )
