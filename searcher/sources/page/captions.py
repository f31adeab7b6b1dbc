"""The captions of a gallery, which are its text."""

from __future__ import annotations

from itertools import islice

from lxml.etree import _Element

from searcher.sources.page.authors import in_article
from searcher.sources.page.element_names import read_names
from searcher.text.cleaning import clean_line

_WORDS = frozenset(("caption", "captions", "figcaption", "legend"))
_SHORTEST, _LONGEST, _MOST = 30, 2000, 500


def captions_of(tree: _Element) -> tuple[str, ...]:
    """The distinct texts of the page's captions, in order; those of other articles' pictures are
    left out."""
    found: dict[str, None] = {}
    for element in islice((one for one in tree.iter() if _is_caption(one)), _MOST):
        text = clean_line(" ".join(element.itertext())[: 2 * _LONGEST])[:_LONGEST]
        figure = next(element.iterancestors("figure"), element).getparent()
        if len(text) >= _SHORTEST and (figure is None or in_article(figure)):
            found[text] = None
    # An element and the one around it can both be called a caption.
    return tuple(
        text for text in found if not any(text != other and text in other for other in found)
    )


def _is_caption(element: _Element) -> bool:
    if element.tag == "figcaption":
        return True
    classes = element.get("class") if isinstance(element.tag, str) else None
    return bool(classes) and bool(read_names(classes, True)[0] & _WORDS)
