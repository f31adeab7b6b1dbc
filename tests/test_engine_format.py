"""The format of an index: the definitions it depends on, and golden indexes of each format.

Covers engine.whoosh_schema, engine.terms and query.fields.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from dataclasses import field, make_dataclass, replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from documents import arrays
from fakes import NOW, filled, make_article, write
from whoosh.filedb.filestore import FileStorage

from searcher.article import Article, Passage
from searcher.columnar.files.open_segment import OpenSegment
from searcher.command.cli import cli
from searcher.engine import stored, terms, whoosh_schema
from searcher.engine.searches import Search
from searcher.engine.stored import pack, unpack
from searcher.engine.whoosh_engine import WhooshEngine
from searcher.engine.whoosh_schema import FORMAT
from searcher.errors import IndexOutdated
from searcher.query.fields import METADATA, Value
from searcher.query.parser import parse

GOLDEN = Path(__file__).parent / "data" / "index"
OLD = sorted(path.name for path in GOLDEN.iterdir() if path.name != FORMAT)
QUERIES = [
    "grain",
    '"grain ships"',
    "gra* -corn",
    "grain~ lang:en",
    "on:2022",
    '"ships odessa"~5',
    "title:corn",
    "agency:afp",
]


def build(folder):
    """Build an index of articles with two segments and deleted articles."""
    engine = WhooshEngine(folder)
    for start in (0, 300):
        with engine.writer() as writer:
            for number in range(start, start + 300):
                text = (
                    f"Grain ships wait off Odessa, {number} of them.\n\n"
                    + "Corn waits, too. " * (number % 7)
                )
                writer.add(
                    make_article(
                        f"a{number}",
                        "Corn" * (number % 2),
                        text,
                        published=f"2022-0{1 + number % 9}-01",
                        agency="AFP" * (number % 3 == 0),
                    )
                )
            writer.delete(f"a{start}")
    engine.close()


def answers(folder):
    engine = WhooshEngine(folder)
    with engine.snapshot() as snapshot:
        assert list(snapshot.check()) == []
        found = {}
        for text in QUERIES:
            ranking = snapshot.search(
                Search(parse(text, NOW), limit=5, facets=("language", "month"))
            )
            ids = [[article.id, round(score, 6)] for article, score in ranking.ranked]
            found[text] = [ranking.total, ranking.total_all, ids, ranking.facets]
    engine.close()
    return json.loads(json.dumps(found))


def test_an_index_of_this_format_is_read_and_written_on(tmp_path):
    assert (GOLDEN / FORMAT).exists(), "a new format: python tests/golden.py keeps an index of it"
    shutil.copytree(GOLDEN / FORMAT, tmp_path, dirs_exist_ok=True)
    expected = json.loads((tmp_path / "expected.json").read_text("utf-8"))
    assert answers(tmp_path) == expected
    with WhooshEngine(tmp_path).writer() as writer:
        writer.add(make_article("new", "Sowing"))
    assert answers(tmp_path).keys() == expected.keys()


def test_this_version_writes_that_index(tmp_path):
    build(tmp_path)
    assert arrays(tmp_path) == arrays(GOLDEN / FORMAT)


@pytest.mark.parametrize("old", [FORMAT, *OLD])
def test_names_have_counts_and_no_positions_in_a_new_and_a_rebuilt_index(old, tmp_path):
    shutil.copytree(GOLDEN / old, tmp_path, dirs_exist_ok=True)
    text = "In Kiew Olaf Scholz met Kiew's mayor. Scholz left Kiew."
    engine = WhooshEngine(tmp_path)
    with engine.writer(afresh=True) as writer:
        writer.add(make_article("a", "Olaf Scholz in Kiew", text))
    (path,) = tmp_path.glob("*.col")
    fields = OpenSegment(FileStorage(str(tmp_path)), path.name).fields
    for name in terms.FIELDS:
        if name in fields:
            assert (fields[name].range_lists(0, 1).positions is None) == (name in terms.UNPLACED)
    with engine.snapshot() as snapshot:
        assert list(snapshot.check()) == []
    engine.close()


@pytest.mark.parametrize("old", OLD)
def test_an_index_of_another_format_is_refused_and_mended_by_reindex(old, tmp_path):
    shutil.copytree(GOLDEN / old, tmp_path / "index")
    write(tmp_path / "raw/a.txt", "Sowing begins\n\nThe winter wheat is sown in the south.")
    found, wanted = old.removeprefix("format_"), FORMAT.removeprefix("format_")
    message = (
        f"^the index in .*index has format {found}( and lacks [a-z, ]+)?, but this version reads "
        f"format {wanted}; “searcher reindex” rebuilds it$"
    )
    engine = WhooshEngine(tmp_path / "index")
    with pytest.raises(IndexOutdated, match=message):
        engine.snapshot()
    with pytest.raises(IndexOutdated, match=message):
        engine.writer()
    places = ["--index", str(tmp_path / "index"), "--raw", str(tmp_path / "raw")]
    refused = CliRunner().invoke(cli, ["search", *places[:2], "sowing"])
    assert f"has format {found}" in str(refused.exception)
    assert CliRunner().invoke(cli, ["reindex", *places]).exit_code == 0
    with engine.snapshot() as snapshot:
        assert snapshot.search(Search(parse("sowing", NOW))).total == 1
        assert list(snapshot.check()) == []
    engine.close()


def test_the_first_golden_index_lacks_the_agency(tmp_path):
    shutil.copytree(GOLDEN / "format_4", tmp_path, dirs_exist_ok=True)
    with pytest.raises(IndexOutdated, match="has format 4 and lacks agency"):
        WhooshEngine(tmp_path).snapshot()


def test_the_format_is_made_of_the_declarations(monkeypatch):
    assert whoosh_schema._format() == FORMAT
    mood = replace(METADATA[0], name="mood")
    other = replace(METADATA[0], values=(Value("headline"),))
    for name, value in (
        ("ANALYSIS_VERSION", 99),
        ("STORED_VERSION", 99),
        ("METADATA", (*METADATA, mood)),
        ("METADATA", (other, *METADATA[1:])),
        ("FIELDS", (*terms.FIELDS, "mood")),
        ("PARAGRAPH_GAP", 99),
        ("declared", lambda: stored.declared((Article, Passage))),
    ):
        with monkeypatch.context() as patch:
            patch.setattr(whoosh_schema, name, value)
            assert whoosh_schema._format() != FORMAT, name


def test_a_stored_form_is_declared_by_the_names_types_and_defaults_of_its_fields():
    one = make_dataclass("Article", [("id", str), ("kind", str, field(default=""))])
    for other in (
        [("id", str), ("kind", str, field(default="")), ("mood", str, field(default=""))],
        [("id", int), ("kind", str, field(default=""))],
        [("id", str), ("kind", str, field(default="news"))],
        [("id", str), ("kind", str)],
    ):
        assert stored.declared([make_dataclass("Article", other)]) != stored.declared([one])
    same = make_dataclass("Article", [("kind", str, field(default="")), ("id", str)], kw_only=True)
    assert stored.declared([same]) == stored.declared([one])


def test_an_index_of_another_article_is_of_another_format_to_every_command(tmp_path, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(whoosh_schema, "declared", lambda: [*stored.declared(), "mood"])
        patch.setattr(whoosh_schema, "FORMAT", whoosh_schema._format())
        patch.setattr(
            "searcher.engine.whoosh_writer.pack", lambda article: pack(article) | {"mood": "glad"}
        )
        filled(WhooshEngine(tmp_path), [make_article("a", "Grain")]).close()
    for command in (["search", "grain"], ["show", "a"], ["similar", "a"], ["stats"], ["check"]):
        found = CliRunner().invoke(cli, [*command, "--index", str(tmp_path)])
        assert isinstance(found.exception, IndexOutdated), command


def test_every_declared_value_is_a_text_or_texts_of_an_article():
    article = make_article()
    for one in METADATA:
        assert one.values, one.name
        for value in one.values:
            held = getattr(article, value.attribute)
            assert held in ("", ())


TERMS = {9: "d0efbd50a4b57988"}
"""A digest of the terms of SAMPLE, by ANALYSIS_VERSION."""
SAMPLE = [
    make_article("a", "The F-35's flight: AT&T, 3.5% and $10bn", "Don’t re-enter the café in Łódź. U.S. NATO spoke.\n\nAl-Qaeda"),
    make_article("b", "Les navires chargés", "L’été, Poutine rencontre Loukachenko.", language="fr"),
    make_article("c", "Путин и Лукашенко", "Президент встретился с президентами.", language="ru"),
    make_article("d", "敖德萨港口", "俄罗斯占领北顿涅茨克市 F-16", language="zh"),
    make_article("e", "الرئيس", "قال الرئيس إن الحرب", language="ar"),
    make_article("f", "Straßenbahn", "Die Häuser der Großstädte", language="de", agency="dpa", url="https://www.example.de/a?b"),
    make_article("h", "AH-64D Ph.D.", "Müller", language="en"),
    make_article("i", "ঢাকায়", "শিক্ষকদের", language="bn"),
    make_article("g", "臺灣 F-16s", "Żądają podwyżek; می‌خواهد हिन्दी ヴァイオリン L’Oréal", language="pl"),
]  # fmt: skip


def test_the_version_of_the_analysis_grows_with_the_terms():
    fields = (terms.TEXT, terms.FORM, terms.NAME, terms.PHRASE, "source", "url")
    held = [terms.terms_of(article).fields for article in SAMPLE]
    found = repr([sorted(one[name].items()) for one in held for name in fields])
    digest = hashlib.sha256(found.encode()).hexdigest()[:16]
    assert {**TERMS, terms.ANALYSIS_VERSION: digest} == TERMS, (
        "the terms of a text are others: raise ANALYSIS_VERSION and note the digest here"
    )


def test_a_stored_article_of_an_older_version_gets_defaults():
    data = pack(make_article("a", "Grain", agency="AFP"))
    assert data["agency"] == "AFP"
    del data["agency"]
    assert unpack(data) == make_article("a", "Grain")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda data: data | {"mood": "glad"}, "the unknown field “mood”"),
        (lambda data: {name: data[name] for name in data if name != "headline"}, "without “headline”"),
        (lambda data: data | {"origin": 5}, "of another type"),
        (lambda data: tuple(data.values()), "a tuple instead of a mapping"),
    ],
)  # fmt: skip
def test_a_stored_article_of_another_version_is_refused_and_found_by_check(
    change, message, tmp_path, monkeypatch
):
    with pytest.raises(ValueError, match=message):
        unpack(change(pack(make_article("a", "Grain"))))
    with monkeypatch.context() as patch:
        patch.setattr("searcher.engine.whoosh_writer.pack", lambda article: change(pack(article)))
        engine = filled(WhooshEngine(tmp_path), [make_article("a", "Grain")])
    with engine.snapshot() as snapshot:
        for read in (
            lambda: snapshot.article("a"),
            lambda: list(snapshot.articles()),
            lambda: snapshot.search(Search(parse("grain", NOW))),
        ):
            with pytest.raises(IndexOutdated, match=f"{message}.*“searcher reindex” rebuilds it"):
                read()
        (finding,) = snapshot.check()
        assert message in finding
    engine.close()


def test_a_new_field_of_an_article_needs_a_default():
    required = {name for name in Article.__dataclass_fields__ if name not in stored._DEFAULTS}
    first = pack(make_article()).keys()
    assert required == first, "indexes written before lack it: give it a default"
