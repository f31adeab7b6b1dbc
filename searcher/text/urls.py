"""Addresses: one form for the same page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from urllib.parse import (
    SplitResult,
    quote,
    quote_plus,
    unquote_to_bytes,
    urljoin,
    urlsplit,
    urlunsplit,
)

_TRACKING = re.compile(
    r"utm_\w+|fbclid|gclid|dclid|msclkid|yclid|igshid|mc_[ce]id|_ga|ocid|cmpid|ns_\w+|at_(medium|campaign|custom\d)|"
    r"s?ref(_src|errer)?|partner|xtor|wt_mc|smid|spm|usqp|amp_(js_v|gsa|ct|latest_update_time)"
)
_MAYBE_TRACKING = re.compile(r"s?ref")
_SCRIPT = re.compile(r"/|.*\.(?:php\d?|aspx?|jspx?|cgi|pl|dll)", re.IGNORECASE | re.DOTALL)
_PORTS = {"http": 80, "https": 443}
_MOBILE = re.compile(r"(?:www\d?|m|mobile|amp|wap|touch)\.(?=[^.]+\.)")
_GOOGLE = re.compile(r"(?:www\.)?google\.[a-z.]{2,6}")
_DEEPEST = 3
"""Addresses that are looked for within one another."""
_AMP_CACHE = re.compile(r"[\w-]+\.cdn\.ampproject\.org")
_AMP_PATH = re.compile(
    r"/(?:amp|v|c)/(?:s/)?(?P<rest>[^/]+\.[^/]+/.*)|/amp/s/(?P<viewer>.+)", re.DOTALL
)
_AMP_MARK = re.compile(r"(?<=.)/amp(?:/|\.html)?$|\.amp(?=\.html?$|$)", re.IGNORECASE)
_AMP_PARAMETERS = re.compile(r"amp|outputtype|mobile|m|_?display")
_AMP_VALUES = frozenset(("", "1", "true", "amp", "mobile"))
_INDEX_PAGE = re.compile(r"/(?:index|default)\.(?:html?|php|aspx?)$", re.IGNORECASE)


def canonical_url(url: str, base: str = "") -> str:
    """`url` in one spelling, without fragment and tracking parameters; "" unless it is a web
    address.

    Raises nothing: an address that cannot be parsed is none.
    """
    try:
        return _canonical(urljoin(base, url.strip()) if base else url.strip())
    except ValueError:
        return ""


@lru_cache(1 << 12)
def _canonical(url: str) -> str:
    """Raises ValueError for what is no address, half a character pair included."""
    url.encode()
    parts = urlsplit(url)
    host = _host(parts)
    if parts.scheme not in _PORTS or not host or any(char.isspace() for char in host):
        return ""
    if parts.port and parts.port != _PORTS[parts.scheme]:
        host = f"{host}:{parts.port}"
    path = quote(unquote_to_bytes(parts.path), safe="/:@!$&'()*+,;=~-._") or "/"
    kept = (pair for pair in _parameters(parts.query) if not _is_tracking(*pair, path))
    return urlunsplit((parts.scheme, host, path, "&".join("".join(pair) for pair in kept), ""))


def _host(parts: SplitResult) -> str:
    """The host in an address, in small letters, names in other scripts as they are looked up.
    Raises ValueError."""
    host = (parts.hostname or "").lower()
    if not host.isascii():
        import idna

        # What the standard library knows is the IDNA of 2003, by which "straße.de" is a host of
        # someone else; but there are hosts that only that one allows, and which are looked up all
        # the same.
        try:
            return idna.encode(host, uts46=True).decode()
        except idna.IDNAError:
            return host.encode("idna").decode()
    return f"[{host}]" if ":" in host else host


def _parameters(query: str) -> Iterator[tuple[str, str]]:
    """The parameters of a query, each as its name and the rest, with its "=". What is
    percent-encoded in them need not be UTF-8: its bytes stay as they are."""
    for parameter in query.split("&"):
        name, equals, value = parameter.partition("=")
        if parameter:
            yield _requoted(name), equals + _requoted(value)


def _requoted(text: str) -> str:
    return quote_plus(unquote_to_bytes(text.replace("+", " ")))


def _is_tracking(name: str, value: str, path: str) -> bool:
    """Whether a parameter says how a reader came rather than what to show. A number after "ref" may
    be all that tells the pages of a script apart."""
    name = name.lower()
    if _MAYBE_TRACKING.fullmatch(name) and value[1:].isdecimal() and _SCRIPT.fullmatch(path):
        return False
    return bool(_TRACKING.fullmatch(name))


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


@lru_cache(1 << 12)
def address_key(url: str) -> str:
    """What the addresses of one page have in common, however it is delivered; "" unless `url` is a
    web address.

    Left out are the scheme, "www." and the hosts of mobile and AMP variants, the marks of AMP in
    path and query, the caches of AMP pages, a slash at the end, and what `canonical_url` leaves
    out. Parameters are sorted.
    """
    url = canonical_url(url)
    if not url:
        return ""
    for _ in range(_DEEPEST):
        inner = canonical_url(_in_cache(urlsplit(url)))
        if not inner:
            break
        url = inner
    parts = urlsplit(url)
    host, path = parts.netloc, parts.path
    while (shorter := _MOBILE.sub("", host, count=1)) != host and _MOBILE.match(host):
        host = shorter
    path = _INDEX_PAGE.sub("", _AMP_MARK.sub("", path.rstrip("/"))).rstrip("/")
    path = re.sub(r"^/amp(?=/.)", "", path, flags=re.IGNORECASE)
    query = sorted(
        (name, value or "=") for name, value in _parameters(parts.query) if not _is_amp(name, value)
    )
    return f"{host}{path}{'?' + '&'.join(''.join(pair) for pair in query) if query else ''}"


def _in_cache(parts: SplitResult) -> str:
    """The address of the page that an address of a cache of AMP pages holds; "" for others."""
    if not _AMP_CACHE.fullmatch(parts.netloc) and not _GOOGLE.fullmatch(parts.netloc):
        return ""
    inner = _AMP_PATH.fullmatch(parts.path)
    held = (inner["rest"] or inner["viewer"]) if inner else ""
    return (
        f"https://{held}{'?' + parts.query if parts.query else ''}"
        if "." in held.partition("/")[0]
        else ""
    )


def _is_amp(name: str, value: str) -> bool:
    """Whether a parameter asks for the AMP or mobile form of a page."""
    return bool(_AMP_PARAMETERS.fullmatch(name.lower())) and value[1:].lower() in _AMP_VALUES


def is_same_site(one: str, other: str) -> bool:
    """Whether two addresses are of one publisher, as far as their hosts tell: one host is in the
    other's domain, or both are in one that is not a public suffix."""
    hosts = [domain(one), domain(other)]
    if not all(hosts):
        return False
    return _registered(hosts[0]) == _registered(hosts[1])


