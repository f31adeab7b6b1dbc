"""HTML fragments, which feeds and JSON contain, and the paragraphs of parsed markup."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import StringIO

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString, PageElement

from searcher.text.cleaning import clean_line

_CLOSED = "block closed"
"""A mark on the stack of `block_texts` for the end of a block element."""

_MARKUP = re.compile(
    r"</(?:p|div|a|b|i|em|strong|span|h\d|li|ul|figure|blockquote)>|<(?:br|p|img|div)\b[^<>]{0,500}>",
    re.I,
)
"""Markup that makes a string HTML. Other tags are more often a text about tags."""

_ELEMENT = re.compile(r"<(?:[\w.-]+:)?([A-Za-z][\w.-]*)")
_AFTER_SPACE = re.compile(r"\s*")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z]{2,8});", re.I)
_TAG = re.compile(r"<([A-Za-z][\w-]*)\s")
_ATTRIBUTE = re.compile(
    r"""\s+[^\s"'<>=][^\s"'>=]*(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'>][^\s>]*))?"""
)

_ATTRIBUTES = 50
"""Maximum number of attributes of an element that are kept where a page has absurdly many: parsers
compare each with all before it."""

_ENDLESS = 20_000
"""Length of a tag, in characters, from which on its attributes are left out: an embedded image, or
an attack on an extractor."""

NOT_TEXT = frozenset(
    "head title script style noscript template figure figcaption form button svg iframe nav aside "
    "footer select"
    " textarea".split()
)
"""Elements that are not part of a text."""

BLOCKS = frozenset(
    "p div li h1 h2 h3 h4 h5 h6 blockquote section article main body header br tr td th pre ul ol "
    "dl dt dd".split()
)
"""Elements that begin and end a paragraph."""

_NOT_BODY = re.compile("byline|author|caption|credit|share|comment", re.IGNORECASE)


def soup_of(text: str) -> BeautifulSoup:
    """Return the tree of a string that the caller knows to be markup."""
    sound = text.encode("utf-8", "replace").decode()
    # beautifulsoup4 warns of a string that looks like a file's name, but not of a stream; and of
    # one that begins with an XML declaration. Filters of warnings are shared by all threads.
    return BeautifulSoup(StringIO(f" {sound}" if sound.startswith("<?xml") else sound), "lxml")


def paragraphs_of(fragment: str) -> tuple[str, ...]:
    """Return the paragraphs of a string that contains markup; () for one without."""
    if not _MARKUP.search(fragment) and not _ENTITY.search(fragment):
        return ()
    return tuple(text for _, text in block_texts(soup_of(fragment)))


def plain_text(fragment: str) -> str:
    """Return `fragment` as one line without markup and entities."""
    if _MARKUP.search(fragment) or _ENTITY.search(fragment):
        return " ".join(text for _, text in block_texts(soup_of(fragment)))
    return fragment


def block_texts(root: Tag) -> list[tuple[str, str]]:
    """Return the texts of the block elements under `root`, each with the name of its element.

    Without recursion, since pages can nest deeper than Python's stack.
    """
    blocks: list[tuple[str, list[str]]] = [(root.name, [])]
    stack: list[PageElement | str] = [root]
    while stack:
        node = stack.pop()
        if isinstance(node, Tag):
            if node is not root and _is_aside(node):
                continue
            if node.name in BLOCKS:
                blocks.append((node.name, []))
                stack.append(_CLOSED)
            stack.extend(reversed(node.contents))
        elif node is _CLOSED:
            blocks.append(("", []))
        elif type(node) is NavigableString:
            blocks[-1][1].append(node)
    return [(name, text) for name, parts in blocks if (text := clean_line("".join(parts)))]


def _is_aside(element: Tag) -> bool:
    """Return whether an element is not part of the text: hidden, a caption, navigation."""
    hidden = "display:none" in str(element.get("style") or "").replace(" ", "").lower()
    return (
        element.name in NOT_TEXT
        or hidden
        or bool(_NOT_BODY.search(" ".join(element.get_attribute_list("class"))))
    )


def without_endless_tags(text: str) -> str:
    """Return a page without the attributes of absurdly long tags (`_ENDLESS`, `_ATTRIBUTES`)."""
    if text.count("=") > _ATTRIBUTES * (text.count("<") + _ATTRIBUTES):
        text = "".join(_with_few_attributes(text))
    # A part of that length without ">" has a whole step without one.
    step = _ENDLESS // 2
    if all(text.find(">", at, at + step) >= 0 for at in range(0, len(text) - step + 1, step)):
        return text
    return ">".join(
        _without_attributes(piece) if len(piece) >= _ENDLESS else piece for piece in text.split(">")
    )


def _with_few_attributes(text: str) -> Iterator[str]:
    """Yield the pieces of a page with only the first `_ATTRIBUTES` attributes of each tag."""
    done = 0
    while tag := _TAG.search(text, done):
        at, count, kept = tag.end(1), 0, tag.end(1)
        while attribute := _ATTRIBUTE.match(text, at):
            at, count = attribute.end(), count + 1
            kept = at if count <= _ATTRIBUTES else kept
        yield text[done:kept]
        done = at
    yield text[done:]


def _without_attributes(piece: str) -> str:
    """Return the text before a ">" without the attributes of the tag in it, if they are long."""
    tag = _TAG.search(piece)
    return piece[: tag.end(1)] if tag and len(piece) - tag.end() >= _ENDLESS else piece


def root_element(head: bytes) -> str:
    """Return the local name of the first element of markup, in lower case; "" if text comes first.

    Declarations and comments before it are skipped, and a document type with its internal subset.
    """
    text = head.replace(b"\0", b"").decode("latin-1").lstrip("\xef\xbb\xbf\xff\xfe \t\r\n")
    at = 0
    while text.startswith(("<?", "<!"), at):
        if text.startswith("<!--", at):
            end = text.find("-->", at) + 3
        elif text.startswith("<?", at):
            end = text.find("?>", at) + 2
        else:
            bracket, close = text.find("[", at), text.find(">", at)
            subset_end = text.find("]", bracket) if 0 <= bracket < close else at
            end = text.find(">", subset_end) + 1
        if end <= at:
            return ""
        at = _AFTER_SPACE.match(text, end).end()  # type: ignore[union-attr]
    match = _ELEMENT.match(text, at)
    return match.group(1).lower() if match else ""
