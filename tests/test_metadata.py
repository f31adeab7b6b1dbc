"""What pages say about their article: headline, authors, dates, source, image, paywall; agencies and datelines."""

from __future__ import annotations

import json
import time
from datetime import UTC
from datetime import datetime
from datetime import timedelta

import pytest
from fakes import NOW
from fakes import documents

from searcher.article import Article
from searcher.article import Document
from searcher.article import Origin
from searcher.normalise import normalise
from searcher.text.agencies import agency_named
from searcher.text.agencies import agency_of
from searcher.text.boilerplate import trim
from searcher.text.bylines import clean_authors
from searcher.text.bylines import is_house
from searcher.text.datelines import split_dateline
from searcher.text.dates import parse_date

LEAD = (
    "The ferry to the islands stopped sailing on Monday after a crack was found in the hull of the older of the ships."
)
TEXT = f"<article><h1>Ferry stops sailing to the islands</h1>{{}}<p>{LEAD}</p><p>{LEAD[::-1]}</p></article>"


def page(head: str = "", byline: str = "") -> Document:
    (document,) = documents(f"<!doctype html><html><head>{head}</head><body>{TEXT.format(byline)}</body></html>")
    return document


def article(**values) -> Article:
    return normalise(Document(Origin("a"), "html", text=LEAD, **values), NOW)


def linked(**values) -> str:
    article = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": "Ferry stops sailing to the islands",
    }
    return f'<script type="application/ld+json">{json.dumps({**article, **values})}</script>'


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
    others = [{"@type": "NewsArticle", "headline": f"Other news {n}", "author": "Somebody Else"} for n in range(3)]
    trail = {"@type": "BreadcrumbList", "itemListElement": [{"name": name} for name in ("Home", "Islands", "Ferry")]}
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
        headline="Minister resigns over tax on boats", datePublished="2020-01-01", url="https://gull.example/b"
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
        ("Par Jean Dupont avec AFP", ("Jean Dupont", "AFP")),
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
        video + "<meta name=author content='Ann Other'><meta property=article:published_time content=2024-05-03T09:00Z>"
    )
    assert found.authors == ("Ann Other",)
    assert found.dates[0][1] == "2024-05-03T09:00Z"


def test_the_name_of_the_site_is_no_author_beside_others():
    assert clean_authors(["The Gull", "Ann Other"], {"thegull"}) == ("Ann Other",)
    assert clean_authors(["The Gull"], {"thegull"}) == ("The Gull",)


