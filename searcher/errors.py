"""The errors that callers can catch. Each message names the file or index, and a remedy if there is
one."""

from __future__ import annotations

_REASON_LENGTH = 80
"""Maximum number of characters of a library's message that a reason quotes. Some quote the file."""


class SearcherError(Exception):
    """Base class of all errors that this package raises on purpose."""


class UnreadableFile(SearcherError):
    """A file cannot be read as news."""

    def __init__(self, file: str, reason: str) -> None:
        """
        file: its name.
        reason: why it cannot be read, in words for the user.
        """
        super().__init__(f"{file}: {reason}")
        self.file = file
        self.reason = reason

    def __reduce__(self) -> tuple[type[UnreadableFile], tuple[str, str]]:
        # A pickled exception is made again of its message alone otherwise.
        return type(self), (self.file, self.reason)


class IndexMissing(SearcherError):
    """There is no index in the folder."""


class IndexDamaged(SearcherError):
    """The index cannot be read; the message names the file."""


class IndexUnreachable(SearcherError):
    """The cluster that holds the index does not answer, or refuses the request. It may answer
    later."""


class IndexOutdated(SearcherError):
    """The index was written in another format than this version reads; it has to be rebuilt."""

    def __init__(self, folder: object, found: str, wanted: str) -> None:
        """
        folder: the folder of the index.
        found: how the index differs, such as "has format 4 and lacks agency".
        wanted: what this version reads, such as "format 5".
        """
        # Without a remedy, for a command that is itself the remedy.
        self.difference = f"{found}, but this version reads {wanted}"
        super().__init__(f"the index in {folder} {self.difference}; “searcher reindex” rebuilds it")


class IndexLocked(SearcherError):
    """Another process held the lock of the index for as long as was waited."""


class SearchCutShort(SearcherError):
    """A search whose whole result was asked for did not end in time."""


class WriteFailed(SearcherError):
    """A commit did not reach the disk; the index is unchanged."""


class AlreadyRefreshing(SearcherError):
    """Another process is refreshing feeds; only one at a time writes to the archive."""


class StateDamaged(SearcherError):
    """The state of the feeds cannot be read."""


class StateNewer(SearcherError):
    """The state of the feeds was written by a newer version of this software."""


class FetchFailed(SearcherError):
    """Nothing was received from a URL."""

    def __init__(self, url: str, reason: str) -> None:
        """
        url: the URL.
        reason: why nothing was received, in words for the user.
        """
        super().__init__(f"{url}: {reason}")
        self.url = url
        self.reason = reason


class AddressRefused(FetchFailed):
    """A URL must never be fetched: it is not http(s), or resolves to a private network."""


class UnknownFeed(SearcherError):
    """There is no subscription or alert with that name."""


class SourceMissing(SearcherError):
    """Files that articles of the index came from are missing or broken, so a rebuild would lose
    these."""


def described(error: Exception) -> str:
    """Return an unexpected error of a library as the reason why something cannot be read."""
    return f"{type(error).__name__}: {str(error)[:_REASON_LENGTH]}"
