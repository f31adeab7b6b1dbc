"""Common words find nothing beside other words, on each engine.

Covers engine: common_words, function_words, planner, plan, translate, weighing and by_language.
"""

from __future__ import annotations

import pytest
from contract import found
from fakes import NOW, filled, make_article

from searcher.engine import common_words
from searcher.engine.common_words import may_be_function_word
from searcher.engine.searches import Search
from searcher.query.parser import parse

ARTICLES = [
    make_article("1", "Grain deal", "The price of grain and of oil."),
    make_article("2", "Oil", "The oil and the price."),
    make_article("3", "Storm", "A storm and the harbour."),
    make_article("4", "Harbour", "The harbour and the ships."),
    make_article("5", "Öl", "Die Ware und der Preis.", language="de"),
    make_article("6", "Hard", "They die hard.", language="en"),
]


def ranking(engine, text, **asked):
    with engine.snapshot() as snapshot:
        return snapshot.search(Search(parse(text, NOW), limit=100, **asked))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("oil and price", "12"),
        ("the oil", "12"),
        ("the storm of grain", "13"),
        # The query has only such words.
        ("and", "1234"),
        ("the and", "1234"),
        ("the and lang:en", "1234"),
        ("they and", "12346"),
        # They are meant as typed.
        ('"and" storm', "1234"),
        ("+and storm", "1234"),
        ("=and storm", "1234"),
        ("an* storm", "1234"),
        ("and~ storm", "12345"),
        ("and OR storm", "1234"),
        ("storm AND and", "3"),
        ("(storm OR and) oil", "1234"),
        ("body:and storm", "1234"),
        ("grain -and", ""),
        ("ships -(oil and)", ""),
        ('"the price" storm', "123"),
        # They are set aside with match:all, too.
        ("match:all oil by price", "12"),
        ("match:all by the", ""),
        ("match:all the and", "1234"),
        ("match:all +of oil", "1"),
        # Parentheses are judged as the query, unless all of their words are common.
        ("(oil and) storm", "123"),
        ("(the and) storm", "3"),
        ("+(the and) storm", "1234"),
        ("(the and) OR hard", "12346"),
        ("match:all (the by) storm", "3"),
        ("(the -harbour) storm", "3"),
        ("match:all (the -storm) harbour", "4"),
        # A word without letters tells nothing.
        ("the &", "1234"),
        # A word that no article has does.
        ("the zeppelin", ""),
    ],
)
def test_common_words_find_nothing_beside_others(engine, query, expected):
    filled(engine, ARTICLES)
    assert "".join(sorted(found(engine, query))) == expected


def test_a_word_may_be_common_in_one_language_only(engine):
    filled(engine, ARTICLES)
    assert sorted(found(engine, "die storm")) == ["3", "6"]
    assert sorted(found(engine, "die storm lang:de")) == []
    assert sorted(found(engine, "die")) == ["5", "6"]
    # Where all words are required, it is required in English, not in German.
    assert sorted(found(engine, "match:all die preis")) == ["5"]
    assert sorted(found(engine, "match:all die und preis")) == ["5"]
    assert sorted(found(engine, "match:all die hard")) == ["6"]
    assert sorted(found(engine, "match:all die storm")) == []


def test_they_score_and_are_marked_and_counted(engine):
    filled(engine, ARTICLES)
    plain, common = ranking(engine, "oil price"), ranking(engine, "oil and price", explain=True)
    assert common.common == ("and",)
    assert plain.common == ranking(engine, "+and oil").common == ranking(engine, "and").common == ()
    assert (common.total, common.total_all) == (plain.total, plain.total_all) == (2, 2)
    assert common.ranked[0][1] > plain.ranked[0][1]
    assert "and (common word)" in {part.name for part in common.parts[0]}
    marked = [one for one in common.patterns if one not in plain.patterns]
    assert any("en:and" in one.alternatives[0][0] for one in marked)


def many(count, **texts):
    """Return English articles of a few words, whose bodies have further words.

    texts: for each word the number of the articles that have it, the first ones.
    """
    return [
        make_article(
            f"{number:04}", "", " ".join(word for word, most in texts.items() if number < most)
        )
        for number in range(count)
    ]


