"""Recognition of formats, and the readers of text, pages, feeds and JSON.

Covers sources: html, jsonl, markup, outlets and text_head; reading.raw_store.
"""

from __future__ import annotations

import gzip
import html
import json
import logging
import subprocess
import sys
import time
from pathlib import Path

import pytest
from fakes import Bytes, documents, reason
from hypothesis import given
from hypothesis import strategies as st

from searcher.article import Document, Rejected
from searcher.errors import UnreadableFile
from searcher.reading.raw_store import RawFile, RawStore
from searcher.sources import read_documents, reader_for
from searcher.sources.markup import soup_of
from searcher.sources.outlets import outlet_of

FILES = Path(__file__).parent / "data" / "formats"

PAGE = """<!DOCTYPE html><html lang="de"><head><meta charset="utf-8"><title>Titel | Das Blatt</title>
<link rel="canonical" href="https://blatt.example.org/a?utm_source=x">
<script type="application/ld+json">{"@graph": [{"@type": "WebSite"}, {"@type": ["NewsArticle"], "headline": "Der Titel",
"datePublished": "2023-05-01T10:00:00+02:00", "dateModified": "2023-05-02T10:00:00+02:00", "articleSection": ["Politik"],
"author": [{"@type": "Person", "name": "Ute Ohm"}], "publisher": {"name": "Das Blatt"}}]}</script></head>
<body><nav><a href="/">Start</a></nav><article><h1>Der Titel</h1>
<p>Der erste Absatz ist lang genug, um als Text einer Nachricht erkannt zu werden, und er hat ein Komma.</p>
<p>Der zweite Absatz steht darunter, ist ebenfalls lang genug und endet, wie er begonnen hat, mit einem Punkt.</p>
</article><aside><p>Das könnte Sie auch interessieren</p></aside><script>alert("kein Text")</script></body></html>"""
FEED = """<?xml version="1.0"?><rss version="2.0"><channel><title>The Feed</title><language>en</language>
<item><title>One &amp; only</title><link>https://example.org/1</link><description>&lt;p&gt;First.&lt;/p&gt;&lt;p&gt;Second.&lt;/p&gt;</description>
<pubDate>Sun, 26 Jun 2022 10:00:00 GMT</pubDate><category>World</category></item>
<item><title>Two</title><guid>https://example.org/2</guid></item><item></item></channel></rss>"""


@pytest.mark.parametrize(
    ("data", "format"),
    [
        (PAGE, "html"),
        ("\n\n<html><body><p>x", "html"),
        ("<p>A fragment</p>", "html"),
        ("<?xml version='1.0'?><!DOCTYPE html><html>", "html"),
        (FEED, "feed"),
        ("<feed xmlns='http://www.w3.org/2005/Atom'></feed>", "feed"),
        ("<!-- note --><rss>", "feed"),
        ("<atom:feed xmlns:atom='http://www.w3.org/2005/Atom'></atom:feed>", "feed"),
        ("<!--" + "x" * 9000 + "--><rss>", "feed"),
        ("<?xml version='1.0'?>\n<!DOCTYPE rss [<!ENTITY nbsp '&#160;'>]>\n<rss>", "feed"),
        ('{"title": "x"}', "json"),
        ('broken line\n{"title": "x"}\n{"title": "y"}\n', "json"),
        ('\ufeff {"title": "x"}', "json"),
        ('[{"title": "x"}]', "json"),
        ("Just text about {braces} and <angles>", "text"),
        ("a < b and so on", "text"),
        ("[a bracket]", "text"),
        ("[] is an empty list, said the teacher.", "text"),
        ('{"quoted} odd text', "text"),
    ],
)
def test_formats_are_recognised_by_content(data, format):
    assert reader_for(Bytes(data.encode())).format == format


def test_utf_16_pages_and_json():
    assert reader_for(Bytes(PAGE.encode("utf-16"))).format == "html"
    (document,) = documents(json.dumps({"title": "Ünï"}).encode("utf-16"))
    assert document.headline == "Ünï"


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "empty"),
        (b" \n\t ", "empty"),
        (b"<?xml version='1.0'?><catalogue></catalogue>", "XML of an unknown format"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"\x89PNG\r\n\x1a\n", "PNG"),
        (b"PK\x03\x04rest", "ZIP"),
        (bytes(range(256)) * 10, "binary"),
        (b"<rss><channel><title>x</title></channel></rss>", "without entries"),
        (b'[{"title": "x"', "not valid JSON"),
        (b"[" + b'{"a":[' * 100_000, "nested too deeply"),
    ],
)
def test_what_cannot_be_read_says_why(data, why):
    assert why in reason(data)


