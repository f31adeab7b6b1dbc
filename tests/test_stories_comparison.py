"""Two texts compared: what is shared, cut, added, reworded and moved; and the laws of spans.

Covers stories: blocks, comparison, differing_figures, edits, figures, merged, name_spellings,
parts, quotes, rows, sentences, summary and words.
"""

from __future__ import annotations

import random
from dataclasses import replace
from itertools import pairwise

import pytest
from compared import ENGINEERS, FERRY, HOTELS, MAYOR, check, story
from fakes import make_article
from hypothesis import example, given, settings
from hypothesis import strategies as st

from searcher.stories.blocks import common_blocks
from searcher.stories.comparison import compare
from searcher.stories.merged import changed_rows, merged_lines
from searcher.stories.summary import Pair, percent


def marked(first, second) -> list[str]:
    """Return the changed lines of two texts, with marks."""
    found = compare(first, second)
    return [
        "".join(
            one.second
            if one.kind == "same" and one.moved is None
            else f"<{one.kind} {one.moved or ''}|{one.first}|{one.second}>"
            for one in line
        ).strip()
        for row in changed_rows(found)
        for line in merged_lines(found, row)
    ]


def test_words_that_differ_are_marked():
    assert marked(story(FERRY), story(FERRY.replace("on Monday", "late on Tuesday"))) == [
        FERRY.replace("on Monday", "<added ||late> on <reworded |Monday|Tuesday>")
    ]
    assert marked(story(FERRY), story(FERRY.replace(" on Monday", ""))) == [
        FERRY.replace("on Monday", "<cut |on Monday|>")
    ]


def test_paragraphs_that_were_cut_and_added():
    assert marked(story(FERRY, HOTELS, MAYOR), story(FERRY, ENGINEERS, MAYOR)) == [
        f"<cut |{HOTELS}|>",
        f"<added ||{ENGINEERS}>",
    ]


def test_paragraphs_that_were_split_and_joined():
    split, joined = story(FERRY, ENGINEERS, HOTELS), story(f"{FERRY} {ENGINEERS}", HOTELS)
    found = compare(split, joined)
    assert [(list(row.first), list(row.second)) for row in found.rows] == [
        ([1, 2], [1]),
        ([3], [2]),
    ]
    assert found.summary.shared == 100
    assert {part.kind for row in found.rows for part in row.parts} == {"same"}
    whole = FERRY.replace(" after a", ". It happened after a")
    assert compare(story(FERRY, HOTELS), story(whole, HOTELS)).summary.shared > 90


def test_sentences_that_moved():
    found = compare(story(FERRY, ENGINEERS, HOTELS, MAYOR), story(FERRY, HOTELS, MAYOR, ENGINEERS))
    moved = [part for row in found.rows for part in row.parts if part.moved is not None]
    assert [(part.first and part.first[0], part.second and part.second[0], part.moved) for part in moved] == [(2, None, 4), (None, 4, 2)]  # fmt: skip
    assert (found.summary.shared, found.summary.moved) == (100, 1)
    reworded = ENGINEERS.replace("examine the vessel", "look at the ship")
    assert marked(story(FERRY, ENGINEERS, HOTELS, MAYOR), story(FERRY, HOTELS, MAYOR, reworded))[
        1
    ].startswith("<same 2||Engineers from the shipyard in Rotterdam will><same 2|| ><reworded 2||")


def test_case_and_typography_make_no_difference():
    plain, fine = story('"It\'s THE end - now," he said.'), story("“It’s the end – now,” he said.")
    assert compare(plain, fine).summary.shared == 100
    # Versions that differ in these alone are shown all the same.
    assert marked(plain, fine) == [f"<reworded |{plain.paragraphs[0]}|{fine.paragraphs[0]}>"]


def test_names_in_other_spellings_are_the_same():
    first = story(
        "Maria Zajarova spoke of Severodonestk and Lugansk in Erdogan's palace, she said."
    )
    second = story(
        "Maria Zakharova spoke of Severodonetsk and Luhansk in Erdoğan's palace, she said."
    )
    found = compare(first, second)
    assert found.summary.shared == 100
    assert set(found.summary.names) == {
        Pair("Zajarova", "Zakharova"),
        Pair("Severodonestk", "Severodonetsk"),
        Pair("Lugansk", "Luhansk"),
    }
    kinds = [part.kind for part in found.rows[0].parts]
    assert kinds == ["same", "spelling"] * 4 + ["same"]


