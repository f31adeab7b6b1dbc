"""The contract of engines, checked for each engine: writing, snapshots, locks and threads.

Covers engine: protocol, searches, base, memory and whoosh_engine; errors.
"""

from __future__ import annotations

import dataclasses
import inspect
import pickle
import threading
from datetime import UTC, datetime

import pytest
from contract import ARTICLES, fill, found
from fakes import NOW, day, make_article

from searcher.article import Timestamp
from searcher.engine.places import Place
from searcher.engine.searches import Ranking, Search
from searcher.errors import IndexLocked, IndexMissing
from searcher.query.parser import parse
from searcher.query.tree import Narrowing


def test_an_article_replaces_one_with_its_id(engine):
    fill(engine)
    with engine.writer() as writer:
        writer.add(make_article("1", "Other words"))
        writer.add(make_article("8", "First draft"))
        writer.add(make_article("8", "Second draft"))
        writer.add(make_article("9", "Never seen"))
        writer.delete("9")
        writer.delete("nosuchid")
    assert found(engine, "grain") == ["2"]
    assert found(engine, "draft") == ["8"]
    assert found(engine, "first OR never") == []
    snapshot = engine.snapshot()
    assert snapshot.count == len(ARTICLES) + 1
    assert snapshot.article("8").headline == "Second draft"
    assert snapshot.article("9") is None
    assert {article.id for article in snapshot.articles()} == set("12345678")
    assert {article.id for article in engine.stored_articles()} == set("12345678")
    assert list(snapshot.check()) == []
    snapshot.close()


def test_an_article_that_another_process_prepared_is_the_article(engine):
    with engine.writer() as writer:
        for article in ARTICLES:
            writer.add(pickle.loads(pickle.dumps(engine.prepare(article))))
    assert found(engine, "grain") == found(fill(engine), "grain") != []
    snapshot = engine.snapshot()
    assert sorted(snapshot.articles(), key=lambda article: article.id) == sorted(
        ARTICLES, key=lambda article: article.id
    )
    assert list(snapshot.check()) == []
    snapshot.close()


def test_deleting_everything_leaves_an_index_that_finds_nothing(engine):
    fill(engine)
    with engine.writer() as writer:
        for article in ARTICLES:
            writer.delete(article.id)
    assert found(engine, "grain OR -grain") == []
    snapshot = engine.snapshot()
    assert snapshot.count == 0
    assert snapshot.facet("language") == {}
    snapshot.close()


def test_articles_come_back_as_they_were(engine):
    article = make_article(
        "id with spaces/ü",
        "Headline “quoted”",
        "One.\n\nTwo \U0001f600.",
        authors=("A", "B"),
        source="S",
        section="X",
        published=Timestamp(datetime(2022, 6, 26, 10, 15, 1, tzinfo=UTC), "second", "json-ld"),
        updated=day("2022-06-27"),
        url="https://example.org/a",
        warnings=("odd",),
    )
    snapshot = fill(engine, [article]).snapshot()
    assert snapshot.article(article.id) == article
    assert snapshot.article(article.id).content_hash == article.content_hash
    snapshot.close()


def test_a_snapshot_does_not_change(engine):
    before = fill(engine).snapshot()
    with engine.writer() as writer:
        writer.delete("1")
        writer.add(make_article("new", "Grain grain"))
    after = engine.snapshot()
    query = parse("grain", NOW)
    assert sorted(a.id for a, _ in before.search(Search(query, limit=9)).ranked) == [
        "1",
        "2",
    ]
    assert sorted(a.id for a, _ in after.search(Search(query, limit=9)).ranked) == [
        "2",
        "new",
    ]
    assert before.article("1") == ARTICLES[0]
    assert before.generation < after.generation
    before.close()
    after.close()


def test_a_cancelled_change_leaves_no_trace(engine):
    fill(engine)
    with pytest.raises(RuntimeError), engine.writer() as writer:
        writer.delete("1")
        writer.add(make_article("new", "Grain"))
        raise RuntimeError
    assert sorted(found(engine, "grain")) == ["1", "2"]
    with engine.writer():
        pass


def test_writing_afresh_drops_what_was_there_only_with_the_commit(engine):
    fill(engine)
    writer = engine.writer(afresh=True)
    writer.add(make_article("only", "Grain"))
    assert sorted(found(engine, "grain")) == ["1", "2"]
    writer.commit()
    assert found(engine, "grain") == ["only"]
    assert found(engine, "-grain") == []


def test_a_second_writer_waits_then_gives_up(engine):
    first = engine.writer()
    with pytest.raises(IndexLocked):
        engine.writer(wait=0.1)
    timer = threading.Timer(0.3, first.commit)
    timer.start()
    engine.writer(wait=10).cancel()
    timer.join()


