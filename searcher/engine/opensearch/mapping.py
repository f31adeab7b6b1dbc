"""The indices of a cluster: their settings and mappings, and the name of their format."""

from __future__ import annotations

import hashlib
import json
from typing import Any, NamedTuple

from searcher.engine.opensearch.tokens import COUNTED, HOLE, SAME_PLACE, TOKEN_FIELDS, VALUES
from searcher.engine.patterns import BODY_START, PARAGRAPH_GAP
from searcher.engine.stored import STORED_VERSION, declared
from searcher.engine.terms import ANALYSIS_VERSION

_MOST_ROWS = 10_000
"""Maximum number of rows of one request. The cluster's own bound; each row takes memory."""


class Copying(NamedTuple):
    """How an index is divided and copied."""

    shards: int = 3
    """Number of parts of an index of articles. Larger spreads it over more machines, and each
    search asks each part. It cannot be changed without a rebuild."""
    replicas: int = 1
    """Number of further copies of each part. With 1 a machine may fail."""


_ANALYSIS = {
    "tokenizer": {"spaces": {"type": "whitespace", "max_token_length": 1_000_000}},
    "filter": {
        "holes": {"type": "stop", "stopwords": [HOLE]},
        "apart": {
            "type": "pattern_capture",
            "preserve_original": False,
            "patterns": [f"([^{SAME_PLACE}]+)"],
        },
    },
    "analyzer": {"placed": {"type": "custom", "tokenizer": "spaces", "filter": ["holes", "apart"]}},
}
"""Splits texts of tokens, see `tokens`. Nothing else is done to them."""

_TIMES = {"type": "scripted", "script": {"source": "return query.boost * doc.freq;"}}
"""The similarity of tokens: the number of times that one occurs. So the cluster's own numbers, of
lengths rounded to a byte, enter no score."""


def _tokens() -> dict[str, Any]:
    return {
        "type": "text",
        "analyzer": "placed",
        "search_analyzer": "keyword",
        "similarity": "times",
        "norms": False,
        "position_increment_gap": PARAGRAPH_GAP,
    }


def _unread() -> dict[str, Any]:
    return {"type": "object", "enabled": False}


_KEYWORD = {"type": "keyword"}
_NUMBER = {"type": "long"}
_ONLY_SORTED = {"type": "integer", "index": False}

ARTICLES: dict[str, Any] = {
    "dynamic": "strict",
    # Tokens are made of the article again where they are needed.
    "_source": {"excludes": [*(f"t_{name}" for name in TOKEN_FIELDS), "codes"]},
    "properties": {
        **{f"t_{name}": _tokens() for name in TOKEN_FIELDS},
        **{f"v_{name}": _KEYWORD for name in VALUES},
        "key": _KEYWORD,
        "number": _NUMBER,
        "born": _NUMBER,
        "length": _ONLY_SORTED,
        "published": _NUMBER,
        "year": _KEYWORD,
        "month": _KEYWORD,
        "day": _KEYWORD,
        "outlet": {"type": "keyword", "index": False},
        "codes": {"type": "keyword", "doc_values": False},
        "shingles": _ONLY_SORTED,
        "digest": {"type": "keyword", "index": False, "doc_values": False},
        "story": _NUMBER,
        "copies": _NUMBER,
        "place": _unread(),
        "article": _unread(),
    },
}
"""The mapping of the index of articles."""

WORDS: dict[str, Any] = {
    "dynamic": "strict",
    # The values are read from their columns.
    "_source": {"enabled": False},
    "properties": {
        # The term, under the name of its field.
        **dict.fromkeys(COUNTED, _KEYWORD),
        "articles": {"type": "integer", "index": False},
        "times": {"type": "integer", "index": False},
        "born": _NUMBER,
    },
}
"""The mapping of the vocabulary: for each commit and each term that it changed, the change of the
numbers of articles and of occurrences."""

COMMITS: dict[str, Any] = {"dynamic": "strict", "enabled": False}
"""The mapping of the index of commits and locks, which are read by their ids alone."""


def articles_index(copying: Copying) -> dict[str, Any]:
    """Return the body of a request that makes an index of articles."""
    return {
        "settings": {
            "number_of_shards": copying.shards,
            "number_of_replicas": copying.replicas,
            # A commit refreshes.
            "refresh_interval": "-1",
            "codec": "best_compression",
            "max_result_window": _MOST_ROWS,
            "analysis": _ANALYSIS,
            "similarity": {"times": _TIMES},
        },
        "mappings": ARTICLES,
    }


def words_index(copying: Copying) -> dict[str, Any]:
    """Return the body of a request that makes a vocabulary. It has one part, so that the most
    frequent words of it are those of the index."""
    return {
        "settings": {
            "number_of_shards": 1,
            "number_of_replicas": copying.replicas,
            "refresh_interval": "-1",
        },
        "mappings": WORDS,
    }


def commits_index(copying: Copying) -> dict[str, Any]:
    """Return the body of a request that makes the index of commits."""
    return {
        "settings": {"number_of_shards": 1, "number_of_replicas": copying.replicas},
        "mappings": COMMITS,
    }


def _format() -> str:
    parts = (STORED_VERSION, declared(), BODY_START, ARTICLES, WORDS, _ANALYSIS, _TIMES)
    digest = hashlib.sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()
    return f"{ANALYSIS_VERSION}_{digest[:8]}"


FORMAT = _format()
"""Name of the format that this version reads and writes. A commit names its own."""
MOST_ROWS = _MOST_ROWS
