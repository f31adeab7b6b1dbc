"""The operator's page: who sees it, its content, and its forms.

Covers web.operator_page, web.guard and alerts.saving.
"""

from __future__ import annotations

import base64
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from browsing import indexed
from fakes import ROOT, write

from searcher.feeds.state import FeedState
from searcher.settings import Settings
from web import create_app

TOKEN = "a token of the newsroom"
FEED = "https://feeds.example.org/news.xml"


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    """Return the settings of an index of one article."""
    folder = tmp_path_factory.mktemp("operator")
    write(
        folder / "raw/a.txt", "Grain deal signed in Istanbul\n\nShips may leave Odesa with grain."
    )
    return indexed(Settings(index=folder / "index", raw=folder / "raw"))


@pytest.fixture
def settings(index, tmp_path):
    """Return the settings of that index with a state of feeds of its own."""
    return replace(index, feeds=tmp_path / "feeds.sqlite")


def basic(password, user="me"):
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


def form_of(client, **headers):
    """Return the value by which the page knows its forms."""
    page = client.get("/operator", headers=headers).text
    return re.search(r'name="form" value="(\w+)"', page)[1]


@pytest.mark.parametrize(
    ("host", "client", "headers", "status"),
    [
        ("127.0.0.1", "127.0.0.1", {}, 200),
        ("localhost", "::1", {"Host": "[::1]:8000"}, 200),
        ("0.0.0.0", "127.0.0.1", {}, 404),
        ("192.0.2.1", "192.0.2.9", {}, 404),
        ("127.0.0.1", "192.0.2.9", {}, 404),
        # A name of another site that leads here, and a proxy on this machine.
        ("127.0.0.1", "127.0.0.1", {"Host": "news.example.org"}, 404),
        ("127.0.0.1", "127.0.0.1", {"Host": "127.0.0.1.example.org:8000"}, 404),
        ("127.0.0.1", "127.0.0.1", {"X-Forwarded-For": "127.0.0.1"}, 404),
        ("127.0.0.1", "127.0.0.1", {"Forwarded": "for=192.0.2.9"}, 404),
    ],
)
def test_without_a_token_it_is_for_this_machine(settings, host, client, headers, status):
    app = create_app(replace(settings, host=host))
    found = app.test_client().get(
        "/operator", headers=headers, environ_overrides={"REMOTE_ADDR": client}
    )
    assert found.status_code == status


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 401),
        ({"Authorization": basic(TOKEN)}, 200),
        ({"Authorization": basic(TOKEN, "ünknown")}, 200),
        ({"Authorization": basic(TOKEN + "x")}, 401),
        ({"Authorization": basic("")}, 401),
        ({"Authorization": f"Bearer {TOKEN}"}, 401),
        ({"Authorization": "Basic %%%"}, 401),
    ],
)
@pytest.mark.parametrize("host", ["0.0.0.0", "127.0.0.1"])
def test_a_token_is_asked_for_everywhere(settings, host, headers, status):
    app = create_app(replace(settings, host=host, token=TOKEN))
    found = app.test_client().get("/operator", headers=headers)
    assert found.status_code == status
    assert ("WWW-Authenticate" in found.headers) is (status == 401)
    assert "Set-Cookie" not in found.headers


def test_a_token_is_long(settings):
    with pytest.raises(ValueError, match="SEARCHER_TOKEN must be at least 16 characters"):
        Settings.load({"SEARCHER_TOKEN": "short"})
    assert Settings.load({"SEARCHER_TOKEN": TOKEN}).token == TOKEN


def test_feeds_and_searches_are_added(settings):
    client = create_app(settings).test_client()
    assert "No feed is followed." in client.get("/operator").text
    form = form_of(client)
    sent = client.post("/operator/feeds", data={"form": form, "url": FEED, "mode": "entry"})
    assert (sent.status_code, sent.headers["Location"]) == (303, "/operator?done=feed")
    page = client.get(sent.headers["Location"]).text
    assert "The feed is followed." in page
    assert "not yet fetched" in page
    sent = client.post(
        "/operator/alerts", data={"form": form, "name": "grain", "query": "grain deal"}
    )
    assert sent.headers["Location"] == "/operator?done=alert"
    with FeedState(settings.feed_state) as state:
        assert [(one.url, one.mode) for one in state.subscriptions.all()] == [(FEED, "entry")]
        assert [(one.name, one.query) for one in state.alerts.all()] == [("grain", "grain deal")]
    assert client.get("/alerts").text.count("grain deal") == 1


