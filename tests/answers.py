"""The answers of the API that are compared with a golden file."""

from __future__ import annotations

from fakes import ROOT

GOLDEN = ROOT / "tests/data/queries.golden.json"


def answer(client, parameters: dict[str, str]) -> dict:
    """Return the parts of a response that contain no messages."""
    reply = client.get("/api/v1/search", query_string=parameters)
    found = reply.get_json()
    if reply.status_code != 200:
        return {"status": reply.status_code}
    correction = found["correction"]
    return {
        "total": [found["total"], found["total_all"], found["pages"]],
        "hits": [[hit["id"], round(hit["score"], 4)] for hit in found["hits"]],
        "parts": [len(hit.get("explanation", ())) for hit in found["hits"]],
        "facets": found["facets"],
        "warnings": [[one["start"], one["end"]] for one in found["warnings"]],
        "also": found["also"],
        "common": found["common"],
        "added": found["added"],
        "correction": correction and [correction["query"], correction["applied"]],
        "advice": [[one["kind"], one["query"], one["total"]] for one in found["advice"]],
    }
