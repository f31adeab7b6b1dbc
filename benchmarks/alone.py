"""One engine in a process of its own, as measurements of whole commands need it:

python -m benchmarks.alone build ENGINE FILE FOLDER   index a file of JSON lines, with two threads
python -m benchmarks.alone search ENGINE FOLDER WORD...   print the headlines that a query finds
python -m benchmarks.alone memory ENGINE FOLDER   serve a query for each line, print anonymous MB
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from benchmarks.peers import engine
from benchmarks.queries import Query

_THREADS = 2


def build(name: str, file: Path, folder: Path) -> None:
    """Index a file with two threads, or one where the engine cannot use two."""
    # Imported here, as a search needs none of it.
    from benchmarks import corpus_file

    peer = engine(name)(folder)
    try:
        peer.build(corpus_file.items(file), _THREADS)
    except NotImplementedError:
        peer.build(corpus_file.items(file), 1)


def search(name: str, folder: Path, words: list[str]) -> None:
    peer = engine(name)(folder)
    peer.open()
    hits, *_ = peer.page(Query("or", tuple(words)))
    for hit in hits:
        print(hit)


def memory(name: str, folder: Path, queries: list[str]) -> float:
    """Return the anonymous memory of this process, in MB, after it served these queries as
    pages."""
    client = application(name, folder).test_client()
    for query in queries:
        assert client.get("/search", query_string={"q": query}).status_code == 200
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("RssAnon")) / 1000


def application(name: str, folder: Path) -> Any:
    """Return the Flask application that serves an engine's pages."""
    if name in ("ours", "plain"):
        # numba imports scipy if it is there, as here for another engine (bm25s): 11 MB.
        sys.modules.setdefault("scipy", None)  # type: ignore[arg-type]

        from searcher import kernels
        from searcher.settings import Settings
        from web import create_app

        if name == "ours":
            kernels.load()
        return create_app(Settings(index=folder))
    from benchmarks.tantivy_app import create_app as bare

    return bare(str(folder))


def main() -> None:
    action, name, *rest = sys.argv[1:]
    if action == "build":
        build(name, *map(Path, rest))
    elif action == "search":
        search(name, Path(rest[0]), rest[1:])
    else:
        print(memory(name, Path(rest[0]), sys.stdin.read().splitlines()))


if __name__ == "__main__":
    main()
