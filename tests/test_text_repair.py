"""Damaged text is repaired where only one reading is possible. It is found in spite of the damage,
and shown as written.

Covers text.joined and the repair in text.cleaning.
"""

from __future__ import annotations

import json
import time

import pytest
from fakes import NOW
from hypothesis import given
from hypothesis import strategies as st

from searcher.article import Article, Document, Origin
from searcher.engine.memory import MemoryEngine
from searcher.engine.whoosh_engine import WhooshEngine
from searcher.reading.normalise import normalise
from searcher.search.request import Request
from searcher.search.service import SearchService
from searcher.text.cleaning import repaired
from searcher.text.joined import find_joins

TEXT = """The ferry from Port Islay stopped on Monday, said the council of Islay.

Talks with Norwaywhich built the ship went on in the capital, and Norway sent divers. The mayor of the region Islayof which the harbour is a part
was asked by the European UnionThe EU had paid for it."""


def article(text: str, **fields) -> Article:
    return normalise(Document(Origin("a.txt"), "text", text=text, **fields), NOW)


def pieces(found: Article) -> list[str]:
    return [
        f"{found.paragraphs[number][:at].split()[-1]}|{found.paragraphs[number][at:].split()[0]}"
        for number, at in found.joins
    ]


def test_words_that_ran_together_are_reported_and_the_text_is_kept():
    found = article(TEXT)
    assert pieces(found) == ["Norway|which", "Islay|of", "Union|The"]
    assert "Norwaywhich" in found.paragraphs[1]
    assert "\u200b" not in json.dumps(found.to_json(), ensure_ascii=False)
    assert Article.from_json(json.loads(json.dumps(found.to_json()))) == found


@pytest.mark.parametrize(
    "text",
    [
        "With Robert within reach, Roberts met Robertson. Roberts said the Indian team beat Indiana, and Indian fans sang.",
        "There was rain thereafter. Martin met Martina. Jack Jackson. A Latin teacher taught Latino children in Latin.",
        "LinkedIn and YouTube and McDonald's said. The McDonald brothers linked up with LinkedIn.",
        "Justin Trudeau spoke. Just then they left, and just as fast. Just so. It was just a form. Format. Form.",
        "Brad Marchand scored in March. In March he had not. March was long.",
        "Berlin and Berliners. Paris and Parisians. Iran and Iranian oil. Japan and Japanese cars. China and Chinese tea.",
    ],
)
def test_whole_words_are_left_alone(text):
    assert find_joins([text], "en") == ()


def test_a_headline_tells_names():
    text = "Talks with Norwaya country at peace. " + "Norway paid. " * 4
    assert find_joins([text], "en") == ()
    assert find_joins([text], "en", "Norway pays") == ((0, 17),)


@pytest.mark.parametrize(
    ("text", "language", "joined"),
    [
        (
            "Der Minister und die Ministerin. Minister, Sprecher und Sprecherin. Sprecher sagen. Minister gehen.",
            "de",
            [],
        ),
        ("He met Norwaywhich paid. Norway paid.", "en", ["Norway|which"]),
        ("Talks with Norwaywhich built it. Norway paid.", "zh", []),
    ],
)
def test_function_words_are_those_of_the_language(text, language, joined):
    assert [
        f"{text[:at].split()[-1]}|{text[at:].split()[0]}" for _, at in find_joins([text], language)
    ] == joined


