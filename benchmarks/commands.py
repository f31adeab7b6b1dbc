"""Whole commands as a user runs them, each in processes of its own, beside those of other engines.

Ours are the commands of the package that is installed beside this Python.
"""

from __future__ import annotations

import gzip
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from benchmarks import load
from benchmarks.measuring import quantiles
from searcher.settings import Settings

_SEARCHER = str(Path(sys.executable).with_name("searcher"))
_ALONE = [sys.executable, "-m", "benchmarks.alone"]
OURS = ("ours", "plain")
"""Names of our engine, with compiled kernels and without."""
_STARTS = 15
_COPIES = 8
"""Times that the saved pages are indexed under other addresses. Fewer copies measure the start of
the command."""
_ADDRESS = re.compile(rb"https?:(?:\\/|/){2}(?!schema\.org|www\.w3\.org|ogp\.me)")
_BEARABLE = 120
"""Seconds within which a server has to answer its first page."""


def environment(index: Path, **more: str) -> dict[str, str]:
    """Return the environment of a command of ours that works on an index. Indexing finds no
    stories, as the others do not; `benchmarks.stories` and `benchmarks.copies` measure them."""
    own = {
        "SEARCHER_INDEX": str(index),
        "SEARCHER_RAW": f"{index}.raw",
        "SEARCHER_JOBS": "2",
        "SEARCHER_STORIES": "0",
    }
    return {**os.environ, **own, **more}


def build(name: str, file: Path, folder: Path) -> float:
    """Index a file of JSON lines with two processes or threads. Return the seconds of it all."""
    ours = name in OURS
    command = [_SEARCHER, "index"] if ours else [*_ALONE, "build", name]
    begin = time.perf_counter()
    subprocess.run(
        [*command, str(file), *([] if ours else [str(folder)])],
        env=environment(folder),
        check=True,
        capture_output=True,
    )
    return time.perf_counter() - begin


def starts(name: str, folder: Path, words: Sequence[str]) -> tuple[float, float]:
    """Return the seconds of a search from the start of its process to its end: of the wall clock
    and of the processor. Each is the median of several."""
    command = [_SEARCHER, "search"] if name in OURS else [*_ALONE, "search", name, str(folder)]
    walls, works = [], []
    for _ in range(_STARTS):
        begin, before = time.perf_counter(), _worked()
        subprocess.run([*command, *words], env=environment(folder), check=True, capture_output=True)
        walls.append(time.perf_counter() - begin)
        works.append(_worked() - before)
    return quantiles(walls)[0], quantiles(works)[0]


def _worked() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def memory(name: str, folder: Path, queries: Sequence[str]) -> float:
    """Return the anonymous memory, in MB, of a process after it served these queries as pages."""
    done = subprocess.run(
        [*_ALONE, "memory", name, str(folder)],
        input="\n".join(queries),
        capture_output=True,
        text=True,
        check=True,
    )
    return float(done.stdout)


def html_pages(data: Path) -> tuple[float, int]:
    """Return the seconds in which the saved pages of `data`/fundus are indexed, and their number.

    Each is indexed several times, with other names of hosts in its addresses.
    """
    with tempfile.TemporaryDirectory() as temporary:
        pages = Path(temporary) / "pages"
        pages.mkdir()
        for path in sorted((data / "fundus").glob("*/*.html.gz")):
            page = gzip.decompress(path.read_bytes())
            for copy in range(_COPIES):
                own = _ADDRESS.sub(rb"\g<0>copy%d." % copy, page)
                (pages / f"{copy}-{path.parent.name}-{path.stem}").write_bytes(own)
        index = Path(temporary) / "index"
        begin = time.perf_counter()
        done = subprocess.run(
            [_SEARCHER, "index", str(pages)],
            env=environment(index),
            check=True,
            capture_output=True,
            text=True,
        )
        seconds = time.perf_counter() - begin
        count = sum(1 for _ in pages.iterdir())
        print(f"{count} pages: {done.stdout.strip()}", file=sys.stderr)
    return seconds, count


@contextmanager
def served(command: Sequence[str], address: str, env: dict[str, str]) -> Iterator[None]:
    """Run a server until it is no longer needed; the block begins when it answers.

    Raises TimeoutError if it does not answer.
    """
    process = subprocess.Popen(
        command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        end = time.monotonic() + _BEARABLE
        while time.monotonic() < end and process.poll() is None:
            with suppress(URLError, OSError), urlopen(f"{address}/search?q=first", timeout=30):
                break
            time.sleep(0.1)
        else:
            raise TimeoutError(f"{' '.join(command)} does not answer")
        yield
    finally:
        process.terminate()
        process.wait(30)


def under_load(
    command: Sequence[str],
    address: str,
    env: dict[str, str],
    queries: Sequence[str],
    connections: int,
    seconds: float,
) -> load.Load:
    """Return the answers of a server to many connections, after some seconds of warming."""
    with served(command, address, env):
        load.run(address, queries, 8, min(5, seconds))
        return load.run(address, queries, connections, seconds)


def removed(folder: Path) -> None:
    """Remove the index in a folder, if there is one."""
    shutil.rmtree(folder, ignore_errors=True)


def server(name: str, folder: Path, port: int) -> tuple[list[str], dict[str, str]]:
    """Return the command that serves an engine's pages, and its environment."""
    if name in OURS:
        return [_SEARCHER, "serve"], environment(folder, PORT=str(port))
    ours = Settings().served()
    command = [sys.executable, "-m", "gunicorn", f"--bind=127.0.0.1:{port}"]
    command += [f"--workers={ours.workers}", f"--threads={ours.threads}", "--keep-alive=60"]
    return [*command, f"benchmarks.tantivy_app:create_app({str(folder)!r})"], dict(os.environ)
