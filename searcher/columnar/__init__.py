"""Whoosh segments as memory-mapped arrays: written in bounded memory, searched by whole lists.

`writing.writer.ColumnarWriter` writes an index, and `writing.codec.ColumnarCodec` lets Whoosh read
it. `searching.view.View` and `searching.collector.search` answer searches that are made of
`searching.conditions`. The package knows Whoosh and numpy, and nothing of news.

    constants, arrays, scoring
                  BM25's constants; lists of lists; the formulas of ranking
    columns, fields, segment
                  what Whoosh's table of contents names, so that it may not move: values by
                  document, field types, a segment
    files/        the file of a segment: its arrays, as they are laid out and read
    matcher, readers
                  Whoosh's interfaces to a segment
    late_columns  columns that are written after their segment
    writing/      texts inverted, segments written and merged
    searching/    conditions evaluated, counted and ranked
    whoosh_private
                  the private members of Whoosh that are used

Conventions of arrays, unless a docstring says otherwise:

- An array has one dimension.
- Documents are int64 numbers, ascending and distinct. They are numbered from 0 in a segment; in an
  index the segment's base is added. `view`, `leaf.IndexLeaf` and modules that import them use
  numbers of the index, all others numbers of a segment.
- Arrays that are given or returned together are parallel: element i of each belongs to the same
  document, posting or term.
- Lists of lists are laid end to end in one array. Their "ends" are cumulative sizes from 0, one
  more than there are lists: list i is [ends[i], ends[i + 1]).
- A mask is a bool for each document of a segment or an index.
- A term's number is its place in the field's dictionary, a posting's its place in the term's list.
- "Places" are indices into another array; -1 means that there is none.
"""
