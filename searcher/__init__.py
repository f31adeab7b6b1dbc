"""A full-text news search engine over a Whoosh index.

from searcher import open_search
search = open_search("index")
for hit in search.run("grain ships odessa").hits:
    print(hit.title.text, [snippet.text for snippet in hit.snippets])
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from searcher.search.service import SearchService
    from searcher.settings import Settings

__all__ = ["open_search"]


def open_search(index: str | Path = "index", settings: Settings | None = None) -> SearchService:
    """The read path of the index in the folder `index`; `settings`, when given, name the folder and
    the limits.

    Nothing is opened before the first search, which raises IndexMissing when there is no index.
    """
    from searcher.engine.whoosh_engine import WhooshEngine
    from searcher.search.service import SearchService
    from searcher.settings import Settings

    settings = settings or Settings(index=Path(index))
    return SearchService(WhooshEngine(settings.index), settings=settings)
