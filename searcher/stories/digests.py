"""Digests: articles that print the texts of several others, such as "News in brief".

A digest is no copy of its parts, which have nothing in common with each other.
"""

from __future__ import annotations

from typing import Protocol

from searcher.article import Article
from searcher.stories.bodies import COPIED, Body, body_of, within
from searcher.text.sketches import Sketch, sketch_of

_LEAST = 40
"""Minimum number of different runs of three words of another part. Smaller takes a notice that an
outlet prints below its articles, and as an article of its own, for a part; larger misses digests of
short items."""
_MOST = 16
"""Maximum number of articles that are looked at. Larger takes longer: 0.1 ms an article."""


class Resembling(Protocol):
    """A part of `engine.protocol.Snapshot`."""

    def resembling(self, sketch: Sketch, limit: int) -> list[Article]:
        """Return articles that may have a large part in common with the text of a sketch."""


def has_another_part(one: Body, other: Body, snapshot: Resembling) -> bool:
    """Return whether the longer of two bodies, which has the shorter one in it, has a third text of
    the index beside that one. The same in either order. Raises IndexDamaged.

    Bodies that have most of both in common are no digest and its part.
    """
    part, whole = sorted((one.distinct, other.distinct), key=len)
    rest = whole[~within(whole, part)]
    if len(part) >= COPIED * len(whole) or len(rest) < _LEAST:
        return False
    thirds = (body_of(third).distinct for third in snapshot.resembling(sketch_of(rest), _MOST))
    return any(
        len(third) >= _LEAST and bool(within(third, rest).mean() >= COPIED) for third in thirds
    )
