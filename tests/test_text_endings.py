"""Inflected words meet in a stem.

Covers text.endings and analyzer.
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searcher.text.analyzer import stem
from searcher.text.endings import LISTED, lemma
from searcher.text.folding import fold

PAIRS = {
    "bg": "правителството/правителство изборите/избори президента/президент",
    "ca": "eleccions/elecció ministres/ministre",
    "cs": "městech/město ministrů/ministr vládou/vláda",
    "da": "regeringens/regeringen ministrene/minister skibene/skib",
    "de": "Regierungen/Regierung Ministern/Minister Städten/Stadt",
    "el": "κυβέρνησης/κυβέρνηση υπουργού/υπουργός",
    "et": "valitsuse/valitsus ministrid/minister",
    "fi": "hallituksen/hallitus Helsingissä/Helsingin ministerit/ministeri",
    "hr": "vlade/vlada izborima/izbori predsjednika/predsjednik",
    "hu": "kormánynak/kormány miniszterek/miniszter",
    "is": "ráðherrar/ráðherra skipinu/skip",
    "lt": "vyriausybės/vyriausybė ministrai/ministras",
    "lv": "valdības/valdība ministri/ministrs",
    "mk": "владата/влада министерот/министер",
    "nl": "regeringen/regering ministers/minister schepen/schip",
    "no": "regjeringens/regjering ministrene/minister",
    "pl": "rządowi/rząd Łodzi/Łódź wyborach/wybory",
    "ro": "guvernului/guvern miniștrilor/ministru",
    "sk": "vládou/vláda ministrov/minister",
    "sl": "vlade/vlada ministrov/minister",
    "sr": "владе/влада Београду/Београд skupštini/скупштина",
    "sv": "regeringens/regering ministrarna/minister fartygen/fartyg",
    "tr": "hükümetin/hükümet bakanlar/bakan",
    "uk": "Львові/Львів уряду/уряд міністрів/міністр виборів/вибори",
}
CASES = [
    (language, *pair.lower().split("/")) for language in PAIRS for pair in PAIRS[language].split()
]


@pytest.mark.parametrize(("language", "form", "other"), CASES)
def test_inflections_meet(language, form, other):
    assert stem(form, language) == stem(other, language)


@given(st.text(max_size=12), st.sampled_from(sorted(LISTED)))
def test_a_lemma_keeps_the_beginning_of_its_word(word, language):
    folded = fold(word)
    found = lemma(folded, language)
    assert found or not folded
    if language != "sr" and len(folded) > 3:
        assert found[:1] == folded[:1]


@pytest.mark.parametrize("language", sorted(LISTED))
def test_a_word_without_accents_has_the_same_stem(language):
    for pair in PAIRS.get(language, "").split():
        for word in pair.lower().split("/"):
            assert stem(word, language) == stem(fold(word), language)
