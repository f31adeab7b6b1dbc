"""Whoosh segments as memory-mapped arrays, written in bounded memory and searched by whole lists at a time.

`ColumnarWriter` writes an index and `ColumnarCodec` lets Whoosh read it; `View` and `search` answer queries made of
`nodes` on a reader. The package knows Whoosh and numpy, and nothing of what is indexed.

    segment_file  arrays and their checksums in one file        nodes      what can be asked
    storage       files that have reached the disk              view       what the queries on a generation share
    arrays, gaps  lists of lists; lists of numbers in few bytes counting   where and how often a leaf occurs
    lists         inverted lists while they are written         leaf       a leaf: its postings, counts and bounds
    dictionary    the terms of a field as they are read         evaluator  which documents match and what they score
    postings      inverted lists as they are read               pruning    the best, without scoring most
    rows          postings collected as Whoosh gives them       collector  their order, totals, distributions
    chunks, words postings of whole texts                       sets       sets of documents
    stored        stored fields                                 scoring    formulas
    columns       values by document                            similar    terms that may be close to a word
    builder       a segment in the making                       writer     all of the writing
    combine       lists of several segments made into one       parallel   the same in several processes
    merge, tiers  segments made into one, and which             codec, readers, matcher, fields, segment: Whoosh's
"""
