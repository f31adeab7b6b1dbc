"""A cluster of OpenSearch on this machine: three nodes, each a process, on 127.0.0.1.

python -m benchmarks.local_cluster run FOLDER COMMAND...   run a command that finds it, then stop it
python -m benchmarks.local_cluster start FOLDER            start it, and print its addresses
python -m benchmarks.local_cluster stop FOLDER             stop it

The folder keeps the libraries, which Maven fetches once, and the nodes' files. No security: tests
alone can reach it.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
NODES = 3
"""Number of nodes: the fewest of which one may fail."""
VARIABLE = "OPENSEARCH_NODES"
"""Environment variable with the addresses of the nodes, separated by spaces."""
FOLDER = "OPENSEARCH_FOLDER"
"""Environment variable with the folder of the nodes."""
_HEAP = "400m"
"""Memory of each node's process. 256m is too little for the aggregations of some tests."""
_MAIN = "org.codelibs.opensearch.runner.OpenSearchRunner"
"""The class that starts a node."""
_STARTS_IN = 240
"""Maximum number of seconds until the nodes have found each other. They need 17 s on two idle
processors."""
_FIRST_PORT, _PORTS, _LAST_PORT = 9250, 20, 9450
"""Ports: that of the first cluster, the distance to the next one, and the end."""


class LocalCluster:
    """Three nodes, and the ways in which they fail."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    @property
    def _port(self) -> int:
        return int((self.folder / "port").read_text())

    def address(self, node: int) -> str:
        """Return the address of a node, counted from 1."""
        return f"http://127.0.0.1:{self._port + node}"

    @property
    def addresses(self) -> str:
        """The addresses of all nodes, separated by spaces."""
        return " ".join(self.address(node) for node in range(1, NODES + 1))

    def start(self) -> None:
        """Start all nodes, and wait until they are one cluster. Earlier data is removed."""
        self._fetch()
        shutil.rmtree(self.folder / "nodes", ignore_errors=True)
        (self.folder / "port").write_text(str(_free_ports()))
        for node in range(1, NODES + 1):
            self.up(node, first=node == 1)
        self.wait(NODES)

    def _fetch(self) -> None:
        """Fetch the libraries, unless they are there."""
        missing = [name for name in ("java", "mvn") if shutil.which(name) is None]
        if missing:
            packages = ["default-jre-headless", "maven"]
            subprocess.run(["sh", ROOT / "tests/apt_install.sh", *packages], check=True)
        target = self.folder / "lib"
        if not target.is_dir():
            pom = ROOT / "benchmarks/opensearch.xml"
            partial = self.folder / "lib.part"
            command = ["mvn", "-q", "-B", "-f", pom, "dependency:copy-dependencies"]
            subprocess.run([*command, f"-DoutputDirectory={partial.absolute()}"], check=True)
            partial.rename(target)

    def up(self, node: int, first: bool = False) -> None:
        """Start one node. first: whether it may found the cluster."""
        base = (self.folder / "nodes" / str(node)).absolute()
        config = base / "node_1/config"
        config.mkdir(parents=True, exist_ok=True)
        port = self._port
        seeds = [f"127.0.0.1:{port + 10 + one}" for one in range(1, NODES + 1)]
        lines = [
            f"discovery.seed_hosts: {json.dumps(seeds)}",
            f"transport.port: {port + 10 + node}",
        ]
        if first:
            lines.append('cluster.initial_cluster_manager_nodes: ["Node 1"]')
        # A nearly full disk of the machine that tests run on is no matter of theirs.
        lines.append("cluster.routing.allocation.disk.threshold_enabled: false")
        (config / "opensearch.yml").write_text("\n".join(lines) + "\n")
        command = [
            "java", f"-Xms{_HEAP}", f"-Xmx{_HEAP}", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
            "-cp", f"{(self.folder / 'lib').absolute()}/*", _MAIN,
            "-basePath", str(base), "-clusterName", f"tests-{port}", "-numOfNode", "1",
            "-baseHttpPort", str(port + node - 1),
        ]  # fmt: skip
        log = str(self.folder / f"{node}.log")
        # A node outlives the program that starts it, which subprocess warns of.
        number = os.posix_spawnp(
            command[0],
            command,
            os.environ,
            file_actions=[
                (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
                (os.POSIX_SPAWN_OPEN, 1, log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644),
                (os.POSIX_SPAWN_DUP2, 1, 2),
            ],
            setsid=True,
        )
        (self.folder / f"{node}.pid").write_text(str(number))

    def signal(self, node: int, number: signal.Signals) -> None:
        """Send a signal to a node: SIGKILL ends it, SIGSTOP pauses it, SIGCONT lets it go on."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(int((self.folder / f"{node}.pid").read_text()), number)

    def wait(self, nodes: int, asked: int = 1, seconds: float = _STARTS_IN) -> None:
        """Wait until a node says that the cluster has `nodes` nodes. Raises TimeoutError."""
        deadline = time.monotonic() + seconds
        while self.health(asked).get("number_of_nodes") != nodes:
            if time.monotonic() > deadline:
                log = (self.folder / f"{asked}.log").read_text(errors="replace")[-2000:]
                raise TimeoutError(f"no cluster of {nodes} nodes in {seconds:g} s: {log}")
            time.sleep(0.5)

    def health(self, node: int) -> dict[str, object]:
        """Return the health of the cluster as a node sees it; {} if it does not answer."""
        try:
            with urllib.request.urlopen(
                f"{self.address(node)}/_cluster/health", timeout=5
            ) as answer:
                return dict(json.load(answer))
        except (OSError, urllib.error.URLError, ValueError):
            return {}

    def stop(self) -> None:
        """End all nodes."""
        for node in range(1, NODES + 1):
            if (self.folder / f"{node}.pid").exists():
                self.signal(node, signal.SIGCONT)
                self.signal(node, signal.SIGKILL)
                (self.folder / f"{node}.pid").unlink()


def _free_ports() -> int:
    """Return a port before free ones for the nodes."""
    for first in range(_FIRST_PORT, _LAST_PORT, _PORTS):
        if all(map(_is_free, range(first + 1, first + _PORTS))):
            return first
    raise OSError("no free ports")


def _is_free(port: int) -> bool:
    with socket.socket() as found:
        return found.connect_ex(("127.0.0.1", port)) != 0


@contextlib.contextmanager
def started(folder: Path) -> Iterator[LocalCluster]:
    """Yield a cluster, and stop it at the end."""
    found = LocalCluster(folder)
    try:
        found.start()
        yield found
    finally:
        found.stop()


def main(arguments: list[str]) -> int:
    match arguments:
        case ["start", folder]:
            found = LocalCluster(Path(folder))
            found.start()
            print(f"export {VARIABLE}='{found.addresses}' {FOLDER}='{folder}'")
        case ["stop", folder]:
            LocalCluster(Path(folder)).stop()
        case ["run", folder, *command] if command:
            with started(Path(folder)) as found:
                environment = {**os.environ, VARIABLE: found.addresses, FOLDER: folder}
                return subprocess.run(command, env=environment, check=False).returncode
        case _:
            print(__doc__, file=sys.stderr)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