@lru_cache(1 << 10)
def _registered(host: str) -> str:
    from tld import get_tld

    found = get_tld(host, fix_protocol=True, fail_silently=True, as_object=True)
    return host if found is None or isinstance(found, str) else str(found.fld)


def shown_url(url: str) -> str:
    """An address without the password that it may hold."""
    user, at, _ = urlsplit(url).netloc.rpartition("@")
    name, colon, _ = user.partition(":")
    return url.replace(f"{user}@", f"{name}:…@", 1) if at and colon else url


def bare_url(url: str) -> str:
    """An address without name and password."""
    parts = urlsplit(url)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()


def feed_url(url: str) -> str:
    """The address of a feed as people and programs hand it on: without a scheme, or with "feed:"
    for one. "" unless it is a web address."""
    url = url.strip()
    if url[:5].lower() == "feed:":
        url = url[5:].removeprefix("//")
        url = url if "://" in url else f"http://{url}"
    return sendable_url(url if "://" in url else f"https://{url}")


def with_credentials(url: str, other: str) -> str:
    """`url` with the name and password in `other`, if both are of one server, or it is the secured
    form of that one, and it has none of its own."""
    parts, known = urlsplit(url), urlsplit(other)
    user, at, _ = known.netloc.rpartition("@")
    place, known_place = (
        (one.scheme, one.port or _PORTS.get(one.scheme)) for one in (parts, known)
    )
    is_secured = (known_place, place) == (("http", 80), ("https", 443))
    same = parts.hostname == known.hostname and (place == known_place or is_secured)
    return (
        parts._replace(netloc=f"{user}@{parts.netloc}").geturl()
        if at and same and "@" not in parts.netloc
        else url
    )


def sendable_url(url: str, base: str = "") -> str:
    """An address as it is sent to a server: in ASCII and without fragment; "" unless it is a web
    address."""
    try:
        parts = urlsplit(urljoin(base, url.strip()) if base else url.strip())
        host = _host(parts)
        if parts.scheme not in _PORTS or not host.encode("idna") or parts.port == 0:
            return ""
        user = f"{parts.netloc.rpartition('@')[0]}@" if "@" in parts.netloc else ""
        netloc = f"{user}{host}{f':{parts.port}' if parts.port else ''}"
        path, query = (
            quote(part, safe="/:@!$&'()*+,;=~-._%?") for part in (parts.path or "/", parts.query)
        )
        return urlunsplit((parts.scheme, netloc, path, query, ""))
    except ValueError:
        return ""
