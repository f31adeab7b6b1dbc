"""The query language: the meaning of each construct. No query raises an error.

Covers query: fields, filters, leaves, lexer, parser, prefixes, primaries, tree, units, values and
whole.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest
from fakes import NOW, manual
from hypothesis import given
from hypothesis import strategies as st

from searcher.query.fields import BY_NAME, ROWS
from searcher.query.leaves import MOST_LEAVES
from searcher.query.parser import DEEPEST, LONGEST_QUERY, parse
from searcher.query.tree import (
    Clause,
    Copies,
    Either,
    Exact,
    Field,
    Fuzzy,
    Group,
    Language,
    Near,
    Occur,
    OfStory,
    Phrase,
    Prefix,
    Published,
    Region,
    StorySize,
    Word,
)

WANTED, REQUIRED, EXCLUDED = Occur.WANTED, Occur.REQUIRED, Occur.EXCLUDED
ALPHABET = st.sampled_from(
    [
        *'"()+-=~*:|.,&“”„«» \t\n09azéЖ中',
        "OR ",
        "AND ",
        "NOT ",
        "title:",
        "after:",
        "lang:",
        "match:all",
        "2022",
    ]
)
QUERIES = st.text(max_size=40) | st.lists(ALPHABET, max_size=25).map("".join)


def bare(node):
    """Return the node without spans, which have their own test."""
    if isinstance(node, Group):
        return Group(tuple(Clause(clause.occur, bare(clause.node)) for clause in node.clauses))
    if isinstance(node, Either):
        return Either(tuple(map(bare, node.nodes)))
    return node._replace(span=(0, 0))


def clauses(text: str) -> list[tuple[Occur, object]]:
    return [(clause.occur, bare(clause.node)) for clause in parse(text, NOW).root.clauses]


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("putin missiles", [(WANTED, Word("putin")), (WANTED, Word("missiles"))]),
        ('"fully occupied"', [(WANTED, Phrase("fully occupied"))]),
        ("“fully occupied”", [(WANTED, Phrase("fully occupied"))]),
        ("„voll besetzt“", [(WANTED, Phrase("voll besetzt"))]),
        ('"near words"~5', [(WANTED, Near("near words", 5))]),
        ("+a -b NOT c", [(REQUIRED, Word("a")), (EXCLUDED, Word("b")), (EXCLUDED, Word("c"))]),
        ("-12 al-qaeda", [(EXCLUDED, Word("12")), (WANTED, Word("al-qaeda"))]),
        ("a OR b c", [(WANTED, Either((Word("a"), Word("b")))), (WANTED, Word("c"))]),
        ("a AND b c", [(REQUIRED, Word("a")), (REQUIRED, Word("b")), (WANTED, Word("c"))]),
        ("a AND b OR c", [(REQUIRED, Word("a")), (REQUIRED, Either((Word("b"), Word("c"))))]),
        ("a AND NOT b", [(REQUIRED, Word("a")), (EXCLUDED, Word("b"))]),
        ("a OR -b", [(WANTED, Either((Word("a"), Group((Clause(EXCLUDED, Word("b")),)))))]),
        (
            "(a b) c",
            [
                (WANTED, Group((Clause(WANTED, Word("a")), Clause(WANTED, Word("b"))))),
                (WANTED, Word("c")),
            ],
        ),
        ("-(a b)", [(EXCLUDED, Group((Clause(WANTED, Word("a")), Clause(WANTED, Word("b")))))]),
        (
            "sev* sev~ sev~2 =sev",
            [
                (WANTED, Prefix("sev")),
                (WANTED, Fuzzy("sev", 1)),
                (WANTED, Fuzzy("sev", 2)),
                (WANTED, Exact("sev")),
            ],
        ),
        ("title:putin", [(REQUIRED, Word("putin", Region.HEADLINE))]),
        ('body:"a b"', [(REQUIRED, Phrase("a b", Region.BODY))]),
        ("title:=putin", [(REQUIRED, Exact("putin", Region.HEADLINE))]),
        (
            "title:(a OR b)",
            [(REQUIRED, Either((Word("a", Region.HEADLINE), Word("b", Region.HEADLINE))))],
        ),
        ("-title:a", [(EXCLUDED, Word("a", Region.HEADLINE))]),
        ("TITLE:a", [(REQUIRED, Word("a", Region.HEADLINE))]),
        (
            "author:doe source:bbc.co.uk",
            [(REQUIRED, Field("author", "doe")), (REQUIRED, Field("source", "bbc.co.uk"))],
        ),
        ('source:"the guardian"', [(REQUIRED, Field("source", "the guardian"))]),
        (
            "source:(bbc OR afp)",
            [(REQUIRED, Either((Field("source", "bbc"), Field("source", "afp"))))],
        ),
        (
            "https://bbc.co.uk/news",
            [(REQUIRED, Either((Field("url", "bbc.co.uk/news"), Phrase("bbc.co.uk/news"))))],
        ),
        ("url:https://bbc.co.uk", [(REQUIRED, Field("url", "bbc.co.uk"))]),
        ("lang:en-GB,fr", [(REQUIRED, Language(("en", "fr")))]),
        ("lang:English", [(REQUIRED, Language(("en",)))]),
        ("lang:eng", [(REQUIRED, Language(("en",)))]),
        ("lang:en OR lang:fr", [(REQUIRED, Either((Language(("en",)), Language(("fr",)))))]),
        ("after:2022-06-01", [(REQUIRED, Published(moment("2022-06-01"), None))]),
        ("after:2022-06", [(REQUIRED, Published(moment("2022-06-01"), None))]),
        ("before:2022", [(REQUIRED, Published(None, moment("2022-01-01")))]),
        ("on:2022-12", [(REQUIRED, Published(moment("2022-12-01"), moment("2023-01-01")))]),
        ("on:2022", [(REQUIRED, Published(moment("2022-01-01"), moment("2023-01-01")))]),
        ("on:2022-06-30", [(REQUIRED, Published(moment("2022-06-30"), moment("2022-07-01")))]),
        ("on:today", [(REQUIRED, Published(moment("2024-06-01"), moment("2024-06-02")))]),
        ("on:yesterday", [(REQUIRED, Published(moment("2024-05-31"), moment("2024-06-01")))]),
        ("after:7d", [(REQUIRED, Published(moment("2024-05-25T12:00:00"), None))]),
        (
            "story:a,b",
            [(REQUIRED, Either((OfStory("a,b"), OfStory("a"), OfStory("b"))))],
        ),
        ("story-size:>1", [(REQUIRED, StorySize(2, None))]),
        ("match:all a", [(WANTED, Word("a"))]),
        ("match:ALL a", [(WANTED, Word("a"))]),
        ("Ukraine: 12:30", [(WANTED, Word("Ukraine:")), (WANTED, Word("12:30"))]),
        ("or and not", [(WANTED, Word("or")), (WANTED, Word("and")), (WANTED, Word("not"))]),
        ("", []),
    ],
)
def test_reading(text, expected):
    query = parse(text, NOW)
    assert clauses(text) == expected
    assert query.warnings == ()
    assert query.match_all is text.lower().startswith("match:all")


@pytest.mark.parametrize(
    ("text", "expected", "message", "span"),
    [
        (
            'x "open quote',
            [(WANTED, Word("x")), (WANTED, Phrase("open quote"))],
            "unclosed quote",
            (2, 13),
        ),
        (
            "(a b",
            [(WANTED, Group((Clause(WANTED, Word("a")), Clause(WANTED, Word("b")))))],
            "unclosed parenthesis",
            (0, 4),
        ),
        ("a) b", [(WANTED, Word("a")), (WANTED, Word("b"))], "closing parenthesis", (1, 2)),
        ("() a", [(WANTED, Word("a"))], "empty parentheses", (0, 2)),
        ("- a", [(WANTED, Word("a"))], "no letter or digit", (0, 1)),
        ("a OR", [(WANTED, Word("a"))], "OR has nothing to join", (2, 4)),
        ("OR a", [(WANTED, Word("a"))], "OR has nothing to join", (0, 2)),
        ("a NOT", [(WANTED, Word("a"))], "operator at the end", (2, 5)),
        ("OR", [(WANTED, Word("OR"))], "OR has nothing to join", (0, 2)),
        ("colour:red", [(WANTED, Word("colour:red"))], "no field “colour”", (0, 10)),
        ("a after:2022-13-01", [(WANTED, Word("a"))], "is not a date", (8, 18)),
        ("after:tomorrowish a", [(WANTED, Word("a"))], "is not a date", (6, 17)),
        ("lang:??x a", [(WANTED, Word("a"))], "not a language code", (5, 8)),
        ('"" a', [(WANTED, Word("a"))], "quotes without a word", (0, 2)),
        ("*", [], "no letter or digit", (0, 1)),
        ("*e*", [], "2 letters side by side", (0, 3)),
        ("sev~9", [(WANTED, Fuzzy("sev", 2))], "at most 2 edits", (0, 5)),
        (
            "title: putin",
            [(REQUIRED, Word("putin", Region.HEADLINE))],
            "space after title:",
            (0, 6),
        ),
        ("body:source:afp", [(REQUIRED, Field("source", "afp"))], "body: was ignored", (5, 12)),
        ("source:gaz*", [(REQUIRED, Field("source", "gaz*"))], "no effect in source:", (7, 11)),
        ("=gra*", [(WANTED, Prefix("gra"))], "= has no effect", (1, 5)),
        ("lang:qqq a", [(WANTED, Word("a"))], "not a language code", (5, 8)),
        ("title: ", [], "has no value", (0, 6)),
        ("NOT OR oil", [(WANTED, Word("oil"))], "an operator before OR", (0, 4)),
        (
            "oil NOT AND gas",
            [(REQUIRED, Word("oil")), (REQUIRED, Word("gas"))],
            "an operator before AND",
            (4, 8),
        ),
        ("match:some a", [(WANTED, Word("a"))], "all or any", (6, 10)),
        ("copies:some a", [(WANTED, Word("a"))], "hide or show", (7, 11)),
        ("copies:(hide OR show) a", [(WANTED, Word("a"))], "copies:hide was ignored", (16, 20)),
        ("(copies:hide a) b", [(WANTED, Word("a")), (WANTED, Word("b"))], "whole query", (0, 15)),
        ("-copies:show a", [(WANTED, Word("a"))], "no opposite", (0, 12)),
        ("a OR copies:hide b", [(WANTED, Word("a")), (WANTED, Word("b"))], "OR joins", (2, 4)),
        ("story-size:-1 a", [(WANTED, Word("a"))], "“-1” is not a number", (11, 13)),
        ("story-size:5-2", [(REQUIRED, StorySize(2, 5))], "read as 2-5", (11, 14)),
        ("story-size:0", [(REQUIRED, StorySize(0, 0))], "at least one article", (11, 12)),
        ("+(", [], "unclosed parenthesis", (1, 2)),
        ("-)", [], "no letter or digit", (0, 1)),
    ],
)
def test_odd_queries_get_their_best_reading_and_a_warning(text, expected, message, span):
    warnings = parse(text, NOW).warnings
    assert clauses(text) == expected
    assert any(message in warning.message and warning.span == span for warning in warnings), (
        warnings
    )


@pytest.mark.parametrize(
    ("text", "copies"),
    [
        ("a", None),
        ("copies:hide", Copies.HIDE),
        ("copies:show", Copies.SHOW),
        ("copies:(hide OR show)", Copies.SHOW),
        ("(a copies:hide) OR b", Copies.HIDE),
        ("copies:hide -copies:show", Copies.HIDE),
        ("-copies:hide", None),
        ("copies:none", None),
    ],
)
def test_copies_are_about_the_whole_query(text, copies):
    assert parse(text, NOW).copies is copies


def test_spans_point_at_what_was_typed():
    text = 'alpha "be ta"~3 title:gamma* (delta OR eps~)'
    query = parse(text, NOW)
    first, near, prefix, either = (clause.node for clause in query.root.clauses)
    found = [text[slice(*node.span)] for node in (first, near, prefix, *either.nodes)]
    assert found == ["alpha", '"be ta"~3', "gamma*", "delta", "eps~"]


def test_bounds():
    assert len(parse("a " * (MOST_LEAVES + 50), NOW).root.clauses) == MOST_LEAVES
    deep = parse("(" * 5000 + "a" + ")" * 5000, NOW)
    assert any(str(DEEPEST) in warning.message for warning in deep.warnings)
    long = parse("word " * LONGEST_QUERY, NOW)
    assert any(f"{LONGEST_QUERY:,}" in warning.message for warning in long.warnings)
    assert len(parse(") " * 1000, NOW).warnings) <= 20


@given(QUERIES)
def test_nothing_raises(text):
    query = parse(text, NOW)
    for warning in query.warnings:
        assert 0 <= warning.span[0] <= warning.span[1] <= len(text)
    assert parse(text, NOW) == query


@pytest.mark.parametrize(
    "text",
    [
        "a OR " * 900,
        "((((a" * 800,
        '"' * 4000,
        "+-=" * 1300,
        "title:" * 600,
        "~" * 4000,
        "a*" * 2000,
    ],
)
def test_hostile_queries_are_read_in_no_time(text):
    begin = time.thread_time()
    parse(text, NOW)
    assert time.thread_time() - begin < 0.5


def test_parsing_takes_well_under_a_tenth_of_a_millisecond():
    text, runs = 'putin lukashenko "nuclear missiles" -drill', 500
    best = min(_seconds(text, runs) for _ in range(5))
    assert best / runs < 0.0001


def _seconds(text: str, runs: int) -> float:
    begin = time.thread_time()
    for _ in range(runs):
        parse(text, NOW)
    return time.thread_time() - begin


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.example)
def test_the_examples_of_the_help_are_sound(row):
    assert parse(row.example, NOW).warnings == ()


def test_the_manual_has_the_whole_query_language(root):
    text = manual(root)
    for row in ROWS:
        assert f"| `{row.example}` | {row.finds} |" in text
    for field in BY_NAME:
        assert f"{field}:" in text


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("5", 5, 5),
        (">5", 6, None),
        (">=5", 5, None),
        ("<5", 0, 4),
        ("<=5", 0, 5),
        ("2-5", 2, 5),
    ],
)
def test_sizes_of_stories(text, low, high):
    (clause,) = parse(f"story-size:{text}", NOW).root.clauses
    assert (clause.node.low, clause.node.high) == (low, high)
    assert clause.occur is Occur.REQUIRED


@pytest.mark.parametrize("text", ["story-size:many", "story-size:>2-5", "copies:some"])
def test_filters_that_cannot_be_read_are_warned_about(text):
    found = parse(text, NOW)
    assert found.root.clauses == ()
    assert len(found.warnings) == 1
