"""A story does not depend on how often it is printed.

Covers stories: printings.
"""

from __future__ import annotations

import pytest
from fakes import make_article
from story_pairs import DAM, DAM_DE, DAM_RETOLD

from searcher.engine.memory import MemoryEngine
from searcher.engine.places import Place
from searcher.indexing.story_finder import StoryFinder
from searcher.stories.judging import StoryJudge
from searcher.stories.printings import Reprints

TOLD = [
    make_article("w", "Dam breaks", DAM, source="Ostwire", published="2024-05-08T06:00"),
    make_article("r", "Nine missing", DAM_RETOLD, source="Post", published="2024-05-08T13:00"),
    make_article("d", "Damm", DAM_DE, language="de", source="Bote", published="2024-05-08T11:00"),
]


def printed(count):
    return [
        make_article(
            f"c{number:02}",
            "Dam breaks",
            DAM if number % 3 else DAM.split(" - ")[1],
            source=f"Print {number}",
            published=f"2024-05-08T{7 + number // 10:02}:{number % 10:02}",
        )
        for number in range(count)
    ]


def placed(tmp_path, runs):
    """Return the places of articles that arrive in several runs."""
    engine = MemoryEngine()
    for articles in runs:
        with engine.writer() as writer:
            for article in articles:
                writer.add(article)
        StoryFinder(engine, tmp_path, StoryJudge).run()
    return {one.id: engine.snapshot().place(one.id) for articles in runs for one in articles}


@pytest.mark.parametrize("count", [0, 12, 60])
def test_a_story_that_is_printed_often_stays_one(tmp_path, count):
    copies = printed(count)
    for runs in (
        [[*TOLD, *copies]],
        [copies[: count // 2], TOLD[:1], [*TOLD[1:], *copies[count // 2 :]]],
        [TOLD, copies] if count else [TOLD],
    ):
        places = placed(tmp_path, runs)
        assert len({place.story for place in places.values()}) == 1
        assert [places["r"].copies, places["d"].copies] == [0, 0]


def test_copies_count_once():
    held = printed(10)
    engine = MemoryEngine()
    with engine.writer() as writer:
        for article in [*held, *TOLD]:
            writer.add(article)
        for article in held[:6]:
            writer.place(article.id, Place(1, 2))
    snapshot = engine.snapshot()
    for least, counted in ((2, 9), (11, 0)):
        # The last four have no place yet, and are copies of a placed one.
        copies = {one.id: [held[0].id] for one in held[6:]}
        reprints = Reprints(snapshot, least, copies)
        assert reprints.articles("en") == reprints.holding("en:orlevo") == counted
        assert reprints.articles("de") == 0
    assert Reprints(snapshot, 2, {}).articles("en") == 5
