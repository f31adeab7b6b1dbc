"""Runs tests with other Whooshs than the one that is installed: python tests/whoosh/suite.py
[3|2|own ...].

3, 2: the tests in the source distribution of whoosh3 and of Whoosh 2.7.4, with our codec in place
of Whoosh's own. own: our tests of what stands on Whoosh, with Whoosh 2.7.4 in place of whoosh3.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
BUILD = ROOT / "build" / "whoosh"
HERE = Path(__file__).parent

ABOUT_THE_DISTRIBUTION = (
    "tests/test_bump_version_script.py", "tests/test_examples_runnable.py", "tests/test_site_version_sync.py",
)  # fmt: skip
"""Tests of scripts and documents that the source distribution leaves out."""

ABOUT_THE_INDEX = (
    "alerts",
    "columnar",
    "engine",
    "indexing",
    "reading_articles",
    "search",
    "text_repair",
)
"""What the names of our tests begin with that open or write an index."""


def sources(name: str) -> Path:
    """The unpacked source distribution whose name begins so."""
    found = [path for path in BUILD.glob(f"{name}-*") if path.is_dir()]
    if not found:
        pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
        options = ["--no-binary", ":all:", "--no-deps", "--no-build-isolation", "--require-hashes"]
        subprocess.run(
            [*pip, "download", *options, "-r", HERE / "requirements.txt", "-d", BUILD], check=True
        )
        for archive in BUILD.glob("[Ww]hoosh*-*.*"):
            shutil.unpack_archive(archive, BUILD)
        found = [path for path in BUILD.glob(f"{name}-*") if path.is_dir()]
    return found[0]


def run_own() -> int:
    """Runs our tests of the index."""
    source = sources("Whoosh") / "src"
    print(f"Our tests with Whoosh at {source.relative_to(ROOT)}", flush=True)
    # The old Whoosh is read with warnings about its escapes, once.
    subprocess.run([sys.executable, "-W", "ignore", "-m", "compileall", "-q", source], check=True)
    tests = [
        path for name in ABOUT_THE_INDEX for path in sorted(ROOT.glob(f"tests/test_{name}*.py"))
    ]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *tests],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(source)},
        check=False,
    )
    return done.returncode


def run_theirs(version: str) -> int:
    folder = sources("whoosh3" if version == "3" else "Whoosh")
    paths = [str(HERE / "plugin"), str(ROOT), *([str(folder / "src")] if version == "2" else [])]
    options = [
        "-p",
        "columnar_codec",
        "-p",
        "no:cacheprovider",
        "-o",
        "addopts=",
        "-o",
        "filterwarnings=",
        "-q",
        "-rfEsx",
    ]
    left_out = [f"--ignore={path}" for path in ABOUT_THE_DISTRIBUTION if (folder / path).exists()]
    print(f"The tests of Whoosh {folder.name.partition('-')[2]}", flush=True)
    command = [
        sys.executable,
        "-W",
        "ignore",
        "-m",
        "pytest",
        "-c",
        HERE / "pytest.ini",
        "--rootdir",
        ".",
        *options,
    ]
    command += ["tests", "--ignore-glob=tests/test_example_*.py", *left_out]
    # test_minimize_dfa of 2.7.4 compares what it numbered in the order of a set: it fails with
    # every other seed.
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths), "PYTHONHASHSEED": "3"}
    done = subprocess.run(command, cwd=folder, env=environment, check=False)
    return done.returncode


if __name__ == "__main__":
    chosen = sys.argv[1:] or ["3", "2", "own"]
    sys.exit(max(run_own() if version == "own" else run_theirs(version) for version in chosen))
