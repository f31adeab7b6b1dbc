"""Results of queries, checked for each engine: matches, totals, order, facets and expansions.

Covers engine: field_names, protocol, plan, planner, expansion, patterns, translate, memory and
whoosh_engine.
"""

from __future__ import annotations

from dataclasses import replace

import pytest
from contract import fill, found
from fakes import NOW, filled, make_article

from searcher.engine.searches import Search
from searcher.query.parser import parse
from searcher.query.tree import Narrowing


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("grain", "12"),
        ("grains", "12"),
        ("=grains", ""),
        ("=grain", "12"),
        ("=odesa storm", "123"),
        ("+=odesa storm", "123"),
        ("=odesa -storm", "12"),
        ("=odesa NOT grain", "3"),
        ("-grain", "34567"),
        ("-grain -=odesa", "4567"),
        ("storm OR egypt", "13"),
        ("(storm OR egypt) grain", "123"),
        ("+(storm OR egypt) grain", "13"),
        ("-(storm OR egypt) =odesa", "2"),
        ("grain AND egypt", "1"),
        ("egypt OR -=odesa", "14567"),
        ("match:all grain wait", "2"),
        ("match:all (storm OR egypt) odesa", "13"),
        ('"grain ships"', "2"),
        ('"ships grain"', ""),
        ('"ships leave odesa with grain"', "1"),
        ('"with grain the grain"', ""),
        ('"deal signed ships"', ""),
        ('"the grain"', "12"),
        ('"odesa grain"~1', "1"),
        ('"grain odesa"~1', "1"),
        ('"odesa grain"~0', ""),
        ('"grain odesa"~3', "12"),
        ('"grain grain"~20', "1"),
        ("title:=odesa", "3"),
        ("body:odesa", "12"),
        ('title:"grain deal"', "1"),
        ('body:"grain deal"', ""),
        ("title:(ships storm)", ""),
        ("title:(ships OR storm)", "23"),
        ("-title:ships =odesa", "13"),
        ("odes*", "1235"),
        ("title:sto*", "3"),
        ("al* od*", "1235"),
        ("odessa~", "1235"),
        ("odesa~", "1235"),
        ("odess~2", "1235"),
        ("harbor~", "3"),
        ("haborur~2", "3"),
        ("storm~0", "3"),
        ("author:doe", "3"),
        ('author:"jane doe"', "3"),
        ('author:"doe john"', ""),
        ("source:bbc", "2"),
        ("source:bbc.co.uk", "2"),
        ('source:"bbc news"', "2"),
        ("section:business", "4"),
        ("agency:AFP", "3"),
        ("agency:afp storm", "3"),
        ("agency:reuters", ""),
        ('agency:"agence france-presse"', "3"),
        ('agency:("agence france presse" OR reuters) storm', "3"),
        ("agency:nosuchagency", ""),
        ("dateline:kyiv", "17"),
        ("dateline:Kiev", "17"),
        ("dateline:киев", "17"),
        ("-dateline:Київ lang:en,ru", "234"),
        ("dateline:odesa", ""),
        ("dateline:new", ""),
        ("dateline:***", ""),
        ("afp", ""),
        ("-agency:afp =odesa", "12"),
        ("url:bbc.co.uk/news", "2"),
        ("https://www.bbc.co.uk/news/1", "2"),
        ("lang:fr", "5"),
        ("lang:fr,ru", "57"),
        ("lang:fr OR lang:zh", "56"),
        ("-lang:en", "567"),
        ("lang:en odesa", "123"),
        ("navire", "5"),
        ("cereales", "5"),
        ("céréale", "5"),
        ("президента", "7"),
        ("俄罗斯", "6"),
        ("斯", "6"),
        ("克市", "6"),
        ("北顿涅茨克", "6"),
        ('"占领北顿"', "6"),
        ('"占领顿"', ""),
        ("f35", "4"),
        ("F-35", "4"),
        ('"f 35"', "4"),
        ("at&t", "4"),
        ("U.S.", "4"),
        ("us", "4"),
        ("3.5%", "4"),
        ("$10bn", "4"),
        ("after:2022-07-22", "135"),
        ("before:2022-07", "67"),
        ("on:2022-07", "125"),
        ("after:2022-07 before:2022-08 grain", "12"),
        ("after:2023-01-06", ""),
        ("-after:2022", "4"),
        ("nosuchword", ""),
        ("", ""),
        ("***", ""),
        ("grain ()", "12"),
    ],
)
def test_queries(engine, query, expected):
    assert "".join(sorted(found(fill(engine), query))) == "".join(sorted(expected)), query


@pytest.mark.parametrize(
    "query", ["grain", "odesa -storm", "-grain", "lang:en", "odes*", "(a OR odesa) deal"]
)
def test_totals_do_not_depend_on_sort_or_page(engine, query):
    snapshot = fill(engine).snapshot()
    totals = {
        (ranking.total, ranking.total_all)
        for sort in ("relevance", "newest", "oldest")
        for offset, limit in ((0, 10), (0, 0), (3, 1), (1000, 10))
        for ranking in [
            snapshot.search(Search(parse(query, NOW), sort=sort, offset=offset, limit=limit))
        ]
    }
    assert len(totals) == 1
    snapshot.close()


