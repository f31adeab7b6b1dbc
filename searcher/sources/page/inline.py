"""Text inside a block: elements in it that a reader does not see, and the ends of its lines."""

from __future__ import annotations

import re
from functools import lru_cache

from lxml.etree import _Element

LINE = "\x1e"
"""The mark for a line break in the text of a block: a control character, which no page has."""
_UNSEEN = re.compile(
    r"(?:^|[\s_-])(?:tool-?tips?(?:text)?|(?:hover|info|profile|person)-?cards?|popovers?|sr-?only|"
    r"visually-?hidden|screen-?reader(?:s|-text|-only)?|a11y-?(?:hidden|text)|visuallyhidden|"
    r"assistive-?text|offscreen|hide-visually|u-hidden-visually)(?:$|[\s_-])",
    re.IGNORECASE,
)
"""Classes of elements that are shown beside a sentence, or are only read aloud."""
_CARD = re.compile(r"(?:^|[\s_-])(?:cards?|hover|popup)(?:$|[\s_-])", re.IGNORECASE)
"""Classes of elements that are cards where they are inside a paragraph."""
_ROLES = frozenset(("tooltip", "dialog", "alertdialog"))
"""Values of the attribute `role` for such elements."""
_IDEOGRAPH = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uff60\uff62-\uffef\U00020000-\U0003ffff"
"""Characters of Chinese and Japanese, and their marks. Korean has spaces between its words."""
_JOINED_LINES = re.compile(rf"(?<=[{_IDEOGRAPH}])\s*{LINE}\s*|\s*{LINE}\s*(?=[{_IDEOGRAPH}])")
"""The end of a line beside such a character, where no space belongs."""
_WRAPPED = re.compile(rf"(?<=[{_IDEOGRAPH}])[ \t\r]*\n\s*(?=[{_IDEOGRAPH}])")
"""The end of a line of markup between two such characters, which browsers show as nothing."""


def holds_text(element: _Element, tag: str) -> bool:
    """Return whether a figure has a table or a quotation, and a caption the author of one."""
    if tag == "figcaption":
        above = element.getparent()
        return above is not None and next(above.iter("blockquote"), None) is not None
    return tag == "figure" and next(element.iter("table", "blockquote"), None) is not None


def is_word(element: _Element, tag: str) -> bool:
    """Return whether a button is a word of the sentence around it, which shows its meaning."""
    above, before = element.getparent(), element.getprevious()
    if tag != "button" or above is None or above.tag != "p":
        return False
    left = (above.text if before is None else before.tail) or ""
    return (
        left[-1:].isspace() and left.strip()[-1:].isalnum() and bool((element.tail or "").strip())
    )


def is_unseen(element: _Element) -> bool:
    """Return whether an inline element is hidden, or is a card or a tooltip beside the sentence."""
    if element.get("hidden") is not None or element.get("role") in _ROLES:
        return True
    classes, style = element.get("class"), element.get("style")
    if (
        classes
        and _CARD.search(classes[:500])
        and next(element.iterancestors("p"), None) is not None
    ):
        return True
    if style and "display:none" in style.replace(" ", ""):
        return True
    return bool(classes) and _names_unseen(classes)


@lru_cache(1 << 12)
def _names_unseen(classes: str) -> bool:
    """Return whether classes say that an element is unseen. Cached: a site has few of them."""
    return bool(_UNSEEN.search(classes[:500]))


def unwrapped(text: str) -> str:
    """Return a text of the markup without the ends of its lines between Chinese and Japanese
    characters. Those beside tags stay: newsrooms mean a space there."""
    return _WRAPPED.sub("", text) if "\n" in text and not text.isascii() else text


def with_lines_joined(text: str) -> str:
    """Return the text of a block with its line breaks as spaces; between Chinese and Japanese
    characters without any."""
    if LINE in text and not text.isascii():
        text = _JOINED_LINES.sub("", text)
    return text.replace(LINE, "\n")
