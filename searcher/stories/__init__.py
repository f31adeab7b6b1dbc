"""Stories: articles that print one text or report one event.

copies: articles that print the same text, and versions of one by its own outlet.
placing: the places of articles among the stories, from verdicts about pairs of articles.
comparison: how two texts differ; with words, name_spellings, sentences, blocks, edits, rows, parts,
    figures, quotes, summary and merged.

Nothing here reads files or writes an index. Each decision is a value with its reason.
"""
