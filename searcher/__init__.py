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
    """Return the read path of the index in the folder `index`.

    settings: paths and limits; if given, `settings.index` names the folder instead. Nothing is
    opened before the first search, which raises IndexMissing if there is no index.
    """
    # `import searcher` must not load Whoosh.
    from searcher.assembly import build_search
    from searcher.settings import Settings

    return build_search(settings or Settings(index=Path(index)))
