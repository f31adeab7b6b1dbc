"""Light stemmers: the endings of cases, numbers and genders are taken from words in languages that
have neither a Snowball stemmer nor a list of lemmas to learn endings from.

They are endings of nouns and adjectives as grammars list them, after the light stemmers of Dolamic
and Savoy ("Comparative Study of Indexing and Search Strategies for the Hindi, Marathi, and Bengali
Languages", 2010). A form meets its lemma if the lemma loses its own ending, too: so endings are
taken off again and again where a language puts several behind each other.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from searcher.text.folding import fold

_TURKIC = "lar ler dar der tar ter"
_KAZAKH = (
    "лар лер дар дер тар тер ның нің дың дің тың тің нын нин дын дин тын тин га ге ка ке ға"
    " ге қа қе на не ны ні ды ді ты ті ни ди ти да де та те нда нде дан ден тан тен нан нен"
    " мен бен пен ында інде ына іне ынан інен ының інің ын ін ы і сы сі сын сін сында сінде"
    " сына сіне"
)
"""Endings of Kazakh and Kyrgyz: numbers, cases and possessors."""


class _Rules(NamedTuple):
    """The light stemmer of a language."""

    endings: str
    """The endings, with a space between them."""
    least: int = 3
    """Minimum number of characters that are left of a word."""
    again: bool = False
    """Whether further endings are taken from what is left."""


_RULES = {
    "af": _Rules("ers er e s te"),
    "az": _Rules(
        f"{_TURKIC} i u in un nin nun ni nu a e ya ye na ne da de nda nde dan den ndan nden si su"
        " sin sun sinin imiz iniz lari leri larin lerin",
        again=True,
    ),
    "be": _Rules(
        "аў яў оў ёў ам ям ом ем ём амі ямі ах ях ай яй ой ей аю ою ею а я у ю е э ы і о ь й ым ім"
        " ага яга ога ому аму яму ых іх ымі імі ая яя ое ае яе ую юю ыя ія ка цы"
    ),
    "bn": _Rules(
        "গুলোতে গুলোকে গুলোর গুলো গুলিতে গুলিকে গুলির গুলি দেরকে েদেরকে দের েদের য়েদের রা েরা য়েরা"
        " ের য়ের র কে তে েতে ে য় য়ে টি টির টিকে টিতে টা টার টাকে টাতে",
        again=True,
    ),
    "eu": _Rules(
        "ak ek a e etan ean an n en aren arekin ekin ei ari etara era ra etatik tik etako eko ko"
        " rekin ren ri rik ik ok entzat arentzat engatik",
        again=True,
    ),
    "gu": _Rules(
        "નો ની નું ના ને માં થી ોનો ોની ોનું ોના ોને ોમાં ોથી ોએ ઓનો ઓની ઓના ઓને ઓમાં ઓએ ઓ ો ા ી ે ું એ",
        again=True,
    ),
    "he": _Rules("ים ימ ות יימ ה ת י", least=2),
    "kk": _Rules(_KAZAKH, again=True),
    "ky": _Rules(_KAZAKH, again=True),
    "ml": _Rules(
        "ിൽ യിൽ വിൽ ത്തിൽ ുടെ യുടെ ിന്റെ ന്റെ ത്തിന്റെ ിനെ യെ യെയും ിന് യ്ക്ക് ക്ക് ത്തിന് ത്ത് ം കൾ ങ്ങൾ ർ"
        " കളുടെ ങ്ങളുടെ രുടെ കളിൽ ങ്ങളിൽ കളെ രെ ും ് ു ി",
        again=True,
    ),
    "mn": _Rules(
        "ын ийн ны ний ыг ийг д т аас ээс оос өөс аар ээр оор өөр тай тэй той ууд үүд нууд нүүд"
        " чууд чүүд уудын үүдийн уудад үүдэд нар нарт нарын ад эд од өд",
    ),
    "mr": _Rules(
        "चा ची चे च्या ला ना ने नी हून मध्ये साठी वर कडे पासून पर्यंत मधील मधून तील ात ांत ्यात ीत ेत ूत ां"
        " ्या ्यां या यां ा े ी ो ू ि ु",
        again=True,
    ),
    "pa": _Rules("ਾਂ ੀਆਂ ਿਆਂ ੇ ਾ ੀ ੋਂ ਆਂ ਵਾਂ ਿਓਂ ੀਓਂ"),
    "ps": _Rules("ونه ونو انو ان ګان ګانو و ه ې ي وال"),
    "te": _Rules("లో లోని లోకి కి కు ను ని తో చే నుంచి నుండి ల లు ల్లో లకు లను లతో లలో ల్లోని డు ి ు", again=True),
    "ur": _Rules("وں یں یاں یوں ے ات ہ ا ی ئیں ؤں ئے جات"),
    "uz": _Rules(f"{_TURKIC} ning ni ga ka qa da dan i si lari larning", again=True),
}
"""The light stemmers by language (ISO 639-1)."""
SUFFIXED = frozenset(_RULES)
"""Languages with a light stemmer."""
_FINAL = str.maketrans("םןץףך", "מנצפכ")
"""Letters of Hebrew that are written otherwise at the end of a word."""


@cache
def _endings(language: str) -> tuple[tuple[str, ...], int, bool]:
    """Return the endings of a language, folded, the longest first, and the rest of its rules."""
    rules = _RULES[language]
    folded = {fold(ending).translate(_FINAL) for ending in rules.endings.split()}
    return tuple(sorted(folded, key=lambda one: (-len(one), one))), rules.least, rules.again


def without_endings(folded: str, language: str) -> str:
    """Return a folded word without its endings."""
    endings, least, again = _endings(language)
    word = folded.translate(_FINAL) if language == "he" else folded
    while True:
        ending = next(
            (one for one in endings if len(word) - len(one) >= least and word.endswith(one)), ""
        )
        if not ending:
            return word
        word = word[: -len(ending)]
        if not again:
            return word
