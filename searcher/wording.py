"""Sentences for the user that can be said in other languages.

They are English text, which the commands, the API and the logs use as it is. A page says them in
the language of its reader (web.languages).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class Said(str):
    """An English sentence that remembers how it was made."""

    template: str
    """The sentence with names of values in it, such as "only %(count)s words were read"."""
    many: str
    """The same for other counts than 1; "" if it has no count."""
    amount: int
    """The count; 0 if it has none."""
    values: Mapping[str, Any]
    """The values by name. Those that are Said, too, are said in the same language."""

    def __new__(
        cls, template: str, many: str = "", count: int = 0, values: Mapping[str, Any] | None = None
    ) -> Said:
        values = values or {}
        shown = {name: f"{one:,}" if type(one) is int else one for name, one in values.items()}
        found = super().__new__(cls, (many if many and count != 1 else template) % shown)
        found.template, found.many, found.amount, found.values = template, many, count, values
        return found

    def __getnewargs__(self) -> tuple[Any, ...]:
        """Return what copies are made of, in this process and in another."""
        return self.template, self.many, self.amount, self.values


def said(template: str, /, **values: Any) -> Said:
    """Return a sentence. A percent sign in its template is doubled."""
    return Said(template, values=values)


def said_of(one: str, many: str, count: int, /, **values: Any) -> Said:
    """Return a sentence about a number of things, which its templates call `count`."""
    return Said(one, many, count, {"count": count, **values})
