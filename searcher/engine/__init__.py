"""Indexes of articles behind the Engine protocol: in memory, and in a Whoosh index on disk."""
