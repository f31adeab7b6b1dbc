"""The only write path: runs of the indexer, the catalogue, and versions of articles."""
