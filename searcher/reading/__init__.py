"""From raw files to articles.

raw_store: files, decompressed and bounded. archive_format, fetched: the web archives that refreshes
write, and the articles in them. normalise: Document to Article. articles: all of it in order, in
several processes. explain: articles with all that their file states.
"""