def test_text_with_a_headline():
    (document,) = documents("A headline without a stop\n\nFirst paragraph of the text.\n\nSecond.")
    assert document.headline == "A headline without a stop"
    assert document.paragraphs == ("First paragraph of the text.", "Second.")


def test_text_without_a_headline():
    (document,) = documents(
        " date 2022-06-26 The first sentence ends here.\n\nThe second follows it."
    )
    assert document.headline == ""
    assert document.dates == (("head", "2022-06-26"),)
    assert document.paragraphs[0] == "The first sentence ends here."


def test_html():
    (document,) = documents(PAGE)
    assert document.headline == "Der Titel"
    assert document.authors == ("Ute Ohm",)
    assert document.source == "Das Blatt"
    assert document.section == "Politik"
    assert document.language == "de"
    assert document.url == "https://blatt.example.org/a"
    assert document.dates[0] == ("json-ld", "2023-05-01T10:00:00+02:00")
    assert document.updates == (("json-ld", "2023-05-02T10:00:00+02:00"),)
    assert [paragraph[:10] for paragraph in document.paragraphs] == ["Der erste ", "Der zweite"]


def test_html_with_meta_elements_only():
    page = """<html><head><title>x</title><meta property="og:title" content="The title - The Paper">
    <meta property="og:site_name" content="The Paper"><meta name="author" content="Jo Doe">
    <meta property="article:published_time" content="2022-01-01"><meta property="og:url" content="https://example.org/x">
    </head><body><p class="byline">Jo Doe</p><p>Short text.</p></body></html>"""
    (document,) = documents(page)
    assert (document.headline, document.authors, document.source) == (
        "The title",
        ("Jo Doe",),
        "The Paper",
    )
    assert document.dates == (("meta article:published_time", "2022-01-01"),)
    assert document.url == "https://example.org/x"
    assert "Short text." in document.paragraphs


@pytest.mark.parametrize("declared", ["iso-8859-1", "nonsense", "windows-1251"])
def test_html_with_a_wrong_declaration_is_read_right(declared):
    (document,) = documents(PAGE.replace("utf-8", declared).replace("Der Titel", "Der Größte"))
    assert document.headline == "Der Größte"


def test_html_in_its_declared_encoding():
    page = (
        PAGE.replace("utf-8", "windows-1251")
        .replace("Der Titel", "Каховская ГЭС")
        .replace("ö", "o")
    )
    (document,) = documents(page.encode("cp1251"))
    assert document.headline == "Каховская ГЭС"


@pytest.mark.parametrize(
    ("title", "address", "outlet"),
    [
        ("Gazette - Top stories", "https://www.gazette.example/rss", "Gazette"),
        ("Gazette - Canada", "https://gazette.example/canada", "Gazette"),
        ("World news | The Harbour Post", "https://www.theharbourpost.co.uk/", "The Harbour Post"),
        ("HPT > World News", "https://www.hptimes.com/", "HPT"),
        ("Harbour: World News", "https://www.harbour.com", "Harbour"),
        ("Eurosail - Sail", "https://www.eurosail.de", "Eurosail"),
        ("Ukraine: a war diary", "https://blog.example.org", "Ukraine: a war diary"),
        ("Canada - World", "", "Canada - World"),
        ("A - –", "https://x.org", "A - –"),
        ("Gazette", "https://gazette.example", "Gazette"),
    ],
)
def test_the_feeds_of_an_outlet_have_one_source(title, address, outlet):
    assert outlet_of(title, address) == outlet
    feed = (
        f"<rss><channel><title>{html.escape(title)}</title><link>{address}</link><item>"
        "<title>Ferry</title><description>It sailed.</description></item></channel></rss>"
    )
    (document,) = read_documents(Bytes(feed.encode(), "a.rss"))
    assert document.source == outlet


def test_a_feed():
    found = list(read_documents(Bytes(FEED.encode(), "a.rss")))
    first, second, third = found
    assert first.headline == "One & only"
    assert first.paragraphs == ("First.", "Second.")
    assert first.url == "https://example.org/1"
    assert first.dates == (("feed", "Sun, 26 Jun 2022 10:00:00 GMT"),)
    assert (first.source, first.language, first.section) == ("The Feed", "en", "World")
    assert second.url == "https://example.org/2"
    assert isinstance(third, Rejected)
    assert str(third.origin) == "a.rss#3"


