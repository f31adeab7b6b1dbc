"""Lines in front of saved pages: a server's answer, the address, the moment."""

from __future__ import annotations

import re
from datetime import datetime
from typing import NamedTuple

from searcher.text.dates import parse_date

_RESPONSE = re.compile(
    rb"HTTP/[\d.]{1,5} \d{3}\b[^\r\n]{0,200}\r?\n(?:[\w-]{1,100}:[^\r\n]{0,20000}\r?\n){1,200}\r?\n"
)
"""The head of a server's answer, as tools such as `curl -i` save it in front of the page. The
bounds keep the time linear."""

_STATUS = re.compile(rb"^HTTP/\S{1,5} (\d{3})")
_DATE = re.compile(rb"^date:[ \t]*([^\r\n]{1,60})", re.IGNORECASE | re.MULTILINE)
_CHARSET = re.compile(
    rb"^content-type:[^\n]{1,200}charset=[\"']?([\w.:-]{1,40})", re.IGNORECASE | re.MULTILINE
)

_WITHIN = 4000
"""Number of bytes at the beginning of a page in which its address is looked for."""
_SINGLE_FILE = re.compile(
    rb"<!--\s*Page saved with SingleFile\s+url:\s*(?P<url>\S{1,2000})\s+"
    rb"saved date:\s*(?P<date>[^\r\n(]{1,60})",
    re.IGNORECASE,
)
"""The comment of SingleFile."""
_SAVED_FROM = re.compile(
    rb"<!--\s*saved from url=\(\d{1,5}\)(?P<url>\S{1,2000})\s*-->", re.IGNORECASE
)
"""The comment of browsers."""
_SCRAPBOOK = re.compile(
    rb"<html[^>]{0,500}\sdata-scrapbook-source=[\"'](?P<url>[^\"'\s]{1,2000})[\"']"
    rb"(?:[^>]{0,500}\sdata-scrapbook-create=[\"'](?P<date>\d{14}))?",
    re.IGNORECASE,
)
"""The attributes of WebScrapBook."""


class Saved(NamedTuple):
    """How a page was saved; "" and None for what is not stated."""

    page: bytes
    """The page, without a server's answer in front."""
    status: str = ""
    """The code of the answer."""
    charset: str = ""
    """The encoding that the server stated."""
    address: str = ""
    """The address of the page."""
    seen: datetime | None = None
    """When it was fetched."""


def saved_page(data: bytes) -> Saved:
    """Return a page, and what stands in front of it or in its first lines."""
    head, page = answer_before(data)
    status, charset, date = (_first(pattern, head) for pattern in (_STATUS, _CHARSET, _DATE))
    start = page[:_WITHIN]
    matches = (pattern.search(start) for pattern in (_SINGLE_FILE, _SAVED_FROM, _SCRAPBOOK))
    found = next((match.groupdict() for match in matches if match), {})
    address = (found.get("url") or b"").decode("utf-8", "replace")
    stated = date or (found.get("date") or b"").decode("latin-1").strip()
    moment = parse_date(stated) if stated else None
    is_address = address.startswith(("http://", "https://"))
    return Saved(
        page, status, charset, address if is_address else "", moment[0] if moment else None
    )


def _first(pattern: re.Pattern[bytes], data: bytes) -> str:
    """Return the first group of a pattern's first match; "" without one."""
    match = pattern.search(data)
    return match.group(1).decode("latin-1") if match else ""


def answer_before(data: bytes) -> tuple[bytes, bytes]:
    """Return the head of the last of a server's answers, b"" without one, and the page after it.

    There are several where the server redirected.
    """
    head, at = b"", 0
    while match := _RESPONSE.match(data, at):
        head, at = match.group(), match.end()
    return head, data[at:]
