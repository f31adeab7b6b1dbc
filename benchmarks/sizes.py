"""Size of an index by array: `python -m benchmarks.sizes INDEX [INDEX ...]`.

One column for each index, one row for each array of its segments, the largest first. Rows of less
than SMALL of an index are added up. Sizes are in MB (1,000,000 bytes). A catalogue is not a part of
a peer's index: a line without it follows.
"""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path

from searcher.columnar.files.segment_file import SegmentFile

SMALL = 0.002
"""Part of an index. Arrays that are smaller share the last row."""
_MB = 1e6
_CATALOGUE = "catalogue.sqlite"


def sizes(folder: Path) -> Counter[str]:
    """Return the bytes of an index by array of its segments, and by other file.

    A folder without segments is one row for each kind of file. Raises FileDamaged.
    """
    found: Counter[str] = Counter()
    for path in folder.rglob("*"):
        if path.suffix == ".col":
            found.update(_arrays(path))
        elif path.is_file():
            found[path.name if path.name == _CATALOGUE else path.suffix or path.name] += (
                path.stat().st_size
            )
    return found


def _arrays(path: Path) -> Counter[str]:
    """Return the bytes of a segment's file by array; checksums, directory and padding as one."""
    data = path.read_bytes()
    file = SegmentFile(data, str(path))
    found = Counter({name: file.array(name).view.nbytes for name in file.names()})
    found["checksums, directory, padding"] = len(data) - found.total()
    return found


def show(columns: dict[str, Counter[str]]) -> None:
    """Print the table. columns: the bytes by row, by the name of the index."""
    totals = {name: column.total() for name, column in columns.items()}
    rows = Counter[str]()
    for column in columns.values():
        rows.update(column)
    large = [
        row
        for row, _ in rows.most_common()
        if any(column[row] >= SMALL * totals[name] for name, column in columns.items())
    ]
    print("| MB |", " | ".join(columns), "|")
    print("| --- |", " --- |" * len(columns))
    for row in large:
        _line(row, [column[row] for column in columns.values()])
    others = [
        sum(size for row, size in one.items() if row not in large) for one in columns.values()
    ]
    _line("others", others)
    _line("**all**", list(totals.values()))
    _line("without the catalogue", [one.total() - one[_CATALOGUE] for one in columns.values()])


def _line(name: str, figures: list[int]) -> None:
    print(f"| {name} |", " | ".join(f"{figure / _MB:,.2f}" for figure in figures), "|")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("index", type=Path, nargs="+", help="folders of indexes")
    folders: list[Path] = parser.parse_args().index
    show({folder.name: sizes(folder) for folder in folders})


if __name__ == "__main__":
    main()
