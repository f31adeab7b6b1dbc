"""Detection of languages.

Covers text.language, profiles, word_rows, scripts and passages.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from searcher.article import Passage
from searcher.text.language import detect, language_code, languages_beside
from searcher.text.passages import foreign_passages
from searcher.text.profiles import profiles
from searcher.text.scripts import script_of

ICELANDIC = "Við komum hingað til þess að styðja þá sem misstu heimili sín í flóðinu, segja þeir í samtali við blaðið."
ZULU = "Amaphoyisa athi afika endaweni yesigameko ngemva kokushayelwa ucingo ngabantu abahlala eduze kwalapho."
ENGLISH = "The river rose again overnight and the council asked the people of the lower town to leave their homes."


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (ENGLISH, "en"),
        (ENGLISH.upper(), "en"),
        ("Die Stadt wurde vollständig besetzt, sagte der Bürgermeister am Samstag.", "de"),
        ("Мэр города сообщил в субботу, что город полностью занят.", "ru"),
        ("Мер міста повідомив у суботу, що місто повністю окуповане.", "uk"),
        ("国家航天局表示，嫦娥六号返回器准确着陆于预定区域。", "zh"),
        ("现我", "zh"),
        ("気象庁によると、地震の規模を示すマグニチュードは７・６。", "ja"),
        (
            "르노삼성 부산공장은 사원대표위원회(Employee Representative Organisation)를 열었다.",
            "ko",
        ),
        ("საქართველოს პარლამენტი", "ka"),
        ("12345 67890 !!!", "und"),
        ("", "und"),
        ("ok", "und"),
        (ICELANDIC, "is"),
        (ZULU, "und"),
        ("PRESIDENT RESIGNS AFTER VOTE", "und"),
        (
            "Azərbaycan Prezidenti dünən Bakıda keçirilən iclasda yeni islahatlar barədə danışdı.",
            "az",
        ),
        (
            "O‘zbekiston Prezidenti kecha Toshkentda bo‘lib o‘tgan yig‘ilishda islohotlar haqida gapirdi.",
            "und",
        ),
        ("Влада Србије је јуче објавила нови буџет, јер плате нису довољно порасле.", "sr"),
        (
            "D'Regierung huet gëschter en neie Budget presentéiert, well d'Léin net genuch geklomme sinn.",
            "und",
        ),
        (
            "Kerajaan semalam mengumumkan belanjawan baharu kerana gaji tidak cukup dinaikkan.",
            "und",
        ),
    ],
)
def test_language(text, language):
    assert detect(text).language == language
    assert detect(text) == detect(text)


@pytest.mark.parametrize(
    ("text", "declared", "language"),
    [
        ("ok", "de-AT", "de"),
        (ENGLISH, "de", "en"),
        (ENGLISH, "is", "en"),
        (ENGLISH, "ja", "en"),
        (ICELANDIC, "is-IS", "is"),
        (ZULU, "zu", "zu"),
        (ZULU, "en", "und"),
        (ICELANDIC, "ka", "is"),
        ("Градоначалник је рекао да је град потпуно заузет.", "sr", "sr"),
        ("Gradonačelnik je rekao da je grad potpuno zauzet i da ljudi odlaze.", "bs", "bs"),
        ("現在", "ja", "ja"),
    ],
)
def test_a_declaration_decides_where_the_text_cannot_and_names_what_has_no_profile(
    text, declared, language
):
    assert detect(text, declared).language == language


def test_a_table_of_figures_has_no_language():
    assert detect(
        "Shr 45 cts vs 58 cts\nNet 1.1 mln vs 829,000\nSales 7.9 mln vs 9.4 mln"
    ).language in ("und", "en")
    assert detect(
        "Shr 12 cts vs 13 cts\nNet 477,000 vs 336,000\nRevs 4,369,000 vs 3,671,000"
    ).language in ("und", "en")


def test_codes_out_of_declarations():
    declared = ["en-GB", "pt_BR", "nb", "nn-NO", "iw", "", "english", "x"]
    assert [language_code(text) for text in declared] == ["en", "pt", "no", "no", "he", "", "", ""]


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("city", "Latin"),
        ("1987", ""),
        ("über", "Latin"),
        ("город city", "Cyrillic"),
        ("漢字かな交じり文", "Kana"),
        ("汉字", "Han"),
        ("한국 KBS", "Hangul"),
    ],
)
def test_scripts(text, script):
    assert script_of(text) == script


def test_a_passage_in_another_language_is_found_in_its_place():
    remark = "el consejo de la ciudad, que agrupa a todos los partidos políticos"
    whole = "La population de la ville basse a été évacuée pendant la nuit par les pompiers et la police."
    text = [
        ENGLISH,
        f"The council [{remark}] “said that (see below) it would meet again on Monday”.",
        whole,
        ENGLISH,
    ]
    start = text[1].index(remark)
    assert foreign_passages(text, "en") == [
        Passage(1, start, start + len(remark), "es"),
        Passage(2, 0, len(whole), "fr"),
    ]
    assert foreign_passages(text, "und") == []
    assert foreign_passages([ENGLISH, "Он сказал, что город полностью занят."], "en") == [
        Passage(1, 0, 37, "ru")
    ]


def test_names_figures_and_titles_are_no_passages():
    for text in (
        "Credit Suisse First Boston, Morgan Stanley International and Svenska Handelsbanken",
        "Shr 92 cts vs 83 cts Net 30.8 mln vs 27.5 mln Sales 1.40 billion vs 1.32 billion",
        "He quoted “La vita è bella” and left.",
    ):
        assert foreign_passages([ENGLISH, text], "en") == [], text


@given(st.lists(st.text(max_size=60), max_size=5), st.sampled_from(["en", "ru", "zh", "is", "und"]))
def test_passages_lie_in_their_paragraphs(paragraphs, language):
    for passage in foreign_passages(paragraphs, language):
        assert 0 <= passage.start < passage.end <= len(paragraphs[passage.paragraph])
        assert passage.language not in (language, "und")


def test_many_texts_at_once_score_as_each_alone():
    known = profiles()
    texts = [f"{ENGLISH} {number} {ICELANDIC if number % 3 else ZULU}" for number in range(300)]
    handicaps = np.zeros(len(known.languages))
    leads, columns = known.leads(["", *texts, "12"], handicaps, "en")
    assert leads[0] == leads[-1] == -np.inf
    for number in (0, 1, 127, 128, 299):
        alone = known.score(texts[number]).likelihoods
        assert columns[number + 1] == alone.argmax()
        lead = alone.max() - alone[known.languages.index("en")]
        assert leads[number + 1] == pytest.approx(lead, rel=1e-3, abs=1e-3)


def test_the_memory_of_words_is_bounded_and_safe_in_threads():
    texts = [
        " ".join(f"w{chr(97 + word % 26)}rd{word * 31 + number}x" for word in range(400))
        for number in range(200)
    ]
    expected = detect(ENGLISH)
    with ThreadPoolExecutor(4) as pool:
        assert all(tag.language for tag in pool.map(detect, texts))
        assert set(pool.map(detect, [ENGLISH] * 100)) == {expected}
    assert languages_beside("en", ["x " * 200_000, ENGLISH]) == ["", ""]
