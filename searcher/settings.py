"""The settings: one declaration each, with its environment variable, default and meaning.

A value comes from an option of the command line, else from the environment, else from the file that
SEARCHER_CONFIG names, else from the default.
"""

from __future__ import annotations

import math
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from searcher.settings_file import check_names, read_file

_Value = TypeVar("_Value")
_SIZE = re.compile(r"(\d{1,15})\s*([KMG]?)B?", re.IGNORECASE)
_SHIFTS = {"": 0, "K": 10, "M": 20, "G": 30}
_ORIGIN = re.compile(r"https?://[^/\s?#]+")
_NODE = re.compile(r"https?://([^/\s:@]+@)?([^/\s:@\[]+|\[[0-9a-f:]+\])(:[0-9]+)?(/[a-z0-9-]*)?")
_WHOLE = re.compile(r"[0-9]{1,9}")
_SWITCHES = {"1": True, "on": True, "0": False, "off": False}

LEAST_MEMORY = 96 << 20
"""Minimum memory for writing, in bytes. With less, a writer cannot keep to the limit while it
writes and merges segments."""
MOST_JOBS = 64
"""Maximum number of processes. Each takes its share of the memory, so more would flush earlier."""
MOST_WORKERS = 64
"""Maximum number of processes of a server."""
_USUAL_WORKERS = 8
"""Maximum number of processes of a server unless a setting names another: each takes 100 MB or
more beside the index."""
_MOST_THREADS = 64
"""Maximum number of threads of a server's process. They compete for one Python lock."""
_LONGEST_PAUSE = 3600
"""Maximum pause between two requests to one host, in seconds. Larger values are probably
milliseconds by mistake."""
_PREFIX = "SEARCHER_"
"""Beginning of the names of variables that are ours."""
ENGINES = ("whoosh", "opensearch")
"""Names of the engines: the index is a folder of this machine, or in a cluster."""
_MOST_SHARDS = 1024
"""Maximum number of parts of an index in a cluster: the cluster's own bound."""
_MOST_REPLICAS = 9
"""Maximum number of further copies of each part."""
_SECRET = ("token", "opensearch", "opensearch_password")
"""Settings whose values are in no message. The address of a cluster may have a password by
mistake."""
_SHORTEST_TOKEN = 16
"""Minimum length of a token. Shorter ones can be guessed."""
_MOST_PROXIES = 5
"""Maximum number of proxies one behind the other."""
FEED_STATE = ".feeds.sqlite"
"""Name of the file with the state of the feeds, in the raw folder unless a setting names another
file."""


class Setting(NamedTuple):
    """The declaration of a setting."""

    name: str
    """Name of the field of `Settings`, and of the option where a command has one."""
    variable: str
    """Environment variable; "" for a setting that only the library can change."""
    default: str
    """Default, as the documentation and the command's help show it."""
    unit: str
    """Unit or form of the value."""
    meaning: str
    """One sentence for the documentation and the command's help, without a full stop."""
    read: Callable[[str], Any]
    """Parser of the value; raises ValueError with the form that was expected."""


def _number(kind: type[int] | type[float], least: float, most: float) -> Callable[[str], Any]:
    """Return a parser of numbers from `least` to `most`; without an upper bound, of those above
    `least`."""
    noun = "a whole number" if kind is int else "a number"
    bounded = most < math.inf
    form = f"{noun} from {least} to {most}" if bounded else f"{noun} above {least}"

    def read(text: str) -> float:
        try:
            number = kind(text) if kind is float or _WHOLE.fullmatch(text) else math.nan
        except ValueError:
            number = math.nan
        if not (least <= number <= most if bounded else least < number < most):
            raise ValueError(form)
        return number

    return read


def _bytes(text: str) -> int:
    found = _SIZE.fullmatch(text.strip())
    size = int(found[1]) << _SHIFTS[found[2].upper()] if found else 0
    if size < LEAST_MEMORY:
        raise ValueError(f"a number of bytes like 512M, at least {LEAST_MEMORY >> 20}M")
    return size


def _ascii(text: str) -> str:
    if not text.isascii() or not text.isprintable():
        raise ValueError("printable ASCII")
    return text


def _token(text: str) -> str:
    if len(_ascii(text)) < _SHORTEST_TOKEN:
        raise ValueError(f"at least {_SHORTEST_TOKEN} characters of printable ASCII")
    return text


def _switch(text: str) -> bool:
    if text.lower() not in _SWITCHES:
        raise ValueError("1 or 0")
    return _SWITCHES[text.lower()]


def _engine(text: str) -> str:
    if text not in ENGINES:
        raise ValueError(" or ".join(ENGINES))
    return text


def _nodes(text: str) -> str:
    if not all(map(_NODE.fullmatch, text.split())):
        raise ValueError(
            "addresses such as https://user@host:9200, without a password, which is a setting of "
            "its own; a path is the beginning of the names of its indices, in lower case"
        )
    return text


def _origins(text: str) -> tuple[str, ...]:
    found = tuple(text.split())
    if not all(one == "*" or _ORIGIN.fullmatch(one) for one in found):
        raise ValueError("origins such as https://tools.example.org, or *")
    return found


