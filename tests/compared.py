"""Texts to compare, and what is true of every comparison."""

from __future__ import annotations

from fakes import make_article

FERRY = "The ferry to the islands stopped sailing on Monday after a crack was found in its hull."
ENGINEERS = "Engineers from the shipyard in Rotterdam will examine the vessel within two weeks."
HOTELS = "Hotels on the islands reported hundreds of cancelled bookings for the summer holidays."
MAYOR = "Mayor Jonas Lindqvist asked the navy for help with medicines and fresh vegetables."


def story(*paragraphs, headline="", **fields):
    return make_article("x", headline, "\n\n".join(paragraphs), **fields)


def check(found):
    """Check that the spans of each side give its text back, in its order."""
    for side, texts in enumerate((found.first, found.second)):
        spans = [span for row in found.rows for _, span in row.spans(side)]
        assert spans == sorted(spans)
        given_back = [""] * len(texts)
        for paragraph, start, end in spans:
            assert start == len(given_back[paragraph])
            given_back[paragraph] += texts[paragraph][start:end]
        assert tuple(given_back) == texts
        numbers = [number for row in found.rows for number in (row.first, row.second)[side]]
        assert numbers == list(range(not (found.first[0] or found.second[0]), len(texts)))
    for row in found.rows:
        for part in row.parts:
            assert (part.first is None) == (
                part.kind == "added" or (part.moved is not None and part.second is not None)
            )
            assert (part.second is None) == (
                part.kind == "cut" or (part.moved is not None and part.first is not None)
            )
