"""The writing of an index: texts are inverted in memory, written as segments, and merged.

Lower modules first:

    chunks, inverter
                  texts analysed and inverted
    builder       a segment before it is written
    collected_postings
                  postings collected one by one, as Whoosh gives them
    codec         how Whoosh writes and reads our segments
    merge_lists, merge, tiers
                  lists of several segments merged; segments merged; the choice of segments
    replacements  documents that others replace
    writer, parallel
                  the writer; the same in several processes
"""
