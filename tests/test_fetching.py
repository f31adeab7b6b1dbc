"""Fetching: one request to a checked address, with a bounded response, stored as received.

Covers fetching: http, addresses, content_encoding, exchange, hosts, memory_fetcher, pool and
robots.
"""

from __future__ import annotations

import gzip
import socket
import threading
import time
import zlib

import brotli
import pytest
import zstandard
from fakes import HandClock
from feed_server import OK, wild
from hypothesis import given
from hypothesis import strategies as st

from searcher.errors import AddressRefused, FetchFailed
from searcher.fetching.addresses import is_public
from searcher.fetching.content_encoding import EncodingDamaged, decoded
from searcher.fetching.hosts import HostQueues
from searcher.fetching.http import HttpFetcher
from searcher.fetching.memory_fetcher import MemoryFetcher
from searcher.fetching.robots import delay, may_fetch


def fetcher(seconds=3.0, allow_private=True):
    return HttpFetcher(HandClock(), "news-searcher/test", seconds, allow_private)


@pytest.fixture(params=["memory", "http"])
def served(request, server):
    """Yield each kind of fetcher in turn, with a function that sets the response for a path."""
    if request.param == "http":
        return fetcher(), server.put
    found = MemoryFetcher(HandClock())

    def put(path, body=b"", status=200, **headers):
        found.put(
            f"http://paper.example{path}",
            body.encode() if isinstance(body, str) else body,
            status,
            **headers,
        )
        return f"http://paper.example{path}"

    return found, put


def test_an_answer_is_kept_whatever_its_status(served):
    found, put = served
    for status in (200, 301, 404, 410, 503):
        url = put(f"/{status}", "a body", status, Location="/else", X_Own="yes")
        exchange = found.fetch(url, {}, 1000)
        assert (exchange.url, exchange.status, exchange.body, exchange.truncated) == (
            url,
            status,
            b"a body",
            "",
        )
        assert exchange.header("x-own") == "yes"
        assert exchange.header("x-none") == ""
        assert exchange.raw.startswith(exchange.head)
        assert exchange.raw.endswith(b"\r\n\r\na body")
        assert exchange.head.startswith(f"HTTP/1.1 {status}".encode())
        assert exchange.received == HandClock().now()


def test_a_body_is_cut_at_the_limit(served):
    found, put = served
    exchange = found.fetch(put("/long", b"x" * 5000), {}, 1000)
    assert (exchange.body, exchange.truncated) == (b"x" * 1000, "length")


def test_what_is_known_is_not_sent_again(served):
    found, put = served
    url = put("/feed", "content", ETag='"1"')
    assert found.fetch(url, {}, 1000).status == 200
    assert found.fetch(url, {"If-None-Match": '"1"'}, 1000).status == 304
    assert found.fetch(url, {"If-None-Match": '"2"'}, 1000).body == b"content"


def test_no_server_and_no_address(served):
    found, _ = served
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        with pytest.raises(FetchFailed):
            found.fetch(f"http://127.0.0.1:{free.getsockname()[1]}/", {}, 1000)
    for url in ("ftp://a.example/", "file:///etc/passwd", "http://", "http://a b/", "http://é.example/", "x", "", "http://[::1", "http://a.example/\r\nX: y"):  # fmt: skip
        with pytest.raises(AddressRefused):
            found.fetch(url, {}, 1000)


def test_requests_name_us_and_say_what_we_read(server):
    url = server.put("/a", "x")
    fetcher().fetch(url.replace("http://", "http://me:p%40ss@"), {"Accept": "text/html"}, 100)
    headers = server.asked[0].headers
    assert headers["user-agent"] == "news-searcher/test"
    assert headers["accept-encoding"] == "gzip, br, zstd"
    assert headers["accept"] == "text/html"
    assert headers["host"] == f"127.0.0.1:{server.port}"
    assert headers["authorization"] == "Basic bWU6cEBzcw=="
    assert fetcher().fetch(url.replace("http://", "http://me:p@"), {}, 100).url == url


def test_chunks_are_put_together_and_kept_as_they_came(server):
    server.answers["/"] = wild(
        OK + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", b"3\r\nabc\r\n0\r\n\r\n"
    )
    exchange = fetcher().fetch(server.url(), {}, 1000)
    assert exchange.body == b"helloabc"
    assert exchange.raw.endswith(b"5\r\nhello\r\n3\r\nabc\r\n0\r\n\r\n")