@pytest.mark.parametrize(
    ("lead", "place", "agency"),
    [
        (f"KYIV, June 5 (Reuters) - {LEAD}", "KYIV", "Reuters"),
        (f"Paris (AFP) – {LEAD}", "Paris", "AFP"),
        (f"MEXICO CITY (AP) — {LEAD}", "MEXICO CITY", "AP"),
        (f"DUBLIN — {LEAD}", "DUBLIN", ""),
        (f"London/Teheran (dpa) - {LEAD}", "London/Teheran", "dpa"),
        (f"МОСКВА, 5 июня (ТАСС) — {LEAD}", "МОСКВА", "TASS"),
        (f"(Reuters) - {LEAD}", "", "Reuters"),
        (f"Frankfurt am Main (dpa) - {LEAD}", "Frankfurt am Main", "dpa"),
        (f"Rio de Janeiro (AFP) – {LEAD}", "Rio de Janeiro", "AFP"),
        (f"MOSCOW, June 5. /TASS/. {LEAD}", "MOSCOW", "TASS"),
        (f"(ANSA) - ROMA, 05 GIU - {LEAD}", "ROMA", "ANSA"),
        (f"Madrid, 5 jun (EFE).- {LEAD}", "Madrid", "EFE"),
        (f"新华社北京6月5日电 {LEAD}", "北京", "Xinhua"),
        (f"【ワシントン共同】{LEAD}", "ワシントン", "Kyodo"),
        (f"(서울=연합뉴스) 홍길동 기자 = {LEAD}", "서울", "Yonhap"),
        (LEAD, "", ""),
        (f"(Mena) - {LEAD}", "", ""),
        (f"KYIV, Ukraine — {LEAD}", "KYIV", ""),
        (f"HARRISBURG, Pa. — {LEAD}", "HARRISBURG", ""),
        (f"KYIV — {LEAD}", "KYIV", ""),
        (f"NEW DELHI: {LEAD}", "NEW DELHI", ""),
        (f"Kathmandu, June 5: {LEAD}", "Kathmandu", ""),
        (f"New Delhi, Jun 5 (PTI) {LEAD}", "New Delhi", "PTI"),
        (f"AFP - {LEAD}", "", "AFP"),
        (f"LONDON (Reuters Breakingviews) - {LEAD}", "LONDON", "Reuters"),
        (f"МОСКВА, 5 июн — РИА Новости. {LEAD}", "МОСКВА", "RIA Novosti"),
        (f"Москва. 5 июня. INTERFAX.RU - {LEAD}", "Москва", "Interfax"),
        (f"Trump - the former president - said that {LEAD}", "", ""),
        (f"Well-known people — and others — {LEAD}", "", ""),
    ],
)
def test_datelines_are_metadata(lead, place, agency):
    found, service, paragraphs = split_dateline([lead, "More."])
    assert (found, service) == (place, agency)
    assert paragraphs == ((LEAD if place or agency else lead), "More.")


@pytest.mark.parametrize(
    ("last", "agency"),
    [("(AFP)", "AFP"), ("dpa/lni", "dpa"), ("Das war es. dpa/sv", "dpa"), ("© Reuters", "Reuters"), ("新华社", "Xinhua"), ("(STT)", "STT"), ("The Associated Press", "AP"), ("AP, Reuters", "AP"), ("Mena", ""), ("He told AFP.", ""), ("It was a bit of a tt.", ""), ("We met at an ap.", ""), ("“We will not stop,” he said in an interview with Reuters.", ""), ("“We are ready,” she told CNN and Reuters.", "")],
)  # fmt: skip
def test_signatures(last, agency):
    found = normalise(Document(Origin("a"), "text", paragraphs=(LEAD, last)), NOW)
    assert found.agency == agency
    assert found.found.get("agency") == ("signature" if agency else None)
    assert found.paragraphs == ((LEAD,) if agency and "." not in last else found.paragraphs)


def test_names_of_agencies():
    assert agency_named("Agence France-Presse") == "AFP"
    assert agency_named("with AP and Reuters") == "AP"
    assert agency_named("Ann Other") == ""


@pytest.mark.parametrize(
    "notice",
    [
        "(This story has not been edited by our staff and is auto-generated from a syndicated feed.)",
        "This article was originally published on The Gull and is republished here.",
        "Dieser Artikel wurde automatisch aus dem Englischen übersetzt.",
        "Cet article a été publié à l'origine sur un autre site.",
        "Todos los derechos reservados",
        "Все права защищены.",
        "With inputs from Reuters, AP and agencies",
        "(With agency inputs)",
        "Reporting by Ann Other in London; Editing by Bo Fox",
        "The Associated Press contributed to this report.",
        "Our Standards: The Thomson Reuters Trust Principles.",
        "The post Ferry stops sailing appeared first on The Gull.",
        "Der Beitrag Fähre fährt nicht erschien zuerst auf Die Möwe.",
        "Source: AFP",
        "Fuente: EFE",
        "责任编辑：张三",
        "무단전재 및 재배포 금지",
    ],
)
def test_what_notices_say_is_kept_beside_the_text(notice):
    found = normalise(Document(Origin("a"), "text", paragraphs=(LEAD, notice, "Leave a Comment")), NOW)
    assert found.paragraphs == (LEAD,)
    assert found.notices == (notice,)


