"""Bodies of pages, all of them written for these tests.

Covers sources.page.blocks, outline, kinds, text, exclusion, rows, body, repeats, standfirst, captions and
element_names.
"""

from __future__ import annotations

import time
from dataclasses import FrozenInstanceError

import pytest
from fakes import documents

from searcher.sources.page.exclusion import with_exclusions
from searcher.sources.page.outline import outline_of, parse_page

FIRST = "The ferry to the islands stopped sailing on Monday after a crack was found in the hull of the older of the ships."
SECOND = "The harbour master said that the second ship would sail twice a day until the repair is done, which may take a month."
THIRD = "People on the islands have asked the county for a bus to the airfield, and for the price of the flights to be lowered."
STANDFIRST = "A crack in the hull keeps the older of two ships in the harbour for a month."
OTHER = "Seven things to do on a rainy weekend in the harbour town, from the aquarium to the museum of knots and nets, with children."


def body(html: str) -> list[str]:
    (document,) = documents(
        f"<!doctype html><html><head><title>Ferry stops sailing - The Gull</title></head>{html}</html>"
    )
    return list(document.paragraphs)


def paragraphs(*texts: str) -> str:
    return "".join(f"<p>{text}</p>" for text in texts)


TEXT = paragraphs(FIRST, SECOND, THIRD)
BODY = [FIRST, SECOND, THIRD]


@pytest.mark.parametrize(
    "around",
    [
        f"<nav><ul><li><a href=/>Home</a></li></ul></nav><article>{TEXT}</article><footer><p>{OTHER}</p></footer>",
        f'<div class=page><div class=story>{TEXT}</div><div class="related-stories"><p>{OTHER}</p></div></div>',
        f'<article>{paragraphs(FIRST, SECOND)}<div class="newsletter-signup"><p>{OTHER}</p></div><p>{THIRD}</p></article>',
        f"<article>{paragraphs(FIRST, SECOND)}<figure><img><figcaption>{OTHER}</figcaption></figure><p>{THIRD}</p></article>",
        f'<div id="cookie-consent"><p>{OTHER} {OTHER}</p></div><article>{TEXT}</article>',
        f'<article>{TEXT}</article><section id="comments"><p>{OTHER}</p><p>{OTHER[:90]} I agree!</p></section>',
        f'<article>{paragraphs(FIRST)}<p><a href="/x">Read more: {OTHER}</a></p>{paragraphs(SECOND, THIRD)}</article>',
        f"<article>{TEXT}<h2>More about ferries</h2><ul><li><a href=/1>{OTHER}</a></li></ul></article>",
        f'<article>{paragraphs(FIRST, SECOND)}<p style="display: none">{OTHER}</p><p>{THIRD}</p></article>',
        f"<table><tr><td>{FIRST}<br><br>{SECOND}<br><br>{THIRD}</td></tr></table>",
        f"<div>{FIRST}<br><br>{SECOND}<br/> <br/>{THIRD}</div>",
        f'<div class=t><div class=l>{FIRST}</div><div class=l>{SECOND}</div><div class="l">{THIRD}</div></div>',
    ],
)  # fmt: skip
def test_the_body_is_what_remains(around):
    assert_only_the_body(around)


def assert_only_the_body(around: str) -> None:
    """Assert that a page with this content has all paragraphs of BODY, in order, and not OTHER."""
    found = body(f"<body><h1>Ferry stops sailing</h1>{around}</body>")
    assert [text for text in found if text in BODY] == BODY
    assert OTHER not in " ".join(found)


def rows(record: str, count: int = 12) -> str:
    return "".join(record.replace("#", str(number)) for number in range(count))


