"""Copies: the same text reprinted, and what only looks like it.

Covers stories: copies, bodies, forms, digests.
"""

from __future__ import annotations

import random
from itertools import permutations

import pytest
from contract import fill
from fakes import make_article
from hypothesis import given
from hypothesis import strategies as st

from searcher.stories.bodies import body_of, compared
from searcher.stories.copies import related, verdicts
from searcher.stories.placing import Placing

CHANCE = random.Random(4)
WORDS = [f"{head}{tail}" for head in "bcdfghjklm" for tail in ("arn", "ester", "ill", "oat", "und")]


def prose(count):
    return " ".join(CHANCE.choices(WORDS, k=count))


TEXT, ELSE = prose(300), prose(300)
NOTICE = (
    "The harbour board bought {} million crowns of bonds from dealers, a spokesman said. Dealers "
    "said overnight money was trading at {} percent when the board began to supply the market with "
    "reserves for the day, which nobody had expected to be as large."
)
DIVIDEND = "Quarterly dividend 10 cents against 10 cents before. Pay April 15, record March 31."


def relation(one, other, **options):
    articles = [make_article("1", "", one), make_article("2", "", other)]
    if options:
        articles = [
            make_article(
                number, **{"body": body, **{key: value[at] for key, value in options.items()}}
            )
            for at, (number, body) in enumerate((("1", one), ("2", other)))
        ]
    found = [
        related(a, b, compared(body_of(a), body_of(b))) for a, b in (articles, reversed(articles))
    ]
    assert found[0] == found[1]
    return found[0]


@pytest.mark.parametrize(
    "other",
    [
        TEXT,
        TEXT.upper(),
        " ".join(TEXT.split()[:100]),
        " ".join(TEXT.split()[90:200]),
        f"{prose(25)}\n\n{TEXT}\n\n{prose(40)}",
        TEXT.replace(" ", "\n\n", 4).replace("barn", "Barn’s", 1),
        "Kyiv, June 25 " + TEXT,
    ],
)
def test_the_same_text_is_a_copy(other):
    assert relation(TEXT, other) == "copy"


@pytest.mark.parametrize("other", [ELSE, "", TEXT[:40], " ".join(TEXT.split()[:60]) + ELSE])
def test_another_text_is_no_copy(other):
    assert relation(TEXT, other) is None


@pytest.mark.parametrize(
    ("figures", "others"),
    [
        (("250", "6.25"), ("250", "6.5")),
        (("two", "6.25"), ("250", "6.25")),
        (("six", "7"), ("7", "six")),
        (("250", "six"), ("250", "6.25")),
    ],
)
def test_notices_with_other_figures_are_no_copies(figures, others):
    assert relation(NOTICE.format(*figures), NOTICE.format(*others)) is None
    assert relation(NOTICE.format(*figures), NOTICE.format(*figures)) == "copy"


@pytest.mark.parametrize(
    ("figures", "others"),
    [
        (("trenta", "venti"), ("quaranta", "undici")),
        (("dertig", "twintig"), ("veertig", "elf")),
        (("тридцать", "пять"), ("сорок", "десять")),
        (("خمسين", "أربعين"), ("سبعين", "ستين")),
        (("三百", "二"), ("八百", "六")),
    ],
)
def test_figures_in_words_of_many_languages_are_figures(figures, others):
    form = " ".join(TEXT.split()[:40]) + " {} " + " ".join(TEXT.split()[40:70]) + " {} barn"
    assert relation(form.format(*figures), form.format(*others)) is None
    assert relation(form.format(*figures), form.format(*figures)) == "copy"


FIXTURES = (
    "The league committee announced the coming round. {} will play {} at home in the early match, "
    "and the late match will be between {} and {} at the northern ground. Tickets are sold at the "
    "gates from noon, and children go free with an adult. Supporters are asked to come by bus, as "
    "the car park is closed for repairs. The referee will be named on the eve of the matches."
)
CHINESE = (
    "据当地媒体报道，{}市政府周三宣布，将投入{}亿元用于修建新的地铁线路，预计工程将在三年内完成。市长表示，新线路"
    "将连接机场与市中心，缓解交通拥堵，方便居民出行。环保组织对此表示欢迎，但要求政府公布环境影响评估报告。"
)
THAI = (
    "กรมอุตุนิยมวิทยารายงานว่าวันนี้จังหวัด{}จะมีฝนตกหนัก อุณหภูมิสูงสุด {} องศา ลมแรงตลอดทั้งวัน "
    "ประชาชนควรเตรียมพร้อมรับมือน้ำท่วมฉับพลันในพื้นที่ลุ่มต่ำ และติดตามข่าวสารอย่างใกล้ชิด"
)


