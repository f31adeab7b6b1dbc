"""Explanations of how a file is read: values by the places that state them.

Covers reading.explain.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime

from click.testing import CliRunner

from searcher.command.cli import cli
from searcher.reading.explain import Explained, explained
from searcher.reading.raw_store import RawStore

NOW = datetime(2026, 1, 10, tzinfo=UTC)
TEXT = "The ferry to the islands stopped sailing on Monday, the harbour office of Alma said."
PAGE = f"""<html lang="en"><head><title>Ferry stops | Alma Post</title>
<meta property="og:title" content="No more ferries"><meta name="author" content="Ann Reed">
<script type="application/ld+json">{{"@type": "NewsArticle", "headline": "Ferry stops",
"datePublished": "2021-05-01T07:00:00Z", "author": "Bo Lund"}}</script></head>
<body><article><h1>Ferry stops</h1><p>By Bo Lund, Reuters</p><p>Published 1 May 2021 08:00</p>
<p>{TEXT}</p></article></body></html>"""


def test_all_that_a_page_states_is_explained(tmp_path):
    (tmp_path / "a.html").write_text(PAGE)
    (one,) = explained(RawStore(tmp_path, 1 << 20).files([tmp_path]), NOW)
    assert isinstance(one, Explained)
    assert one.article.agency == "Reuters"
    assert one.stated["headline"] == (
        ("json-ld", "Ferry stops"),
        ("meta og:title", "No more ferries"),
        ("h1", "Ferry stops"),
        ("title", "Ferry stops | Alma Post"),
    )
    others = one.others()
    assert others["authors"] == (("meta author", "Ann Reed"),)
    assert others["published"] == (("text", "Published 1 May 2021 08:00"),)


def test_the_command_shows_them(tmp_path):
    (tmp_path / "a.html").write_text(PAGE)
    run = CliRunner()
    shown = run.invoke(cli, ["parse", str(tmp_path / "a.html")]).output
    assert "headline:   11 characters (from json-ld)" in shown
    assert "also seen: No more ferries (meta og:title)" in shown
    (found,) = json.loads(run.invoke(cli, ["parse", str(tmp_path / "a.html"), "--json"]).stdout)
    assert found["stated"]["authors"][0] == {"value": "Bo Lund", "where": "json-ld"}


def test_dates_of_other_formats_are_explained_and_failures_go_on(tmp_path):
    (tmp_path / "a.json").write_text(
        json.dumps([{"title": "x", "text": TEXT, "date": "2021-05-01"}, 7])
    )
    one, two = explained(RawStore(tmp_path, 1 << 20).files([tmp_path]), NOW)
    assert one.stated["published"] == (("json", "2021-05-01"),)
    assert "instead of an object" in two.reason
