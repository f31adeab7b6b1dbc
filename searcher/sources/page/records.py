"""Rows of like records on a page: comments, teasers of other articles, boxes of a margin.

A record holds a text and something short beside it: who wrote it and when, a linked title, a
button. Where the page has text of its own outside of such rows they are none of the article's.
Sections under headings, and the entries of running reports, look like records and are not.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from statistics import fmean
from typing import Literal

from searcher.sources.page.blocks import HEADINGS, Block, Outline

Kind = Literal["teaser", "talk", "box", ""]

_FEWEST, _SHARE = 3, 0.6
"""Records in a row, and the share of it that has to be of one kind."""
_TEXT, _SCRAP, _TITLE = 40, 80, 20
"""Characters that a text has at least, something beside it at most, and a linked title at least."""
_LINKED = 0.5
_TEXTS_OF_TEASERS, _BLOCKS = 3, 60
"""Texts of a teaser, and blocks of any record, at most."""
_TEASER = 200
"""Characters that the text of a teaser has at most on average."""
_OWN_TEXT: dict[Kind, int] = {"teaser": 80, "talk": 250, "box": 400}
"""Characters of the page's own text beside which a row of records is not the article."""
_OWN_SHARE_OF_BOXES = 0.4
_SENTENCE_END = re.compile(r"[.!?…。！？»”“\"')\]]\s*$")
_MOMENT = re.compile(r"^\D.*\d|^\d+\s?[^\W\d_]{1,12}(?:\s[^\W\d_]{1,12}){0,3}$")
"""What is beside a comment, but not the number of an item: "Ann, 3 May", "3 hours ago"."""
_RUNNING = frozenset("live liveblog liveticker ticker timeline update updates minute".split())


def records_of(outline: Outline, titles: set[str]) -> set[int]:
    """The numbers of the blocks that stand in rows of records beside the article.

    titles: keys of what the page calls itself; its own text comes after the first block that is one
    of them.
    """
    rows = list(_rows(outline))
    if not rows:
        return set()
    within = {at for _, blocks in rows for at in blocks}
    own = [block for block in _own_text(outline, titles) if block.at not in within]
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
        # In the article's own element there are few and short texts about other articles: others
        # are its parts.
        is_part = kind == "talk" or fmean(texts) > _TEASER or sum(texts) > articles[article]
        part = article >= 0 and articles[article] >= least and is_part
        if size >= least and not part:
            found.update(blocks)
    return found


def _articles_around(outline: Outline) -> list[int]:
    """By node the innermost article element that it is or stands in, -1 for none."""
    found: list[int] = []
    for number, node in enumerate(outline.nodes):
        found.append(
            number if node.tag == "article" else found[node.parent] if node.parent >= 0 else -1
        )
    return found


def _own_text(outline: Outline, titles: set[str]) -> Iterator[Block]:
    """The blocks behind the headline that look like text and that no name speaks against."""
    spoken_against: list[bool] = []
    for node in outline.nodes:
        spoken_against.append(
            bool(node.against) or (node.parent >= 0 and spoken_against[node.parent])
        )
    start = next(
        (block.at for block in outline.blocks if block.tag == "h1" or block.key in titles), 0
    )
    for block in outline.blocks[start + 1 :]:
        fits = (
            block.size >= _TEXT
            and block.linked < _LINKED
            and bool(_SENTENCE_END.search(block.text))
        )
        if fits and not spoken_against[block.node]:
            yield block


def _rows(outline: Outline) -> Iterator[tuple[Kind, list[int]]]:
    """The outermost rows of records, each with what they are and the numbers of their blocks."""
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


def _ranges(outline: Outline) -> list[range]:
    """By node the numbers of the blocks in it; they follow each other, for both are in the order of
    the document."""
    count = len(outline.nodes)
    first, last = [len(outline.blocks)] * count, [0] * count
    for block in outline.blocks:
        first[block.node] = min(first[block.node], block.at)
        last[block.node] = max(last[block.node], block.at + 1)
    for number in range(count - 1, 0, -1):
        parent = outline.nodes[number].parent
        if parent >= 0:
            first[parent] = min(first[parent], first[number])
            last[parent] = max(last[parent], last[number])
    return [range(start, stop) for start, stop in zip(first, last, strict=True)]


def _alike(outline: Outline, numbers: list[int]) -> Iterator[list[int]]:
    """Of the children of a node those that share their tag and a class, or have none."""
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
    """What a record is; "" for what is none."""
    texts = [
        block
        for block in blocks
        if block.size >= _TEXT and block.linked < _LINKED and block.tag not in HEADINGS
    ]
    links = [block for block in blocks if block.linked >= _LINKED]
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


def _is_running(outline: Outline, number: int) -> bool:
    return any(outline.nodes[above].words & _RUNNING for above in outline.up(number))
