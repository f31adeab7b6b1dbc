"""Flags of code points and kinds of words, for `kernels.shingles` and its plain reference. This
module needs no compiler."""

from __future__ import annotations

DIGIT, CAPITAL, ALONE, SKIPPED = (1 << bit for bit in range(21, 25))
"""Flags of a code point in the table of `kernels.shingles`."""
POINT = DIGIT - 1
"""The bits of an entry of the table with the folded code point."""
HAS_DIGIT, BEGINS_CAPITAL = 1, 2
"""Kinds of a word: it has a digit; its first character is a capital."""
FACTOR = 0x9E3779B97F4A7C15
"""Factor of each place in a hash: 2^64 divided by the golden ratio, which is odd."""
MIXING = (0xFF51AFD7ED558CCD, 0xC4CEB9FE1A85EC53)
"""Factors of the finaliser of MurmurHash3 (Austin Appleby, 2008)."""
