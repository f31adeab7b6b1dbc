"""Speed of refreshing feeds, memory of a watch, and the time until an article is found:

python -m benchmarks.feeds [--feeds 500] [--entries 20] [--index FOLDER]

Feeds and pages are served on loopback, each feed by its own host, as only one request at a time is
sent to a host; there is no pause between requests. lemon24's reader, if installed, fetches the same
feeds, without pages and without an index. With --index, the last figure is the time from the answer
with a feed until a running page finds its article, in a copy of that index.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import multiprocessing
import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from statistics import median

from searcher.clock import SystemClock
from searcher.feeds.state import FeedState
from searcher.feeds.subscription import Mode

PAGE = """<!doctype html><html lang="en"><head><title>{title}</title>
<meta property="og:site_name" content="Paper {feed}"></head><body>
<nav><a href="/">Home</a> <a href="/world">World</a> <a href="/sport">Sport</a></nav>
<article><h1>{title}</h1>{body}</article>
<aside><a href="/x">Another story that is not this one</a></aside>
<footer>All rights reserved.</footer></body></html>"""
ITEM = """<item><guid>{number}-{entry}</guid><link>http://{host}/page/{number}/{entry}</link><title>{title}</title>
<description>Summary of {title}.</description><pubDate>{date}</pubDate></item>"""
SENTENCE = (
    "The harbour of district {number} was closed on Monday after the {word} of ship {entry} had "
    "been found in the water"
    ", officials said. "
)
WORDS = "anchor rudder engine cargo grain mast crane rope lantern compass ladder barrel".split()
ROUNDS = 7


class Handler(BaseHTTPRequestHandler):
    """Serves /feed/F/N, a feed with N entries, and /page/F/E, the page of entry E.

    The feed and the page contain the word of the entry.
    """

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        _, kind, *rest = self.path.split("/")
        if kind == "feed":
            body, kind = feed(self.headers["Host"], rest[0], int(rest[1])), "application/rss+xml"
        elif kind == "page":
            body, kind = article(*rest), "text/html; charset=utf-8"
        else:
            self.send_response(404)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        print(self.path, time.time(), file=sys.stderr, flush=True)

    def log_message(self, *_: object) -> None:
        """Log nothing."""


def feed(host: str, number: str, entries: int) -> bytes:
    date = format_datetime(SystemClock().now())
    rows = ({"entry": entry, "title": headline(number, entry)} for entry in range(entries))
    items = "".join(ITEM.format(host=host, number=number, date=date, **row) for row in rows)
    return (
        f"<rss version='2.0'><channel><title>Paper {number}</title>{items}</channel></rss>".encode()
    )


def headline(number: str, entry: int | str) -> str:
    return f"Harbour {number} closed for ship {entry}"


def article(number: str, entry: str) -> bytes:
    sentences = [
        SENTENCE.format(number=number, entry=entry, word=f"{WORDS[at % 12]} {at}")
        for at in range(24)
    ]
    body = "".join(f"<p>{''.join(sentences[at : at + 3])}</p>" for at in range(0, 24, 3))
    return PAGE.format(title=headline(number, entry), feed=number, body=body).encode()


def serve(port: multiprocessing.SimpleQueue[int], log: str) -> None:
    sys.stderr = open(log, "w")  # noqa: SIM115
    server = ThreadingHTTPServer(("0.0.0.0", 0), Handler)
    server.request_queue_size = 256
    port.put(server.server_address[1])
    server.serve_forever()


@contextmanager
def served(log: Path) -> Iterator[int]:
    """Yield the port of a server in another process."""
    port: multiprocessing.SimpleQueue[int] = multiprocessing.SimpleQueue()
    process = multiprocessing.Process(target=serve, args=(port, str(log)), daemon=True)
    process.start()
    try:
        yield port.get()
    finally:
        process.kill()


def addresses(port: int, feeds: int, entries: int) -> list[str]:
    return [
        f"http://127.{1 + one // 200}.0.{1 + one % 200}:{port}/feed/{one}/{entries}"
        for one in range(feeds)
    ]


def memory(pid: int) -> tuple[float, float]:
    """Return the memory of a process in MB: now, and its peak."""
    lines = dict(
        line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines()
    )
    now, most = (int(lines[name].split()[0]) / 1024 for name in ("VmRSS", "VmHWM"))
    return now, most


@contextmanager
def running(*command: str, env: dict[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    with open(log, "wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "searcher", *command], env=env, stdout=out, stderr=out
        )
        try:
            yield process
        finally:
            process.terminate()
            process.wait(60)


def watch(folder: Path, feeds: int, entries: int) -> None:
    """Measure feeds and pages a minute, and the memory of the watch."""
    state = folder / "raw/.feeds.sqlite"
    with served(folder / "server.log") as port:
        env = environment(folder)
        subscribe(state, addresses(port, feeds, entries), "page")
        begin = time.monotonic()
        with running(
            "feeds", "watch", "--log", "json", env=env, log=folder / "watch.log"
        ) as process:
            feeds_took = 0.0
            received, waiting, added = 0, 1, 0
            while received < feeds or waiting:
                time.sleep(0.25)
                with FeedState(state) as known:
                    received = sum(one.succeeded is not None for one in known.subscriptions.all())
                    waiting = known.pages.count_waiting()
                    added = int(known.counters.all().get("articles_added", 0))
                if received == feeds and not feeds_took:
                    feeds_took = time.monotonic() - begin
            took = time.monotonic() - begin
            time.sleep(2)
            now, most = memory(process.pid)
    pages = feeds * entries
    print(f"searcher, feeds with pages: {feeds} feeds and {pages:,} pages in {took:.1f} s:")
    print(
        f"  {feeds / feeds_took * 60:,.0f} feeds and {pages / took * 60:,.0f} pages a minute, "
        f"{added:,} articles"
    )
    print(f"  memory of the watch: {now:.0f} MB after them, {most:.0f} MB at most")


def subscribe(state: Path, urls: Iterable[str], mode: Mode) -> None:
    with FeedState(state) as known, known.transaction():
        for url in urls:
            known.subscriptions.add(url, mode, SystemClock().now())


READER = """
import sys
from reader import make_reader
reader = make_reader(sys.argv[1])
for url in sys.stdin.read().split():
    reader.add_feed(url)
