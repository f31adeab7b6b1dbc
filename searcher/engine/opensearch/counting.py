"""Exact numbers of the articles that a condition finds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from searcher.engine.opensearch.client import Json
from searcher.engine.opensearch.tokens import VALUES
from searcher.engine.opensearch.view import Budget, View, any_of, but, either, every
from searcher.engine.searches import DAY, MONTH, STORY_DAY, STORY_MONTH, YEAR

_MOST_VALUES = 60_000
"""Maximum number of values that one answer counts. Of more the others are read group by group."""
FACET_FIELDS = {
    **{name: f"v_{name}" for name in VALUES},
    YEAR: "year",
    MONTH: "month",
    DAY: "day",
    STORY_MONTH: "month",
    STORY_DAY: "day",
}
"""The column of the values that each facet counts."""


class Counts:
    """Counts the articles of one search."""

    def __init__(self, view: View, budget: Budget) -> None:
        self._view = view
        self._budget = budget

    def many(self, conditions: Sequence[Json], among: Json) -> list[int]:
        """Return the numbers of articles that meet each condition. Raises Spent."""
        if not conditions:
            return []
        asked = {str(number): {"filter": one} for number, one in enumerate(conditions)}
        body = {"query": among, "size": 0, "track_total_hits": False, "aggs": asked}
        found = self._view.search(body, self._budget)["aggregations"]
        return [found[str(number)]["doc_count"] for number in range(len(conditions))]

    def facets(self, asked: Mapping[str, Json]) -> dict[str, dict[str, int]]:
        """Return the number of articles by value of some facets.

        asked: by facet, the condition of the articles to count. Raises Spent.
        """
        plain = {name: among for name, among in asked.items() if name not in _OF_STORIES}
        found: dict[str, dict[str, int]] = {}
        if plain:
            counted = {
                name: {"filter": among, "aggs": _listed(FACET_FIELDS[name])}
                for name, among in plain.items()
            }
            body = {
                "query": self._view.visible,
                "size": 0,
                "track_total_hits": False,
                "aggs": counted,
            }
            answer = self._view.search(body, self._budget)["aggregations"]
            for name, among in plain.items():
                found[name] = self._values(FACET_FIELDS[name], among, answer[name]["values"])
        for name in asked.keys() - plain.keys():
            found[name] = self._story_dates(FACET_FIELDS[name], asked[name])
        return found

    def _values(self, field: str, among: Json, answer: Json) -> dict[str, int]:
        """Return the values of an answer, or all of them if it has not all."""
        if not answer["sum_other_doc_count"]:
            return {one["key"]: one["doc_count"] for one in answer["buckets"]}
        groups = self._view.groups(among, field, budget=self._budget)
        return {one.value: one.size for one in groups}

    def _story_dates(self, field: str, among: Json) -> dict[str, int]:
        """Return the number of stories by the day or month of their first article. An article
        without a place is one of its own."""
        dated = every(among, {"exists": {"field": "published"}})
        alone = but(dated, {"exists": {"field": "story"}})
        facet = {"day": DAY, "month": MONTH}[field]
        counts = Counter(self.facets({facet: alone})[facet])
        first = {"first": {"terms": {"field": field, "size": 1, "order": {"_key": "asc"}}}}
        for group in self._view.groups(dated, "story", first, self._budget):
            counts[group.inner["first"]["buckets"][0]["key"]] += 1
        return dict(counts)

    def distinct(self, field: str, among: Json) -> int:
        """Return the number of values of a numeric field, those without one left out."""
        asked = {
            "values": {"terms": {"field": field, "size": _MOST_VALUES}},
            "number": {"stats_bucket": {"buckets_path": "values._count"}},
        }
        body = {"query": among, "size": 0, "track_total_hits": False, "aggs": asked}
        # All but the values themselves, which nobody needs.
        wanted = (
            "_shards,timed_out,aggregations.values.sum_other_doc_count,aggregations.number.count"
        )
        answer = self._view.search(body, self._budget, filter_path=wanted)["aggregations"]
        if not answer["values"]["sum_other_doc_count"]:
            return int(answer["number"]["count"])
        return sum(1 for _ in self._view.groups(among, field, budget=self._budget))

    def stories(self, among: Json) -> int:
        """Return the number of stories, an article without a place being one."""
        placed: Json = {"exists": {"field": "story"}}
        (alone,) = self.many([but(among, placed)], among)
        return alone + self.distinct("story", every(among, placed))

    def shown(self, tiers: Sequence[Json]) -> list[Json]:
        """Return the conditions without the copies that are hidden: of each group the first article
        that meets the first condition that any of it meets.

        tiers: conditions that no article meets two of.
        """
        shown: list[Json] = []
        known: list[int] = []
        order = [{"published": {"order": "asc", "missing": "_last"}}, {"key": "asc"}]
        inner = {
            "first": {
                "top_hits": {
                    "size": 1,
                    "sort": order,
                    "_source": False,
                    "docvalue_fields": ["number"],
                }
            }
        }
        for condition in tiers:
            left = but(every(condition, COPIED), *any_of("copies", known))
            kept = []
            for group in self._view.groups(left, "copies", inner, self._budget):
                known.append(group.value)
                (hit,) = group.inner["first"]["hits"]["hits"]
                kept.append(hit["fields"]["number"][0])
            shown.append(
                every(condition, either([but(_ANYTHING, COPIED), *any_of("number", kept)]))
            )
        return shown


_OF_STORIES = (STORY_DAY, STORY_MONTH)
_ANYTHING: Json = {"match_all": {}}
COPIED: Json = {"exists": {"field": "copies"}}
"""The condition that an article has copies."""


def _listed(field: str) -> Json:
    return {"values": {"terms": {"field": field, "size": _MOST_VALUES}}}
