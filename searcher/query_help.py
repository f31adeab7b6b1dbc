"""The query language, a row for each thing one can write: shown by the page, checked against the README by a test."""

from __future__ import annotations

from typing import NamedTuple


class Row(NamedTuple):
    """An example and what it finds."""

    example: str
    finds: str


ROWS = (
    Row(
        "putin lukashenko missiles", "any of the words, in all their inflections; articles with more of them come first"
    ),
    Row('"fully occupied"', "the words one after the other, as written; case and accents do not count"),
    Row('"missiles belarus"~5', "the words in any order with at most 5 other words among them"),
    Row("+putin missiles", "articles that have putin; missiles adds to the score"),
    Row("putin -football", "putin, but not football; NOT football is the same"),
    Row("kyiv OR kiev", "either word; OR binds tighter than standing side by side"),
    Row("putin AND lukashenko", "both words are required, as with +"),
    Row("(kyiv OR kiev) drone", "parentheses group"),
    Row("match:all grain export deal", "only articles that have all the words"),
    Row("sever*", "words that begin with sever"),
    Row("zelensky~", "words at most one letter away: an error, or another spelling; ~2 for two"),
    Row("=strike", "this form only, not strikes or striking"),
    Row("title:belarus", "in the headline; body: looks in the text below it"),
    Row('author:"jane doe"', "by this author"),
    Row("source:guardian", "from this outlet, by name or domain"),
    Row("section:sport", "from this section"),
    Row("lang:fr", "in French; lang:en,fr for either. Words are then read in that language only"),
    Row("url:bbc.co.uk/news", "from addresses that contain this"),
    Row(
        "after:2022-06-01", "published on that day or later; a month (2022-06) or year (2022) counts from its beginning"
    ),
    Row("before:2022-07", "published before that day, month or year begins"),
    Row("on:2022-06-26", "published in that day, month or year"),
    Row("after:7d", "in the last 7 days; also w, m and y, and the words today and yesterday"),
)
