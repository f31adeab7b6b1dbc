"""The settings: each is declared once, read from the environment or a file, and documented.

Covers settings and settings_file.
"""

from __future__ import annotations

import re

import pytest
from fakes import manual

from searcher.command.cli import cli
from searcher.settings import DECLARED, Settings, declared

VARIABLE = re.compile(r"\bSEARCHER_[A-Z_]+|(?<=\")(?:HOST|PORT)(?=\")")


def test_every_variable_that_is_read_is_declared(root):
    names = {one.variable for one in DECLARED if one.variable}
    code = [
        path.read_text("utf-8")
        for room in ("searcher", "web")
        for path in (root / room).rglob("*.py")
    ]
    assert {name for text in code for name in VARIABLE.findall(text)} == names
    readers = [text for text in code if "environ" in text and "environments" not in text]
    # The settings; a module that reads NO_COLOR, which is not a setting of the program; and the
    # entry, which sets a variable of numpy's library.
    assert sum("os.environ" in text for text in readers) == 3


def test_every_variable_is_documented_and_every_documented_one_is_declared(root):
    rows = {row.split("`")[1]: row for row in re.findall(r"^\| `.*$", manual(root), re.MULTILINE)}
    for one in DECLARED:
        if one.variable:
            assert one.default.removesuffix(" in the raw folder") in rows[one.variable], one
    names = {one.variable for one in DECLARED}
    assert {name for name in VARIABLE.findall(manual(root)) if name not in names} == set()


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("half_life", "7.5", 7.5),
        ("pause", "0", 0.0),
        ("jobs", "64", 64),
        ("memory", "96M", 96 << 20),
        ("agent", "a/1", "a/1"),
        ("allow_private", "1", True),
        ("remember_queries", "off", False),
    ],
)
def test_values_are_read(name, text, value):
    assert getattr(Settings.load({declared(name).variable: text}), name) == value


@pytest.mark.parametrize(
    ("name", "text", "form"),
    [
        ("half_life", "0", "a number above 0"),
        ("half_life", "inf", "a number above 0"),
        ("half_life", "nan", "a number above 0"),
        ("pause", "3601", "a number from 0 to 3600"),
        ("pause", "-1", "a number from 0 to 3600"),
        ("jobs", "65", "a whole number from 1 to 64"),
        ("jobs", "1.0", "a whole number from 1 to 64"),
        ("memory", "95M", "a number of bytes like 512M, at least 96M"),
        ("agent", "é", "printable ASCII"),
        ("allow_private", "yes", "1 or 0"),
    ],
)
def test_values_that_cannot_be_read_are_refused_by_name(name, text, form):
    variable = declared(name).variable
    with pytest.raises(ValueError, match=f"^{variable} must be {form}, not '{text}'$"):
        Settings.load({variable: text})
    with pytest.raises(ValueError, match=f"^--{name} must be"):
        Settings.load({}, **{name: text})


def test_a_wrong_port_stops_only_the_server():
    given = {"PORT": "65536", "HOST": "localhost"}
    settings = Settings.load(given)
    with pytest.raises(ValueError, match="PORT must be a whole number from 1 to 65535"):
        settings.served(given)
    assert settings.served(given | {"PORT": "80"}).port == 80


def test_the_help_of_an_option_shows_its_declaration():
    (option,) = (one for one in cli.get_command(None, "index").params if one.name == "jobs")
    assert (
        option.help
        == "Processes that indexing uses. [SEARCHER_JOBS; default: one for each processor]"
    )


def test_a_file_gives_what_the_environment_does_not(tmp_path):
    file = tmp_path / "news.toml"
    file.write_text(
        'index = "here"\nport = 81\nhalf_life = 7.5\nallow_private = true\n'
        'origins = ["https://a.example", "https://b.example"]\nmemory = "96M"\n'
    )
    environ = {"SEARCHER_CONFIG": str(file), "SEARCHER_HALF_LIFE": "3"}
    found = Settings.load(environ, memory="128M").served(environ)
    assert (found.index.name, found.port, found.half_life, found.memory) == (
        "here",
        81,
        3.0,
        128 << 20,
    )
    assert found.allow_private
    assert found.origins == ("https://a.example", "https://b.example")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("half_life = 0", "half_life in .*news.toml must be a number above 0, not '0'"),
        ("half_live = 1", "has 'half_live', which is no setting; is half_life meant"),
        ("zzz = 1", "has 'zzz', which is no setting$"),
        ("config = 'other.toml'", "has 'config', which is no setting"),
        ("index = {a = 1}", "index is a text, a number, true or false, or a list of texts"),
        ("index = [1]", "index is a text, a number"),
        ("index", "is not TOML: "),
        ("index = 2024-01-01", "index is a text"),
        ("\x00", "is not TOML: "),
    ],
)
def test_a_wrong_file_is_refused(tmp_path, text, problem):
    file = tmp_path / "news.toml"
    file.write_text(text)
    with pytest.raises(ValueError, match=problem):
        Settings.load({"SEARCHER_CONFIG": str(file)})


def test_a_file_that_is_missing_and_unknown_variables_are_refused(tmp_path):
    with pytest.raises(ValueError, match="cannot be read"):
        Settings.load({"SEARCHER_CONFIG": str(tmp_path / "none.toml")})
    with pytest.raises(
        ValueError, match="^SEARCHER_WORKER is no setting; is SEARCHER_WORKERS meant"
    ):
        Settings.load({"SEARCHER_WORKER": "2"})
