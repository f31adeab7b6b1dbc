"""Write `searcher/text/han.txt`: `python -m benchmarks.tables.han DICTIONARIES`.

DICTIONARIES is the folder of dictionaries of OpenCC (Apache License 2.0), as the package
opencc-python-reimplemented has it.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

_OUT = Path(__file__).parents[2] / "searcher/text/han.txt"
_HEAD = """\
# Characters of Chinese and Japanese that are variants of another one, and that one: traditional
# and simplified, regional, and Japanese. Made by benchmarks/tables/han.py from the dictionaries of
# OpenCC (Apache License 2.0, github.com/BYVoid/OpenCC).
"""
_PAIRS = 20
"""Number of pairs of characters on a line."""


def _rows(path: Path) -> Iterator[tuple[str, str]]:
    """Yield the characters of a dictionary, each with its first variant."""
    for line in path.read_text("utf-8").splitlines():
        one, _, others = line.partition("\t")
        if len(one) == 1 and others and len(other := others.split()[0]) == 1:
            yield one, other


def _is_simplified(char: str) -> bool:
    """Return whether a character is in the standard of simplified Chinese, where it may be another
    word."""
    try:
        char.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


_NAMES = {
    "髙": "高",
    "﨑": "崎",
    "𠮷": "吉",
    "栁": "柳",
    "邉": "边",
    "邊": "边",
    "濵": "滨",
    "𣘺": "桥",
    "槗": "桥",
}
"""Variants in Japanese names (kSemanticVariant and kZVariant of Unihan) that OpenCC lacks."""


def variants(folder: Path) -> dict[str, str]:
    """Return the simplified character of each variant."""
    found = {one: other for one, other in _rows(folder / "TSCharacters.txt") if one != other}
    for name in ("TWVariants.txt", "HKVariants.txt", "JPVariants.txt"):
        for standard, variant in _rows(folder / name):
            if not _is_simplified(variant):
                found.setdefault(variant, found.get(standard, standard))
    for variant, standard in _NAMES.items():
        found.setdefault(variant, found.get(standard, standard))
    for one, other in found.items():
        for _ in range(3):
            other = found.get(other, other)
        found[one] = other
    return {one: other for one, other in sorted(found.items()) if one != other}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("dictionaries", type=Path)
    pairs = [one + other for one, other in variants(parser.parse_args().dictionaries).items()]
    lines = ["".join(pairs[at : at + _PAIRS]) for at in range(0, len(pairs), _PAIRS)]
    _OUT.write_text(_HEAD + "\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main()