def test_a_name_of_a_woman_is_no_spelling_of_that_of_a_man():
    found = compare(
        story("Ship owner Patricio Vega spoke."), story("Ship owner Patricia Vega spoke.")
    )
    assert found.summary.names == ()
    assert found.summary.shared < 100


def test_words_without_a_capital_are_no_names():
    found = compare(story("Marine life is there. A marine said it."), story("Marina is there."))
    assert found.summary.names == ()


@pytest.mark.parametrize(
    ("first", "second", "pairs"),
    [
        ("evacuated 800 civilians there", "evacuated more than 800 civilians there", [("800 civilians", "more than 800 civilians")]),
        ("killed 12 people", "killed 14 people", [("12 people", "14 people")]),
        ("killed 12 and wounded others", "killed 14 and wounded others", [("12", "14")]),
        ("killed twelve people", "killed 12 people", []),
        ("killed thirty-four people", "killed 34 people", []),
        ("two million tonnes", "2m tonnes", []),
        ("killed twenty people", "killed thirty people", [("twenty people", "thirty people")]),
        ("two hundred and five men", "205 men", []),
        ("dreißig Tote", "dreiundvierzig Tote", [("dreißig Tote", "dreiundvierzig Tote")]),
        ("约三百人", "约八百人", [("约三百人", "约八百人")]),
        ("over 800 civilians", "more than 800 civilians", []),
        ("1,200,000 tonnes", "1.2 million tonnes", []),
        ("rose 5% in May", "rose 5 percent in May", []),
        ("rose 5% in May", "rose 6% in May", [("5%", "6%")]),
        ("cost $10bn", "cost $10 billion", []),
        ("cost $10bn in all", "cost €10bn in all", [("$10bn", "€10bn")]),
        ("cost $5 million", "cost 5 million euros", [("$5 million", "5 million euros")]),
        ("cost €5 million", "cost 5 million euros", []),
        ("left at 14:02 from here", "left at 15:40 from here", [("14:02", "15:40")]),
        ("was won 1-0 at home", "was won 2–1 at home", [("1-0", "2–1")]),
        ("hit hundreds of people", "hit thousands of people", [("hundreds", "thousands")]),
        ("共有44人死亡", "有65人死亡", [("44人", "65人")]),
        ("死亡超过800人", "死亡800人", [("超过800人", "800人")]),
        ("3 people and 4 dogs", "4 people and 3 dogs", []),
    ],
)  # fmt: skip
def test_figures_that_differ(first, second, pairs):
    around = "The regional government of Lower Saxony reported that the storm {} on Friday evening."
    found = compare(story(around.format(first)), story(around.format(second)))
    assert [tuple(pair) for pair in found.summary.figures] == pairs


def test_figures_of_sentences_that_do_not_correspond_are_not_compared():
    assert (
        compare(story("He ate 12 apples."), story("Rain fell on 14 apples.")).summary.figures == ()
    )


def test_quotes_that_only_one_has():
    first = story(
        "“We will never leave this town,” she said, while the army “fully occupied” the harbour.",
        '"The harvest of this year was poor," a farmer said.',
    )
    second = story(
        "They would never leave this town, she said, while the army occupied the harbour.",
        "«Nous sommes très inquiets pour demain», said another.",
    )
    assert compare(first, second).summary.quotes == (
        ("The harvest of this year was poor",),
        ("Nous sommes très inquiets pour demain",),
    )


def test_a_quotation_is_not_reported_by_function_words():
    first = story("“Ukraine can win and it will win,” the premier said.", "The road is closed.")
    second = story(
        "Ukraine faced fire, and it will be able to go on in the east.", "It can be long."
    )
    assert compare(first, second).summary.quotes == (("Ukraine can win and it will win",), ())
    reported = story("The premier said that Ukraine could win, and that it would win.")
    assert compare(first, reported).summary.quotes == ((), ())


def test_scripts_without_spaces_are_compared_by_characters():
    assert marked(story("北京市长说星期五开始下雨。"), story("北京市长说星期六开始下雨。")) == [
        "北京市长说星期<reworded |五|六>开始下雨。"
    ]
    assert compare(story("สวัสดีชาวโลก"), story("สวัสดีชาวโลกใหม่")).summary.shared > 80


