"""Rows of like records on a page: comments, teasers of other articles, boxes of a margin.

A record holds a text and something short beside it: a name and a time, a linked title, a button.
Where the page has text of its own outside of such rows, they are not part of the article. Sections
under headings, and the entries of running reports, look like records and are part of it.

On the 123 saved pages of `make bench-reading` most of these constants can be halved or doubled with
the same F1 (.979), so those pages do not decide them; figures in brackets are the exceptions.
tests/test_sources_bodies.py has the cases.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from statistics import fmean
from typing import Literal

from searcher.sources.page.blocks import HEADINGS, Block, PageOutline

Kind = Literal["teaser", "talk", "box", ""]
"""The kind of a record: a teaser of another article, a comment, a box of the margin; "" for none of
them."""

_FEWEST = 3
"""Minimum number of records in a row. (1: F1 .978.)"""
_SHARE = 0.6
"""Minimum share of a row that is of one kind."""
_TEXT = 40
"""Minimum size of a record's text, in characters."""
_SCRAP = 80
"""Maximum size of something short beside the text, in characters."""
_TITLE = 20
"""Minimum size of a linked title, in characters."""
_LINKED = 0.5
"""A block with at least this share of linked text counts as a link."""
_TEXTS_OF_TEASERS = 3
"""Maximum number of texts in a teaser or box; more are a section of the article. (6: F1 .975.)"""
_BLOCKS = 60
"""Maximum number of blocks in a record. A larger one is a section of the page."""
_TEASER = 200
"""Maximum size of the texts of teasers inside the article's own element, in characters on average.
Longer ones are parts of the article."""
_OWN_TEXT: dict[Kind, int] = {"teaser": 80, "talk": 250, "box": 400}
"""Minimum size of the page's own text, in characters, for a row of each kind to be excluded. It is
larger for kinds that are easier confused with the article."""
_OWN_SHARE_OF_BOXES = 0.4
"""Minimum size of the page's own text as a share of the text in a row of boxes, for the row to be
excluded."""
_SENTENCE_END = re.compile(r"[.!?…。！？»”“\"')\]]\s*$")
"""The end of a sentence, perhaps with closing marks."""
_MOMENT = re.compile(r"^\D.*\d|^\d+\s?[^\W\d_]{1,12}(?:\s[^\W\d_]{1,12}){0,3}$")
"""The line beside a comment, "Ann, 3 May" or "3 hours ago", but not the number of an item."""
_RUNNING = frozenset("live liveblog liveticker ticker timeline update updates minute".split())
"""Names of elements that hold a running report."""


def blocks_in_rows(outline: PageOutline, titles: Collection[str]) -> set[int]:
    """Return the indexes of the blocks in rows of records beside the article.

    titles: keys of the page's titles and headings; the first block with one of them begins the
        page's own text.
    """
    rows = list(_rows(outline))
    if not rows:
        return set()
    within = {at for _, blocks in rows for at in blocks}
    own = [block for block in _own_text(outline, titles) if block.index not in within]
    size = sum(block.size for block in own)
    around = _articles_around(outline)
    articles = Counter[int]()
    for block in own:
        articles[around[block.node]] += block.size
    found: set[int] = set()
    for kind, blocks in rows:
        texts = [outline.blocks[at].size for at in blocks if outline.blocks[at].size >= _TEXT]
        least = float(_OWN_TEXT[kind])
        if kind == "box":
            least = max(least, _OWN_SHARE_OF_BOXES * sum(texts))
        article = around[outline.blocks[blocks[0]].node]
        # Teasers inside the article's own element are few and short; other rows are its sections.
        is_talk = kind == "talk" and not (
            sum(texts) < articles[article] and _are_answered(outline.blocks[at] for at in blocks)
        )
        is_part = is_talk or (
            kind != "talk" and (fmean(texts) > _TEASER or sum(texts) > articles[article])
        )
        part = article >= 0 and articles[article] >= least and is_part
        if size >= least and not part:
            found.update(blocks)
    return found


def _are_answered(blocks: Iterable[Block]) -> bool:
    """Return whether the records of a row have the same short link, such as "Reply"."""
    links = Counter(
        block.key for block in blocks if block.link_share >= _LINKED and block.size < _TITLE
    )
    return any(count >= _FEWEST for count in links.values())


