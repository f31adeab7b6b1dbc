"""Archives of files, lists of saved articles, ODT, and saved pages with their address.

Covers sources.containers, sources.lists, sources.odt and sources.saved_pages.
"""

from __future__ import annotations

import contextlib
import gzip
import io
import json
import tarfile
import time
from datetime import UTC, datetime

import pytest
from fakes import Bytes, documents, reason
from hypothesis import given, settings
from hypothesis import strategies as st
from publications import docx, epub, odt, p, packed

from searcher.article import Document, Rejected
from searcher.errors import UnreadableFile
from searcher.sources import containers, read_documents

PAGE = "<h1>Ferry stops sailing</h1><p>The ferry to the islands stopped sailing on Monday.</p>"
SAVED = datetime(2023, 4, 6, 10, tzinfo=UTC)


def tarred(members: dict[str, str | bytes]) -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        for name, content in members.items():
            data = content.encode() if isinstance(content, str) else content
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return file.getvalue()


def found_in(data: bytes) -> tuple[list[str], list[str]]:
    """Return the formats of the articles in a file, and the reasons why others are none."""
    found = list(read_documents(Bytes(data)))
    return (
        [one.format for one in found if isinstance(one, Document)],
        [one.reason for one in found if isinstance(one, Rejected)],
    )


@pytest.mark.parametrize("pack", [packed, tarred])
def test_files_of_all_formats_in_an_archive_are_read(pack):
    members = {
        "a/page.html": PAGE,
        "a/page.png": b"\x89PNG",
        "a/.hidden": "x",
        "b.docx": docx(p("The ferry to the islands stopped sailing.")),
        "c.epub": epub({"1.xhtml": "<p>The ferry to the islands stopped sailing.</p>"}),
        "d.odt": odt("<text:p>The ferry to the islands stopped sailing.</text:p>"),
        "e.html.gz": gzip.compress(PAGE.encode()),
        "f.csv": "title,url\nFerry stops,https://a.example/f\n",
        "g.zip": packed({"inner.html": PAGE}),
    }
    expected = (["html", "docx", "epub", "odt", "html", "csv", "html"], [])
    assert found_in(pack(members)) == expected
    assert found_in(pack({"outer.zip": packed({"a.docx": members["b.docx"]})})) == (["docx"], [])


@pytest.mark.parametrize("pack", [packed, tarred])
def test_articles_of_an_archive_are_numbered_and_failures_name_the_file(pack):
    data = pack({"a.html": PAGE, "b.pdf": b"%PDF-1.4\nbroken", "c.html": PAGE})
    first, second, third = read_documents(Bytes(data, "saved"))
    assert [str(one.origin) for one in (first, second, third)] == ["saved#1", "saved#2", "saved#3"]
    assert second.reason.startswith("'b.pdf': a damaged PDF")


@pytest.mark.parametrize("pack", [packed, tarred])
def test_archives_in_archives_are_read_to_a_depth(pack):
    deep = pack({"3.zip": packed({"2.zip": packed({"1.html": PAGE})})})
    assert found_in(deep) == ([], ["'3.zip': '2.zip': archives are nested too deeply"])


def test_a_bomb_of_archives_ends(monkeypatch):
    monkeypatch.setattr(containers, "_LARGEST_TOTAL", 3 << 20)
    inner = packed({f"{number}.txt": "a" * (1 << 17) for number in range(20)})
    outer = packed({f"{number}.zip": inner for number in range(20)})
    found = read_documents(Bytes(outer))
    with pytest.raises(UnreadableFile, match="unpacks to more than 3 MiB"):
        list(found)
    formats, reasons = found_in(packed({"a.html": b"a" * (60 << 20), "b.html": PAGE}))
    assert formats == ["html"]
    assert "too much data" in reasons[0]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (packed({"a.jpg": b"x", "b.css": b"y"}), "an archive without files that can be read"),
        (tarred({"a.jpg": b"x"}), "an archive without files that can be read"),
        (tarred({"a.html": PAGE * 2000})[:20_000], "a damaged tar archive"),
    ],
)
def test_archives_that_cannot_be_read_say_why(data, why):
    assert why in reason(data)


