"""Load modules and tables once in the fork server (see processes), not in each child process.

Loading them takes longer than the work of most child processes.
"""

from __future__ import annotations

import encodings.idna

import brotli
import numpy.ma
import protego
import Stemmer
import warcio.archiveiterator
from fakes import documents, normalised, page
from feed_server import rss

from searcher.text.urls import is_same_site

MODULES = (brotli, encodings.idna, numpy.ma, protego, Stemmer, warcio.archiveiterator)

assert normalised().language == "en"
assert page().paragraphs
assert documents(rss(("https://example.org/a", "A headline", "Text.")))
assert not is_same_site("https://example.org", "https://example.com")
