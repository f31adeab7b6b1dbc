"""Text of pages, by kinds of page.

Covers sources.page.state, sources.page.tables and sources.page.inline.
"""

from __future__ import annotations

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kinds import HEADLINE, STORY, Kind, article, differences, page, paragraphs, read

from searcher.text.cleaning import clean_line


def _script(text: str, attributes: str = "") -> str:
    return f"<script {attributes}>{text}</script>"


_ROWS = (
    ("Line", "Length", "Year"),
    ("Harbour line", "12 km", "1901"),
    ("Hill line", "7 km", "1911"),
)
_TABLE = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in _ROWS)
_STATE = {
    "props": {
        "pageProps": {
            "article": {
                "title": HEADLINE,
                "content": [{"type": "paragraph", "text": text} for text in STORY],
            },
            "menu": [{"text": "Weather"}, {"text": "Sport"}],
        }
    }
}
_HTML = {
    "data": {
        "story": {"headline": HEADLINE, "body": paragraphs(), "id": 17},
        "ads": {"html": "<div>Buy now</div>"},
    }
}
_ESCAPED = json.dumps(
    json.dumps(
        {
            "items": [
                {
                    "headlines": {"basic": HEADLINE},
                    "content_elements": [{"type": "text", "content": text} for text in STORY],
                }
            ]
        }
    )
)
_ROOT = "<div id=root></div>"
_CACHE = {
    "ROOT": {"article": {"__ref": "Article:1"}},
    "Article:1": {"headline": HEADLINE, "body": [{"kind": "P", "text": text} for text in STORY]},
}
_STRING = json.dumps(paragraphs()).replace("<", "\\u003C").replace("/", "\\u002F")
_QUOTE = "“This is the best news for our street since the trams stopped,” said the baker."

