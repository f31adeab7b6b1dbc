"""Common irregular forms meet their lemma.

Covers text.listed_forms.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searcher.text import listed_forms
from searcher.text.analyzer import stems, token_terms
from searcher.text.endings import TABLES
from searcher.text.folding import fold
from searcher.text.listed_forms import LISTING, listed_lemma

PAIRS = {
    "ar": "وزراء/وزير مدارس/مدرسة",
    "bg": "дългите/дълъг",
    "cs": "Praze/Praha dětí/dítě lidmi/člověk",
    "de": "Häuser/Haus gab/geben",
    "el": "έδωσε/δίνω",
    "es": "jueces/juez dijeron/decir",
    "fi": "veden/vesi Helsingissä/Helsinki",
    "fr": "yeux/oeil vinrent/venir",
    "hr": "troškova/trošak",
    "id": "diterima/terima",
    "it": "uomini/uomo",
    "lv": "sportu/sports",
    "mk": "најнискиот/низок",
    "pl": "dodatkiem/dodatek",
    "pt": "eleições/eleição aviões/avião",
    "ru": "добровольцев/доброволец",
    "sk": "ľuďoch/ľudia",
    "sr": "трошкова/трошак troškova/трошак",
    "sv": "kalendrar/kalender",
    "tr": "ayağa/ayak",
    "uk": "дітей/дитина Києві/Київ Харкові/Харків",
}


@pytest.mark.parametrize(
    ("language", "form", "lemma"),
    [
        (language, *pair.lower().split("/"))
        for language, pairs in PAIRS.items()
        for pair in pairs.split()
    ],
)
def test_a_form_meets_its_lemma_however_it_is_typed(language, form, lemma):
    for typed in (form, fold(form)):
        assert set(stems(typed, language)) & set(stems(lemma, language))


def test_the_form_itself_stays_a_term():
    assert stems("praze", "cs")[0] != stems("praha", "cs")[0]
    assert stems("praze", "cs")[0] in stems("praze", "cs")
    assert {term for term, _, _ in token_terms("Praze", "cs")[0]} == set(stems("praze", "cs"))


@cache
def rows(language: str) -> dict[str, str]:
    """Return the lemma by form, read line by line."""
    path = Path(listed_forms.__file__).parent / f"lemmas/forms-{language}.txt"
    found = {}
    for line in path.read_text("utf-8").splitlines():
        form, cut, ending = line.split(" ")
        found[form] = form[: len(form) - int(cut)] + ending
    return found


@given(st.data(), st.sampled_from(sorted(LISTING)))
def test_the_search_in_the_file_equals_a_dictionary(data, language):
    word = data.draw(st.sampled_from(sorted(rows(language))) | st.text(max_size=9))
    expected = rows(language).get(word)
    if language not in ("sr", *TABLES):
        assert listed_lemma(word, language) == expected
    elif word.isascii():
        assert listed_lemma(word, "hr") == expected


@pytest.mark.parametrize("language", sorted(LISTING))
def test_lists_are_sorted_and_no_lemma_is_listed_itself(language):
    path = Path(listed_forms.__file__).parent / f"lemmas/forms-{language}.txt"
    lines = path.read_bytes().splitlines()
    forms = [line.split(b" ")[0] for line in lines]
    assert forms == sorted(set(forms))
    assert not rows(language).keys() & set(rows(language).values())
    assert all(form == fold(form) for form in rows(language))
