"""The only read path: from a request to hits with highlights, and help for the searcher."""