@pytest.mark.parametrize(
    ("form", "ours", "theirs"),
    [
        (FIXTURES, "Ashford Burnley Corby Dover", "Epsom Frome Goole Hythe"),
        (FIXTURES, "Ashford Burnley Corby Dover", "Epsom Frome Corby Dover"),
        (FIXTURES, "Ashford Burnley Corby Dover", "Ashford Dover Corby Burnley"),
        (CHINESE, "武汉 三百", "武汉 八百"),
        (CHINESE, "武汉 300", "武汉 800"),
        (CHINESE, "武汉 三百", "成都 三百"),
        (THAI, "เชียงใหม่ 31", "เชียงใหม่ 34"),
        (THAI, "เชียงใหม่ 31", "ขอนแก่น 31"),
    ],
)
def test_a_form_with_other_names_or_figures_in_any_script_is_no_copy(form, ours, theirs):
    one, other = (form.format(*words.split()) for words in (ours, theirs))
    assert relation(one, other) is None
    assert relation(one, f"{one}\n\n{form[-60:-50]}") == "copy"
    outlet = {"source": ("Gazette", "Gazette"), "headline": ("Notice of the day",) * 2}
    assert relation(one, other, **outlet) is None


REPORT = (
    "Zelensky said on Tuesday that 12 people were killed and 34 were wounded when a missile hit a "
    "station in Kramatorsk, where families were waiting for trains. Speaking in Kiev after a "
    "meeting with Zbigniew Rau, Zelensky said that 2 million people had left the Lugansk region "
    "and Odessa. Zakharova denied in Moscow that the missile was theirs. Rescuers from Kharkiv "
    "arrived in the evening with cranes, and volunteers brought blankets and hot meals to the "
    "school in which survivors spent the night, before they were taken to Kiev by bus."
)


@pytest.mark.parametrize(
    "changes",
    [
        {"Zelensky": "Zelenskyy", "Zakharova": "Zajarova", "Kharkiv": "Kharkov"},
        {"Zelensky": "Zelenskiy", "Kiev": "Kyiv", "Lugansk": "Luhansk", "Odessa": "Odesa"},
        {"12": "twelve", "34": "thirty-four", "2 million": "two million"},
    ],
)
def test_names_and_numbers_that_are_spelled_otherwise_make_no_other_text(changes):
    other = REPORT
    for written, spelled in changes.items():
        other = other.replace(written, spelled)
    assert relation(REPORT, other) == "copy"
    assert relation(REPORT, f"{other} {prose(20)}") == "copy"


@pytest.mark.parametrize(
    "changes",
    [
        {"12": "fifteen", "34": "forty-one", "2 million": "3 million"},
        {"12": "21", "34": "43"},
        {"Zelensky": "Macron", "Kramatorsk": "Lyon", "Zbigniew Rau": "John Smith"},
    ],
)
def test_other_names_and_numbers_make_another_text(changes):
    other = REPORT
    for written, replaced in changes.items():
        other = other.replace(written, replaced)
    assert relation(REPORT, other) is None


def test_tables_with_the_same_figures_in_other_places_are_no_copies():
    rows = [
        f"{town} high {10 + at} low {at} wind {3 + at % 2} rain nil"
        for at, town in enumerate(WORDS[:30])
    ]
    other = [
        f"{town} high {11 + at} low {at + 1} wind {3 + at % 2} rain nil"
        for at, town in enumerate(WORDS[:30])
    ]
    assert relation("\n".join(rows), "\n".join(other)) is None
    assert relation("\n".join(rows), "\n".join(rows[:20])) == "copy"


def test_short_notices_are_copies_only_under_headlines_of_the_same_names():
    headlines = ("Acme Pumps sets dividend", "Bolt Transport sets dividend")
    assert relation(DIVIDEND, DIVIDEND, headline=headlines) is None
    assert relation(DIVIDEND, DIVIDEND, headline=(headlines[0], headlines[0])) == "copy"
    assert relation(TEXT, TEXT, headline=headlines) == "copy"


def test_the_same_notice_on_another_day_is_no_copy():
    notice = NOTICE.format(2, 3)
    assert relation(notice, notice, published=("2022-06-01", "2022-06-22")) is None
    assert relation(TEXT, TEXT, published=("2022-06-01", "2022-06-22")) == "copy"


def test_states_of_an_article_of_one_outlet_are_versions():
    update = f"{TEXT}\n\n{prose(30)}"
    outlet, headline = ("Gazette", "Gazette"), ("Grain deal signed", "Grain deal is signed")
    assert relation(TEXT, update, source=outlet, headline=headline) == "version"
    assert relation(TEXT, update, source=("Gazette", "Post"), headline=headline) == "copy"
    assert relation(TEXT, update, source=outlet, headline=("Grain", "CORRECTED")) == "version"
    far = ("2022-06-01", "2022-06-22")
    assert relation(TEXT, update, source=outlet, headline=headline, published=far) == "version"
    url = ("https://example.org/1",) * 2
    assert relation(TEXT, update, source=outlet, headline=("Grain", "X"), url=url) == "version"


