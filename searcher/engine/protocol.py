"""The interface of engines, between a query and an index."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import datetime
from types import TracebackType
from typing import Any, NamedTuple, Protocol, Self

from searcher.article import Article
from searcher.engine.capabilities import Capability
from searcher.engine.places import Place, Printed, Story
from searcher.engine.searches import Listing, Ranking, Search
from searcher.text.sketches import Sketch


class Vocabulary(Protocol):
    """The words of an index's live articles. All methods raise IndexDamaged.

    A form is a folded word as it is written in a text.
    """

    def with_prefix(self, prefix: str) -> Iterator[tuple[str, int]]:
        """Yield the forms that begin with `prefix`, in order, each with its number of articles."""

    def containing(
        self, part: str, prefix: str = "", field: str = "form"
    ) -> Iterator[tuple[str, int]]:
        """Yield the terms of a field, by default forms, that begin with `prefix` and contain
        `part`, in order, each with its number of articles. An engine may stop after
        `expansion.MOST_SCANNED` places of a part of the index."""

    def within(
        self, word: str, distance: int, beginning: str = ""
    ) -> Iterable[tuple[str, int, int]]:
        """Return the forms that start with `beginning` and are at most `distance` edits from
        `word`: form, edits, number of articles.

        An edit inserts, deletes or replaces a character or swaps two neighbours, and no part is
        edited twice (the "optimal string alignment" distance).
        """

    def listed(self, form: str) -> Iterable[tuple[str, int]]:
        """Return the forms that are written as names under a key of `form` (see text.names), each
        with its number of articles. Those that are not spelled alike may be left out."""

    def holding(self, form: str) -> int:
        """Return the number of articles that contain a form."""

    def name_share(self, form: str) -> float:
        """Return the share of the form's occurrences that are capitalised, ignoring those all in
        capitals.

        0 if it occurs all in capitals only, or if most articles that contain it use lower case.
        """

    def stems(self, terms: Sequence[str]) -> list[int]:
        """Return the number of articles that contain each of these terms of the field of stems."""

    def forms(self, forms: Sequence[str]) -> list[int]:
        """Return the number of articles that contain each of these forms."""

    def stems_beginning(self, language: str, begin: str, count: int) -> list[tuple[str, int]]:
        """Return the `count` most frequent stems of a language that begin with `begin`, as terms of
        the field of stems, each with its number of articles."""

    def stems_ending(self, language: str, end: str, count: int) -> list[tuple[str, int]]:
        """Return those that end with `end`. An engine may stop as `containing` does."""

    def completions(self, prefix: str, count: int) -> list[tuple[str, int]]:
        """Return the `count` most frequent forms that begin with `prefix`, each with its number of
        articles."""

    def phrases(self, prefix: str, count: int) -> list[tuple[str, int]]:
        """Return the `count` most frequent pairs of adjacent headline words that begin with
        `prefix`, each with its number of articles."""


class Snapshot(Protocol):
    """The index as of one commit: later commits are not visible in it. As a context manager it
    closes. Safe in threads."""

    @property
    def generation(self) -> int:
        """The number of the commit; each commit has a larger one."""

    @property
    def count(self) -> int:
        """The number of articles."""

    @property
    def vocabulary(self) -> Vocabulary:
        """The words of its articles."""

    def search(self, search: Search) -> Ranking:
        """Return the articles that match, from rank `offset` on, at most `limit`.

        - Articles that match every wanted clause come before those that match some, in every
          order, unless the query has match:any.
        - Relevance is BM25 over headline and body as one field. The best articles by that are
          scored again: adjacent and near words, all words being present, words of the headline
          and recency add to their scores.
        - Ties are broken by date, the later first, then by id, the smaller first.
        - "newest" and "oldest" sort by date, then by id.
        - Articles without a date come last among equals.
        - When the time budget is spent, the search stops and returns what it has, with a warning.

        Raises IndexDamaged. No query raises an error.
        """

    def listing(self, search: Search) -> Listing:
        """Return all articles that count from rank `offset` on, in the order of `search`; `limit`
        is ignored. Facets and explanations are not returned.

        It takes a few bytes of memory for each article. Raises IndexDamaged, also while articles
        are taken.
        """

    def article(self, article_id: str) -> Article | None:
        """Return the article with this id, or None."""

    def place(self, article_id: str) -> Place | None:
        """Return the place of an article among the stories; None if there is no such article, or if
        it has no place yet."""

    def unplaced(self, count: int) -> list[Article]:
        """Return at most `count` articles that have no place, in the order of publication."""

    def stories(
        self, numbers: Iterable[int], limit: int, least: int = 1, *, once: bool = False
    ) -> dict[int, Story]:
        """Return the stories with these numbers that have at least `least` articles, each with at
        most its first `limit` articles. once: of each group of copies with the first one only."""

    def printed(self, least: int, limit: int) -> list[Printed]:
        """Return the groups of at least `least` copies, by their numbers, each with at most `limit`
        of its articles."""

    @property
    def last_number(self) -> int:
        """A number that no story and no group of copies exceeds; 0 if there was never one."""

    def resembling(self, sketch: Sketch, limit: int) -> list[Article]:
        """Return at most `limit` articles whose bodies share enough of a sketch to have a large
        part in common with its text, the likeliest first.

        The article of the sketch is among them if it is in the index. The choice is symmetric: if
        an article is found by the sketch of another one, that one is found by its own. Only where
        very many articles share most codes may one be missed. Raises IndexDamaged.
        """

    def having_terms(
        self, terms: Sequence[str], start: datetime | None, end: datetime | None, limit: int
    ) -> list[tuple[str, float]]:
        """Return at most `limit` articles published in [start, end) that have some of these terms
        of the field of stems, the best by BM25 first, as ids with their scores. None is an open
        end. Raises IndexDamaged."""

    def having_names(
        self,
        names: Sequence[Collection[str]],
        language: str,
        dates: tuple[datetime | None, datetime | None],
        limit: int,
    ) -> list[tuple[str, float]]:
        """Return at most `limit` articles in other languages than `language`, published in `dates`
        [start, end), that have some of these names, each given as its spellings (forms), the best
        by BM25 first, as ids with their scores. None is an open end. Raises IndexDamaged."""

    def articles(self) -> Iterator[Article]:
        """Yield all articles, in no particular order."""

    def facet(self, name: str) -> dict[str, int]:
        """Return the number of articles by value of a facet."""

    def check(self) -> Iterator[str]:
        """Compare every posting with the stored articles; yield a sentence for each fault found."""

    def shared(self) -> Self:
        """Return this snapshot for another user, who closes it as well."""

    def close(self) -> None:
        """Release the resources, as the last user. It must not be used afterwards."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...


