"""Hostile articles and queries: nothing of them becomes markup, and pages need no script.

Covers web: article_view, hit_view, pages and results_view.
"""

from __future__ import annotations

import re

import pytest

OWN = re.compile(r'<script src="/static/[a-z]+\.js" type="module"></script>')
"""Our own scripts."""


@pytest.mark.parametrize(
    "path",
    [
        "/search?q=grain&n=100",
        "/article?id=../hostile//%3Cid%3E&q=grain",
        "/article?id=../hostile//%3Cid%3E",
        "/",
    ],
)
def test_nothing_of_an_article_becomes_markup(client, path):
    page = client.get(path)
    body = page.get_data(as_text=True)
    assert page.status_code == 200
    assert "alert(" in body
    assert "<script" not in OWN.sub("", body)
    assert "<img" not in body
    assert "onerror=" not in re.sub(r"&lt;img.*?&gt;", "", body)


@pytest.mark.parametrize(
    "query",
    [
        "<script>alert(1)</script>",
        '"><img src=x>',
        "' onmouseover='x",
        "\x00\x1b",
        "%00",
        "é中🚀",
        "a" * 5000,
    ],
)
@pytest.mark.parametrize(
    "path", ["/search", "/article", "/attention", "/api/v1/search", "/api/v1/attention"]
)
def test_nothing_of_a_query_becomes_markup_or_an_error(client, path, query):
    known = {"id": "id01"} if path == "/article" else {}
    page = client.get(path, query_string={"q": query, **known})
    too_long = path.startswith("/api/") and len(query) > 4096
    assert page.status_code == (400 if too_long else 200)
    if not path.startswith("/api/"):
        body = page.get_data(as_text=True)
        assert "<script" not in OWN.sub("", body)
        assert "<img" not in body
        assert "onmouseover='x" not in body


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/search?q=grain",
        "/help",
        "/article?id=none",
        "/api/v1/search?q=x",
        "/nowhere",
        "/static/style.css",
    ],
)
def test_every_answer_is_locked_down(client, path):
    with client.get(path) as answer:
        headers = answer.headers
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "script-src 'self';" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_pages_need_no_script_and_no_inline_style(client):
    for path in ("/", "/search?q=grain", "/help", "/article?id=id01&q=grain", "/attention?q=grain"):
        body = client.get(path).get_data(as_text=True)
        assert "<script" not in OWN.sub("", body)
        assert " style=" not in body
        assert "<style" not in body
