"""Telling words: words that are more frequent in some articles than in others."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from itertools import chain
from typing import NamedTuple

from searcher.article import Article
from searcher.engine.function_words import function_words
from searcher.text.analyzer import token_terms
from searcher.text.folding import fold
from searcher.text.tokens import surfaces

WORDS = 3
"""Number of words that label a peak. More do not fit above a bar."""
_LEAD = 80
"""Number of words of the body that are looked at: the lead, which says what happened. Larger takes
longer and brings in the background, which is the same in every period; with 40, the typical
headlines of two of eight queries of Reuters missed the event."""
_LEAST_ARTICLES = 2
"""Minimum number of articles that contain a telling word."""
_LEAST_LETTERS = 3
"""Minimum length of a telling word in a script with spaces, in letters."""
_IN_HEADLINES = 0.2
"""Minimum share of the articles with a word that have it in the headline. Words below it come after
all others: headlines name the event, leads also who was asked about it."""
_COMPARED = 20
"""Number of telling words by which headlines are compared."""
_SIGNIFICANT = 10.83
"""Least log-likelihood of a telling word: p < .001 with one degree of freedom."""
_STEMS = 1 << 15
"""Maximum number of words whose stems are remembered: most words of the leads of an archive, in 5
MB. With them a label takes half of the time."""
_OF_CASE = 1_000
"""Weight of a spelling, where one in a headline all in capitals has 1."""
_CALENDAR = (
    "january february march april may june july august september october november december "
    "jan feb mar apr jun jul aug sep sept oct nov dec "
    "monday tuesday wednesday thursday friday saturday sunday mon tue wed thu fri sat sun "
    "januar februar märz mai juni juli oktober dezember montag dienstag mittwoch donnerstag "
    "freitag samstag sonntag janvier février mars avril juin juillet août septembre octobre "
    "novembre décembre lundi mardi mercredi jeudi vendredi samedi dimanche enero febrero marzo "
    "abril mayo junio julio agosto septiembre octubre noviembre diciembre lunes martes miércoles "
    "jueves viernes sábado domingo"
)
"""Names of months and days, which every period has more of than the others."""


def log_likelihood(inside: int, size: int, outside: int, rest: int) -> float:
    """Return how much the share `inside / size` exceeds `outside / rest`, as the log-likelihood
    ratio G² of Dunning, "Accurate Methods for the Statistics of Surprise and Coincidence" (1993),
    over all four cells. It is negative where the share is smaller. Above 10.83 chance is less
    likely than 1 in 1,000, above 15.13 than 1 in 10,000.
    """
    total, found = size + rest, inside + outside
    cells = (
        (inside, size * found),
        (size - inside, size * (total - found)),
        (outside, rest * found),
        (rest - outside, rest * (total - found)),
    )
    ratio = 2 * sum(count * math.log(count * total / even) for count, even in cells if count > 0)
    return ratio if inside * rest >= outside * size else -ratio


class Telling(NamedTuple):
    """The description of some articles by what sets them apart."""

    words: tuple[str, ...] = ()
    """Their most telling words, spelled as they are most often written; at most WORDS."""
    headline: str = ""
    """The headline with the most telling words; "" if no article has one."""
    article_id: str = ""
    """The id of the article with this headline."""


def telling(
    groups: Sequence[Sequence[Article]], rest: Sequence[Article], ignored: frozenset[str]
) -> list[Telling]:
    """Return for each group of articles the words that tell it from the other groups and the rest,
    and its most typical headline: the one whose words have the largest sum of log-likelihoods.

    A word counts once for each article that has its stem in the headline or the lead. Words of
    which at least a fifth of the articles have it in the headline come first.

    ignored: stems and folded words that are not telling, as those of the query.
    """
    read = [[_Text(article) for article in group] for group in groups]
    held = [Counter(chain.from_iterable(text.stems for text in texts)) for texts in read]
    everywhere = Counter(chain.from_iterable(_Text(article).stems for article in rest))
    for counts in held:
        everywhere.update(counts)
    size = len(rest) + sum(map(len, read))
    found = []
    for texts, counts in zip(read, held, strict=True):
        written = _written(texts)
        weights = {
            stem: weight
            for stem, count in counts.items()
            if count >= _LEAST_ARTICLES
            and stem not in ignored
            and (weight := _weight(count, len(texts), everywhere[stem], size)) > _SIGNIFICANT
            and ignored.isdisjoint(map(fold, written[stem]))
        }
        found.append(_described(texts, counts, weights, written))
    return found


def _weight(count: int, size: int, everywhere: int, all_articles: int) -> float:
    return log_likelihood(count, size, everywhere - count, all_articles - size)


def _described(
    texts: Sequence[_Text],
    counts: Mapping[str, int],
    weights: Mapping[str, float],
    written: Mapping[str, Counter[str]],
) -> Telling:
    """Return the description of a group.

    counts: number of its articles by stem. weights: log-likelihood by stem. written: the spellings
    of each stem.
    """
    in_headlines = Counter(chain.from_iterable(text.headline for text in texts))
    best = sorted(weights, key=lambda stem: (-weights[stem], stem))
    # A stable sort: the order by weight stays within both halves.
    labels = sorted(best, key=lambda stem: in_headlines[stem] < _IN_HEADLINES * counts[stem])
    words = tuple(_usual(written[stem]) for stem in labels[:WORDS])
    compared = set(best[:_COMPARED])
    titled = [text for text in texts if text.article.headline]
    if not titled:
        return Telling(words)
    typical = max(
        titled, key=lambda text: sum(weights[stem] for stem in text.headline & compared)
    ).article
    return Telling(words, typical.headline, typical.id)


class _Text:
    """The headline and the lead of an article."""

    def __init__(self, article: Article) -> None:
        self.article = article
        """The article."""
        self.headline_words = list(_stemmed(surfaces(article.headline), article.language))
        """The words of the headline, each as its stem and as written."""
        self.lead_words = list(_stemmed(_lead(article.searchable), article.language))
        """Those of the lead."""
        self.headline = {stem for stem, _ in self.headline_words}
        """The stems of the headline."""
        self.stems = self.headline | {stem for stem, _ in self.lead_words}
        """The stems of both."""


def _written(texts: Sequence[_Text]) -> dict[str, Counter[str]]:
    """Return how often each stem is written in each way. A headline all in capitals says nothing on
    how its words are written, so it hardly counts."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for text in texts:
        weight = 1 if text.article.headline.isupper() else _OF_CASE
        for stem, surface in text.headline_words:
            found[stem][surface] += weight
        for stem, surface in text.lead_words:
            found[stem][surface] += _OF_CASE
    return found


