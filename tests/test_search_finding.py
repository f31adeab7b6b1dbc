"""Help for searches: corrections, suggestions, advice for empty results, broadening, and similar
articles.

Covers search: advice, corrections, relevance_model, similar and suggestions.
"""

from __future__ import annotations

from dataclasses import replace

import pytest
from fakes import NOW, filled, make_article
from hypothesis import given, settings
from hypothesis import strategies as st

from searcher.clock import FixedClock
from searcher.engine.memory import MemoryEngine
from searcher.query.parser import parse
from searcher.search.advice import MOST_CLAUSES, diagnose
from searcher.search.request import Request
from searcher.search.service import SearchService

ARTICLES = [
    make_article("1", "Grain ships leave Odesa", "The first grain ships left the harbour of Odesa.", published="2022-08-01"),
    make_article("2", "Grain deal extended", "The grain deal of Istanbul was extended by the harbour towns.", published="2022-11-01"),
    make_article("3", "Grain deal ends", "The grain deal of Istanbul ended; the harbour is empty.", published="2023-07-17"),
    make_article("4", "Volcano wakes", "A volcano in Iceland woke. Lava flowed past the harbour.", source="Gazette"),
    make_article("5", "Volcano sleeps", "The volcano sleeps; lava is cold.", source="Courier"),
    make_article("6", "Le volcan dort", "Le volcan dort et la lave est froide.", language="fr"),
    make_article("7", "Cafés reopen", "Cafés reopen in every town.", published="2021-05-19"),
]  # fmt: skip


@pytest.fixture
def service(engine):
    return SearchService(filled(engine, ARTICLES), FixedClock(NOW))


def ids(hits) -> str:
    return "".join(sorted(hit.article.id for hit in hits.hits))


def test_an_error_is_corrected_when_nothing_else_is_found(service):
    hits = service.run("volcnao")
    assert (ids(hits), hits.correction) == ("45", ("volcano", True))
    verbatim = service.run(Request("volcnao", verbatim=True))
    assert (verbatim.total, verbatim.correction) == (0, None)


def test_a_correction_is_offered_when_something_is_found(service):
    hits = service.run("grain extendedd")
    assert ids(hits) == "123"
    assert hits.correction == ("grain extended", False)


def test_what_is_no_slip_of_the_fingers_is_only_offered(service):
    hits = service.run("luva")
    assert (hits.total, hits.correction) == (0, ("lava", False))


@pytest.mark.parametrize(
    "query",
    ["macron", "volcano", "volcanoes", "xqzw", "=volcnao", '"volcnao"', "vol", "-volcnao grain"],
)
def test_no_correction(service, query):
    assert service.run(query).correction is None


def test_corrections_are_of_the_language_asked_for(service):
    assert service.run("volcann lang:fr").correction == ("volcan lang:fr", True)
    assert service.run("volcann lang:en").correction == ("volcano lang:en", False)


def test_all_errors_of_a_query_are_corrected_where_they_stand(service):
    hits = service.run("+harbuor (volcnao OR extendedd)")
    assert hits.correction.query == "+harbour (volcano OR extended)"


@pytest.mark.parametrize(
    ("request_", "advice"),
    [
        (Request("+grain +volcano"), {("+volcano", "+grain", 3), ("+grain", "+volcano", 2)}),
        (Request("+grain +xqzw"), {("+xqzw", "+grain", 3)}),
        (Request("grain lang:fr"), {("lang:fr", "grain", 3), ("grain", "lang:fr", 1)}),
        (Request("volcano", source="nowhere"), {("source:nowhere", None, 2)}),
        (Request("grain before:1990"), {("before:1990", "grain", 3)}),
        (Request("grain", before="1990"), {("before:1990-01-01", None, 3)}),
        (
            Request("title:(lava OR lave) volcano", lang="en"),
            {("title:(lava OR lave)", "volcano", 2)},
        ),
        (Request("xqzw"), set()),
        (Request(""), set()),
    ],
)
def test_advice_on_an_empty_result(service, request_, advice):
    hits = service.run(request_)
    assert hits.total == 0
    assert {found[:3] for found in hits.advice} == advice
    assert all(found.kind == "without" for found in hits.advice)


def test_advice_where_several_parts_empty_the_result(service):
    hits = service.run("+grain +volcan +xqzw")
    assert hits.advice == (("+grain", "+grain", 3, "only"), ("+volcan", "+volcan", 1, "only"))
    hits = service.run(Request("grain", lang="zh", source="nowhere"))
    assert hits.advice == (("grain", "grain", 3, "only"),)
    assert service.run('"grain lava"').advice == (("grain lava", "grain lava", 6, "only"),)


