"""Texts in languages without a profile.

Covers text.unprofiled.
"""

from __future__ import annotations

import pytest

from searcher.text.language import detect

TEXTS = {
    "az": "Müəllimlərin maaşları artır, prezident isə dünən bölgələrdə olub və bu barədə danışıb.",
    "be": "Жыхары горада чакаюць дапамогі, а настаўнікі атрымалі заробкі, паведаміў кіраўнік раёна.",
    "eu": "Langileek greba egin dute eta lehendakariak medikuekin hitz egin du, baina ez dute akordiorik lortu.",
    "gl": "A conselleira dixo que unha folga dos mariñeiros non é a solución, e xa falou coa patronal tamén.",
    "is": "Ráðherrann ræddi við fréttamenn og sagði að þetta hefði ekki verið rætt á fundinum.",
    "kk": "Мұғалімдер ереуілге шықты, президент Шымкентке барды және дәрігерлердің жалақысы өсті.",
    "ps": "په ښار کې چاودنه وشوه او د ښوونکو او ډاکټرانو معاشونه کم دي.",
    "sr": "Радници штрајкују, а министарка је рекла да ће плате бити веће јер нису довољно порасле.",
}


@pytest.mark.parametrize(("language", "text"), TEXTS.items())
def test_a_text_is_in_its_language(language, text):
    assert detect(text).language == language


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("tr", "Öğretmenlerin maaşları arttı, cumhurbaşkanı dün bölgede konuştu ve bu konuda bilgi verdi."),
        ("tr", "İstanbul'un bazı semtlerinde elektrikler kesildi, bir gün sonra da ışıklar yandı, daha ne oldu ki."),
        ("es", "La consejera habló de las elecciones y de los montes quemados, pero no dijo nada de la huelga."),
        ("pt", "A ministra falou das eleições e dos montes queimados, mas não disse nada da greve."),
        ("ru", "Жители города ждут помощи, а учителя получили зарплату, сообщил глава района."),
        ("sv", "Ministern talade med reportrarna och sade att detta inte hade diskuterats på mötet."),
        ("mk", "Работниците штрајкуваат, а министерката рече дека платите ќе бидат поголеми."),
    ],
)  # fmt: skip
def test_a_neighbour_stays_what_it_is(language, text):
    assert detect(text).language == language