def _articles_around(outline: PageOutline) -> list[int]:
    """Return by node the innermost article element around it, or itself; -1 for none."""
    found: list[int] = []
    for number, node in enumerate(outline.nodes):
        found.append(
            number if node.tag == "article" else found[node.parent] if node.parent >= 0 else -1
        )
    return found


def _own_text(outline: PageOutline, titles: Collection[str]) -> Iterator[Block]:
    """Yield the blocks behind the headline that look like text and that no name excludes."""
    excluded: list[bool] = []
    for node in outline.nodes:
        excluded.append(bool(node.excluding) or (node.parent >= 0 and excluded[node.parent]))
    start = next(
        (block.index for block in outline.blocks if block.tag == "h1" or block.key in titles), 0
    )
    for block in outline.blocks[start + 1 :]:
        fits = (
            block.size >= _TEXT
            and block.link_share < _LINKED
            and bool(_SENTENCE_END.search(block.text))
        )
        if fits and not excluded[block.node]:
            yield block


def _rows(outline: PageOutline) -> Iterator[tuple[Kind, list[int]]]:
    """Yield the outermost rows of records: the kind of each, and the indexes of its blocks."""
    nodes = outline.nodes
    children: defaultdict[int, list[int]] = defaultdict(list)
    for number, node in enumerate(nodes):
        children[node.parent].append(number)
    ranges = _ranges(outline)
    done = -1
    for parent in sorted(children):
        if len(children[parent]) < _FEWEST or (parent >= 0 and ranges[parent].stop <= done):
            continue
        for row in _alike(outline, children[parent]):
            fit = [number for number in row if len(ranges[number]) <= _BLOCKS]
            kinds = {number: _kind([outline.blocks[at] for at in ranges[number]]) for number in fit}
            if len(kinds) < _FEWEST:
                continue
            kind, count = Counter(kinds.values()).most_common(1)[0]
            if (
                kind
                and count >= max(_FEWEST, _SHARE * len(row))
                and not _is_running(outline, row[0])
            ):
                yield kind, [at for number in fit if kinds[number] for at in ranges[number]]
                done = max(done, ranges[row[-1]].stop)


def _ranges(outline: PageOutline) -> list[range]:
    """Return by node the indexes of the blocks in it.

    They follow each other, as nodes and blocks are both in the order of the document.
    """
    count = len(outline.nodes)
    first, last = [len(outline.blocks)] * count, [0] * count
    for block in outline.blocks:
        first[block.node] = min(first[block.node], block.index)
        last[block.node] = max(last[block.node], block.index + 1)
    for number in range(count - 1, 0, -1):
        parent = outline.nodes[number].parent
        if parent >= 0:
            first[parent] = min(first[parent], first[number])
            last[parent] = max(last[parent], last[number])
    return [range(start, stop) for start, stop in zip(first, last, strict=True)]


def _alike(outline: PageOutline, numbers: list[int]) -> Iterator[list[int]]:
    """Yield the children of a node that share their tag and a class, or have no class."""
    by_tag: defaultdict[str, list[int]] = defaultdict(list)
    for number in numbers:
        by_tag[outline.nodes[number].tag].append(number)
    for same in by_tag.values():
        if len(same) < _FEWEST:
            continue
        classes = Counter(
            name for number in same for name in outline.nodes[number].classes or ("",)
        )
        name, _ = max(classes.items(), key=lambda pair: (pair[1], pair[0]))
        row = [number for number in same if name in (outline.nodes[number].classes or ("",))]
        if len(row) >= _FEWEST:
            yield row


def _kind(blocks: list[Block]) -> Kind:
    """Return the kind of a record; "" if it is none."""
    texts = [
        block
        for block in blocks
        if block.size >= _TEXT and block.link_share < _LINKED and block.tag not in HEADINGS
    ]
    links = [block for block in blocks if block.link_share >= _LINKED]
    if not texts or len(blocks) == len(texts):
        return ""
    short = len(texts) <= _TEXTS_OF_TEASERS
    if short and any(block.tag in HEADINGS or block.size >= _TITLE for block in links):
        return "teaser"
    if any(block.tag in HEADINGS for block in blocks):
        return "box" if links and short else ""
    scraps = [
        block for block in blocks if block.size < _SCRAP and not _SENTENCE_END.search(block.text)
    ]
    return "talk" if any(_MOMENT.search(block.text) for block in scraps) else ""


def _is_running(outline: PageOutline, number: int) -> bool:
    """Return whether a node is in a running report."""
    return any(outline.nodes[above].words & _RUNNING for above in outline.up(number))
