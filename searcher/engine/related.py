"""Other forms of a word that an index has and no stem joins: compounds with it, words with Hebrew
or Arabic prefixes, Korean words without their particle, words written apart, and numbers written in
groups.

They are looked up in the vocabulary of the index, so that they take no room in it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from searcher.engine.protocol import Vocabulary
from searcher.engine.seams import two_words
from searcher.text.analyzer import stem
from searcher.text.common_parts import (
    LEAST_PART,
    LINKS,
    common_parts,
    heads,
    is_made_of_parts,
    rests,
)
from searcher.text.folding import fold

COMPOUND = 0.5
"""Weight of an occurrence of a compound with the word. An occurrence as typed has weight 1."""
PREFIXED = 0.9
"""The same for a word with a prefix or a particle, or without, or in two words."""
MOST_COMPOUNDS = 50
"""Maximum number of compounds that begin with a word, and of those that end with it, the most
frequent ones. Each is a list of postings to read. Larger takes longer: with 50, a word that has as
many takes 1 ms once for each state of a vocabulary of a million words."""
COMPOUNDING = frozenset(("af", "da", "de", "et", "fi", "hu", "is", "nl", "no", "sv"))
"""Languages (ISO 639-1) that write compounds as one word."""
WITHIN_WORDS = COMPOUNDING | {"ar", "he"}
"""Languages in which a word may be found inside another one."""
_LEAST_SHARE = 0.02
"""Part of the articles of an index in a language, at least, for its compounds to be looked up where
a query is not limited to it. Smaller looks through the vocabulary for the sake of few articles."""
_SMALL = 10_000
"""Number of articles of an index up to which they always are: its vocabulary is small."""
MOST_SHOWN = 12
"""Maximum number of compounds of a word and language that are shown to the user, the most frequent
ones."""
_SHORTEST = 5
"""Minimum length of a word whose compounds are looked up, in letters. Shorter ones are in other
words by accident: a listed part of LEAST_PART letters is looked up beside other listed parts
only."""
_SHORT_PARTED = frozenset(("da", "de", "nl", "no", "sv"))
"""Languages in which such a word is looked up. In Hungarian one in seven would be wrong."""
_SURE = 7
"""Minimum length of a word at the beginning of a compound whose rest no article has by itself."""
_SURE_REST = 5
"""Minimum length of that rest."""
_DERIVED = re.compile(
    "(?:s|e|i)?(?:ung|lich|isch|schaft|keit|heit|bar|haft|los|elijk|heid|ingen?|inger|ning|liga?|"
    "lighet|lig(?:e|t)?|erne|arna|orna|ene|llinen|lais|suus|isuus|iset|ssa|sta|lla|lta|lle|ista|"
    "ille|ban|ben|nak|nek|val|vel|hoz|hez|nal|nel|tol|rol|ert|kent|okat|eket|aink|eink)"
)
"""Endings that make another form or a derivation of a word, and no compound."""
_DERIVED_BEGIN = re.compile(
    "heit|keit|ungs|schaft|isch|lich|ions|itat|hets?|nings|skaps?|isme|isti|ier|itet|elses?"
)
"""The beginning of what follows a word in a compound of a word that is derived from it:
"Krankheitserreger" is none of "krank"."""
_HEBREW = (
    "ו",
    "ה",
    "ב",
    "ל",
    "מ",
    "כ",
    "ש",
    "וה",
    "וב",
    "ול",
    "ומ",
    "וש",
    "שה",
    "מה",
    "בה",
    "לה",
    "כש",
    "כשה",
)
"""Prefixes of Hebrew: and, the, in, to, from, as, that."""
_ARABIC = tuple("و ف ب ك ل وب ول وال بال لل فال كال".split())
"""Prefixes of Arabic: and, in, as, to, the."""
_PARTICLES = re.compile(
    "(?:에서는|에서도|에게서|으로는|으로도|이라고|이라는|라고|라는|까지|부터|에게|에서|에는|에도|으로|께서|한테|처럼|보다|마다|"
    "조차|이나|이며|들은|들이|들을|들의|은|는|이|가|을|를|의|에|로|와|과|도|만|들)$"
)
"""Particles behind Korean nouns, the longest first."""
_KANA = re.compile("[ァ-ヺー]{3,}ー")
"""A word in katakana with a long vowel at its end, which some leave out."""


class Related(NamedTuple):
    """Another form of a word."""

    text: str
    """The form."""
    weight: float
    """Weight of an occurrence."""


def compounding(counts: Mapping[str, int], asked: tuple[str, ...]) -> tuple[str, ...]:
    """Return the languages of an index whose compounds are looked up.

    counts: number of articles by language. asked: the languages that the query is limited to.
    """
    every = sum(counts.values())
    least = 1 if every <= _SMALL else _LEAST_SHARE * every
    return tuple(
        language
        for language in sorted(asked or counts)
        if language in COMPOUNDING and (language in asked or counts[language] >= least)
    )


def shorter_forms(text: str) -> Iterator[str]:
    """Yield a word without what belongs to its sentence: a Korean particle, a long vowel at the end
    of a Japanese word, or a Hebrew or Arabic prefix."""
    if re.fullmatch("[가-힣]{3,}", text):
        bare = _PARTICLES.sub("", text)
        if bare != text and len(bare) >= 2:
            yield bare
    elif _KANA.fullmatch(text):
        yield text[:-1]
    elif re.fullmatch("[א-ת]{4,}", text) and text[0] in _HEBREW:
        yield text[1:]


def prefixed_forms(text: str) -> Iterator[str]:
    """Yield a Hebrew or Arabic word with prefixes."""
    folded = fold(text)
    prefixes: tuple[str, ...] = _HEBREW if re.fullmatch("[א-ת]{2,}", folded) else ()
    prefixes = _ARABIC if re.fullmatch("[ء-ي]{3,}", folded) else prefixes
    yield from (prefix + folded for prefix in prefixes)


def related(text: str, vocabulary: Vocabulary) -> list[Related]:
    """Return other forms of a word that the index has, without its compounds."""
    bare = list(shorter_forms(text))
    longer = [form for one in (text, *bare) for form in prefixed_forms(one)]
    # Stems of Hebrew keep the prefix and lose the ending, those of Arabic lose both.
    held = [form for form in longer if form[0] in _HEBREW or vocabulary.holding(form)]
    found = [Related(form, PREFIXED) for form in dict.fromkeys((*bare, *held)) if form != text]
    if parts := two_words(fold(text), vocabulary):
        found.append(Related(" ".join(parts), PREFIXED))
    return found


def compounds(text: str, vocabulary: Vocabulary, language: str) -> list[tuple[str, str]]:
    """Return the stems of a language's compounds with a word, which begin or end with it, the most
    frequent first. The first MOST_SHOWN have a form to show beside them, others ""."""
    folded = fold(text)
    if not (folded.isalpha() and folded.isascii() and len(folded) >= LEAST_PART):
        return []
    own = stem(text.lower(), language)
    found = dict(_beginning(folded, own, vocabulary, language))
    if len(own) >= LEAST_PART:
        found.update(_ending(own, vocabulary, language))
    terms = sorted(found, key=lambda term: (-found[term], term))
    return [
        (term, _shown_form(term, vocabulary) if number < MOST_SHOWN else "")
        for number, term in enumerate(terms)
    ]


def _beginning(
    word: str, own: str, vocabulary: Vocabulary, language: str
) -> Iterator[tuple[str, int]]:
    """Yield the stems that begin with a folded word or its stem and go on with another word, each
    with its number of articles."""
    begun = [
        (term, articles, term[len(language) + 1 + len(begin) :])
        for begin in _stemmed_beginnings(word, own, language)
        for term, articles in vocabulary.stems_beginning(language, begin, MOST_COMPOUNDS)
    ]
    begun = [one for one in begun if _may_be_rest(one[2], language)]
    short = len(word) < _SHORTEST
    asked = [] if short else [f"{language}:{rest}" for _, _, tail in begun for rest in rests(tail)]
    held = _held(asked, vocabulary.stems)
    for term, articles, tail in begun:
        sure = len(word) >= _SURE and len(tail) >= _SURE_REST
        if sure or any(
            held.get(f"{language}:{rest}", 0) >= articles or is_made_of_parts(rest, language)
            for rest in rests(tail)
        ):
            yield term, articles


def _may_be_rest(tail: str, language: str) -> bool:
    """Return whether what follows a word in a stem may be another word."""
    if len(tail) < LEAST_PART or _DERIVED.fullmatch(tail):
        return False
    return not _DERIVED_BEGIN.match(tail) or tail in common_parts(language)


def _held(asked: Sequence[str], count: Callable[[Sequence[str]], list[int]]) -> dict[str, int]:
    """Return the number of articles with each of some words."""
    every = list(dict.fromkeys(asked))
    return dict(zip(every, count(every), strict=True))


def _stemmed_beginnings(word: str, own: str, language: str) -> tuple[str, ...]:
    """Return the beginnings that stems of compounds with a folded word in front may have: the word,
    and its stem. The stemmer of Dutch takes "ge", as of participles, out of any word."""
    least = LEAST_PART if language in _SHORT_PARTED else _SHORTEST
    if len(word) < _SHORTEST and (len(word) < least or word not in common_parts(language)):
        return ()
    # A stem that is much shorter is no part of compounds: that of "visszatértek" is "vissza".
    is_sure = len(own) >= max(least, len(word) - 1)
    begins = dict.fromkeys((word, own) if is_sure else (word,))
    if language == "nl" and "ge" in word[1:]:
        begins[word[0] + word[1:].replace("ge", "", 1)] = None
    return tuple(begins)


def _ending(own: str, vocabulary: Vocabulary, language: str) -> Iterator[tuple[str, int]]:
    """Yield the stems that end with a stem behind another word, each with its number of
    articles."""
    parts = common_parts(language)
    short = len(own) < _SHORTEST
    if short and (own not in parts or language not in _SHORT_PARTED):
        return
    begin = len(language) + 1
    ended = [
        (term, articles, term[begin : -len(own)])
        for term, articles in vocabulary.stems_ending(language, own, MOST_COMPOUNDS)
        if len(term) - begin - len(own) >= LEAST_PART
    ]
    asked = [] if short else [head for _, _, beginning in ended for head in heads(beginning)]
    held = _held(asked, vocabulary.forms)
    for term, articles, beginning in ended:
        if (short or len(own) == _SHORTEST) and _is_otherwise(beginning, own, parts):
            continue
        if any(
            held.get(head, 0) >= articles or is_made_of_parts(head, language)
            for head in heads(beginning)
        ):
            yield term, articles


def _is_otherwise(beginning: str, own: str, parts: frozenset[str]) -> bool:
    """Return whether a compound is rather divided before or behind the beginning of a stem: its
    first letters are a link ("stat-s-magt", not "smagt"), or the stem is the end of a longer part
    ("auf-trag", not "rag")."""
    linked = any(
        own.startswith(link) and own[len(link) :] in parts and beginning in parts
        for link in LINKS
        if link
    )
    return linked or any(
        beginning[at:] + own in parts and any(head in parts for head in heads(beginning[:at]))
        for at in range(LEAST_PART, len(beginning))
    )


def _shown_form(term: str, vocabulary: Vocabulary) -> str:
    """Return the most frequent form that begins with a stem, by which the stem is shown."""
    bare = term.partition(":")[2]
    return next((form for form, _ in vocabulary.completions(bare, 1)), bare)


def grouped(number: str) -> tuple[str, ...]:
    """Return the groups of three figures in which a number may be written, or ()."""
    if not number.isdigit() or not number.isascii() or not 4 <= len(number) <= 15:
        return ()
    first = len(number) % 3 or 3
    return (number[:first], *(number[at : at + 3] for at in range(first, len(number), 3)))
