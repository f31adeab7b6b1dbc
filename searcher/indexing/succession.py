"""Which article of the index something fetched is, and what becomes of that one."""

from __future__ import annotations

from dataclasses import dataclass, replace

from searcher.article import Article
from searcher.engine.protocol import Engine
from searcher.indexing.catalogue import Catalogue, Held, address_keys
from searcher.indexing.versions import succeeding, without_text
from searcher.reading.archive_format import is_archive
from searcher.reading.normalise import address_id
from searcher.text.headlines import are_alike
from searcher.text.urls import address_key


@dataclass(frozen=True, slots=True)
class Settled:
    """What was fetched, as the article that it is.

    takes_over: the ids of other articles that turned out to be this one. is_news: whether it says
    more than what was known of it: it is new, or its page follows what its feed told. is_known:
    whether the index has it as it is.
    """

    article: Article
    takes_over: tuple[str, ...] = ()
    is_news: bool = False
    is_known: bool = False


class Succession:
    """Settles one article after the other, in the order of the archive, under the writer's lock."""

    def __init__(self, engine: Engine, catalogue: Catalogue) -> None:
        self._engine = engine
        self._catalogue = catalogue

    def settle(self, article: Article) -> Settled:
        article = self._under_its_own_address(article)
        keys = address_keys(article)
        led_to = self._catalogue.led_to(keys[:1] if article.partial else keys)
        if article.partial and led_to:
            article = replace(article, id=led_to[0])
        stored = self._held(article.id)
        others = [held for one in led_to if one != article.id and (held := self._held(one))]
        past = self._past(stored) if stored else None
        if any(_is_past(article, held) for held in (stored, *others) if held):
            return Settled(article, is_known=True)
        held = self._catalogue.held(article.id)
        if article.partial and held and not held.partial:
            # The index has the page of which this is what a feed tells.
            return Settled(article, is_known=True)
        merged = [found for held in others if (found := self._past(held))]
        article = succeeding(article, past, merged)
        is_news = all(one.partial and not article.partial for one in (past, *merged) if one)
        same = stored is not None and stored.hash == article.content_hash and not others
        is_known = same and past is not None and set(past.addresses) == set(article.addresses)
        return Settled(
            article, tuple(held.id for held in others), is_news and not is_known, is_known
        )

    def _under_its_own_address(self, article: Article) -> Article:
        """The article, or, if the address that its page calls its own is that of one with another
        headline, the article at the address where it was received: some sites call all pages of a
        section the same."""
        received = article.addresses[0] if article.addresses else article.url
        if (
            article.partial
            or article.id != address_id(article.url)
            or address_key(received) == address_key(article.url)
        ):
            return article
        stored = self._held(article.id)
        known = self._past(stored) if stored else None
        if (
            known is None
            or are_alike(known.title, article.title)
            or address_key(received) in address_keys(known)
        ):
            return article
        others = tuple(one for one in article.addresses if one not in (received, article.url))
        return replace(article, id=address_id(received), url=received, addresses=others)

    def _held(self, article_id: str) -> Held | None:
        """What the index holds of an article, if it was fetched: one that a file of raw/ gives has
        no past."""
        held = self._catalogue.held(article_id)
        return held if held and is_archive(held.file) else None

    def keep(self, article: Article) -> None:
        """Notes an article that the writer has got."""
        self._catalogue.keep_past(without_text(article))
        self._catalogue.lead(address_keys(article), article.id)

    def _past(self, held: Held) -> Article | None:
        """What of an article its successor needs, be it committed or not."""
        kept = self._catalogue.past(held.id)
        if kept is not None:
            return kept
        with self._engine.snapshot() as snapshot:
            found = snapshot.article(held.id)
        return without_text(found) if found else None


def _is_past(article: Article, held: Held) -> bool:
    """Whether the index was past this article, or was at it, when it read the archive."""
    return (article.origin.file, article.origin.part) <= (held.file, held.part)
