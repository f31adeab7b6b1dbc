"""Random histories of an index, random queries, and the comparison of engines by them."""

from __future__ import annotations

from datetime import UTC, datetime

from fakes import NOW, make_article
from hypothesis import strategies as st

from searcher.engine.places import RELATIONS, Place
from searcher.engine.searches import FACETS, STORY_DAY, STORY_MONTH
from searcher.query.parser import parse
from searcher.query.tree import Narrowing

COUNTED = (*FACETS, STORY_DAY, STORY_MONTH)
WORDS = [
    "war",
    "wars",
    "odesa",
    "odessa",
    "grain",
    "al-qaeda",
    "U.S.",
    "us",
    "F-35",
    "3.5%",
    "3,125",
    "café",
    "the",
    "are",
    "Ares",
    "d'un",
    "北京市",
    "мир",
    "Luhansk",
    "Lugansk",
    "Луганск",
    "Путин",
    "Poutine",
    "卢甘斯克",
]
TEXTS = st.lists(st.sampled_from([*WORDS, "\n\n"]), max_size=14).map(" ".join)
ARTICLES = st.builds(
    make_article,
    st.sampled_from("abcdefgh"),
    TEXTS.map(lambda text: text.replace("\n\n", "")),
    TEXTS,
    language=st.sampled_from(["en", "fr", "und"]),
    source=st.sampled_from(["", "BBC News", "AFP"]),
    section=st.sampled_from(["", "World", "Sport"]),
    kind=st.sampled_from(["", "live"]),
    agency=st.sampled_from(["", "AFP", "Reuters"]),
    dateline=st.sampled_from(["", "Kyiv", "Киев", "Island", "New York"]),
    published=st.sampled_from([None, "1969-12-30", "2022-01-01", "2022-06-01", "2023-01-01"]),
)
SINCE = (datetime(2022, 1, 1, tzinfo=UTC), datetime(2022, 6, 1, 12, tzinfo=UTC))
IDS = st.sampled_from("abcdefgh")
PLACES = st.builds(
    Place,
    story=st.integers(1, 4),
    copies=st.integers(0, 3),
    relation=st.sampled_from(RELATIONS),
    peer=st.integers(0, (1 << 64) - 1),
    share=st.integers(0, 100),
    names=st.integers(0, 255),
    apart=st.integers(0, 999),
)
CHANGES = st.tuples(
    st.lists(ARTICLES, max_size=5),
    st.lists(IDS, max_size=2),
    st.dictionaries(IDS, PLACES, max_size=6),
)
WORD = st.sampled_from(WORDS)
LEAF = st.one_of(
    WORD,
    WORD.map(lambda word: f"={word}"),
    WORD.map(lambda word: f"{word[:2]}*"),
    st.builds("{}~{}".format, WORD, st.sampled_from(["", "2"])),
    st.builds('"{} {}"'.format, WORD, WORD),
    st.builds('"{} {} {}"~{}'.format, WORD, WORD, WORD, st.integers(0, 9)),
    st.builds("title:{}".format, WORD),
    st.builds('body:"{} {}"'.format, WORD, WORD),
    st.sampled_from(
        [
            "lang:en",
            "lang:fr,und",
            "source:bbc",
            "source:afp",
            'agency:"agence france-presse"',
            "dateline:kiev",
            "dateline:iceland",
            "after:2022-02",
            "before:2022-06",
            "on:2022",
            "story:a",
            "story:b",
            "copies:hide",
            "story-size:>1",
            "story-size:2-3",
            "story-size:<2",
            'source:="BBC News"',
            "-agency:=AFP",
            "kind:live",
            "kind:article",
        ]
    ),
)
CHOSEN = st.lists(
    st.sampled_from(
        [
            ("lang", "lang:en"),
            ("lang", "lang:fr OR lang:und"),
            ("source", "source:bbc"),
            ("source", "source:=AFP OR source:bbc"),
            ("source", "-source:=AFP"),
            ("section", "section:=World"),
            ("kind", "kind:live"),
            ("date", "after:2022-02 before:2023"),
        ]
    ),
    max_size=3,
)
QUERY = st.recursive(
    LEAF,
    lambda inner: st.one_of(
        st.builds("{} {}".format, inner, inner),
        st.builds("({} OR {})".format, inner, inner),
        st.builds("{} AND {}".format, inner, inner),
        st.builds("-({})".format, inner),
        st.builds("+({})".format, inner),
    ),
    max_leaves=6,
)


def commit(engine, change):
    """Commit one change of a history: articles, deletions and places."""
    added, deleted, places = change
    with engine.writer() as writer:
        for article_id, place in places.items():
            writer.place(article_id, place)
        for article in added:
            writer.add(article)
        for article_id in deleted:
            writer.delete(article_id)


def narrowings(chosen):
    """Return the filters that were chosen."""
    return tuple(Narrowing(field, parse(text, NOW).root) for field, text in dict(chosen).items())
