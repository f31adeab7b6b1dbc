"""The seams of the program. Each has an implementation for real use and an in-memory twin that ships."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import BinaryIO
from typing import Protocol
from typing import Self

from searcher.article import Article
from searcher.article import Document
from searcher.article import Rejected
from searcher.hits import Also
from searcher.hits import ScorePart
from searcher.hits import Sort
from searcher.patterns import Pattern
from searcher.query import Query
from searcher.query import Warning


class Clock(Protocol):
    """Where the time comes from. Safe in threads."""

    def now(self) -> datetime:
        """The current time, aware, in UTC."""

    def monotonic(self) -> float:
        """Seconds from an arbitrary start, never going back."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """What a server answered to one request: as bytes on the wire (`raw`, of which `head` is the beginning), and its
    body without the framing of the transfer, but still in its content encoding.

    truncated: why the body ends early ("length": it was larger than allowed, "time", "disconnect"), or "". address: the
    IP address of the server. received: when the answer began.
    """

    url: str
    status: int
    headers: tuple[tuple[str, str], ...]
    head: bytes
    raw: bytes
    body: bytes
    received: datetime
    truncated: str = ""
    address: str = ""

    def header(self, name: str) -> str:
        """The first header of this name; "" if there is none."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")


class Fetcher(Protocol):
    """Gets what is at web addresses. Safe in threads."""

    def fetch(self, url: str, headers: Mapping[str, str], limit: int) -> Exchange:
        """The answer to one GET request, whatever its status; redirects are not followed.

        limit: bytes of the body after which it is cut off. Takes no longer than the time that the fetcher is given.
        Raises FetchFailed when no answer begins, AddressRefused without asking.
        """


class RawInput(Protocol):
    """A file as a source reader sees it: named, bounded, already decompressed."""

    @property
    def name(self) -> str:
        """The name under which articles record the file as their origin."""

    def head(self) -> bytes:
        """The first bytes, at most 64 KiB. Raises UnreadableFile."""

    def open(self) -> BinaryIO:
        """The whole content as a stream. Raises UnreadableFile; reading it may raise OSError or EOFError."""

    def read(self) -> bytes:
        """The whole content. Raises UnreadableFile when it is damaged or larger than the limit."""


class SourceReader(Protocol):
    """Reads one format. Stateless, so safe in threads."""

    @property
    def format(self) -> str:
        """The format's name as shown to users."""

    def recognises(self, head: bytes) -> bool:
        """Whether content that begins with `head` is of this format. Never raises."""

    def read(self, raw: RawInput) -> Iterator[Document | Rejected]:
        """The articles in `raw`, in order. A part that cannot be read is yielded as Rejected and the rest goes on.

        Raises UnreadableFile when nothing (more) of the file can be read.
        """


@dataclass(frozen=True, slots=True)
class Ranking:
    """Articles found, best first, with their scores; `patterns` are the terms to highlight in them.

    also: other spellings that were looked for. parts: for each article, if asked for, what its score is made of.
    total: how many match; total_all: how many of them hold all that is wanted; both -1 if they were not asked for.
    facets: for each facet asked for, how many of those that match have each value.
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
        """Forms at most `distance` edits from `word`: the form, its distance, how many articles hold it.

        An edit inserts, deletes or replaces a character or swaps two neighbours, and no part is edited twice (the
        "optimal string alignment" distance).
        """

    def listed(self, keys: Iterable[str]) -> Iterable[tuple[str, int]]:
        """Forms that are written as names, under these keys (see text.names), and in how many articles each is."""

    def holding(self, form: str) -> int:
        """How many articles hold a form."""

    def name_share(self, form: str) -> float:
        """In which share of all places where a form stands it is written with a capital, places all in capitals left
        out; 0 if it stands nowhere else, or if most of the articles that hold it write it small."""

    def stems(self, terms: Sequence[str]) -> list[int]:
        """How many articles hold each of these terms of the field of stems."""

    def completions(self, prefix: str, count: int) -> list[tuple[str, int]]:
        """The most frequent forms that begin with `prefix`, and how many articles hold each."""

    def phrases(self, prefix: str, count: int) -> list[tuple[str, int]]:
        """The most frequent pairs of words in headlines that begin with `prefix`, and how many articles have each."""


class Snapshot(Protocol):
    """The index as of one commit. Later commits do not show in it. As a context manager it closes. Safe in threads."""

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
        """Articles that match, from rank `offset` on, at most `limit`. Without `totals` it need not look at all.

        Relevance is BM25 over headline and body as one field; in the best articles by that (see scoring.WINDOW) it
        also counts how the words stand to each other and in the headline, whether all are there, and, with a half-life
        in seconds, how new the article is. Ties go to the later date, articles without one last, then to the smaller
        id. Newest and oldest sort by date, articles without one last, then by id. After `seconds` the search stops
        with what it has and a warning. facets: some of "language", "source" and "month" ("2024-05",
        UTC). Raises IndexDamaged, and nothing on account of the query.
        """

    def article(self, article_id: str) -> Article | None:
        """The article with this id."""

    def articles(self) -> Iterator[Article]:
        """All articles, in no particular order."""

    def facet(self, name: str) -> dict[str, int]:
        """How many articles there are by "language" or "source"."""

    def check(self) -> Iterator[str]:
        """What is wrong with the index, one finding at a time: every posting compared with the stored articles."""

    def close(self) -> None:
        """Gives up the resources; the snapshot is not used afterwards."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


class Writer(Protocol):
    """The one writer of an index. As a context manager it commits, or cancels on an exception. One thread."""

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
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
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
        """The writer, creating the index if there is none. With `afresh` the commit drops all that was there before; a
        `quick` one leaves to others what would take it more than a second and is not about what it adds.

        Waits up to `wait` seconds for another writer, then raises IndexLocked, naming it.
        """
