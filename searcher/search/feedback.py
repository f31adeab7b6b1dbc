"""Words that tell what articles are about: to broaden a query by those that it found, or to find
more like one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from heapq import nlargest
from typing import NamedTuple

from searcher.article import Article
from searcher.engine.formulas import idf
from searcher.engine.protocol import Vocabulary
from searcher.query.tree import Added
from searcher.text.analyzer import token_terms
from searcher.text.folding import fold
from searcher.text.tokens import surfaces

FEEDBACK_ARTICLES = 10
FEEDBACK_WORDS = 20
TELLING_WORDS = 15
_LEAST_ARTICLES = 2
_MOST_SHARE = 0.1
"""A word that a larger share of all articles holds tells nothing about any."""
_HEADLINE = 3
"""What a word of the headline counts against one of the body."""
_LONGEST = 3000
"""So many words of an article are looked at."""


class _Word(NamedTuple):
    """A word of some articles by its stem: how it is mostly written, its weight, and its idf in its
    language."""

    stem: str
    form: str
    weight: float
    idf: float


def relevance_model(
    found: Sequence[tuple[Article, float]],
    typed: Iterable[str],
    vocabulary: Vocabulary,
    counts: Mapping[str, int],
) -> tuple[Added, ...]:
    """The words by which to broaden a query that found these articles: RM3, Lavrenko and Croft,
    "Relevance-Based Language Models" (2001), mixed half and half with the query as by Abdul-Jaleel
    et al. (TREC 2004).

    found: the best articles and their scores. typed: the words of the query, which are not among
    the result. counts: how many articles there are in each language.
    """
    typed = list(typed)
    total = sum(score for _, score in found) or 1.0
    shares: dict[str, float] = {}
    forms: dict[str, Counter[str]] = {}
    for article, score in found:
        stems = _stems(article, forms)
        length = sum(stems.values()) or 1
        for stem, times in stems.items():
            shares[stem] = shares.get(stem, 0.0) + score / total * times / length
    held = {
        stem for stem, written in forms.items() if not written.keys().isdisjoint(map(fold, typed))
    }
    words = _telling(shares, forms, vocabulary, counts, FEEDBACK_WORDS + len(held))
    weights = sum(word.weight for word in words) or 1.0
    chosen = list({word.form: word for word in words if word.stem not in held}.values())[
        :FEEDBACK_WORDS
    ]
    return tuple(Added(word.form, round(len(typed) * word.weight / weights, 4)) for word in chosen)


def telling_words(
    article: Article, vocabulary: Vocabulary, counts: Mapping[str, int]
) -> tuple[str, ...]:
    """The words that tell an article from others, by tf-idf, the most telling first. counts:
    articles by language."""
    forms: dict[str, Counter[str]] = {}
    stems = _stems(article, forms)
    words = _telling(stems, forms, vocabulary, counts, len(stems))
    weighted = sorted((-word.weight * word.idf, word.form) for word in words)
    return tuple(form for _, form in weighted[:TELLING_WORDS])


def _stems(article: Article, forms: dict[str, Counter[str]]) -> Counter[str]:
    """How often each stem occurs in an article; how it is written is added to `forms`."""
    stems: Counter[str] = Counter()
    left = _LONGEST
    for passage, times in (
        (article.headline, _HEADLINE),
        *((text, 1) for text in article.searchable),
    ):
        for surface in surfaces(passage)[: max(left, 0)]:
            left -= 1
            # Compounds and numbers say little by their parts.
            if surface.isalpha() and len(surface) > 2:
                terms, _ = token_terms(surface, article.language)
                for stem, form, _ in terms[:1]:
                    stems[stem] += times
                    forms.setdefault(stem, Counter())[form] += 1
    return stems


def _telling(
    weights: Mapping[str, float],
    forms: dict[str, Counter[str]],
    vocabulary: Vocabulary,
    counts: Mapping[str, int],
    most: int,
) -> list[_Word]:
    """The heaviest words that are neither everywhere nor in one article alone, as far as the index
    is large enough."""
    best = nlargest(4 * most, weights, key=weights.__getitem__)
    found = []
    for stem, articles in zip(best, vocabulary.stems(best), strict=True):
        documents = _documents(stem, counts)
        if (
            min(_LEAST_ARTICLES, documents)
            <= articles
            <= max(_MOST_SHARE * documents, _LEAST_ARTICLES)
        ):
            form = forms[stem].most_common(1)[0][0]
            found.append(_Word(stem, form, weights[stem], idf(articles, documents)))
    return found[:most]


def _documents(stem: str, counts: Mapping[str, int]) -> int:
    """How many articles there are in the language of a stem, or in all where it says none."""
    language = stem.partition(":")[0]
    return counts.get(language) or sum(counts.values())