def test_without_an_index_there_is_no_snapshot(engine):
    assert not engine.exists()
    with pytest.raises(IndexMissing):
        engine.snapshot()


def test_a_writer_makes_an_empty_index_where_there_is_none(engine):
    engine.writer().cancel()
    assert engine.exists()
    assert found(engine, "grain OR -grain") == []


def test_a_search_is_one_value_and_a_ranking_is_made_by_keyword(engine):
    with fill(engine).snapshot() as snapshot:
        assert list(inspect.signature(snapshot.search).parameters) == ["search"]
        search = Search(parse("grain", NOW))
        assert snapshot.search(search) == snapshot.search(dataclasses.replace(search))
        with pytest.raises(dataclasses.FrozenInstanceError):
            search.limit = 5
    with pytest.raises(TypeError):
        Ranking(0, 0)


def test_a_spent_time_budget_cuts_the_search_short_with_a_warning(engine):
    snapshot = fill(engine).snapshot()
    ranking = snapshot.search(Search(parse("grain odesa", NOW), limit=9, seconds=-1.0))
    assert any("cut short" in warning.message for warning in ranking.warnings)
    snapshot.close()


def test_a_search_cut_short_finds_a_part_of_the_truth_and_nothing_excluded(engine):
    snapshot = fill(engine).snapshot()
    for text in (
        "grain -odesa",
        "-odesa",
        "odesa -(grain -ships)",
        "-odes*",
        "od* -gr*",
        "storm OR -grain",
        "+grain odesa",
    ):
        query = parse(text, NOW)
        complete = {article.id for article, _ in snapshot.search(Search(query, limit=99)).ranked}
        for seconds in (-1.0, 0.0, 1e-5, 1e-4, 3e-4, 1e-3):
            ranking = snapshot.search(Search(query, limit=99, seconds=seconds))
            found_in_time = {article.id for article, _ in ranking.ranked}
            assert found_in_time <= complete, text
            assert found_in_time == complete or any(
                "cut short" in warning.message for warning in ranking.warnings
            )
    snapshot.close()


COPIES = [
    make_article(name, "Grain", text, source=source, published=published)
    for name, text, source, published in (
        ("a", "Ships left.", "Alpha", "2022-01-02"),
        ("b", "Ships left.", "Beta", "2022-01-03"),
        ("c", "Ships left today.", "Gamma", "2022-01-04"),
        ("d", "Ships left.", "Beta", "2022-01-03"),
        ("e", "Ships came.", "Beta", "2022-01-01"),
        ("f", "Ships came.", "Delta", None),
    )
]
"""Two groups of copies, a to d, and e by itself, which f has no place beside."""


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("copies:hide", "aef"),
        ("copies:show", "abcdef"),
        ("ships copies:hide", "aef"),
        ("ships copies:hide source:Beta", "be"),
        ("source:Gamma copies:hide", "c"),
        ("copies:hide -source:Alpha", "bef"),
        ("today copies:hide", "c"),
        ("left today copies:hide", "c"),
        ("came copies:hide", "ef"),
        ("(copies:hide today) OR came", "cef"),
        ("nothing copies:hide", ""),
    ],
)
def test_of_copies_the_first_is_shown_of_those_that_the_rest_finds(engine, text, ids):
    fill(engine, COPIES)
    with engine.writer() as writer:
        for name in "abcd":
            writer.place(name, Place(story=1, copies=1))
        writer.place("e", Place(story=1))
    counts = ("source",)
    with engine.snapshot() as snapshot:
        result = snapshot.search(Search(parse(text, NOW), facets=counts, sort="oldest"))
        by_story = snapshot.search(Search(parse(text, NOW), by_story=True))
        chosen = (Narrowing("source", parse("source:Beta", NOW).root),)
        narrowed = dataclasses.replace(parse(text, NOW), narrowed=chosen)
        of_beta = snapshot.search(Search(narrowed, facets=counts))
    shown = result.ranked[: result.total]
    assert sorted(article.id for article, _ in shown) == list(ids)
    assert sum(result.facets["source"].values()) == result.total == len(ids)
    assert result.total_copies == sum(one in "abcd" for one in ids[1:] if "a" in ids[:1])
    assert by_story.total == result.total
    assert of_beta.facets == result.facets
    assert of_beta.total <= 3


def test_readers_in_threads_agree(engine):
    fill(
        engine,
        [make_article(str(number), "Grain deal", f"ship number {number}") for number in range(50)],
    )
    expected = found(engine, "grain ship deal")
    results: list[list[str]] = []
    threads = [
        threading.Thread(
            target=lambda: results.extend(found(engine, "grain ship deal") for _ in range(5))
        )
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 20
    assert all(result == expected for result in results)
