"""The languages of the interface: all texts are translated, and numbers, dates and plurals are those
of CLDR.

Covers web.languages and web.period_words.
"""

from __future__ import annotations

import html
import re
from datetime import UTC, date, datetime
from gettext import NullTranslations
from html.parser import HTMLParser

import pytest
from browsing import STATES, sample_with_story
from translations import TRANSLATED, catalogue, texts

from searcher.article import Timestamp
from searcher.query.parser import parse
from searcher.wording import said_of
from web import create_app, languages
from web.article_view import ago, long_date
from web.languages import NAMES, Speech, ngettext, number, percent_text, say, speech
from web.period_words import in_words, short_period
from web.query_view import warning_view

TEXTS = [one for one in texts() if one.id]
NOW = datetime(2024, 5, 13, 10, tzinfo=UTC)


def forms(found) -> list[str]:
    """Return the texts of a message: one, or one for each plural form."""
    return [found] if isinstance(found, str) else list(found)


def names(text: str) -> set[str]:
    """Return the names of the values in a text."""
    return set(re.findall(r"%\((\w+)\)s", text))


@pytest.mark.parametrize("code", TRANSLATED)
def test_every_text_is_translated(code):
    """`python tests/translations.py` adds new texts to the catalogues."""
    held = catalogue(code)
    assert {one.id for one in held if one.id} == {one.id for one in TEXTS}
    assert [one.id for one in held if one.id and not all(forms(one.string))] == []


@pytest.mark.parametrize("code", TRANSLATED)
def test_translations_hold_the_same_values(code):
    """A form that holds for one number only may say it in words."""
    held = catalogue(code)
    for one in TEXTS:
        wanted = names(forms(one.id)[-1])
        shown = forms(held.get(one.id).string)
        assert len(shown) == (1 if isinstance(one.id, str) else held.num_plurals)
        for text in shown:
            optional = {"count"} if code == "ar" or len(shown) == 1 else set()
            assert wanted - optional <= names(text) <= wanted, (one.id, text)
            text % dict.fromkeys(wanted, "")
            assert "<" not in text.replace("<5", "").replace("<3", "")


@pytest.fixture
def speaking(monkeypatch):
    """Return a function that chooses the language of all that is said."""

    def choose(code):
        monkeypatch.setattr(languages, "current", lambda: speech(code))

    return choose


@pytest.mark.parametrize(
    ("code", "total", "share", "when", "month", "week", "since"),
    [
        ("en", "12,345", "1.2%", "13 May 2024, 10:00 UTC", "May 2024", "13–19 May 2024", "3 hours ago"),
        ("de", "12.345", "1,2 %", "13. Mai 2024, 10:00 UTC", "Mai 2024", "13.–19. Mai 2024", "vor 3 Stunden"),
        ("fr", "12 345", "1,2 %", "13 mai 2024, 10:00 UTC", "mai 2024", "13–19 mai 2024", "il y a 3 heures"),
        ("es", "12.345", "1,2 %", "13 de mayo de 2024, 10:00 UTC", "mayo de 2024", "13–19 may 2024", "hace 3 horas"),
        ("uk", "12 345", "1,2%", "13 травня 2024 р., 10:00 UTC", "травень 2024 р.", "13–19 трав. 2024 р.", "3 години тому"),
        ("ar", "12,345", "1.2%", "13 مايو 2024، 10:00 UTC", "مايو 2024", "13–19 مايو 2024", "قبل 3 ساعات"),
        ("zh", "12,345", "1.2%", "2024年5月13日 10:00 UTC", "2024年5月", "2024年5月13日至19日", "3小时前"),
    ],
)  # fmt: skip
def test_numbers_and_dates(speaking, code, total, share, when, month, week, since):
    def plain(text):
        return re.sub(r"[\s\u200e\u061c]+", " ", text).strip()

    speaking(code)
    assert plain(number(12345)) == total
    assert plain(percent_text(0.0123, 2)) == share
    assert plain(long_date(Timestamp(NOW, "minute", ""))) == when
    assert plain(in_words(date(2024, 5, 1), "month")) == month
    assert plain(in_words(date(2024, 5, 13), "week")) == week
    before = Timestamp(NOW.replace(hour=7), "minute", "")
    assert plain(ago(before, NOW)) == since
    assert short_period(date(2024, 5, 1), "year") == "2024"


@pytest.mark.parametrize("unit", languages.UNITS)
def test_ages_keep_their_unit(unit):
    """Up to the age from which the next larger unit is used, and never "1"."""
    sizes = [*languages.UNITS.values(), 0]
    larger = next((size for size in sizes[::-1] if size > languages.UNITS[unit]), None)
    most = int(2 * larger / languages.UNITS[unit]) if larger else 50
    for count in range(2, most):
        assert languages.ago_text(unit, count) == f"{count} {unit}s ago"


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        ("en", ["0 articles", "1 article", "2 articles", "5 articles", "21 articles"]),
        ("fr", ["0 article", "1 article", "2 articles", "5 articles", "21 articles"]),
        ("uk", ["0 статей", "1 стаття", "2 статті", "5 статей", "21 стаття"]),
        ("ar", ["0 مقال", "مقال واحد", "مقالان", "5 مقالات", "21 مقالًا"]),
        ("zh", ["0 篇文章", "1 篇文章", "2 篇文章", "5 篇文章", "21 篇文章"]),
    ],
)
def test_plurals(speaking, code, shown):
    speaking(code)
    found = [ngettext("%(count)s article", "%(count)s articles", one) for one in (0, 1, 2, 5, 21)]
    assert found == shown


