"""Commands that search: results as text and as JSON, warnings, and the examples of the manual.

Covers command: attention, comparing, query_command, searching, show_comparison and show_hits.
"""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys

from fakes import manual

from searcher.query.fields import ROWS


def test_search(shell):
    found = shell("search", "grain", "=odesa")
    assert found.returncode == 0
    assert found.stdout.startswith("1 article with all words; 1 with some (")
    assert "  1. *Grain* deal signed in Istanbul" in found.stdout
    assert "Ships may leave *Odesa* with ]0;title *grain* again." in " ".join(found.stdout.split())
    assert "2022-07-23 · AFP · fr · id b · https://example.org/b" in found.stdout
    assert "\x1b" not in found.stdout


def test_attention_as_bars_csv_and_json(shell):
    found = shell("attention", "grain", "-wheat", "--by", "month")
    assert found.returncode == 0
    assert "by month (UTC)" in found.stdout
    assert "█" in found.stdout
    table = shell("attention", "grain", "--csv").stdout
    assert table.startswith(
        "start,end,articles,all_articles,share,words,headline,stories,story,story_articles,story_title\n"
    )
    assert json.loads(shell("attention", "grain", "--json").stdout)["zone"] == "UTC"
    assert shell("attention", "nosuchword").returncode == 1
    assert shell("attention", "grain", "--after", "x").returncode == 2


def test_two_articles_are_printed_as_one_text(shell):
    (hit,) = json.loads(shell("search", "istanbul", "--json").stdout)["hits"]
    found = shell("compare", hit["id"], "b")
    lines = found.stdout.splitlines()
    assert lines[0].startswith(f"first   {hit['id']} · ")
    assert lines[3].startswith("shared: ")
    assert "headline | headline" in lines
    assert "\x1b[" not in found.stdout
    both = json.loads(shell("compare", hit["id"], "b", "--json").stdout)
    other = json.loads(shell("compare", "b", hit["id"], "--json").stdout)
    assert [one["id"] for one in both["articles"]] == [hit["id"], "b"]
    assert (both["first"], both["shared_of"]) == (other["second"], other["shared_of"][::-1])


def test_a_ruling_is_honoured_at_once_and_taken_back(shell):
    (hit,) = json.loads(shell("search", "istanbul", "--json").stdout)["hits"]
    joined = shell("stories", "join", hit["id"], "b")
    assert joined.stdout == f"{hit['id']} is of one story with b\n", joined
    assert "2 articles in 1 story" in shell("search", "story:b").stdout
    parted = shell("stories", "separate", "b")
    assert parted.stdout == "b is of one story with no other article\n", parted
    assert shell("stories", "undo", "b", hit["id"]).returncode == 0
    assert shell("stories", "undo", "b").returncode == 1


def test_search_as_json(shell):
    found = json.loads(shell("search", "grain", "--json", "--lang", "fr").stdout)
    assert (found["total"], found["total_all"], found["warnings"]) == (1, 1, [])
    (hit,) = found["hits"]
    assert hit["published"] == "2022-07-23T00:00:00Z"
    (snippet,) = hit["snippets"]
    assert [snippet["text"][start:end] for start, end in snippet["highlights"]] == ["grain"]


def test_warnings_say_where(shell):
    found = shell("search", 'grain after:soon "odesa')
    assert "is not a date such as" in found.stderr
    assert "(at 13: soon)" in found.stderr
    assert '(at 18: "odesa)' in found.stderr


def test_the_commands_of_the_manual_work_on_the_sample(shell, root, tmp_path):
    text = manual(root)
    assert shell("index", "--raw", root / "raw", "--index", tmp_path / "index").returncode == 0
    env = {"SEARCHER_INDEX": str(tmp_path / "index"), "SEARCHER_RAW": str(root / "raw")}
    lines = re.findall(
        r"^searcher ((?:search|attention|show|compare|story|stats|check|syntax|reindex)\b[^#\n]*)",
        text,
        re.MULTILINE,
    )
    assert len(lines) >= 8
    for line in lines:
        found = shell(*shlex.split(line), env=env)
        assert found.returncode == 0, (line, found)
    codes = {row.example: shell("search", "--", row.example, env=env).returncode for row in ROWS}
    # The sample names no agency.
    assert {example: code for example, code in codes.items() if code} == {"agency:AFP": 1}
    code = (
        re.search(r"```python\n(.*?)```", text, re.DOTALL)
        .group(1)
        .replace('"index"', repr(env["SEARCHER_INDEX"]))
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "Ukraine and Russia sign deal" in found.stdout
