"""Metadata of pages.

Covers sources.page.metadata, linked_data, json_scripts, meta_elements, headline, authors, byline,
byline_marks and page_dates.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from fakes import LEAD, NOW, documents, linked, normalised, page

from searcher.article import Document, Origin
from searcher.reading.normalise import normalise
from searcher.text.bylines import clean_authors, is_house


@pytest.mark.parametrize(
    ("head", "headline"),
    [
        ("<title>Ferry stops sailing | The Gull</title><meta property='og:site_name' content='The Gull'>", "Ferry stops sailing to the islands"),
        ("<meta property='og:title' content='Crack in ferry &amp;quot;Tern&amp;quot; – The Gull – Islands'><meta property='og:site_name' content='The Gull'>", 'Crack in ferry "Tern"'),
        (linked(headline="A crack in the hull"), "A crack in the hull"),
        (linked(**{"@type": "https://schema.org/NewsArticle", "headline": "A crack in the hull"}), "A crack in the hull"),
        ("<meta property='og:title' content='Islands: Ferry stops sailing to the isl…'>", "Islands: Ferry stops sailing to the isl…"),
        ("<meta property='og:title' content='Ferry stops sailing to…'>", "Ferry stops sailing to the islands"),
        ("", "Ferry stops sailing to the islands"),
    ],
)  # fmt: skip
def test_headlines(head, headline):
    assert page(head).headline == headline


def test_the_object_that_fits_the_page_is_read_of_several():
    others = [
        {"@type": "NewsArticle", "headline": f"Other news {n}", "author": "Somebody Else"}
        for n in range(3)
    ]
    trail = {
        "@type": "BreadcrumbList",
        "itemListElement": [{"name": name} for name in ("Home", "Islands", "Ferry")],
    }
    article = {
        "@type": "Article", "headline": "Ferry stops sailing to the islands", "author": {"@id": "#p"},
        "datePublished": "2024-05-03T10:00:00+02:00", "isAccessibleForFree": "http://schema.org/False",
    }  # fmt: skip
    person = {"@id": "#p", "@type": "Person", "givenName": "Ann", "familyName": "Other"}
    graph = {"@graph": [{"@type": "ItemList", "itemListElement": others}, trail, article, person]}
    text = json.dumps(graph)[:-1] + ",}"
    document = page(f'<script type="application/ld+json">//<![CDATA[\n{text}\n//]]></script>')
    assert document.authors == ("Ann Other",)
    assert document.dates[0] == ("json-ld", "2024-05-03T10:00:00+02:00")
    assert document.section == "Islands"
    assert document.paywalled
    assert document.found["authors"] == "json-ld"
    assert document.found["section"] == "breadcrumbs"


@pytest.mark.parametrize(
    "text",
    [
        "{&quot;@type&quot;: &quot;NewsArticle&quot;, &quot;author&quot;: &quot;Ann Other&quot;}",
        '{"@type": "WebSite"} {"@type": "NewsArticle", "author": "Ann Other"}',
        '/* made by us */ {"@type": "NewsArticle", "author": "Ann Other",}',
        '{"@type": "NewsArticle", "author": [["Ann Other"]]}',
    ],
)
def test_linked_data_is_mended(text):
    assert page(f'<script type="application/ld+json">{text}</script>').authors == ("Ann Other",)


def test_linked_data_about_another_article_is_passed_over():
    head = linked(
        headline="Minister resigns over tax on boats",
        datePublished="2020-01-01",
        url="https://gull.example/b",
    )
    assert page(head).headline == "Ferry stops sailing to the islands"
    assert page(head).dates == ()
    here = "<link rel=canonical href=https://gull.example/b>"
    assert page(here + head).headline == "Minister resigns over tax on boats"


@pytest.mark.parametrize(
    ("head", "byline", "authors"),
    [
        (linked(author=[{"name": "Ann Other"}, {"name": "Bo Fox"}]), "", ("Ann Other", "Bo Fox")),
        (linked(author={"@type": "Organization", "name": "The Gull"}) + "<meta property='og:site_name' content='The Gull'>", "<p class=byline>By <a href=/author/ann>Ann Other</a></p>", ("Ann Other",)),
        (linked(author={"@type": "Organization", "name": "Newsroom of the Islands"}), "", ("Newsroom of the Islands",)),
        (linked(author="Associated Press"), "<p class=byline>The Gull</p>", ("Associated Press",)),
        ("<meta name=author content='Ann Other, Reporter'>", "", ("Ann Other",)),
        ("<meta name=author content='105092'>", "", ()),
        ("", "<div class=article__byline><span>By</span> <a>Ann Other</a> and <a>Bo Fox</a></div>", ("Ann Other", "Bo Fox")),
        ("", "<span itemprop=author><span itemprop=name>Ann Other</span></span>", ("Ann Other",)),
        ("", "<p>Von Ann Other und Bo Fox</p>", ("Ann Other", "Bo Fox")),
        ("", "<figure><figcaption class=author>Cam Era</figcaption></figure><aside><a rel=author>Some One</a></aside>", ()),
        ("", f"<p>{'x ' * 2000}</p><div class=author-name>Far Away</div>", ()),
    ],
)  # fmt: skip
def test_authors_of_pages(head, byline, authors):
    assert page(head, byline).authors == authors


@pytest.mark.parametrize(
    ("stated", "authors"),
    [
        ("By Ann Other and Bo Fox", ("Ann Other", "Bo Fox")),
        ("Ann Other y Juan Pérez", ("Ann Other", "Juan Pérez")),
        ("Le Figaro et AFP", ("Le Figaro et AFP",)),
        ("Health and Safety Desk", ("Health and Safety Desk",)),
        ("Povilas Jonaitis, profesorius", ("Povilas Jonaitis",)),
        ("(Image: Getty Images)", ()),
        ("desk@example.org", ()),
        ("责编：牛镛、岳弘彬", ("牛镛", "岳弘彬")),
        ("Von der Leyen", ("Von der Leyen",)),
        ("Di Stefano", ("Di Stefano",)),
        ("Von Anna Müller, Berlin", ("Anna Müller",)),
        ("Other, Ann", ("Ann Other",)),
        ("Reuters, AFP", ("Reuters", "AFP")),
        ("Ann Other/Bo Fox", ("Ann Other", "Bo Fox")),
        ("Ann Other with Bo Fox", ("Ann Other", "Bo Fox")),
        ("Ann Other @annother", ("Ann Other",)),
        ("Ann Other for CNN", ("Ann Other",)),
        ("Teksti: Aino Virtanen", ("Aino Virtanen",)),
        ("Szerző: Kovács Anna", ("Kovács Anna",)),
        ("홍길동 기자", ("홍길동",)),
        ("Oleh Pavliuk", ("Oleh Pavliuk",)),
        ("Jane Doe, John Roe, and Bob Poe", ("Jane Doe", "John Roe", "Bob Poe")),
        ("Jane Doe in Paris and John Roe in London", ("Jane Doe", "John Roe")),
        ("Par Jean Dupont avec AFP", ("Jean Dupont",)),
        ("Jane Doe Senior Political Correspondent", ("Jane Doe",)),
        ("Text: Anna Schmidt Foto: Peter Mayer", ("Anna Schmidt",)),
        ("文/张三", ("张三",)),
        ("Jane Doe June 5, 2024", ("Jane Doe",)),
    ],
)
def test_names_out_of_author_fields(stated, authors):
    assert clean_authors([stated]) == authors


def test_a_person_whose_name_holds_that_of_the_site_is_none_of_its_offices():
    assert not is_house("Lena Morgenstern", {"stern"})
    assert is_house("Stern Redaktion", {"stern"})
    assert is_house("BBC News Online", {"bbcnews", "bbcnewsonline"})


def test_a_section_before_the_name_of_the_site_is_no_headline():
    head = "<link rel=canonical href=https://www.sport.example/a><meta property='og:title' content='Tennis | Sport | Kerber wins the final in Paris'>"
    (document,) = documents(f"<html><head>{head}</head><body><p>{LEAD}</p></body></html>")
    assert document.headline == "Kerber wins the final in Paris"


def test_the_name_of_a_blog_over_its_posts_is_no_headline():
    (document,) = documents(
        f"<html><head><title>Ferry stops sailing to the islands – Notes from the quay</title></head><body><h1>Notes from the quay</h1><h2>Ferry stops sailing</h2><p>{LEAD}</p></body></html>"
    )
    assert document.headline == "Ferry stops sailing to the islands"
    (document,) = documents(
        f"<html><head><title>Ferry stops sailing – The Gull</title></head><body><h1>Ferry stops sailing</h1><p>{LEAD}</p></body></html>"
    )
    assert (document.headline, document.found["headline"]) == ("Ferry stops sailing", "h1")


def test_the_name_of_the_site_before_a_headline_is_left_out():
    head = "<meta property='og:site_name' content='The Gull'><meta property='og:title' content='The Gull: Ferry stops sailing to the islands'>"
    assert (
        documents(f"<html><head>{head}</head><body><p>{LEAD}</p></body></html>")[0].headline
        == "Ferry stops sailing to the islands"
    )


def test_a_video_says_nothing_of_the_article_beside_it():
    video = '<script type="application/ld+json">{"@type": "VideoObject", "name": "Cats", "uploadDate": "2021-01-01", "author": "Vid Eo"}</script>'
    found = page(
        video
        + "<meta name=author content='Ann Other'><meta property=article:published_time content=2024-05-03T09:00Z>"
    )
    assert found.authors == ("Ann Other",)
    assert found.dates[0][1] == "2024-05-03T09:00Z"


def test_the_name_of_the_site_is_no_author_beside_others():
    assert clean_authors(["The Gull", "Ann Other"], {"thegull"}) == ("Ann Other",)
    assert clean_authors(["The Gull"], {"thegull"}) == ("The Gull",)


def test_where_values_were_found_is_reported():
    assert normalised(language="is").found["language"] == "text"
    seen = normalised(
        seen=datetime(2024, 5, 3, tzinfo=UTC),
        paywalled=True,
        kind="live",
        found={"kind": "json-ld"},
    )
    assert seen.first_seen.source == "html"
    assert (seen.found["paywalled"], seen.found["kind"]) == ("html", "json-ld")
    short = normalise(Document(Origin("a"), "html", text="Fréttir dagsins", language="is"), NOW)
    assert (short.language, short.found["language"]) == ("is", "html")
    assert (
        documents("<table><tr><td>" + LEAD * 2 + "</td></tr></table>")[0].found["body"] != "blocks"
    )
    assert page(linked(isAccessibleForFree=False)).found["paywalled"] == "json-ld"


def test_pages_tell_image_kind_and_paywall():
    found = page(
        linked(**{"@type": "LiveBlogPosting", "image": [{"url": "/i.jpg"}]})
        + "<link rel=canonical href=https://gull.example/a/b><meta name='article:content_tier' content=locked>"
    )
    assert found.kind == "live"
    assert found.paywalled
    assert found.image == "https://gull.example/i.jpg"
    assert not page().paywalled
    assert page().image == ""
