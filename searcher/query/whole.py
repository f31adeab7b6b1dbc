"""Parts of a query that are about its result as a whole: `match:` and `copies:`."""

from __future__ import annotations

from typing import NamedTuple

from searcher.query.fields import Kind
from searcher.query.tree import Copies
from searcher.wording import said

WHOLE = {Kind.MATCH: ("all", "any"), Kind.COPIES: tuple(one.value for one in Copies)}
"""The values of each kind of field that is about the result as a whole."""


class Whole(NamedTuple):
    """These parts of a query, as far as it was read."""

    match: str = ""
    """The value of match:, "all" or "any"; "" if there is none."""
    copies: str = ""
    """The value of copies:, "hide" or "show"; "" if there is none."""
    read: int = 0
    """Number of such parts so far, also those without a meaning."""

    def having(self, kind: Kind, value: str) -> tuple[Whole, str]:
        """Return these parts and one more of a kind in WHOLE, and the problem with it or ""."""
        name, value = kind.value, value.lower()
        found = self._replace(read=self.read + 1)
        if value not in WHOLE[kind]:
            first, second = WHOLE[kind]
            takes = said(
                "%(name)s: takes %(first)s or %(second)s", name=name, first=first, second=second
            )
            return found, takes
        before = getattr(self, name)
        problem = said(
            "%(first)s was ignored, as %(second)s follows",
            first=f"{name}:{before}",
            second=f"{name}:{value}",
        )
        found = found._replace(match=value) if kind is Kind.MATCH else found._replace(copies=value)
        return found, problem if before not in ("", value) else ""
