"""Addresses: one form for the same page."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl
from urllib.parse import quote
from urllib.parse import unquote
from urllib.parse import urlencode
from urllib.parse import urljoin
from urllib.parse import urlsplit
from urllib.parse import urlunsplit

_TRACKING = re.compile(
    r"utm_\w+|fbclid|gclid|dclid|msclkid|yclid|igshid|mc_[ce]id|_ga|ocid|cmpid|ns_\w+|at_(medium|campaign|custom\d)|"
    r"s?ref(_src|errer)?|partner|xtor|wt_mc|smid|spm"
)
_PORTS = {"http": 80, "https": 443}


def canonical_url(url: str, base: str = "") -> str:
    """`url` in one spelling, without fragment and tracking parameters; "" unless it is a web address.

    Raises nothing: an address that cannot be parsed is none.
    """
    try:
        return _canonical(urljoin(base, url.strip()) if base else url.strip())
    except ValueError:
        return ""


def _canonical(url: str) -> str:
    """Raises ValueError for what is no address, half a character pair included."""
    url.encode()
    parts = urlsplit(url)
    host = (parts.hostname or "").lower()
    if parts.scheme not in _PORTS or not host or any(char.isspace() for char in host):
        return ""
    if parts.port and parts.port != _PORTS[parts.scheme]:
        host = f"{host}:{parts.port}"
    kept = [(key, value) for key, value in parse_qsl(parts.query, True) if not _TRACKING.fullmatch(key.lower())]
    path = quote(unquote(parts.path), safe="/:@!$&'()*+,;=~-._") or "/"
    return urlunsplit((parts.scheme, host, path, urlencode(kept), ""))


def domain(url: str) -> str:
    """The host of an address without "www."; "" when it has none."""
    try:
        return (urlsplit(url).hostname or "").lower().removeprefix("www.")
    except ValueError:
        return ""


def is_front_page(url: str) -> bool:
    """Whether an address names a site rather than an article."""
    parts = urlsplit(url)
    return parts.path in ("", "/") and not parts.query
