"""What becomes of an article's past when it is fetched again: its versions, its addresses, and the
ids it had."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from searcher.article import Article, Version, short_hash

_EPOCH = datetime.fromisoformat("1970-01-01T00:00:00+00:00")


def version_of(article: Article) -> Version:
    """The article as one of its versions."""
    seen = article.first_seen.value if article.first_seen else _EPOCH
    return Version(
        article.origin,
        seen,
        article.title,
        short_hash("\n".join(article.paragraphs)),
        article.partial,
    )


def succeeding(article: Article, past: Article | None, merged: Iterable[Article] = ()) -> Article:
    """`article`, as just read, with the past of the article that it takes the place of, and of
    those that turned out to be the same one. Of these only what stands in `without_text` is looked
    at.

    What a feed told is no version of the page: it is complete from then on.
    """
    ancestors = [one for one in (past, *merged) if one is not None]
    if not ancestors:
        return replace(article, versions=(version_of(article),))
    seen = min(
        (one.first_seen for one in (article, *ancestors) if one.first_seen),
        key=_moment,
        default=None,
    )
    addresses = [address for one in (*ancestors, article) for address in (*one.addresses, one.url)]
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
    )


def _moment(stamp: object) -> datetime:
    return stamp.value  # type: ignore[attr-defined,no-any-return]


def _with(earlier: list[Version], latest: Version) -> tuple[Version, ...]:
    """The versions with the latest, of which each differs from the one before it."""
    found: list[Version] = []
    for version in (*earlier, latest):
        changed = _changed(found[-1], version) if found else ()
        if found and not changed:
            found[-1] = replace(version, seen=found[-1].seen, changed=found[-1].changed)
        else:
            found.append(replace(version, changed=changed))
    return tuple(found)


def _changed(before: Version, after: Version) -> tuple[str, ...]:
    parts = (("headline", before.headline != after.headline), ("body", before.body != after.body))
    return tuple(name for name, differs in parts if differs)


def without_text(article: Article) -> Article:
    """What of an article its successor needs."""
    return replace(
        article, paragraphs=(), notices=(), foreign=(), joins=(), found={}, warnings=(), image=""
    )