def test_in_an_index_of_some_size_frequent_words_are_common(engine, monkeypatch):
    monkeypatch.setattr(common_words, "FEW", 100)
    filled(engine, many(100, said=21, told=20, rare=3, the=5))
    assert ranking(engine, "said rare").total == 3
    assert ranking(engine, "said rare").common == ("said",)
    assert ranking(engine, "told rare").entries == 20
    # A function word that is not frequent here is a word like others.
    assert ranking(engine, "the rare").entries == 5
    with engine.writer() as writer:
        writer.delete("0099")
    # With fewer articles shares say little.
    assert ranking(engine, "said rare").entries == 21
    assert ranking(engine, "the rare").entries == 3


def test_deleted_articles_do_not_count(engine, monkeypatch):
    monkeypatch.setattr(common_words, "FEW", 90)
    filled(engine, many(100, said=24, rare=3))
    assert ranking(engine, "said rare").total == 3
    with engine.writer() as writer:
        for number in range(4, 10):
            writer.delete(f"{number:04}")
    assert ranking(engine, "said rare").entries == 18


def test_numbers_are_compared_with_all_articles(engine, monkeypatch):
    monkeypatch.setattr(common_words, "FEW", 10)
    french = [make_article(f"f{number}", "", "1987 bis", language="fr") for number in range(10)]
    filled(engine, [*many(40, rare=3), *french])
    assert ranking(engine, "1987 rare").total == 13
    filled(engine, [make_article("more", "", "1987")])
    assert ranking(engine, "1987 rare").total == 3
    assert ranking(engine, "match:all 1987 rare").total == 3


def test_a_rare_form_with_a_common_stem_finds_its_own_articles(engine, monkeypatch):
    """The stem of the name Ares is that of "are"."""
    monkeypatch.setattr(common_words, "FEW", 10)
    filled(
        engine,
        [
            *many(50, are=40, rare=2),
            make_article("god", "", "Ares was a god."),
            make_article("god2", "", "Ares alone."),
        ],
    )
    assert found(engine, "ares rare")[-1:] == ["god"]
    assert ranking(engine, "ares rare").total == 4
    assert ranking(engine, "are rare").total == 2
    assert found(engine, "match:all ares god") == ["god"]
    assert found(engine, "match:all ares rare") == []
    # By itself it is found in all its inflections, as each word is.
    assert ranking(engine, "ares").total == 42


def test_other_spellings_of_a_name_find_unless_they_are_frequent(engine, monkeypatch):
    monkeypatch.setattr(common_words, "FEW", 10)
    articles = [make_article(f"r{number}", "", "rare") for number in range(40)]
    filled(engine, [*articles, make_article("k", "", "In Kyiv.")])
    assert found(engine, "kiev rare")[0] == "k"
    assert ranking(engine, "kiev zeppelin").total == 1
    filled(engine, [make_article(f"k{number}", "", "In Kyiv.") for number in range(20)])
    assert ranking(engine, "kiev zeppelin").total == 0
    assert ranking(engine, "kiev").total == 21


def test_elisions_of_function_words_are_common(engine):
    filled(
        engine,
        [
            make_article("1", "", "Le prix d'un navire.", language="fr"),
            make_article("2", "", "Le prix de l'eau.", language="fr"),
        ],
    )
    assert sorted(found(engine, "d'un port")) == []
    assert sorted(found(engine, "l'eau port")) == ["2"]


def test_languages_that_whoosh_has_no_list_for(engine):
    articles = [
        make_article("1", "", "Η τιμή και το σιτάρι.", language="el"),
        make_article("2", "", "Καράβια και λιμάνι.", language="el"),
    ]
    filled(engine, articles)
    assert found(engine, "τιμή και σιτάρι") == ["1"]
    assert sorted(found(engine, "και")) == ["1", "2"]


def test_words_that_may_be_function_words():
    assert may_be_function_word("war")  # German
    assert may_be_function_word("qu'il")
    assert not may_be_function_word("l'eau")
    assert not may_be_function_word("&")


def test_words_weigh_as_in_an_index_of_their_own_language(engine):
    """In a large index in another language, "hafen" would be a rare word like "pfau"."""
    words = {"hafen": 55, "pfau": 20}
    german = [
        make_article(f"{word}{number:02}", "", " ".join([word] * times), language="de")
        for (word, most), times in zip(words.items(), (4, 1), strict=True)
        for number in range(most)
    ]
    rest = [make_article(f"r{number}", "", "eins zwei", language="de") for number in range(225)]
    alone, english = [*german, *rest], many(1200, boats=1200)
    for articles in (alone, [*alone, *english]):
        filled(engine, articles)
        found = ranking(engine, "match:any hafen pfau")
        assert found.ranked[0][0].id == "pfau00"
        assert found.total == 75
    assert len({one.factor for one in found.patterns}) > 1