@pytest.mark.parametrize(
    "text",
    [
        "©" * 399,
        "share " * 66,
        "\\W" * 199,
        "read more: " * 36,
        "(" * 400,
        "копия " * 60,
        "newsletter " * 36,
        "/a" * 200,
        "【" * 200,
        "新华社" * 130,
        "Von " * 100,
        "a/" * 200,
    ],
)
def test_rules_take_linear_time(text):
    begin = time.monotonic()
    for _ in range(20):
        trim([text, text])
        split_dateline([f"{text} - x", text])
        agency_of([text], [text, text])
        clean_authors([text])
    assert time.monotonic() - begin < 2


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("3 May 2024", "en", "2024-05-03"), ("May 3, 2024, 10:15 am", "en", "2024-05-03 10:15"),
        ("3. Mai 2024, 10:15 Uhr", "de", "2024-05-03 10:15"), ("Do 25.04.24 | 14:07 Uhr", "de", "2024-04-25 14:07"),
        ("3 mai 2024 à 10:15", "fr", "2024-05-03 10:15"), ("3 de mayo de 2024", "es", "2024-05-03"),
        ("3 maggio 2024", "it", "2024-05-03"), ("3 de maio de 2024", "pt", "2024-05-03"),
        ("3 mei 2024", "nl", "2024-05-03"), ("3 maj 2024", "sv", "2024-05-03"), ("3. mai 2024", "no", "2024-05-03"),
        ("3. maj 2024", "da", "2024-05-03"), ("3. toukokuuta 2024", "fi", "2024-05-03"), ("3 maja 2024", "pl", "2024-05-03"),
        ("3. května 2024", "cs", "2024-05-03"), ("3 мая 2024", "ru", "2024-05-03"), ("3 травня 2024", "uk", "2024-05-03"),
        ("3 Mayıs 2024", "tr", "2024-05-03"), ("3 مايو 2024", "ar", "2024-05-03"), ("2024年5月3日 10:15", "ja", "2024-05-03 10:15"),
        ("2024年5月3日", "zh", "2024-05-03"), ("2024년 5월 3일", "ko", "2024-05-03"), ("3 Mei 2024", "id", "2024-05-03"),
        ("By Ann Other, 5 June 2024", "en", "2024-06-05"), ("By Ann Other | June 5, 2024 10:30 AM EDT", "en", "2024-06-05 14:30"),
        ("Publié le 5 juin 2024 à 10h30", "fr", "2024-06-05 10:30"), ("5 de junho de 2024 às 14h30", "pt", "2024-06-05 14:30"),
        ("5. Juni 2024, 14.30 Uhr", "de", "2024-06-05 14:30"), ("5 June 2024 10.30pm", "en", "2024-06-05 22:30"),
        ("20240605T120000-0500", "en", "2024-06-05 17:00"), ("3 मई 2024", "hi", "2024-05-03"), ("2024. május 3.", "hu", "2024-05-03"), ("3 mai 2024", "ro", "2024-05-03"),
    ],
)  # fmt: skip
def test_dates_in_words(text, language, expected):
    moment, precision = parse_date(text, language)
    assert moment.strftime("%Y-%m-%d %H:%M" if ":" in expected else "%Y-%m-%d") == expected
    assert precision == (("minute", "second") if ":" in expected else ("day",))[text.startswith("2024060")]


@pytest.mark.parametrize(
    ("text", "language"),
    [("2 hours ago", "en"), ("vor 2 Stunden", "de"), ("il y a 2 heures", "fr"), ("hace 2 horas", "es"), ("2 ore fa", "it"), ("2 часа назад", "ru"), ("2小时前", "zh"), ("2時間前", "ja")],
)  # fmt: skip
def test_relative_dates_count_from_when_the_file_was_written(text, language):
    seen = datetime(2024, 5, 3, 12, 0, tzinfo=UTC)
    moment, _ = parse_date(text, language, seen)
    assert moment == seen - timedelta(hours=2)
    assert parse_date(text, language) is None


