"""Sketches: a few short codes of a text, of which texts with a large part in common share many.

The sketch of a text has its smallest shingles, in proportion to their number. So a part of a text
has about its part of the sketch (proportional MinHash; FracMinHash of Irber and others, 2022), and
a trimmed copy is found from either side. A code is the last 16 bits of a shingle: in an index,
where a code is a term, few terms with long lists take a tenth of the room of many with short ones.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from searcher.text.shingles import distinct, hashed_words, shingles

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

PART = 12
"""Number of shingles for each code. Smaller finds shorter parts and takes more room in an index."""
LEAST = 24
"""Number of codes of a text that is short, if it has as many shingles."""
MOST = 512
"""Maximum number of codes. Larger takes more time for books, whose parts are found anyway."""
SHARED = 0.8
"""Share of the expected common codes that copies have at least on average: of the shorter text, at
least this share is in both."""
DEVIATIONS = 2.3
"""Number of standard deviations by which chance may leave fewer common codes: in one pair of 100.
Larger compares more texts in vain; smaller misses more copies."""
FEWEST = 3
"""Minimum number of common codes. Codes are common by chance: of a million texts of 450 words, two
or three have three codes in common with another one."""
CODE_BYTES = 2
"""Number of bytes of a code."""


class Sketch(NamedTuple):
    """The sketch of a text."""

    codes: bytes
    """Its distinct codes, ascending, each a big-endian number of CODE_BYTES bytes."""
    size: int
    """Number of distinct shingles of the text."""


def sketch(text: str) -> Sketch:
    """Return the sketch of a text."""
    return sketch_of(distinct(shingles(hashed_words(text).hashes)))


def sketch_of(found: NDArray[np.uint64]) -> Sketch:
    """Return the sketch of a text with these distinct shingles, ascending."""
    import numpy as np

    count = int(codes_of(len(found)))
    codes = distinct(found[:count] & np.uint64((1 << 8 * CODE_BYTES) - 1))
    return Sketch(codes.astype(">u2").tobytes(), len(found))


def codes_of(size: Any) -> Any:
    """Return the number of codes of texts with `size` shingles, a number or an array."""
    import numpy as np

    return np.minimum(np.minimum(np.maximum(-(-size // PART), LEAST), MOST), size)


def needed(size: int, other: Any) -> Any:
    """Return the minimum number of common codes of two texts of which one may contain the other.

    size, other: as in `expected`.
    """
    import numpy as np

    mean = SHARED * expected(size, other)
    return np.maximum(np.ceil(mean - DEVIATIONS * np.sqrt(mean)), FEWEST).astype(np.int64)


def expected(size: int, other: Any) -> Any:
    """Return the number of common codes of two texts, about, if one contains the other.

    size, other: their numbers of shingles; `other` a number or an array. The same in either order.
    """
    import numpy as np

    other = np.maximum(other, 1)
    longer = np.maximum(size, other)
    return np.minimum(size, other) * codes_of(longer) / longer
