"""Feeds at scale: 500 feeds of every kind in one refresh. Nothing is lost in 100 kills or on a full
disk.

Covers feeds.refresher and feeds.dispatcher together with the modules they use.
"""

from __future__ import annotations

import gzip
import json
import os
import random
import resource
import signal
import time
from collections import Counter
from datetime import timedelta

import processes
import pytest
from fakes import NOW
from feed_server import OK, FeedServer, page, rss, wild
from newsroom import Newsroom

FEEDS = 500


def atom(url: str, headline: str) -> str:
    return f"<?xml version='1.0'?><feed xmlns='http://www.w3.org/2005/Atom'><title>Atom</title><id>{url}</id><entry><id>{url}</id><link href='{url}'/><title>{headline}</title><updated>2024-06-01T10:00:00Z</updated><content>Text of {headline}.</content></entry></feed>"


def json_feed(url: str, headline: str) -> str:
    item = {"id": url, "url": url, "title": headline, "content_text": f"Text of {headline}."}
    return json.dumps(
        {"version": "https://jsonfeed.org/version/1.1", "title": "JSON", "items": [item]}
    )


def rdf(url: str, headline: str) -> str:
    return f"<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/'><channel><title>RDF</title></channel><item rdf:about='{url}'><title>{headline}</title><link>{url}</link></item></rdf:RDF>"


def one_item(url: str, headline: str) -> str:
    return rss((url, headline, f"Text of {headline}."))


def put_feed(server: FeedServer, number: int) -> tuple[str, str, bool]:  # noqa: PLR0915
    """Serve a feed of a kind chosen by `number`: good, or broken in one of many ways.

    Return its kind, its expected health, and whether its article is expected in the index.
    """
    headline, url = f"Événement numéro {number}", f"http://articles.example/{number}"
    path = f"/feed/{number}"
    kinds = ("rss", "atom", "json", "rdf", "gzip", "slow", "moved", "elsewhere", "latin", "lying", "sloppy", "discovered",
             "gone", "missing", "busy", "broken", "truncated", "endless", "empty", "binary", "loop", "hangup")  # fmt: skip
    kind = kinds[number % len(kinds)]
    texts = {"atom": atom, "json": json_feed, "rdf": rdf}
    text = texts.get(kind, one_item)(url, headline)
    server.put(path, text)
    match kind:
        case "gzip":
            server.put(path, gzip.compress(text.encode()), Content_Encoding="gzip")
        case "slow":
            body = text.encode()
            pieces = [body[at : at + 200] for at in range(0, len(body), 200)]
            server.answers[path] = wild(OK + b"\r\n", *pieces, pause=0.05)
        case "moved":
            server.put(f"/real/{number}", text)
            server.put(path, b"", 301, Location=f"/real/{number}")
        case "elsewhere":
            server.put(f"/real/{number}", text)
            server.put(path, b"", 307, Location=f"/real/{number}")
        case "latin":
            server.put(
                path, text.encode("latin-1"), Content_Type="application/rss+xml; charset=iso-8859-1"
            )
        case "lying":
            server.put(path, text.replace("<?xml version=\"1.0\"?>", "<?xml version='1.0' encoding='us-ascii'?>"), Content_Type="text/html; charset=us-ascii")  # fmt: skip
        case "sloppy":
            server.put(path, text.replace("</channel></rss>", "<unclosed> & &nbsp; </chanel>"))
        case "discovered":
            server.put(f"/real/{number}", text)
            server.put(
                path,
                f"<html><link rel=alternate type='application/rss+xml' href='/real/{number}'><body>x</body></html>",
            )
        case "gone":
            server.put(path, text, 410)
        case "missing":
            server.put(path, text, 404)
        case "busy":
            server.put(path, text, 503, Retry_After="3600")
        case "broken":
            server.put(path, text, 500)
        case "truncated":
            server.answers[path] = wild(
                OK + f"Content-Length: {len(text) * 2}\r\n\r\n".encode() + text.encode()[:-60]
            )
        case "endless":
            server.answers[path] = wild(
                OK + b"\r\n" + text.encode()[:-30], forever=b"<!-- -->", pause=0.01
            )
        case "empty":
            server.put(path, b"")
        case "binary":
            server.put(path, random.Random(number).randbytes(3000))
        case "loop":
            server.put(path, b"", 302, Location=path)
        case "hangup":
            server.answers[path] = wild()
    good = kinds.index(kind) < kinds.index("gone")
    return kind, "ok" if good else "gone" if kind == "gone" else "failing", good