KINDS = [
    Kind("the body is in JSON-LD", page("<script type='application/ld+json'>" + json.dumps({"@type": "NewsArticle", "headline": HEADLINE, "articleBody": "\n\n".join(STORY)}) + "</script>", _ROOT), has=STORY),
    Kind("the body is in JSON-LD, as markup", page("<script type='application/ld+json'>" + json.dumps({"@type": "NewsArticle", "headline": HEADLINE, "articleBody": paragraphs()}) + "</script>", _ROOT), has=STORY, lacks=("<p>",)),
    Kind("the body is in the state of the page", page("", _ROOT + f"<script id=__NEXT_DATA__ type='application/json'>{json.dumps(_STATE)}</script>"), has=STORY, lacks=("Weather",)),
    Kind("the body is markup in the state", page("", _ROOT + f"<script>window.__PRELOADED_STATE__ = {json.dumps(_HTML)};</script>"), has=STORY, lacks=("Buy now", "<p>")),
    Kind("the state is a string of JSON", page("", _ROOT + f"<script>window.Fusion=window.Fusion||{{}};Fusion.globalContent=JSON.parse({_ESCAPED});</script>"), has=STORY),
    Kind("a cache of objects", page("", _ROOT + _script(f"window.__APOLLO_STATE__={json.dumps(_CACHE)};")), has=STORY),
    Kind("a call with strings", page("", _ROOT + _script(f"window.__NUXT__=(function(a,b){{return {{data:[{{title:a,body:{_STRING}}}]}}}}('x',1));")), has=STORY, lacks=("<p>",)),
    Kind("runs of rich text", page("", _ROOT + _script(json.dumps({"post": {"title": HEADLINE, "body": [{"_type": "block", "children": [{"text": text[:20]}, {"text": text[20:]}]} for text in STORY]}}), "type=application/json")), has=STORY),
    Kind("escaped markup in the state", page("", _ROOT + _script("var story = " + json.dumps({"title": HEADLINE, "html": "&lt;p&gt;" + "&lt;/p&gt;&lt;p&gt;".join(STORY) + "&lt;/p&gt;"}))), has=STORY),
    Kind("updates of a live blog in JSON-LD", page(_script(json.dumps({"@type": "LiveBlogPosting", "headline": HEADLINE, "liveBlogUpdate": [{"@type": "BlogPosting", "headline": f"Entry {n}", "articleBody": text} for n, text in enumerate(STORY)]}), "type=application/ld+json"), _ROOT), has=STORY),
    Kind("questions in JSON-LD", page(_script(json.dumps({"@type": "FAQPage", "mainEntity": [{"@type": "Question", "name": "When will it open?", "acceptedAnswer": {"@type": "Answer", "text": STORY[0]}}]}), "type=application/ld+json"), _ROOT), has=("When will it open?", STORY[0])),
    Kind("the page shows the beginning of the text in JSON-LD", page(_script(json.dumps({"@type": "NewsArticle", "headline": HEADLINE, "articleBody": "\n".join([*STORY, *(text[::-1] for text in STORY)])}), "type=application/ld+json"), f"<article><h1>{HEADLINE}</h1><p>{STORY[0]} And some words more.</p></article>"), has=STORY),
    Kind("a table in a box that scrolls", page("", article("", f"<div class=scroll><table>{_TABLE}</table></div>")), has=("Harbour line · 12 km · 1901",)),
    Kind("a table in a figure", page("", article("", f"<figure><table>{_TABLE}</table></figure>")), has=("Harbour line · 12 km · 1901",)),
    Kind("a quotation in a figure", page("", article("", f"<figure><blockquote>{_QUOTE}</blockquote><figcaption>Dee Holm, baker</figcaption></figure><p>The mayor answered an hour later.</p>")), has=(_QUOTE, "Dee Holm, baker")),
    Kind("folded answers", page("", article("", "<details><summary>When will it open?</summary><p>It opens in the spring of next year, the mayor said.</p></details>")), has=("When will it open?", "It opens in the spring")),
    Kind("a card behind a name", page("", f"<article><h1>{HEADLINE}</h1><p>The plan of <a href=x>Ann Reed</a><span class=author-card><span>Ann Reed</span> <span>Ferry captain</span></span> won the vote on Monday.</p>{paragraphs()}</article>"), has=("The plan of Ann Reed won the vote",), lacks=("Ferry captain",)),
    Kind("about the company, in German", page("", article("", "<h3>Über die Marsh Bahn AG</h3><p>Die Marsh Bahn AG beschäftigt 300 Menschen.</p>")), has=STORY, lacks=("beschäftigt",)),
    Kind("the body is in noscript", page("", _ROOT + f"<noscript><article><h1>{HEADLINE}</h1>{paragraphs()}</article></noscript>"), has=STORY),
    Kind("the body is in a template", page("", _ROOT + f"<template><article><h1>{HEADLINE}</h1>{paragraphs()}</article></template>"), has=STORY),
    Kind("a notice in noscript beside the text", page("", article() + "<noscript><p>Please enable JavaScript to read all functions of this page today.</p></noscript>"), has=STORY, lacks=("JavaScript",)),
    Kind("a table of data", page("", article("", f"<table>{_TABLE}</table>")), has=("Line · Length · Year", "Harbour line · 12 km · 1901", "Hill line · 7 km · 1911")),
    Kind("a table with headers", page("", article("", "<table><thead><tr><th>Party</th><th>Seats</th></tr></thead><tbody><tr><th>Greens</th><td>11</td></tr><tr><th>Reds</th><td>4</td></tr></tbody></table>")), has=("Party · Seats", "Greens · 11", "Reds · 4")),
    Kind("a table that is a layout", page("", f"<table><tr><td><a href=/>Home</a></td><td>{article()}</td></tr></table>"), has=STORY, lacks=("Home",)),
    Kind("a table in the sidebar", page("", article() + "<aside class=sidebar><table><tr><td>Index</td><td>4,711</td></tr><tr><td>Oil</td><td>81</td></tr></table></aside>"), has=STORY, lacks=("4,711",)),
    Kind("an embedded post", page("", article("", f"<blockquote class=twitter-tweet><p>{_QUOTE}</p>&mdash; Cy Marsh (@cymarsh) <a href=x>May 4, 2021</a></blockquote><p>The mayor answered an hour later.</p>")), has=(*STORY, _QUOTE, "Cy Marsh")),
    Kind("a quotation with its author", page("", article("", f"<blockquote><p>{_QUOTE}</p><footer>Dee Holm, baker</footer></blockquote><p>The mayor answered an hour later.</p>")), has=(_QUOTE, "Dee Holm, baker")),
    Kind("a live blog with times", page("", f"<article><h1>{HEADLINE}</h1>" + "".join(f"<div class=entry><time datetime='2024-05-03T1{n}:30'>1{n}:30</time><p>{text}</p></div>" for n, text in enumerate(STORY)) + "</article>"), {"kind": "live"}, has=(*STORY, "10:30", "12:30")),
    Kind("questions and answers", page("", f"<article><h1>{HEADLINE}</h1>{paragraphs()}" + "".join(f"<p><strong>{q}</strong></p><p>{a}</p>" for q, a in (("When will it open?", "In the spring of next year."), ("Who pays?", "The council and the region."))) + "</article>"), has=("When will it open?", "In the spring of next year.", "Who pays?")),
    Kind("a list of definitions", page("", article("", "<dl><dt>When does it open?</dt><dd>It opens in the spring of next year.</dd><dt>Who pays?</dt><dd>The council and the region share the costs.</dd></dl>")), has=("When does it open?", "The council and the region share the costs.")),
    Kind("a recipe", page("", article("", "<h2>Ingredients</h2><ul><li>200 g flour</li><li>2 eggs</li></ul><h2>Method</h2><ol><li>Mix.</li><li>Bake for an hour.</li></ol>")), has=("200 g flour", "2 eggs", "Mix.", "Bake for an hour.")),
    Kind("footnotes", page("", article("", "<section class=footnotes><ol><li id=fn1>Minutes of the council, volume 12, page 88.</li><li id=fn2>Letter to the editor, 3 May 1911.</li></ol></section>")), has=("Minutes of the council, volume 12, page 88.", "Letter to the editor, 3 May 1911.")),
    Kind("a hover card in a sentence", page("", f"<article><h1>{HEADLINE}</h1><p>The plan of <span class=person>Ann Reed<span class=hovercard>Ann Reed Tram driver and author of three books</span></span> won the vote on Monday.</p>{paragraphs()}</article>"), has=("The plan of Ann Reed won the vote on Monday.",), lacks=("author of three books",)),
    Kind("a tooltip in a sentence", page("", f"<article><h1>{HEADLINE}</h1><p>The depot<span role=tooltip>A depot is a house for trams</span> won the vote on Monday, all said.</p>{paragraphs()}</article>"), has=("The depot won the vote on Monday, all said.",), lacks=("house for trams",)),
    Kind("hidden words in a sentence", page("", f"<article><h1>{HEADLINE}</h1><p>The depot <span hidden>opens in a new window</span>won the vote <span style='display:none'>secret</span>on Monday, all said.</p>{paragraphs()}</article>"), has=("The depot won the vote on Monday, all said.",), lacks=("new window", "secret")),
    Kind("words for readers that speak", page("", f"<article><h1>{HEADLINE}</h1><p>The <a href=x>depot<span class=sr-only>(opens in a new window)</span></a> won the vote on Monday, all said.</p>{paragraphs()}</article>"), has=("The depot won the vote on Monday, all said.",), lacks=("new window",)),
    Kind("the standfirst twice", page(f"<meta name=description content='{STORY[0]}'>", article(f"<p class=standfirst>{STORY[0]}</p>")), once=STORY),
    Kind("the standfirst is the beginning of the text", page("", article(f"<p class=standfirst>{STORY[0][:60]}…</p>")), once=(STORY[0][:50],)),
    Kind("captions of a player", page("", article("<div class=video-player><p class=title>Watch: the council votes on the tram depot in the hall.</p><p>Video duration 2 minutes 14 seconds of the session.</p></div>")), has=STORY, lacks=("Watch:", "Video duration")),
    Kind("about the company", page("", article("", "<h2>About Marsh Rail</h2><p>Marsh Rail is a leading provider of tram services and employs 300 people in the region.</p>")), has=STORY, lacks=("leading provider",)),
    Kind("a paragraph of law outweighs a short text", page("", f"<article><h1>{HEADLINE}</h1><p>{STORY[0]}</p></article><div class=legal><p>All content of this website is protected by copyright. Any use beyond the limits of the law requires the written consent of the publisher, which also applies to copies, translations, storage and processing in electronic systems.</p></div>"), has=STORY[:1], lacks=("protected by copyright",)),
    Kind("a prompt to subscribe", page("", article("", "<p>To continue reading, subscribe now for only 1 crown a month.</p><p>Already a subscriber? Log in here to read on.</p>")), has=STORY, lacks=("subscribe now", "Already a subscriber")),
]  # fmt: skip


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_text(kind):
    assert not differences(kind, read(kind))


