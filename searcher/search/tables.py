"""Answers as CSV tables, which spreadsheets open."""

from __future__ import annotations

import csv
import io
import re

from searcher.search.attention import Attention

_FORMULA = re.compile("'*(?:[\t\r\n]|\\s*[-=+@－＝＋＠])")
"""Beginnings of a cell that a spreadsheet may take for a formula ("CSV Injection", OWASP), also
after white space and in full width, and those that an apostrophe hides already."""


def attention_csv(attention: Attention) -> str:
    """Return a row for each period, with a head. Lines end as RFC 4180 says."""
    file = io.StringIO()
    table = csv.writer(file)
    table.writerow(("start", "end", "articles", "all_articles", "share", "words", "headline"))
    about = {peak.place: peak.about for peak in attention.peaks}
    for place, period in enumerate(attention.periods):
        peak = about.get(place)
        table.writerow(
            (
                period.start,
                period.end,
                period.count.articles,
                period.count.all_articles,
                f"{period.count.share:.6f}",
                defused(", ".join(peak.words)) if peak else "",
                defused(peak.headline) if peak else "",
            )
        )
    return file.getvalue()


def defused(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula: with an apostrophe in front if it
    begins like one. `undefused` is the inverse."""
    return f"'{text}" if _FORMULA.match(text) else text


def undefused(cell: str) -> str:
    """Return the text of which `defused` made a cell."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell
