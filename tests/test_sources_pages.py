"""Whole pages and feeds as publishers write them: each is read as the golden file says.

They were written from a description of the kinds alone, in the markup of many systems and in many
languages. Covers sources.page.state_facts, sources.page.quotes, sources.page.running and
sources.page.byline_lines.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from kinds import NOW

from searcher.article import Document
from searcher.reading.normalise import normalise
from searcher.reading.raw_store import RawStore
from searcher.sources import read_documents

FOLDER = Path(__file__).parent / "data" / "pages"
GOLDEN = FOLDER.parent / "pages.golden.json"
_FIELDS = ("headline", "authors", "agency", "source", "url", "kind", "paywalled")


def read_pages(name: str = "*") -> dict[str, list[dict]]:
    """Return by the name of a file the fields of its articles that a reader sees."""
    files = RawStore(FOLDER, 64 << 20).files(sorted(FOLDER.glob(name)))
    return {Path(file.name).name: [_fields(one) for one in read_documents(file)] for file in files}


def _fields(document) -> dict:
    if not isinstance(document, Document):
        return {"rejected": document.reason}
    article = normalise(document, NOW)
    found = {name: value for name in _FIELDS if (value := getattr(article, name))}
    for name in ("published", "updated"):
        if stamp := getattr(article, name):
            found[name] = f"{stamp.value:%Y-%m-%d %H:%M} {stamp.precision} {stamp.source}"
    return json.loads(json.dumps({**found, "body": article.paragraphs}))


@pytest.mark.parametrize("name", sorted(path.name for path in FOLDER.iterdir()))
def test_a_page_is_read_as_the_golden_file_says(name):
    """`python tests/golden.py` writes the file again. Read its diff before you commit it."""
    assert read_pages(name)[name] == json.loads(GOLDEN.read_text("utf-8"))[name]
