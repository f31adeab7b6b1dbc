"""Many connections that ask one server for pages, one after the other:

python -m benchmarks.load ADDRESS... [--connections 200] [--seconds 60] < QUERIES

A client for each address in turn, written for little work of its own: the server and it share the
processors.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import cycle
from urllib.parse import quote_plus, urlsplit

from benchmarks.measuring import quantiles

_PATIENCE = 60
"""Seconds after which a page that has not come is an error."""


@dataclass(slots=True)
class Load:
    """The answers to one load."""

    took: list[float] = field(default_factory=list)
    """Seconds that each page took, from the request to the last byte."""
    errors: list[str] = field(default_factory=list)
    """Answers that are no page, and connections that broke."""
    seconds: float = 0.0
    """Duration."""

    def __str__(self) -> str:
        half, most = quantiles(self.took) if self.took else (0.0, 0.0)
        nearly_all = sorted(self.took)[len(self.took) * 99 // 100] if self.took else 0.0
        text = f"{len(self.took) / self.seconds:.0f} pages/s, p50 {half:.3f} s, p95 {most:.3f} s, "
        text += f"p99 {nearly_all:.3f} s, {len(self.errors)} errors"
        return f"{text} {sorted(set(self.errors))[:3]}"


def run(address: str, queries: Sequence[str], connections: int, seconds: float) -> Load:
    """Ask for pages with these queries, on some connections at a time. Return the answers.

    address: up to the path, as http://127.0.0.1:8000.
    connections: number of connections that ask at the same time.
    """
    return asyncio.run(_run(address, queries, connections, seconds))


async def _run(address: str, queries: Sequence[str], connections: int, seconds: float) -> Load:
    parts, load = urlsplit(address), Load()
    host, port = parts.hostname or "", parts.port or 80
    requests = cycle(
        [
            f"GET /search?q={quote_plus(query)} HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n".encode()
            for query in queries
        ]
    )
    begin = time.perf_counter()
    end = begin + seconds
    await asyncio.gather(*(_ask(host, port, requests, end, load) for _ in range(connections)))
    load.seconds = time.perf_counter() - begin
    return load


async def _ask(host: str, port: int, requests: Iterator[bytes], end: float, load: Load) -> None:
    """Ask on one connection until the end; a connection that the server closes is opened again."""
    streams = None
    while time.perf_counter() < end:
        begin = time.perf_counter()
        try:
            async with asyncio.timeout(_PATIENCE):
                streams = streams or await asyncio.open_connection(host, port)
                status, stays = await _exchange(*streams, next(requests))
        except (OSError, EOFError, TimeoutError, ValueError) as error:
            load.errors.append(type(error).__name__)
            stays = False
            # So that a server that refuses connections is not asked in a busy loop.
            await asyncio.sleep(0.1)
        else:
            if status == 200:
                load.took.append(time.perf_counter() - begin)
            else:
                load.errors.append(f"status {status}")
        if not stays and streams:
            streams[1].close()
            streams = None
    if streams:
        streams[1].close()


async def _exchange(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: bytes
) -> tuple[int, bool]:
    """Send a request and read the answer. Return its status, and whether the connection stays."""
    writer.write(request)
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
    headers = dict(line.split(": ", 1) for line in head.split("\r\n")[1:] if ": " in line)
    if "chunked" in headers.get("transfer-encoding", ""):
        while size := int(await reader.readuntil(b"\r\n"), 16):
            await reader.readexactly(size + 2)
        await reader.readexactly(2)
    elif "content-length" in headers:
        await reader.readexactly(int(headers["content-length"]))
    else:
        await reader.read()
        return int(head.split()[1]), False
    return int(head.split()[1]), headers.get("connection") != "close"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("address", nargs="+")
    parser.add_argument("--connections", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=60)
    options = parser.parse_args()
    queries = sys.stdin.read().splitlines()
    for address in options.address:
        load = run(address, queries, options.connections, options.seconds)
        print(f"{address}: {load}", flush=True)


if __name__ == "__main__":
    main()
