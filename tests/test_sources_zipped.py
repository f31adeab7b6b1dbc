"""EPUB and DOCX files: structure, metadata, and damaged or hostile files.

Covers sources.zipped, epub, epub_document, epub_package and docx.
"""

from __future__ import annotations

import gzip
import io
import random
import struct
import time
import zipfile
from pathlib import Path

import pytest
from fakes import Bytes, documents, reason
from hypothesis import given, settings
from hypothesis import strategies as st
from publications import docx, epub, p, packed

from searcher.article import Rejected
from searcher.errors import UnreadableFile
from searcher.reading.raw_store import RawStore
from searcher.sources import read_documents, reader_for, zipped

FILES = Path(__file__).parent / "data" / "formats"
ONE = "The ferry to the islands stopped sailing on Monday."
TWO = "The library opens on Sundays from ten to four."


NCX_ITEM = '<item id="ncx" href="toc.ncx" media-type="application/x-dtbncx+xml"/>'


def ncx(*names: str) -> str:
    points = "".join(
        f"<navPoint><navLabel><text>Label of {name}</text></navLabel><content src='{name}#x'/></navPoint>"
        for name in names
    )
    return f"<ncx><navMap>{points}</navMap></ncx>"


def test_an_epub_2_without_a_list_of_articles_is_one_article():
    about = (
        '<dc:title>Letter from the quay</dc:title><dc:creator opf:role="aut">Ann Other</dc:creator>'
        "<dc:language>en</dc:language><dc:publisher>The Gazette</dc:publisher>"
        '<dc:date opf:event="modification">2024-06-02</dc:date><dc:date opf:event="publication">2024-06-01</dc:date>'
        '<dc:identifier id="id">urn:isbn:9780000000002</dc:identifier>'
    )
    pages = {"1.xhtml": f"<h1>Letter from the quay</h1><p>{ONE}</p>", "2.xhtml": f"<p>{TWO}</p>"}
    (found,) = documents(epub(pages, about=about))
    assert (found.format, found.headline, found.paragraphs) == (
        "epub",
        "Letter from the quay",
        (ONE, TWO),
    )
    assert (found.authors, found.source, found.language) == (("Ann Other",), "The Gazette", "en")
    assert found.given_id == "urn:isbn:9780000000002"
    assert (found.dates, found.updates) == ((("epub", "2024-06-01"),), (("epub", "2024-06-02"),))


def test_each_document_that_the_contents_of_an_epub_2_name_is_an_article():
    pages = {"1.xhtml": f"<p>{ONE}</p>", "2.xhtml": f"<h2>Sundays</h2><p>{TWO}</p>"}
    about = "<dc:creator>Ann Other</dc:creator><dc:creator>House</dc:creator><dc:publisher>House</dc:publisher>"
    data = epub(pages, {"a/toc.ncx": ncx("1.xhtml", "2.xhtml")}, toc=NCX_ITEM, about=about)
    first, second = documents(data)
    assert (first.headline, first.paragraphs) == ("Label of 1.xhtml", (ONE,))
    assert (second.headline, second.paragraphs) == ("Sundays", (TWO,))
    assert first.authors == second.authors == ("Ann Other",)


def test_an_identifier_that_other_publications_share_is_no_id():
    about = '<dc:identifier id="id">BookId</dc:identifier>'
    assert documents(epub({"1.xhtml": f"<p>{ONE}</p>"}, about=about))[0].given_id == ""


def test_elements_closed_in_the_way_of_xml_do_not_swallow_the_text():
    page = f"<head><title/><script/></head><p><a id='x'/>{ONE}</p>"
    assert documents(epub({"1.xhtml": page}))[0].paragraphs == (ONE,)


def test_the_headline_of_a_docx_is_its_title_else_its_first_heading_else_its_property():
    core = '<cp xmlns:dc="d"><dc:title>Stated title</dc:title></cp>'
    properties = {"docProps/core.xml": core}
    body = p("Press release") + p("Ferry returns", "Title") + p(ONE)
    (found,) = documents(docx(body, **properties))
    assert (found.headline, found.paragraphs) == ("Ferry returns", ("Press release", ONE))
    (found,) = documents(docx(p("Ferry returns", "Heading 1") + p(ONE), **properties))
    assert (found.headline, found.paragraphs) == ("Ferry returns", (ONE,))
    (found,) = documents(docx(p(ONE), **properties))
    assert (found.headline, found.paragraphs) == ("Stated title", (ONE,))


