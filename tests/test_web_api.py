"""The JSON API: results, suggestions, errors, and its description.

Covers web: api, declared, openapi, operations, parameters and schemas.
"""

from __future__ import annotations

import re
from typing import ClassVar

import pytest
from fakes import NOW, filled, grain_articles, make_article
from werkzeug.datastructures import ImmutableMultiDict

from searcher.clock import FixedClock
from searcher.engine.memory import MemoryEngine
from searcher.engine.places import Place
from searcher.search.service import SearchService
from searcher.settings import Settings
from web import create_app, declared
from web.parameters import search_request


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


@pytest.mark.parametrize(
    ("path", "status", "code", "parameter"),
    [
        ("/api/v1/search?q=grain&size=100", 400, "bad_parameter", "size"),
        ("/api/v1/search?q=grain&n=101", 400, "bad_parameter", None),
        ("/api/v1/search?q=grain&n=x", 400, "bad_parameter", "n"),
        ("/api/v1/search?q=grain&sort=up", 400, "bad_parameter", "sort"),
        ("/api/v1/search?q=a&q=b", 400, "bad_parameter", "q"),
        (f"/api/v1/search?q={'a' * 5000}", 400, "bad_parameter", "q"),
        ("/api/v1/search?q=+&lang=en", 400, "bad_parameter", "q"),
        ("/api/v1/search?q=grain&n=", 400, "bad_parameter", "n"),
        ("/api/v1/search?q=grain&sort=", 400, "bad_parameter", "sort"),
        (f"/api/v1/search?q=grain{'&without=a' * 101}", 400, "bad_parameter", "without"),
        ("/api/v1/search?q=grain&cursor=AAAA", 404, "not_found", None),
        ("/api/v1/article?id=none", 404, "not_found", None),
        ("/api/v1/article", 400, "bad_parameter", "id"),
        ("/api/v1/story?id=none", 404, "not_found", None),
        ("/api/v1/compare?a=id00&b=id00", 409, "conflict", None),
        ("/api/v1/compare?a=id00&b=none", 404, "not_found", None),
        ("/api/v1/none", 404, "not_found", None),
    ],
)
def test_errors_have_one_shape(client, path, status, code, parameter):
    answer = client.get(path)
    assert answer.status_code == status
    assert answer.json.keys() == {"error", "code", "status", "parameter"}
    assert (answer.json["code"], answer.json["status"]) == (code, status)
    assert parameter is None or answer.json["parameter"] == parameter


def test_an_unknown_parameter_is_answered_with_the_one_that_is_meant(client):
    assert "did you mean n?" in client.get("/api/v1/search?q=a&size=9").json["error"]
    assert "did you mean facets?" in client.get("/api/v1/search?q=a&facet=day").json["error"]


def test_errors_without_an_index_and_of_methods(tmp_path):
    client = create_app(Settings(index=tmp_path, raw=tmp_path)).test_client()
    for name in ("search?q=a", "stats", "article?id=a", "export?q=a", "suggest?q=a"):
        answer = client.get(f"/api/v1/{name}")
        assert (answer.status_code, answer.json["code"]) == (503, "unavailable")
        assert answer.headers["Retry-After"]
    answer = client.post("/api/v1/search")
    assert answer.json["code"] == "method_not_allowed"
    assert "GET" in answer.headers["Allow"]


@pytest.fixture
def engine():
    return filled(MemoryEngine(), grain_articles(25))


@pytest.fixture
def api(engine):
    return create_app(service=SearchService(engine, FixedClock(NOW))).test_client()


def test_cursors_reach_every_hit_once(api):
    for extra in ("", "&sort=oldest", "&group=none&facets=day"):
        path, ids = f"/api/v1/search?q=grain&n=4{extra}", []
        found = api.get(path).json
        while True:
            ids += [hit["id"] for hit in found["hits"]]
            if found["next"] is None:
                break
            found = api.get(f"{path}&cursor={found['next']}").json
        assert len(ids) == len(set(ids)) == 25


def test_a_cursor_reaches_deeper_than_pages(api, monkeypatch):
    monkeypatch.setattr("searcher.search.request.DEEPEST_HIT", 8)
    assert api.get("/api/v1/search?q=grain&n=4&page=3").status_code == 400
    cursor = api.get("/api/v1/search?q=grain&n=4&page=2").json["next"]
    assert len(api.get(f"/api/v1/search?q=grain&n=4&cursor={cursor}").json["hits"]) == 4


def test_a_cursor_is_of_one_request_and_one_commit(api, engine):
    cursor = api.get("/api/v1/search?q=grain&n=4").json["next"]
    other = api.get(f"/api/v1/search?q=ships&n=4&cursor={cursor}")
    assert (other.status_code, other.json["parameter"]) == (400, "cursor")
    assert api.get(f"/api/v1/search?q=grain&n=4&page=2&cursor={cursor}").status_code == 400
    filled(engine, [make_article("new", "Grain")])
    gone = api.get(f"/api/v1/search?q=grain&n=4&cursor={cursor}")
    assert (gone.status_code, gone.json["code"]) == (410, "gone")


