"""Whoosh segments as memory-mapped arrays: written in bounded memory, searched by whole lists.

`ColumnarWriter` writes an index and `ColumnarCodec` lets Whoosh read it. `View` and `search` answer
searches made of `conditions` on a reader. The package knows Whoosh and numpy, and nothing of news.

Modules, lower ones first:

    constants     BM25's constants
    arrays, gaps  lists of lists; lists of numbers in few bytes
    accumulator   sums by document
    segment_file  arrays and their checksums in one file
    ends          ends in two bytes each
    storage       files that are synced to the disk
    fields        Whoosh's field types
    columns       values by document
    scoring       the formulas of ranking
    bounds        upper bounds of scores
    lists         inverted lists as they are written
    dictionary, posting_lists, position_lists, postings
                  inverted lists as they are read
    collected_postings
                  postings collected one by one
    chunks, inverter
                  texts analysed and inverted
    stored        stored fields
    builder       a segment before it is written
    matcher, readers, open_segment, segment, codec
                  Whoosh's interfaces to a segment
    merge_lists, merge, tiers
                  lists of several segments merged; segments merged; the choice of segments
    replacements  documents that others replace
    writer, parallel
                  the writer; the same in several processes
    whoosh_private
                  the private members of Whoosh that are used
    conditions    the tree of a search
    sets          sets of documents
    view          values that searches on one generation share
    counting      the occurrences of a leaf
    leaf          a leaf: its postings, counts and bounds
    evaluator     the documents that match, and their scores
    pruning       the best documents, without scoring most
    rescoring     extra score of the best documents
    ordering, distributions
                  a page of the result; counts by value
    collector     a whole search

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
