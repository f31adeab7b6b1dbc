"""Values that the leaves of earlier searches computed, kept for a generation: words come again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from searcher.columnar.searching.conditions import Occurs

_MOST_BYTES = 16 << 20
"""Maximum memory of all values. With more, all are dropped."""
_MOST_OF_ONE = 64 << 10
"""Maximum memory of the values of a leaf. Larger keeps those of fewer leaves."""
_OVERHEAD = 1 << 10
"""Memory of a leaf without its lists and counts, in bytes, about."""
_NOTHING: Mapping[str, Any] = {}


class KnownLeaves:
    """The values of leaves by the names of their attributes. Safe in threads."""

    def __init__(self) -> None:
        self._values: dict[Occurs, Mapping[str, Any]] = {}
        self._bytes = 0

    def of(self, occurs: Occurs) -> Mapping[str, Any]:
        """Return what is known of a leaf."""
        return self._values.get(occurs, _NOTHING)

    def keep(self, occurs: Occurs, values: Mapping[str, Any], size: int) -> None:
        """Keep the values of a leaf, unless they are too large. size: of its lists and counts, in
        bytes."""
        if size > _MOST_OF_ONE:
            return
        if self._bytes + size + _OVERHEAD > _MOST_BYTES:
            self._values, self._bytes = {}, 0
        self._values[occurs] = values
        self._bytes += size + _OVERHEAD
