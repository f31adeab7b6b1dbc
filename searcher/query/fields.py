"""The fields of the query language, each declared once.

This table determines the names that the parser knows, the rows of the help, the terms that both
engines index, the schema on disk, and the name of an index's format.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from searcher.query.tree import Region


class Row(NamedTuple):
    """A row of the help."""

    example: str
    """A query, to be typed as it is."""
    finds: str
    """The articles that it finds."""


class Kind(Enum):
    """How the value of a field is read."""

    REGION = "region"
    """As words of a part of the text."""
    METADATA = "metadata"
    """As words of the article's metadata, one after the other."""
    LANGUAGE = "language"
    """As codes or names of languages."""
    DATE = "date"
    """As a date of publication."""
    VALUE = "value"
    """As a whole value of a facet."""
    STORY = "story"
    """As the id of an article."""
    STORY_SIZE = "story size"
    """As a number, a range, or a number with a comparison."""
    COPIES = "copies"
    """As "hide" or "show"."""
    MATCH = "match"
    """As "all" or "any", which says how many of the words are required."""


class Extract(Enum):
    """The part of an attribute's value that is indexed."""

    ALL = "all"
    """The whole value."""
    DOMAIN = "domain"
    """The domain of an address."""
    ADDRESS = "address"
    """An address without its scheme."""


class Naming(Enum):
    """The names whose other spellings a value also matches."""

    NONE = "none"
    """None: the words as typed only."""
    AGENCY = "agency"
    """Those of a wire service, by the table of services."""
    PLACE = "place"
    """Those of a place, by the table of names."""


class Value(NamedTuple):
    """An attribute of `Article`, a text or a tuple of texts, whose words a field holds."""

    attribute: str
    """Its name."""
    extract: Extract = Extract.ALL
    """The part of each text that is indexed."""


@dataclass(frozen=True, slots=True)
class QueryField:
    """A field of the query language, written as `name:value`."""

    name: str
    """Its name, in lower case."""
    kind: Kind
    """How its value is read."""
    rows: tuple[Row, ...] = ()
    """Its rows of the help."""
    values: tuple[Value, ...] = ()
    """Values that it searches; empty unless `kind` is METADATA."""
    region: Region = Region.ANYWHERE
    """The part of the text that it searches, if `kind` is REGION."""
    facet: str = ""
    """The facet that has whole values of it: those that are asked for by a `=` before the value, or
    all if `kind` is VALUE. "" if there is none."""
    naming: Naming = Naming.NONE
    """Names whose other spellings it also finds, if `kind` is METADATA."""
    internal: bool = False
    """Whether only the program uses it. The parser does not know internal fields."""


