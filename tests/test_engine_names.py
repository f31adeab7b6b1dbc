"""Spellings of names: compared, looked up in an index, added to a query, and excluded from it.

Covers engine.spellings, engine.alternatives, text.names and text.exonyms.
"""

from __future__ import annotations

import re

import pytest
from fakes import NOW, filled, make_article
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.tables.name_rows import rows
from searcher.engine.searches import Search
from searcher.engine.spellings import other_spellings
from searcher.engine.whoosh_engine import WhooshEngine
from searcher.query.parser import parse
from searcher.query.tree import Query
from searcher.text.exonyms import (
    _name,
    _row,
    _rows,
    are_known_apart,
    first_of,
    has_spellings,
    lines_with,
    spellings,
)
from searcher.text.folding import fold
from searcher.text.names import code, distance, is_same_name, key, keys, name_terms

pytestmark = pytest.mark.usefixtures("loops")

ARTICLES = [
    make_article("1", "", "Shelling near Luhansk. In Luhansk the mayor spoke; an island was hit."),
    make_article("2", "", "The town of Lugansk was shelled. Zajarova said so in Moscow."),
    make_article("3", "", "Под Луганском стреляли. Луганск ждёт.", language="ru"),
    make_article("4", "", "Die Vulkane auf Island ruhen.", language="de"),
    make_article("5", "", "Iceland has volcanoes. Severodonetsk has none, Severodonestk neither."),
    make_article("6", "", "卢甘斯克遭到炮击。", language="zh"),
    make_article("7", "", "Iran spoke. Stryuk spoke, too, and mayor Striuk left."),
    make_article(
        "8",
        "",
        "Iraq spoke. A tramp with a trump card spoke as well. TEXACO SUES. The island is no name.",
    ),
]


@pytest.fixture
def engine(engine):
    return filled(engine, ARTICLES)


def search(engine, text, **fields):
    query = parse(text, NOW)
    with engine.snapshot() as snapshot:
        found = snapshot.search(Search(Query(query.text, query.root, **fields)))
    return "".join(sorted(article.id for article, _ in found.ranked)), dict(found.also)


@pytest.mark.parametrize(
    ("query", "expected", "also"),
    [
        ("luhansk", "1236", {"luhansk": ("Lugansk", "Луганск", "卢甘斯克")}),
        ("Луганск", "1236", {"Луганск": ("Luhansk", "Lugansk", "卢甘斯克")}),
        ("=luhansk", "1", {}),
        ('"luhansk"', "1", {}),
        ("zakharova", "2", {"zakharova": ("Zajárova",)}),
        ("Захарова", "2", {"Захарова": ("Zajárova",)}),
        ("severodonetsk", "5", {"severodonetsk": ("Severodonestk",)}),
        ("stryuk", "7", {"stryuk": ("Striuk",)}),
        ("iran", "7", {}),
        ("iceland", "45", {"iceland": ("Island",)}),
        ("suez", "", {}),
        ("island", "148", {}),
        ("tramp", "8", {}),
        ("luhansk -=lugansk", "136", {"luhansk": ("Lugansk", "Луганск", "卢甘斯克")}),
        ("volcker walker", "", {}),
        ("luhansk lugansk", "1236", {"luhansk": ("Луганск", "卢甘斯克"), "lugansk": ("Луганск", "卢甘斯克")}),
        ("luhansk lang:fr", "", {}),
        ("body:luhansk lang:ru", "3", {"luhansk": ("Луганск",)}),
    ],
)  # fmt: skip
def test_a_query_for_one_spelling_finds_the_others(engine, query, expected, also):
    found, shown = search(engine, query)
    assert (found, shown) == (expected, also)


def test_a_spelling_is_removed(engine):
    assert search(engine, "luhansk", without=("Lugansk",)) == (
        "136",
        {"luhansk": ("Луганск", "卢甘斯克")},
    )
    assert search(engine, "luhansk", without=("lugansk", "луганск", "卢甘斯克")) == ("1", {})


def test_the_spelling_typed_counts_most(engine):
    with engine.writer() as writer:
        writer.add(make_article("a", "", "Once in Odesa there was a port."))
        writer.add(make_article("b", "", "Once in Odessa there was a port."))
    for typed, expected in (("odesa", "a"), ("odessa", "b")):
        with engine.snapshot() as snapshot:
            ranked = snapshot.search(Search(parse(typed, NOW), limit=5)).ranked
        assert next(article.id for article, _ in ranked) == expected
        assert len(ranked) == 2


