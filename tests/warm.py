"""Imported by the server of forks: what every process would else load for itself, which takes
longer than its work."""

from __future__ import annotations

from fakes import normalised, page

assert normalised().language == "en"
assert page().paragraphs
