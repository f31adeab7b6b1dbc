"""Marks of an element: whether it may hold the byline, and whether it belongs to the article.

Figures in brackets are as in `authors`.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import islice

from lxml.etree import _Element

from searcher.sources.page.element_names import NONE, Words, read_names

_PATH = re.compile(
    r"/(?:author|authors|autor|autoren|auteur|autore|autores|journalist\w*|profile|people|reporter|"
    r"contributor|columnist|writer|byline|skribent|forfatter|signataire|firma|yazar|penulis)s?[/?]"
)
"""Paths of pages about an author."""
PROFILE = re.compile(_PATH.pattern + r"([^\W\d_]{2,20}(?:-[^\W\d_]{1,20}){1,2})/?$")
"""The address of such a page, with the author's name."""
_BYLINE = frozenset(("byline", "bylines"))
"""Names of elements that hold a byline."""
_AUTHOR = frozenset(
    "author authors authorname autor autoren auteur autore autores autoria contributors writer "
    "writers journalist journalists reporter reporters firma signature assinatura".split()
)
"""Names of elements that hold an author's name or biography."""
_NAME = frozenset(("name", "names"))
"""Names of elements that hold a name."""
_ELSEWHERE = frozenset(
    "related recommended recommendations teaser teasers comment comments discussion thread "
    "replies responses reactions"
    " sidebar footer nav navigation newsletter promo"
    " promos".split()
)
"""Names of elements that stand outside of the article."""
_PICTURES = frozenset(
    "image images photo photos foto fotos bild picture caption figure credit credits copyright "
    "video".split()
)
"""Names of elements around a picture, in which a name is the photographer's."""
_CAPTIONS = frozenset("caption captions figcaption credit credits".split())
"""Names of captions."""
_NOT_ARTICLE = frozenset("aside footer nav figure figcaption form".split())
"""Tags of elements that stand outside of the article, or hold a picture."""
_LEVELS = 7
"""Number of elements, from the inside out, whose names say whether an element is the article's.
(Half or twice: the same.)"""
_PICTURE_LEVELS = 3
"""The same for names of pictures; further out they are about the article. (Half or twice: the
same.)"""
NAME_LEVELS = 3
"""Number of elements around a name in microdata among which that of its author is."""


def rank_of(element: _Element) -> int | None:
    """Return how surely an element holds an author, from 0 to 7; None if nothing says that it
    does."""
    kind, link = element.get("itemprop") or "", element.get("href") or ""
    parent = element.getparent()
    if kind == "name" and any(
        above.get("itemprop") == "author" for above in islice(element.iterancestors(), NAME_LEVELS)
    ):
        return 0
    if kind == "author":
        return 1
    if "author" in (element.get("rel") or "").split():
        return 2
    if link and _PATH.search(link):
        return 3
    if element.tag == "a" and parent is not None and _has_byline(parent):
        return 4
    classes, given_id = element.get("class"), element.get("id")
    rank = _rank_of_names(classes or "", given_id or "") if classes or given_id else None
    if rank is None and (part := element.get("data-component") or element.get("data-testid")):
        rank = _rank_of_names(part, "")
    return rank


@lru_cache(1 << 13)
def _rank_of_names(classes: str, given_id: str) -> int | None:
    """Return the rank of an element by its classes and its id. Cached: a site has few of them."""
    words = read_names(f"{classes} {given_id}", False)[0]
    if words & _BYLINE or (words & _AUTHOR and words & _NAME):
        return 5 if words & _NAME else 6
    return 7 if words & _AUTHOR else None


def _words_of(element: _Element) -> Words:
    """Return the words in an element's classes and id."""
    classes, given_id = element.get("class"), element.get("id")
    return (
        read_names(f"{classes or ''} {given_id or ''}", False)[0] if classes or given_id else NONE
    )


def _has_byline(element: _Element) -> bool:
    """Return whether the classes of an element say that it holds a byline."""
    return bool(read_names(element.get("class") or "", False)[0] & _BYLINE)


def in_article(element: _Element) -> bool:
    """Return whether an element belongs to the page's article, and not to a list of others, a
    caption or the like."""
    for depth, above in enumerate([element, *element.iterancestors()][:_LEVELS]):
        if above.tag in _NOT_ARTICLE:
            return False
        if above.tag in ("article", "main", "body"):
            return True
        words = _words_of(above)
        if words & _ELSEWHERE or (depth < _PICTURE_LEVELS and words & _PICTURES):
            return False
    return True


def is_of_picture(element: _Element) -> bool:
    """Return whether an element is a caption, or in one, by its tag or the names around it."""
    around = islice((element, *islice(element.iterancestors(), _PICTURE_LEVELS)), _PICTURE_LEVELS)
    return any(
        one.tag in ("figure", "figcaption") or (_words_of(one) & _CAPTIONS) for one in around
    )


def is_credit_alone(element: _Element) -> bool:
    """Return whether an element belongs to the article although its classes are those of a credit:
    no picture is beside it."""
    parent = element.getparent()
    return (
        parent is not None
        and parent.tag in ("article", "main")
        and not _words_of(parent) & _ELSEWHERE
        and next(element.iter("img", "picture"), None) is None
        and all(
            one is None or one.tag not in ("figure", "img", "picture")
            for one in (element.getprevious(), element.getnext())
        )
    )
