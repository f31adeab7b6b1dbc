"""Beginnings of sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator

_END = re.compile(r"[.!?…]+[\"'”’»)\]]*\s+|[。！？]+[」』”]*")
"""The end of a sentence."""
_ABBREVIATION = re.compile(
    r"(?:\b[^\W\d_]|\b(?:mr|mrs|ms|dr|st|lt|col|gen|sen|rep|gov|prof|vs|no|inc|ltd|corp|co|jan|feb|mar|apr|jun|jul|aug|"
    r"sept?|oct|nov|dec|bzw|usw|ca|nr|sr|sra|ст|г|им))\.$",
    re.IGNORECASE,
)
"""An abbreviation, whose full stop ends no sentence."""
_LOOK_BACK = 8
"""Number of characters before a full stop in which an abbreviation is looked for."""


def sentence_starts(text: str) -> Iterator[int]:
    """Yield the offsets at which sentences of `text` begin, ascending, from 0 on."""
    if text:
        yield 0
    for match in _END.finditer(text):
        at = match.end()
        stop = match.start() + 1
        if at < len(text) and not _ABBREVIATION.search(text[max(0, stop - _LOOK_BACK) : stop]):
            yield at
