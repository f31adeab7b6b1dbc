"""Tables of data: each row is one block, with its cells side by side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from searcher.sources.page.blocks import Block, PageOutline, key_of
from searcher.text.cleaning import size_of

ROW = "tr"
"""Tag of the block of a row."""
BETWEEN = " · "
"""Text between two cells of a row."""
_LONGEST_CELL = 120
"""Maximum size of a cell of data, in characters; longer ones are columns of a layout."""
_LINKED = 0.5
"""Maximum share of links in a table; more is a menu."""
_LEVELS = 4
"""Number of elements around a block in which its row is looked for: a cell may hold a paragraph."""
_FEWEST_CELLS = 2
"""Minimum number of cells in a row. A row of one is a heading or a layout."""


def with_rows(outline: PageOutline) -> PageOutline:
    """Return the outline with the cells of each row of data as one block.

    A table is one of data if its cells are short and few of them are links.
    """
    if not any(node.tag == ROW for node in outline.nodes):
        return outline
    layout = _layouts(outline)
    blocks: list[Block] = []
    for row, cells in groupby(outline.blocks, key=lambda block: _row_of(outline, block)):
        some = list(cells)
        count = len({_cell_of(outline, cell) for cell in some}) if row >= 0 else 0
        fits = count >= _FEWEST_CELLS and _table_of(outline, row) not in layout
        blocks += [_joined(some, row)] if fits else some
    numbered = (replace(block, index=number) for number, block in enumerate(blocks))
    return replace(outline, blocks=tuple(numbered))


def _row_of(outline: PageOutline, block: Block) -> int:
    """Return the node of the row that a block is in; -1 for none."""
    for level, node in enumerate(outline.up(block.node)):
        tag = outline.nodes[node].tag
        if tag == ROW:
            return node
        if level >= _LEVELS or tag in ("table", "article", "body"):
            break
    return -1


def _cell_of(outline: PageOutline, block: Block) -> int:
    """Return the node of the cell that a block of a row is in."""
    up = outline.up(block.node)
    return next((node for node in up if outline.nodes[node].tag in ("td", "th")), block.node)


def _table_of(outline: PageOutline, row: int) -> int:
    """Return the node of the table around a row; -1 for none."""
    return next((node for node in outline.up(row) if outline.nodes[node].tag == "table"), -1)


def _layouts(outline: PageOutline) -> set[int]:
    """Return the tables that are no data: with long cells, headings, other tables or many links."""
    found: set[int] = set()
    sizes: dict[int, list[float]] = {}
    for block in outline.blocks:
        for table in _tables_around(outline, block.node):
            linked, size = sizes.setdefault(table, [0.0, 0.0])
            sizes[table] = [linked + block.link_share * block.size, size + block.size]
            if block.size > _LONGEST_CELL or block.tag in ("h1", "h2", "h3"):
                found.add(table)
    found |= {table for table, (linked, size) in sizes.items() if linked > _LINKED * size}
    for number, node in enumerate(outline.nodes):
        if node.tag == "table":
            found |= set(_tables_around(outline, outline.nodes[number].parent))
    return found


def _tables_around(outline: PageOutline, node: int) -> Iterator[int]:
    """Yield the tables around a node."""
    return (above for above in outline.up(node) if outline.nodes[above].tag == "table")


def _joined(cells: Sequence[Block], row: int) -> Block:
    """Return the cells of a row as one block."""
    text = BETWEEN.join(cell.text for cell in cells)
    size = sum(cell.size for cell in cells) or 1
    share = sum(cell.link_share * cell.size for cell in cells) / size
    return Block(cells[0].index, ROW, text, row, size_of(text), share, key_of(text))