LISTS = {
    "Pocket": "title,url,time_added,tags,status\nFerry stops,https://a.example/f,1680775200,x|y,unread\n",
    "Instapaper": "URL,Title,Selection,Folder,Timestamp\nhttps://a.example/f,Ferry stops,,Unread,1680775200\n",
    "Raindrop": "id,title,note,excerpt,url,folder,created\n,Ferry stops,,,https://a.example/f,x,2023-04-06T10:00:00.000Z\n",
    "Pocket, HTML": '<!DOCTYPE html>\n<html><head><meta charset="UTF-8" /><title>Pocket Export</title></head><body><h1>Unread</h1><ul><li><a href="https://a.example/f" time_added="1680775200" tags="">Ferry stops</a></li></ul></body></html>',
    "bookmarks": '<!DOCTYPE NETSCAPE-Bookmark-file-1>\n<TITLE>Bookmarks</TITLE><DL><p><DT><A HREF="https://a.example/f" ADD_DATE="1680775200">Ferry stops</A><DT><A HREF="javascript:x()">x</A></DL>',
    "Wallabag": json.dumps([{"is_archived": 0, "id": 7, "title": "Ferry stops", "url": "https://a.example/f", "content": "", "created_at": "2023-04-06T10:00:00+0000"}]),
}  # fmt: skip


@pytest.mark.parametrize("text", LISTS.values(), ids=LISTS.keys())
def test_lists_of_saved_articles_are_read(text):
    (found,) = documents(text)
    assert (found.headline, found.url, found.seen) == ("Ferry stops", "https://a.example/f", SAVED)
    assert (found.dates, found.given_id) == ((), "")


def test_a_list_of_google_takeout_and_a_table_of_articles_are_read():
    (found,) = documents("Title,Note,URL,Comment\nFerry stops,,https://a.example/f,\n")
    assert (found.headline, found.url) == ("Ferry stops", "https://a.example/f")
    (found,) = documents(
        'headline;authors;published;text\n"Ferry; stops";Ann Reed; 2023-04-06 ;"It stopped\n\nsailing."\n'
    )
    assert (found.headline, found.authors, found.format) == ("Ferry; stops", ("Ann Reed",), "csv")
    assert found.dates == (("csv", "2023-04-06"),)


def test_a_link_without_a_title_is_told():
    assert found_in(b"title,url\nhttps://a.example/f,https://a.example/f\n") == (
        [],
        ["no title and no text"],
    )


@pytest.mark.parametrize(
    "text", ["Title, and a text\n\nwith a comma.", "name,age\nx,1\n", "title,\n"]
)
def test_texts_with_commas_are_no_lists(text):
    assert [one.format for one in read_documents(Bytes(text.encode()))] == ["text"]


def test_an_odt_has_headings_rows_and_properties():
    content = (
        "<text:h>Ferry stops</text:h><text:p>By Ann Reed</text:p><text:p>The <text:span>old</text:span>"
        "<text:s/>ferry<text:note><text:note-body><text:p>note</text:p></text:note-body></text:note>"
        " stopped.</text:p><table:table><table:table-row><table:table-cell><text:p>Boats</text:p>"
        "</table:table-cell><table:table-cell><text:p>2</text:p></table:table-cell>"
        "</table:table-row></table:table>"
    )
    (found,) = documents(
        odt(
            content,
            "<dc:title>Release</dc:title><meta:creation-date>2023-04-06</meta:creation-date>",
        )
    )
    assert (found.headline, found.authors) == ("Ferry stops", ("Ann Reed",))
    assert found.paragraphs == ("The old ferry stopped.", "Boats | 2")
    assert found.dates == (("odt", "2023-04-06"),)
    assert found_in(odt("")) == ([], ["an ODT without text"])


FRONTS = [
    "<!--\n Page saved with SingleFile \n url: https://a.example/f \n saved date: Thu Apr 06 2023 12:00:00 GMT+0200 (Central European Summer Time)\n--><html>",
    "<html data-scrapbook-source='https://a.example/f' data-scrapbook-create='20230406100000'>",
]  # fmt: skip


@pytest.mark.parametrize("front", FRONTS)
def test_the_address_of_a_saved_page_is_read(front):
    (found,) = documents(f"<!DOCTYPE html>{front}<body>{PAGE}</body></html>")
    assert (found.url, found.seen) == ("https://a.example/f", SAVED)


def test_the_address_that_a_browser_writes_is_read():
    (found,) = documents(
        f"<!DOCTYPE html>\n<!-- saved from url=(0019)https://a.example/f -->\n<html><body>{PAGE}"
    )
    assert found.url == "https://a.example/f"


@given(st.binary(max_size=300), st.sampled_from([packed, tarred]), st.integers(0, 2000))
@settings(max_examples=60, deadline=None)
def test_damaged_archives_raise_nothing_else(noise, pack, at):
    data = bytearray(pack({"a.html": PAGE, "b.csv": "title,url\nx,y\n"}))
    data[at % len(data) : at % len(data)] = noise
    begin = time.thread_time()
    with contextlib.suppress(UnreadableFile):
        list(read_documents(Bytes(bytes(data))))
    assert time.thread_time() - begin < 2