class Prepared(NamedTuple):
    """An article as `Engine.prepare` returns it."""

    id: str
    """Its id."""
    document: Any
    """The form that the engine's writer takes."""


class Writer(Protocol):
    """The one writer of an index, for one thread. As a context manager it commits, or cancels on an
    exception."""

    def add(self, article: Article | Prepared) -> None:
        """Add the article. It replaces one with the same id, committed or not."""

    def delete(self, article_id: str) -> None:
        """Remove the article with this id, if there is one."""

    def place(self, article_id: str, place: Place) -> None:
        """Set the place of the article with this id, if there is one when this commits. An article
        that is added, also in place of itself, has none. UNPLACED takes its place from it."""

    def commit(self) -> int:
        """Make all changes visible at once and durable. Return the new generation.

        Raises WriteFailed; the index is then unchanged.
        """

    def cancel(self) -> None:
        """Drop all changes."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...


class Engine(Protocol):
    """An index of articles. Safe in threads; several processes may share one.

    Any method raises IndexUnreachable if the index is on other machines that do not answer.
    """

    @property
    def capabilities(self) -> frozenset[Capability]:
        """The abilities of this engine beside matching."""

    @property
    def where(self) -> str:
        """The place of the index, for users: a folder, or an address without a password."""

    def stored_bytes(self) -> int:
        """Return the number of bytes that the index takes, with all its copies."""

    def exists(self) -> bool:
        """Return whether there is an index to read."""

    def snapshot(self) -> Snapshot:
        """Return the newest committed state. The caller closes it.

        A commit at the same time never makes it fail. Raises IndexMissing if there is no index,
        IndexDamaged if it cannot be read, and IndexOutdated if it has another format.
        """

    def renew(self, prepare: Callable[[Snapshot], None]) -> None:
        """Open the newest commit for later calls of `snapshot`, unless it is open already.

        prepare: called with it before others get it, to make its first search fast.

        While one thread calls this at least once a second, `snapshot` returns what was opened here,
        and does not look for commits. Raises as `snapshot`, and what `prepare` raises.
        """

    def stored_articles(self) -> Iterator[Article]:
        """Yield all articles, in no particular order, also those of an index of another format.

        Raises IndexMissing, IndexDamaged, and IndexOutdated at an article that this version cannot
        read.
        """

    def close(self) -> None:
        """Release what is kept for the next snapshot."""

    def is_untidy(self, quick: bool = False) -> bool:
        """Return whether a commit that adds nothing would make searching faster.

        quick: whether that commit is a quick one. Raises IndexDamaged.
        """

    @property
    def prepare(self) -> Callable[[Article], Prepared]:
        """A function of a module that does a part of `Writer.add`, for other processes to call."""

    def writer(self, wait: float = 10.0, afresh: bool = False, quick: bool = False) -> Writer:
        """Return the writer; create the index if there is none.

        wait: maximum number of seconds to wait for another writer.
        afresh: whether the commit drops all articles that were there before.
        quick: whether merges are left to a later commit: all of them if articles are added, so that
            these are found at once, else those that would take more than a second.

        Raises IndexLocked, naming the other writer, IndexDamaged, and IndexOutdated unless
        `afresh`.
        """
