"""Large feeds in parts: the same entries as of the whole feed, in memory that does not grow.

Covers sources.feed_stream.
"""

from __future__ import annotations

import io
import tracemalloc
from unittest import mock

import pytest
from fakes import Bytes
from hypothesis import given, settings
from hypothesis import strategies as st

from searcher.article import Document, Rejected
from searcher.sources import feed, feed_stream, read_documents

HEADS = {
    "rss": ('<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>Argus</title>'
            "<link>https://a.example/x/</link>", "item", "</channel></rss>"),
    "atom": ('<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom" '
             'xml:base="https://a.example/x/"><title>Argus</title>', "entry", "</feed>"),
    "rdf": ('<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
            'xmlns="http://purl.org/rss/1.0/"><channel><title>Argus</title></channel>',
            "item", "</rdf:RDF>"),
}  # fmt: skip
TEXTS = [
    "The ferry stopped.", "<![CDATA[<p>It says </item> and </entry> in a text.</p>]]>",
    "<!-- </item> -->Behind a comment.", "Größe 中文 &amp; &lt;b&gt;more&lt;/b&gt;", "<![CDATA[ ]] > ]]>",
]  # fmt: skip
entries = st.lists(
    st.tuples(st.integers(0, 9), st.sampled_from(TEXTS), st.sampled_from(["", "a", "/b"])),
    max_size=12,
)


def _feed(kind: str, found: list[tuple[int, str, str]]) -> bytes:
    head, name, tail = HEADS[kind]
    link = '<link href="{}"/>' if kind == "atom" else "<link>{}</link>"
    body = "".join(
        f"<{name}><title>Story {number}</title>{link.format(address) if address else ''}"
        f"<{'summary' if kind == 'atom' else 'description'}>{text}"
        f"</{'summary' if kind == 'atom' else 'description'}></{name}>\n"
        for number, text, address in found
    )
    return f"{head}{body}{tail}".encode()


def _read(data: bytes) -> list:
    return [
        (one.origin, one.headline, one.paragraphs, one.text, one.url, one.given_id, one.source)
        for one in read_documents(Bytes(data))
        if isinstance(one, Document)
    ]


@given(
    st.sampled_from(sorted(HEADS)), entries.filter(bool), st.integers(1, 200), st.integers(1, 400)
)
@settings(deadline=None, max_examples=60)
def test_a_feed_in_parts_has_the_entries_of_the_whole(kind, found, piece, part):
    data = _feed(kind, found)
    whole = _read(data)
    assert len(whole) == len(found)
    with (
        mock.patch.object(feed, "_WHOLE", 150),
        mock.patch.object(feed_stream, "_PIECE", piece),
        mock.patch.object(feed_stream, "_PART", part),
    ):
        assert _read(data) == whole


def test_an_entry_that_is_too_large_is_told_and_the_others_are_read(monkeypatch):
    monkeypatch.setattr(feed, "_WHOLE", 100)
    monkeypatch.setattr(feed_stream, "_PIECE", 500)
    monkeypatch.setattr(feed_stream, "_LARGEST_ENTRY", 3000)
    data = _feed("rss", [(1, "One.", "a"), (2, "x" * 9000, "b"), (3, "Three.", "c")])
    first, second, third = read_documents(Bytes(data))
    assert (first.headline, third.headline) == ("Story 1", "Story 3")
    assert isinstance(second, Rejected)
    assert second.reason == "an entry that is too large"
    assert third.origin.part == 3


@pytest.mark.parametrize("cut", [40, 200])
def test_the_entries_before_the_end_of_a_cut_file_are_read(monkeypatch, cut):
    monkeypatch.setattr(feed, "_WHOLE", 100)
    data = _feed("rss", [(number, "Text.", f"{number}") for number in range(20)])
    assert [one[1] for one in _read(data[:-cut])][:18] == [f"Story {n}" for n in range(18)]


def test_memory_does_not_grow_with_the_feed(monkeypatch):
    monkeypatch.setattr(feed, "_WHOLE", 1 << 10)
    monkeypatch.setattr(feed_stream, "_PIECE", 1 << 14)
    monkeypatch.setattr(feed_stream, "_PART", 1 << 14)

    def peak(count: int) -> int:
        data = _feed("rss", [(number, "Some text. " * 60, f"{number}") for number in range(count)])
        tracemalloc.start()
        for _ in feed._parts(Bytes(data)):
            pass
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    assert peak(4000) < 2 * peak(400) + (1 << 16)


def test_an_entry_without_an_end_takes_linear_time():
    stream = io.BytesIO(b"<!-- ]]> </x " * 200_000)
    assert len(list(feed_stream.parts_of(b"<rss><channel><item>" + b"<" * 100_000, stream))) <= 2