def test_words_that_ran_together_are_cut_apart():
    joined = story("He went to donbasin the east of it.")
    joined = replace(joined, joins=((0, joined.paragraphs[0].index("in the")),))
    assert marked(joined, story("He went to Donbas in the east of it.")) == [
        "<reworded |He went to donbasin the east of it.|He went to Donbas in the east of it.>"
    ]
    assert compare(joined, story("He went to Donbas in the east of it.")).summary.shared == 100


def test_headlines_are_compared_with_each_other():
    assert marked(story(FERRY, headline="Ferry stops"), story(FERRY, headline="Ferry sails")) == [
        "Ferry <reworded |stops|sails>"
    ]
    assert marked(story(headline="Oil falls"), story(headline="Rain expected over hills")) == [
        "<reworded |Oil falls|Rain expected over hills>"
    ]


def test_percents_are_never_rounded_to_all_or_nothing():
    assert [percent(*pair) for pair in ((0, 9), (1, 999), (998, 999), (9, 9), (0, 0), (1, 3))] == [
        0, 1, 99, 100, 100, 33,
    ]  # fmt: skip


LINES = st.lists(
    st.one_of(
        st.text(max_size=20),
        st.lists(
            st.sampled_from(
                "a the The 800 12% more than Kyiv Kiev Luhansk Lugansk said . , ! “ ” \" ' — « » "
                "年北京 สวัส \u00a0 \n ¿ İ ß ﬁ １２ 1.000 ² \u0301 \ud7ff".split(" ")
            ),
            max_size=30,
        ).map(" ".join),
        st.sampled_from([FERRY, ENGINEERS, HOTELS, MAYOR, f"{FERRY} {HOTELS}", "", " "]),
    ),
    max_size=6,
)


def articles():
    return st.builds(
        lambda headline, body: replace(make_article("x", headline), paragraphs=tuple(body)),
        st.text(max_size=12),
        LINES,
    )


@given(articles(), articles())
@example(make_article("x"), make_article("x", "a"))
def test_spans_give_the_texts_back_and_the_other_order_is_the_mirror_image(first, second):
    found = compare(first, second)
    check(found)
    assert compare(second, first) == found.mirrored()
    assert found.mirrored().mirrored() == found
    for row in found.rows:
        for line in merged_lines(found, row):
            assert line
    assert 0 <= found.summary.shared <= 100
    assert found.summary.shared_words <= min(found.summary.words)


@given(articles())
def test_equal_texts_share_all(article):
    found = compare(article, article)
    assert found.summary.shared == 100
    assert {part.kind for row in found.rows for part in row.parts} <= {"same"}
    assert list(changed_rows(found)) == []
    assert (found.summary.figures, found.summary.names, found.summary.moved) == ((), (), 0)
    assert found.summary.quotes == ((), ())


@given(st.lists(st.integers(0, 3), max_size=12), st.lists(st.integers(0, 3), max_size=12))
def test_blocks_are_a_longest_common_subsequence(first, second):
    lengths = [[0] * (len(second) + 1) for _ in range(len(first) + 1)]
    for i, one in enumerate(first):
        for j, other in enumerate(second):
            lengths[i + 1][j + 1] = (
                lengths[i][j] + 1 if one == other else max(lengths[i][j + 1], lengths[i + 1][j])
            )
    blocks = list(common_blocks(first, second))
    assert all(first[i : i + n] == second[j : j + n] for i, j, n in blocks)
    assert sum(n for *_, n in blocks) == lengths[-1][-1]
    assert all(a[0] + a[2] <= b[0] and a[1] + a[2] <= b[1] for a, b in pairwise(blocks))


@settings(max_examples=20)
@given(st.integers(0, 10**6))
def test_edits_of_real_sentences_are_found_again(seed):
    """Each text is made of the same sentences in another order, some cut."""
    chosen = random.Random(seed)
    sentences = [FERRY, ENGINEERS, HOTELS, MAYOR]
    first, second = (chosen.sample(sentences, chosen.randint(1, 4)) for _ in range(2))
    found = compare(story(*first), story(*second))
    check(found)
    common = [one for one in first if one in second]
    words = sum(len(one.split()) for one in common)
    assert found.summary.shared_words == words
