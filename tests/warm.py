"""Imported by the server of forks (see processes): loads the tables that every child process needs.

Loading them takes longer than the work of most child processes.
"""

from __future__ import annotations

from fakes import normalised, page

assert normalised().language == "en"
assert page().paragraphs
