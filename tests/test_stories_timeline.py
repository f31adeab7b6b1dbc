"""Stories over time: whose text each article has, the page, the command and the API.

Covers stories.provenance, search.timeline, web.timeline_view and command.story.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from fakes import HOSTILE, NOW, filled, make_article
from hypothesis import given
from hypothesis import strategies as st

from searcher.article import Origin, Timestamp, Version
from searcher.clock import FixedClock
from searcher.engine.memory import MemoryEngine
from searcher.engine.places import Place, article_number
from searcher.search.service import SearchService
from searcher.stories import provenance
from searcher.stories.provenance import in_words, is_before, sources
from web import create_app

LEAD = (
    "A ship with 800 tonnes of grain left the port of Odesa on Monday for the first time since the "
    "port was closed in February, the ministry of infrastructure said in a statement."
)
WAY = (
    "The ship, which flies the flag of Sierra Leone, is on its way to the port of Tripoli, where it "
    "is expected in the first week of August."
)
MINES = (
    "Insurers had asked for guarantees that the corridor is free of mines before they cover any "
    "ship that takes it."
)
LEBANON = "Bread has been scarce in Lebanon since the silos of Beirut were destroyed two years ago."


def at(text: str, precision="minute") -> Timestamp:
    return Timestamp(datetime.fromisoformat(text).replace(tzinfo=UTC), precision, "test")


def article(article_id, body, when="2022-08-01T06:10", precision="minute", **fields):
    published = at(when, precision) if when else None
    return make_article(article_id, f"Ship {article_id}", body, published=published, **fields)


WIRE = article("wire", f"{LEAD}\n\n{WAY}", source="AFP", agency="AFP", dateline="Odesa")
PRINTED = article("printed", LEAD, "2022-08-01T07:25", source="Gazette", agency="AFP")
LATER = article("later", f"{MINES}\n\n{LEAD}", "2022-08-02T08:10", source="Herald")
OWN = article("own", LEBANON, "2022-08-03T08:10", source="Gazette")


def test_the_source_is_the_article_with_most_of_the_text():
    assert sources([]) == []
    first, printed, later, own = sources([WIRE, PRINTED, LATER, OWN])
    assert first is None
    assert own is None
    assert (printed.at, printed.taken, printed.kept) == (0, 100, 53)
    assert printed.is_copied
    assert printed.after == timedelta(minutes=75)
    assert printed.words() == (
        "Copied from",
        ", 1 hour later: kept 53% of that text, which makes 100% of this one",
    )
    # Both have as much of it, and the agency's came first.
    assert (later.at, later.kept, later.is_copied) == (0, 53, False)
    assert later.words()[0] == "Has text of"


@pytest.mark.parametrize(
    ("one", "other", "before", "behind"),
    [
        ({"source": "A"}, {"source": "B"}, "Copied from", ", 1 hour later: kept 100% of"),
        ({"source": "A"}, {"source": "A"}, "Has text of its outlet’s own", ", 1 hour later: 100%"),
        (
            {"source": "A", "agency": "AFP"},
            {"source": "B"},
            "Has text in common with",
            "; both may have it from AFP",
        ),
        (
            {"source": "A", "when": "2022-08-01", "precision": "day"},
            {"source": "B"},
            "Has text in common with",
            "; which was first cannot be told",
        ),
        ({"when": ""}, {}, "Has text in common with", "; which was first cannot be told"),
    ],
)
def test_copying_is_told_only_where_it_can_be(one, other, before, behind):
    first = article("a", LEAD, **one)
    second = article("b", LEAD, **{"when": "2022-08-01T07:10", **other})
    told = sources([first, second])[1].words()
    assert told[0] == before
    assert behind in told[1]


def test_an_agency_is_first_where_dates_do_not_tell():
    dated = article("day", LEAD, "2022-08-01", "day", source="Mail")
    copied, first = sources([dated, WIRE])
    assert first is None
    assert (copied.at, copied.is_copied, copied.after) == (1, True, None)


def test_a_form_that_is_filled_in_anew_is_not_copied():
    """Each firm writes its notice in the words of the last one."""
    form = (
        "{0} said on Monday that net profit for the quarter rose to {1} million euros from {2} "
        "million a year earlier, helped by demand for {3}. Revenue was {4} million euros. The "
        "board of {0} proposes a dividend of {5} cents a share and expects profit of {6} million "
        "for the whole year, its chief executive said in a statement. Analysts had expected less, "
        "as demand for machines has been weak since the spring and the prices of steel and energy "
        "have risen faster than the prices that customers are willing to pay. The shares are traded "
        "in Frankfurt. The figures are not audited, and statements about the future depend on risks "
        "that the firm cannot foresee, such as changes in the law, in exchange rates and in taxes."
    )
    firms = [
        ("Acme", 12, 10, "pumps", 140, 31, 50),
        ("Borealis", 47, 52, "valves", 620, 78, 190),
    ]
    first, second = (
        article(firm[0], form.format(*firm), f"2022-08-0{day}T06:10", source=f"Wire {day}")
        for day, firm in enumerate(firms, 1)
    )
    _, found = sources([first, second])
    assert found.is_form
    assert not found.is_copied
    before, behind = found.words()
    assert before == "Is in the words of"
    assert behind.endswith("other figures or names are filled in")


def test_a_reprint_of_an_outlet_is_of_its_own_article():
    """Others printed the same text before, and perhaps a little more of it."""
    text = f"{LEAD}\n\n{WAY}\n\n{MINES}"
    other = article("other", text, "2022-08-01T06:00", source="Herald")
    own = article("own", text, "2022-08-01T07:00", source="Gazette")
    again = article("again", f"{text} Read more.", "2022-08-01T08:00", source="Gazette")
    for before in ([other, own], [replace(other, paragraphs=again.paragraphs), own]):
        source = sources([*before, again])[2]
        assert (source.at, source.same_outlet, source.is_copied) == (1, True, False)
    short = replace(own, paragraphs=(LEAD,))
    assert sources([other, short, again])[2].at == 0


def test_dates_are_before_others_as_precisely_as_they_are_known():
    day, minute = at("2022-08-01", "day"), at("2022-08-01T10:00")
    assert not is_before(day, minute)
    assert not is_before(minute, day)
    assert is_before(day, at("2022-08-02", "day"))
    assert is_before(minute, at("2022-08-01T10:01"))
    assert not is_before(at("2022-01-01", "year"), day)
    assert not is_before(None, day)
    assert not is_before(at("9999-12-31", "year"), at("9999-12-31"))


@given(st.lists(st.sets(st.integers(0, 30)), max_size=6), st.integers(1, 5))
def test_common_runs_are_those_of_both_sets(bodies, step):
    runs = [np.array(sorted(body), np.uint64) for body in bodies]
    before, provenance._AT_A_TIME = provenance._AT_A_TIME, step
    try:
        found = provenance._common(runs)
    finally:
        provenance._AT_A_TIME = before
    for one, body in enumerate(bodies):
        for other, second in enumerate(bodies):
            if one != other:
                assert found[one, other] == len(body & second)


def test_times_in_words():
    assert in_words(timedelta(seconds=59)) == "59 seconds"
    assert in_words(timedelta(minutes=1)) == "1 minute"
    assert in_words(timedelta(days=3, hours=5)) == "3 days"


def revised(one):
    seen = (datetime(2022, 8, 1, hour, tzinfo=UTC) for hour in (7, 9, 10))
    changes = ((), ("headline",), ("headline", "body"))
    return replace(
        one,
        versions=tuple(
            Version(Origin("a"), moment, "x", "1", changed=changed)
            for moment, changed in zip(seen, changes, strict=True)
        ),
    )


@pytest.fixture
def service(engine):
    hostile = article("<evil>", HOSTILE, "", source=HOSTILE, agency=HOSTILE, dateline=HOSTILE)
    articles = [WIRE, revised(PRINTED), LATER, OWN, hostile, article("alone", MINES)]
    filled(engine, articles)
    with engine.writer() as writer:
        writer.place("wire", Place(1))
        for one in (PRINTED, LATER):
            writer.place(one.id, Place(1, 2, "copy", article_number("wire"), 97, 12))
        writer.place("own", Place(1, 0, "story", article_number("later"), 0, 4))
        writer.place("<evil>", Place(1, 0, "story", article_number("none"), 0, 4))
    return SearchService(engine, FixedClock(NOW))


def test_articles_and_revisions_are_by_time(service):
    found = service.timelines.read("later")
    assert (found.id, found.size, found.outlets, found.revisions) == ("wire", 5, 4, 2)
    assert not found.first_is_certain
    events = [(event.printing, event.revision, event.parts) for event in found.events]
    assert events == [
        (0, 0, "text"),
        (1, 0, "text"),
        (1, 2, "headline"),
        (1, 3, "headline and text"),
        (2, 0, "text"),
        (3, 0, "text"),
        (4, 0, "text"),
    ]
    assert [one.told() and one.told().before for one in found.printings] == [
        None,
        "Copied from",
        "Has text of",
        "In this story because of",
        None,
    ]


def test_an_article_alone_is_a_story(service):
    found = service.timelines.read("alone")
    assert (found.id, found.size, found.first_is_certain) == ("alone", 1, True)
    assert service.timelines.read("none") is None


def test_a_long_story_is_cut(monkeypatch):
    monkeypatch.setattr("searcher.search.timeline.MOST", 2)
    engine = filled(MemoryEngine(), [WIRE, PRINTED, LATER])
    with engine.writer() as writer:
        for one in (WIRE, PRINTED, LATER):
            writer.place(one.id, Place(1))
    service = SearchService(engine, FixedClock(NOW))
    assert len(service.timelines.read("later").printings) == 2
    client = create_app(service=service).test_client()
    assert "All articles of the story, 1 more" in client.get("/story/wire").text


def test_the_page_shows_it_and_the_results_link_to_it(service):
    client = create_app(service=service).test_client()
    for path in ("/story?id=wire", "/story/later"):
        page = client.get(path).text
        assert "5 articles in 4 outlets, 2 revisions; 1 August 2022, 06:10 UTC to" in page
        assert "Which article was first cannot be told from their dates." in page
        assert 'Copied from <a href="#no-1"><bdi>1, AFP</bdi></a>, 1 hour later' in page
        assert "/compare?a=wire&amp;b=printed" in page
        assert page.count("changed its") == 2
        assert page.count('<li id="no-') == 5
        assert HOSTILE not in page
    assert client.get("/story/none").status_code == 404
    assert client.get("/story").status_code == 404
    results = client.get("/search?q=grain").text
    assert '<a href="/story?id=wire">5 versions in 4 outlets, first 1 August 2022' in results
    assert '<details class="story">' in results
    assert '<a href="/story?id=own">5 versions in 4 outlets' in client.get("/article?id=own").text
    assert "Its story" not in client.get("/article?id=alone").text


def test_the_api_has_the_same(service):
    client = create_app(service=service).test_client()
    found = client.get("/api/v1/story/own").json
    assert found == client.get("/api/v1/story?id=wire").json
    assert (found["id"], found["articles"], found["first"]) == ("wire", 5, None)
    assert found["versions"][1]["text"] == {
        "from": "wire",
        "taken": 100,
        "kept": 53,
        "hours": 1.25,
        "agency": None,
        "same_outlet": False,
        "copied": True,
    }
    assert found["versions"][3]["peer"] == "later"
    assert found["events"][2] == {
        "at": "2022-08-01T09:00:00Z",
        "id": "printed",
        "revision": 2,
        "changed": ["headline"],
    }
    assert client.get("/api/v1/story/none").status_code == 404


def test_the_command_prints_it(shell):
    assert shell("story", "none").returncode == 1
    found = shell("story", "b")
    assert (found.returncode, found.stdout.splitlines()[0]) == (0, "1 article: story:b")
    assert '"articles": 1' in shell("story", "b", "--json").stdout
