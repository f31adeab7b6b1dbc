"""The query language, a row for each thing one can write: shown by the page, checked against the
README by a test."""

from __future__ import annotations

from typing import NamedTuple


class Row(NamedTuple):
    """An example and what it finds."""

    example: str
    finds: str


ROWS = (
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
    Row("match:all grain ships turkish", "only articles that have all the words"),
    Row("chandra*", "words that begin with chandra"),
    Row("zelensky~", "words at most one letter away: an error, or another spelling; ~2 for two"),
    Row("=ship", "this form only, not ships or shipping"),
    Row("title:nato", "in the headline; body: looks in the text below it"),
    Row('author:"leela menon"', "by this author"),
    Row("source:gazette", "from this outlet, by name or domain"),
    Row("section:science", "from this section"),
    Row(
        "changed:headline",
        "whose headline was changed after it appeared; changed:body for the text",
    ),
    Row("lang:fr", "in French; lang:en,fr for either. Words are then read in that language only"),
    Row("url:example.org/science", "from addresses that contain this"),
    Row(
        "after:2024-06-01",
        "published on that day or later; a month (2024-06) or year (2024) from its beginning",
    ),
    Row("before:2022-08", "published before that day, month or year begins"),
    Row("on:2023-04-04", "published in that day, month or year"),
    Row("after:10y", "in the last 10 years; also d, w and m, and the words today and yesterday"),
)