def test_spellings_follow_commits(engine):
    with engine.writer() as writer:
        writer.add(make_article("9", "", "In Lougansk there was peace."))
        writer.delete("2")
    assert search(engine, "luhansk") == ("1369", {"luhansk": ("Луганск", "卢甘斯克", "Lougansk")})


SAME = [
    ("Sievierodonetsk", "Северодонецк"), ("Severodonetsk", "Severodonestk"), ("Zakharova", "Zajarova"),
    ("Haidai", "Гайдай"), ("Stryuk", "Striuk"), ("Oleksandr", "Aleksandr"), ("Ghannouchi", "Gannushi"),
    ("Hezbollah", "Hizbullah"), ("Lawrow", "Lavrov"), ("Papandreou", "Παπανδρεου"),
]  # fmt: skip
DIFFERENT = [
    ("Iran", "Iraq"), ("Austria", "Australia"), ("Niger", "Nigeria"), ("Mali", "Malawi"), ("Minsk", "Omsk"),
    ("Khomeini", "Khamenei"), ("Cuba", "Cuban"), ("Lukashenko", "Timoshenko"), ("Obama", "Osama"), ("Kim", "Kin"),
    ("Samara", "Samarra"), ("Orban", "Oran"),
]  # fmt: skip


@pytest.mark.parametrize(("first", "second"), SAME)
def test_one_name(first, second):
    assert is_same_name(first, second) or fold(second) in {
        fold(spelling.text) for spelling in spellings(first)
    }
    assert key(second) in keys(first)
    assert key(first) in keys(second)


@pytest.mark.parametrize(("first", "second"), DIFFERENT)
def test_two_names(first, second):
    assert not is_same_name(first, second)
    assert fold(second) not in {fold(spelling.text) for spelling in spellings(first)}


WORDS = st.text("abdeghijklmnorstuvyzСевродецьк", min_size=1, max_size=12)


@given(WORDS, WORDS)
def test_likeness_has_no_direction(first, second):
    assert is_same_name(first, second) == is_same_name(second, first)
    one, other = code(first), code(second)
    assert distance(one, other) == pytest.approx(distance(other, one))
    assert distance(one, one) == 0


@given(st.text(max_size=30))
def test_no_word_is_too_strange_for_a_key(text):
    assert all(key(fold(part)) in keys(part) for part in text.split() if key(fold(part)))
    for name in name_terms(text):
        assert name.count(" ") == 1


def test_what_is_written_as_a_name():
    assert name_terms("Putin's") == ("ptn putin",)
    assert name_terms("Al-Assad") == ("st assad",)
    assert name_terms("NATO") == ("! nato",)
    assert name_terms("grain") == name_terms("Xi") == ()
    assert name_terms("Путин") == ("ptn путин",)


_NAMES = _rows("names.txt")[:]
LINES = [match.start() for match in re.finditer(rb"^[^#\n].*\n", _NAMES, re.MULTILINE)]
"""The bytes of names.txt at which names begin."""


def test_the_table_is_well_formed():
    names = [tuple(_name(at)) for at in LINES]
    assert len(set(names)) == len(names) >= 300
    for name in names:
        assert len({fold(spelling.text) for spelling in name}) == len(name) >= 2, name
        for text, languages in name:
            assert text == text.strip()
            assert languages, name
            assert all(len(language) == 2 and language.islower() for language in languages), name
    for at, name in zip(LINES, names, strict=True):
        assert all(at in lines_with(fold(spelling.text)) for spelling in name)
    assert are_known_apart("Iran", "Iraq")
    assert not are_known_apart("Iran", "Persia")
    assert not are_known_apart("Iran", "Teherano")


def test_the_rows_of_the_table_are_those_that_the_script_writes():
    assert _rows("name_rows.txt")[:] == rows(_NAMES)


_PLACES = _rows("exonyms.txt")[:]
ROWS = {row.split(" ")[0]: row.split(" ")[1:] for row in _PLACES.decode().splitlines()}
PLACES = {name: columns[1:] for name, columns in ROWS.items() if columns[0] == "="}


def test_the_table_of_places_is_well_formed():
    assert len(PLACES) >= 3000
    assert _PLACES.count(b"\n") == len(ROWS)
    assert [name.encode() for name in ROWS] == sorted(name.encode() for name in ROWS)
    hand = {first_of(at).replace(" ", "_") for at in LINES}
    listed = dict.fromkeys(PLACES, 0)
    for name, columns in ROWS.items():
        assert columns[0] == "=" or (len(columns) == 1 and columns[0] in PLACES), name
        # A name of the table by hand has no further meaning.
        assert not lines_with(name.replace("_", " ")) or (columns[0] == "=" and name in hand), name
    for first, columns in PLACES.items():
        for column in columns:
            text, _, languages = column.partition(":")
            key = fold(text)
            assert key == first or ROWS[key] == [first], (first, text)
            assert all(len(language) == 2 for language in languages.split(",") if language), column
            listed[first] += 1
    assert min(listed.values()) >= 1


