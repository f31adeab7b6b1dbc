"""The members of Whoosh that it does not document and that we use, each with the reason.

Whoosh is pinned to a minor version because of them. `tests/test_columnar_writer.py` fails if one is
missing after an upgrade.

The functions and constants below wrap members of modules. `ColumnarWriter` inherits these from
`SegmentWriter`:

- `_added`, `docbase`, `docnum`: whether documents were added, the first number of the segment, and
  the next one. Our shorter way of adding a document keeps them as Whoosh's way does.
- `_check_fields`, `_unique_fields`: the checks of a document's fields, which are the same for both
  ways.
- `_check_state`: overridden, so that after a failed write only `cancel` is possible.
- `_commit_toc`, `_finish`: overridden, to know which segments are named by a table of contents, and
  to end the processes of `ParallelWriter`.
- the argument `_lk`: false in processes that write segments for the one that holds the lock.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from whoosh.index import _DEF_INDEX_NAME, TOC

if TYPE_CHECKING:
    from collections.abc import Sequence

DEFAULT_INDEX_NAME: str = _DEF_INDEX_NAME
"""The name of an index in its folder, part of the names of its files. Whoosh has no public one."""

WRITER_MEMBERS = (
    "_check_fields",
    "_check_state",
    "_commit_toc",
    "_finish",
    "_unique_fields",
)
"""The private methods of `SegmentWriter` that `ColumnarWriter` uses or overrides."""


def latest_generation(storage: Any, indexname: str = DEFAULT_INDEX_NAME) -> int:
    """Return the number of the last commit, or -1 if there is no index.

    Whoosh's public way opens the index, which can fail while a commit runs.
    """
    return int(TOC._latest_generation(storage, indexname))


def contents_filename(indexname: str, generation: int) -> str:
    """Return the file name of a table of contents, to name it in a message."""
    return str(TOC._filename(indexname, generation))


def segments_of(index: Any) -> Sequence[Any]:
    """Return the segments of an opened index, without opening their files."""
    found: Sequence[Any] = index._segments()
    return found


def documents_reader(reader: Any) -> Any:
    """Return the codec's document reader behind Whoosh's reader of one segment, which has no other
    way to the segment's file."""
    return reader._perdoc