@pytest.mark.parametrize(
    ("answer", "truncated"),
    [
        (wild(OK + b"Content-Length: 100\r\n\r\nbegun"), "disconnect"),
        (wild(OK + b"Transfer-Encoding: chunked\r\n\r\n5\r\nbegun\r\n"), "disconnect"),
        (wild(OK + b"Transfer-Encoding: chunked\r\n\r\n5\r\nbegun\r\nnonsense\r\n"), "disconnect"),
        (wild(OK + b"\r\nbegun", forever=b".", pause=0.02), "time"),
        (wild(OK + b"\r\nbegun", forever=b"." * 5000), "length"),
    ],
)
def test_answers_that_break_off_or_never_end(server, answer, truncated):
    server.answers["/"] = answer
    begin = time.monotonic()
    exchange = fetcher(seconds=0.6).fetch(server.url(), {}, 100_000)
    assert time.monotonic() - begin < 1.5
    assert exchange.body.startswith(b"begun")
    assert exchange.truncated == truncated


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (wild(), "without an answer"),
        (wild(b"\0\xff no http\r\n\r\n"), "no proper answer"),
        (wild(b"HTTP/1.1 200 OK\r\n" + b"X: " + b"y" * 70_000), "no proper answer"),
        (wild(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 500), "no proper answer"),
        (wild(b"HTTP/1.1 20", pause=3), "no answer within 0.6 s"),
    ],
)
def test_what_is_no_answer(server, answer, reason):
    server.answers["/"] = answer
    with pytest.raises(FetchFailed, match=reason):
        fetcher(seconds=0.6).fetch(server.url(), {}, 1000)


@pytest.mark.parametrize(
    ("begin", "forever"),
    [
        (OK + b"Transfer-Encoding: chunked\r\n\r\n", b"1;" + b"x" * 60_000 + b"\r\na\r\n"),
        (
            OK + b"Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n",
            b"X: " + b"y" * 60_000 + b"\r\n",
        ),
        (b"", b"HTTP/1.1 100 Continue\r\nX: " + b"y" * 60_000 + b"\r\n\r\n"),
        (OK + b"X: a\r\n" * 3, b"x" * 60_000),
    ],
)
def test_what_is_kept_of_an_answer_is_bounded_whatever_frames_it(server, begin, forever):
    server.answers["/"] = wild(begin, forever=forever)
    started = time.monotonic()
    try:
        exchange = fetcher(seconds=20).fetch(server.url(), {}, 100_000)
    except FetchFailed as error:
        assert "answer" in error.reason
    else:
        assert len(exchange.raw) < 2_000_000
        assert exchange.truncated
    assert time.monotonic() - started < 5


def test_what_a_server_says_moves_no_terminal(server):
    server.answers["/"] = wild(b"HTTP/1.1 \x1b[2J\x1b]0;owned\x07\r\n\r\n")
    with pytest.raises(FetchFailed) as caught:
        fetcher().fetch(server.url(), {}, 1000)
    assert caught.value.reason.isprintable()


def test_headers_that_never_end_take_no_longer_than_they_may(server):
    server.answers["/"] = wild(b"HTTP/1.1 200 OK\r\n", forever=b"X: y\r\n", pause=0.05)
    begin = time.monotonic()
    exchange = fetcher(seconds=0.5).fetch(server.url(), {}, 1000)
    assert time.monotonic() - begin < 1.5
    assert exchange.truncated == "time"


@pytest.mark.parametrize(
    "address",
    """127.0.0.1 10.1.2.3 172.16.0.1 192.168.1.1 169.254.169.254 0.0.0.0 100.64.0.1 224.0.0.1 255.255.255.255 198.18.0.1
    ::1 :: fe80::1 fe80::1%eth0 fc00::1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 64:ff9b::7f00:1 2002:7f00:1:: ff02::1
    fec0::1 64:ff9b:1::7f00:1 ::127.0.0.1 ::ffff:0:127.0.0.1 3fff::1 5f00::1""".split(),
)
def test_private_addresses(address):
    assert not is_public(address)


@pytest.mark.parametrize(
    "address", ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946", "64:ff9b::5db8:d822"]
)
def test_public_addresses(address):
    assert is_public(address)


def test_private_networks_are_refused_whatever_they_are_called(server):
    server.put("/", "secret")
    guarded = fetcher(allow_private=False)
    for host in ("127.0.0.1", "localhost", "2130706433", "0x7f.1", "[::ffff:127.0.0.1]"):
        with pytest.raises(AddressRefused, match="private network"):
            guarded.fetch(f"http://{host}:{server.port}/", {}, 1000)
    assert server.asked == []


def test_a_name_that_leads_inside_is_refused_though_it_leads_outside_too(server, monkeypatch):
    places = [
        (socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, server.port))
        for ip in ("93.184.216.34", "127.0.0.1")
    ]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: places)
    with pytest.raises(AddressRefused, match=r"127\.0\.0\.1 is in a private network"):
        fetcher(allow_private=False).fetch(f"http://both.example:{server.port}/", {}, 1000)
    assert server.asked == []


@pytest.mark.parametrize("chunked", [False, True])
def test_what_is_kept_of_a_long_answer_ends_with_its_body(server, chunked):
    head = b"HTTP/1.1 200 OK\r\n" + (b"Transfer-Encoding: chunked\r\n\r\n" if chunked else b"\r\n")
    sent = (
        b"".join(b"64\r\n" + b"x" * 100 + b"\r\n" for _ in range(100)) if chunked else b"x" * 10_000
    )
    server.answers["/long"] = wild(head + sent)
    found = fetcher().fetch(server.url("/long"), {}, 5_050)
    assert (found.body, found.truncated) == (b"x" * 5_050, "length")
    assert found.raw.endswith(b"x" * 50)
    assert found.raw.count(b"x") == 5_050


