"""Words of languages with a light stemmer meet without their endings.

Covers text.suffixes.
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searcher.text.analyzer import stems, token_terms
from searcher.text.folding import fold
from searcher.text.suffixes import SUFFIXED, without_endings

PAIRS = {
    "af": "onderwysers/onderwyser dokters/dokter",
    "az": "Gəncədə/Gəncə müəllimlərin/müəllim Bakıda/Bakı məktəblərdə/məktəb",
    "be": "журналістаў/журналіст Вільню/Вільня настаўнікі/настаўнік Мінску/Мінск",
    "bn": "ঢাকায়/ঢাকা শিক্ষকদের/শিক্ষক হাসপাতালগুলোতে/হাসপাতাল সরকারের/সরকার নির্বাচনে/নির্বাচন",
    "eu": "langileek/langile Bilbon/Bilbo etxeen/etxe lehendakariak/lehendakari",
    "gu": "શિક્ષકોની/શિક્ષક ખેડૂતોને/ખેડૂત અમદાવાદમાં/અમદાવાદ",
    "he": "רופאים/רופא דירות/דירה מפגינים/מפגין מחירי/מחיר",
    "kk": "мұғалімдер/мұғалім дәрігерлердің/дәрігер Алматыда/Алматы Шымкентке/Шымкент",
    "ky": "мугалимдер/мугалим Ошто/Ошто",
    "ml": "കൊച്ചിയിൽ/കൊച്ചി മന്ത്രിയുടെ/മന്ത്രി",
    "mn": "Улаанбаатарт/Улаанбаатар эмчийн/эмч",
    "mr": "शेतकऱ्यांचा/शेतकरी शाळांना/शाळा मुख्यमंत्र्यांनी/मुख्यमंत्री पुण्यात/पुणे",
    "pa": "ਕਿਸਾਨਾਂ/ਕਿਸਾਨ ਅਧਿਆਪਕਾਂ/ਅਧਿਆਪਕ",
    "ps": "ډاکټرانو/ډاکټر معاشونه/معاش",
    "te": "విజయవాడలో/విజయవాడ మంత్రికి/మంత్రి",
    "ur": "ڈاکٹروں/ڈاکٹر خبریں/خبر لڑکیوں/لڑکی عدالتوں/عدالت مقدمات/مقدمہ",
    "uz": "maktablarda/maktab Toshkentga/Toshkent",
}


@pytest.mark.parametrize(
    ("language", "form", "lemma"),
    [
        (language, *pair.lower().split("/"))
        for language, pairs in PAIRS.items()
        for pair in pairs.split()
    ],
)
def test_forms_meet_their_lemma(language, form, lemma):
    assert set(stems(form, language)) & set(stems(lemma, language))


def test_each_language_has_cases():
    assert PAIRS.keys() == SUFFIXED


@given(st.sampled_from(sorted(SUFFIXED)), st.text(max_size=20))
def test_a_word_keeps_its_beginning(language, word):
    folded = fold(word)
    left = without_endings(folded, language)
    assert bool(left) == bool(folded)
    if language != "he":
        assert folded.startswith(left)


@pytest.mark.parametrize(
    ("language", "word", "typed"),
    [
        ("ar", "بالسفراء", "سفير"), ("ar", "والأطباء", "طبيب"), ("en", "Müller", "mueller"),
        ("und", "Jørgensen", "joergensen"), ("az", "Gəncə", "gence"), ("hy", "Երևան", "ԵՐԵՎԱՆ"),
        ("ja", "ウイスキー", "ウィスキー"), ("ja", "髙橋", "高橋"), ("mr", "शेतकऱ्या", "शेतकर्या"),
        ("fa", "پرستاران", "پرستار"), ("sq", "mësuesit", "mësues"), ("gl", "mariñeiros", "mariñeiro"),
        ("ka", "მასწავლებლებმა", "მასწავლებელი"),
    ],
)  # fmt: skip
def test_other_forms_and_spellings_meet(language, word, typed):
    held = {term for term, _, _ in token_terms(word, language)[0]}
    assert held & {term for term, _, _ in token_terms(typed, language)[0]}


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("AH-64D", "ah64"), ("F-16C", "f16"), ("A320neo", "a320"), ("T-72B3", "t72"), ("Ph.D.", "phd"),
        ("M.Sc", "msc"),
    ],
)  # fmt: skip
def test_designations_and_degrees_meet(text, typed):
    assert typed in {form for _, form, _ in token_terms(text, "en")[0]}


@pytest.mark.parametrize("text", ["mid-50s", "rev-10th", "COVID-19", "5G", "12B", "1990s"])
def test_no_designation_loses_its_end(text):
    figures = "".join(filter(str.isdigit, text))
    held = {form for _, form, _ in token_terms(text, "en")[0]}
    assert text[-1].isdigit() or figures not in held
