from __future__ import annotations

import pytest
from fakes import ROOT
from feed_server import FeedServer
from hypothesis import HealthCheck, settings
from newsroom import Newsroom

from searcher.engine.memory import MemoryEngine
from searcher.engine.whoosh_engine import WhooshEngine
from searcher.logs import quiet_parsers

# The program does so, too. pypdf logs up to a million defects of a hostile file.
quiet_parsers()

settings.register_profile("suite", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("suite")


@pytest.fixture(params=["memory", "whoosh"])
def engine(request, tmp_path):
    """Yield each engine in turn."""
    if request.param == "memory":
        yield MemoryEngine()
    else:
        found = WhooshEngine(tmp_path / "index")
        yield found
        found.close()


@pytest.fixture
def root():
    return ROOT


@pytest.fixture
def server():
    with FeedServer() as found:
        yield found


@pytest.fixture
def room(tmp_path):
    found = Newsroom(tmp_path)
    yield found
    assert not found.engine.exists() or found.sound()
    found.close()


def pytest_make_parametrize_id(config, val, argname):
    """Name a case of bytes after its argument: archives hold the time at which they were made, and
    processes that collect the same tests must give them the same names."""
    return argname if isinstance(val, bytes) and len(val) > 20 else None
