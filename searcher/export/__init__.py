"""Whole results of searches, written in the formats of other programs.

formats.py lists the formats of texts. table.py (CSV), json_formats.py (JSON lines, JSON Feed,
ninjs) and feeds.py (Atom, RSS) write them piece by piece from a `search.listing.WholeResult`;
statement.py says in each of them what is listed. raw_files.py copies the files that articles came
from. citations.py cites one article.
"""
