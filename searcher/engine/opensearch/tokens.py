"""An article as the cluster holds it: our tokens with their positions, and values to filter by.

A field of tokens is a list of texts. Spaces separate positions, and SAME_PLACE separates tokens at
one position. HOLE takes a position and is no token, and the end of a text takes PARAGRAPH_GAP
positions. So the cluster's positions are those of `terms.terms_of`, to the number.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC
from typing import Any

from searcher.article import Article
from searcher.engine.patterns import PARAGRAPH_GAP
from searcher.engine.places import Place
from searcher.engine.protocol import Prepared
from searcher.engine.searches import facet_value
from searcher.engine.stored import pack
from searcher.engine.terms import FIELDS, FORM, TEXT, UNPLACED, ArticleTerms, terms_of
from searcher.text.sketches import CODE_BYTES, Sketch

SAME_PLACE = "\ue000"
"""Separates tokens at one position. A character for private use, which no token has."""
HOLE = "\ue001"
"""Stands for a position without a token."""
ANY = "\ue002"
"""A token of the field TEXT that each article has once, at its first position."""
TOKEN_FIELDS = tuple(name for name in FIELDS if name not in UNPLACED)
"""The fields of tokens."""
COUNTED = (TEXT, FORM, *UNPLACED)
"""The fields whose terms the vocabulary counts."""
VALUES = ("language", "source", "section", "agency", "kind")
"""The facets that are kept as whole values."""
_LONGEST = 2_000
"""Maximum number of characters of a token or value. A longer one is cut and gets its digest behind
it, so that equal ones stay equal. The cluster refuses terms of more than 32,766 bytes."""
_PRIVATE = str.maketrans(
    {SAME_PLACE: "?", HOLE: "?", ANY: "?", **dict.fromkeys(" \t\n\r\v\f", "_")}
)


def term_of(text: str) -> str:
    """Return a token or value as the cluster holds it."""
    plain = text.encode("utf-8", "replace").decode().translate(_PRIVATE)
    return plain if len(plain) <= _LONGEST else _cut(plain)


def value_of(text: str) -> str:
    """Return a whole value of a facet as the cluster holds it."""
    plain = text.encode("utf-8", "replace").decode()
    return plain if len(plain) <= _LONGEST else _cut(plain)


def _cut(text: str) -> str:
    return text[:_LONGEST] + hashlib.sha256(text.encode()).hexdigest()


def texts(postings: Mapping[str, Sequence[int]], marked: bool = False) -> list[str]:
    """Return the terms of a field as texts.

    marked: whether ANY is added at the first position.
    """
    at: dict[int, list[str]] = defaultdict(list)
    if marked:
        at[0].append(ANY)
    for term, positions in postings.items():
        shown = term_of(term)
        for position in positions:
            at[position].append(shown)
    return list(_texts(at))


def _texts(at: Mapping[int, list[str]]) -> Iterator[str]:
    current: list[str] = []
    position = 0
    for place in sorted(at):
        breaks, holes = divmod(place - position, PARAGRAPH_GAP)
        for _ in range(breaks):
            yield " ".join(current)
            current = []
        current += [HOLE] * holes
        current.append(SAME_PLACE.join(sorted(at[place])))
        position = place + 1
    if current:
        yield " ".join(current)


def codes_of(sketch: Sketch) -> list[str]:
    """Return the codes of a sketch, each as the cluster holds it."""
    step = 2 * CODE_BYTES
    codes = sketch.codes.hex()
    return [codes[at : at + step] for at in range(0, len(codes), step)]


def digest_of(terms: ArticleTerms) -> str:
    """Return a digest of an article's terms and their positions."""
    held = sorted((name, sorted(one.items())) for name, one in terms.fields.items())
    return hashlib.sha256(repr((held, terms.sketch)).encode()).hexdigest()[:16]


def prepared(article: Article) -> Prepared:
    """Return an article as its document, and the numbers of its terms for the vocabulary."""
    terms = terms_of(article)
    counts = {name: {term: len(at) for term, at in terms.fields[name].items()} for name in COUNTED}
    return Prepared(article.id, (_document(article, terms), counts))


def _document(article: Article, terms: ArticleTerms) -> dict[str, Any]:
    document: dict[str, Any] = {
        "key": value_of(article.id),
        "length": terms.length,
        "codes": codes_of(terms.sketch),
        "shingles": terms.sketch.size,
        "digest": digest_of(terms),
        "article": pack(article),
        "outlet": value_of(article.source),
    }
    for name in TOKEN_FIELDS:
        if found := texts(terms.fields[name], marked=name == TEXT):
            document[f"t_{name}"] = found
    for name in VALUES:
        document[f"v_{name}"] = value_of(facet_value(article, name))
    if article.published:
        moment = article.published.value.astimezone(UTC)
        document["published"] = int(moment.timestamp())
        document["day"] = moment.isoformat()[:10]
        document["month"] = document["day"][:7]
        document["year"] = document["day"][:4]
    return document


def with_place(document: Mapping[str, Any], place: Place | None) -> dict[str, Any]:
    """Return a document with a place among the stories; None for none."""
    bare = {name: value for name, value in document.items() if name not in PLACED}
    if place is None or not place.story:
        return bare
    values = place._asdict()
    # A number of 64 bits, of which JSON readers lose some.
    values["peer"] = str(place.peer)
    grouped = {"copies": place.copies} if place.copies else {}
    return {**bare, **grouped, "story": place.story, "place": values}


PLACED = ("story", "copies", "place")
"""The fields of a place."""


def place_of(stored: Mapping[str, Any] | None) -> Place | None:
    """Return a place from a document."""
    return Place(**{**stored, "peer": int(stored["peer"])}) if stored else None
