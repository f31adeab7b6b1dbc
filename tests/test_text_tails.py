"""Text around articles: boilerplate, datelines and signatures of agencies.

Covers text.boilerplate, beginnings, needed, datelines and agencies.
"""

from __future__ import annotations

import re
import time
import tomllib
from importlib.resources import files

import pytest
from fakes import LEAD, NOW, documents, linked, page
from hypothesis import given
from hypothesis import strategies as st

from searcher.article import Document, Origin
from searcher.reading.normalise import normalise
from searcher.text.agencies import agency_named, agency_signed
from searcher.text.beginnings import beginnings_of, may_begin
from searcher.text.boilerplate import trim
from searcher.text.bylines import clean_authors
from searcher.text.datelines import split_dateline
from searcher.text.needed import has_one, needed_by


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
        (f"[東京 5日 ロイター] - {LEAD}", "東京", "Reuters"),
        (f"القاهرة 5 يونيو (رويترز) - {LEAD}", "القاهرة", "Reuters"),
        (f"بورت فيلا (أ ف ب) -- {LEAD}", "بورت فيلا", "AFP"),
        (f"عمان، 5 يونيو (بترا) - {LEAD}", "عمان", "Petra"),
        (f"नई दिल्ली, 5 जून (भाषा) {LEAD}", "नई दिल्ली", "PTI"),
        (f"ΑΘΗΝΑ (ΑΠΕ-ΜΠΕ) - {LEAD}", "ΑΘΗΝΑ", "AMNA"),
        (f"Roma, 5 giu. (askanews) - {LEAD}", "Roma", "askanews"),
        (f"STOCKHOLM (TT) {LEAD}", "STOCKHOLM", "TT"),
        (f"قال الوزير (علي) - {LEAD}", "", ""),
        (f"Stockholm (TT) {LEAD}", "", ""),
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
    [("(AFP)", "AFP"), ("dpa/lni", "dpa"), ("Das war es. dpa/sv", "dpa"), ("© Reuters", "Reuters"), ("新华社", "Xinhua"), ("(STT)", "STT"), ("The Associated Press", "AP"), ("AP, Reuters", "AP"), ("Mena", ""), ("It was a bit of a tt.", ""), ("We met at an ap.", ""), ("“We will not stop,” he said in an interview with Reuters.", ""), ("“We are ready,” she told CNN and Reuters.", "")],
)  # fmt: skip
def test_signatures(last, agency):
    found = normalise(Document(Origin("a"), "text", paragraphs=(LEAD, last)), NOW)
    assert found.agency == agency
    assert found.found.get("agency") == ("signature" if agency else None)
    assert found.paragraphs == ((LEAD,) if agency and "." not in last else found.paragraphs)


@pytest.mark.parametrize(
    ("last", "agency"),
    [
        ("“It is slow,” a researcher told AFP. “It is a war,” he told AFP.", "AFP"),
        ("An AFP team on Saturday saw a house that had been hit.", "AFP"),
        ("He told The Associated Press that he knew nothing.", "AP"),
        ("« Nous restons », a-t-il déclaré à l’AFP.", "AFP"),
        ("„Wir bleiben“, sagte er der Deutschen Presse-Agentur.", "dpa"),
        ("“Nos quedamos”, dijo a Efe el alcalde.", "EFE"),
        ("He told the AFP news agency that it was slow, and nobody told Reuters news agency.", ""),
        ("One told AFP, another told Reuters.", ""),
        ("He told Reutersberg that an APA team had won.", ""),
    ],
)
def test_services_that_speak_of_themselves(last, agency):
    found = normalise(Document(Origin("a"), "text", paragraphs=(LEAD, last, LEAD)), NOW)
    assert found.agency == agency
    assert found.found.get("agency") == ("text" if agency else None)
    signed = normalise(Document(Origin("a"), "text", paragraphs=(LEAD, last, "(EFE)")), NOW)
    assert (signed.agency, signed.found["agency"]) == ("EFE", "signature")


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
    found = normalise(
        Document(Origin("a"), "text", paragraphs=(LEAD, notice, "Leave a Comment")), NOW
    )
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
        "Updated " + "1" * 392,
        "Aktualisiert " + "2024 " * 70,
        "a/" * 200,
    ],
)
def test_rules_take_linear_time(text):
    begin = time.thread_time()
    for _ in range(20):
        trim([text, text])
        split_dateline([f"{text} - x", text])
        agency_signed([text, text])
        clean_authors([text])
    assert time.thread_time() - begin < 2