def test_a_resolver_that_does_not_answer_is_not_waited_for(monkeypatch):
    released = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: released.wait(30) and [])
    begin = time.monotonic()
    with pytest.raises(FetchFailed, match=r"slow\.example cannot be resolved within 0\.2 s"):
        fetcher(seconds=0.2).fetch("http://slow.example/", {}, 1000)
    released.set()
    assert time.monotonic() - begin < 5.0


def test_the_address_that_was_checked_is_the_one_connected_to(server, monkeypatch):
    """A host name is resolved once, so a second answer of its DNS server has no effect."""
    server.put("/", "x")
    real, asked = socket.getaddrinfo, []

    def once(host, *arguments, **options):
        asked.append(host)
        return real("127.0.0.1" if asked == ["rebound.example"] else host, *arguments, **options)

    monkeypatch.setattr(socket, "getaddrinfo", once)
    exchange = fetcher().fetch(f"http://rebound.example:{server.port}/", {}, 1000)
    assert (exchange.body, exchange.address) == (b"x", "127.0.0.1")
    assert server.asked[0].headers["host"] == f"rebound.example:{server.port}"
    assert asked[0] == "rebound.example"
    assert "rebound.example" not in asked[1:]


ENCODERS = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": brotli.compress,
    "zstd": zstandard.ZstdCompressor().compress,
    "identity": bytes,
}


@given(
    st.binary(max_size=3000),
    st.lists(st.sampled_from(sorted(ENCODERS)), max_size=3),
    st.integers(0, 4000),
)
def test_content_encodings_are_undone_up_to_the_limit(data, names, limit):
    sent = data
    for name in names:
        sent = ENCODERS[name](sent)
    if len(data) <= limit and all(len(sent) <= limit for sent in (sent, data)):
        assert decoded(sent, ", ".join(names), max(limit, 4000)) == data
    elif len(names) <= 1:
        assert decoded(sent, ", ".join(names), limit) == data[: limit + 1]


@given(st.binary(max_size=500), st.sampled_from(sorted(ENCODERS)), st.data())
def test_damaged_content_is_told(data, name, draw):
    sent = ENCODERS[name](data * 5)
    cut = draw.draw(st.integers(0, len(sent)))
    try:
        found = decoded(sent[:cut] + draw.draw(st.binary(max_size=20)), name, 10_000)
    except EncodingDamaged as error:
        found = error.begun
    assert isinstance(found, bytes)


def test_what_is_called_gzip_and_is_not():
    assert decoded(b"<rss/>", "gzip", 100) == b"<rss/>"
    with pytest.raises(EncodingDamaged, match="truncated"):
        decoded(gzip.compress(b"x" * 1000)[:20], "gzip", 10_000)
    with pytest.raises(EncodingDamaged, match="not known"):
        decoded(b"x", "sdch", 100)
    raw = zlib.compressobj(wbits=-15)
    assert decoded(raw.compress(b"bare") + raw.flush(), "deflate", 100) == b"bare"


def test_robots():
    rules = "User-agent: *\nDisallow: /private\nDisallow: /*.pdf$\nAllow: /private/open\nCrawl-delay: 99\n\nUser-agent: other\nDisallow: /"
    for path, allowed in (
        ("/", True),
        ("/private/x", False),
        ("/private/open", True),
        ("/a.pdf", False),
        ("/a.pdfx", True),
    ):
        assert may_fetch(rules, f"https://a.example{path}", "news-searcher") == allowed
    assert not may_fetch(rules, "https://a.example/", "other")
    assert delay(rules, "news-searcher") == 30
    assert delay("", "news-searcher") == 0
    assert not may_fetch(
        "User-Agent: News-Searcher/1.0 # us\nDisallow: /", "https://a.example/", "news-searcher"
    )
    assert may_fetch(
        "User-Agent: news-searcher-pro/1.0\nDisallow: /", "https://a.example/", "news-searcher"
    )
    assert may_fetch("\0\xff<html>", "https://a.example/", "news-searcher")


@given(
    st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 99), st.booleans()), max_size=30),
    st.floats(0, 3),
    st.integers(1, 4),
)
def test_each_host_is_asked_one_thing_at_a_time_with_a_pause_between(tasks, pause, threads):
    hosts: HostQueues[int] = HostQueues(pause)
    for name, task, soon in tasks:
        hosts.put(name, task, soon)
    now, busy, freed, taken = 0.0, {}, {}, []
    while hosts.waiting or busy:
        while len(busy) < threads and (found := hosts.take(now)):
            name, task = found
            assert name not in busy
            assert now >= freed.get(name, float("-inf")) + pause
            busy[name] = now + 1
            taken.append((name, task))
        if busy:
            name = min(busy, key=busy.get)
            now = max(now, busy.pop(name))
            freed[name] = now
            hosts.done(name, now)
        else:
            next_at = hosts.next_at()
            assert next_at is not None
            assert next_at > now
            now = next_at
    assert sorted(taken) == sorted((name, task) for name, task, _ in tasks)
    hosts.forget_idle(now + pause)
    assert hosts.next_at() is None