def _lead(paragraphs: Sequence[str]) -> list[str]:
    """Return the first words of a text."""
    found: list[str] = []
    for paragraph in paragraphs:
        found += surfaces(paragraph[: 10 * _LEAD])
        if len(found) >= _LEAD:
            break
    return found[:_LEAD]


def _stemmed(words: Iterable[str], language: str) -> Iterator[tuple[str, str]]:
    """Yield the words of letters that may be telling, each as its stem and as written."""
    for word in words:
        if stem := _stem(word, language):
            yield stem, word


@lru_cache(_STEMS)
def _stem(word: str, language: str) -> str:
    """Return the stem of a word that may be telling, else ""."""
    if not word.isalpha() or (len(word) < _LEAST_LETTERS and word[0].isascii()):
        return ""
    terms, _ = token_terms(word, language)
    return terms[0][0] if terms and terms[0][1] not in _never_telling(language) else ""


def _usual(written: Counter[str]) -> str:
    """Return the most frequent spelling; of equal ones the first in the alphabet."""
    return min(written, key=lambda word: (-written[word], word))


@cache
def _never_telling(language: str) -> frozenset[str]:
    """Return folded words that tell nothing of a period: function words of the language, and the
    names of months and days."""
    names = frozenset(map(fold, _CALENDAR.split()))
    return names | function_words().get(language, frozenset())
