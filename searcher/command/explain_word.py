"""The command that prints how a word is analysed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import click

from searcher.clock import SystemClock
from searcher.command.options import FOUND, NOTHING, print_json
from searcher.query.parser import parse
from searcher.text.analyzer import LANGUAGES, stems
from searcher.text.endings import has_table, lemma
from searcher.text.exonyms import spellings
from searcher.text.folding import fold
from searcher.text.listed_forms import listed_lemma
from searcher.text.names import keys
from searcher.text.tokens import lookups, surfaces


@click.command(name="explain-word")
@click.argument("words", metavar="WORD", nargs=-1, required=True)
@click.option(
    "--lang",
    "languages",
    metavar="CODE",
    multiple=True,
    default=("en",),
    show_default=True,
    help="A language (ISO 639-1) to analyse it in; may be repeated.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the analysis as JSON.")
def explain_word(words: Sequence[str], languages: Sequence[str], as_json: bool) -> int:
    """Print how a word is analysed: its folded form, lemma, stems, keys and spellings.

    No index is needed. Add the output to a report when a word does not find what it should.
    """
    text = " ".join(words)
    analysis = analysed(text, languages)
    if as_json:
        print_json(analysis)
    else:
        for line in _lines(analysis):
            click.echo(line)
    return FOUND if analysis["tokens"] else NOTHING


def analysed(text: str, languages: Sequence[str]) -> dict[str, object]:
    """Return the analysis of a text, as JSON: its tokens with their pieces, the spellings of the
    table of names, and the warnings of the query parser."""
    return {
        "text": text,
        "tokens": [_token(surface, languages) for surface in surfaces(text)],
        "spellings": [spelling.text for spelling in spellings(text)],
        "warnings": [warning.message for warning in parse(text, SystemClock().now()).warnings],
    }


def _token(surface: str, languages: Sequence[str]) -> dict[str, object]:
    """Return the analysis of a token: each way in which a text may have it, as pieces side by
    side."""
    return {
        "token": surface,
        "code points": " ".join(f"U+{ord(char):04X}" for char in surface),
        "name keys": list(keys(fold(surface))),
        "ways": [
            [
                {
                    "form": piece.form,
                    "languages": {code: _analysis(piece.lower, code) for code in languages}
                    if piece.lower
                    else {},
                }
                for piece in way
            ]
            for way in lookups(surface)
        ],
    }


def _analysis(lower: str, language: str) -> dict[str, object]:
    """Return what is known of a lower-case word in a language."""
    folded = fold(lower)
    return {
        "known language": language in LANGUAGES,
        "listed lemma": listed_lemma(folded, language),
        "lemma by ending": lemma(folded, language) if has_table(language) else None,
        "terms": list(stems(lower, language)),
    }


def _lines(analysis: object, depth: int = 0) -> Iterator[str]:
    """Yield the lines of an analysis: a name and its value, and parts below it. Values that are
    empty are left out."""
    begin = "  " * depth
    for name, value in analysis.items() if isinstance(analysis, dict) else ():
        if isinstance(value, dict):
            yield f"{begin}{name}:"
            yield from _lines(value, depth + 1)
        elif isinstance(value, list) and value and not isinstance(value[0], str):
            yield from _parts(name, value, depth)
        elif isinstance(value, list):
            if value:
                yield f"{begin}{name}: {', '.join(value)}"
        elif value is not None and value is not True:
            yield f"{begin}{name}: {'no' if value is False else value}"


def _parts(name: str, values: Sequence[object], depth: int) -> Iterator[str]:
    """Yield the lines of a list of parts, each with its number if there are several."""
    for number, value in enumerate(values, 1):
        yield f"{'  ' * depth}{name}{f' {number}' if len(values) > 1 else ''}:"
        inner = value if isinstance(value, dict) else {"piece": value}
        yield from _lines(inner, depth + 1)
