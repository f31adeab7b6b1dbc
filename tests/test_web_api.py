"""The JSON API: results, suggestions and errors.

Covers web: api and parameters.
"""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    ("path", "method", "status"), [("/api/v1/nothing", "get", 404), ("/api/v1/search", "post", 405)]
)
def test_errors_of_the_api_are_json(client, path, method, status):
    answer = getattr(client, method)(path)
    assert answer.status_code == status
    assert answer.json["error"]


def test_the_api_lists_what_passes_a_filter_like_the_page(client):
    assert client.get("/api/v1/search?lang=ar").json["total"] == 1


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/v1/search?q=grain", 200),
        ("/api/v1/search", 400),
        ("/api/v1/search?q=grain&page=0", 400),
        ("/api/v1/search?q=grain&lang=??", 400),
        ("/healthz", 200),
    ],
)
def test_api(client, service, path, status):
    answer = client.get(path)
    assert answer.status_code == status
    assert ("error" in answer.json) is (status == 400)
    if path == "/api/v1/search?q=grain":
        expected = service.run("grain").to_json()
        assert answer.json["hits"] == expected["hits"]
        assert answer.json["total"] == 31


def test_the_api_suggests_explains_and_corrects(client):
    assert "grain" in client.get("/api/v1/suggest?q=gra").json["suggestions"]
    assert client.get("/api/v1/suggest").json == {"suggestions": []}
    found = client.get("/api/v1/search?q=odessa+grain&explain=on").json
    assert found["also"] == [{"word": "odessa", "spellings": ["Odesa"]}]
    assert "odessa (also Odesa)" in {part["part"] for part in found["hits"][0]["explanation"]}
    assert client.get("/api/v1/search?q=shpis").json["correction"] == {
        "query": "ships",
        "applied": True,
    }
    assert client.get("/api/v1/search?q=grain&lang=ar").json["advice"][0]["part"] == "lang:ar"
    like = client.get("/api/v1/similar?id=id00").json
    assert like.keys() == {"words", "hits"}
    assert client.get("/api/v1/similar?id=none").status_code == 404
    assert client.get("/api/v1/similar?id=id00&n=abc").status_code == 400
    assert client.get("/api/v1/search?q=lang:en&explain=on").json["hits"][0]["explanation"] == []