@pytest.mark.parametrize(
    "line",
    [
        "Read also: Ferry sails again", "Lire aussi : Le bac navigue", "Lesen Sie auch: Die Fähre fährt wieder",
        "Читайте также: Паром снова ходит", "関連記事：フェリー再開", "Publicidad", "SKIP ADVERTISEMENT", "Sign up for our newsletter",
    ],
)  # fmt: skip
def test_lines_that_lead_elsewhere_are_dropped_anywhere(line):
    assert trim([LEAD, line, LEAD[::-1]]).paragraphs == (LEAD, LEAD[::-1])


@pytest.mark.parametrize(
    "line",
    [
        "Updated 5 minutes ago", "3 hours ago", "Last updated: 3 June 2025, 14:03", "Updated Jun 3, 2025 at 2:03 PM EDT",
        "1,234 views", "12K views", "5 min read", "Published on 2025-06-03 14:03", "Stand: 03.06.2025, 14:03 Uhr",
        "Zuletzt aktualisiert: 3. Juni 2025", "Mis à jour le 3 juin 2025 à 14h03", "Il y a 5 minutes", "업데이트 2025.06.03. 14:03", "Published 3rd June 2025", "Actualizado a las 14:03 h",
        "Aggiornato il 3 giugno 2025", "Обновлено: 03.06.2025 14:03", "Son güncelleme: 03.06.2025 14:03", "更新时间：2025年6月3日 14:03",
    ],
)  # fmt: skip
def test_clocks_and_counters_are_dropped_anywhere(line):
    assert trim([line, LEAD, line, LEAD[::-1]]).paragraphs == (LEAD, LEAD[::-1])


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
def test_a_wall_before_the_rest_is_recognised(wall):
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
        "Updated figures showed 14.05 million votes in 2024.",
        "37,950,000 shares.",
        "An hour ago.",
        "Vor 20 Minuten.",
        "Modified cars are banned since 2020.",
        "Published weekly since 1923, it folded.",
        "수정안은 2024년 5월 3일 국회를 통과했다.",
        "Mis à jour en 2019, le plan reste flou.",
        "Publicado em 1999, o livro vendeu muito.",
        "Pubblicato nel 1980, vinse lo Strega.",
        "Veröffentlicht wurde das Buch 1952.",
        "Aktualisiert wurde die Liste zuletzt 2019.",
        "Stand: 1990 war die Mauer gefallen.",
        "Publicerad 1952 blev boken en succé.",
        "Julkaistu kirja voitti palkinnon 2019.",
        "Опубликовано исследование 2019 года.",
        "Update 2024 brengt nieuwe functies.",
        "Published in 2010, the book was read by 1,234 people.",
        "Two days ago the ferry sailed.",
        "Publié en 2010, le livre raconte la vie du port.",
        "Publicado por una editorial pequeña, el libro de 2010 se vendió bien.",
        "Stand 2024: Die Partei liegt bei 20 Prozent der Stimmen.",
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


def rules():
    data = tomllib.loads((files("searcher.text") / "tails.toml").read_text("utf-8"))
    date = data.pop("date")
    return [
        pattern.replace("{date}", r"\d{1,2} (june|mai)" if date else "")
        for kinds in data.values()
        for rule in kinds
        for pattern in rule["patterns"]
    ]


@given(st.data())
def test_no_text_that_a_rule_matches_is_ruled_out(data):
    pattern = data.draw(st.sampled_from(rules()))
    begin = beginnings_of(pattern)
    text = data.draw(st.from_regex(re.compile(pattern, re.IGNORECASE), fullmatch=True))
    assert begin is None or may_begin(text, begin)
    assert has_one(text, needed_by(pattern))


@pytest.mark.parametrize(
    ("pattern", "beginnings"),
    [
        ("(skip )?ads?", {"ski", "ad", "ads"}),
        (r"\W*a.{0,9}z", {"a?", "az"}),
        ("[km]?iß", set()),
        (".{0,9}end", None),
        (r"\d+ days", set()),
    ],
)
def test_beginnings(pattern, beginnings):
    assert beginnings_of(pattern) == beginnings
    for text in ("skip ads", "ad", "“A” to z", "az", "Kiß", "iß", "the end", "3 days", "ſkip ads"):
        if beginnings is not None and re.fullmatch(pattern, text, re.IGNORECASE):
            assert may_begin(text, beginnings)


def test_most_texts_are_ruled_out():
    assert not may_begin("The harbour is open again.", beginnings_of(r"\W*(last )?updated.*"))


@pytest.mark.parametrize(
    ("pattern", "needed"),
    [
        (r".{0,80}all rights reserved.{0,9}", {"all rights reserved"}),
        (r".*\b(app|apps)\b.*(ios|app store).*", {"app"}),
        (r".*(für alle|pour tous).*", {"pour tous"}),
        (r".*無断転載.*", set()),
        (r"(news)?(letter)+s*", {"letter"}),
        (r"\w+ſ?", {""}),
    ],
)
def test_needed(pattern, needed):
    assert needed_by(pattern) == needed
