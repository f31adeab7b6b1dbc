"""The only read path: from a request to hits with highlights, and suggestions for a better query.

service.py runs a request (request.py); hits.py holds its result. corrections.py ("did you mean"),
advice.py (for an empty result) and feedback.py (broadened queries) change or explain the query.
highlight.py and snippets.py make the texts that are shown; presentation.py joins them.
lookup.py, similar.py, suggestions.py and versions.py answer what is not a query.
"""