@given(st.sampled_from(sorted(ROWS)) | st.text(max_size=12) | WORDS)
def test_a_row_is_found_by_its_name_only(name):
    row = _row(name)
    assert (row is None) == (name.replace(" ", "_") not in ROWS)
    if row is not None:
        assert [column.decode() for column in row[1:]] == ROWS[name.replace(" ", "_")]


@given(st.sampled_from(sorted(ROWS)))
def test_all_names_of_a_place_find_each_other(name):
    name = name.replace("_", " ")
    others = spellings(name)
    assert others
    assert has_spellings(name)
    assert fold(name) not in {fold(other.text) for other in others}
    for other in others:
        back = {fold(spelling.text) for spelling in spellings(other.text)}
        assert len(lines_with(fold(other.text))) > 1 or fold(name) in back


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("Wien", "Vienna"), ("Niemcy", "Germany"), ("Pekin", "Beijing"), ("东京", "Tokyo"), ("深圳", "Shenzhen"),
        ("Лахор", "Lahore"), ("Saksamaa", "Germany"), ("Lipsia", "Leipzig"), ("Stettin", "Szczecin"),
        ("Эссен", "Essen"), ("ラホール", "Lahore"), ("Bronx", ""), ("Morelos", ""), ("nice", ""), ("essen", ""),
    ],
)  # fmt: skip
def test_exonyms(typed, found):
    texts = [spelling.text for spelling in spellings(typed)]
    assert found in texts if found else not any(text.isascii() for text in texts)


def test_a_common_word_means_the_place_in_other_languages_only():
    essen = next(spelling for spelling in spellings("Эссен") if spelling.text == "Essen")
    assert "en" in essen.languages
    assert "de" not in essen.languages


def test_an_index_without_the_name_adds_nothing(tmp_path):
    engine = WhooshEngine(tmp_path / "index")
    with engine.writer() as writer:
        writer.add(make_article("a", "", "nothing of the kind"))
    with engine.snapshot() as snapshot:
        assert other_spellings("luhansk", snapshot.vocabulary) == ()
        assert other_spellings("", snapshot.vocabulary) == ()


def test_keys_of_a_long_word_are_found_at_once():
    assert len(keys("mnrl" + 40 * "gahyjc")) <= 25
    assert keys("gahyjc" * 14)


def test_names_that_resemble_each_other_are_not_one(engine):
    with engine.writer() as writer:
        for number in range(6):
            writer.add(make_article(f"b{number}", "", "Senator Bentsen spoke in the Senate."))
            writer.add(make_article(f"c{number}", "", "Mr Benson spoke in the House."))
        writer.add(make_article("d", "", "Senator Bentson spoke, too."))
    assert search(engine, "benson")[1] == {"benson": ("Bentson",)}
    assert search(engine, "bentsen")[1] == {"bentsen": ("Bentson",)}


DECLINED = [
    ("kyiv", "uk", "У Києві оголосили тривогу."), ("warsaw", "pl", "Narada w Warszawie trwa."),
    ("vienna", "hu", "Bécsben tárgyaltak."), ("warsaw", "cs", "Letěl do Varšavy."),
    ("batumi", "ka", "ბათუმში გაიფიცნენ."), ("geneva", "ru", "Переговоры прошли в Женеве."),
    ("jerusalem", "he", "הם נפגשו בירושלים."), ("danzig", "und", "Lech Wałęsa, Gdańsk."),
    ("vijayawada", "te", "విజయవాడలో సమ్మె."), ("karachi", "ur", "کراچی میں ہڑتال"),
]  # fmt: skip


@pytest.mark.parametrize(("typed", "language", "text"), DECLINED)
def test_a_place_in_one_of_its_cases_is_found_by_its_other_name(engine, typed, language, text):
    with engine.writer() as writer:
        writer.add(make_article("a", "", text, language=language))
        writer.add(make_article("b", "", "Nothing of it."))
    assert search(engine, typed)[0] == "a"


def test_a_name_is_not_declined_in_languages_without_cases(engine):
    with engine.writer() as writer:
        writer.add(make_article("a", "", "Ils viennent.", language="fr"))
    assert search(engine, "vienna")[0] == ""
