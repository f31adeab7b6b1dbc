"""Written values are read back unchanged, and operations on arrays agree with plain Python.

Covers arrays, gaps, ends, sets, columns, lists, position_lists, posting_lists, postings, dictionary and
stored.
"""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, datetime
from unittest import mock

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from whoosh.filedb.structfile import BufferFile, StructFile

from searcher.columnar import columns
from searcher.columnar.arrays import below, ends_of, narrow, places_in, ranges
from searcher.columnar.columns import CodeColumn, IntColumn
from searcher.columnar.files import gaps
from searcher.columnar.files.ends import Ends, write_narrow
from searcher.columnar.files.lists import Lists, ListsWriter, Zones
from searcher.columnar.files.postings import FieldPostings
from searcher.columnar.files.segment_file import FileDamaged, SegmentFile, SegmentFileWriter
from searcher.columnar.files.stored import StoredFieldsReader, StoredFieldsWriter
from searcher.columnar.searching import sets
from searcher.columnar.searching.sets import Documents

NUMBERS = st.one_of(st.integers(0, 300), st.integers(0, 70_000), st.integers(0, 2**31 - 2))
ASCENDING = st.sets(NUMBERS, min_size=1, max_size=20).map(sorted)


def laid_out(lists):
    """Return the concatenation of lists, and the first and the end offset of each."""
    return np.array([value for one in lists for value in one], np.int64), ends_of(
        np.array([len(one) for one in lists])
    )


@given(st.lists(ASCENDING, min_size=1, max_size=8))
def test_gaps_give_the_documents_again(lists):
    documents, ends = laid_out(lists)
    data, byte_ends, widths = gaps.encode(documents, ends)
    counts = np.diff(ends)
    assert gaps.decode_many(data, byte_ends, widths, counts).tolist() == documents.tolist()
    for number, one in enumerate(lists):
        part = data[byte_ends[number] : byte_ends[number + 1]]
        assert gaps.decode(part, int(widths[number]), len(one)).tolist() == one
    sizes = gaps.entry_bytes(documents, ends, widths)
    assert [int(part.sum()) for part in np.split(sizes, ends[1:-1])] == np.diff(byte_ends).tolist()


@given(ASCENDING, st.integers(1, 5), st.data())
def test_blocks_of_gaps_are_read_alone(documents, size, data):
    blob, _, widths = gaps.encode(np.array(documents), np.array([0, len(documents)]))
    sizes = gaps.entry_bytes(np.array(documents), np.array([0, len(documents)]), widths)
    starts = list(range(0, len(documents), size))
    chosen = sorted(data.draw(st.sets(st.sampled_from(starts), min_size=1)))
    edges = ends_of(sizes)
    parts = [blob[edges[start] : edges[min(start + size, len(documents))]] for start in chosen]
    held = [documents[start : start + size] for start in chosen]
    firsts = np.array([documents[start - 1] + 1 if start else 0 for start in chosen])
    found = gaps.decode_blocks(
        np.concatenate(parts), int(widths[0]), np.array([len(one) for one in held]), firsts
    )
    assert found.tolist() == [document for one in held for document in one]


@given(st.lists(st.lists(st.integers(0, 5000), max_size=12).map(sorted), min_size=1, max_size=8))
def test_gaps_of_one_byte_give_the_values_again(lists):
    values, ends = laid_out(lists)
    data, byte_ends = gaps.encode_bytes(values, ends)
    assert gaps.decode_bytes(data, np.diff(ends)).tolist() == values.tolist()
    for number, one in enumerate(lists):
        part = data[byte_ends[number] : byte_ends[number + 1]]
        assert gaps.decode_bytes(part, np.array([len(one)])).tolist() == one


@given(st.lists(st.tuples(st.integers(0, 1000), st.integers(0, 9)), max_size=9))
def test_ranges_are_ranges(pairs):
    starts, sizes = (
        np.array(part, np.int64) for part in (zip(*pairs, strict=True) if pairs else ((), ()))
    )
    assert ranges(starts, sizes).tolist() == [
        at for start, size in pairs for at in range(start, start + size)
    ]


@given(st.sets(NUMBERS).map(sorted), st.lists(NUMBERS))
def test_lookups_in_ascending_numbers(haystack, needles):
    found = places_in(np.array(haystack, np.int64), np.array(needles, np.int64)).tolist()
    assert found == [haystack.index(needle) if needle in haystack else -1 for needle in needles]
    counts = below(np.array(haystack, np.int64), np.array(needles, np.int64)).tolist()
    assert counts == [sum(value <= needle for value in haystack) for needle in needles]
    assert (
        below(narrow(np.array(haystack, np.int64)), np.array(needles, np.int64)).tolist() == counts
    )


