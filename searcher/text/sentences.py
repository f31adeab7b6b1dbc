"""Where sentences begin."""

from __future__ import annotations

import re
from collections.abc import Iterator

_END = re.compile(r"[.!?…]+[\"'”’»)\]]*\s+|[。！？]+[」』”]*")
_ABBREVIATION = re.compile(
    r"(?:\b[^\W\d_]|\b(?:mr|mrs|ms|dr|st|lt|col|gen|sen|rep|gov|prof|vs|no|inc|ltd|corp|co|jan|feb|mar|apr|jun|jul|aug|"
    r"sept?|oct|nov|dec|bzw|usw|ca|nr|sr|sra|ст|г|им))\.$",
    re.IGNORECASE,
)
_LOOK_BACK = 8


def sentence_starts(text: str) -> Iterator[int]:
    """The offsets at which sentences of `text` begin, ascending; 0 is one. A full stop of an
    abbreviation ends none."""
    if text:
        yield 0
    for match in _END.finditer(text):
        at = match.end()
        stop = match.start() + 1
        if at < len(text) and not _ABBREVIATION.search(text[max(0, stop - _LOOK_BACK) : stop]):
            yield at
