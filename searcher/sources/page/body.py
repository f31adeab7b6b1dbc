"""The article's body among the blocks of a page.

One element holds the article: the one whose paragraphs weigh most against its links, scraps and
asides. In it the paragraphs of an article are of the same kind (tag, classes, parent); what differs
from them was put between. Names of classes and ids only help, and a name that covers most of the
text means something else on that page.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from itertools import islice

from searcher.sources.page.blocks import ASIDE, HEADINGS, Block, Outline
from searcher.sources.page.element_names import NONE, Words, vocabulary
from searcher.sources.page.records import records_of

PARDON, PARDON_TALK, PARDON_FRAME = 0.45, 0.7, 0.9
"""The share of the text that a word against it must cover to mean something else here."""
MAIN_SHARE = 0.2
"""The share of the text that a kind of element, or a parent, must hold to be one of the article's
own."""
STRICT_SHARE = 0.7
"""The share of the text in elements of the article's own kinds above which nothing else is let
in."""
_ANCHORED_SIZE, _HEADED_SIZE, _ANCHORED_SHARE = 400, 200, 0.5
_FRAME = vocabulary("consent") | {ASIDE + "nav", ASIDE + "footer"}
_OUTSIDE, _RECORD = "outside", "record"
_FIRST_ARTICLE_SIZE, _FIRST_ARTICLE_SHARE = 600, 0.25
_SENTENCE_END = re.compile(r"[.!?…:;。！？।»”“\"'’)\]]\s*$")
_CELLS = frozenset("td th dt dd h1".split())
_PROSE = frozenset("p blockquote pre".split())
_LINKED, _LONG_LINK = 0.5, 300
_REPEATS, _SHORT = 3, 40
_TWIN_SIZE, _TWIN_CUT, _TWIN_SHARE, _TWINS_LOOKED_AT, _TWIN_TEXT = 800, 50, 0.6, 50, 300_000

_Kind = tuple[str, Words, Words]
"""Tag and classes of the element that holds a block, and the classes of its parent."""


def body_of(outline: Outline, titles: set[str], is_running: bool = False) -> list[Block]:
    """The blocks of the article on a page, in order, without its headline; [] where there is none.

    titles: keys of what the page calls itself, to leave out. is_running: whether it is a running
    report, whose entries may be articles of their own.
    """
    if not outline.blocks:
        return []
    _judge(outline, records_of(outline, titles))
    container = _container(outline)
    inside = outline.within(container if is_running else _article_in(outline, container))
    blocks = [block for block in outline.blocks if inside[block.node] and not block.against]
    kinds = _Kinds(outline, blocks)
    times = Counter(block.key for block in blocks)
    kept = [
        block
        for block in blocks
        if block.key not in titles
        and (times[block.key] < _REPEATS or block.size < _SHORT)
        and _is_text(block, kinds)
    ]
    return _without_repeats(_without_bare_headings(kept, outline, kinds))


def _judge(outline: Outline, records: set[int]) -> None:
    """Says of each block for which word it is no body: one of the names around it, unless that is
    pardoned.

    records: numbers of blocks that are none for their place.
    """
    nodes = outline.nodes
    goods = [block for block in outline.blocks if block.good and block.at not in records]
    held = sum(block.size for block in goods if nodes[block.node].is_article)
    headed = any(block.tag == "h1" and nodes[block.node].is_article for block in outline.blocks)
    enough = held >= _ANCHORED_SHARE * sum(block.size for block in goods) or headed
    anchored = held >= (_HEADED_SIZE if headed else _ANCHORED_SIZE) and enough
    around: list[Words] = []
    for node in nodes:
        above = around[node.parent] if node.parent >= 0 else NONE
        around.append(above | node.against if node.against else above)
    covered: Counter[str] = Counter()
    total = 0
    for block in goods:
        if not anchored or nodes[block.node].is_article:
            total += block.size
            for word in around[block.node]:
                covered[word] += block.size
    talk = vocabulary("talk")
    least = {
        word: PARDON_FRAME if word in _FRAME else PARDON_TALK if word in talk else PARDON
        for word in covered
    }
    pardoned = {word for word, size in covered.items() if size >= least[word] * total}
    against: list[str] = []
    for node in nodes:
        own = node.against - pardoned
        against.append(min(own) if own else against[node.parent] if node.parent >= 0 else "")
    for block in outline.blocks:
        outside = anchored and not nodes[block.node].is_article
        block.against = against[block.node] or (
            _OUTSIDE if outside else _RECORD if block.at in records else ""
        )


def _container(outline: Outline) -> int:
    """The node with the best sum: paragraphs count for it; links, what is judged no body, and
    scraps against it."""
    values = [0.0] * len(outline.nodes)
    for block in outline.blocks:
        values[block.node] += _worth(block)
    for number in range(len(values) - 1, 0, -1):
        parent = outline.nodes[number].parent
        if parent >= 0:
            values[parent] += values[number]
    best = max(range(len(values)), key=lambda number: (values[number], number))
    return _parent_of_several(outline, best)


def _worth(block: Block) -> float:
    if block.against:
        return -0.3 * min(block.size, 200)
    if block.good:
        return block.size * (1 - block.linked)
    if block.linked >= 0.4:
        return -min(block.size, 100) - 10.0
    return block.size * 0.3 if block.tag in ("p", "li") or block.tag in HEADINGS else -10.0


def _parent_of_several(outline: Outline, best: int) -> int:
    """The parent of a node that is only one of several paragraphs of its kind."""
    node = outline.nodes[best]
    if node.parent < 0 or not any(block.node == best for block in outline.blocks):
        return best
    alike = 0
    for block in outline.blocks:
        other = outline.nodes[block.node]
        same = (
            other.parent == node.parent and other.tag == node.tag and other.classes == node.classes
        )
        alike += same and block.good and not block.against
    return node.parent if alike > 1 else best


def _article_in(outline: Outline, container: int) -> int:
    """Of several article elements in the container the one with the headline, if it holds much of
    the text: pages that scroll on without end have more articles below."""
    tops = [-1] * len(outline.nodes)
    inside = outline.within(container)
    for number, node in enumerate(outline.nodes):
        if inside[number] and number != container:
            above = tops[node.parent]
            tops[number] = above if above >= 0 else (number if node.tag == "article" else -1)
    sizes: Counter[int] = Counter()
    for block in outline.blocks:
        if inside[block.node] and not block.against and block.good:
            sizes[tops[block.node]] += block.size
    headed = {tops[block.node] for block in outline.blocks if block.tag == "h1"}
    least = max(_FIRST_ARTICLE_SIZE, _FIRST_ARTICLE_SHARE * sizes.total())
    found = (
        number
        for number, size in sizes.items()
        if number >= 0 and size >= least and number in headed
    )
    return next(found, container) if len(sizes) > 1 else container


class _Kinds:
    """The kinds of element, and the parents, that hold the article's text."""

    def __init__(self, outline: Outline, blocks: Iterable[Block]) -> None:
        self._outline = outline
        homes: Counter[int] = Counter()
        kinds: Counter[_Kind] = Counter()
        goods = [block for block in blocks if block.good]
        for block in goods:
            kinds[self._kind(block)] += block.size
            homes[block.node] += block.size
            homes[outline.nodes[block.node].parent] += block.size
        total = sum(block.size for block in goods) or 1
        self._mains = [kind for kind, size in kinds.items() if size >= MAIN_SHARE * total]
        self._main_classes = frozenset[str]().union(*(own | above for _, own, above in self._mains))
        self._alike: dict[_Kind, bool] = {}
        self.holders = set(homes)
        self.homes = {node for node, size in homes.items() if size >= MAIN_SHARE * total}
        self.strict = sum(block.size for block in goods if self.has(block)) >= STRICT_SHARE * total

    def _kind(self, block: Block) -> _Kind:
        outline = self._outline
        return (
            block.tag,
            outline.classes(block.node),
            outline.classes(outline.nodes[block.node].parent),
        )

    def alike(self, block: Block) -> bool:
        """Whether a block stands in the same kind of element as much of the text."""
        kind = self._kind(block)
        if kind not in self._alike:
            self._alike[kind] = any(_are_alike(kind, main) for main in self._mains)
        return self._alike[kind]

    def has(self, block: Block) -> bool:
        """Whether a block is one of the article's own."""
        return (
            self.alike(block)
            or self._outline.nodes[block.node].parent in self.homes
            or block.node in self.homes
        )

    def has_list(self, block: Block) -> bool:
        """Whether the list of an item stands where the text stands."""
        nodes = self._outline.nodes
        above = list(islice(self._outline.up(block.node), 1, 4))
        holder = next(
            (number for number in above if nodes[number].tag in ("ul", "ol")),
            above[0] if above else -1,
        )
        parent = nodes[holder].parent if holder >= 0 else -1
        return parent in self.homes or bool(self._outline.classes(parent) & self._main_classes)

    def quotes(self, block: Block) -> bool:
        nodes = self._outline.nodes
        return any(
            nodes[number].tag == "blockquote" for number in islice(self._outline.up(block.node), 3)
        )


