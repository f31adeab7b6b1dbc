"""Finds the stories of articles that have no place among them yet."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from searcher.article import Article
from searcher.engine.places import printed_key
from searcher.engine.protocol import Engine, Snapshot
from searcher.indexing.catalogue import Catalogue
from searcher.indexing.report import Progress
from searcher.stories.placing import Judge, Placing
from searcher.stories.rulings import Rulings

JudgeOf = Callable[[Snapshot], Judge]
"""Returns the judge of a commit's articles."""

_LEAST, _SHARE = 2_000, 1 / 20
"""Number of articles that are placed with one commit: at least this many, and this share of the
index. Smaller commits more often, which writes the places of all articles each time; larger loses
more work to a crash."""


class StoryFinder:
    """Places articles among the stories, the earliest first, so that a rebuilt index gets the same
    stories as far as its articles are the same."""

    def __init__(
        self,
        engine: Engine,
        folder: Path,
        judge_of: JudgeOf,
        progress: Progress | None = None,
        wait: float = 10.0,
        rulings: Callable[[], Rulings] = Rulings,
    ) -> None:
        """folder: where the catalogue is; that of the index.
        progress: is called with the number of articles placed.
        wait: maximum time to wait for the writer's lock, in seconds.
        rulings: returns what readers said until now.
        """
        self._engine = engine
        self._folder = folder
        self._judge_of = judge_of
        self._progress = progress or Progress()
        self._wait = wait
        self._rulings = rulings

    def run(self) -> int:
        """Place all articles that have no place. Return their number.

        Articles are found also before they are placed, each as a story of its own. What was placed
        before an error stays. Raises IndexLocked, IndexMissing, IndexDamaged and WriteFailed.
        """
        try:
            return self._place_all()
        finally:
            self._progress.finish()

    def _place_all(self) -> int:
        """As `run`."""
        placed = 0
        while True:
            with self._engine.snapshot() as snapshot:
                articles = snapshot.unplaced(max(_LEAST, int(snapshot.count * _SHARE)))
                if not articles:
                    return placed
                rulings = self._rulings()
                placing = Placing(snapshot, rulings)
                disputed = self._place(articles, placing, snapshot, self._progress)
                generation = snapshot.generation
            if self._commit(placing, generation, rulings):
                placed += len(articles)
                if disputed:
                    self.place_again(disputed)

    def _place(
        self,
        articles: Iterable[Article],
        placing: Placing,
        snapshot: Snapshot,
        progress: Progress,
    ) -> set[str]:
        """Place articles in the order of publication, those last that a reader has leave a story,
        so that the others keep it. Return ids of older ones that have to be placed again: digests
        of an article, and those that leave its story."""
        judge, leaving = self._judge_of(snapshot), placing.rulings.leaving
        disputed: set[str] = set()
        ordered = sorted(articles, key=lambda one: (one.id in leaving, printed_key(one)))
        judge.expect(ordered)
        for article in ordered:
            verdicts = judge.verdicts(article, placing.place)
            disputed.update(one.article_id for one in verdicts if one.is_digest)
            disputed.update(one for one, others in leaving.items() if article.id in others)
            placing.add(article.id, verdicts)
            progress.placed(1)
        return {one for one in disputed if snapshot.place(one)}

    def place_again(self, article_ids: Iterable[str]) -> None:
        """Place all articles of the stories of these articles anew, after a ruling about them, or
        when an article has come that tells what they are.

        Raises as `run`, and UnreadableFile.
        """
        while True:
            with self._engine.snapshot() as snapshot:
                rulings = self._rulings()
                held = [place.story for one in article_ids if (place := snapshot.place(one))]
                stories = snapshot.stories(held, sys.maxsize).values()
                articles = [member.article for story in stories for member in story.members]
                if len(articles) < 2:
                    return
                placing = Placing(snapshot, rulings, {article.id for article in articles})
                self._place(articles, placing, snapshot, Progress())
                generation = snapshot.generation
            if self._commit(placing, generation, rulings):
                return

    def join(self, article_id: str, other_ids: Sequence[str]) -> None:
        """Make the stories of placed articles one with that of `article_id`, after a ruling. No
        other article leaves its story, as might happen if they were placed anew.

        Raises as `run`, and UnreadableFile.
        """
        while True:
            with self._engine.snapshot() as snapshot:
                rulings = self._rulings()
                placing = Placing(snapshot, rulings)
                placing.join(article_id, other_ids)
                generation = snapshot.generation
            if self._commit(placing, generation, rulings):
                return

    def _commit(self, placing: Placing, generation: int, rulings: Rulings) -> bool:
        """Write the places, unless there was another commit since `generation`, or another ruling:
        articles that they concern have to be judged again. Return whether they were written."""
        writer = self._engine.writer(self._wait, quick=True)
        try:
            with self._engine.snapshot() as snapshot:
                is_current = snapshot.generation == generation and self._rulings() == rulings
            for article_id, place in placing.places.items():
                writer.place(article_id, place)
        except BaseException:
            writer.cancel()
            raise
        if not is_current:
            writer.cancel()
            return False
        committed = writer.commit()
        with Catalogue(self._folder) as catalogue:
            catalogue.follow(generation, committed)
        return True
