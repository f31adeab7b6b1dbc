"""The article's body on a page: what belongs to it and what stands around it. All pages are our own."""

from __future__ import annotations

import time

import pytest
from fakes import documents

FIRST = (
    "The ferry to the islands stopped sailing on Monday after a crack was found in the hull of the older of the ships."
)
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
    found = body(f"<body><h1>Ferry stops sailing</h1>{around}</body>")
    assert [text for text in found if text in BODY] == BODY
    assert OTHER not in " ".join(found)


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
    assert body(f"<body><h1>Ferry stops sailing</h1>{lead}<p>By Ann Other</p><div class=text>{TEXT}</div></body>") == [
        STANDFIRST,
        *BODY,
    ]


def test_a_name_that_covers_the_text_means_something_else():
    assert body(f'<body><div class="paywall sidebar-layout"><h1>Ferry stops sailing</h1>{TEXT}</div></body>') == BODY


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
            "o'clock" in text for text in body(f"<body><main><h1>Ferry stops sailing: live</h1>{entries}</main></body>")
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
    begin = time.monotonic()
    documents(page)
    assert time.monotonic() - begin < 10
