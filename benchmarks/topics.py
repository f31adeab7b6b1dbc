"""Reuters' own topics as a collection: a topic's words are the query, its articles the relevant
ones."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

from benchmarks.collections import Collection, Text

_LEAST = 10
"""Minimum number of articles of a topic. Fewer say little about the first ten hits."""
_QUERIES = {
    "acq": "mergers acquisitions takeover",
    "alum": "aluminium aluminum",
    "bop": "balance of payments deficit surplus",
    "cocoa": "cocoa beans buffer stock",
    "coffee": "coffee export quotas",
    "copper": "copper mine prices",
    "corn": "corn maize exports",
    "cotton": "cotton crop",
    "cpi": "consumer price index inflation",
    "crude": "crude oil prices OPEC",
    "dlr": "dollar intervention",
    "earn": "company earnings net profit",
    "gas": "gasoline supplies",
    "gnp": "gross national product economic growth",
    "gold": "gold mine production",
    "grain": "grain exports harvest",
    "housing": "housing starts",
    "interest": "interest rates",
    "ipi": "industrial production index",
    "iron-steel": "iron and steel production",
    "jobs": "unemployment jobless rate",
    "livestock": "livestock cattle hogs",
    "meal-feed": "meal feed",
    "money-fx": "foreign exchange money market",
    "money-supply": "money supply M-1",
    "nat-gas": "natural gas pipeline",
    "oilseed": "oilseeds soybeans",
    "orange": "orange juice concentrate",
    "palm-oil": "palm oil exports",
    "pet-chem": "petrochemicals",
    "reserves": "foreign exchange reserves",
    "retail": "retail sales",
    "rice": "rice exports",
    "rubber": "natural rubber agreement",
    "ship": "shipping tankers",
    "silver": "silver mine",
    "soybean": "soybeans",
    "strategic-metal": "strategic metals",
    "sugar": "sugar beet cane",
    "tin": "tin council",
    "trade": "trade deficit protectionism",
    "veg-oil": "vegetable oil",
    "wheat": "wheat sales Soviet",
    "wpi": "wholesale price index",
    "zinc": "zinc production",
    "lead": "lead smelter",
    "nickel": "nickel",
    "hog": "hogs pork",
    "carcass": "carcass beef meat",
    "heat": "heating oil",
}
"""Queries by topic, as a reader would type them."""


def topics(folder: Path) -> Collection:
    """Return all articles of `folder`/reuters.jsonl.gz, with topics of at least _LEAST articles."""
    texts: list[Text] = []
    relevant: dict[str, dict[str, int]] = {topic: {} for topic in _QUERIES}
    with gzip.open(folder / "reuters.jsonl.gz", "rt", encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            texts.append(Text(str(row["id"]), row["title"], row["body"]))
            for topic in relevant.keys() & set(row["topics"]):
                relevant[topic][str(row["id"])] = 1
    kept = {topic: found for topic, found in relevant.items() if len(found) >= _LEAST}
    queries = {topic: _QUERIES[topic] for topic in kept}
    return Collection("reuters, topics", tuple(texts), queries, kept)
