"""The saved pages of the Fundus project's tests, and the expected article of each."""

from __future__ import annotations

import gzip
import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

_WORD = re.compile(r"\w+")
_TAG = re.compile(r"<[^>]{1,2000}>")


@dataclass(frozen=True, slots=True)
class SavedPage:
    """A page as saved, and the result of Fundus's parser for its publisher."""

    name: str
    """Country, publisher and date."""
    data: bytes
    """HTML of the page."""
    headline: str
    """The expected headline; "" for none."""
    authors: tuple[str, ...]
    """The expected authors."""
    published: datetime | None
    """The expected date of publication; None for none."""
    body: str | None
    """The expected body, a paragraph a line; None if Fundus does not parse it."""


def pages(folder: Path) -> Iterator[SavedPage]:
    """Yield the pages in `folder`/fundus, each with the version of its expectation whose words it
    has most of.

    Raises FileNotFoundError if there is none.
    """
    found = sorted((folder / "fundus").glob("*/*.html.gz"))
    if not found:
        raise FileNotFoundError(f"there are no pages in {folder / 'fundus'}")
    for path in found:
        versions = path.with_name(path.name.split("_")[0] + ".json")
        if versions.exists():
            data = gzip.decompress(path.read_bytes())
            expected = _closest(json.loads(versions.read_text("utf-8")), data)
            yield _page(f"{path.parent.name}/{path.name.removesuffix('.html.gz')}", data, expected)


def _closest(versions: dict[str, dict[str, Any]], data: bytes) -> dict[str, Any]:
    words = set(_WORD.findall(html.unescape(_TAG.sub(" ", data.decode("utf-8", "replace")))))

    def share(text: str) -> float:
        wanted = set(_WORD.findall(text))
        return len(wanted & words) / len(wanted) if wanted else 0.0

    return max(
        versions.values(),
        key=lambda one: share(_body(one.get("body"))) + share(one.get("title") or "") / 2,
    )


def _page(name: str, data: bytes, expected: dict[str, Any]) -> SavedPage:
    date = expected.get("publishing_date")
    return SavedPage(
        name,
        data,
        expected.get("title") or "",
        tuple(expected.get("authors") or ()),
        datetime.fromisoformat(date) if date else None,
        _body(expected["body"]) if expected.get("body") else None,
    )


def _body(body: dict[str, Any] | None) -> str:
    """Return the standfirst, the headings and the paragraphs, one a line."""
    if not body:
        return ""
    lines = list(body.get("summary") or ())
    for section in body.get("sections") or ():
        lines += [*(section.get("headline") or ()), *(section.get("paragraphs") or ())]
    return "\n".join(lines)
