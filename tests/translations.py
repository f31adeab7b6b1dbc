"""The texts of the page that are translated, and their catalogues.

`python tests/translations.py` brings the catalogues up to date with the code: new texts are there to
be translated, those that are gone are removed.
"""

from __future__ import annotations

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po
from fakes import ROOT

from web.languages import NAMES, catalogue_path

KEYWORDS = {
    "_": None,
    "gettext": None,
    "ngettext": (1, 2),
    "said": None,
    "said_of": (1, 2),
    # A row of the help of the query language, with its meaning.
    "Row": (2,),
}
"""Functions whose arguments are texts, with the numbers of these arguments."""
METHODS = [("**.py", "python"), ("templates/**.html", "jinja2")]
TRANSLATED = [code for code in NAMES if code != "en"]


def texts() -> Catalog:
    """Return the texts of the code and the templates."""
    found = Catalog()
    for package in ("searcher", "web"):
        for _, _, text, _, _ in extract_from_dir(
            ROOT / package, METHODS, keywords=KEYWORDS, strip_comment_tags=True
        ):
            found.add(text, flags=("python-format",) if "%(" in str(text) else ())
    return found


def catalogue(code: str) -> Catalog:
    """Return the catalogue of a language."""
    with catalogue_path(code).open("rb") as file:
        return read_po(file, locale=code)


def update(code: str) -> None:
    """Write the catalogue of a language with the texts of today."""
    held, found = catalogue(code), Catalog(code, project="news-searcher")
    for text in texts():
        if text.id:
            known = held.get(text.id)
            found.add(text.id, known.string if known else "", flags=text.flags)
    path = catalogue_path(code)
    with path.open("wb") as file:
        write_po(file, found, width=100, no_location=True, omit_header=True)
    body = path.read_text("utf-8")
    path.write_text(_HEADER.format(code=code, plurals=found.plural_forms) + body, "utf-8")


_HEADER = """\
# The texts of the page.
msgid ""
msgstr ""
"Language: {code}\\n"
"Plural-Forms: {plurals}\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""

if __name__ == "__main__":
    for language in TRANSLATED:
        update(language)
