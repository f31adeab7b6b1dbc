"""The weights of ranking that speak of news and of queries, each a constant with its reason.

They were chosen together by `make bench-relevance`, on topics (TIME) and on searches for known
articles (Reuters, by headline and by four words). Where a larger value gained on one collection and
lost on the other, the value is the one that harms least. BM25's own constants are in
`searcher.columnar.constants`.

Both engines read them here: the memory engine directly, the Whoosh engine as values of
`columnar.conditions.Rescoring`.
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
"""Part of all articles. A word in more of them is common: it makes no pairs (the words on both
sides of it do), and it does not count for ALL_WORDS and HEADLINE. Smaller leaves more words out.
"""
ALWAYS_TELLING = 50
"""Number of articles. A word in at most this many is never common, however small the index."""
ALL_WORDS = 0.05
"""Part of the sum of the words' idf that an article gains if it holds all words that are not
common: a mild form of the coordination factor in Lucene's classic similarity.
"""
HEADLINE = 0.1
"""Part of the sum of the words' idf that an article gains if its headline has the words in the
query's order and distances.
"""
RECENCY = 0.05
"""Part of its score that the newest article gains. It halves with every half-life of age. So being
new decides between articles that match about equally well, and no more.
"""
WINDOW = 100
"""Number of articles, the best by single words, that are rescored with all weights above. Larger
costs time on each query; no collection at hand gains by it.
"""
BROAD_WINDOW = 1000
"""Number of articles that are rescored if words were added to the query, which move articles
further up.
"""


def is_common(matching: int, articles: int) -> bool:
    """Return whether a word in `matching` of all `articles` is common: too frequent to say anything
    beyond its own score.
    """
    return matching > max(COMMON * articles, ALWAYS_TELLING)