def test_json_lines():
    lines = [
        '{"id": 5, "headline": "H", "text": "T", "date": "2022", "author": "A", "unknown": {"x": 1}}',
        "",
        '{"title": "P", "body": ["one", "two"], "authors": [{"name": "A"}, "B"], "language": "fr", "source": "S"}',
        '{"title": "M", "body": "zero<p>one</p><p>two &amp; more</p>"}',
        "not json",
        '{"body": ""}',
        '["list"]',
        '{"title": "x", "body": {"a": 1}}',
        '{"title": "cut',
    ]
    found = list(read_documents(Bytes("\n".join(lines).encode(), "x.jsonl")))
    first, second, third, fourth = [
        document for document in found if isinstance(document, Document)
    ]
    assert (first.given_id, first.headline, first.text, first.dates) == (
        "5",
        "H",
        "T",
        (("json", "2022"),),
    )
    assert first.authors == ("A",)
    assert (second.paragraphs, second.authors) == (("one", "two"), ("A", "B"))
    assert third.paragraphs == ("zero", "one", "two & more")
    assert (fourth.headline, fourth.paragraphs, fourth.text) == ("x", (), "")
    rejected = {str(item.origin): item.reason for item in found if isinstance(item, Rejected)}
    assert list(rejected) == ["x.jsonl#5", "x.jsonl#6", "x.jsonl#7", "x.jsonl#9"]
    assert rejected["x.jsonl#6"] == "no title and no text"
    assert "not valid JSON" in rejected["x.jsonl#9"]


def test_one_json_document_over_many_lines():
    assert len(documents(json.dumps([{"title": "a"}, {"title": "b"}], indent=1))) == 2
    assert len(documents(json.dumps({"title": "a", "body": "b"}, indent=1))) == 1


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-32"])
@pytest.mark.parametrize(
    "text",
    [
        '{"title": "a"}\n{"title": "b"}\n',
        '[{"title": "a"},\n {"title": "b"}]',
        '[\n {\n "title": "a"}, {"title": "b"}]',
    ],
)
def test_json_in_any_encoding(text, encoding):
    assert [document.headline for document in documents(text.encode(encoding))] == ["a", "b"]


@pytest.mark.parametrize(
    "text",
    [
        '{"id": "p1",\n "title": "a"}',
        '\ufeff{\n"title": "a"\n}',
        '{"title": "a",\n"x": {"y": 1}\n}',
    ],
)
def test_an_object_over_many_lines(text):
    assert [document.headline for document in documents(text)] == ["a"]


def test_titles_lose_their_markup_and_entities():
    (document,) = documents('{"title": "A &amp; B <b>bold</b> AT&amp;T", "body": "5 &lt; 6"}')
    assert (document.headline, document.text or document.paragraphs[0]) == (
        "A & B bold AT&T",
        "5 < 6",
    )


def test_numbers_are_dates_and_bodies_come_in_parts():
    lines = [
        '{"title": "a", "published": 1656201600.5}', '{"title": "a", "date": 915148800}', '{"title": "a", "date": -86400}',
        '{"title": "a", "date": 2022}', '{"body": "  ", "text": "real"}', '{"body": [{"text": "one"}, "two"]}',
    ]  # fmt: skip
    found = documents("\n".join(lines))
    assert [document.dates[0][1][:10] for document in found[:4]] == [
        "2022-06-26",
        "1999-01-01",
        "1969-12-31",
        "2022",
    ]
    assert found[4].text == "real"
    assert found[5].paragraphs == ("one", "two")


@pytest.mark.parametrize("join", ["\n\n", "\n"])
def test_a_date_head_below_the_headline(join):
    (document,) = documents(
        f"A headline without a stop{join}date 2022-06-26 The first sentence is here.\n\nThe second."
    )
    assert document.headline == "A headline without a stop"
    assert document.dates == (("head", "2022-06-26"),)
    assert document.paragraphs[0] == "The first sentence is here."


def raw_file(path, limit=64 << 20):
    (found,) = RawStore(path.parent, limit).files([path])
    assert isinstance(found, RawFile)
    return found


def test_gzip_is_recognised_by_content(tmp_path):
    path = tmp_path / "misnamed.txt"
    path.write_bytes(gzip.compress(b'{"title": "zipped"}\n'))
    (document,) = read_documents(raw_file(path))
    assert document.headline == "zipped"
    assert document.origin.file == "misnamed.txt"


def test_truncated_gzip_gives_what_came_before(tmp_path):
    path = tmp_path / "cut.jsonl.gz"
    lines = "".join(
        json.dumps({"title": f"{number} {hash(str(number))}"}) + "\n" for number in range(5000)
    )
    path.write_bytes(gzip.compress(lines.encode())[:-2000])
    found = []
    reader = read_documents(raw_file(path))
    with pytest.raises(UnreadableFile, match="truncated gzip data after line"):
        while True:
            found.append(next(reader))
    assert len(found) > 1000


