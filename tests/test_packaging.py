"""The Dockerfile, the compose file and the units of systemd.

Covers nothing of the packages but the commands that these files run.
"""

from __future__ import annotations

import ast
import configparser
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from browsing import indexed, served
from click.testing import CliRunner
from fakes import ROOT, write

from searcher.command.cli import cli
from searcher.settings import Settings

UNITS = sorted((ROOT / "deploy").glob("*.service"))
DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8")
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))


def instructions(name) -> list[str]:
    """Return the arguments of all instructions of the Dockerfile with this name."""
    joined = re.sub(r"^\s*#.*\n", "", DOCKERFILE, flags=re.MULTILINE).replace("\\\n", "")
    return re.findall(rf"^{name}\s+(.*)$", joined, re.MULTILINE)


def is_command(arguments) -> bool:
    """Return whether the command line takes these arguments."""
    return CliRunner().invoke(cli, [*arguments, "--help"]).exit_code == 0


def test_hadolint_finds_nothing():
    hadolint = Path(sys.executable).parent / "hadolint"
    if not hadolint.exists():
        pytest.skip("hadolint is there for Linux only")
    found = subprocess.run(
        [hadolint, ROOT / "Dockerfile"], capture_output=True, text=True, check=False
    )
    assert (found.returncode, found.stdout) == (0, "")


def test_the_image_runs_as_nobody_in_particular_and_says_how_it_is():
    assert instructions("USER")[-1].isdecimal()
    assert int(instructions("USER")[-1]) > 0
    assert len(instructions("HEALTHCHECK")) == 1
    command = ast.literal_eval(instructions("CMD")[0])
    assert ast.literal_eval(instructions("ENTRYPOINT")[0]) == ["searcher"]
    assert is_command(command)


def test_the_image_is_made_of_files_that_are_there_and_sent():
    sent = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    for line in instructions("COPY"):
        if "--from" not in line:
            for name in line.split()[:-1]:
                assert (ROOT / name).exists(), name
                assert f"!{name}" in sent, name


def test_the_health_check_asks_the_server(tmp_path):
    (check,) = instructions("HEALTHCHECK")
    _, program, code = ast.literal_eval(check.partition("CMD ")[2])
    write(tmp_path / "raw/a.txt", "Grain deal signed\n\nShips may leave Odesa with grain.")
    good = indexed(Settings(index=tmp_path / "index", raw=tmp_path / "raw"))
    for settings, is_well in ((good, True), (Settings(index=tmp_path / "none"), False)):
        with served(settings) as address:
            environment = {**os.environ, "PORT": address.rpartition(":")[2]}
            found = subprocess.run(
                [sys.executable, program, code], env=environment, capture_output=True, check=False
            )
        assert (found.returncode == 0) is is_well


def test_the_cluster_beside_the_compose_file():
    found = yaml.safe_load((ROOT / "compose.opensearch.yaml").read_text("utf-8"))["services"]
    nodes = set(found) - set(COMPOSE["services"])
    for service in ("web", "watch"):
        settings = Settings.load(found[service]["environment"])
        assert settings.engine == "opensearch"
        asked = {address.split("/")[2].split(":")[0] for address in settings.opensearch.split()}
        assert asked == set(found[service]["depends_on"]) == nodes


def test_the_services_of_the_compose_file():
    assert set(COMPOSE["services"]) == {"web", "watch"}
    for name, service in COMPOSE["services"].items():
        assert service["read_only"]
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
        assert is_command(service.get("command", ["serve"])), name
        assert [one.partition(":")[0] for one in service["volumes"]] == list(COMPOSE["volumes"])
        # Only this machine reaches the page, until somebody says otherwise.
        assert all(one.startswith("127.0.0.1:") for one in service.get("ports", ()))
    known = {"SEARCHER_TOKEN", "SEARCHER_PROXIES"}
    assert set(COMPOSE["services"]["web"]["environment"]) == known
    Settings.load({"SEARCHER_TOKEN": "", "SEARCHER_PROXIES": "0"})


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.stem)
def test_units_start_commands_that_exist(path):
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str
    unit.read_string(path.read_text("utf-8"))
    program, *arguments = shlex.split(unit["Service"]["ExecStart"])
    assert program.endswith("/searcher")
    assert is_command(arguments)
    assert unit["Service"]["User"] == "news"
    assert unit["Service"]["NoNewPrivileges"] == "yes"


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.stem)
def test_systemd_reads_the_units(path):
    if not shutil.which("systemd-analyze"):
        pytest.skip("there is no systemd")
    found = subprocess.run(
        ["systemd-analyze", "verify", str(path)], capture_output=True, text=True, check=False
    )
    # The program is not installed there.
    problems = [one for one in found.stderr.splitlines() if "is not executable" not in one]
    assert [one for one in problems if path.name in one] == []