@given(st.lists(st.integers(0, 2**63 - 1)))
def test_narrow_keeps_every_value(values):
    assert narrow(np.array(values, np.int64)).tolist() == values


SIZE = 200
SETS = st.builds(
    lambda numbers, dense: (
        Documents(SIZE, mask=np.isin(np.arange(SIZE), list(numbers)))
        if dense
        else Documents(SIZE, np.array(sorted(numbers), np.int64))
    ),
    st.one_of(st.sets(st.integers(0, SIZE - 1), max_size=4), st.sets(st.integers(0, SIZE - 1))),
    st.booleans(),
)


def plain(documents):
    assert len(documents) == len(documents.as_numbers())
    return set(documents.as_numbers().tolist())


@given(st.lists(SETS, min_size=2, max_size=5))
def test_sets_of_documents_are_sets(found):
    first, second = found[:2]
    assert plain(first & second) == plain(first) & plain(second)
    assert plain(first - second) == plain(first) - plain(second)
    assert plain(sets.union(SIZE, found)) == set().union(*map(plain, found))
    assert plain(sets.intersection(SIZE, found)) == set.intersection(*map(plain, found))


INTS = st.integers(-(2**63) + 1, 2**63 - 2)


def column_reader(column, values, count):
    file = StructFile(io.BytesIO())
    writer = column.writer(file)
    for document, value in values.items():
        writer.add(document, value)
    writer.finish(count)
    data = file.file.getvalue()
    return column.reader(BufferFile(memoryview(data)), 0, len(data), count)


@given(
    st.dictionaries(
        st.integers(0, 30), st.one_of(st.integers(-5, 400), st.integers(-(2**40), 2**40))
    ),
    st.data(),
)
def test_a_column_of_numbers_gives_them_again(values, data):
    reader = column_reader(IntColumn(), values, 31)
    assert list(reader) == [values.get(document, 0) for document in range(31)]
    low, high = (
        data.draw(st.one_of(st.none(), st.sampled_from([0, *values.values()]))) for _ in range(2)
    )
    expected = [
        bool(value) and (low is None or value >= low) and (high is None or value < high)
        for value in list(reader)
    ]
    assert reader.between(low, high).tolist() == expected


@given(
    st.dictionaries(st.integers(0, 30), st.datetimes(datetime(1800, 1, 1), datetime(2200, 1, 1))),
    st.sampled_from(["day", "month", "year"]),
    st.integers(1, 40),
)
def test_the_days_months_and_years_of_a_column_are_counted_by_code(moments, unit, at_once):
    values = {
        document: int(moment.replace(tzinfo=UTC).timestamp()) or 1
        for document, moment in moments.items()
    }
    reader = column_reader(IntColumn(), values, 31)
    with mock.patch.object(columns, "_AT_ONCE", at_once):
        codes, names = reader.codes(unit)
    length = {"day": 10, "month": 7, "year": 4}[unit]
    assert [names[code] for code in codes] == [
        moments[document].isoformat()[:length] if document in moments else ""
        for document in range(31)
    ]
    assert names == sorted({*names, ""})


@given(st.dictionaries(st.integers(0, 30), INTS))
def test_a_column_holds_numbers_of_any_distance(values):
    assert list(column_reader(IntColumn(), values, 31)) == [
        values.get(document, 0) for document in range(31)
    ]


@given(st.dictionaries(st.integers(0, 30), st.text(max_size=5)))
def test_a_column_of_texts_gives_them_again(values):
    assert list(column_reader(CodeColumn(), values, 31)) == [
        values.get(document, "") for document in range(31)
    ]


def segment_file(fill, name="test"):
    buffer = io.BytesIO()
    writer = SegmentFileWriter(buffer)
    meta = fill(writer)
    writer.finish(meta or {})
    return SegmentFile(buffer.getvalue(), name)


VALUES = st.one_of(st.none(), st.text(max_size=30), st.integers(), st.binary(max_size=20_000))


@given(
    st.lists(st.dictionaries(st.sampled_from("abc"), VALUES), max_size=12),
    st.sampled_from([b"", b"grain ships wait off odessa " * 10]),
    st.sampled_from([0, 1, 15_000, 1 << 20]),
    st.data(),
)
def test_stored_fields_are_read_in_any_order(fields, dictionary, least, data):
    def fill(file):
        writer = StoredFieldsWriter(None, dictionary, least)
        for one in fields:
            writer.add(one)
        writer.finish(file)

    reader = StoredFieldsReader(segment_file(fill), frozenset())
    assert list(reader.all()) == fields
    for number in data.draw(st.permutations(range(len(fields)))):
        assert reader.fields(number) == fields[number]


