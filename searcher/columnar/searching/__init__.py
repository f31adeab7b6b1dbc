"""The evaluation of a search on all segments of a generation.

Lower modules first:

    conditions    the tree of a search
    sets, accumulator
                  sets of documents; arrays that searches reuse
    view          values that searches on one generation share
    term_tables, term_lists, known_leaves
                  terms looked up in all segments, and what is kept of them
    counting, proximity
                  the occurrences of a leaf, and of several beside each other
    leaf, listed_leaf
                  a leaf: its postings, counts and bounds; the same, read by kernels
    absence, evaluator
                  conditions that nothing meets; the documents that match, and their scores
    pruning       the best documents, without scoring most
    rescoring     extra score of the best documents
    ordering, distributions
                  a page of the result; counts by value
    narrowing     the documents that count
    shared_values, grouping, sharing
                  documents with one value; one hit for each group; documents that resemble a text
    scan_plan, leaf_tables, scan
                  a search in one pass, by kernels: what its leaves do, where they lie, the pass
    collector     a whole search
"""
