"""Typical words of articles: to broaden a query by its best articles, or to find similar ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from heapq import nlargest
from math import exp
from typing import NamedTuple

from searcher.article import Article
from searcher.engine.formulas import idf
from searcher.engine.protocol import Vocabulary
from searcher.query.tree import Added
from searcher.text.analyzer import token_terms
from searcher.text.folding import fold
from searcher.text.tokens import surfaces

FEEDBACK_ARTICLES = 10
"""Number of the best articles whose words broaden a query. More articles bring in more words that
are off the subject."""
WEIGHT = 0.3
"""Weight of all added words together for each word of the query. With .3, nDCG@10 of TIME is .709,
of topics of Reuters .873, and the reciprocal rank of 150 known headlines .817; without added words
they are .704, .868 and .822; with .5 and likelihoods half as sharp .701, .871 and .811."""
_SHARPNESS = 1.0
"""Factor of scores in likelihoods. Larger leaves the words to the best article alone. With .5, the
three figures are .702, .872 and .815."""
FEEDBACK_WORDS = 20
"""Maximum number of words that broaden a query. Each is one more term to score."""
DISTINCTIVE_WORDS = 15
"""Maximum number of words by which similar articles are searched for. Each is one more term to
score."""
_LEAST_ARTICLES = 2
"""Minimum number of articles that contain a typical word. A word of one article finds no other."""
_MOST_SHARE = 0.1
"""Maximum share of the articles of a language that contain a typical word. More frequent words are
typical of none."""
_HEADLINE = 3
"""Weight of a word in the headline; a word in the body weighs 1."""
_LONGEST = 3000
"""Maximum number of words of an article that are counted. Larger values cost time, and long texts
repeat their subject."""
_SHORTEST_WORD = 3
"""Minimum number of letters of a typical word."""
_SPARE = 4
"""Number of candidates that are looked up in the index for each wanted word. Many are too frequent
or too rare."""


class _Candidate(NamedTuple):
    """A word of some articles that may be typical of them."""

    stem: str
    """Term of the field of stems."""
    form: str
    """Its most frequent folded form in the articles."""
    weight: float
    """Share or number of its occurrences in the articles."""
    idf: float
    """Inverse document frequency among the articles of its language."""


def relevance_model(
    found: Sequence[tuple[Article, float]],
    typed: Iterable[str],
    vocabulary: Vocabulary,
    counts: Mapping[str, int],
) -> tuple[Added, ...]:
    """Return the words that broaden a query, with their weights, by the RM3 model.

    Lavrenko and Croft, "Relevance-Based Language Models" (2001), mixed with the query as by
    Abdul-Jaleel et al. (TREC 2004). An article counts by its likelihood, e to the power of its
    score. With the score itself, the articles below the best ones bring in words of other subjects:
    nDCG@10 of TIME fell from .690 to .649 by broadening (b was the same for all queries).

    found: the best articles and their scores. typed: the words of the query; they are not returned.
    counts: number of articles by language.
    """
    typed = list(typed)
    top = max((score for _, score in found), default=0.0)
    likely = [exp(_SHARPNESS * (score - top)) for _, score in found]
    shares: dict[str, float] = {}
    forms: dict[str, Counter[str]] = {}
    for (article, _), likelihood in zip(found, likely, strict=True):
        stems = _stems(article, forms)
        length = sum(stems.values()) or 1
        for stem, times in stems.items():
            share = likelihood / sum(likely) * times / length
            shares[stem] = shares.get(stem, 0.0) + share
    held = {
        stem for stem, written in forms.items() if not written.keys().isdisjoint(map(fold, typed))
    }
    words = _typical(shares, forms, vocabulary, counts, FEEDBACK_WORDS + len(held))
    weights = sum(word.weight for word in words) or 1.0
    chosen = list({word.form: word for word in words if word.stem not in held}.values())[
        :FEEDBACK_WORDS
    ]
    each = WEIGHT * len(typed) / weights
    return tuple(Added(word.form, round(each * word.weight, 4)) for word in chosen)


def distinctive_words(
    article: Article, vocabulary: Vocabulary, counts: Mapping[str, int]
) -> tuple[str, ...]:
    """Return the words that distinguish an article from others, by tf-idf, the best first.

    counts: number of articles by language.
    """
    forms: dict[str, Counter[str]] = {}
    stems = _stems(article, forms)
    words = _typical(stems, forms, vocabulary, counts, len(stems))
    weighted = sorted((-word.weight * word.idf, word.form) for word in words)
    return tuple(form for _, form in weighted[:DISTINCTIVE_WORDS])


def _stems(article: Article, forms: dict[str, Counter[str]]) -> Counter[str]:
    """Return the weighted number of occurrences of each stem in an article.

    forms: for each stem the number of its forms; this article's are added to it.
    """
    stems: Counter[str] = Counter()
    left = _LONGEST
    for passage, times in (
        (article.headline, _HEADLINE),
        *((text, 1) for text in article.searchable),
    ):
        for surface in surfaces(passage)[: max(left, 0)]:
            left -= 1
            # The parts of compounds and numbers are rarely typical.
            if surface.isalpha() and len(surface) >= _SHORTEST_WORD:
                terms, _ = token_terms(surface, article.language)
                for stem, form, _ in terms[:1]:
                    stems[stem] += times
                    forms.setdefault(stem, Counter())[form] += 1
    return stems


def _typical(
    weights: Mapping[str, float],
    forms: dict[str, Counter[str]],
    vocabulary: Vocabulary,
    counts: Mapping[str, int],
    most: int,
) -> list[_Candidate]:
    """Return at most `most` words with the largest weights, without those in too many articles or
    in one article only.

    weights: by stem. The limits are relaxed in a small index.
    """
    best = nlargest(_SPARE * most, weights, key=weights.__getitem__)
    found = []
    for stem, articles in zip(best, vocabulary.stems(best), strict=True):
        documents = _documents(stem, counts)
        if (
            min(_LEAST_ARTICLES, documents)
            <= articles
            <= max(_MOST_SHARE * documents, _LEAST_ARTICLES)
        ):
            form = forms[stem].most_common(1)[0][0]
            found.append(_Candidate(stem, form, weights[stem], idf(articles, documents)))
    return found[:most]


def _documents(stem: str, counts: Mapping[str, int]) -> int:
    """Return the number of articles in the language of a stem, or of all articles if the stem has
    no language."""
    language = stem.partition(":")[0]
    return counts.get(language) or sum(counts.values())