def test_five_hundred_feeds_of_every_kind(tmp_path):
    with FeedServer("0.0.0.0") as server:
        room = Newsroom(tmp_path, seconds=2.0)
        expected = {}
        for number in range(FEEDS):
            # On many hosts, so that requests to different hosts run at the same time.
            url = server.url(f"/feed/{number}", f"127.0.{number % 3}.{1 + number % 200}")
            expected[url] = (*put_feed(server, number), number)
            room.state.subscriptions.add(url, "entry", room.clock.now())
        begin = time.monotonic()
        tally = room.refresh()
        took = time.monotonic() - begin
        ends, found = {}, room.articles()
        for url, (kind, health, good, number) in expected.items():
            known = room.state.subscriptions.get(url)
            ends[url] = (kind, known.health)
            assert known.health == health, (kind, known)
            assert known.next_try > room.clock.now() or known.gone
            article = found.get(f"http://articles.example/{number}")
            if good:
                assert article is not None, (kind, known)
                if kind != "lying":
                    assert article.headline == f"Événement numéro {number}", kind
        good = sum(one[2] for one in expected.values())
        assert (tally.feeds, len(found)) == (good, good)
        print(f"{FEEDS} feeds in {took:.1f} s: {dict(Counter(ends.values()))}")
        before = room.content()
        room.later(hours=13)
        again = room.refresh()
        assert (again.entries, again.added) == (0, 0)
        assert room.content() == before
        room.indexer().rebuild()
        assert room.content() == before
        assert room.sound()
        room.close()


def serve(answered, parent: int) -> None:
    """Serve thirty articles, one of them corrected, in three feeds. Runs in a child process."""
    server = FeedServer()
    for number in range(30):
        text = f"The ferry number {number} stopped sailing on Monday after a crack was found in the hull of it, they said."
        server.put(f"/{number}", page(f"Headline of number {number}", text, text[::-1]))
    server.put("/r", b"", 302, Location="/7")
    for feed in range(3):
        items = [
            (server.url(f"/{number}"), f"Headline of number {number}", "x")
            for number in range(feed * 10, feed * 10 + 10)
        ]
        server.put(f"/feed{feed}", rss(*items, (server.url("/r"), "Headline of number 7", "x")))
    answered.send(server.port)
    while os.getppid() == parent:
        time.sleep(0.2)


def refresh_in(folder, port: int, limit: int = resource.RLIM_INFINITY) -> None:
    """Refresh the three feeds and index their articles, in a process that the test kills.

    limit: maximum size of a file, in bytes.
    """
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
    room = Newsroom(folder)
    room.clock.moment = NOW + timedelta(minutes=1)
    for feed in range(3):
        room.state.subscriptions.add(f"http://127.0.0.1:{port}/feed{feed}", "page", NOW)
    room.refresh()
    room.close()


@pytest.fixture(scope="module")
def port():
    receiver, sender = processes.pipe()
    process = processes.start(serve, sender, processes.server(), daemon=True)
    yield receiver.recv()
    process.kill()
    process.join()


def run(folder, port, kill_after=None) -> bool:
    """Run a refresh in a child process. Return whether it was killed.

    kill_after: seconds after which the process is killed.
    """
    process = processes.start(refresh_in, folder, port)
    process.join(kill_after)
    # No effect on a process that has ended since.
    process.kill()
    process.join()
    assert process.exitcode in (0, -signal.SIGKILL)
    return process.exitcode != 0


def outcome(folder):
    room = Newsroom(folder)
    try:
        assert room.sound()
        found = room.content()
        room.indexer().rebuild()
        assert room.content() == found
        return found
    finally:
        room.close()


def test_a_hundred_kills_lose_nothing_and_add_nothing(tmp_path, port):
    dice = random.Random(20240601)
    run(tmp_path / "warm", port)
    begin = time.monotonic()
    assert not run(tmp_path / "undisturbed", port)
    took = time.monotonic() - begin
    expected = outcome(tmp_path / "undisturbed")
    assert len(expected) == 30
    kills = folders = 0
    while kills < 100:
        folder = tmp_path / f"disturbed{folders}"
        folders += 1
        # A run continues where the previous one was killed, so early kills reach every step.
        while run(folder, port, dice.triangular(0.0, took, 0.0)):
            kills += 1
        assert outcome(folder) == expected, f"{folder} after kills with seed 20240601"
    print(f"{kills} kills in {folders} folders; a refresh takes {took:.2f} s")


def test_a_full_disk_loses_nothing(tmp_path, port):
    run(tmp_path / "undisturbed", port)
    expected = outcome(tmp_path / "undisturbed")
    failed = 0
    for limit in (0, 1_000, 4_000, 9_000, 20_000, 50_000, 100_000):
        folder = tmp_path / str(limit)
        process = processes.start(refresh_in, folder, port, limit)
        process.join()
        failed += process.exitcode != 0
        run(folder, port)
        assert outcome(folder) == expected, limit
    assert failed >= 4