@pytest.mark.parametrize(
    ("path", "fields", "problem"),
    [
        ("feeds", {"url": "javascript:alert(1)"}, "is not a web address"),
        ("feeds", {"url": ""}, "is not a web address"),
        ("feeds", {"url": "file:///etc/passwd"}, "is not a web address"),
        ("alerts", {"name": "x", "query": "   "}, "The query is empty"),
        ("alerts", {"name": "", "query": "grain"}, "A name has 1 to 100 printable characters"),
        ("alerts", {"name": "x" * 101, "query": "grain"}, "A name has 1 to 100"),
    ],
)
def test_what_cannot_be_saved_is_said(settings, path, fields, problem):
    client = create_app(settings).test_client()
    sent = client.post(f"/operator/{path}", data={"form": form_of(client), **fields})
    assert sent.status_code == 400
    assert problem in sent.text


def test_what_is_there_is_not_added_again(settings):
    client = create_app(settings).test_client()
    form = form_of(client)
    for path, fields in (("feeds", {"url": FEED}), ("alerts", {"name": "a", "query": "b"})):
        statuses = [
            client.post(f"/operator/{path}", data={"form": form, **fields}).status_code
            for _ in range(2)
        ]
        assert statuses == [303, 400]


@pytest.mark.parametrize("path", ["feeds", "alerts"])
@pytest.mark.parametrize(
    ("form", "headers"),
    [
        ("", {}),
        ("0" * 64, {}),
        (None, {"Sec-Fetch-Site": "cross-site"}),
        (None, {"Sec-Fetch-Site": "same-site"}),
        ("é", {}),
    ],
)
def test_forms_of_other_sites_change_nothing(settings, path, form, headers):
    client = create_app(settings).test_client()
    data = {
        "form": form_of(client) if form is None else form,
        "url": FEED,
        "name": "a",
        "query": "b",
    }
    assert client.post(f"/operator/{path}", data=data, headers=headers).status_code == 403
    with FeedState(settings.feed_state) as state:
        assert (state.subscriptions.all(), state.alerts.all()) == ([], [])


def test_forms_need_the_token_too(settings):
    client = create_app(replace(settings, token=TOKEN)).test_client()
    data = {"form": form_of(client, Authorization=basic(TOKEN)), "url": FEED}
    assert client.post("/operator/feeds", data=data).status_code == 401


def test_the_health_of_feeds_is_in_words(settings):
    now = datetime.now(UTC)
    with FeedState(settings.feed_state) as state:
        state.subscriptions.add("https://ok.example/", "page", now, "Fine feed")
        state.subscriptions.add("https://bad.example/", "page", now, "Bad feed")
        for one in state.subscriptions.all():
            if one.title == "Fine feed":
                found = replace(
                    one, succeeded=now - timedelta(hours=3), next_try=now + timedelta(hours=1)
                )
            else:
                found = replace(one, failures=3, problem="the server answered 500")
            state.subscriptions.save(found)
    page = create_app(settings).test_client().get("/operator").text
    assert page.index("Bad feed") < page.index("Fine feed")
    for text in (
        "3 tries failed",
        "the server answered 500",
        "in order",
        "3 hours ago",
        "1 article",
    ):
        assert text in page


def test_behind_a_proxy_at_a_sub_path(settings):
    """All links lead below the path, and the client is that of the proxy's header."""
    app = create_app(replace(settings, proxies=1))
    seen = []
    app.before_request(lambda: seen.append(__import__("flask").request.remote_addr))
    headers = {
        "X-Forwarded-For": "198.51.100.7, 203.0.113.9",
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Host": "news.example.org",
        "X-Forwarded-Prefix": "/archive",
    }
    client = app.test_client()
    paths = (
        "/",
        "/search?q=grain",
        "/attention?q=grain",
        "/advanced?all=grain",
        "/help",
        "/api/v1/",
        "/nowhere",
        "/alerts",
    )
    for path in paths:
        page = client.get(path, headers=headers).text
        links = re.findall(r'(?:href|src|action)="(/[^"]*)"', page)
        assert links
        assert [link for link in links if not link.startswith("/archive/")] == [], path
        assert "/archive/archive" not in page
    assert set(seen) == {"203.0.113.9"}
    assert (
        "https://news.example.org/archive/search"
        in client.get("/opensearch.xml", headers=headers).text
    )
    feed = client.get("/export?q=grain&format=atom", headers=headers).text
    assert "https://news.example.org/archive/search?" in feed
    assert "archive/archive" not in feed
    moved = client.get("/search", headers=headers)
    assert moved.headers["Location"] == "/archive/"
    assert (
        client.get("/search?q=grain&ui=fr", headers=headers)
        .headers["Set-Cookie"]
        .count("Path=/archive")
    )
    cited = client.get("/cited?q=grain", headers=headers)
    assert cited.headers["Location"].startswith("/archive/cited?")


def test_without_proxies_their_headers_are_not_believed(settings):
    page = create_app(settings).test_client().get("/", headers={"X-Forwarded-Prefix": "/evil"}).text
    assert "/evil" not in page


def test_sources_of_the_page_name_no_absolute_path():
    """Each address of a template or script begins with the path of the proxy."""
    for path in (ROOT / "web/templates").glob("*.html"):
        assert not re.search(r'(?:href|src|action)="/', path.read_text("utf-8")), path.name
