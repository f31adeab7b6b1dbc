"""The past of an article that is fetched again: its versions, its addresses and its former ids."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from operator import attrgetter
from typing import Any

from searcher.article import Article, Version, short_hash

_NO_TEXT: dict[str, Any] = {
    "paragraphs": (),
    "notices": (),
    "foreign": (),
    "joins": (),
    "found": {},
    "warnings": (),
    "image": "",
}
"""The fields of an article that its next version does not need, empty."""
_EPOCH = datetime.fromisoformat("1970-01-01T00:00:00+00:00")
"""The time of a version of which no time is known."""


def version_of(article: Article) -> Version:
    """Return the article as a version."""
    seen = article.first_seen.value if article.first_seen else _EPOCH
    return Version(
        article.origin,
        seen,
        article.title,
        short_hash("\n".join(article.paragraphs)),
        article.partial,
    )


def succeeding(article: Article, past: Article | None, merged: Iterable[Article] = ()) -> Article:
    """Return `article`, as just read, with the past of the articles that it replaces.

    past: the article with the same id. merged: others that turned out to be the same one. Only the
    fields that `without_text` keeps are used.

    An entry of a feed (a partial article) is not a version of the page: it is left out once the
    page has been fetched.
    """
    ancestors = [one for one in (past, *merged) if one is not None]
    if not ancestors:
        return replace(article, versions=(version_of(article),))
    seen = min(
        (one.first_seen for one in (article, *ancestors) if one.first_seen),
        key=attrgetter("value"),
        default=None,
    )
    addresses = [address for one in (*ancestors, article) for address in (*one.addresses, one.url)]
    feeds = [feed for one in (*ancestors, article) for feed in one.feeds]
    former = [one_id for one in ancestors for one_id in (*one.former, one.id)]
    earlier = [
        version
        for one in ancestors
        for version in one.versions
        if article.partial or not version.partial
    ]
    earlier.sort(key=lambda version: (version.origin.file, version.origin.part))
    return replace(
        article,
        first_seen=seen,
        addresses=tuple(
            address for address in dict.fromkeys(addresses) if address and address != article.url
        ),
        former=tuple(one_id for one_id in dict.fromkeys(former) if one_id != article.id),
        versions=_with(earlier, version_of(article)),
        feeds=tuple(dict.fromkeys(feeds)),
    )


def _with(earlier: list[Version], latest: Version) -> tuple[Version, ...]:
    """Return the versions and the latest one, without those equal to the one before them."""
    found: list[Version] = []
    for version in (*earlier, latest):
        changed = _changed(found[-1], version) if found else ()
        if found and not changed:
            found[-1] = replace(version, seen=found[-1].seen, changed=found[-1].changed)
        else:
            found.append(replace(version, changed=changed))
    return tuple(found)


def _changed(before: Version, after: Version) -> tuple[str, ...]:
    """Return which of "headline" and "body" differ."""
    parts = (("headline", before.headline != after.headline), ("body", before.body != after.body))
    return tuple(name for name, differs in parts if differs)


def without_text(article: Article) -> Article:
    """Return an article without the fields that its next version does not need."""
    return replace(article, **_NO_TEXT)


def with_text(article: Article, read: Article) -> Article:
    """Return an article with those fields of another one: the same article, as just read."""
    return replace(article, **{name: getattr(read, name) for name in _NO_TEXT})
