from __future__ import annotations

import gc

import pytest
from cluster import VARIABLE, EmptiedEngine, cluster, nodes
from documents import schema
from fakes import HOSTILE, NOW, ROOT, filled, grain_articles, make_article, write
from feed_server import FeedServer
from hypothesis import HealthCheck, settings
from newsroom import Newsroom
from shell import Shell
from whoosh.index import FileIndex
from workplace import Workplace

from searcher import kernels
from searcher.clock import FixedClock
from searcher.columnar.files.storage import SyncedStorage
from searcher.engine.memory import MemoryEngine
from searcher.engine.whoosh_engine import WhooshEngine
from searcher.feeds.state import FeedState
from searcher.logs import quiet_parsers
from searcher.search.service import SearchService
from web import create_app

# The program does so, too. pypdf logs up to a million defects of a hostile file.
quiet_parsers()

settings.register_profile("suite", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("suite")


@pytest.fixture(scope="session")
def emptied():
    """Yield an engine on the cluster for the tests of this process."""
    if not nodes():
        pytest.skip(f"{VARIABLE} names no cluster; “make cluster” starts one")
    found = EmptiedEngine(cluster())
    yield found
    found.empty()
    found.close()


@pytest.fixture(params=["memory", "whoosh", "compiled", "opensearch"])
def engine(request, tmp_path):
    """Yield each engine in turn, the one on disk without kernels and with them."""
    if request.param == "memory":
        yield MemoryEngine()
    elif request.param == "opensearch":
        found = request.getfixturevalue("emptied")
        found.empty()
        yield found
    else:
        with kernels.using(request.param == "compiled"):
            found = WhooshEngine(tmp_path / "index")
            yield found
            found.close()


@pytest.fixture(params=["plain", "compiled"], scope="module")
def loops(request):
    """Run a module's tests without kernels and with them."""
    with kernels.using(request.param == "compiled"):
        yield


@pytest.fixture
def root():
    return ROOT


@pytest.fixture
def server():
    with FeedServer() as found:
        yield found


@pytest.fixture
def room(tmp_path):
    """Yield an empty newsroom, and check its index at the end."""
    found = Newsroom(tmp_path)
    yield found
    assert not found.engine.exists() or found.sound()
    found.close()


def pytest_collection_modifyitems(config, items):
    """Leave out the second run of tests on the cluster that run without kernels and with them: no
    kernel is in it."""
    kept, twice = [], []
    for one in items:
        (twice if {"opensearch", "compiled"} <= _parameters(one) else kept).append(one)
    config.hook.pytest_deselected(items=twice)
    items[:] = kept


def _parameters(item) -> set[str]:
    """Return the engine and the loops of a test."""
    parameters = getattr(item, "callspec", None)
    held = parameters.params if parameters else {}
    return {held[name] for name in ("engine", "loops") if name in held}


def pytest_make_parametrize_id(config, val, argname):
    """Name a case of bytes after its argument: archives hold the time at which they were made, and
    processes that collect the same tests must give them the same names."""
    return argname if isinstance(val, bytes) and len(val) > 20 else None


@pytest.fixture(scope="module")
def shell(tmp_path_factory):
    """Return a shell in a folder with an index of two articles."""
    folder = tmp_path_factory.mktemp("cli")
    write(
        folder / "raw/a.txt",
        "Grain deal signed in Istanbul\n\nShips may leave Odesa with \x1b]0;title\x07 grain again.",
    )
    write(
        folder / "raw/b.jsonl",
        '{"id": "b", "title": "Les navires", "body": "Le grain quitte Odessa, dit-on.", '
        '"date": "2022-07-23", "source": "AFP", "language": "fr", "url": "https://example.org/b"}\nbroken\n',
    )
    found = Shell(folder)
    assert found("index").returncode == 0
    return found


@pytest.fixture
def ix(tmp_path):
    """Yield an empty index of Whoosh with `schema`, in a folder."""
    FileIndex.create(SyncedStorage(str(tmp_path)), schema(), "MAIN")
    yield FileIndex(SyncedStorage(str(tmp_path)))
    gc.collect()


@pytest.fixture
def place(tmp_path):
    """Yield an empty workplace, and check its index at the end."""
    found = Workplace(tmp_path)
    yield found
    assert not found.engine.exists() or found.sound()
    found.engine.close()


@pytest.fixture
def state(tmp_path):
    """Yield an empty feed state."""
    with FeedState(tmp_path / "state.sqlite") as found:
        yield found


@pytest.fixture
def service():
    """Return a service over thirty articles, a hostile article and an Arabic one."""
    hostile = make_article(
        "../hostile//<id>",
        HOSTILE,
        HOSTILE,
        source=HOSTILE,
        section=HOSTILE,
        authors=(HOSTILE,),
        agency=HOSTILE,
        dateline=HOSTILE,
        notices=(HOSTILE,),
        url="https://example.org/a",
        published="2023-01-01",
    )
    arabic = make_article("arabic", "زلزال قوي", "ضرب زلزال بقوة", language="ar", source="الميناء")
    engine = filled(MemoryEngine(), [*grain_articles(30, "id"), hostile, arabic])
    return SearchService(engine, FixedClock(NOW))


@pytest.fixture
def client(service):
    """Return a client of the page for this service."""
    return create_app(service=service).test_client()


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    """Yield Chromium that runs scripts."""
    from browsing import chromium

    driver = chromium(tmp_path_factory.mktemp("profile"), scripts=True)
    yield driver
    driver.quit()