@pytest.mark.parametrize("kind", ["memory", "whoosh"])
def test_what_ran_together_is_found_and_marked_in_its_place(kind, tmp_path):
    engine = MemoryEngine() if kind == "memory" else WhooshEngine(tmp_path / "index")
    found = article(TEXT, given_id="a")
    with engine.writer(0, False) as writer:
        writer.add(found)
    service = SearchService(engine)
    for query, shown in (
        ("norway", "Norway"),
        ('"norway which built"', "Norwaywhich built"),
        ('"eu had paid"', "EU had paid"),
        ("islay", "Islay"),
    ):
        hits = service.run(Request(query))
        assert hits.total == 1, query
        (snippet, *_) = hits.hits[0].snippets
        assert shown in [snippet.text[start:end] for start, end in snippet.highlights], (
            query,
            snippet,
        )
        _, marked = service.marked(hits.hits[0].article, Request(query))
        for paragraph, text in zip(marked, found.paragraphs, strict=True):
            assert paragraph.text == text
        spans = [
            paragraph.text[start:end] for paragraph in marked for start, end in paragraph.highlights
        ]
        assert set(spans) == {shown}, query


@given(
    st.lists(
        st.sampled_from(
            ["Norway", "Norwaywhich", "Islayof", "Islay", "UnionThe", "and", "norwayin", "x"]
        ),
        max_size=30,
    )
)
def test_joins_lie_within_words(words):
    text = " ".join(words)
    found = find_joins([text, text], "en")
    assert list(found) == sorted(set(found))
    for _, at in found:
        assert text[at - 1].isalpha()
        assert text[at].isalpha()


@pytest.mark.parametrize(
    ("damaged", "sound"),
    [
        ("The mayorâ€™s â€œplanâ€\x9d", "The mayor’s “plan”"),
        ("Ã‰cole franÃ§aise", "École française"),
        ("ÐœÐ¾Ñ\x81ÐºÐ²Ð°", "Москва"),
        ("AT&amp;T and R&amp;D", "AT&T and R&D"),
        ("caf&eacute; &#8211; open", "café – open"),
        ("École française à Âmes, São Tomé", "École française à Âmes, São Tomé"),
        ("R&D; AT&T", "R&D; AT&T"),
        ("x?a=1&copy=2&reg=3 &amp; more", "x?a=1&copy=2&reg=3 & more"),
        ("O filme “IRMÃ” estreou. “LÃ”", "O filme “IRMÃ” estreou. “LÃ”"),
        ("cafÃ©", "café"),
        ("ÜBER ÄRGER", "ÜBER ÄRGER"),
    ],
)
def test_mojibake_and_entities(damaged, sound):
    assert repaired(damaged) == sound
    assert repaired(sound) == sound


@given(st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=0x2100), max_size=60))
def test_repair_never_raises(text):
    assert isinstance(repaired(text), str)


def test_a_word_divided_at_the_end_of_a_line_is_found_both_ways(tmp_path):
    lines = "The county asked the govern-\nment on Monday for a well-\nknown diver and a boat for\nthe harbour of the islands"
    found = article(lines, given_id="a")
    assert "govern-ment" in found.paragraphs[0]
    engine = MemoryEngine()
    with engine.writer(0, False) as writer:
        writer.add(found)
    for query in ("government", '"well known"', "well-known", "wellknown"):
        assert SearchService(engine).run(Request(query)).total == 1, query


def test_soft_hyphens_ligatures_and_quotes_do_not_hide_words():
    found = article("The har\u00adbour oﬃce said: ‘It’s the mayor’s’ plan.", given_id="a")
    engine = MemoryEngine()
    with engine.writer(0, False) as writer:
        writer.add(found)
    for query in ("harbour", "office", "mayor's", "it's"):
        assert SearchService(engine).run(Request(query)).total == 1, query
    assert "oﬃce" in found.paragraphs[0]


@pytest.mark.parametrize(
    "text",
    [
        "A" * 100_000,
        "Aand" * 25_000,
        "Norway " * 14_000,
        "Norwaywhich " * 8_000,
        "norwaywhich " * 12_000,
        "The" * 30_000,
        "&" * 100_000,
        "Ã" * 100_000,
        "a-\n" * 30_000,
    ],
)
def test_repairs_take_linear_time(text):
    begin = time.thread_time()
    article(text)
    assert time.thread_time() - begin < 5
