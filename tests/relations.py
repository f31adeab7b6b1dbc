"""Articles whose relations are given, for tests of their places."""

from __future__ import annotations

from fakes import make_article
from hypothesis import strategies as st

from searcher.stories.placing import Verdict

IDS = "abcdefghij"
PAIRS = st.dictionaries(
    st.tuples(st.sampled_from(IDS), st.sampled_from(IDS)).filter(lambda pair: pair[0] < pair[1]),
    st.sampled_from(["copy", "story"]),
    max_size=14,
)


class Given:
    """A judge that knows the relations of all pairs."""

    def __init__(self, pairs):
        self.pairs = pairs

    def expect(self, articles):
        pass

    def verdicts(self, article, place_of=None):
        found = []
        for (one, other), relation in self.pairs.items():
            if article.id in (one, other):
                found.append(
                    Verdict(
                        other if article.id == one else one,
                        relation,
                        90,
                        3,
                        is_later=article.id == one,
                    )
                )
        return sorted(found, key=lambda verdict: verdict.relation)


def articles(order=IDS):
    return [make_article(one, one, "Text.", published=f"2024-01-{ord(one) - 86}") for one in order]


def grouped(places, key):
    return {
        frozenset(one for one in places if key(places[one]) == key(place) and key(place))
        for place in places.values()
    } - {frozenset()}
