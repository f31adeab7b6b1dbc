"""Values that the leaves of earlier searches computed, kept for a generation: words come again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from searcher.columnar.conditions import Occurs

_MOST_LEAVES = 10_000
"""Maximum number of leaves. With more, all are dropped. Larger takes memory: about 1 KB each."""
_MOST_DOCUMENTS = 1 << 20
"""Maximum number of documents of all leaves whose counts are kept, 16 bytes each."""
_MOST_OF_ONE = 1 << 12
"""Maximum number of documents of such a leaf. Larger keeps the counts of fewer leaves."""
_NOTHING: Mapping[str, Any] = {}


class KnownLeaves:
    """The values of leaves by the names of their attributes. Safe in threads."""

    def __init__(self) -> None:
        self._values: dict[Occurs, Mapping[str, Any]] = {}
        self._documents = 0

    def of(self, occurs: Occurs) -> Mapping[str, Any]:
        """Return what is known of a leaf."""
        return self._values.get(occurs, _NOTHING)

    def keep(self, occurs: Occurs, values: Mapping[str, Any], documents: int) -> None:
        """Keep the values of a leaf, unless they are too large. documents: those whose counts are
        among the values."""
        if documents > _MOST_OF_ONE:
            return
        if len(self._values) >= _MOST_LEAVES or self._documents + documents > _MOST_DOCUMENTS:
            self._values, self._documents = {}, 0
        self._values[occurs] = values
        self._documents += documents