def _are_alike(first: _Kind, second: _Kind) -> bool:
    """Whether two kinds have a class in common; where neither has any, those of their parents
    count."""
    (tag, own, above), (other_tag, other_own, other_above) = first, second
    if tag != other_tag or own or other_own:
        return tag == other_tag and bool(own & other_own)
    return bool(above & other_above) or not (above or other_above)


def _is_text(block: Block, kinds: _Kinds) -> bool:
    if (block.linked >= _LINKED and block.size < _LONG_LINK) or block.tag in _CELLS:
        return False
    if block.tag == "li":
        return kinds.has_list(block) or (block.size >= 25 and not kinds.strict)
    if block.tag in HEADINGS:
        return True
    if block.tag not in _PROSE and not _is_sentence(block, kinds):
        return False
    return not kinds.strict or kinds.has(block) or kinds.quotes(block)


def _is_sentence(block: Block, kinds: _Kinds) -> bool:
    """Whether text that stands straight in a div or the like reads like a paragraph, or stands
    where they do."""
    ends = bool(_SENTENCE_END.search(block.text))
    return (
        (block.size >= 60 and ends)
        or (block.size >= 20 and kinds.alike(block))
        or (block.node in kinds.holders and ends)
    )


def _without_bare_headings(blocks: list[Block], outline: Outline, kinds: _Kinds) -> list[Block]:
    """A heading needs text of the body after it."""
    kept = {block.at for block in blocks}
    found = []
    for number, block in enumerate(blocks):
        if block.tag in HEADINGS:
            if number + 1 == len(blocks):
                continue
            after = outline.blocks[block.at + 1]
            elsewhere = outline.nodes[block.node].parent not in kinds.homes
            if after.at not in kept and (
                after.linked >= _LINKED or (kinds.strict and not after.against and elsewhere)
            ):
                continue
        found.append(block)
    return found


def _without_repeats(blocks: list[Block]) -> list[Block]:
    """Of equal paragraphs the first; and without long ones whose text stands in the others, too."""
    whole = " ".join(block.key for block in blocks)[:_TWIN_TEXT]
    found: list[Block] = []
    seen: set[str] = set()
    looked_at = 0
    for block in blocks:
        if block.size >= _SHORT and block.key in seen:
            continue
        if len(block.key) >= _TWIN_SIZE and looked_at < _TWINS_LOOKED_AT:
            looked_at += 1
            if _stands_in(block.key, whole):
                continue
        seen.add(block.key)
        found.append(block)
    return found


def _stands_in(key: str, whole: str) -> bool:
    step = max(_TWIN_CUT, len(key) // 12)
    cuts = [key[at : at + _TWIN_CUT] for at in range(0, len(key) - _TWIN_CUT, step)]
    return sum(whole.count(cut) > 1 for cut in cuts) >= _TWIN_SHARE * len(cuts)
