"""The engine on a cluster beside the memory engine, and what a cluster alone can do wrong.

Covers engine: capabilities; engine.opensearch: checking, client, commits, counting, engine, finding, frequencies, mapping, ranking,
scoring, snapshot, tokens, translate, view, vocabulary and writer.
"""

from __future__ import annotations

import dataclasses
import json
import threading
from dataclasses import replace

import pytest
from answers import GOLDEN, answer
from cluster import EmptiedEngine, cluster
from contract import ARTICLES, fill, found
from fakes import NOW, ROOT, make_article
from histories import CHANGES, CHOSEN, COUNTED, QUERY, SINCE, commit, narrowings
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from searcher.clock import FixedClock
from searcher.engine.capabilities import INSTEAD, Capability
from searcher.engine.memory import MemoryEngine
from searcher.engine.opensearch import commits
from searcher.engine.opensearch.client import Cluster, address_of
from searcher.engine.opensearch.engine import ClusterEngine
from searcher.engine.opensearch.mapping import Copying
from searcher.engine.opensearch.tokens import ANY, HOLE, SAME_PLACE, TOKEN_FIELDS, prepared
from searcher.engine.patterns import PARAGRAPH_GAP
from searcher.engine.places import Place
from searcher.engine.searches import Search
from searcher.engine.terms import TEXT, terms_of
from searcher.errors import IndexLocked, IndexOutdated, IndexUnreachable, WriteFailed
from searcher.indexing.indexer import Indexer
from searcher.query.parser import parse
from searcher.query.tree import Copies
from searcher.reading.raw_store import RawStore
from searcher.search.service import SearchService
from searcher.settings import Settings
from web import create_app


@pytest.fixture
def remote(emptied):
    """Yield an engine on the cluster without an index."""
    emptied.empty()
    return emptied


def test_an_engine_says_what_it_cannot_do_and_users_get_something_instead(engine):
    assert engine.capabilities <= set(Capability)
    assert set(INSTEAD) == set(Capability)


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(CHANGES, min_size=1, max_size=3),
    st.lists(QUERY, min_size=1, max_size=4),
    st.booleans(),
    CHOSEN,
)
def test_it_finds_and_counts_as_the_oracle(remote, history, queries, match_all, chosen):
    remote.empty()
    oracle = MemoryEngine()
    for change in history:
        commit(oracle, change)
        commit(remote, change)
    with oracle.snapshot() as expected, remote.snapshot() as actual:
        assert list(actual.check()) == []
        for text in queries:
            query = parse(("match:all " if match_all else "") + text, NOW)
            hidden = Copies.HIDE if len(text) % 2 else query.copies
            query = replace(query, narrowed=narrowings(chosen), copies=hidden)
            for sort in ("relevance", "oldest"):
                search = Search(query, sort=sort, limit=50, facets=COUNTED, since=SINCE)
                _compare(expected.search(search), actual.search(search), in_order=sort == "oldest")
            by_story = Search(query, sort="newest", offset=1, limit=3, by_story=True)
            _compare(expected.search(by_story), actual.search(by_story), in_order=True)


def _compare(expected, actual, in_order):
    for name in ("total", "total_some", "total_all", "total_copies", "total_stories", "entries"):
        assert getattr(actual, name) == getattr(expected, name), name
    ids = [[article.id for article, _ in one.ranked] for one in (expected, actual)]
    assert (ids[0] == ids[1]) if in_order else (sorted(ids[0]) == sorted(ids[1]))
    assert (actual.facets, actual.since) == (expected.facets, expected.since)
    assert (actual.warnings, actual.common, actual.also) == (
        expected.warnings,
        expected.common,
        expected.also,
    )


def test_golden_queries_have_the_same_answers(remote, tmp_path):
    """Every fifth of them; all have been compared by hand. Windows are scored otherwise."""
    setting = Settings(index=tmp_path, raw=ROOT / "raw", time_budget=60)
    store = RawStore(setting.raw, setting.max_file_bytes)
    Indexer(remote, store, tmp_path, FixedClock(NOW)).update((setting.raw,))
    service = SearchService(remote, FixedClock(NOW), setting)
    client = create_app(setting, service).test_client()
    for parameters, expected in json.loads(GOLDEN.read_text("utf-8"))[::5]:
        actual = json.loads(json.dumps(answer(client, parameters)))
        if '"~' in parameters["q"]:
            assert actual["total"] == expected["total"]
        else:
            assert actual == expected, parameters


TEXTS = st.lists(
    st.sampled_from(["grain", "F-35", "al-qaeda", "北京市", "élève", "x" * 3000, "\n\n", "3,125"]),
    max_size=30,
).map(" ".join)


@given(TEXTS, TEXTS, st.sampled_from(["en", "fr", "und"]))
def test_tokens_have_the_positions_of_the_terms(headline, body, language):
    article = make_article("a", headline.replace("\n\n", "")[:500], body, language=language)
    terms, document = terms_of(article), prepared(article).document[0]
    for name in TOKEN_FIELDS:
        expected = sorted((at, one) for one, places in terms.fields[name].items() for at in places)
        tokens = list(_tokens(document.get(f"t_{name}", [])))
        assert [at for at, _ in expected] == sorted(at for at, one in tokens if one != ANY)
        short = [(at, one) for at, one in expected if len(one) < 1000]
        assert short == sorted((at, one) for at, one in tokens if one != ANY and len(one) < 1000)
        assert [at for at, one in tokens if one == ANY] == ([0] if name == TEXT else [])


