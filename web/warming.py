"""Searches that nobody waits for, so that nobody waits for the first ones: modules and kernels are
loaded, templates compiled, and the tables of a commit made before its readers come."""

from __future__ import annotations

import time
from urllib.parse import urlencode

from flask import Flask

from searcher import kernels
from searcher.engine.searches import FACETS
from searcher.errors import SearcherError
from searcher.search.request import Request
from searcher.search.service import SearchService

_PAUSE = 0.05
"""Pause between two looks for a new commit, in seconds. A search finds an article about so much
later than it was committed."""
_FAILED_PAUSE = 1.0
"""Pause after an index that cannot be opened, in seconds."""
_QUERIES = 4
"""Number of queries that are asked to make the tables of a commit."""
_WORDS = 3
"""Number of words of each."""


def load(app: Flask) -> bool:
    """Load all that requests need. Return whether kernels are there."""
    found = kernels.load()
    service: SearchService = app.extensions["search"]
    client = app.test_client()
    pages = ["/", "/help"]
    for query in _queries(service):
        # Queries with an option are not remembered.
        pages.append(f"/search?{urlencode({'q': query, 'verbatim': 'on'})}")
        pages.append(f"/api/v1/suggest?{urlencode({'q': query[:3]})}")
    for page in pages:
        client.get(page).close()
    return found


def make_tables(service: SearchService) -> None:
    """Search an index, so that what searches on it share is made."""
    for query in _queries(service):
        service.run(Request(query, facets=FACETS))
        service.suggestions.complete(query[:3])
    service.articles.facet("language")


def _queries(service: SearchService) -> list[str]:
    """Return queries that find something: the first words of the newest headlines."""
    try:
        newest = service.articles.newest(_QUERIES)
    except SearcherError:
        return []
    return [" ".join(article.title.split()[:_WORDS]) for article in newest]


def renew(service: SearchService) -> bool:
    """Open the newest commit and make its tables. Return whether that succeeded: readers look for
    themselves if not, and say what is wrong."""
    try:
        service.renew(make_tables)
    except (SearcherError, OSError):
        return False
    return True


def follow(service: SearchService) -> None:
    """Renew the service after each commit, for ever. Runs in a thread of its own."""
    pause = _PAUSE
    while True:
        time.sleep(pause)
        begin = time.monotonic()
        found = renew(service)
        # At most half of the time goes into it, however often commits come.
        pause = max(_PAUSE, time.monotonic() - begin) if found else _FAILED_PAUSE
