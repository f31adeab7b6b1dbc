"""Whoosh segments as memory-mapped arrays, written in bounded memory and searched by whole lists at a time.

`ColumnarWriter` writes an index and `ColumnarCodec` lets Whoosh read it; `View` and `search` answer queries made of
`nodes` on a reader. The package knows Whoosh and numpy, and nothing of what is indexed.

    segment_file  arrays and their checksums in one file        evaluator  which documents match and what they score
    gaps          lists of numbers in few bytes                 counting   where and how often a leaf occurs
    postings      inverted lists, written and read              sets       sets of documents
    words, rows   postings while they are collected             collector  the best, their order, totals, distributions
    stored        stored fields                                 view       what the queries on a generation share
    columns       values by document                            nodes      what can be asked
    builder       a segment in the making                       similar    terms that may be close to a word
    merge         segments made into one, and when              codec, readers, matcher, fields: Whoosh's interfaces
    writer        all of the writing                            storage    files that have reached the disk
"""
