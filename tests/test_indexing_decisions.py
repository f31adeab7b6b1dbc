"""Decisions of the indexer (indexing.file_intake, report, identity.Resolution), without a disk."""

from __future__ import annotations

import pytest
from fakes import day, make_article

from searcher.article import Origin, content_id
from searcher.indexing.catalogue import Held
from searcher.indexing.file_intake import (
    Arrival,
    Change,
    Decision,
    FileIntake,
    decide,
    is_newer,
    left,
)
from searcher.indexing.identity import Resolution
from searcher.indexing.report import Report, pruned, renewed

ARCHIVE = "fetched/2024-06-001.warc.gz"


def held(file="a.txt", part=1, content="x", version=None, **fields) -> Held:
    return Held("1", file, part, content, version, fields.pop("anonymous", False), **fields)


def article(headline="Ferry", file="a.jsonl", part=1, published="2024-01-01", article_id="1"):
    return make_article(
        article_id, headline, "Text.", origin=Origin(file, part), published=day(published)
    )


def give(intake, new, stored, exists):
    return intake.article(Arrival(Held.of(new), new), stored, exists)


@pytest.mark.parametrize(
    ("new", "stored", "earlier", "exists", "expected"),
    [
        (held(), None, None, False, Decision.ADD),
        (held(), held(), None, True, Decision.UNCHANGED),
        (held(content="y"), held(), None, True, Decision.UPDATE),
        (held("b.txt"), held("a.txt"), None, True, Decision.UNCHANGED),
        (held("b.txt"), held("a.txt"), None, False, Decision.UPDATE),
        (held("b.txt", content="y"), held("a.txt"), None, True, Decision.OLDER),
        (held("a.txt", content="y"), held("b.txt"), None, True, Decision.UPDATE),
        (held("b.txt", content="y", version=2), held("a.txt", version=1), None, True, Decision.UPDATE),
        (held("a.txt", content="y", version=1), held("b.txt", version=2), None, True, Decision.OLDER),
        (held("a.txt", content="y", version=1), held("b.txt", version=2), None, False, Decision.UPDATE),
        (held(part=1, content="y", version=1), held(part=2, version=2), None, True, Decision.WAIT),
        (held(part=2, content="y", version=1), held(part=1, version=2), None, True, Decision.UPDATE),
        (held(part=2, content="y", version=1), held(part=1, version=2), held(), True, Decision.OLDER),
        (held("a.txt", version=9), held(ARCHIVE), None, True, Decision.OLDER),
        (held("a.txt"), held(ARCHIVE, partial=True), None, True, Decision.UPDATE),
        (held("a.txt", content="y"), held(ARCHIVE), None, False, Decision.UPDATE),
    ],
)  # fmt: skip
def test_what_happens_to_an_article(new, stored, earlier, exists, expected):
    assert decide(new, stored, earlier, exists) is expected


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (held(version=2), held(version=1)),
        (held(version=1), held(version=None)),
        (held(part=2), held(part=1)),
        (held("a.txt", part=1), held("b.txt", part=2)),
    ],
)
def test_one_of_two_versions_is_newer(first, second):
    assert is_newer(first, second)
    assert not is_newer(second, first)


def test_articles_of_a_file_are_counted():
    intake = FileIntake("a.jsonl")
    first = give(intake, article(), None, False)
    assert first == Change.of(article(), is_new=True)
    assert (
        give(intake, article("Library", article_id="2"), held("b.txt", version=9e9), True) is None
    )
    intake.problem("a.jsonl#3: not valid JSON")
    outcome = intake.outcome(90, [])
    assert (outcome.ids, outcome.end, outcome.is_incomplete) == (("1", "2"), 90, False)
    assert outcome.report == Report(added=1, older=1, skipped=("a.jsonl#3: not valid JSON",))


def test_an_earlier_version_waits_for_the_later_one_of_its_file():
    early, late = article("Old", part=1), article("New", part=2, published="2024-01-02")
    stored = Held.of(late)
    intake = FileIntake("a.jsonl")
    assert give(intake, early, stored, True) is None
    assert give(intake, late, stored, True) is None
    assert intake.remaining() == []
    assert intake.outcome(1, []).report == Report(unchanged=1, older=1)
    intake = FileIntake("a.jsonl")
    assert give(intake, early, stored, True) is None
    assert intake.remaining() == [Change.of(early)]
    assert intake.outcome(1, []).report == Report(updated=1)


def test_an_article_without_a_name_whose_text_changed_was_updated():
    new = make_article(content_id("Ferry", ("Text.",)), "Ferry", "Text.")
    intake = FileIntake("a.txt")
    assert give(intake, new, None, False).held.anonymous
    outcome = intake.outcome(1, [held(anonymous=True)])
    assert (outcome.dropped, outcome.report) == (("1",), Report(updated=1))


@pytest.mark.parametrize(("file", "end"), [("a.txt", None), (ARCHIVE, 5), (ARCHIVE, None)])
def test_nothing_is_dropped_for_a_file_that_was_not_read_to_its_end_or_only_grows(file, end):
    outcome = FileIntake(file).outcome(end, [held(file, anonymous=True)])
    assert outcome.dropped == ()
    assert outcome.is_incomplete == (file == "a.txt")


def test_only_articles_without_a_name_leave_with_their_text():
    assert left([held(anonymous=True), held()], ()) == ("1",)
    assert left([held(anonymous=True)], ("1",)) == ()


def test_a_fetched_article_is_written_unless_it_is_known():
    change = Resolution(article(), ("2",), is_news=True).change(is_new=True)
    assert (change.is_new, change.replaces, change.is_news) == (False, ("2",), True)
    assert Resolution(article()).change(is_new=True).is_new
    assert Resolution(article(), is_known=True).change(is_new=True) is None
    intake = FileIntake(ARCHIVE)
    assert intake.fetched(article(), change) is change
    assert intake.fetched(article(), None) is None
    assert intake.outcome(7, []).report == Report(updated=1, unchanged=1)


def test_reports_add_up():
    parts = [Report(added=1, skipped=("a",)), Report(removed=2, skipped=("b",)), Report(older=3)]
    assert Report.total(parts) == Report(added=1, older=3, removed=2, skipped=("a", "b"))
    assert Report.total(parts).read == 4


def test_an_article_that_another_file_gave_again_was_not_removed():
    assert pruned(3, Report(added=2, updated=1)) == Report(updated=1, removed=1)


def test_an_update_after_a_rebuild_counts_the_rebuilt_articles_as_added():
    found = renewed(Report(added=5), Report(added=1, unchanged=5), "has format 3")
    assert found == Report(added=6, rebuilt="the old index has format 3; it was rebuilt")
