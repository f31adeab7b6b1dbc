"""Memory that the processes of a server share.

Covers web.board, and the queries that processes remember together (search.suggestions).
"""

from __future__ import annotations

import copy
import os
import signal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searcher.search.suggestions import QueryLog
from web.board import Board

WORDS = st.text(st.characters(categories=["Ll", "Nd"]), min_size=1, max_size=80)


def processes(count):
    """Return a board for each of `count` processes, as they have it after fork."""
    first = Board(count)
    found = []
    for row in range(count):
        own = copy.copy(first)
        own._read = [0] * count
        own.take(row)
        found.append(own)
    return found


@given(st.lists(st.tuples(st.integers(0, 2), WORDS | st.none()), max_size=60))
def test_each_process_gets_what_the_others_sent_in_their_order(steps):
    boards = processes(3)
    sent, got = [[] for _ in boards], [[] for _ in boards]
    for number, text in steps:
        if text is None:
            got[number].extend(boards[number].received())
        else:
            boards[number].send(text)
            sent[number].append(text)
    for number, board in enumerate(boards):
        got[number].extend(board.received())
        others = [text for other, texts in enumerate(sent) if other != number for text in texts]
        assert sorted(got[number]) == sorted(others)
        assert list(board.received()) == []
    assert [text for text in got[0] if text in sent[1] and text not in sent[2]] == [
        text for text in sent[1] if text not in sent[2]
    ]


def test_a_process_that_looks_late_gets_the_latest_whole():
    first, second = processes(2)
    for number in range(5000):
        first.send(f"query number {number}")
    found = list(second.received())
    assert found == [f"query number {number}" for number in range(5000 - len(found), 5000)]
    assert len(found) > 1000


def test_a_new_process_knows_what_the_earlier_one_sent():
    boards = processes(2)
    boards[1].send("harbour strike")
    new = copy.copy(boards[1])
    new._read = [0, 0]
    new.send("ferry")
    assert list(new.received()) == ["harbour strike", "ferry"]


def test_a_text_that_does_not_fit_is_not_sent():
    first, second = processes(2)
    first.send("a" * (1 << 20))
    first.send("b")
    assert list(second.received()) == ["b"]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_counts_outlive_a_killed_process():
    board = Board(2)
    board.add(((0, 1.0), (3, 0.5)))
    for _ in range(2):
        process = os.fork()
        if not process:
            board.take(1)
            board.add(((0, 2.0),))
            os.kill(os.getpid(), signal.SIGKILL)
        os.waitpid(process, 0)
    assert board.sums()[:4] == [5.0, 0.0, 0.0, 0.5]
    board.clear()
    assert board.sums()[:4] == [4.0, 0.0, 0.0, 0.0]


def test_processes_suggest_the_same_queries():
    logs = [QueryLog(board) for board in processes(2)]
    logs[0].note("harbour strike")
    logs[1].note("ferry")
    logs[1].note("Harbour  STRIKE")
    for log in logs:
        assert log.beginning("ha", 3) == ["harbour strike"]
        assert log.beginning("fe", 3) == []
    logs[1].note("harbour strike")
    assert logs[0].beginning("h", 3) == ["harbour strike"]
