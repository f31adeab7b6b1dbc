"""Stories: articles that print one text or report one event.

bodies: two bodies compared as runs of words.
copies: articles that print the same text, and versions of one by its own outlet.
profile, weights: the words, names and figures of an article, and how telling each is in an archive.
printings: articles that print a text again, which do not make its names frequent.
notices: texts of one form, filled in for other firms, places or days.
likeness: whether two articles of different texts report one event, and why.
clusters: the stories that an arriving article is of; with telling, by which articles to compare it
    with are searched, and linkage, for articles that are all known.
placing: the places of articles among the stories, from verdicts about pairs of articles.
provenance: whose text each article of a story has, as far as that can be told.
comparison: how two texts differ; with words, name_spellings, sentences, blocks, edits, rows, parts,
    figures, quotes, summary and merged.

Nothing here reads files or writes an index. Each decision is a value with its reason.
"""