HOSTILE = [
    "[" * 100_000,
    '{"a":' * 5_000 + "1" + "}" * 5_000,
    '"' * 100_000,
    "= {" * 50_000,
    '="' + "a\\" * 50_000,
    json.dumps({"body": [[["<p>"] * 50] * 50] * 50}),
    json.dumps({"title": HEADLINE, "body": ["x" * 50 + "."] * 20_000}),
]
"""Scripts that look like states."""


@pytest.mark.parametrize("script", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_states_take_bounded_time(script):
    begin = time.process_time()
    read(Kind("", page("", f"<h1>{HEADLINE}</h1>{_ROOT}<script>{script}</script>")))
    assert time.process_time() - begin < 5


@given(st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp", "Cn", "Co")), max_size=60))
def test_display_text_keeps_all_but_controls(text):
    """White space is one space, and marks that divide words stay out."""
    dropped = "\u00ad\u200b\ufeff"
    kept = "".join(sign for sign in text if sign not in dropped)
    wanted = " ".join(kept.split())
    assert "".join(sign for sign in clean_line(text) if sign not in dropped) == wanted


SCRIPTS = {
    "Persian with joiners": "رئیس بندر گفت که می‌خواهند کتاب‌خانه را بسازند و خانه‌ها را نمی‌فروشند.",
    "Hindi with joiners": "क्‍या यह क्‌ष और र्‍य सही है, यह परिषद ने सोमवार को कहा।",
    "Malayalam": "അവന്‍ പറഞ്ഞു, ന്‍ എന്ന അക്ഷരം ശരിയാണ് എന്ന് എല്ലാവരും കരുതി.",
    "Sinhala": "ශ්‍රී ලංකාවේ ජනතාව මේ ගැන කතා කළහ, ඔවුන් සතුටු වූහ.",
    "Khmer with spaces without width": "ប្រជាជន\u200bបាន\u200bជួប\u200bគ្នា\u200bនៅ\u200bទីក្រុង\u200bនៅ\u200bថ្ងៃ\u200bចន្ទ។",
    "emoji": "The crowd cheered 👩‍👩‍👧‍👦 and waved 🏳️‍🌈 flags ❤️ for two hours that night.",
    "ideographs with variation selectors": "葛󠄀城市と辻󠄀堂の議会は月曜日に図書館の計画を認めた。",
    "Arabic with vowels": "قَالَ رَئِيسُ المَدِينَةِ إِنَّ المَكْتَبَةَ سَتُفْتَحُ فِي الرَّبِيعِ القَادِمِ.",
    "Hebrew with marks": "רֹאשׁ הָעִיר אָמַר שֶׁהַסִּפְרִיָּה תִּפָּתַח בָּאָבִיב הַבָּא.",
    "Vietnamese": "Hội đồng thị trấn đã bỏ phiếu mở lại nhà để xe điện thành thư viện.",
    "Mongolian": "ᠮᠣᠩᠭᠣᠯ ᠬᠡᠯᠡ ᠪᠢᠴᠢᠭ᠌ ᠦᠨ ᠨᠣᠮ ᠤᠨ ᠰᠠᠩ",
    "marks of direction": "הספרייה (Library\u200e) נפתחה ביום שני, 3\u200f באפריל, אמר ראש העיר.",
}  # fmt: skip
"""Texts with characters that are not seen, or that change their neighbours."""


@pytest.mark.parametrize("text", SCRIPTS.values(), ids=SCRIPTS.keys())
def test_display_text_keeps_every_character(text):
    found = read(
        Kind(
            "", page("", f"<article><h1>{HEADLINE}</h1>{paragraphs((text, *STORY[1:]))}</article>")
        )
    )
    assert found.paragraphs[0] == text


def test_lines_of_japanese_are_joined_without_a_space():
    lines = "町議会は月曜日に<br>図書館の計画を認めた。<br>NHK によると<br>賛成は11人だった。"
    found = read(
        Kind(
            "",
            page(
                "",
                f"<article><h1>図書館の計画</h1><p>{lines}</p><p>住民は二年のあいだ署名を集め、多くの人が庁舎の外で待っていた。</p></article>",
                "ja",
            ),
        )
    )
    assert (
        found.paragraphs[0]
        == "町議会は月曜日に図書館の計画を認めた。NHK によると賛成は11人だった。"
    )