@pytest.mark.parametrize("data", [gzip.compress(b"text", mtime=0)[:12], b"\x1f\x8bnonsense"])
def test_damaged_gzip_says_so(tmp_path, data):
    path = tmp_path / "x.gz"
    path.write_bytes(data)
    with pytest.raises(UnreadableFile, match="gzip"):
        list(read_documents(raw_file(path)))


def test_a_file_above_the_limit_is_refused_after_decompression(tmp_path):
    path = tmp_path / "bomb.html.gz"
    path.write_bytes(gzip.compress(b"<html>" + b" " * (5 << 20)))
    with pytest.raises(UnreadableFile, match="larger than 1 MiB after decompression"):
        list(read_documents(raw_file(path, limit=1 << 20)))


def test_unreadable_paths_are_given_as_such(tmp_path):
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    (tmp_path / ".hidden").write_text("x")
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "a.txt").write_text("x")
    store = RawStore(tmp_path, 1 << 20)
    found = list(store.files([tmp_path, tmp_path / "sub" / "a.txt", tmp_path / "gone"]))
    names = [item.name for item in found if isinstance(item, RawFile)]
    errors = [item.file for item in found if isinstance(item, UnreadableFile)]
    assert names == ["sub/a.txt"]
    assert errors == ["loop", "gone"]


def test_names_of_files_outside_raw_are_absolute(tmp_path):
    store = RawStore(tmp_path / "raw", 1)
    assert store.name_of(tmp_path / "raw" / "a" / "b.txt") == "a/b.txt"
    assert store.name_of(tmp_path / "other.txt") == str(tmp_path / "other.txt")
    for name in ("a/b.txt", str(tmp_path / "other.txt")):
        assert store.name_of(store.path_of(name)) == name


@pytest.mark.parametrize(
    "data",
    [
        "<html>" + "<div>" * 10_000 + "deep" + "</div>" * 10_000,
        "<html><body "
        + " ".join(f"a{number}='x'" for number in range(50_000))
        + "><p>attributes</p>",
        "<html>" + "<p>" * 50_000,
        "<html><script type='application/ld+json'>"
        + "[" * 50_000
        + "</script><p>text of the page</p>",
        "<html><title>" + "x" * 1_000_000,
        '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
        + "".join(f'<!ENTITY x{n} "{"&b;" * 10}">' for n in range(8))
        + "]><rss><channel><item><title>&x7;</title></item></channel></rss>",
        "<!--" * 20_000,
        "<?" * 20_000 + "<rss>",
        "\x00" * 10 + "text " * 5000,
        "word" * 500_000,
    ],
    ids=[
        "deep",
        "attributes",
        "unclosed",
        "json-ld",
        "title",
        "entities",
        "comments",
        "declarations",
        "nuls",
        "long",
    ],
)
def test_hostile_files_end_in_time(data):
    begin = time.thread_time()
    try:
        list(read_documents(Bytes(data.encode())))
    except UnreadableFile as error:
        assert error.reason
    assert time.thread_time() - begin < 20


@given(st.binary(max_size=400) | st.text(max_size=200).map(str.encode))
def test_no_content_raises_anything_else(data):
    try:
        for document in read_documents(Bytes(data)):
            assert isinstance(document, (Document, Rejected))
    except UnreadableFile as error:
        assert error.reason


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("text", ["report.html", "<?xml version='1.0'?><p>a</p>", "a", "<p>a</p>"])
def test_reading_changes_no_logger_and_no_filter_of_warnings(text, monkeypatch):
    names = ("trafilatura", "pypdf")
    before = [logging.getLogger(name).level for name in names]
    monkeypatch.setattr("warnings.catch_warnings", None)
    assert soup_of(text).get_text().strip() == ("report.html" if "." in text[:9] else "a")
    list(read_documents(Bytes(b"<html><body><table><tr><td>A short text.</td></tr></table>")))
    list(read_documents(Bytes((FILES / "printed.pdf").read_bytes())))
    assert [logging.getLogger(name).level for name in names] == before


def test_the_command_hides_what_parsers_log(tmp_path):
    (tmp_path / "cut.pdf").write_bytes((FILES / "printed.pdf").read_bytes()[:-300])
    (tmp_path / "short.html").write_text("<html><body><table><tr><td>x</td></tr></table>")
    for name in ("cut.pdf", "short.html"):
        command = [sys.executable, "-m", "searcher", "parse", str(tmp_path / name)]
        found = subprocess.run(command, capture_output=True, text=True, check=False)
        assert all(line.startswith("skipped ") for line in found.stderr.splitlines())
