"""The seam between a query and an index: what every engine offers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Literal, NamedTuple, Protocol, Self, TypeAlias

from searcher.article import Article
from searcher.engine.patterns import Pattern
from searcher.query.tree import Query, Warning

Sort: TypeAlias = Literal["relevance", "newest", "oldest"]

SORTS: tuple[Sort, ...] = ("relevance", "newest", "oldest")

MONTH = "month"

FACETS = ("language", "source", MONTH)
"""By what the articles found can be counted."""


class Also(NamedTuple):
    """The other spellings of a word of the query that were looked for, too."""

    word: str
    spellings: tuple[str, ...]


class ScorePart(NamedTuple):
    """What a part of the query, or of what was found beyond its words, adds to an article's
    score."""

    name: str
    score: float


@dataclass(frozen=True, slots=True)
class Ranking:
    """Articles found, best first, with their scores; `patterns` are the terms to highlight in them.

    also: other spellings that were looked for. parts: for each article, if asked for, what its
    score is made of. total: how many match; total_all: how many of them hold all that is wanted;
    both -1 if they were not asked for. facets: for each facet asked for, how many of those that
    match have each value.
    """

    total: int
    total_all: int
    ranked: tuple[tuple[Article, float], ...]
    patterns: tuple[Pattern, ...]
    warnings: tuple[Warning, ...]
    facets: Mapping[str, Mapping[str, int]]
    also: tuple[Also, ...] = ()
    parts: tuple[tuple[ScorePart, ...], ...] = ()


class Vocabulary(Protocol):
    """The words of an index's live articles. Raises IndexDamaged."""

    def with_prefix(self, prefix: str) -> Iterator[tuple[str, int]]:
        """Forms that begin with `prefix`, in order, and how many articles hold each."""

    def within(self, word: str, distance: int) -> Iterable[tuple[str, int, int]]:
        """Forms at most `distance` edits from `word`: the form, its distance, how many articles
        hold it.

        An edit inserts, deletes or replaces a character or swaps two neighbours, and no part is
        edited twice (the "optimal string alignment" distance).
        """

    def listed(self, keys: Iterable[str]) -> Iterable[tuple[str, int]]:
        """Forms that are written as names, under these keys (see text.names), and in how many
        articles each is."""

    def holding(self, form: str) -> int:
        """How many articles hold a form."""

    def name_share(self, form: str) -> float:
        """In which share of all places where a form stands it is written with a capital, places all
        in capitals left out; 0 if it stands nowhere else, or if most of the articles that hold it
        write it small."""

    def stems(self, terms: Sequence[str]) -> list[int]:
        """How many articles hold each of these terms of the field of stems."""

    def completions(self, prefix: str, count: int) -> list[tuple[str, int]]:
        """The most frequent forms that begin with `prefix`, and how many articles hold each."""

    def phrases(self, prefix: str, count: int) -> list[tuple[str, int]]:
        """The most frequent pairs of words in headlines that begin with `prefix`, and how many
        articles have each."""


class Snapshot(Protocol):
    """The index as of one commit. Later commits do not show in it. As a context manager it closes.
    Safe in threads."""

    @property
    def generation(self) -> int:
        """The number of the commit, growing."""

    @property
    def count(self) -> int:
        """How many articles it holds."""

    @property
    def vocabulary(self) -> Vocabulary:
        """Its words."""

    def search(
        self,
        query: Query,
        sort: Sort,
        offset: int,
        limit: int,
        seconds: float | None,
        totals: bool = True,
        facets: Sequence[str] = (),
        half_life: float | None = None,
        explain: bool = False,
    ) -> Ranking:
        """Articles that match, from rank `offset` on, at most `limit`. Without `totals` it need not
        look at all.

        Relevance is BM25 over headline and body as one field; in the best articles by that (see
        scoring.WINDOW) it also counts how the words stand to each other and in the headline,
        whether all are there, and, with a half-life in seconds, how new the article is. Ties go to
        the later date, articles without one last, then to the smaller id. Newest and oldest sort by
        date, articles without one last, then by id. After `seconds` the search stops with what it
        has and a warning. facets: some of "language", "source" and "month" ("2024-05", UTC). Raises
        IndexDamaged, and nothing on account of the query.
        """

    def article(self, article_id: str) -> Article | None:
        """The article with this id."""

    def articles(self) -> Iterator[Article]:
        """All articles, in no particular order."""

    def facet(self, name: str) -> dict[str, int]:
        """How many articles there are by "language" or "source"."""

    def check(self) -> Iterator[str]:
        """What is wrong with the index, one finding at a time: every posting compared with the
        stored articles."""

    def close(self) -> None:
        """Gives up the resources; the snapshot is not used afterwards."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...


class Writer(Protocol):
    """The one writer of an index. As a context manager it commits, or cancels on an exception. One
    thread."""

    def add(self, article: Article) -> None:
        """Adds the article; it replaces one with the same id, committed or not."""

    def delete(self, article_id: str) -> None:
        """Removes the article with this id, if there is one."""

    def commit(self) -> int:
        """Makes all changes visible at once and durable; returns the new generation.

        Raises WriteFailed when that was not possible; the index is then as before.
        """

    def cancel(self) -> None:
        """Drops all changes."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...


class Engine(Protocol):
    """An index of articles. Safe in threads; several processes may share one."""

    def exists(self) -> bool:
        """Whether there is an index to read."""

    def snapshot(self) -> Snapshot:
        """The newest committed state, to be closed by whoever asked for it.

        Never fails because of a commit at the same time. Raises IndexMissing or IndexDamaged.
        """

    def is_untidy(self) -> bool:
        """Whether a commit that is not quick would make searching faster. Raises IndexDamaged."""

    def writer(self, wait: float = 10.0, afresh: bool = False, quick: bool = False) -> Writer:
        """The writer, creating the index if there is none. With `afresh` the commit drops all that
        was there before; a `quick` one leaves to others what would take it more than a second and
        is not about what it adds.

        Waits up to `wait` seconds for another writer, then raises IndexLocked, naming it.
        """
