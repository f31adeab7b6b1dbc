"""Write `searcher/text/name_rows.txt`, by which names.txt is searched:
`python -m benchmarks.tables.name_rows`, after each change of names.txt.
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from searcher.text.folding import fold

_NAMES = Path(__file__).parents[2] / "searcher/text/names.txt"
_OUT = _NAMES.with_name("name_rows.txt")


def rows(names: bytes) -> bytes:
    """Return the rows of the spellings in names.txt, ascending."""
    found: dict[bytes, list[str]] = defaultdict(list)
    at = 0
    for line in names.splitlines(keepends=True):
        if line.strip() and not line.startswith(b"#"):
            for part in line.decode().rstrip().split("; "):
                held = found[fold(part.rpartition(": ")[0]).replace(" ", "_").encode()]
                # Spellings that differ in accents fold alike.
                if str(at) not in held:
                    held.append(str(at))
        at += len(line)
    return b"".join(b"%b %b\n" % (key, " ".join(found[key]).encode()) for key in sorted(found))


if __name__ == "__main__":
    _OUT.write_bytes(rows(_NAMES.read_bytes()))
