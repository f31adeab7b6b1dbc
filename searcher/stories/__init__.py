"""Stories: articles that print one text or report one event.

placing: the places of articles among the stories, from verdicts about pairs of articles.

Nothing here reads files or writes an index. Each decision is a value with its reason.
"""
