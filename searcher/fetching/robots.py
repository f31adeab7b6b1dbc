"""robots.txt (RFC 9309), read by Protego."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from protego import Protego

LARGEST = 512 << 10
"""Bytes of robots.txt that are read, as the RFC asks for at least 500 KiB."""
_LONGEST_DELAY = 30.0
_VERSION = re.compile(
    r"^([ \t]*user-agent[ \t]*:[ \t]*[\w-]+)/[^\s#]*", re.IGNORECASE | re.MULTILINE
)
"""What stands after the name of a robot; its rules are for all versions (RFC 9309, 2.2.1: the
product token)."""


def origin_of(url: str) -> str:
    """What a robots.txt is about: scheme, host and port of an address."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"


def address_of(origin: str) -> str:
    return f"{origin}/robots.txt"


def may_fetch(rules: str, url: str, agent: str) -> bool:
    """Whether these rules let `agent` fetch an address."""
    return bool(_parsed(rules).can_fetch(url, agent))


def delay(rules: str, agent: str) -> float:
    """Seconds between requests that the rules ask for; not more than half a minute."""
    found = _parsed(rules).crawl_delay(agent)
    return min(float(found), _LONGEST_DELAY) if found else 0.0


@lru_cache(256)
def _parsed(rules: str) -> Protego:
    from protego import Protego

    return Protego.parse(_VERSION.sub(r"\1", rules))