def random_lists(chance, documents):
    """Return lists of many lengths, some of them several blocks long."""
    terms, parts, counts, positions = [], [], [], []
    for number in range(chance.integers(1, 12)):
        size = int(chance.choice([1, 2, 5, 127, 255, 256, 257, 700, documents]))
        terms.append(b"%03d" % number)
        parts.append(np.sort(chance.choice(documents, min(size, documents), replace=False)))
        counts.append(
            np.minimum(chance.geometric(0.4, len(parts[-1])), 40)
            if size < 700
            else np.ones(len(parts[-1]), int)
        )
        for count in counts[-1].tolist():
            positions.extend(np.sort(chance.choice(3000, count, replace=False)).tolist())
    ends = ends_of(np.array([len(part) for part in parts]))
    shares = chance.random(len(terms)) < 0.5
    return Lists(
        terms, ends, np.concatenate(parts), np.concatenate(counts), np.array(positions), shares
    )


@pytest.mark.parametrize("zoned", [False, True])
@given(seed=st.integers(0, 2**32), documents=st.sampled_from([700, 900, 3000]))
@settings(max_examples=25)
def test_postings_are_read_as_they_were_written(zoned, seed, documents):
    chance = np.random.default_rng(seed)
    lists = random_lists(chance, documents)
    lengths = chance.integers(1, 500, documents)
    zones = Zones(1000, chance.integers(1, 120, documents)) if zoned else None
    if zones is not None:
        # Positions in the first zone are below its length; those in the second begin at 1000.
        held = np.repeat(zones.lengths[lists.documents], lists.counts)
        lists.positions = np.where(lists.positions < held, lists.positions, lists.positions + 1000)

    def fill(file):
        writer = ListsWriter(file, "f", lengths, zones)
        half = len(lists.terms) // 2
        for first, last in ((0, half), (half, len(lists.terms))):
            if first < last:
                writer.write(_part(lists, first, last))
        return writer.finish()

    file = segment_file(fill)
    postings = FieldPostings(file, "f", file.meta)
    whole = postings.range_lists(0, len(lists.terms))
    assert whole.terms == lists.terms
    for name in ("ends", "documents", "counts", "positions", "shares"):
        assert getattr(whole, name).tolist() == getattr(lists, name).tolist(), name
    _check_single_lists(chance, postings, lists, documents)
    chosen = np.flatnonzero(chance.random(len(lists.terms)) < 0.5)
    if len(chosen):
        found, counts, ends = postings.lists.many(chosen)
        places = ranges(lists.ends[chosen], np.diff(lists.ends)[chosen])
        assert found.tolist() == lists.documents[places].tolist()
        assert counts.tolist() == lists.counts[places].tolist()
        assert np.diff(ends).tolist() == np.diff(lists.ends)[chosen].tolist()


def _part(lists, first, last):
    start, end = lists.ends[first], lists.ends[last]
    tokens = ends_of(lists.counts)
    return replace(
        lists,
        terms=lists.terms[first:last],
        ends=lists.ends[first : last + 1] - start,
        documents=lists.documents[start:end],
        counts=lists.counts[start:end],
        positions=lists.positions[tokens[start] : tokens[end]],
        shares=lists.shares[first:last],
    )


def _check_single_lists(chance, postings, lists, documents):
    tokens = ends_of(lists.counts)
    for number, term in enumerate(lists.terms):
        assert postings.dictionary.find(term) == number
        first, last = lists.ends[number : number + 2]
        held = lists.documents[first:last]
        assert postings.lists.documents(number).tolist() == held.tolist()
        assert postings.lists.counts(number).tolist() == lists.counts[first:last].tolist()
        batches = list(postings.positions.batches(number, int(chance.choice([1, 40, 10_000]))))
        assert np.concatenate([batch[0] for batch in batches]).tolist() == held.tolist()
        every = lists.positions[tokens[first] : tokens[last]].tolist()
        assert np.concatenate([batch[2] for batch in batches]).tolist() == every
        asked = np.sort(
            chance.choice(documents, int(chance.choice([1, 3, 40, 300])), replace=False)
        )
        at = postings.lists.places_of(number, asked)
        assert at.tolist() == places_in(held, asked).tolist()
        inside = at[at >= 0]
        assert (
            postings.lists.counts_at(number, inside).tolist()
            == lists.counts[first:last][inside].tolist()
        )
        places, found = postings.positions.of_term(number, asked)
        expected = [
            (place, position)
            for place, posting in enumerate(at.tolist())
            if posting >= 0
            for position in lists.positions[
                tokens[first + posting] : tokens[first + posting + 1]
            ].tolist()
        ]
        assert list(zip(places.tolist(), found.tolist(), strict=True)) == expected


