"""Settings: the option, else the environment, else the default."""

from __future__ import annotations

import math
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

_SIZE = re.compile(r"(\d{1,15})\s*([KMG]?)B?", re.IGNORECASE)
_LEAST_MEMORY = 96 << 20
_MOST_JOBS = 64
_LONGEST_PAUSE = 3600
FEED_STATE = ".feeds.sqlite"


def _processors() -> int:
    """The processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@dataclass(frozen=True, slots=True)
class Settings:
    """Where things are and how much a request may cost.

    index: the index folder. raw: the folder of articles as they came. time_budget: seconds that one
    query may take before its result is cut short. lock_wait: seconds that a writer waits for
    another one. max_file_bytes: a file that has to be read whole may be this large after
    decompression. half_life: days in which being new comes to count half as much for relevance.
    jobs: processes that indexing is spread over. memory: bytes that writing an index may take.
    feeds: the file with the state of the feeds, if it is not in raw. pause: seconds between two
    requests to one host. agent: how fetching names itself, "" for its own name. allow_private:
    whether addresses in private networks are fetched from.
    """

    index: Path = Path("index")
    raw: Path = Path("raw")
    host: str = "127.0.0.1"
    port: int = 8000
    time_budget: float = 2.0
    lock_wait: float = 10.0
    half_life: float = 30.0
    max_file_bytes: int = 64 << 20
    jobs: int = 1
    memory: int = 256 << 20
    feeds: Path | None = None
    pause: float = 1.0
    agent: str = ""
    allow_private: bool = False

    @property
    def feed_state(self) -> Path:
        """The file with the state of the feeds."""
        return self.feeds or self.raw / FEED_STATE

    @classmethod
    def load(cls, environ: Mapping[str, str] = os.environ, /, **options: str | None) -> Settings:
        """The settings of the environment; `index`, `raw`, `jobs` and `memory` override it. Raises
        ValueError."""
        defaults = cls()

        def given(name: str) -> str | None:
            return options.get(name) or environ.get(f"SEARCHER_{name.upper()}") or None

        jobs, memory, half_life, pause = (
            given("jobs"),
            given("memory"),
            given("half_life"),
            given("pause"),
        )
        feeds = given("feeds")
        return cls(
            index=Path(given("index") or defaults.index),
            raw=Path(given("raw") or defaults.raw),
            jobs=_jobs(jobs) if jobs else _processors(),
            memory=_bytes(memory) if memory else defaults.memory,
            half_life=_days(half_life) if half_life else defaults.half_life,
            feeds=Path(feeds) if feeds else None,
            pause=_seconds(pause) if pause else defaults.pause,
            agent=_agent(given("agent") or ""),
            allow_private=given("allow_private") == "1",
        )

    def served(self, environ: Mapping[str, str] = os.environ) -> Settings:
        """These settings with HOST and PORT from the environment. Raises ValueError for a bad
        PORT."""
        port = environ.get("PORT") or str(self.port)
        if not port.isdecimal() or not 0 < int(port) < 65536:
            raise ValueError(f"PORT must be a number from 1 to 65535, not {port!r}")
        return replace(self, host=environ.get("HOST") or self.host, port=int(port))


def _jobs(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,4}", text) or not 0 < int(text) <= _MOST_JOBS:
        raise ValueError(f"the number of jobs must be from 1 to {_MOST_JOBS}, not {text!r}")
    return int(text)


def _days(text: str) -> float:
    try:
        days = float(text)
    except ValueError:
        days = 0.0
    if not 0 < days < math.inf:
        raise ValueError(f"SEARCHER_HALF_LIFE must be a number of days above 0, not {text!r}")
    return days


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds <= _LONGEST_PAUSE:
        raise ValueError(
            f"SEARCHER_PAUSE must be a number of seconds from 0 to {_LONGEST_PAUSE}, not {text!r}"
        )
    return seconds


def _agent(text: str) -> str:
    if not text.isascii() or not text.isprintable():
        raise ValueError(f"SEARCHER_AGENT must be printable ASCII, not {text!r}")
    return text


def _bytes(text: str) -> int:
    found = _SIZE.fullmatch(text.strip())
    size = int(found[1]) << {"": 0, "K": 10, "M": 20, "G": 30}[found[2].upper()] if found else 0
    if size < _LEAST_MEMORY:
        raise ValueError(
            f"memory must be a number of bytes like 512M, at least {_LEAST_MEMORY >> 20}M, not "
            f"{text!r}"
        )
    return size
