"""Authors of pages, by kinds of page.

Covers sources.page.authors and byline.
"""

from __future__ import annotations

import json

import pytest
from kinds import HEADLINE, Kind, article, differences, page, read

from searcher.sources.page.byline_lines import names_in_line

_SITE = "<meta property='og:site_name' content='Marsh Herald'>"


def _byline(text: str, lang: str = "en") -> str:
    return page(_SITE, article(f"<p class=byline>{text}</p>"), lang)


def _linked(author: object, *more: object) -> str:
    data = {"@type": "NewsArticle", "headline": HEADLINE, "author": author}
    return page(
        _SITE + f"<script type='application/ld+json'>{json.dumps([data, *more])}</script>",
        article(),
    )


def _meta(author: str) -> str:
    return page(f"{_SITE}<meta name='author' content='{author}'>", article())


BOTH = ("Ann Reed", "Bo Lund")
KINDS = [
    Kind("two and an agency", _byline("By Ann Reed and Bo Lund, Reuters"), {"authors": BOTH, "agency": "Reuters"}),
    Kind("an agency behind a bar", _byline("Ann Reed | AFP"), {"authors": BOTH[:1], "agency": "AFP"}),
    Kind("with an agency", _byline("By Ann Reed with AP"), {"authors": BOTH[:1], "agency": "AP"}),
    Kind("agency in the metadata", _meta("Ann Reed, Reuters"), {"authors": BOTH[:1], "agency": "Reuters"}),
    Kind("an agency in a list of JSON-LD", _linked([{"name": "Ann Reed"}, {"name": "AFP"}]), {"authors": ("Ann Reed", "AFP"), "agency": "AFP"}),
    Kind("an agency and initials", page(_SITE, article("<p class=author>dpa/abc</p>")), {"authors": ("dpa",), "agency": "dpa"}),
    Kind("an agency in brackets", _byline("By Ann Reed (Reuters)"), {"authors": BOTH[:1], "agency": "Reuters"}),
    Kind("and an agency", _byline("By Ann Reed and AFP"), {"authors": BOTH[:1], "agency": "AFP"}),
    Kind("an agency behind a dash", _byline("Ann Reed - Reuters"), {"authors": BOTH[:1], "agency": "Reuters"}),
    Kind("agencies without names", _byline("Ann Reed and agencies"), {"authors": BOTH[:1]}),
    Kind("the work on a text", _byline("Reporting by Ann Reed in Paris; Editing by Dee Holm"), {"authors": BOTH[:1]}),
    Kind("a date behind a name", _byline("Published by Ann Reed on 4 May 2021"), {"authors": BOTH[:1]}),
    Kind("only an agency", _byline("By Reuters"), {"authors": ("Reuters",), "agency": "Reuters"}),
    Kind("a place behind", _byline("By Ann Reed in Lower Marsh"), {"authors": BOTH[:1]}),
    Kind("an office behind", _byline("By Ann Reed, culture correspondent"), {"authors": BOTH[:1]}),
    Kind("an office in front", _byline("Culture Correspondent Ann Reed"), {"authors": BOTH[:1]}),
    Kind("a German office", _byline("Von Ann Reed, Redakteurin", "de"), {"authors": BOTH[:1]}),
    Kind("three names in a list", _byline("By Ann Reed, Bo Lund and Cy Marsh"), {"authors": (*BOTH, "Cy Marsh")}),
    Kind("names with an Oxford comma", _byline("By Ann Reed, Bo Lund, and Cy Marsh"), {"authors": (*BOTH, "Cy Marsh")}),
    Kind("capitals", _byline("By ANN REED and BO LUND"), {"authors": ("ANN REED", "BO LUND")}),
    Kind("staff is the outlet", _meta("Staff"), {"authors": (), "source": "Marsh Herald"}),
    Kind("an editorial office is the outlet", _meta("Redaktion"), {"authors": (), "source": "Marsh Herald"}),
    Kind("the house by name", _meta("Marsh Herald"), {"authors": ("Marsh Herald",)}),
    Kind("staff and a person", _linked([{"name": "Staff Writer"}, {"name": "Ann Reed"}]), {"authors": BOTH[:1]}),
    Kind("a link to a page about the author", page(_SITE, article("<div><a href='/authors/ann-reed'>Ann Reed</a></div>")), {"authors": BOTH[:1]}),
    Kind("rel=author", page(_SITE, article("<span>Written by <a rel=author href='/x/1'>Ann Reed</a></span>")), {"authors": BOTH[:1]}),
    Kind("an @id of JSON-LD", _linked({"@id": "#p1"}, {"@type": "Person", "@id": "#p1", "name": "Ann Reed"}), {"authors": BOTH[:1]}),
    Kind("a list of contributors", page(_SITE, article("<ul class=contributors><li>Ann Reed</li><li>Bo Lund</li></ul>")), {"authors": BOTH}),
    Kind("a list of JSON-LD", _linked({"@type": "ItemList", "itemListElement": [{"@type": "ListItem", "item": {"name": "Ann Reed"}}, {"@type": "ListItem", "item": {"name": "Bo Lund"}}]}), {"authors": BOTH}),
    Kind("contributors of JSON-LD", page(_SITE + "<script type='application/ld+json'>" + json.dumps({"@type": "NewsArticle", "headline": HEADLINE, "contributor": [{"name": "Ann Reed"}, {"name": "Bo Lund"}]}) + "</script>", article()), {"authors": BOTH}),
    Kind("an address of a profile in the metadata", page(_SITE + "<meta property='article:author' content='https://marsh.example/authors/ann-reed'>", article()), {"authors": BOTH[:1]}),
    Kind("a name from another script", _byline("By Анна Петрова"), {"authors": ("Анна Петрова",)}),
    Kind("a byline that is a paragraph", page(_SITE, article("<p>By Ann Reed</p>")), {"authors": BOTH[:1]}, lacks=("By Ann Reed",)),
    Kind("the byline leaves the body", page(_SITE, article("<p class=author>By Ann Reed and Bo Lund, Reuters</p>")), {"authors": BOTH, "agency": "Reuters"}, lacks=("Reuters", "Bo Lund")),
]  # fmt: skip


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_authors(kind):
    assert not differences(kind, read(kind))


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("By The Numbers", ()),
        ("Story Of Love", ()),
        ("Words Of Wisdom", ()),
        ("Von Berlin nach München", ()),
        ("Story: Anna Holm", ("Anna Holm",)),
        ("a cura di Lucia Ferri", ("Lucia Ferri",)),
        ("Par Hélène Marchal (avec AFP)", ("Hélène Marchal", "AFP")),
        ("By Ann Reed | AFP", ("Ann Reed", "AFP")),
        ("Ann Reed (dpa)", ("Ann Reed", "dpa")),
        ("来源：绿城网 记者：王小明 2021-05-04", ("王小明",)),
        ("홍길동 기자 hong@chorok.example", ("홍길동",)),
    ],
)
def test_lines_that_name_authors(line, names):
    assert names_in_line(line) == names
