"""The errors a caller can meet. Each message names the file or index and what to do about it."""

from __future__ import annotations


class SearcherError(Exception):
    """The base of every error that this package raises on purpose."""


class UnreadableFile(SearcherError):
    """A file that cannot be read as news: `file` names it, `reason` says why."""

    def __init__(self, file: str, reason: str) -> None:
        super().__init__(f"{file}: {reason}")
        self.file = file
        self.reason = reason


class IndexMissing(SearcherError):
    """There is no index in the folder."""


class IndexDamaged(SearcherError):
    """The index cannot be read; the message names the file."""


class IndexOutdated(SearcherError):
    """The index was made by a version that analysed words otherwise; it has to be rebuilt."""

    def __init__(self, folder: object) -> None:
        super().__init__(f"the index in {folder} is of another version; “searcher reindex” renews it")


class IndexLocked(SearcherError):
    """Another process is writing, and went on writing for as long as we waited."""


class WriteFailed(SearcherError):
    """A commit did not reach the disk; the index is as it was before."""


class SourceMissing(SearcherError):
    """Articles of the index came from files that are gone, so that rebuilding it would lose them."""
