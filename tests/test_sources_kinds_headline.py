"""Headlines of pages, by kinds of page.

Covers sources.page.headline.
"""

from __future__ import annotations

import json

import pytest
from kinds import HEADLINE, STORY, Kind, article, differences, page, paragraphs, read

_SITE = "<meta property='og:site_name' content='Marsh Herald'>"
_BARE = f"<div class=story>{paragraphs()}</div>"


def _titled(title: str, head: str = "", body: str = _BARE) -> str:
    return page(f"<meta property='og:title' content='{title}'>{head}", body, title=title)


def _linked(**values: object) -> str:
    data = {"@context": "https://schema.org", "@type": "NewsArticle", **values}
    return f"<script type='application/ld+json'>{json.dumps(data)}</script>"


KINDS = [
    Kind("the site behind a bar, named by its meta element", _titled(f"{HEADLINE} | Marsh Herald", _SITE)),
    Kind("the site behind a dash, named by its meta element", _titled(f"{HEADLINE} - Marsh Herald", _SITE)),
    Kind("the site behind a long dash", _titled(f"{HEADLINE} – Marsh Herald", _SITE)),
    Kind("site, bar and a date", _titled(f"{HEADLINE} | Marsh Herald | 04.05.2021", _SITE)),
    Kind("a section and the site", _titled(f"{HEADLINE} | Sport | Marsh Herald", _SITE)),
    Kind("a section alone, confirmed by the heading", _titled(f"{HEADLINE} | Sport", body=article())),
    Kind("a section alone, confirmed by the metadata", _titled(f"{HEADLINE} | Sport", "<meta property='article:section' content='Sport'>")),
    Kind("the site in brackets", _titled(f"{HEADLINE} (Marsh Herald)", _SITE)),
    Kind("the site and a date in words", _titled(f"{HEADLINE} — Marsh Herald, 4 May 2021", _SITE)),
    Kind("a slogan and the site", _titled(f"{HEADLINE} | News, sport and weather | Marsh Herald", _SITE)),
    Kind("arrows of a blog", _titled(f"{HEADLINE} « Culture « Marsh Herald", _SITE)),
    Kind("the site in front", _titled(f"Marsh Herald: {HEADLINE}", _SITE)),
    Kind("the site in front of a bar", _titled(f"Marsh Herald | {HEADLINE}", _SITE)),
    Kind("a desk in front, confirmed by the heading", _titled(f"Culture: {HEADLINE}", body=article())),
    Kind("an unknown site behind a bar, alone on the page", _titled(f"{HEADLINE} | Marsh Herald")),
    Kind("the domain confirms the site", _titled(f"{HEADLINE} - Marsh Herald"), address="https://www.marshherald.example/a/1"),
    Kind("the writer behind the site", _titled(f"{HEADLINE} | Marsh Herald | by Ann Reed", _SITE)),
    Kind("site and headline in JSON-LD, clean in the heading", page(_linked(headline=f"{HEADLINE} - Marsh Herald"), article())),
    Kind("a heading names the site", page("", f"<header><h1>Marsh Herald</h1></header>{article()}")),
    Kind("the heading says log in", page("", f"<div><h1>Log in</h1></div>{article()}")),
    Kind("the publisher of JSON-LD confirms the site", page(_linked(publisher={"@type": "Organization", "name": "Marsh Herald"}), _BARE)),
    Kind("a name of the site in capitals", _titled(f"{HEADLINE} | MARSH HERALD", _SITE)),
    Kind("guillemets in between", _titled(f"{HEADLINE} » Culture » Marsh Herald", _SITE)),
]  # fmt: skip

WHOLE = [
    "Storm hits coast - thousands without power",
    "Marsh – a town that forgot its trams",
    "Analysis: Why the depot matters",
    "Mayor: “We will not sell the depot”",
    "Interview | The woman who saved a depot",
    "Marsh 3 - 2 Hill: late goal wins the cup",
    "Depot / library: who pays?",
]
"""Headlines with marks of their own."""


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_the_headline_is_read_without_head_and_tail(kind):
    found = read(kind)
    assert found.headline == HEADLINE
    assert found.paragraphs == STORY


@pytest.mark.parametrize("headline", WHOLE)
def test_a_part_of_the_headline_stays(headline):
    body = f"<article><h1>{headline}</h1>{paragraphs()}</article>"
    for tail in ("", " | Marsh Herald"):
        found = read(Kind("", _titled(headline + tail, _SITE, body)))
        assert found.headline == headline


@pytest.mark.parametrize("headline", WHOLE)
def test_a_part_of_the_only_headline_stays(headline):
    assert read(Kind("", _titled(headline, _SITE))).headline == headline


def test_two_sources_that_agree_beat_a_cut_one():
    cut = f"{HEADLINE[:20]}…"
    head = _linked(headline=cut) + f"<meta property='og:title' content='{HEADLINE}'>"
    assert not differences(
        Kind("", "", {"headline": HEADLINE}), read(Kind("", page(head, article())))
    )