def test_totals_of_some_and_all(engine):
    snapshot = fill(engine).snapshot()
    ranking = snapshot.search(Search(parse("=odesa grain storm", NOW)))
    assert (ranking.total, ranking.total_all) == (3, 0)
    ranking = snapshot.search(Search(parse("=odesa grain -storm", NOW)))
    assert (ranking.total, ranking.total_all) == (2, 2)
    ranking = snapshot.search(Search(parse("+=odesa storm", NOW)))
    assert (ranking.total, ranking.total_some, ranking.total_all) == (1, 2, 1)
    ranking = snapshot.search(Search(parse("match:any +=odesa storm", NOW)))
    assert (ranking.total, ranking.total_some, ranking.total_all) == (3, 0, 1)
    snapshot.close()


@pytest.mark.parametrize("sort", ["relevance", "newest", "oldest"])
def test_articles_with_all_words_come_first_and_are_counted(engine, sort):
    # "storm" alone outscores "grain" beside "ships", and 3 is newer than 2 and 1.
    snapshot = fill(engine).snapshot()
    query = parse("grain ships storm~1 OR grain", NOW)
    asked = Search(query, sort=sort, facets=("source", "agency", "month"))
    found = snapshot.search(asked)
    assert sorted(one.id for one, _ in found.ranked[: found.total]) == ["1", "2"]
    assert found.ranked[2][0].id == "3"
    assert (found.total, found.total_some, found.entries) == (2, 1, 3)
    assert found.facets == {
        "source": {"": 1, "BBC News": 1},
        "agency": {"": 2},
        "month": {"2022-07": 2},
    }
    together = snapshot.search(replace(asked, query=replace(query, match_any=True)))
    assert (together.total, together.total_some, together.facets["agency"]) == (
        3,
        0,
        {"": 2, "AFP": 1},
    )
    snapshot.close()


def test_many_words_rank_together_and_are_counted_as_before(engine):
    words = "harbour pilots strike wages talks"
    whole, half = f"{words} " + "filler " * 40, "harbour pilots strike " * 9
    others = [make_article(f"{number}", "", "boats and nets") for number in range(9)]
    filled(engine, [make_article("whole", "", whole), make_article("half", "", half), *others])
    snapshot = engine.snapshot()
    for asked, mixed in ((words, True), (words.removesuffix(" talks"), False)):
        found = snapshot.search(Search(parse(asked, NOW)))
        assert found.mixed is mixed
        assert (found.total, found.total_some, found.total_all, found.entries) == (1, 1, 1, 2)
        assert [one.id for one, _ in found.ranked] == (
            ["half", "whole"] if mixed else ["whole", "half"]
        )
        listed = snapshot.listing(Search(parse(asked, NOW)))
        assert [one.article.id for one in listed.articles] == ["whole"]
    by_date = snapshot.search(Search(parse(words, NOW), sort="newest"))
    assert not by_date.mixed
    assert by_date.ranked[0][0].id == "whole"
    snapshot.close()


def test_what_counts_is_decided_before_filters_are_chosen(engine):
    """So a filter never brings back articles that were not counted before."""
    snapshot = fill(engine).snapshot()
    query = parse("grain ships", NOW)
    assert snapshot.search(Search(query)).total == 2
    chosen = (Narrowing("agency", parse("agency:=AFP", NOW).root),)
    found = snapshot.search(Search(replace(query, narrowed=chosen), facets=("agency",)))
    assert (found.total, found.facets["agency"]) == (0, {"": 2})
    # If no article has all words, those with some count.
    query = replace(parse("storm deal", NOW), narrowed=chosen)
    assert snapshot.search(Search(query)).total == 1
    snapshot.close()


def test_sorting_by_date_puts_undated_articles_last(engine):
    fill(engine)
    assert found(engine, "-nosuchword", "newest") == ["3", "5", "1", "2", "6", "7", "4"]
    assert found(engine, "-nosuchword", "oldest") == ["7", "6", "2", "1", "5", "3", "4"]
    assert found(engine, "-nosuchword", "newest", offset=2, limit=2) == ["1", "2"]


def test_ties_go_to_the_later_date_then_the_smaller_id(engine):
    same = {"headline": "Flood", "body": "Water rose."}
    fill(
        engine,
        [
            make_article("d", **same),
            make_article("c", **same, published="2022-01-01"),
            make_article("b", **same, published="2022-01-01"),
            make_article("a", **same),
            make_article("e", **same, published="2023-01-01"),
        ],
    )
    assert found(engine, "flood") == ["e", "b", "c", "a", "d"]


def test_more_occurrences_and_shorter_texts_score_higher(engine):
    fill(
        engine,
        [
            make_article("once", "Flood", "It rained in the valley."),
            make_article("twice", "Flood", "The flood reached the valley."),
            make_article("long", "Flood", "It rained in the valley. " * 20),
        ],
    )
    assert found(engine, "flood") == ["twice", "once", "long"]


