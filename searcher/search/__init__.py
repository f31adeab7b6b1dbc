"""The only read path: from a request to hits with highlights, and suggestions for a better query.

service.py runs a request (request.py); hits.py holds its result. corrections.py ("did you mean"),
advice.py (for an empty result) and relevance_model.py (broadened queries) change or explain the
query. highlight.py marks matches, in the parts of a text that text/run_table.py finds, or
chunk_lexicon.py where kernels are not loaded, and by their terms (run_pieces.py); snippets.py makes
hits, and passages.py the snippets that they show of a body (body.py), by kernels or as windows.py
defines them. lookup.py, similar.py, suggestions.py and versions.py answer what is not a query.
"""