@pytest.mark.parametrize(
    "around",
    [
        f"<main><article>{TEXT}</article><div class=xyz>{rows(f'<div class=r><b>ann#</b> <i># hours ago</i><p>{OTHER}</p></div>')}</div></main>",
        f"<div><div class=s>{TEXT}</div><ol>{rows(f'<li><cite>ann#</cite> <a href=/c>June #, 2024</a><p>{OTHER}</p><a href=/r>Reply</a></li>')}</ol></div>",
        f"<main><article>{TEXT}</article><section class=discussion>{rows(f'<article><header>ann# # hours ago</header><p>{OTHER}</p></article>')}</section></main>",
        f"<div class=s>{TEXT}</div><div class=b>{rows(f'<div><a href=/x><h3>Seven things to do on Sunday</h3></a><p>{OTHER}</p></div>')}</div>",
        f"<article>{paragraphs(FIRST, SECOND)}<div>{rows(f'<div class=t><h3><a href=/x>Seven things to do</a></h3><p>{OTHER}</p></div>', 3)}</div>{paragraphs(THIRD)}</article>",
        f"<div id=gdpr-overlay><p>{OTHER} {OTHER} {OTHER}</p><p>{OTHER}</p></div><div>{TEXT}</div>",
        f"<amp-sidebar><p>{OTHER}</p></amp-sidebar><article>{TEXT}<amp-list><p>{OTHER}</p></amp-list></article>",
        f"<table><tr><td>{rows('<a href=/x>Islands</a><br>')}</td><td><b>Ferry</b><br><br>{FIRST}<br><br>{SECOND}<br><br>{THIRD}</td><td><a href=/y>{OTHER}</a></td></tr></table>",
    ],
)  # fmt: skip
def test_rows_beside_the_article_are_left_out(around):
    assert_only_the_body(around)


@pytest.mark.parametrize(
    "record",
    [
        f"<section><h2>Part #</h2><p>#. {OTHER}</p></section>",
        f"<div><h3><a href=/p>Ann Other #</a></h3><p>#. {OTHER} {OTHER}</p></div>",
        f"<section><h3><a href=/p>Place #</a></h3><p>#. {OTHER}</p></section>",
        f"<div class=qa><p><b>What next?</b></p><p>#. {OTHER}</p></div>",
        f"<div class=item><span>#</span><p>#. {OTHER}</p></div>",
        f"<div class=update><b>3 May, #:00</b><p>#. {OTHER}</p></div>",
        f"<ul><li><b>June #, 2024</b><p>#. {OTHER}</p></li></ul>",
        f"<div class=block><p>#. {OTHER}</p><div>Advertisement</div></div>",
    ],
)
def test_rows_that_are_parts_of_the_article_are_kept(record):
    found = body(
        f"<body><h1>Ferry stops sailing</h1><article>{TEXT}{rows(record, 5)}</article></body>"
    )
    assert [text for text in found if text in BODY] == BODY
    assert sum(OTHER in text for text in found) == 5


def test_a_short_article_is_not_given_up_for_longer_text_about_others():
    teasers = rows(f"<div><a href=/x><h3>Seven things to do on Sunday</h3></a><p>{OTHER}</p></div>")
    footer = f"<footer><p>{OTHER} All rights reserved.</p></footer>"
    assert body(
        f"<body><div><h1>Ferry stops sailing</h1><p>{FIRST}</p></div><div>{teasers}</div>{footer}</body>"
    ) == [FIRST]


def test_short_paragraphs_are_no_less_than_long_ones_elsewhere():
    short = [
        f"The {word} of the islands said nothing on Monday."
        for word in "mayor fisher vicar baker clerk guard pilot owner".split()
    ]
    found = body(
        f"<article><h1>Ferry stops sailing</h1>{paragraphs(*short)}</article><div class=bottom><p>{OTHER} {OTHER}</p></div>"
    )
    assert found == short


def test_all_entries_of_a_declared_running_report_are_read():
    posts = rows(f"<article class=post><h3>Entry #</h3><p>#. {OTHER}</p></article>", 4)
    live = '<script type="application/ld+json">{"@type": "LiveBlogPosting", "headline": "Ferry stops sailing"}</script>'
    found = body(
        f"<head>{live}</head><body><main><article><h1>Ferry stops sailing</h1>{TEXT}{TEXT.replace('The', 'A')}</article><section>{posts}</section></main>"
    )
    assert sum(OTHER in text for text in found) == 4


def test_mojibake_is_mended_before_it_is_cleaned():
    damaged = "La pol\u00c3\u00adtica del pa\u00c3\u00ads cambi\u00c3\u00b3 ayer por la noche, dijo el alcalde."
    mended = "La política del país cambió ayer por la noche, dijo el alcalde."
    assert body(f"<h1>x</h1><p>{damaged} {damaged}</p>") == [f"{mended} {mended}"]


def test_the_captions_of_a_gallery_are_its_text():
    figures = rows(
        "<figure><img><figcaption>Picture #: the ferry at the quay on Monday, before it stopped sailing.</figcaption></figure>",
        6,
    )
    page = f"<body><h1>Ferry stops sailing</h1><p>{FIRST}</p>{figures}<aside>{figures.replace('ferry', 'lorry')}</aside></body>"
    (document,) = documents(page)
    assert document.kind == "gallery"
    assert document.found["kind"] == document.found["body"] == "captions"
    assert document.paragraphs[0] == FIRST
    assert [text[:10] for text in document.paragraphs[1:]] == [
        f"Picture {number}:" for number in range(6)
    ]
    assert documents(page.replace(FIRST, FIRST * 5))[0].kind == ""