INSERTED = ["", "7", "two", "Acme", "barn 9 Bolt", ".", "Kiev", "Kyiv", "seven", "1.000", "Kyjiw 2"]


@pytest.mark.parametrize(
    ("later", "changes", "headline", "expected"),
    [
        ("2022-06-01T14:00", {"12": "15", "34": "41"}, "Missile hits station, 15 dead", "version"),
        ("2022-06-01T14:00", {"12": "15", "34": "41"}, "Storm", None),
        ("2022-06-02T10:00", {"12": "15", "34": "41"}, "Missile hits station", None),
        ("2022-06-01T14:00", {"Rau": "Smith", "Kramatorsk": "Lyon"}, "Missile hits station", None),
        ("", {"12": "15", "34": "41"}, "Missile hits station", None),
    ],
)
def test_an_update_with_other_figures_by_its_outlet_is_a_version(
    later, changes, headline, expected
):
    other = REPORT
    for written, replaced in changes.items():
        other = other.replace(written, replaced)
    options = {
        "headline": ("Missile hits station", headline),
        "published": ("2022-06-01T10:00", later) if later else (None, None),
    }
    assert relation(REPORT, other, source=("Gazette", "Gazette"), **options) == expected
    assert relation(REPORT, other, source=("Gazette", "Post"), **options) is None


edits = st.lists(
    st.tuples(st.integers(0, 59), st.sampled_from(INSERTED)),
    max_size=6,
)


@given(edits, edits, st.integers(0, 20), st.integers(30, 60))
def test_a_comparison_is_the_same_in_either_order(first, second, start, end):
    words = TEXT.split()[:30] + NOTICE.format(8, 9).split()[:30]
    texts = []
    for changes in (first, second):
        held = list(words)
        for place, word in changes:
            held[place % len(held)] = word
        texts.append(held)
    one, other = (
        body_of(make_article("1", "", " ".join(held))) for held in (texts[0], texts[1][start:end])
    )
    assert compared(one, other) == compared(other, one)


def test_copies_in_an_index_are_found_from_either_side_and_in_any_order(engine):
    half = " ".join(TEXT.split()[:150])
    articles = [
        make_article("whole", "", TEXT),
        make_article("half", "", half),
        make_article("framed", "", f"{prose(20)} {half}"),
        make_article("else", "", ELSE),
    ]
    fill(engine, articles)
    with engine.snapshot() as snapshot:
        found = {article.id: verdicts(article, snapshot) for article in articles}
    assert {one.article_id for one in found["whole"]} == {"half", "framed"}
    assert found["else"] == []
    shares = {(name, one.article_id, one.share) for name in found for one in found[name]}
    assert shares == {(other, name, share) for name, other, share in shares}
    for order in permutations(articles):
        placing = Placing(Nowhere())
        for article in order:
            placing.add(article.id, found[article.id])
        groups = {name: place.copies for name, place in placing.places.items()}
        assert groups["else"] == 0 != groups["half"]
        assert groups["whole"] == groups["half"] == groups["framed"]


def test_a_digest_is_no_copy_of_its_parts_whatever_else_is_there(engine):
    first, second, third = TEXT, prose(150), prose(120)
    articles = [
        make_article("first", "", first),
        make_article("second", "", second),
        make_article("reprint", "", f"{prose(30)} {first}"),
        make_article("digest", "", f"{first}\n\n{second}\n\n{third}"),
        make_article("digest of another", "", f"{first}\n\n{second}\n\n{third} {prose(20)}"),
        make_article("nearly all", "", f"{first} {prose(50)}"),
        make_article("its end", "", prose(50)),
    ]
    fill(engine, articles)
    with engine.snapshot() as snapshot:
        found = {article.id: verdicts(article, snapshot) for article in articles}
    copied = {
        (name, one.article_id)
        for name in found
        for one in found[name]
        if not one.is_part and not one.is_digest
    }
    one_text = {"first", "reprint", "nearly all"}
    digests = {"digest", "digest of another"}
    expected = {(a, b) for held in (one_text, digests) for a in held for b in held if a != b}
    assert copied == expected
    parts = {(name, one.article_id) for name in found for one in found[name] if one.is_part}
    digest_of = {(one.article_id, name) for name in found for one in found[name] if one.is_digest}
    assert parts == digest_of
    assert {whole for whole, _ in parts} == digests


class Nowhere:
    """A commit without stories."""

    last_number = 0

    def place(self, article_id):
        return None

    def stories(self, numbers, limit):
        return {}
