"""The tokens of a query, from left to right."""

from __future__ import annotations

import re
from dataclasses import dataclass

TOKEN = re.compile(
    r"""(?P<open>\()|(?P<close>\))
    |(?P<sign>[-+!](?=[^\s)|])|=(?=[^\s)|=]))
    |(?P<quote>["“”„«])
    |(?P<expression>/[^\s/"]+/(?=[\s)]|$))
    |(?P<url>https?://[^\s()"]+)
    |(?P<field>[A-Za-z]+(?:[-_][A-Za-z]+)*):(?=\s*[^\s)])
    |(?P<word>\|\|?|(?:(?<=[א-ת])"(?=[א-ת])|[^\s()"“”„«»|])+)
    |(?P<other>\S)""",
    re.VERBOSE,
)
"""A token; the name of its group is its kind. Any character that is no space begins one."""
_WORD = re.compile(r"(?P<word>[^\s()\"“”„«»|]+)")
_DATES = re.compile(r"\s*[\[{][^\]}]*[\]}]")
_CLOSING = {'"': '"', "“": "”“", "”": "”", "„": "“”", "«": "»"}
_NUMBER = re.compile(r"\(\d{1,3}\)")
_DISTANCE = re.compile(r"~(\d+)")


@dataclass(slots=True)
class Lexer:
    """A query, and the place up to which it is read."""

    text: str
    """The query."""
    at: int = 0
    """The character to be read next."""

    def peek(self) -> re.Match[str] | None:
        """Return the next token and go to its begin; None at the end."""
        match = TOKEN.search(self.text, self.at)
        if match:
            self.at = match.start()
        return match

    def following(self, end: int) -> re.Match[str] | None:
        """Return the first token from the character `end` on, and stay."""
        return TOKEN.search(self.text, end)

    def word(self, begin: int) -> re.Match[str] | None:
        """Return the word that begins at a character and go behind it; None if there is none."""
        return self._behind(_WORD.match(self.text, begin))

    def skip_word(self) -> None:
        """Go behind the next word, or to the end."""
        match = _WORD.search(self.text, self.at)
        self.at = match.end() if match else len(self.text)

    def dates(self, begin: int) -> re.Match[str] | None:
        """Return the brackets that begin at a character and go behind them; None if there are
        none."""
        return self._behind(_DATES.match(self.text, begin))

    def distance(self) -> re.Match[str] | None:
        """Return the distance ("~5") that is here and go behind it; None if there is none."""
        return self._behind(_DISTANCE.match(self.text, self.at))

    def with_number(self, word: re.Match[str]) -> int:
        """Return the end of a word with a number in parentheses, as in "AROUND(5)"; 0 if none
        follows."""
        number = _NUMBER.match(self.text, word.end())
        return number.end() if number else 0

    def quoted(self, quote: re.Match[str]) -> tuple[str, bool]:
        """Return the text behind a quote up to its closing one or the end, and whether it is
        closed. Go behind it."""
        ends = (self.text.find(mark, quote.end()) for mark in _CLOSING[quote.group()])
        end = min((found for found in ends if found >= 0), default=-1)
        if end < 0:
            self.at = len(self.text)
            return self.text[quote.end() :], False
        self.at = end + 1
        return self.text[quote.end() : end], True

    def _behind(self, match: re.Match[str] | None) -> re.Match[str] | None:
        if match:
            self.at = match.end()
        return match