def test_section_headings_and_lists_of_the_text_are_kept_and_bare_headings_are_not():
    items = "".join(
        f"<li>A ticket for {who} costs {price} pounds from now on.</li>"
        for who, price in (("adults", 9), ("children", 4))
    )
    found = body(
        f"<body><article><h1>Ferry stops sailing</h1>{TEXT}<h2>What it costs</h2><ul>{items}</ul><h2>Share this</h2></article></body>"
    )
    assert found[3] == "What it costs"
    assert len(found) == 6


@pytest.mark.parametrize(
    "lead",
    [
        f"<p class=standfirst>{STANDFIRST}</p>",
        f"<header><p>{STANDFIRST}</p></header>",
        f"<h2>{STANDFIRST}</h2>",
    ],
)
def test_a_standfirst_belongs_to_the_body(lead):
    assert body(
        f"<body><h1>Ferry stops sailing</h1>{lead}<p>By Ann Other</p><div class=text>{TEXT}</div></body>"
    ) == [
        STANDFIRST,
        *BODY,
    ]


def test_a_name_that_covers_the_text_means_something_else():
    assert (
        body(
            f'<body><div class="paywall sidebar-layout"><h1>Ferry stops sailing</h1>{TEXT}</div></body>'
        )
        == BODY
    )


def test_of_pages_that_scroll_without_end_the_first_article_counts():
    more = paragraphs(
        *(
            f"{OTHER} Number {number} is the one that everybody should see first, our readers say."
            for number in range(4)
        )
    )
    long = paragraphs(*(f"{text} {text[::-1]}" for text in BODY))
    found = body(
        f"<body><div><article><h1>Ferry stops sailing</h1>{long}</article><article><h2>Rain</h2>{more}</article></div></body>"
    )
    assert len(found) == 3
    assert OTHER not in " ".join(found)


def test_the_headline_is_no_paragraph_and_repeats_are_dropped():
    assert (
        body(
            f"<body><article><h1>Ferry stops sailing</h1><p>Ferry stops sailing</p>{TEXT}{paragraphs(FIRST)}</article></body>"
        )
        == BODY
    )


def test_running_reports_are_read_whole():
    entries = "".join(
        f"<div class=entry><h3>{hour}:00</h3><p>{text} It was {hour} o'clock.</p></div>"
        for hour, text in enumerate(BODY * 3, 9)
    )
    assert (
        sum(
            "o'clock" in text
            for text in body(
                f"<body><main><h1>Ferry stops sailing: live</h1>{entries}</main></body>"
            )
        )
        == 9
    )


@pytest.mark.parametrize(
    "page",
    [
        "<div>" * 10_000 + FIRST,
        f"<body>{'<p>' * 30_000}{TEXT}</body>",
        f"<body>{'<div class=x>a</div>' * 20_000}{TEXT}</body>",
        f"<body>{'<br>' * 100_000}{TEXT}</body>",
        f"<body><article>{f'<p>{FIRST * 8}</p>' * 1_000}</article></body>",
        f"<body><p class='{'ad-' * 100_000}'>{FIRST}</p>{TEXT}</body>",
        "<body><blockquote>" + f"<div><p>{FIRST}</p>" * 2_000,
        f"<html><head>{'<meta name=author content=x>' * 20_000}</head><body>{TEXT}</body></html>",
        f"<body>{'<a class=author>Ann Other</a>' * 20_000}{TEXT}</body>",
        "<html>" + "<div><h1>" * 1_000 + "x",
        "<b><time>" * 1_000,
    ],
    ids=range(11),
)
def test_hostile_pages_take_little_time(page):
    begin = time.thread_time()
    documents(page)
    assert time.thread_time() - begin < 10


def test_the_outline_of_a_page_is_a_value_and_exclusions_make_a_new_one():
    page = f"<body><article>{TEXT}</article><div class=related><p>{OTHER}</p></div></body>"
    outline = outline_of(parse_page(page))
    judged = with_exclusions(outline, set())
    assert [block.excluded_by for block in outline.blocks] == ["", "", "", ""]
    assert [block.excluded_by for block in judged.blocks] == ["", "", "", "related"]
    with pytest.raises(FrozenInstanceError):
        judged.blocks[0].excluded_by = "related"