@given(
    st.lists(st.text("abcdeéñ", min_size=1, max_size=7), min_size=1, unique=True),
    st.text("abcdeéñ", max_size=7),
    st.booleans(),
)
def test_no_similar_term_is_missed(words, asked, same_start):
    from rapidfuzz.distance import OSA

    terms = sorted(word.encode() for word in words)
    lists = Lists(
        terms,
        np.arange(len(terms) + 1),
        np.zeros(len(terms), np.int64),
        np.ones(len(terms), np.int64),
    )

    def fill(file):
        writer = ListsWriter(file, "f", None)
        writer.write(lists)
        return writer.finish()

    file = segment_file(fill)
    postings = FieldPostings(file, "f", file.meta)
    beginning = asked[:1] if same_start else ""
    for distance in (1, 2):
        found = {
            postings.dictionary.term(number).decode()
            for number in postings.dictionary.similar(asked, distance, beginning).tolist()
        }
        assert found >= {
            word
            for word in words
            if word.startswith(beginning) and OSA.distance(word, asked) <= distance
        }
        assert all(word.startswith(beginning) for word in found)


ARRAYS = st.dictionaries(
    st.sampled_from(["a", "b", "c"]),
    st.tuples(st.sampled_from(["u1", "<i8", "<f4"]), st.integers(0, 40_000)),
)


@given(ARRAYS, st.data())
@settings(max_examples=40)
def test_a_segment_file_gives_its_arrays_again_or_says_that_it_is_damaged(shapes, data):
    arrays = {
        name: (np.arange(size) % 251).astype(kind)  # no page of zeros that looks like another
        for name, (kind, size) in shapes.items()
    }
    buffer = io.BytesIO()
    writer = SegmentFileWriter(buffer)
    for name, array in arrays.items():
        writer.add(name, array)
    writer.finish({"answer": 42})
    whole = buffer.getvalue()
    file = SegmentFile(whole, "whole")
    assert file.meta == {"answer": 42}
    for name, array in arrays.items():
        assert file.array(name).whole().tolist() == array.tolist()
        start = data.draw(st.integers(0, len(array)))
        end = data.draw(st.integers(start, len(array)))
        assert file.array(name).slice(start, end).tolist() == array[start:end].tolist()
    file.verify()
    cut = data.draw(st.integers(0, len(whole) - 1))
    with pytest.raises(FileDamaged, match="cut is"):
        SegmentFile(whole[:cut], "cut").verify()
    at, bit = data.draw(st.integers(0, len(whole) - 1)), data.draw(st.integers(0, 7))
    altered = bytearray(whole)
    altered[at] ^= 1 << bit
    try:
        file = SegmentFile(bytes(altered), "altered")
        for name, array in arrays.items():
            assert file.array(name).whole().tolist() == array.tolist()
    except FileDamaged as error:
        assert "altered" in str(error)


SIZES = st.one_of(st.integers(0, 20), st.integers(0, 3), st.just(200_000), st.integers(0, 1 << 34))


@given(st.lists(SIZES, max_size=60), st.integers(0, 3000), st.data())
def test_ends_are_the_same_with_turns(sizes, ones, data):
    ends = ends_of(np.array(sizes + [1] * ones, np.int64))

    def fill(file):
        spool = file.spool(np.uint64)
        for part in np.split(ends, [len(ends) // 3]):
            spool.append(part)
        write_narrow(file, "test", spool, True)

    file = segment_file(fill)
    found = Ends(file, "test")
    assert len(found) == len(ends)
    assert found[0 : len(ends)].tolist() == ends.tolist()
    numbers = np.array(data.draw(st.lists(st.integers(0, len(ends) - 1), max_size=9)), np.int64)
    assert found[numbers].tolist() == ends[numbers].tolist()
    for number in numbers.tolist():
        assert found[number] == ends[number]
        assert found[number : number + 3].tolist() == ends[number : number + 3].tolist()
        if number + 1 < len(ends):
            assert found.of(number) == (ends[number], ends[number + 1])


def test_ends_of_many_lists_take_two_bytes():
    def fill(file):
        spool = file.spool(np.uint64)
        spool.append(np.arange(0, 3_000_000, 30))
        write_narrow(file, "test", spool, True)

    file = segment_file(fill)
    assert file.array("test").view.dtype == np.uint16
    assert len(file.array("test.turns")) == 3_000_000 // (1 << 16)