def test_warnings_and_reasons_are_said_in_the_language(speaking):
    warning = parse("grain )", NOW).warnings[0]
    assert warning.message == "a closing parenthesis without an opening one was ignored"
    speaking("de")
    view = warning_view("grain )", warning)
    assert view.message == "eine schließende Klammer ohne öffnende wurde übergangen"
    assert say(said_of("%(count)s hour apart", "%(count)s hours apart", 1)) == "1 Stunde Abstand"
    assert say("as it is") == "as it is"


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    return create_app(sample_with_story(tmp_path_factory.mktemp("sample")))


@pytest.mark.parametrize("code", NAMES)
def test_pages_speak_each_language(app, code):
    found = app.test_client().get("/search?q=grain", headers={"Accept-Language": code})
    direction = "rtl" if code == "ar" else "ltr"
    assert f'<html lang="{code}" dir="{direction}">' in found.text
    assert {"Accept-Language", "Cookie"} <= set(found.vary)
    assert "Set-Cookie" not in found.headers


@pytest.mark.parametrize(
    ("accepted", "code"),
    [
        ("", "en"),
        ("de-CH,de;q=0.9,en;q=0.5", "de"),
        ("pt-BR,pt;q=0.9,es;q=0.4,en;q=0.3", "es"),
        ("zh-Hant-TW", "zh"),
        ("ja", "en"),
        ("*", "en"),
        (";;q=x,", "en"),
    ],
)
def test_the_browser_asks_for_a_language(app, accepted, code):
    found = app.test_client().get("/", headers={"Accept-Language": accepted})
    assert f'<html lang="{code}"' in found.text


def test_a_choice_is_remembered(app):
    client = app.test_client()
    first = client.get("/search?q=grain&ui=uk", headers={"Accept-Language": "de"})
    assert '<html lang="uk"' in first.text
    assert "HttpOnly" in first.headers["Set-Cookie"]
    assert "SameSite=Lax" in first.headers["Set-Cookie"]
    assert '<html lang="uk"' in client.get("/", headers={"Accept-Language": "de"}).text
    assert '<html lang="de"' in client.get("/?ui=de").text
    assert '<html lang="de"' in client.get("/?ui=nonsense").text


def test_answers_for_programs_are_english(app):
    german = {"Accept-Language": "de"}
    found = app.test_client().get("/api/v1/search?q=grain+)", headers=german)
    assert "parenthesis" in found.json["warnings"][0]["message"]
    assert "Accept-Language" not in found.headers.get("Vary", "")
    wrong = app.test_client().get("/api/v1/compare?a=x&b=x", headers=german)
    assert wrong.json["error"].startswith("These are one article")


class Marked(NullTranslations):
    """A language whose texts are in brackets."""

    def gettext(self, message):
        return f"⟦{message}⟧"

    def ngettext(self, msgid1, msgid2, n):
        return f"⟦{msgid1}⟧"


class Words(HTMLParser):
    """The texts of a page that are ours: without those of articles, queries and programs."""

    SPOKEN = ("title", "aria-label", "placeholder", "alt")

    def __init__(self):
        super().__init__()
        self.texts, self.foreign, self.open = [], 0, []

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        if tag not in ("meta", "link", "input"):
            is_foreign = tag in ("title", "bdi", "code", "kbd", "mark", "q", "cite") or (
                tag != "html" and ("lang" in found or "dir" in found)
            )
            self.open.append(is_foreign)
            self.foreign += is_foreign
        if not self.foreign:
            self.texts += [f" {found[name]} " for name in self.SPOKEN if found.get(name)]

    def handle_endtag(self, tag):
        self.foreign -= self.open.pop()

    def handle_data(self, data):
        if not self.foreign:
            self.texts.append(data)


ALLOWED = re.compile(
    r"\b(UTC|Text|API|JSON Lines|JSON Feed|JSON|CSV|Atom|RSS|ninjs|BibTeX|RIS|CSL-JSON)\b"
)


@pytest.mark.parametrize("state", STATES)
def test_no_text_of_a_page_is_untranslated(app, monkeypatch, state):
    """Texts in the brackets of a made-up language are removed; no letters of English are left."""
    made_up = Speech("uk", "ltr", speech("uk").locale, Marked())
    monkeypatch.setattr(languages, "current", lambda: made_up)
    page = app.test_client().get(STATES[state], follow_redirects=True)
    words = Words()
    words.feed(page.text)
    left = "".join(words.texts)
    while (shorter := re.sub(r"⟦[^⟦⟧]*⟧", "", left)) != left:
        left = shorter
    left = ALLOWED.sub("", html.unescape(left))
    assert re.findall(r"[A-Za-z]{2,}[^\n]*", left) == []
