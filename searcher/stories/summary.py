"""The summary of a comparison: what two texts share, and how they differ."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple


class Pair(NamedTuple):
    """Two wordings of one thing: spellings of a name, or figures."""

    first: str
    """The wording of the first text."""
    second: str
    """The wording of the second text."""


@dataclass(frozen=True, slots=True)
class Summary:
    """The summary of a comparison."""

    shared_words: int
    """Number of the first text's words that the second has, too; the same the other way round."""
    words: tuple[int, int]
    """Number of words of each text."""
    moved: int
    """Number of sentences that both texts have in different places."""
    figures: tuple[Pair, ...]
    """Figures that differ: "800 civilians" and "more than 800 civilians"."""
    names: tuple[Pair, ...]
    """Names in two spellings."""
    quotes: tuple[tuple[str, ...], tuple[str, ...]]
    """Quotations that only the first text has, and those that only the second has."""

    @property
    def shared(self) -> int:
        """Percent of the words of both texts that are shared: 100 only if all are, 0 only if none
        is."""
        return percent(2 * self.shared_words, sum(self.words))

    @property
    def shared_of(self) -> tuple[int, int]:
        """Percent of the words of each text that the other has, too."""
        first, second = (percent(self.shared_words, words) for words in self.words)
        return first, second

    def to_json(self) -> dict[str, Any]:
        """Return the documented form of a summary in `--json` and the API."""
        return {
            "shared": self.shared,
            "shared_of": list(self.shared_of),
            "words": list(self.words),
            "moved": self.moved,
            "figures": [one._asdict() for one in self.figures],
            "names": [one._asdict() for one in self.names],
            "quotes": {"first": list(self.quotes[0]), "second": list(self.quotes[1])},
        }

    def mirrored(self) -> Summary:
        """Return the summary as if the texts had been compared in the other order."""
        return Summary(
            self.shared_words,
            self.words[::-1],
            self.moved,
            tuple(Pair(one.second, one.first) for one in self.figures),
            tuple(Pair(one.second, one.first) for one in self.names),
            self.quotes[::-1],
        )


def percent(part: float, whole: float) -> int:
    """Return a share in percent, rounded; but 100 only for the whole, and 0 only for nothing."""
    if part == whole:
        return 100
    return min(max(round(100 * part / whole), 1), 99) if part else 0