FIELDS = (
    QueryField(
        "match",
        Kind.MATCH,
        (
            Row("match:all grain ships turkish", "only articles that have all the words"),
            Row(
                "match:any grain ships turkish",
                "articles with all and with some of the words, ranked and counted together",
            ),
        ),
    ),
    QueryField(
        "title",
        Kind.REGION,
        (Row("title:nato", "in the headline; body: looks in the text below it"),),
        region=Region.HEADLINE,
    ),
    QueryField("body", Kind.REGION, region=Region.BODY),
    QueryField(
        "author",
        Kind.METADATA,
        (Row('author:"leela menon"', "by this author"),),
        (Value("authors"),),
    ),
    QueryField(
        "source",
        Kind.METADATA,
        (
            Row("source:gazette", "from this outlet, by name or domain"),
            Row(
                'source:="Harbour Gazette"',
                "whose outlet has exactly this name; = also before the value of agency: and "
                "section:",
            ),
        ),
        (Value("source"), Value("url", Extract.DOMAIN)),
        facet="source",
    ),
    QueryField(
        "agency",
        Kind.METADATA,
        (Row("agency:AFP", "from this wire agency, by its short or its full name"),),
        (Value("agency"),),
        facet="agency",
        naming=Naming.AGENCY,
    ),
    QueryField(
        "dateline",
        Kind.METADATA,
        (Row("dateline:istanbul", "reported from this place, in any of its spellings"),),
        (Value("dateline"),),
        naming=Naming.PLACE,
    ),
    QueryField(
        "section",
        Kind.METADATA,
        (Row("section:science", "from this section"),),
        (Value("section"),),
        facet="section",
    ),
    QueryField(
        "kind",
        Kind.VALUE,
        (
            Row(
                "kind:article",
                "that are no running report (kind:live) and no gallery of pictures (kind:gallery)",
            ),
        ),
        facet="kind",
    ),
    QueryField(
        "changed",
        Kind.METADATA,
        (
            Row(
                "changed:headline",
                "whose headline was changed after it appeared; changed:body for the text",
            ),
        ),
        (Value("changes"),),
    ),
    QueryField(
        "lang",
        Kind.LANGUAGE,
        (
            Row(
                "lang:fr",
                "in French; lang:en,fr for either. Words are then read in that language only",
            ),
        ),
    ),
    QueryField(
        "url",
        Kind.METADATA,
        (Row("url:example.org/science", "from addresses that contain this"),),
        (Value("url", Extract.ADDRESS), Value("addresses", Extract.ADDRESS)),
    ),
    QueryField(
        "feed",
        Kind.METADATA,
        (
            Row(
                "feed:gazette",
                "from a feed with this in its address, or from an outlet of this name",
            ),
        ),
        (Value("feeds", Extract.ADDRESS), Value("source")),
    ),
    QueryField(
        "after",
        Kind.DATE,
        (
            Row(
                "after:2024-06-01",
                "published on that day or later; a month (2024-06) or year (2024) from its "
                "beginning",
            ),
            Row(
                "after:10y",
                "in the last 10 years; also d, w and m, and the words today and yesterday",
            ),
        ),
    ),
    QueryField(
        "before",
        Kind.DATE,
        (Row("before:2022-08", "published before that day, month or year begins"),),
    ),
    QueryField(
        "on",
        Kind.DATE,
        (Row("on:2023-04-04", "published in that day, month or year"),),
    ),
    QueryField(
        "story",
        Kind.STORY,
        (
            Row(
                "story:covid-emergency-ends",
                "the articles of the story that the article with this id belongs to",
            ),
        ),
    ),
    QueryField(
        "copies",
        Kind.COPIES,
        (
            Row(
                "grain copies:hide",
                "of the copies of one text that it finds only the one printed first",
            ),
        ),
    ),
    QueryField(
        "story-size",
        Kind.STORY_SIZE,
        (Row("story-size:>1", "articles of stories with more than one article; also 2-5 and <3"),),
    ),
    QueryField("former", Kind.METADATA, values=(Value("former"),), internal=True),
)
"""All fields, in the order of the help."""

BY_NAME = {field.name: field for field in FIELDS if not field.internal}
"""The fields that can be typed, by name."""

METADATA = tuple(field for field in FIELDS if field.kind is Kind.METADATA)
"""The fields that are indexed by the words of an article's metadata."""

_SYNTAX = (
    Row(
        "grain ships odessa",
        "the words, in all their inflections; articles that have all of them come first and are "
        "counted by themselves",
    ),
    Row(
        '"beacon on the black sea"',
        "the words one after the other, as written; case and accents do not count",
    ),
    Row('"wheat price"~5', "the words in any order with at most 5 other words among them"),
    Row("the price of wheat", "price or wheat; common words (the, of) only add to the score"),
    Row("+grain wheat", "articles that have grain; wheat adds to the score"),
    Row("grain -wheat", "grain, but not wheat; NOT wheat is the same"),
    Row("odesa OR odessa", "either word; OR binds tighter than standing side by side"),
    Row("grain AND turkish", "both words are required, as with +"),
    Row("(odesa OR odessa) grain", "parentheses group"),
    Row("chandra*", "words that begin with chandra"),
    Row("zelensky~", "words at most one letter away: an error, or another spelling; ~2 for two"),
    Row("=ship", "this form only, not ships or shipping"),
)
"""Rows of the syntax without fields."""

ROWS = (*_SYNTAX, *(row for field in FIELDS for row in field.rows))
"""All rows of the help, in order. The page, `searcher syntax` and the documentation show them."""
