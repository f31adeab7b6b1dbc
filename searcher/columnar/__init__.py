"""Whoosh segments as memory-mapped arrays, written in bounded memory and searched by whole lists at
a time.

`ColumnarWriter` writes an index and `ColumnarCodec` lets Whoosh read it; `View` and `search` answer
queries made of `nodes` on a reader. The package knows Whoosh and numpy, and nothing of what is
indexed.

    segment_file  arrays and their checksums in one file
    storage       files that have reached the disk
    arrays, gaps  lists of lists; lists of numbers in few bytes
    lists         inverted lists while they are written
    dictionary    the terms of a field as they are read
    postings      inverted lists as they are read
    rows          postings collected as Whoosh gives them
    chunks, words postings of whole texts
    stored        stored fields
    columns       values by document
    builder       a segment in the making
    combine       lists of several segments made into one
    merge, tiers  segments made into one, and which
    nodes         what can be asked
    view          what the queries on a generation share
    counting      where and how often a leaf occurs
    leaf          a leaf: its postings, counts and bounds
    evaluator     which documents match and what they score
    pruning       the best, without scoring most
    collector     their order, totals, distributions
    sets          sets of documents
    scoring       formulas
    similar       terms that may be close to a word
    writer        all of the writing
    parallel      the same in several processes
    codec, readers, matcher, fields, segment: Whoosh's interfaces
"""
