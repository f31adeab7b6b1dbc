"""Identity resolution: which article of the index a fetched one is, and which it replaces.

A page is known by the addresses that lead to it: the one that it names as its own, the one where it
was received, and those of the feeds' entries. Feeds and pages use different ones for one article,
and change them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from searcher.article import Article
from searcher.engine.protocol import Engine
from searcher.indexing.catalogue import Catalogue, Held, address_keys
from searcher.indexing.file_intake import Change
from searcher.indexing.versions import succeeding, with_text, without_text
from searcher.reading.archive_format import is_archive
from searcher.reading.normalise import address_id
from searcher.text.headlines import are_alike
from searcher.text.urls import address_key

ReadAgain = Callable[[Article], Article | None]
"""Reads the last version of an article from the archive; None if it is not there any more."""


@dataclass(frozen=True, slots=True)
class Resolution:
    """A fetched article under the id that it has in the index."""

    article: Article
    """The article, with the versions and addresses of those that it replaces."""

    replaces: tuple[str, ...] = ()
    """The ids of other articles of the index that turned out to be this one."""

    is_news: bool = False
    """Whether it is new, or is the page of which the index had the feed's entry alone."""

    is_known: bool = False
    """Whether the index has it as it is, or a later version."""

    def change(self, is_new: bool) -> Change | None:
        """Return the change to the index; None for no change.

        is_new: whether the index has no article with this id.
        """
        if self.is_known:
            return None
        is_new = is_new and not self.replaces
        held = Held.of(self.article)
        return Change(self.article, held, is_new, self.replaces, self.is_news)


class IdentityResolver:
    """Resolves fetched articles one by one, in the order of the archive, under the writer's
    lock. Reads the index and the catalogue; only `keep` writes."""

    def __init__(self, engine: Engine, catalogue: Catalogue, read: ReadAgain) -> None:
        self._engine = engine
        self._read = read
        self._catalogue = catalogue

    def resolve(self, article: Article) -> Resolution:
        """Return which article of the index `article` is."""
        article = self._under_its_own_address(article)
        keys = address_keys(article)
        led_to = self._catalogue.led_to(keys[:1] if article.partial else keys)
        if article.partial and led_to:
            article = replace(article, id=led_to[0])
        stored = self._fetched(article.id)
        others = [held for one in led_to if one != article.id and (held := self._fetched(one))]
        past = self._past(stored) if stored else None
        if any(_is_past(article, held) for held in (stored, *others) if held):
            return Resolution(article, is_known=True)
        held = self._catalogue.held(article.id)
        if article.partial and held and not held.partial:
            # The index has the page itself, which is more than this entry of a feed.
            whole = self._carried(past, article.feeds) if past else None
            return Resolution(whole or article, is_known=whole is None)
        merged = [found for held in others if (found := self._past(held))]
        article = succeeding(article, past, merged)
        is_news = all(one.partial and not article.partial for one in (past, *merged) if one)
        same = stored is not None and stored.hash == article.content_hash and not others
        is_known = same and past is not None and _seen_at(past) == _seen_at(article)
        replaces = tuple(held.id for held in others)
        return Resolution(article, replaces, is_news and not is_known, is_known)

    def _under_its_own_address(self, article: Article) -> Article:
        """Return the article under the canonical URL of its page.

        If that URL already belongs to an article with a different headline, return it under the URL
        from which it was fetched: some sites give all pages of a section one canonical URL.
        """
        received = article.addresses[0] if article.addresses else article.url
        if (
            article.partial
            or article.id != address_id(article.url)
            or address_key(received) == address_key(article.url)
        ):
            return article
        stored = self._fetched(article.id)
        known = self._past(stored) if stored else None
        if (
            known is None
            or are_alike(known.title, article.title)
            or address_key(received) in address_keys(known)
        ):
            return article
        others = tuple(one for one in article.addresses if one not in (received, article.url))
        return replace(article, id=address_id(received), url=received, addresses=others)

    def _fetched(self, article_id: str) -> Held | None:
        """Return the index's article if it was fetched. Those from other files have no past."""
        held = self._catalogue.held(article_id)
        return held if held and is_archive(held.file) else None

    def keep(self, article: Article) -> None:
        """Record an article that was given to the writer, for those that follow it."""
        self._catalogue.keep_past(without_text(article))
        self._catalogue.lead(address_keys(article), article.id)

    def _carried(self, past: Article, feeds: Iterable[str]) -> Article | None:
        """Return an article of the index as carried by further feeds; None if it was carried by
        them before, or its text cannot be read any more.

        past: the article, perhaps without its text.
        """
        carriers = tuple(dict.fromkeys((*past.feeds, *feeds)))
        if carriers == past.feeds:
            return None
        text = None
        if self._catalogue.past(past.id) is None:
            with self._engine.snapshot() as snapshot:
                text = snapshot.article(past.id)
        else:
            # The index does not have it yet.
            text = self._read(past)
        return replace(with_text(past, text), feeds=carriers) if text else None

    def _past(self, held: Held) -> Article | None:
        """Return the parts of an article that its successor needs, committed or not yet."""
        kept = self._catalogue.past(held.id)
        if kept is not None:
            return kept
        with self._engine.snapshot() as snapshot:
            found = snapshot.article(held.id)
        return without_text(found) if found else None


def _seen_at(article: Article) -> tuple[set[str], set[str]]:
    """Return the addresses and the feeds of an article."""
    return set(article.addresses), set(article.feeds)


def _is_past(article: Article, held: Held) -> bool:
    """Return whether the index already has this part of the archive, or a later one."""
    return (article.origin.file, article.origin.part) <= (held.file, held.part)
