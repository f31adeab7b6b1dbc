"""The start of a search: what it imports, and what it leaves for others to import."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import unicodedata

import wcwidth
from documents import make_article

from searcher.command.layout import _NARROW
from searcher.engine.whoosh_engine import WhooshEngine
from searcher.text.marks import marks

SLOW = (
    # Kernels take longer to load than a search takes.
    "numba|llvmlite"
    # Only writing, fetching, serving or comparing versions needs them.
    "|multiprocessing|socket|ssl|flask|waitress|gunicorn|difflib|sqlite3|tqdm|gzip"
    "|searcher.(columnar.(builder|inverter|merge|writer|parallel)|engine.whoosh_writer"
    "|reading.(raw_store|articles)|indexing|sources|feeds|fetching|alerts)"
    # numpy and resources of packages import many modules for little.
    r"|numpy\.ma|numpy\.(random|fft|polynomial)|importlib\.resources|tempfile|secrets"
    # Texts in ASCII need no table of widths.
    "|wcwidth"
    "|bs4|lxml|trafilatura|feedparser|warcio|pypdf|dateparser|langdetect"
)
CODE = """
import os, sys
from searcher.command import cli
def leave(code):
    print(*sys.modules, file=sys.stderr)
    sys.exit(code)
os._exit = leave
sys.argv = ["searcher", "search", *sys.argv[1:]]
cli.main()
"""


def searched(folder, *words):
    """Search in a new interpreter. Return its output, and the modules that it imported."""
    done = subprocess.run(
        [sys.executable, "-c", CODE, *words],
        env={**os.environ, "SEARCHER_INDEX": str(folder)},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout, done.stderr.split()


def test_a_search_imports_nothing_that_it_does_not_need(tmp_path):
    with WhooshEngine(tmp_path).writer() as writer:
        for number in range(3):
            writer.add(
                make_article(
                    f"a{number}", "“Grain” ships leave", "Two ships left Odesa – for Łódź."
                )
            )
    output, loaded = searched(tmp_path, "grain", "ships", "odesa")
    assert "3 articles" in output
    assert {"numpy", "whoosh", "searcher.search.service"} <= set(loaded)
    assert [name for name in loaded if re.fullmatch(rf"({SLOW})(\..*)?", name)] == []


def test_all_marks_are_known():
    known = re.compile(f"[{marks()}]")
    for codepoint in range(0x12000):
        category = unicodedata.category(chr(codepoint))
        is_mark = bool(known.fullmatch(chr(codepoint)))
        # A newer Unicode has more marks; an older one has code points without a category.
        assert is_mark <= (category[0] == "M" or category == "Cn"), hex(codepoint)
        if unicodedata.unidata_version == "14.0.0":
            assert is_mark == (category[0] == "M"), hex(codepoint)


def test_a_narrow_character_is_a_grapheme_of_one_column():
    for codepoint in range(0x3000):
        char = chr(codepoint)
        if _NARROW.fullmatch(char):
            assert list(wcwidth.iter_graphemes(f"a{char}b")) == ["a", char, "b"], hex(codepoint)
            assert wcwidth.wcswidth(char) == 1, hex(codepoint)