def test_an_answer_is_the_same_until_the_index_changes(api, engine):
    for path in ("/api/v1/search?q=grain", "/api/v1/stats", "/api/v1/article?id=03"):
        tag = api.get(path).headers["ETag"]
        assert tag.startswith("W/")
        kept = api.get(path, headers={"If-None-Match": tag})
        assert (kept.status_code, kept.get_data()) == (304, b"")
    assert api.get("/api/v1/search?q=ships", headers={"If-None-Match": tag}).status_code == 200
    filled(engine, [make_article("new", "Grain")])
    assert api.get(path, headers={"If-None-Match": tag}).status_code == 200
    assert "ETag" not in api.get("/api/v1/suggest?q=gr").headers
    assert "ETag" not in api.get("/api/v1/search").headers


def test_origins_that_the_settings_name_may_read_answers(engine):
    service = SearchService(engine, FixedClock(NOW))
    tools = "https://tools.example.org"
    for origins, origin, allowed in (
        ((), tools, None),
        ((tools,), tools, tools),
        ((tools,), "https://other.example.org", None),
        (("*",), tools, "*"),
    ):
        client = create_app(Settings(origins=origins), service).test_client()
        for method in (client.get, client.options):
            answer = method("/api/v1/stats", headers={"Origin": origin})
            assert answer.headers.get("Access-Control-Allow-Origin") == allowed
            assert "Origin" in answer.headers["Vary"]
        assert "Access-Control-Allow-Origin" not in client.get("/").headers


TYPES = {
    "object": dict, "array": list, "string": str, "integer": int, "number": (int, float),
    "boolean": bool, "null": type(None),
}  # fmt: skip


def faults(value, schema, named, place="answer"):
    """Yield the places where a value is not as its schema says."""
    if "$ref" in schema:
        schema = named[schema["$ref"].rpartition("/")[2]]
    if "anyOf" in schema:
        if all(list(faults(value, one, named)) for one in schema["anyOf"]):
            yield place
        return
    if not isinstance(value, TYPES[schema["type"]]) or value not in schema.get("enum", [value]):
        yield f"{place}: {value!r}"
    elif isinstance(value, dict):
        yield from (
            f"{place}.{name} is missing" for name in schema.get("required", ()) if name not in value
        )
        known = schema.get("properties", {})
        for name, part in value.items():
            if one := known.get(name, schema.get("additionalProperties")):
                yield from faults(part, one, named, f"{place}.{name}")
    elif isinstance(value, list) and "items" in schema:
        for number, part in enumerate(value):
            yield from faults(part, schema["items"], named, f"{place}[{number}]")


def test_answers_are_as_the_document_describes_them(engine, api):
    with engine.writer() as writer:
        writer.place("03", Place(1))
        writer.place("05", Place(1, 0, "story", 7, 30, 2))
    described = api.get("/api/v1/openapi.json").json
    assert described["openapi"] == "3.1.0"
    checked = 0
    for path, query in (
        ("search", "q=odessa+grain&explain=on&facets=day,language"),
        ("search", "q=shpis"),
        ("search", "q=nowhere+grain&match=all&lang=ar"),
        ("attention", "q=grain"),
        ("suggest", "q=gra"),
        ("article", "id=03"),
        ("versions", "id=03"),
        ("similar", "id=03"),
        ("compare", "a=03&b=04"),
        ("story", "id=03"),
        ("stats", ""),
        ("search", "q=grain&size=9"),
    ):
        answer = api.get(f"/api/v1/{path}?{query}")
        responses = described["paths"][f"/api/v1/{path}"]["get"]["responses"]
        schema = responses[str(answer.status_code)]["content"]["application/json"]["schema"]
        assert list(faults(answer.json, schema, described["components"]["schemas"])) == []
        checked += 1
    assert checked == 12
    assert set(described["paths"]) <= {rule.rule for rule in api.application.url_map.iter_rules()}


@pytest.mark.parametrize("name", ["source", "agency", "q"])
@pytest.mark.parametrize(
    "value",
    ["", "=", "-", "-=", "--", "=-", "=x", "\x1e", "-\x85", " -", "=\u3000", "\u200b", "- a", "!"],
)
def test_the_document_allows_the_values_that_are_taken(api, name, value):
    """A filter of white space alone is refused, whatever white space it is."""
    (schema,) = [one.schema for one in declared.SEARCH if one.name == name]
    query = {"q": "grain", name: value}
    is_taken = api.get("/api/v1/search", query_string=query).status_code == 200
    assert bool(re.search(schema["pattern"], value)) is is_taken


def test_the_description_is_a_page_without_other_hosts(api):
    page = api.get("/api/v1/").get_data(as_text=True)
    for path in api.get("/api/v1/openapi.json").json["paths"]:
        assert f"GET {path}" in page
    assert "//" not in page.replace("<!doctype", "").replace("http://localhost", "")


class Noted(ImmutableMultiDict):
    """Parameters that note the names that were asked for."""

    names: ClassVar[set[str]] = set()

    def get(self, key, *arguments, **named):
        self.names.add(key)
        return super().get(key, *arguments, **named)

    def getlist(self, key, *arguments, **named):
        self.names.add(key)
        return super().getlist(key, *arguments, **named)


def test_each_parameter_of_a_search_that_is_read_is_declared(api):
    with api.application.test_request_context("/api/v1/search") as context:
        context.request.args = Noted([])
        search_request()
    assert Noted.names == {one.name for one in declared.SEARCH}
