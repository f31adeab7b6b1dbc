"""Dates of pages, by kinds of page.

Covers sources.page.page_dates and text.calendars.
"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from kinds import Kind, article, differences, page, read

_SEEN = datetime(2024, 5, 3, 12, tzinfo=UTC)


def _stated(line: str, lang: str = "en", head: str = "") -> str:
    return page(head, article(f"<p class=meta>{line}</p>"), lang)


UPDATED = [
    ("Updated: 10 June 2021 12:00 · Published: 1 June 2021 08:00", "en"),
    ("Published 1 June 2021 08:00 | Updated 10 June 2021 12:00", "en"),
    ("Last modified 10 June 2021. First published 1 June 2021", "en"),
    ("Aktualisiert am 10.06.2021, 12:00 Uhr – Veröffentlicht am 01.06.2021, 08:00 Uhr", "de"),
    ("Stand: 10.06.2021 | Erstellt: 01.06.2021", "de"),
    ("Mis à jour le 10 juin 2021 à 12h00, publié le 1 juin 2021 à 08h00", "fr"),
    ("Actualizado el 10 de junio de 2021. Publicado el 1 de junio de 2021", "es"),
    ("Aggiornato il 10 giugno 2021 - Pubblicato il 1 giugno 2021", "it"),
    ("Atualizado em 10 de junho de 2021, publicado em 1 de junho de 2021", "pt"),
    ("Bijgewerkt op 10 juni 2021. Gepubliceerd op 1 juni 2021", "nl"),
    ("Uppdaterad 10 juni 2021, publicerad 1 juni 2021", "sv"),
    ("Aktualizacja: 10 czerwca 2021; opublikowano: 1 czerwca 2021", "pl"),
    ("Обновлено: 10 июня 2021 · Опубликовано: 1 июня 2021", "ru"),
    ("Güncelleme: 10 Haziran 2021 - Yayınlanma: 1 Haziran 2021", "tr"),
    ("更新：2021年6月10日 発行：2021年6月1日", "ja"),
    ("更新时间：2021-06-10 发布时间：2021-06-01", "zh"),
    ("수정 2021.06.10. 12:00 입력 2021.06.01. 08:00", "ko"),
    ("01.06.2021, 08:00 Uhr (aktualisiert: 10.06.2021, 12:00 Uhr)", "de"),
    ("Jun 1, 2021 at 8:00 AM | Updated Jun 10, 2021 at 12:00 PM", "en"),
    ("1 giugno 2021 (modifica il 10 giugno 2021 | 12:00)", "it"),
    ("1.6.2021 08:00 | Päivitetty 10.6.2021 12:00", "fi"),
    ("Publisert 1. juni 2021, oppdatert 10. juni 2021", "no"),
    ("2021年6月1日 8時00分 更新：2021年6月10日 12時00分", "ja"),
    ("প্রকাশ: ০১ জুন ২০২১, আপডেট: ১০ জুন ২০২১", "bn"),
    ("Diterbitkan 1 Juni 2021, diperbarui 10 Juni 2021", "id"),
    ("تحديث: 10 يونيو 2021 - نشر: 1 يونيو 2021", "ar"),
]
"""Lines with a date of change and one of publication."""

CALENDARS = [
    ("۱۴ اردیبهشت ۱۴۰۰", "fa", "2021-05-04"),
    ("سه‌شنبه ۱۴ اردیبهشت ۱۴۰۰ ساعت ۱۰:۳۰", "fa", "2021-05-04"),
    ("1400/02/14", "fa", "2021-05-04"),
    ("4 พฤษภาคม 2564", "th", "2021-05-04"),
    ("4 พ.ค. 2564 10:30 น.", "th", "2021-05-04"),
    ("令和3年5月4日", "ja", "2021-05-04"),
    ("平成30年12月1日", "ja", "2018-12-01"),
    ("令和元年6月1日", "ja", "2019-06-01"),
    ("民國110年5月4日", "zh", "2021-05-04"),
    ("中華民國 110 年 5 月 4 日", "zh", "2021-05-04"),
    ("تاریخ انتشار: ۱۴ ارديبهشت ۱۴۰۰", "fa", "2021-05-04"),
    ("۱۴ ثور ۱۴۰۰", "fa", "2021-05-04"),
    ("4 พ.ค. 64", "th", "2021-05-04"),
    ("04/05/2564", "th", "2021-05-04"),
    ("昭和64年1月7日", "ja", "1989-01-07"),
    ("民國一一〇年五月四日", "zh", "2021-05-04"),
    ("二〇二一年五月四日", "zh", "2021-05-04"),
    ("4 مايو/أيار 2021", "ar", "2021-05-04"),
    ("४ मई २०२१", "hi", "2021-05-04"),
    ("22 رمضان 1442 هـ", "ar", "2021-05-04"),
    ("٢٢ رمضان ١٤٤٢", "ar", "2021-05-04"),
    ("22 رمضان 1442 هـ - 4 مايو 2021", "ar", "2021-05-04"),
]
"""Dates of other calendars."""

KINDS = [
    Kind("the address has the day", page("", article()), {"day": "2021-05-04"}, address="https://marsh.example/2021/05/04/depot"),
    Kind("the address has the day, with hyphens", page("", article()), {"day": "2021-05-04"}, address="https://marsh.example/news/depot-2021-05-04.html"),
    Kind("the address has the day in digits", page("", article()), {"day": "2021-05-04"}, address="https://marsh.example/a/20210504/depot.html"),
    Kind("the address has the month in letters", page("", article()), {"day": "2021-05-04"}, address="https://marsh.example/2021/may/04/depot"),
    Kind("a number in the address is no date", page("", article()), {"day": None}, address="https://marsh.example/a/20219904/depot"),
    Kind("the page comes before the address", _stated("Published on 3 May 2021"), {"day": "2021-05-03"}, address="https://marsh.example/2021/05/04/depot"),
    Kind("24 o'clock", _stated("Published 2021-05-04 24:00:00"), {"day": "2021-05-05"}),
    Kind("hours ago", _stated("Published 3 hours ago"), {"minute": "2024-05-03 09:00"}, seen=_SEEN),
    Kind("today with a time", _stated("Today, 10:30"), {"minute": "2024-05-03 10:30"}, seen=_SEEN),
    Kind("hours ago in Japanese", _stated("3時間前", "ja"), {"minute": "2024-05-03 09:00"}, seen=_SEEN),
    Kind("days ago", _stated("vor 2 Tagen", "de"), {"day": "2024-05-01"}, seen=_SEEN),
    Kind("yesterday in a time element", page("", article("<time>yesterday</time>")), {"day": "2024-05-02"}, seen=_SEEN),
    Kind("a year of two digits", page("", article("<time>04.05.21</time>"), "de"), {"day": "2021-05-04"}),
    Kind("a Japanese outlet's clock", page("<meta property='article:published_time' content='2021-05-04T08:30:00'>", article(), "ja"), {"minute": "2021-05-03 23:30"}, address="https://marsh.example.jp/a/1"),
    Kind("an Indian outlet's clock", page("<meta property='article:published_time' content='2021-05-04 10:30:00'>", article()), {"minute": "2021-05-04 05:00"}, address="https://www.marsh.in/a/1"),
]  # fmt: skip


@pytest.mark.parametrize(("line", "language"), UPDATED)
def test_the_date_of_publication_beside_the_one_of_change(line, language):
    found = read(Kind("", _stated(line, language)))
    assert not differences(Kind("", "", {"day": "2021-06-01", "changed": "2021-06-10"}), found)


@pytest.mark.parametrize(("line", "language", "day"), CALENDARS)
def test_dates_of_other_calendars(line, language, day):
    found = read(Kind("", _stated(line, language)))
    assert not differences(Kind("", "", {"day": day}), found)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_dates(kind):
    assert not differences(kind, read(kind))