def _tokens(texts):
    """Yield the tokens of texts with their positions, as the cluster reads them."""
    position = 0
    for text in texts:
        for place in text.split():
            if place != HOLE:
                for token in place.split(SAME_PLACE):
                    yield position, token
            position += 1
        position += PARAGRAPH_GAP


@pytest.mark.parametrize(
    ("text", "shown", "user"),
    [
        ("http://a:9200", "http://a:9200/news", ""),
        ("https://me@a https://b:1/x", "https://a:9200/news", "me"),
        ("https://[::1]:9201/papers", "https://[::1]:9201/papers", ""),
    ],
)
def test_addresses(text, shown, user):
    found = address_of(text)
    assert (str(found), found.user) == (shown, user)


def test_a_password_is_in_no_message():
    with pytest.raises(ValueError, match="without a password") as told:
        Settings.load({"SEARCHER_OPENSEARCH": "https://me:secret@localhost"})
    assert "secret" not in str(told.value)
    with pytest.raises(ValueError, match="needs SEARCHER_OPENSEARCH"):
        Settings.load({"SEARCHER_ENGINE": "opensearch"})
    engine = ClusterEngine(Cluster(address_of("http://me@127.0.0.1:1"), "secret"))
    with pytest.raises(IndexUnreachable, match="does not answer") as told:
        engine.snapshot()
    assert "secret" not in str(told.value)
    assert "secret" not in repr(engine.where)


def test_without_its_cluster_the_page_says_so(tmp_path):
    setting = Settings(index=tmp_path, raw=tmp_path, time_budget=1)
    engine = ClusterEngine(Cluster(address_of("http://127.0.0.1:1")))
    client = create_app(setting, SearchService(engine, FixedClock(NOW), setting)).test_client()
    for path in ("/?q=grain", "/api/v1/search?q=grain", "/healthz"):
        reply = client.get(path)
        assert reply.status_code == 503, path
        assert "does not answer" in reply.get_data(as_text=True), path


def test_an_index_of_another_format_is_refused_until_it_is_written_afresh(remote):
    fill(remote)
    head, version = remote._commits.head()
    remote._commits.put_head(dataclasses.replace(head, format="0_old"), version)
    for action in (remote.snapshot, remote.writer):
        with pytest.raises(IndexOutdated, match="0_old"):
            action()
    assert len(list(remote.stored_articles())) == len(ARTICLES)
    with remote.writer(afresh=True) as writer:
        writer.add(ARTICLES[0])
    assert found(remote, "grain") == ["1"]


def test_what_a_writer_left_that_died_is_never_seen(remote, monkeypatch):
    fill(remote)
    dead = remote.writer()
    dead.add(make_article("late", "Grain from a writer that died"))
    dead._flush()
    _expire(remote, dead)
    with remote.writer() as writer:
        writer.add(make_article("next", "Grain again"))
    assert sorted(found(remote, "grain")) == ["1", "2", "next"]
    # It was only asleep, and goes on.
    dead.add(make_article("later", "More grain"))
    with pytest.raises(WriteFailed):
        dead.commit()
    assert sorted(found(remote, "grain")) == ["1", "2", "next"]
    with remote.snapshot() as snapshot:
        assert list(snapshot.check()) == []


def _expire(engine, writer):
    """End the lease of a writer's lock, as if its process had died."""
    writer._lock._released.set()
    held = engine._commits._get("lock")
    engine._commits.put_lock({**held.value, "until": 0.0}, held)


def test_a_commit_whose_answer_is_lost_is_a_commit(remote, monkeypatch):
    fill(remote)
    put = remote._commits.put_head

    def lose(head, over):
        put(head, over)
        raise IndexUnreachable("no answer")

    with remote.writer() as writer:
        writer.add(make_article("new", "Grain"))
        monkeypatch.setattr(remote._commits, "put_head", lose)
    monkeypatch.undo()
    assert sorted(found(remote, "grain")) == ["1", "2", "new"]


def test_replaced_articles_are_hidden_before_they_are_removed(remote, monkeypatch):
    fill(remote)
    monkeypatch.setattr("searcher.engine.opensearch.writer.sweep", lambda *_: None)
    with remote.writer() as writer:
        writer.add(make_article("1", "Other words"))
        writer.delete("2")
        writer.place("3", Place(story=1))
    assert found(remote, "grain") == []
    with remote.snapshot() as snapshot:
        assert snapshot.count == len(ARTICLES) - 1
        assert list(snapshot.check()) == []
    monkeypatch.undo()
    with remote.writer():
        pass
    assert found(remote, "grain") == []