def test_a_fuzzy_match_counts_less_than_an_exact_one(engine):
    fill(engine, [make_article("near", "Odessa waits"), make_article("exact", "Odesa waits")])
    assert found(engine, "odesa~") == ["exact", "near"]


def test_facets(engine):
    snapshot = fill(engine).snapshot()
    assert snapshot.facet("language") == {"en": 4, "fr": 1, "zh": 1, "ru": 1}
    assert snapshot.facet("source") == {"": 6, "BBC News": 1}
    snapshot.close()


def test_the_facets_of_dates(engine):
    snapshot = fill(engine).snapshot()
    ranking = snapshot.search(Search(parse("grain storm jets", NOW), facets=("day", "month")))
    assert ranking.facets == {
        "day": {"2022-07-22": 1, "2022-07-10": 1, "2023-01-05": 1},
        "month": {"2022-07": 2, "2023-01": 1},
    }
    assert ranking.total == 4
    assert sum(snapshot.facet("day").values()) == 6
    snapshot.close()


def test_the_facet_of_agencies(engine):
    snapshot = fill(engine).snapshot()
    ranking = snapshot.search(Search(parse("storm OR grain", NOW), facets=("agency",)))
    assert ranking.facets == {"agency": {"AFP": 1, "": 2}}
    snapshot.close()


def test_a_spelling_counts_in_the_languages_where_it_means_the_place(engine):
    places = [
        ("a", "Island", "de"),
        ("b", "Staten Island", "en"),
        ("c", "Reykjavik, Iceland", "en"),
    ]
    fill(
        engine,
        [make_article(one, dateline=place, language=code) for one, place, code in places],
    )
    assert sorted(found(engine, "dateline:Iceland")) == ["a", "c"]
    assert sorted(found(engine, "dateline:Island")) == ["a", "b", "c"]


def test_a_query_in_one_language_is_read_in_that_language(engine):
    fill(engine, [make_article("en", "The rest came"), make_article("de", "Er kam", language="de")])
    snapshot = engine.snapshot()
    ranking = snapshot.search(Search(parse("lang:de reste", NOW), limit=9))
    (pattern,) = ranking.patterns
    assert pattern.alternatives == ((frozenset({"de:rest"}),),)
    snapshot.close()


def test_expansions_are_bounded_with_a_warning(engine):
    words = " ".join(f"sev{number:04}" for number in range(300))
    fill(engine, [make_article("a", body=words)])
    snapshot = engine.snapshot()
    ranking = snapshot.search(Search(parse("sev* sev0001~2", NOW), limit=9))
    assert ranking.total == 1
    assert any("most frequent" in warning.message for warning in ranking.warnings)
    for pattern in ranking.patterns:
        assert len(pattern.alternatives[0][0]) <= 200
    snapshot.close()


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("a cease-fire agreement held", '"ceasefire agreement"'),
        ("a ceasefire agreement held", '"cease-fire agreement"'),
        ("the cease-fire agreement held", '"the ceasefire agreement"'),
        ("F-35 jets", '"F35 jets"'),
        ("COVID-19 cases", '"covid19 cases"'),
        ("I don't know", '"dont know"'),
        ("an e-mail policy", '"email policy"'),
        ("a ceasefire agreement held", '"cease-fire agreement"~3'),
        ("cease-fire talks", '"cease-fire talks"~0'),
        ("cease fire talks", '"talks cease-fire"~3'),
        ("ceasefire talks", '"talks cease-fire"~3'),
        ("ATT shares", '"AT&T shares"~2'),
        ("$1,000,000 paid", "$1000000"),
        ("$1000000 paid", "$1,000,000"),
        ("AT&T said", "ATT"),
    ],
)
def test_compounds_are_found_both_ways_in_phrases_too(engine, text, query):
    assert found(
        fill(engine, [make_article("a", "", text), make_article("b", "", "other words")]), query
    ) == ["a"]


@pytest.mark.parametrize("query", ["AT&T", "AT&T*", '"ceasefire agreement"', "putin"])
def test_what_only_looks_alike_is_not_found(engine, query):
    articles = [
        make_article(
            "a",
            "",
            "Attacked in attics: customers at T-Mobile; a ceasefire in the agreement; he put it in.",
        ),
        make_article("b", "", "Le putin est là, paraît-il, et il dit.", language="fr"),
    ]
    assert found(fill(engine, articles), query) in ([], ["b"])


def test_a_word_is_read_in_the_language_of_each_article(engine):
    fill(
        engine,
        [make_article("en", "They bid for it"), make_article("sv", "Han kom hit", language="sv")],
    )
    assert found(engine, "biden") == []


def test_words_of_deleted_articles_take_no_place_among_expansions(engine):
    fill(
        engine,
        [
            *(make_article(f"{number}", f"pre{number:04}") for number in range(300)),
            make_article("z", "prezz"),
        ],
    )
    with engine.writer() as writer:
        for number in range(300):
            writer.delete(str(number))
    snapshot = engine.snapshot()
    ranking = snapshot.search(Search(parse("pre*", NOW), limit=9))
    assert ([article.id for article, _ in ranking.ranked], ranking.warnings) == (["z"], ())
    snapshot.close()
