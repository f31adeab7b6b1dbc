"""Answers as CSV tables, which spreadsheets open."""

from __future__ import annotations

import csv
import io
import re

from searcher.search.attention import Attention

_PERIOD = ("start", "end", "articles", "all_articles", "share")
_FORMULA = re.compile("'*(?:[\t\r\n]|\\s*[-=+@－＝＋＠])")
"""Beginnings of a cell that a spreadsheet may take for a formula ("CSV Injection", OWASP), also
after white space and in full width, and those that an apostrophe hides already."""


def attention_csv(attention: Attention) -> str:
    """Return a row for each period, with a head. Lines end as RFC 4180 says."""
    file = io.StringIO()
    table = csv.writer(file)
    table.writerow(
        (*_PERIOD, "words", "headline", "stories", "story", "story_articles", "story_title")
    )
    labels = {peak.place: peak.label for peak in attention.peaks}
    for place, period in enumerate(attention.periods):
        label = labels.get(place)
        about, story = (label.about, label.story) if label else (None, None)
        table.writerow(
            (
                period.start,
                period.end,
                period.count.articles,
                period.count.all_articles,
                f"{period.count.share:.6f}",
                defused(", ".join(about.words)) if about else "",
                defused(about.headline) if about else "",
                period.stories,
                defused(story.id) if story else "",
                story.articles if story else "",
                defused(story.title) if story else "",
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
