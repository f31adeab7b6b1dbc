"""The rules of robots.txt (RFC 9309), parsed by Protego."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from protego import Protego

LARGEST_ROBOTS = 512 << 10
"""Maximum number of bytes of a robots.txt that are read. The RFC asks for at least 500 KiB."""

_LONGEST_DELAY = 30.0
"""Maximum Crawl-delay that is obeyed, in seconds. With a longer delay, fetching the pages of a day
would take more than a day."""

_VERSION = re.compile(
    r"^([ \t]*user-agent[ \t]*:[ \t]*[\w-]+)/[^\s#]*", re.IGNORECASE | re.MULTILINE
)
"""A user-agent line with a version after the name. Rules apply to all versions of a robot (RFC
9309, 2.2.1), but Protego compares the version, too."""


def origin_of(url: str) -> str:
    """Return the scheme, host and port of an address, which a robots.txt applies to."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"


def address_of(origin: str) -> str:
    """Return the address of a server's robots.txt."""
    return f"{origin}/robots.txt"


def may_fetch(rules: str, url: str, agent: str) -> bool:
    """Return whether the rules allow `agent` to fetch an address."""
    return bool(_parsed(rules).can_fetch(url, agent))


def delay(rules: str, agent: str) -> float:
    """Return the pause between requests that the rules ask for, in seconds, at most
    `_LONGEST_DELAY`; 0 if they ask for none."""
    found = _parsed(rules).crawl_delay(agent)
    return min(float(found), _LONGEST_DELAY) if found else 0.0


@lru_cache(256)
def _parsed(rules: str) -> Protego:
    from protego import Protego

    return Protego.parse(_VERSION.sub(r"\1", rules))
