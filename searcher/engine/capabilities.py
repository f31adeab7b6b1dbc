"""The capabilities of engines, and the substitute for each where an engine lacks it.

Matching is none of them: the same query matches the same articles, with the same totals, on every
engine.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum


class Capability(Enum):
    """Something that an engine may or may not do. The contract suite asks each for what it
    claims."""

    WORD_SCORES = "scores of words"
    """The scores of words of one term, and what rescoring adds to them, are those of the formulas,
    so that the order of articles is, too."""
    PHRASE_SCORES = "scores of phrases"
    """So are the scores of phrases, windows, compounds and words that stand for several."""
    POSTING_CHECKS = "checks of postings"
    """`Snapshot.check` reads every posting."""
    LASTING_SNAPSHOTS = "lasting snapshots"
    """A snapshot can be read until it is closed, however long that takes."""
    FOLDER = "files in the index folder"
    """The index is files in one folder of this machine."""


EVERY = frozenset(Capability)
"""All capabilities."""

INSTEAD: Mapping[Capability, str] = {
    Capability.WORD_SCORES: "Articles are ordered by the engine's own scores.",
    Capability.PHRASE_SCORES: (
        "A phrase is scored by the most frequent of its spellings, and a window as if it occurred "
        "once: articles that match about equally well may be in another order."
    ),
    Capability.POSTING_CHECKS: (
        "The check compares the ids of articles, digests of their terms and the numbers of all "
        "words. The engine verifies its own files."
    ),
    Capability.LASTING_SNAPSHOTS: (
        "A state that nobody read for five minutes is given up when a later commit has replaced "
        "it: a listing that is taken that slowly ends with an error that says so."
    ),
    Capability.FOLDER: (
        "The index folder holds the catalogue alone; the sizes are those that the engine tells."
    ),
}
"""By capability, what a user gets from an engine that lacks it."""
