"""The weights of ranking that depend on news and queries, each with its reason.

They were chosen together by `make bench-relevance`, on topics (TIME) and on searches for known
articles (Reuters, by headline and by four words). If a larger value was better on one collection
and worse on the other, the value is the one with the smallest loss. BM25's own constants are in
`searcher.columnar.constants`.

Both engines read them here: the memory engine directly, the Whoosh engine as values of
`columnar.searching.conditions.Rescoring`.
"""

from __future__ import annotations

ORDERED = 0.1
"""Weight of the BM25 score of a pair of neighbouring query words that an article has in the query's
order and distance. The sequential dependence model (Metzler and Croft 2005) has .1, too.
"""
NEAR = 0.1
"""Weight of the BM25 score of a pair of neighbouring query words within NEAR_WINDOW positions, in
any order.
"""
NEAR_WINDOW = 8
"""Number of positions that count as near. Metzler and Croft (2005) use 8 for two words."""
COMMON = 0.2
"""Part of all articles. A word in more of them is common. It makes no pairs, but the words on both
sides of it do. It does not count for ALL_WORDS and HEADLINE. Smaller excludes more words.
"""
ALWAYS_TELLING = 50
"""Number of articles. A word in at most this many is never common, even in a small index."""
ALL_WORDS = 0.15
"""Part of the sum of the words' idf that an article gains if it holds all words that are not
common: a mild form of the coordination factor in Lucene's classic similarity. It orders articles
for queries of more than LEADING_WORDS. With .05, .1, .2 and .4 the reciprocal rank of known
headlines of Reuters is .767, .769, .768 and .768, nDCG@10 of TIME .701, .700, .701 and .698.
"""
HEADLINE = 0.1
"""Part of the sum of the words' idf that an article gains if its headline has the words in the
query's order and distances.
"""
RECENCY = 0.05
"""Part of its score that the newest article gains. It halves with every half-life of age. So
recency only decides between articles that match about equally well.
"""
WINDOW = 100
"""Number of articles, the best by single words, that are rescored with all weights above. Larger
costs time on each query, and improved no collection of the benchmark.
"""
SHORT, LONG = 2, 8
"""Numbers of words. Queries of at most SHORT words have SHORT_B, those of LONG or more have LONG_B,
and the others a value between the two."""
SHORT_B, LONG_B = 0.25, 0.75
"""BM25's b for short and for long queries.

A short query names a subject, and long articles on it are not worse. A long text holds some of the
words of a long query by chance; Zhai and Lafferty (2004) found that verbose queries need more
smoothing, too. The best b by number of words, of .2 to .9: 1 and 2 words .2 (Reuters topics), 3 .3,
4 .3 to .6, 5 and 6 .4 (known headlines of Reuters), 7 to 9 .6, 10 or more .75 (TIME).
"""
LEADING_WORDS = 4
"""Maximum number of words of a query for which articles with all words rank before all others. In a
longer query some words matter less than others."""
ASIDE = 0.3
"""Factor of the score of a common word that is set aside (see `engine.common_words`). With 0, .1,
.3, .5 and 1, nDCG@10 of TIME is .706, .707, .708, .706 and .700, of topics of Reuters .868, .868,
.867, .867 and .865; the others change by less than .002. Function words that are common in one
language of a mixed index alone would else count as rare words.
"""
COMPOUND_PART = 0.5
"""Factor of the score of a part of a compound, as "Iran" of "Iran-Contra", beside that of the
compound. With 0, .25, .5 and 1 the reciprocal rank of known headlines of Reuters, 54 of 500 with a
compound, is .756, .761, .763 and .764, and nDCG@10 of TIME, 13 of 79, is .690, .690, .687 and .685.
On a large newswire collection 1 gained .012. Parts find nothing.
"""


def length_weight(words: int) -> float:
    """Return BM25's b for a query of this number of words, without common ones."""
    part = (min(max(words, SHORT), LONG) - SHORT) / (LONG - SHORT)
    return round(SHORT_B + part * (LONG_B - SHORT_B), 3)


def is_common(matching: int, articles: int) -> bool:
    """Return whether a word in `matching` of all `articles` is too frequent for rescoring."""
    return matching > max(COMMON * articles, ALWAYS_TELLING)