def test_a_state_that_the_cluster_gave_up_is_opened_again_while_it_is_the_newest(remote):
    fill(remote)
    with remote.snapshot() as snapshot:
        snapshot.view.close()
        search = Search(parse("grain", NOW))
        assert snapshot.search(search).total == 2
        with remote.writer() as writer:
            writer.delete("1")
        snapshot.view.close()
        with pytest.raises(IndexUnreachable, match="ask again"):
            snapshot.search(search)


def test_one_writes_at_a_time_from_any_machine(remote, monkeypatch):
    other = EmptiedEngine(cluster(remote._cluster.address.prefix))
    first = remote.writer()
    with pytest.raises(IndexLocked, match="process"):
        other.writer(wait=0.1)
    first.cancel()
    monkeypatch.setattr(commits, "LEASE", 0.4)
    kept = remote.writer()
    with pytest.raises(IndexLocked):
        other.writer(wait=1.0)
    kept.add(ARTICLES[0])
    kept.commit()
    assert found(other, "grain") == ["1"]
    other.close()


def test_a_vocabulary_of_many_changes_is_written_afresh(remote, monkeypatch):
    fill(remote)
    with remote.writer() as writer:
        writer.add(make_article("1", "Other words"))
    before = remote.snapshot()
    monkeypatch.setattr("searcher.engine.opensearch.engine._FEW", 1)
    monkeypatch.setattr("searcher.engine.opensearch.engine._TIMES", 1)
    assert not remote.is_untidy(quick=True)
    assert remote.is_untidy()
    remote.writer().cancel()
    with remote.writer() as writer:
        writer.add(make_article("new", "Grain from elsewhere"))
    assert not remote.is_untidy()
    with remote.snapshot() as snapshot, before:
        assert snapshot.view.head.words != before.view.head.words
        assert list(snapshot.check()) == []
        assert (before.vocabulary.holding("grain"), snapshot.vocabulary.holding("grain")) == (1, 2)
    assert sorted(found(remote, "grain")) == ["2", "new"]


def test_readers_see_whole_commits_while_others_are_made(remote):
    pairs = [[make_article(name, f"Ship {number}") for name in "ab"] for number in range(6)]
    fill(remote, pairs[0])
    seen: list[set[str]] = []
    done = threading.Event()

    def read():
        while not done.is_set():
            with remote.snapshot() as snapshot:
                query = Search(parse("ship", NOW))
                seen.append({one.headline for one, _ in snapshot.search(query).ranked})

    reader = threading.Thread(target=read)
    reader.start()
    for pair in pairs[1:]:
        fill(remote, pair)
    done.set()
    reader.join()
    assert seen
    assert all(len(one) == 1 for one in seen)


def test_parts_that_do_not_answer_are_told(remote, monkeypatch):
    fill(remote)
    ask = Cluster.ask

    def partly(self, method, path, *args, **kwargs):
        answer = ask(self, method, path, *args, **kwargs)
        if path == "/_search" and "_shards" in answer:
            answer["_shards"] |= {"failed": 3, "total": 12}
        return answer

    with remote.snapshot() as snapshot:
        snapshot.count  # noqa: B018
        monkeypatch.setattr(Cluster, "ask", partly)
        told = snapshot.search(Search(parse("grain", NOW))).warnings
    assert any("3 of 12 parts" in one.message for one in told)


def test_parts_that_were_not_there_at_first_are_told_too(remote, monkeypatch):
    fill(remote)
    ask = Cluster.ask

    def partly(self, method, path, *args, **kwargs):
        answer = ask(self, method, path, *args, **kwargs)
        if path.endswith("point_in_time") and "_shards" in answer:
            answer["_shards"] |= {"successful": 1, "total": 2, "failed": 1}
        return answer

    with monkeypatch.context() as patch:
        patch.setattr(Cluster, "ask", partly)
        with remote.snapshot() as snapshot:
            told = snapshot.search(Search(parse("grain", NOW))).warnings
    assert any("1 of 2 parts" in one.message for one in told)
    with remote.snapshot() as snapshot:
        assert snapshot.search(Search(parse("grain", NOW))).warnings == ()


def test_an_index_in_parts_finds_as_one_in_one(remote):
    engine = ClusterEngine(cluster(), Copying(shards=3, replicas=0))
    articles = [
        *ARTICLES,
        *(make_article(f"s{number}", "Grain", "x " * number) for number in range(9)),
    ]
    fill(engine, articles)
    oracle = fill(MemoryEngine(), articles)
    with engine.snapshot() as actual, oracle.snapshot() as expected:
        for text in ("grain ships", "odesa -storm", '"grain deal"', "shi*", "lang:en"):
            search = Search(parse(text, NOW), limit=50, facets=("language",))
            ours, theirs = actual.search(search), expected.search(search)
            assert [one.id for one, _ in ours.ranked] == [one.id for one, _ in theirs.ranked]
            assert [score for _, score in ours.ranked] == pytest.approx(
                [score for _, score in theirs.ranked]
            )
            assert ours.facets == theirs.facets
    prefix = engine._cluster.address.prefix
    for name in ("articles-0", "words-0", "commits"):
        engine._drop(f"{prefix}-{name}")
    engine.close()
