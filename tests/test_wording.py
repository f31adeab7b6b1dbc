"""Sentences that can be said in other languages.

Covers wording.
"""

from __future__ import annotations

import copy
import json
import pickle

from searcher.wording import said, said_of


def test_a_sentence_is_its_english_text():
    found = said("only the first %(most)s words were read", most=4096)
    assert found == "only the first 4,096 words were read"
    assert json.dumps({"message": found}) == '{"message": "only the first 4,096 words were read"}'
    assert hash(found) == hash(str(found))


def test_a_number_chooses_the_form():
    texts = [said_of("%(count)s day", "%(count)s days", count) for count in (0, 1, 2)]
    assert texts == ["0 days", "1 day", "2 days"]


def test_copies_remember_how_they_were_made():
    found = said_of("%(count)s hour %(name)s", "%(count)s hours %(name)s", 3, name="apart")
    for one in (copy.copy(found), copy.deepcopy(found), pickle.loads(pickle.dumps(found))):
        assert (one, one.template, one.many, one.amount, dict(one.values)) == (
            "3 hours apart",
            "%(count)s hour %(name)s",
            "%(count)s hours %(name)s",
            3,
            {"count": 3, "name": "apart"},
        )
