"""Precision and recall of recognising spellings of one name:

python -m benchmarks.names DATA

DATA is a folder with names/dev.json, or another file of its form: `pairs` of spellings of one name,
some of them `exonyms`, and pairs of `different` names. Each pair is judged by the table and by
letters, as for a word of a query.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path

from searcher.text.exonyms import spellings
from searcher.text.folding import fold
from searcher.text.names import is_same_name, key, keys


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path, help="folder with names/dev.json, or such a file")
    folder = parser.parse_args().data
    found = json.loads(
        (folder / "names" / "dev.json" if folder.is_dir() else folder).read_text("utf-8")
    )
    same, different = ([tuple(pair) for pair in found[name]] for name in ("pairs", "different"))
    begin = time.perf_counter()
    met = [pair for pair in same if _is_one(*pair)]
    wrong = [pair for pair in different if _is_one(*pair)]
    spent = (time.perf_counter() - begin) / (len(same) + len(different))
    precision, recall = len(met) / max(len(met) + len(wrong), 1), len(met) / len(same)
    print(f"precision {precision:.3f}, recall {recall:.3f}, {spent * 1e6:.0f} µs a pair")
    print("missed:", ", ".join("/".join(pair) for pair in same if pair not in met) or "none")
    print("taken for one:", ", ".join("/".join(pair) for pair in wrong) or "none")


def _is_one(first: str, second: str) -> bool:
    """Return whether a query for `first` finds `second` in an index that has it as a name."""
    if fold(second) in {fold(spelling.text) for spelling in spellings(first)}:
        return True
    return key(fold(second)) in keys(first) and is_same_name(first, second)


if __name__ == "__main__":
    main()