def _setting(
    default: _Value,
    meaning: str,
    *,
    variable: str = "",
    unit: str = "",
    shown: str = "",
    read: Callable[[str], Any] = str,
) -> _Value:
    """Declare a field of `Settings`. shown: the default as documented, if `default` says too
    little."""
    declared = {
        "variable": variable,
        "default": shown or str(default),
        "unit": unit,
        "meaning": meaning,
        "read": read,
    }
    return field(default=default, metadata=declared)


def _processors() -> int:
    """Return the number of processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@dataclass(frozen=True, slots=True)
class Settings:
    """The paths and limits of one installation.

    The meaning of each field is in its declaration. `DECLARED` lists the declarations; the table in
    docs/running.md shows them.
    """

    index: Path = _setting(
        Path("index"),
        "folder of the index",
        variable="SEARCHER_INDEX",
        unit="folder",
        read=Path,
    )
    raw: Path = _setting(
        Path("raw"),
        "folder of the raw files: articles as they were published",
        variable="SEARCHER_RAW",
        unit="folder",
        read=Path,
    )
    config: Path | None = _setting(
        None,
        "TOML file with settings by their names, such as port = 8000",
        variable="SEARCHER_CONFIG",
        unit="file",
        shown="none",
        read=Path,
    )
    host: str = _setting(
        "127.0.0.1",
        "address that “searcher serve” listens on",
        variable="HOST",
        unit="host",
    )
    port: int = _setting(
        8000,
        "port that “searcher serve” listens on",
        variable="PORT",
        unit="1 to 65535",
        read=_number(int, 1, 65_535),
    )
    workers: int = _setting(
        1,
        "processes that “searcher serve” answers requests with",
        variable="SEARCHER_WORKERS",
        unit=f"1 to {MOST_WORKERS}",
        shown=f"one for each processor, at most {_USUAL_WORKERS}",
        read=_number(int, 1, MOST_WORKERS),
    )
    threads: int = _setting(
        4,
        "threads of each of these processes",
        variable="SEARCHER_THREADS",
        unit=f"1 to {_MOST_THREADS}",
        read=_number(int, 1, _MOST_THREADS),
    )
    time_budget: float = _setting(
        2.0, "time that one search may take before its result is cut short", unit="seconds"
    )
    lock_wait: float = _setting(10.0, "time that a writer waits for another writer", unit="seconds")
    half_life: float = _setting(
        30.0,
        "age at which an article gains half as much for being recent",
        variable="SEARCHER_HALF_LIFE",
        unit="days",
        shown="30",
        read=_number(float, 0, math.inf),
    )
    max_file_bytes: int = _setting(
        64 << 20,
        "largest file that is read whole, after decompression",
        unit="bytes",
        shown="64M",
    )
    jobs: int = _setting(
        1,
        "processes that indexing uses",
        variable="SEARCHER_JOBS",
        unit=f"1 to {MOST_JOBS}",
        shown="one for each processor",
        read=_number(int, 1, MOST_JOBS),
    )
    memory: int = _setting(
        256 << 20,
        "memory for writing the index, in all processes together",
        variable="SEARCHER_MEMORY",
        unit=f"bytes, with K, M or G; at least {LEAST_MEMORY >> 20}M",
        shown="256M",
        read=_bytes,
    )
    feeds: Path | None = _setting(
        None,
        "file with subscriptions, their state and alerts",
        variable="SEARCHER_FEEDS",
        unit="file",
        shown=f"{FEED_STATE} in the raw folder",
        read=Path,
    )
    pause: float = _setting(
        1.0,
        "pause between two requests to one host",
        variable="SEARCHER_PAUSE",
        unit=f"seconds, 0 to {_LONGEST_PAUSE}",
        shown="1",
        read=_number(float, 0, _LONGEST_PAUSE),
    )
    agent: str = _setting(
        "",
        "name sent as User-Agent and looked up in robots.txt",
        variable="SEARCHER_AGENT",
        unit="printable ASCII",
        shown="news-searcher/VERSION",
        read=_ascii,
    )
    allow_private: bool = _setting(
        False,
        "whether addresses in private and local networks are fetched",
        variable="SEARCHER_ALLOW_PRIVATE",
        unit="1 or 0",
        shown="0",
        read=_switch,
    )
    remember_queries: bool = _setting(
        True,
        "whether a server keeps queries in memory and suggests those that were asked twice",
        variable="SEARCHER_REMEMBER_QUERIES",
        unit="1 or 0",
        shown="1",
        read=_switch,
    )
    origins: tuple[str, ...] = _setting(
        (),
        "origins whose pages may read the API in browsers, such as https://tools.example.org; * is "
        "every one",
        variable="SEARCHER_ORIGINS",
        unit="origins, separated by spaces",
        shown="none",
        read=_origins,
    )
    token: str = _setting(
        "",
        "password of the operator's page, which else is only there for this machine",
        variable="SEARCHER_TOKEN",
        unit="at least 16 characters",
        shown="none",
        read=_token,
    )
    proxies: int = _setting(
        0,
        "proxies in front of the server, whose X-Forwarded headers are believed",
        variable="SEARCHER_PROXIES",
        unit=f"0 to {_MOST_PROXIES}",
        read=_number(int, 0, _MOST_PROXIES),
    )
    stories: bool = _setting(
        True,
        "whether indexing finds copies and stories",
        variable="SEARCHER_STORIES",
        unit="0, 1, on or off",
        shown="1",
        read=_switch,
    )

    engine: str = _setting(
        "whoosh",
        "engine: whoosh has the index in its folder, opensearch in a cluster",
        variable="SEARCHER_ENGINE",
        unit=" or ".join(ENGINES),
        read=_engine,
    )
    opensearch: str = _setting(
        "",
        "addresses of the cluster's nodes, with the user but not the password: "
        "https://user@host:9200/prefix",
        variable="SEARCHER_OPENSEARCH",
        unit="addresses, separated by spaces",
        shown="none",
        read=_nodes,
    )
    opensearch_password: str = _setting(
        "",
        "password of that user",
        variable="SEARCHER_OPENSEARCH_PASSWORD",
        unit="text",
        shown="none",
    )
    opensearch_ca: Path | None = _setting(
        None,
        "certificates that the cluster's one is verified by",
        variable="SEARCHER_OPENSEARCH_CA",
        unit="file",
        shown="those of the system",
        read=Path,
    )
    opensearch_shards: int = _setting(
        3,
        "parts of a new index in a cluster",
        variable="SEARCHER_OPENSEARCH_SHARDS",
        unit=f"1 to {_MOST_SHARDS}",
        read=_number(int, 1, _MOST_SHARDS),
    )
    opensearch_replicas: int = _setting(
        1,
        "further copies of each part of a new index in a cluster",
        variable="SEARCHER_OPENSEARCH_REPLICAS",
        unit=f"0 to {_MOST_REPLICAS}",
        read=_number(int, 0, _MOST_REPLICAS),
    )

    @property
    def feed_state(self) -> Path:
        """The file with the state of the feeds."""
        return self.feeds or self.raw / FEED_STATE

    @classmethod
    def load(cls, environ: Mapping[str, str] = os.environ, /, **options: str | None) -> Settings:
        """Return the settings of `options`, the environment and its file, without those of a
        server.

        options: values by the setting's name, as typed; None and "" mean not given. Raises
        ValueError, also for a variable SEARCHER_… that is no setting.
        """
        check_names(environ, [one.variable for one in DECLARED], _PREFIX)
        file = _File.of(environ)
        given: dict[str, Any] = {"jobs": _processors()}
        for one in DECLARED:
            if one.variable and one.name not in _SERVING:
                given |= _read(one, environ, file, options.get(one.name))
        if given.get("engine") == "opensearch" and not given.get("opensearch"):
            raise ValueError("SEARCHER_ENGINE=opensearch needs SEARCHER_OPENSEARCH, its addresses")
        return cls(**given)

    def served(self, environ: Mapping[str, str] = os.environ, /, **options: str | None) -> Settings:
        """Return these settings with those of a server. Raises ValueError."""
        file = _File.of(environ)
        given: dict[str, Any] = {"workers": min(_processors(), _USUAL_WORKERS)}
        for one in DECLARED:
            if one.name in _SERVING:
                given |= _read(one, environ, file, options.get(one.name))
        return replace(self, **given)


class _File(NamedTuple):
    """The file of settings."""

    path: str
    """Its path; "" if there is none."""
    values: Mapping[str, str]
    """Its values by the names of settings."""

    @classmethod
    def of(cls, environ: Mapping[str, str]) -> _File:
        """Return the file that the environment names. Raises ValueError."""
        path = environ.get(declared("config").variable, "")
        known = [one.name for one in DECLARED if one.variable and one.name != "config"]
        return cls(path, read_file(Path(path), known) if path else {})


def _read(
    setting: Setting, environ: Mapping[str, str], file: _File, option: str | None
) -> dict[str, Any]:
    """Return the value of a setting under its name; empty if it is not given. Raises ValueError."""
    found = (
        (option, f"--{setting.name}"),
        (environ.get(setting.variable), setting.variable),
        (file.values.get(setting.name), f"{setting.name} in {file.path}"),
    )
    text, source = next((one for one in found if one[0]), ("", ""))
    if not text:
        return {}
    try:
        return {setting.name: setting.read(text)}
    except ValueError as error:
        given = "" if setting.name in _SECRET else f", not {text!r}"
        raise ValueError(f"{source} must be {error}{given}") from None


DECLARED = tuple(Setting(one.name, **one.metadata) for one in fields(Settings))
"""The declarations of all settings, in the order of the fields."""

_SERVING = ("host", "port", "workers", "threads")
"""Settings that only “searcher serve” reads, so that a wrong PORT stops no other command."""


def declared(name: str) -> Setting:
    """Return the declaration of the setting with this name. Raises KeyError."""
    return {one.name: one for one in DECLARED}[name]
