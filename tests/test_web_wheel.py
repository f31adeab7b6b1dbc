"""The wheel runs without the repository.

Covers the packages searcher and web as they are installed.
"""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile

import pytest
from fakes import ROOT, write


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """Return a folder with the content of the wheel and no other file of the repository."""
    built, target = tmp_path_factory.mktemp("dist"), tmp_path_factory.mktemp("site")
    source = tmp_path_factory.mktemp("source")
    tracked = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    for name in tracked.stdout.splitlines():
        if name.startswith(("searcher/", "web/", "pyproject", "README", "LICENSE")):
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            (source / name).write_bytes((ROOT / name).read_bytes())
    command = [
        sys.executable,
        "-m",
        "build",
        "--wheel",
        "--no-isolation",
        "--outdir",
        str(built),
        str(source),
    ]
    subprocess.run(command, check=True, capture_output=True)
    (wheel,) = built.glob("news_searcher-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(target)
    return target


def run(installed, folder, *arguments):
    environment = {**os.environ, "PYTHONPATH": str(installed), "PYTHONSAFEPATH": "1"}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_wheel_works_in_another_folder(installed, tmp_path, root):
    write(
        tmp_path / "raw/a.txt",
        "Grain deal signed in Istanbul\n\nShips may leave Odesa with grain.\n\nLeave a comment",
    )
    where = run(
        installed, tmp_path, "-c", "import searcher, web; print(searcher.__file__, web.__file__)"
    ).stdout
    assert where.count(str(installed)) == 2
    assert run(installed, tmp_path, "-m", "searcher", "index").stdout.startswith("1 added")
    assert "*Grain*" in run(installed, tmp_path, "-m", "searcher", "search", "grain").stdout
    code = "from web import create_app; c = create_app().test_client(); print(c.get('/search?q=grain').text, c.get('/static/style.css').text)"
    page = run(installed, tmp_path, "-c", code)
    assert "<mark>Grain</mark>" in page.stdout, page.stderr
    assert "--paper" in page.stdout
    french = run(installed, tmp_path, "-c", code.replace("q=grain", "q=grain&ui=fr")).stdout
    assert "Chercher dans l’actualité" in french
    templates = {path.name for path in (root / "web/templates").iterdir()}
    assert {path.name for path in (installed / "web/templates").iterdir()} == templates


def test_the_wheel_holds_the_packages_and_nothing_else(installed):
    assert {path.name for path in installed.iterdir() if not path.name.endswith(".dist-info")} == {
        "searcher",
        "web",
    }
    (information,) = installed.glob("*.dist-info")
    metadata = (information / "METADATA").read_text("utf-8")
    assert "Name: news-searcher" in metadata
    assert "License-Expression: MIT" in metadata
    assert "searcher = searcher.command.cli:main" in (information / "entry_points.txt").read_text(
        "utf-8"
    )
