"""The captions of a gallery, which are its text.

Half and twice of the sizes leave the F1 of bodies on 123 saved pages at .979 (`make
bench-reading`).
"""

from __future__ import annotations

from itertools import islice

from lxml.etree import _Element

from searcher.sources.page.byline_marks import in_article
from searcher.sources.page.element_names import read_names
from searcher.text.cleaning import clean_line

_WORDS = frozenset(("caption", "captions", "figcaption", "legend"))
"""Names of elements that hold a caption."""
_SHORTEST = 30
"""Minimum size of a caption, in characters. Shorter ones are credits."""
_LONGEST = 2000
"""Maximum size of a caption, in characters; the rest is cut off."""
_MOST = 500
"""Maximum number of captions that are read of a page."""


def captions_of(tree: _Element) -> tuple[str, ...]:
    """Return the distinct captions of a page, in order, without those of other articles'
    pictures."""
    found: dict[str, None] = {}
    for element in islice((one for one in tree.iter() if _is_caption(one)), _MOST):
        text = clean_line(" ".join(element.itertext())[: 2 * _LONGEST])[:_LONGEST]
        figure = next(element.iterancestors("figure"), element).getparent()
        if len(text) >= _SHORTEST and (figure is None or in_article(figure)):
            found[text] = None
    # An element and the one around it may both have the name of a caption.
    return tuple(
        text for text in found if not any(text != other and text in other for other in found)
    )


def _is_caption(element: _Element) -> bool:
    """Return whether an element holds a caption, by its tag or its classes."""
    if element.tag == "figcaption":
        return True
    classes = element.get("class") if isinstance(element.tag, str) else None
    return bool(classes) and bool(read_names(classes, True)[0] & _WORDS)
