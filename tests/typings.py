"""The ways in which readers type a word, and words of many languages."""

from __future__ import annotations

import re
import unicodedata

WORDS = {
    "ar": "القاهرة أكد مُحَمَّد الحكومة مستشفى إسرائيل",
    "bn": "পড়া সময় উৎসব",
    "ca": "col·legi l'aigua català",
    "cs": "příští žádný městě Škoda",
    "da": "København Ålborg smørrebrød æbler",
    "de": "Straße Köln Überschwemmungen FÜR",
    "el": "Αθήνα οδός ΣΕΙΣΜΟΣ",
    "en": "F-35s O’Connor farmer’s AT&T U.S. co-operation naïve 3.5% 1,234 2-4%",
    "es": "próximo año países niños",
    "fa": "می‌خواهد كتاب‌های نقطهٔ",
    "fr": "L’Oréal évacués cœur aujourd'hui presqu'île forêt",
    "ga": "Éireann máthair",
    "he": 'שָׁלוֹם ירושלים צה״ל ל-41% צה"ל',
    "hi": "क़ानून हिन्दी पहुँचाई लोगों अन्य",
    "hr": "Đoković budžet izvješće",
    "hu": "őszinte következő városából",
    "is": "þjóð Öxarfjörður",
    "ja": "ヴァイオリン コンピューター ﾎﾞｰﾙ 東京都",
    "km": "ភ្នំពេញ",
    "ko": "대통령이 쿠바-일본",
    "lo": "ນ້ຳຖ້ວມ",
    "lt": "žmonių ąžuolas",
    "ml": "അവൻ കൽക്കത്ത",
    "nl": "geïnteresseerd één",
    "no": "Tromsø gjennomført Ålesund",
    "pl": "żądają Łódź głosów",
    "pt": "eleições São você",
    "ro": "anunţat președintele școală",
    "ru": "всё ещё объявил Ёлкин",
    "sv": "Göteborg Malmö största",
    "th": "น้ำท่วม กรุงเทพ",
    "tr": "İstanbul'da ışıklar KIRMIZI değil",
    "uk": "Київ ім’я їжак ґанок",
    "ur": "ہے تھا لڑکی",
    "vi": "Đà Nẵng thủ tướng",
    "zh": "臺灣總統 经济合作",
}
"""Words by language."""

APOSTROPHES = "'’ʼ‘`´′＇ʻ"
HYPHENS = "-‐‑－"
_WIDE = {narrow: narrow + 0xFEE0 for narrow in range(0x21, 0x7F)}
_PLAIN = str.maketrans("øØłŁđĐıæÆœŒ", "oOlLdDiaAoO") | {
    ord("æ"): "ae", ord("Æ"): "AE", ord("œ"): "oe", ord("Œ"): "OE", ord("ß"): "ss",
}  # fmt: skip
_ARABIC = str.maketrans("أإآةىیک", "اااهييك")
_SIGNS = re.compile("[\u0300-\u036f\u064b-\u065f\u0670\u0591-\u05c7]")


def without_accents(word: str) -> str:
    """Return a word without accents and vowel signs. Cyrillic letters keep theirs."""
    if re.search("[\u0400-\u052f]", word):
        return word.replace("ё", "е").replace("Ё", "Е")
    bare = _SIGNS.sub("", unicodedata.normalize("NFD", word))
    return unicodedata.normalize("NFC", bare).translate(_PLAIN)


def typings(word: str) -> list[str]:
    """Return a word in the ways in which it is typed."""
    found = {
        word, word.lower(), word.upper(), word[:1].upper() + word[1:].lower(),
        without_accents(word), without_accents(word).upper(), word.translate(_ARABIC),
        *(unicodedata.normalize(form, word) for form in ("NFC", "NFD", "NFKC", "NFKD")),
        word.translate(_WIDE), word[:1] + "\u00ad" + word[1:], word[:1] + "\u200b" + word[1:],
        *(re.sub(f"[{APOSTROPHES}]", sign, word) for sign in APOSTROPHES),
        *(re.sub(f"[{HYPHENS}]", sign, word) for sign in (*HYPHENS, "–", "−")),
        word.replace("\u200c", ""), word.replace("\u200d", ""),
    }  # fmt: skip
    if "ı" in word or "İ" in word:
        found.add(word.replace("i", "İ").upper())
    return sorted(found)
