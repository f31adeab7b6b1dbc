"""The manual of the query language: a row for each thing that one can write."""

from __future__ import annotations

from searcher.query.fields import FIELDS, Row

_SYNTAX = (
    Row(
        "grain ships odessa",
        "any of the words, in all their inflections; articles with more of them come first",
    ),
    Row(
        '"beacon on the black sea"',
        "the words one after the other, as written; case and accents do not count",
    ),
    Row('"wheat price"~5', "the words in any order with at most 5 other words among them"),
    Row("+grain wheat", "articles that have grain; wheat adds to the score"),
    Row("grain -wheat", "grain, but not wheat; NOT wheat is the same"),
    Row("odesa OR odessa", "either word; OR binds tighter than standing side by side"),
    Row("grain AND turkish", "both words are required, as with +"),
    Row("(odesa OR odessa) grain", "parentheses group"),
    Row("chandra*", "words that begin with chandra"),
    Row("zelensky~", "words at most one letter away: an error, or another spelling; ~2 for two"),
    Row("=ship", "this form only, not ships or shipping"),
)
"""Rows of what is written without a field."""

ROWS = (*_SYNTAX, *(row for field in FIELDS for row in field.rows))
"""All rows, in the order of the manual: the page, `searcher syntax` and the documentation show
them."""