def test_what_counts_in_days_says_no_hour():
    seen = datetime(2024, 5, 3, 12, 0, tzinfo=UTC)
    for text in ("yesterday", "1 day ago"):
        assert parse_date(text, "en", seen) == (datetime(2024, 5, 2, tzinfo=UTC), "day")


def test_a_time_without_a_zone_takes_that_of_an_equal_one():
    dates = (("json-ld", "2024-05-03T10:15:00"), ("meta date", "2024-05-03T10:15:00+02:00"))
    assert article(dates=dates).published.value == datetime(2024, 5, 3, 8, 15, tzinfo=UTC)
    dates = (("json-ld", "2024-05-03T10:15:00"), ("meta date", "2024-05-03T11:15:00+02:00"))
    assert article(dates=dates).published.value == datetime(2024, 5, 3, 10, 15, tzinfo=UTC)


def test_an_update_that_stands_for_the_publication_is_said():
    found = article(updates=(("json-ld", "2024-05-03T10:15:00Z"),))
    assert found.published.value == datetime(2024, 5, 3, 10, 15, tzinfo=UTC)
    assert any("no publication date" in warning for warning in found.warnings)


def test_where_things_stood_is_told():
    assert article(language="is").found["language"] == "text"
    seen = article(seen=datetime(2024, 5, 3, tzinfo=UTC), paywalled=True, kind="live", found={"kind": "json-ld"})
    assert seen.first_seen.source == "html"
    assert (seen.found["paywalled"], seen.found["kind"]) == ("html", "json-ld")
    short = normalise(Document(Origin("a"), "html", text="Fréttir dagsins", language="is"), NOW)
    assert (short.language, short.found["language"]) == ("is", "html")
    assert documents("<table><tr><td>" + LEAD * 2 + "</td></tr></table>")[0].found["body"] != "blocks"
    assert page(linked(isAccessibleForFree=False)).found["paywalled"] == "json-ld"


def test_times_in_lists_of_other_articles_are_passed_over():
    found = page(
        byline="<aside><time datetime=2020-01-01>1 January 2020</time></aside><time datetime=2024-05-03>3 May</time>"
    )
    assert found.dates[0] == ("time", "2024-05-03")


@pytest.mark.parametrize(
    "dates",
    [
        "<p>Updated <time class=updated datetime=2024-05-04>4 May</time> Published <time class='entry-date published' datetime=2024-05-03>3 May</time></p>",
        "<p>Last updated: <time datetime=2024-05-04>4 May</time></p><p>Published: <time datetime=2024-05-03>3 May</time></p>",
        "<p>Last updated: 4 May 2024</p><p>Published: 3 May 2024</p>",
        "<p>Published: 3 May 2024 | Updated: 4 May 2024</p>",
        "<p>Erschienen am 03.05.2024, aktualisiert am 04.05.2024</p>",
    ],
)
def test_updates_are_no_publications(dates):
    found = normalise(page(byline=dates), NOW)
    assert (found.published.value.day, found.updated.value.day) == (3, 4)


def test_a_time_without_a_zone_is_said():
    assert any("no time zone" in warning for warning in article(dates=(("json-ld", "2024-05-03T10:15:00"),)).warnings)
    assert not article(dates=(("json-ld", "2024-05-03T10:15:00Z"),)).warnings


def test_microdata_tells_the_update():
    assert page(byline="<time itemprop=dateModified datetime=2024-05-04>4 May</time>").updates == (
        ("itemprop", "2024-05-04"),
    )


def test_a_line_that_holds_no_date_is_none():
    for text in ("Monday", "12", "a" * 99, "1/2/3/4/5", "99.99.2024", "the 2024 season", "💥", "\x00", "10:15"):
        found = parse_date(text, "en")
        assert found is None or found[0].tzinfo is not None


