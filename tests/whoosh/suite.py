"""Run the tests of whoosh3 with our codec in place of its own: python tests/whoosh/suite.py

The tests are in the source distribution of the pinned version of whoosh3. They show that an index
with our segments is a valid Whoosh index.
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
"""Test files that need scripts and documents missing from the source distribution."""


def source() -> Path:
    """Return the folder of the unpacked source distribution. Download it if it is missing."""
    pinned = (HERE / "requirements.txt").read_text().split()[0].replace("==", "-")
    folder = BUILD / pinned
    if not folder.is_dir():
        pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
        options = ["--no-binary", ":all:", "--no-deps", "--no-build-isolation", "--require-hashes"]
        subprocess.run(
            [*pip, "download", *options, "-r", HERE / "requirements.txt", "-d", BUILD], check=True
        )
        shutil.unpack_archive(BUILD / f"{pinned}.tar.gz", BUILD)
    return folder


def run(folder: Path) -> int:
    """Run the tests in a folder and return the exit code of pytest."""
    print(f"The tests of {folder.name}", flush=True)
    plugins = ["-p", "columnar_codec", "-p", "no:cacheprovider"]
    ours = ["-c", HERE / "pytest.ini", "--rootdir", ".", "-o", "addopts=", "-o", "filterwarnings="]
    left_out = [f"--ignore={path}" for path in ABOUT_THE_DISTRIBUTION]
    report = ["-n", "auto", "-q", "-rfEsx", "tests", "--ignore-glob=tests/test_example_*.py"]
    pytest = [sys.executable, "-W", "ignore", "-m", "pytest"]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join((str(HERE / "plugin"), str(ROOT)))}
    done = subprocess.run(
        [*pytest, *ours, *plugins, *report, *left_out], cwd=folder, env=environment, check=False
    )
    return done.returncode


if __name__ == "__main__":
    sys.exit(run(source()))
