"""Loops over arrays, compiled where numba is installed.

A kernel is a pure function over arrays and numbers. It knows nothing of segments or news. Each has
a plain reference that ships: the caller's own numpy or Python code, which runs where kernels are
not loaded. A test in tests/test_kernels.py shows that both return the same.

    if kernels.loaded:
        return kernels.proximity.followed(starts, occurrences, distance, end)
    return plain code

Long-living processes call `load` when they start: the server, `watch`, an indexer with many
articles. One-shot commands do not: loading takes .5 s, more than their search.

A kernel's arguments have exactly the types of its signature (see `compiler`), because each new
combination of types would be compiled, in a second or more, when a query first needs it.
Compiled code is kept beside the modules or in the user's cache. numba renews it when the module's
own file changes. So a kernel calls only kernels of its own module, of `stored` or of `sentences`;
`ranking` also those of `windows` and `candidates`. After a change of one of these, of a constant
that others import or of `compiler`, the compiled code has to be removed.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from searcher.kernels import candidates as candidates
    from searcher.kernels import joins as joins
    from searcher.kernels import letters as letters
    from searcher.kernels import names as names
    from searcher.kernels import neighbours as neighbours
    from searcher.kernels import ngrams as ngrams
    from searcher.kernels import passages as passages
    from searcher.kernels import postings as postings
    from searcher.kernels import proximity as proximity
    from searcher.kernels import ranking as ranking
    from searcher.kernels import rows as rows
    from searcher.kernels import runs as runs
    from searcher.kernels import selection as selection
    from searcher.kernels import sentences as sentences
    from searcher.kernels import sequences as sequences
    from searcher.kernels import shingles as shingles
    from searcher.kernels import stored as stored
    from searcher.kernels import windows as windows
    from searcher.kernels import words as words

loaded = False
"""Whether the kernels may be called. Read anew at each use."""

_MODULES = (
    "candidates",
    "joins",
    "letters",
    "names",
    "neighbours",
    "ngrams",
    "passages",
    "postings",
    "proximity",
    "ranking",
    "rows",
    "runs",
    "selection",
    "sentences",
    "sequences",
    "shingles",
    "stored",
    "windows",
    "words",
)

_lock = threading.Lock()


def load() -> bool:
    """Load the kernels, and compile those that no earlier process compiled, which takes some
    seconds each. Return whether they are loaded: not if numba is not installed. Safe in threads."""
    global loaded  # noqa: PLW0603
    with _lock:
        try:
            for name in _MODULES:
                import_module(f"{__name__}.{name}")
            import_module(f"{__name__}.compiler").release()
        except ImportError:
            return False
        loaded = True
    return True


@contextmanager
def using(wanted: bool) -> Iterator[None]:
    """Use the kernels, or do without them, for a while. For tests and measurements; not safe in
    threads. Raises ImportError if kernels are wanted and numba is not installed."""
    global loaded  # noqa: PLW0603
    before = loaded
    if wanted and not load():
        raise ImportError("kernels need numba, which is not installed")
    loaded = wanted
    try:
        yield
    finally:
        loaded = before