def test_the_time_of_a_visit_is_no_date_of_publication():
    seen = datetime(2024, 5, 3, 12, 0, tzinfo=UTC)
    dates = (("time", "2024-05-03T12:01:00Z"), ("text", "1.5.2024"))
    found = normalise(Document(Origin("a"), "html", text=LEAD, dates=dates), NOW, seen)
    assert found.published.value.day == 1
    assert found.first_seen.value == seen
    assert any("when the page was saved" in warning for warning in found.warnings)


def test_a_day_is_made_precise_by_a_time_on_the_same_day():
    dates = (("json-ld", "2024-05-03"), ("time", "2024-05-02T09:00Z"), ("time", "2024-05-03T10:15Z"))
    found = normalise(Document(Origin("a"), "html", text=LEAD, dates=dates), NOW)
    assert found.published.value == datetime(2024, 5, 3, 10, 15, tzinfo=UTC)


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


@pytest.mark.parametrize(
    "line",
    [
        "Read also: Ferry sails again", "Lire aussi : Le bac navigue", "Lesen Sie auch: Die Fähre fährt wieder",
        "Читайте также: Паром снова ходит", "関連記事：フェリー再開", "Publicidad", "SKIP ADVERTISEMENT", "Sign up for our newsletter",
    ],
)  # fmt: skip
def test_lines_that_lead_elsewhere_are_dropped_wherever_they_stand(line):
    assert trim([LEAD, line, LEAD[::-1]]).paragraphs == (LEAD, LEAD[::-1])


@pytest.mark.parametrize(
    "wall",
    [
        "Subscribe to continue reading this article.",
        "This article is for subscribers only",
        "Jetzt weiterlesen mit unserem Abo",
        "Il vous reste 72.5% de cet article à lire. La suite est réservée aux abonnés.",
        "Suscríbete para seguir leyendo",
        "Чтобы продолжить чтение, оформите подписку",
        "この記事は有料会員限定です",
    ],
)
def test_a_wall_before_the_rest_is_told(wall):
    (found,) = documents(
        f"<h1>Ferry stops sailing</h1><article><p>{LEAD}</p><p>{LEAD[::-1]}</p></article><div class=gate><p>{wall}</p></div>"
    )
    assert found.paywalled
    assert found.found["paywalled"] == "text"
    plain = normalise(Document(Origin("a"), "feed", paragraphs=(LEAD, wall)), NOW)
    assert (plain.paragraphs, plain.paywalled, plain.found["paywalled"]) == ((LEAD,), True, "text")
    free = linked(isAccessibleForFree=True)
    assert not page(free, f"<p>{wall}</p>").paywalled


@pytest.mark.parametrize(
    "last",
    [
        "With input from residents, the council will vote on the plan next month.",
        "Adapted by Peter Morgan from the novel, the film opens on Friday.",
        "With files from the archive, historians have now rebuilt the list of victims.",
        "Copyright by then will have expired for most of the songs.",
        "Share with your neighbours what little you have, she said.",
        "Watch: the price of oil may fall again on Thursday.",
        "To continue, the council needs the consent of the county, which reads the plan on Monday.",
        "Members only learned of the plan when they read of it in the paper, one of them said.",
        "The police asked the drivers to register and to continue only by daylight.",
        "Источник в правительстве подтвердил эту информацию.",
        "Поделиться опытом приехали врачи из Казани и Уфы.",
        "Comparte el liderato con el Barcelona, que ganó 2-0 al Betis.",
        "Esta noticia fue recibida con alegría en la capital.",
        "Com informações da polícia, o juiz decretou a prisão.",
        "Questo articolo è stato abrogato dalla Corte costituzionale nel 2014.",
        "Avec Apple, Google domine le marché des téléphones.",
        "Voir aussi les députés voter contre leur camp a surpris.",
        "Mehr dazu will das Ministerium am Freitag bekannt geben.",
        "Dieser Text wurde in dreißig Sprachen übersetzt.",
        "Läs mer gjorde eleverna redan förra året.",
        "Copyright law was last changed in 1998, a lawyer said.",
        "Register to vote by Oct. 5 at any county office, the clerk said.",
        "Originally published in 1925, the novel entered the public domain.",
        "This report has been published every year since 1990.",
        "Translated from the Greek, the word means the end.",
        "Support our troops or resign, the senator told the crowd.",
        "Like us at the time, they trusted the bank.",
        "Skip to the vote, the Speaker told members.",
        "相关新闻在社交媒体上引起热议，网友纷纷要求彻查。",
    ],
)
def test_sentences_that_begin_like_tails_are_kept(last):
    assert trim([LEAD, last]).paragraphs == (LEAD, last)


