"""Exports over HTTP: streamed, bounded, and released when a client hangs up.

Covers web: exports.
"""

from __future__ import annotations

import csv
import io
import json

import feedparser
import pytest
from fakes import NOW, filled, grain_articles

from searcher.clock import FixedClock
from searcher.engine.whoosh_engine import WhooshEngine
from searcher.search.service import SearchService
from web import create_app, exports


def lines(answer):
    return [json.loads(line) for line in answer.get_data(as_text=True).splitlines()]


@pytest.mark.parametrize("path", ["/export", "/api/v1/export"])
def test_an_export_is_all_articles_with_what_is_listed_in_its_head(client, path):
    answer = client.get(f"{path}?q=grain")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/x-ndjson"
    assert answer.headers["X-Total-Count"] == "31"
    assert answer.headers["X-Generation"] == str(lines(answer)[0]["generation"])
    assert (
        "attachment; filename=search-20240601-120000.jsonl" in answer.headers["Content-Disposition"]
    )
    found = lines(answer)
    assert [one["rank"] for one in found] == list(range(1, 32))
    assert found[0]["published"]["value"] > found[-1]["published"]["value"]
    assert len(lines(client.get(f"{path}?q=grain&n=4"))) == 4
    assert len(lines(client.get(f"{path}?lang=ar"))) == 1


def test_any_search_is_a_feed_with_addresses_of_this_server(client):
    feed = feedparser.parse(client.get("/export?q=grain&format=atom&n=5").get_data())
    assert not feed.bozo
    assert len(feed.entries) == 5
    assert feed.feed.id == "http://localhost/export?q=grain&format=atom&n=5"
    page = client.get(feed.entries[0].link)
    assert page.status_code == 200
    table = client.get("/export?q=grain&format=csv").get_data(as_text=True)
    assert len(list(csv.DictReader(io.StringIO(table, newline="")))) == 31


def test_a_feed_is_not_sent_again_until_the_index_changes(client):
    address = "/export?q=grain&format=rss"
    tag = client.get(address).headers["ETag"]
    again = client.get(address, headers={"If-None-Match": tag})
    assert (again.status_code, again.get_data()) == (304, b"")
    other = client.get("/export?q=grain&format=atom", headers={"If-None-Match": tag})
    assert other.status_code == 200


@pytest.mark.parametrize(
    ("query", "parameter"),
    [("", None), ("q=a&format=doc", "format"), ("q=a&n=0", "n"), ("q=a&page=2", "page"),
     ("q=a&after=x", None), ("q=a&q=b", "q")],
)  # fmt: skip
def test_parameters_of_an_export_that_are_refused(client, query, parameter):
    answer = client.get(f"/export?{query}")
    assert answer.status_code == 400
    assert answer.json["code"] == "bad_parameter"
    assert parameter is None or answer.json["parameter"] == parameter


@pytest.fixture
def disk(tmp_path):
    """Yield an application over an index on disk, and check that nobody has its snapshot open."""
    engine = filled(WhooshEngine(tmp_path), grain_articles(30))
    yield create_app(service=SearchService(engine, FixedClock(NOW)))
    with engine.snapshot() as snapshot:
        assert snapshot._users == 2
    engine.close()


@pytest.mark.parametrize("read", [0, 1])
def test_a_client_that_hangs_up_frees_the_snapshot_and_its_place(disk, monkeypatch, read):
    monkeypatch.setattr("searcher.export.formats._PIECE", 10)
    slots = disk.extensions["export_slots"] = exports.export_slots(1)
    client = disk.test_client()
    answer = client.get("/export?q=grain", buffered=False)
    for _ in range(read):
        next(answer.response)
    busy = client.get("/export?q=grain")
    assert busy.status_code == 503
    assert busy.json["code"] == "busy"
    assert int(busy.headers["Retry-After"]) > 0
    answer.close()
    assert slots.acquire(blocking=False)
    slots.release()
    client.head("/export?q=grain").close()
    assert len(lines(client.get("/export?q=grain"))) == 30


def test_an_export_that_takes_too_long_ends_without_its_end(disk, monkeypatch):
    monkeypatch.setattr(exports, "EXPORT_SECONDS", -1.0)
    with pytest.raises(exports.OutOfTime):
        disk.test_client().get("/export?q=grain")
    assert disk.extensions["export_slots"].acquire(blocking=False)