def test_advice_counts_what_its_query_finds(service):
    hits = service.run("grain deal AND xqzw")
    assert {(one.query, one.total) for one in hits.advice} == {("grain deal", 2)}


class FastClock(FixedClock):
    """A clock that goes on by a tenth of a second whenever it is read."""

    def monotonic(self):
        self.seconds += 0.1
        return self.seconds


def test_all_advice_together_has_a_deadline(engine):
    service = SearchService(filled(engine, ARTICLES), FastClock(NOW))
    assert service.run("+grain +xqzw").advice == (("+xqzw", "+grain", 3, "without"),)
    later = service.run("+xqzw +xqzv +xqzu +xqzt +xqzs +grain")
    assert (later.total, later.advice) == (0, ())


def test_the_cost_of_advice_is_bounded():
    counted = []

    def count(query, filtered):
        counted.append(query)
        return 0

    words = " ".join(f'+"x{number} y{number}"' for number in range(MOST_CLAUSES + 8))
    assert diagnose(parse(words, NOW), count) == ()
    # One query without each clause, one with each clause alone, one with the words of each phrase.
    assert len(counted) == 3 * MOST_CLAUSES


def test_broadening_a_group_or_nothing(service):
    for query, typed in (
        ("(grain OR lava)", {"grain", "lava"}),
        ('"grain deal"~3', {"grain", "deal"}),
        ("grain*", set()),
    ):
        plain, broad = service.run(query), service.run(Request(query, broaden=True))
        assert broad.added
        assert not typed & set(broad.added)
        assert [hit.score for hit in plain.hits] != [hit.score for hit in broad.hits]
    assert service.run(Request("lang:en", broaden=True)).added == ()


def test_no_advice_where_something_is_found(service):
    assert service.run("grain").advice == ()


def test_the_words_that_broaden_are_shown_and_removed(service):
    plain, broad = service.run("grain"), service.run(Request("grain", broaden=True))
    assert plain.total <= broad.total
    assert plain.added == ()
    assert "deal" in broad.added
    assert "grain" not in broad.added
    without = service.run(Request("grain", broaden=True, without=("deal",)))
    assert "deal" not in without.added


def test_broadening_what_finds_nothing(service):
    assert service.run(Request("xqzw", broaden=True)).added == ()


def test_more_like_an_article(service):
    hits, words = service.similar.find("2")
    assert next(iter(hits)).article.id == "3"
    assert "2" not in {hit.article.id for hit in hits}
    assert {"deal", "istanbul"} <= set(words)
    assert service.similar.find("none") is None


def test_suggestions(service):
    assert service.suggestions.complete("volc")[0] == "volcano"
    assert "volcan" in service.suggestions.complete("volc")
    assert "grain deal" in service.suggestions.complete("grain d")
    assert "grain deal" in service.suggestions.complete("grain ")
    assert "cafes" in service.suggestions.complete("café")
    assert "cafes" in service.suggestions.complete("CAFE")
    assert service.suggestions.complete("the grain de")[0].startswith("the grain de")
    assert len(service.suggestions.complete(" ".join("abcdefghij") + " gr")) == 0
    for text in ("", " ", "x", '"grain', "grain:", "(", "\0"):
        assert service.suggestions.complete(text) == ()


def test_what_was_asked_before_is_suggested(service):
    service.run("lava harbour")
    assert "lava harbour" not in service.suggestions.complete("lav")
    service.run("Lava harbour")
    service.run(Request("lava harbour", page=2))
    service.run(Request("lava harbour", sort="newest"))
    assert "lava harbour" not in service.suggestions.complete("lav")
    service.run("grain")
    service.run("Lava harbour")
    assert service.suggestions.complete("lav")[0] == "lava harbour"


@settings(max_examples=60)
@given(st.text(st.sampled_from('grain volc-+="()~*: aé中ش\0'), max_size=24))
def test_nothing_that_is_typed_raises(text):
    service = SearchService(filled(MemoryEngine(), ARTICLES), FixedClock(NOW))
    for request in (
        Request(text),
        Request(text, broaden=True, explain=True),
        Request(text, lang="fr", match_all=True),
    ):
        hits = service.run(request)
        assert hits.total >= len(hits.hits)
        for advice in hits.advice:
            if advice.query is not None and advice.kind == "without":
                again = replace(request, query=advice.query, broaden=False, verbatim=True)
                assert service.run(again).total == advice.total
    service.suggestions.complete(text)