@pytest.mark.parametrize(
    "lead",
    [
        "However, critics – among them the opposition leader – say that the plan is too late for the islands this year.",
        "Angela Merkel, 70 – the former chancellor – said on Monday that the plan is too late for the islands this year.",
        "NATO – the alliance founded in 1949 – will send divers to the harbour of the islands, it said on Monday.",
        "FIFA - football's governing body - said on Monday that the plan is too late for the islands this year.",
        "Jane Doe (Labour) – who asked for the vote – said on Monday that the plan is too late for the islands.",
        "On Tuesday, June 5 – a day after the vote in the council – the harbour master resigned from his office.",
        "Am Dienstag, 5. Juni – einen Tag nach der Wahl – trat der Hafenmeister von seinem Amt zurück, sagte er.",
        "John Smith, aged 45 – a father of two – was killed on the quay when a lorry rolled over his foot.",
        "DÉCRYPTAGE - Le président a dit que le plan vient trop tard pour les îles et pour leurs habitants.",
        "FACT CHECK — The council says that the plan is too late for the islands this year, which is not so.",
        "FUSSBALL - Die Mannschaft der Inseln hat am Samstag auch ihr letztes Spiel der Saison verloren, 0:3.",
        "WATCH: The ferry leaves the quay for the last time before the works on its hull begin on Monday.",
        "Hier, le président – qui était en visite – a dit que le plan vient trop tard pour les îles cette année.",
    ],
)
def test_sentences_that_begin_like_datelines_are_kept(lead):
    assert split_dateline([lead]) == ("", "", (lead,))


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("05/06/2024", "fr", "2024-06-05 00:00"), ("05/06/2024", "en", "2024-05-06 00:00"),
        ("05/06/2024", "en-GB", "2024-06-05 00:00"), ("2024-06-05, 10:30", "de", "2024-06-05 10:30"),
        ("2024/06/05 10:30", "ja", "2024-06-05 10:30"), ("2024.06.05", "ko", "2024-06-05 00:00"),
        ("2024-06-05 10:30 CST", "zh", "2024-06-05 02:30"), ("June 5, 2024, 9:30 p.m. ET", "en", "2024-06-06 01:30"),
        ("January 5, 2024, 9:30 p.m. ET", "en", "2024-01-06 02:30"), ("5 мая 2024, 10:30 МСК", "ru", "2024-05-05 07:30"),
        ("2024-06-05T10:30:00+02:00[Europe/Berlin]", "de", "2024-06-05 08:30"), ("2024年6月5日 午後3時30分", "ja", "2024-06-05 15:30"),
        ("2024年6月5日 下午3:30", "zh", "2024-06-05 15:30"), ("Published: 09:00, 5 June 2024", "en", "2024-06-05 09:00"),
        ("2024-06-05 14:30 GMT+7", "en", "2024-06-05 07:30"), ("2024-06-05 14:30 UTC-5", "en", "2024-06-05 19:30"),
    ],
)  # fmt: skip
def test_day_first_and_offsets(text, language, expected):
    assert parse_date(text, language)[0].strftime("%Y-%m-%d %H:%M") == expected
