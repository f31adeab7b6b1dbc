"""The file of a segment: named arrays with checksums, and the values that they lay out.

Lower modules first:

    gaps, ends    ascending numbers, and the ends of lists, in few bytes
    segment_file  arrays and their checksums in one file
    storage       files that are synced to the disk
    bounds        upper bounds of scores
    lists         inverted lists as they are written
    dictionary, posting_lists, position_lists, postings
                  inverted lists as they are read
    stored        stored fields
    open_segment  a segment's file, opened for reading
"""