reader.update_feeds(workers=16)
print(reader.get_entry_counts().total)
"""


def feeds_only(folder: Path, feeds: int, entries: int) -> None:
    """Measure feeds a minute without pages, beside lemon24's reader."""
    with served(folder / "server.log") as port:
        urls = addresses(port, feeds, entries)
        env = environment(folder)
        subscribe(folder / "raw/.feeds.sqlite", urls, "entry")
        begin = time.monotonic()
        command = [sys.executable, "-m", "searcher", "feeds", "refresh"]
        subprocess.run(command, env=env, check=True, capture_output=True)
        ours = time.monotonic() - begin
        print(
            f"feeds alone: searcher {feeds / ours * 60:,.0f} a minute, archived and indexed "
            f"({ours:.1f} s)"
        )
        if importlib.util.find_spec("reader") is None:
            print("  reader is not installed")
            return
        begin = time.monotonic()
        command = [sys.executable, "-c", READER, str(folder / "reader.sqlite")]
        done = subprocess.run(
            command, input="\n".join(urls), text=True, check=True, capture_output=True
        )
        theirs = time.monotonic() - begin
        count = done.stdout.strip()
        print(
            f"  reader {feeds / theirs * 60:,.0f} a minute, not archived ({theirs:.1f} s, {count} "
            "entries)"
        )
        print(f"  reader takes {theirs / ours:.2f} × as long")


def freshness(folder: Path, index: Path) -> None:
    """Measure the seconds from the answer of a feed's server until the page finds its article."""
    shutil.copytree(index, folder / "index", dirs_exist_ok=True)
    env = environment(folder) | {"PORT": "8765"}
    log = folder / "fresh.log"
    took = []
    # Indexing one article creates the catalogue, if the index has none.
    (folder / "raw/first.txt").write_text("A first article\n\nIt is read from a file.")
    subprocess.run(
        [sys.executable, "-m", "searcher", "index"], env=env, check=False, capture_output=True
    )
    with (
        served(log) as port,
        running("feeds", "watch", env=env, log=folder / "watch.log"),
        running("serve", env=env, log=folder / "serve.log"),
    ):
        articles = count_articles()
        for number in range(ROUNDS):
            name = f"fresh{chr(97 + number) * 3}"
            subscribe(
                folder / "raw/.feeds.sqlite",
                [f"http://127.9.0.{1 + number}:{port}/feed/{name}/1"],
                "entry",
            )
            found = 0.0
            while not found:
                with urllib.request.urlopen(
                    f"http://127.0.0.1:8765/api/v1/search?q={name}&verbatim=on"
                ) as answer:
                    found = time.time() if json.load(answer)["total"] else 0.0
            answered = next(line for line in log.read_text().splitlines() if f"/{name}/" in line)
            took.append(found - float(answered.split()[1]))
    middle, most = median(took), max(took)
    print(
        f"from the answer of a feed to a hit, of {articles:,} articles: median {middle:.2f} s, at "
        f"most {most:.2f}"
    )


def count_articles() -> int:
    """Return the number of articles that the page reports, as soon as it is served."""
    for _ in range(200):
        with suppress(OSError), urllib.request.urlopen("http://127.0.0.1:8765/healthz") as answer:
            return int(json.load(answer)["articles"])
        time.sleep(0.1)
    raise SystemExit("the page is not served")


def environment(folder: Path) -> dict[str, str]:
    (folder / "raw").mkdir(exist_ok=True)
    more = {"SEARCHER_RAW": str(folder / "raw"), "SEARCHER_INDEX": str(folder / "index")}
    return os.environ | more | {"SEARCHER_ALLOW_PRIVATE": "1", "SEARCHER_PAUSE": "0"}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--feeds", type=int, default=500, help="number of feeds")
    parser.add_argument("--entries", type=int, default=20, help="number of entries in each feed")
    parser.add_argument("--index", type=Path, help="index to measure the freshness with")
    arguments = parser.parse_args()
    for measure in (feeds_only, watch):
        with tempfile.TemporaryDirectory() as folder:
            measure(Path(folder), arguments.feeds, arguments.entries)
    if arguments.index:
        with tempfile.TemporaryDirectory() as folder:
            freshness(Path(folder), arguments.index)


if __name__ == "__main__":
    main()