def test_the_main_document_of_a_docx_may_have_another_name():
    related = '<Relationships><Relationship Type="x/officeDocument" Target="/word/document2.xml"/></Relationships>'
    (found,) = documents(
        docx(
            p("old"),
            **{
                "_rels/.rels": related,
                "word/document2.xml": f"<document><body>{p(ONE)}</body></document>",
            },
        )
    )
    assert found.paragraphs == (ONE,)


@pytest.mark.parametrize(
    ("members", "kind"),
    [
        ({"mimetype": "application/vnd.oasis.opendocument.presentation", "content.xml": "x"}, "a presentation (.odp)"),
        ({"[Content_Types].xml": "x", "xl/workbook.xml": "x"}, "spreadsheet (.xlsx)"),
        ({"[Content_Types].xml": "x", "ppt/presentation.xml": "x"}, "presentation (.pptx)"),
        ({"META-INF/MANIFEST.MF": "x"}, "Java archive"),
        ({"a.jpg": "x", "b.css": "y"}, "an archive without files that can be read"),
    ],
)  # fmt: skip
def test_other_zips_are_named(members, kind):
    assert kind in reason(packed(members))


COVER = random.Random(1).randbytes(100_000)
"""A picture that fills the first 64 KiB of a file."""


def stored(members: dict[str, str | bytes]) -> bytes:
    """Return a ZIP whose members are not compressed, as the first one of an EPUB is."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file.getvalue()


def members_of(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.mark.parametrize("pack", [stored, packed])
def test_the_media_type_of_a_zip_ends_with_its_member(pack):
    data = pack({"mimetype": "application/epub+zip", "META-INF/other.xml": "x"})
    assert zipped.names_in(data)[0] == "mimetype:application/epub+zip"
    kind = pack({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": "x"})
    assert "(.ods)" in reason(kind)


@pytest.mark.parametrize("first", [{}, {"mimetype": "application/epub+zip"}])
def test_an_epub_may_begin_with_a_large_picture(first):
    members = first | {"cover.jpg": COVER} | members_of(epub({"1.xhtml": f"<p>{ONE}</p>"}))
    (found,) = documents(stored(members))
    assert (found.format, found.paragraphs) == ("epub", (ONE,))


def test_a_docx_may_begin_with_a_large_picture():
    (found,) = documents(stored({"word/a.jpg": COVER} | members_of(docx(p(ONE)))))
    assert (found.format, found.paragraphs) == ("docx", (ONE,))


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (stored({"a.jpg": COVER, "xl/workbook.xml": "x"}), "spreadsheet (.xlsx)"),
        (stored({"a.jpg": COVER, "b.jpg": COVER}), "an archive without files that can be read"),
        (stored({"a.jpg": COVER, "b.jpg": COVER})[:-9], "a ZIP archive that is damaged or cut off"),
        (stored({"xl/workbook.xml": "x", "b.jpg": COVER})[:-9], "spreadsheet (.xlsx)"),
    ],
)
def test_a_zip_that_is_not_read_is_named_by_all_its_members(data, why):
    assert why in reason(data)


def test_an_old_or_protected_office_file_is_named():
    assert "password-protected Office" in reason(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))


def test_a_format_is_recognised_although_the_sizes_of_its_members_come_after_them():
    file = io.BytesIO()
    with zipfile.ZipFile(Unseekable(file), "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", f"<document><body>{p(ONE)}</body></document>")
    assert documents(file.getvalue())[0].paragraphs == (ONE,)


class Unseekable(io.RawIOBase):
    """A file that cannot seek, as a pipe."""

    def __init__(self, file):
        self._file = file

    def writable(self):
        return True

    def seekable(self):
        return False

    def write(self, data):
        return self._file.write(data)

    def flush(self):
        self._file.flush()


def encrypted(data: bytes) -> bytes:
    """Return the ZIP file with the encryption flag set in the headers of all members."""
    changed = bytearray(data)
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = changed.find(signature)
        while at >= 0:
            changed[at + offset] |= 1
            at = changed.find(signature, at + 1)
    return bytes(changed)


def many_members() -> bytes:
    entry = b"PK\x01\x02" + bytes(42)
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 0, 0, 46 * 200_000, 0, 0)
    return epub({"1.xhtml": ONE})[:200] + entry * 200_000 + end


PAGE = {"1.xhtml": f"<p>{ONE}</p>"}
WHOLE = epub(PAGE)
DRM = '<encryption><EncryptionMethod Algorithm="http://www.w3.org/2001/04/xmlenc#aes256-cbc"/></encryption>'
FONTS = (
    '<encryption><EncryptionMethod Algorithm="http://www.idpf.org/2008/embedding"/></encryption>'
)
BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]><x>&b;</x>'


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (WHOLE[: len(WHOLE) // 2], "damaged or cut off"),
        (WHOLE[:60], "damaged or cut off"),
        (WHOLE.replace(b"PK\x03\x04", b"PK\x03\x05").replace(b"PK\x03\x05", b"PK\x03\x04", 1), "damaged or cut off"),
        (encrypted(WHOLE), "encrypted"),
        (epub(PAGE, {"META-INF/encryption.xml": DRM}), "encrypted (DRM)"),
        (many_members(), "more than 10,000 files"),
        (epub({"1.xhtml": "<p>" + "a " * (5 << 20)}), "unpacks to too much"),
        (docx(p("a " * (5 << 20))), "unpacks to too much"),
        (epub({"1.xhtml": f"<p>{ONE}"}, {"META-INF/container.xml": BOMB}), "entities"),
        (docx(p(ONE), **{"word/styles.xml": BOMB}), "entities"),
        (docx("<sdt>" * 300 + p(ONE) + "</sdt>" * 300), "beyond the parser's limits"),
        (docx("<p>"), "not valid XML"),
        (epub({}), "spine is empty"),
        (epub(PAGE, spine="<itemref idref='unknown'/>"), "spine is empty"),
        (epub(PAGE, {"META-INF/container.xml": "<container/>"}), "without a package document"),
        (epub({"../../../etc/passwd": ONE}), "spine is empty"),
        (packed({"mimetype": "application/epub+zip"}), "without META-INF/container.xml"),
        (packed({"word/document.xml": "<x/>"}), "without [Content_Types].xml"),
        (packed({"[Content_Types].xml": "<x/>", "word/a.xml": "<x/>"}), "without 'word/document.xml'"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_names_the_reason(data, why):
    assert why in reason(data)


@pytest.mark.parametrize("data", [epub({"1.xhtml": "<img/>"}), docx("<p/>")])
def test_a_publication_without_text_is_no_article(data):
    (found,) = read_documents(Bytes(data))
    assert isinstance(found, Rejected)
    assert "without text" in found.reason


LONG = " ".join([ONE] * 5)


@pytest.mark.parametrize(
    "markup",
    [
        "<section class='{}'><p>{}</p></section>",
        "<div class='wide {}'>{}</div>",
    ],
)
@pytest.mark.parametrize(
    "name",
    ["authors-note", "author-interview", "credit-crunch", "caption-contest", "byline-history"],
)
def test_the_class_of_a_chapter_is_not_taken_for_a_byline_or_a_caption(markup, name):
    (found,) = documents(epub({"1.xhtml": markup.format(name, ONE)}))
    assert (found.paragraphs, found.authors) == ((ONE,), ())


def test_a_chapter_may_have_the_class_of_a_byline_or_a_caption():
    for name in ("author", "byline", "story-author"):
        assert documents(epub({"1.xhtml": f"<div class={name}>{LONG}</div>"}))[0].paragraphs == (
            LONG,
        )
    text = " ".join([LONG] * 5)
    assert documents(epub({"1.xhtml": f"<div class=credits>{text}</div>"}))[0].paragraphs == (text,)


def test_a_short_byline_is_an_author_and_a_short_caption_is_left_out():
    page = (
        "<h1>Ferry</h1><p class='article-byline'>Ann <b>Other</b></p><p class='Author-name'>Bo Lund</p>"
        f"<p class='wp-caption-text'>The quay.</p><p class='photo-credit'>AFP</p><p>{ONE}</p>"
    )
    (found,) = documents(epub({"1.xhtml": page}))
    assert (found.authors, found.paragraphs) == (("Ann Other", "Bo Lund"), (ONE,))


@pytest.mark.parametrize(
    ("page", "why"),
    [
        ("<img src='a.jpg'/>", "pictures alone"),
        ("<h1>Part one</h1>", "a headline alone"),
        ("<p></p>", "links or markup alone"),
        ("<div>" * 5_000 + ONE + "</div>" * 5_000, "nested 2,048 deep"),
    ],
)
def test_a_document_of_the_contents_without_text_is_rejected_with_the_reason(page, why):
    pages = {"1.xhtml": f"<p>{ONE}</p>", "2.xhtml": page, "3.xhtml": f"<p>{TWO}</p>"}
    data = epub(pages, {"a/toc.ncx": ncx(*pages)}, toc=NCX_ITEM)
    first, second, third = read_documents(Bytes(data))
    assert (first.paragraphs, third.paragraphs) == ((ONE,), (TWO,))
    assert isinstance(second, Rejected)
    assert second.reason.startswith("the document 'a/2.xhtml' of an EPUB is without text: ")
    assert why in second.reason
    (alone,) = read_documents(Bytes(epub({"1.xhtml": page})))
    assert isinstance(alone, Rejected)
    assert why in alone.reason


def test_of_a_row_each_cell_with_one_paragraph_is_joined_although_a_table_is_inside():
    def row(*cells: str) -> str:
        return "<tr>" + "".join(f"<tc>{cell}</tc>" for cell in cells) + "</tr>"

    inner = f"<tbl>{row(p('2'))}</tbl>"
    (found,) = documents(docx(f"<tbl>{row(p('1'), inner)}{row(p(''))}</tbl>{p('x')}"))
    assert found.paragraphs == ("1 | 2", "x")
    inner = f"<tbl>{row(p('2'), p('3'))}{row(p('4'))}</tbl>"
    (found,) = documents(docx(f"<tbl>{row(p('1'), inner + p('5'))}</tbl>"))
    assert found.paragraphs == ("1", "2 | 3", "4", "5")


def test_hidden_runs_are_left_out_of_a_docx():
    hidden = "<r><rPr><vanish/></rPr><t>hidden</t></r>"
    (found,) = documents(docx(f"<p>{hidden}<r><rPr><b/></rPr><t>{ONE}</t></r></p>"))
    assert found.paragraphs == (ONE,)


def test_fonts_may_be_obfuscated():
    assert documents(epub(PAGE, {"META-INF/encryption.xml": FONTS}))[0].paragraphs == (ONE,)


def test_what_is_unpacked_of_one_file_is_bounded(monkeypatch):
    monkeypatch.setattr(zipped, "_LARGEST_TOTAL", 3_000)
    pages = {f"{number}.xhtml": f"<p>{ONE * 20}</p>" for number in range(9)}
    assert "unpacks to too much" in reason(epub(pages))


def test_a_contents_list_that_is_damaged_costs_the_list_alone():
    data = epub(PAGE, {"a/toc.ncx": "<ncx><navMap>"}, toc=NCX_ITEM)
    assert documents(data)[0].paragraphs == (ONE,)


@pytest.mark.parametrize(
    "data",
    [
        epub(PAGE, spine="<itemref idref='i0'/>" * 100_000),
        epub({"1.xhtml": "<p>x</p>" * 100_000}),
        epub(PAGE, {"a/toc.ncx": ncx(*["1.xhtml"] * 20_000)}, toc=NCX_ITEM),
        epub({"1.xhtml": "<a/" * 30_000 + "<div>" * 30_000 + ONE}),
        docx(p("x") * 50_000),
        docx("<tbl>" * 100 + "<tr><tc>" + p(ONE) * 5_000 + "</tc></tr>" + "</tbl>" * 100),
        docx("<p><r><txbxContent>" * 80 + p(ONE) + "</txbxContent></r></p>" * 80),
        docx("<tbl><tr><tc>" * 80 + p(ONE) * 2_000 + "</tc></tr></tbl>" * 80),
        b"PK\x03\x04" * 16_000,
    ],
    ids=range(9),
)
def test_hostile_publications_end_in_time(data):
    begin = time.thread_time()
    try:
        list(read_documents(Bytes(data)))
    except UnreadableFile as error:
        assert error.reason
    assert time.thread_time() - begin < 10


@given(
    st.sampled_from(["paper.epub", "release.docx"]),
    st.lists(st.tuples(st.integers(0, 5_000), st.integers(0, 255)), min_size=1, max_size=20),
    st.integers(0, 5_000),
)
@settings(max_examples=80, deadline=None)
def test_a_damaged_publication_is_refused_or_read(name, changes, end):
    data = bytearray((FILES / name).read_bytes())
    for at, value in changes:
        data[at % len(data)] = value
    try:
        list(read_documents(Bytes(bytes(data[: max(end, 4) if end % 2 else len(data)]))))
    except UnreadableFile as error:
        assert error.reason


def test_a_docx_in_a_gzip_file_is_read_as_well(tmp_path):
    (tmp_path / "a.docx.gz").write_bytes(gzip.compress(docx(p(ONE))))
    (file,) = RawStore(tmp_path, 1 << 20).files([tmp_path])
    assert reader_for(file).format == "docx"
    assert next(iter(read_documents(file))).paragraphs == (ONE,)
