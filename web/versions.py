"""What the templates show of an article's versions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from searcher.article import Article, Timestamp
from searcher.search.changes import changes
from searcher.search.versions import VersionRead
from web.presenter import long_date


def versions_address(article: Article) -> str:
    """The address of what changed in an article."""
    return "/versions?" + urlencode({"id": article.id})


def changes_line(article: Article) -> str:
    """That an article was changed, and when last; "" if it was not."""
    times = len(article.versions) - 1
    if times < 1:
        return ""
    last = long_date(Timestamp(article.versions[-1].seen, "minute", "archive"))
    return f"Its {_parts(article.changes)} changed {_times(times)}, last seen on {last}."


def _times(count: int) -> str:
    return {1: "once", 2: "twice"}.get(count, f"{count} times")


def _parts(names: Sequence[str]) -> str:
    """ "headline and text"."""
    words = [{"body": "text"}.get(name, name) for name in names]
    return " and ".join(words)


def versions_view(article: Article, found: Sequence[VersionRead]) -> list[dict[str, Any]]:
    """The versions, the latest first, each with what changed since the one before."""
    views = []
    for at, one in enumerate(found):
        before = found[at - 1].article if at else None
        seen = one.version.seen
        is_latest = at == len(found) - 1
        views.append(
            {
                "what": f"{_parts(one.version.changed).capitalize()} changed"
                if at
                else "First seen",
                "date": long_date(Timestamp(seen, "minute", "archive")),
                "datetime": one.version.to_json()["seen"],
                "link": _address(article, one.number) if one.article and not is_latest else "",
                "changes": changes(before, one.article) if before and one.article else (),
                "missing": at > 0 and before is None,
            }
        )
    return views[::-1]


def _address(article: Article, number: int) -> str:
    return "/article?" + urlencode({"id": article.id, "version": number})
