"""The languages of the interface: which one a reader wants, and texts, numbers and dates in it.

Texts are translated by the catalogues in translations/, which gettext's tools read and write. They
are compiled when a language is first asked for. Numbers, dates and names of languages are those of
CLDR.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache, lru_cache
from gettext import GNUTranslations, NullTranslations
from math import floor, log10
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from babel import Locale
from babel.dates import (
    format_date,
    format_interval,
    format_skeleton,
    format_timedelta,
    get_datetime_format,
)
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal, format_percent
from flask import Flask, Response, has_request_context, request
from markupsafe import Markup

from searcher.wording import Said
from web.addresses import root

NAMES = {
    "en": "English",
    "ar": "العربية",
    "de": "Deutsch",
    "es": "español",
    "fr": "français",
    "uk": "українська",
    "zh": "中文",
}
"""The languages by their codes, each in its own name."""
CHOICE = "ui"
"""Name of the parameter by which a language is chosen, and of the cookie that remembers it."""
TRANSLATIONS = Path(__file__).parent / "translations"
"""The folder of the catalogues."""
_YEAR = 365 * 86_400
"""Number of seconds for which a choice is remembered."""
_FORMATS = {"en": "en_GB"}
"""Locales of formats that differ from the language: dates are read all over the world."""
UNITS = {
    "year": 365.25 * 86_400,
    "month": 30.44 * 86_400,
    "week": 7 * 86_400,
    "day": 86_400,
    "hour": 3_600,
    "minute": 60,
}
"""Units of time and their seconds."""


_SPOKEN: ContextVar[Speech | None] = ContextVar("spoken", default=None)
"""The language of the request that is answered; None until it is asked for. A page asks a hundred
times, and Flask's own store takes ten times as long."""


@dataclass(frozen=True, slots=True)
class Speech:
    """A language of the interface."""

    code: str
    """Its code."""
    direction: str
    """ "ltr" or "rtl"."""
    locale: Locale
    """Its formats."""
    catalogue: NullTranslations
    """Its texts."""


@cache
def speech(code: str) -> Speech:
    """Return a language of the interface by its code. It is kept."""
    locale = Locale.parse(_FORMATS.get(code, code))
    catalogue = NullTranslations() if code == "en" else _compiled(code)
    return Speech(code, locale.text_direction, locale, catalogue)


def catalogue_path(code: str) -> Path:
    """Return the file of a language's texts."""
    return TRANSLATIONS / code / "LC_MESSAGES" / "messages.po"


def _compiled(code: str) -> GNUTranslations:
    with catalogue_path(code).open("rb") as file:
        texts = read_po(file, locale=code)
    compiled = io.BytesIO()
    write_mo(compiled, texts)
    compiled.seek(0)
    return GNUTranslations(compiled)


def current() -> Speech:
    """Return the language of the page that is made now; English outside of requests."""
    found = _SPOKEN.get()
    if found is None:
        if not has_request_context():
            return speech("en")
        found = speech(_wanted())
        _SPOKEN.set(found)
    return found


def _forget(_: BaseException | None) -> None:
    """Forget the language of the request that ends."""
    _SPOKEN.set(None)


def _wanted() -> str:
    """Return the code of the language that was chosen, else that the browser asks for."""
    for given in (request.args.get(CHOICE), request.cookies.get(CHOICE)):
        if given in NAMES:
            return given
    return request.accept_languages.best_match(list(NAMES)) or "en"


def _remember(response: Response) -> Response:
    """Keep a choice that the address states, and say by what pages differ."""
    chosen = request.args.get(CHOICE)
    if response.mimetype == "text/html":
        response.vary.update(("Accept-Language", "Cookie"))
        if chosen in NAMES:
            response.set_cookie(
                CHOICE,
                chosen,
                max_age=_YEAR,
                path=root() or "/",
                secure=request.is_secure,
                httponly=True,
                samesite="Lax",
            )
    return response


def choices() -> list[tuple[str, str, str]]:
    """Return the code, the name and the address of this page in each language."""
    kept = [(name, value) for name, value in request.args.items(multi=True) if name != CHOICE]
    before = f"?{urlencode(kept)}&" if kept else "?"
    return [(code, name, f"{before}{CHOICE}={code}") for code, name in NAMES.items()]


def _gettext(text: str) -> str:
    return current().catalogue.gettext(text)


def _ngettext(one: str, many: str, count: int) -> str:
    return current().catalogue.ngettext(one, many, count)


def _marked(text: str, /, **values: Any) -> Markup:
    """Return a text for a template. Values are escaped unless they are markup."""
    found = Markup(_gettext(text))
    return found % values if values or "%%" in found else found


def _marked_of(one: str, many: str, number: int, /, **values: Any) -> Markup:
    return Markup(_ngettext(one, many, number)) % values


def install(app: Flask) -> None:
    """Let the templates of an application speak the language of each request."""
    # Jinja's own functions look these up in the template's context, which takes thrice as long.
    words = {"_": _marked, "gettext": _marked, "ngettext": _marked_of}
    app.jinja_env.globals.update(words, speech=current, language_choices=choices, root=root)
    app.jinja_env.filters.update(number=number, said=say)
    app.after_request(_remember)
    app.teardown_request(_forget)


def gettext(text: str, /, **values: Any) -> str:
    """Return a text in the current language, with its values. A percent sign in it is doubled."""
    return _gettext(text) % values


def ngettext(one: str, many: str, count: int, /, **values: Any) -> str:
    """Return a text about a number of things, which it calls `count`."""
    values = {"count": number(count), **values}
    return _ngettext(one, many, count) % values


def say(text: str) -> str:
    """Return a sentence of the search in the current language; other texts as they are."""
    if not isinstance(text, Said):
        return text
    values: Mapping[str, Any] = {name: _shown(value) for name, value in text.values.items()}
    if text.many:
        return ngettext(text.template, text.many, text.amount, **values)
    return gettext(text.template, **values)


def _shown(value: Any) -> Any:
    if isinstance(value, Said):
        return say(value)
    return number(value) if isinstance(value, int) else value


def number(value: float) -> str:
    """Return a number as the current language writes it."""
    return _decimal(value, current().code)


@lru_cache(1 << 12)
def _decimal(value: float, code: str) -> str:
    """Return a number in a language. Cached (4,096 values): each takes 5 µs, and a chart has
    hundreds."""
    return format_decimal(value, locale=speech(code).locale)


def decimal_text(value: float) -> str:
    """Return a number with one digit behind the point."""
    return format_decimal(value, "#,##0.0", locale=current().locale)


def percent_text(share: float, digits: int) -> str:
    """Return a share in percent. digits: number of digits that count, in shares below a tenth."""
    return _percent(share, digits, current().code)


@lru_cache(1 << 12)
def _percent(share: float, digits: int, code: str) -> str:
    """Return a share in a language. Cached (4,096 values), as numbers are."""
    places = 0 if share >= 0.1 or not share else digits - 1 - floor(log10(100 * share))
    shown = round(share, 2 + places)
    return format_percent(shown, locale=speech(code).locale, decimal_quantization=False)


def language_name(code: str) -> str:
    """Return the name of a language in the current one; its code if it has no name."""
    if code == "und":
        return gettext("unknown language")
    return str(current().locale.languages.get(code) or code)


def day_text(day: date) -> str:
    """Return a day: "13 May 2024"."""
    return _day(day, current().code)


@lru_cache(1 << 12)
def _day(day: date, code: str) -> str:
    """Return a day in a language. Cached (4,096 days): a chart of a year has 366."""
    return format_date(day, "long", locale=speech(code).locale)


def minute_text(moment: datetime) -> str:
    """Return a minute: "13 May 2024, 10:15 UTC"."""
    pattern = str(get_datetime_format("medium", current().locale))
    time = f"{moment.hour:02}:{moment.minute:02} UTC"
    return pattern.format(time, day_text(moment.date()))


def month_text(day: date, skeleton: str = "yMMMM") -> str:
    """Return a month: "May 2024". skeleton: its form, as CLDR names it."""
    moment = datetime(day.year, day.month, day.day)
    return format_skeleton(skeleton, moment, locale=current().locale)


def days_text(first: date, last: date) -> str:
    """Return a span of days: "13–19 May 2024"."""
    return format_interval(first, last, "yMMMd", locale=current().locale)


def ago_text(unit: str, count: int) -> str:
    """Return a time before now, of at least two units: "3 hours ago"."""
    return _ago(unit, count, current().code)


@lru_cache(1 << 10)
def _ago(unit: str, count: int, code: str) -> str:
    """Return a time before now in a language. Cached (1,024 values): each takes 50 µs."""
    # A larger unit is not taken for it: "23 months ago".
    return format_timedelta(
        timedelta(seconds=-count * UNITS[unit]),
        threshold=1.99,
        add_direction=True,
        locale=speech(code).locale,
    )
