"""URLs: their canonical form, the key that all URLs of one page share, and the form sent to a
server."""

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

from searcher.text.tracking import is_tracking

_PORTS = {"http": 80, "https": 443}
"""Default ports by scheme. Only these schemes are web addresses."""
_MOBILE = re.compile(r"(?:www\d?|m|mobile|amp|wap|touch)\.(?=[^.]+\.)")
"""A label in front of a host that serves another form of the same page."""
_GOOGLE = re.compile(r"(?:www\.)?google\.[a-z.]{2,6}")
"""Hosts whose AMP viewer holds the URL of a page in its path."""
_DEEPEST = 3
"""Maximum number of AMP caches around a URL that are unwrapped. Each step parses the URL once more,
so a larger limit costs time on URLs made to nest."""
_AMP_CACHE = re.compile(r"[\w-]+\.cdn\.ampproject\.org")
"""Hosts that serve copies of AMP pages."""
_AMP_PATH = re.compile(
    r"/(?:amp|v|c)/(?:s/)?(?P<rest>[^/]+\.[^/]+/.*)|/amp/s/(?P<viewer>.+)", re.DOTALL
)
"""Paths of AMP caches and viewers: the part behind is the URL of the page without its scheme."""
_AMP_MARK = re.compile(r"(?<=.)/amp(?:/|\.html)?$|\.amp(?=\.html?$|$)", re.IGNORECASE)
"""The part of a path that selects the AMP form of a page."""
_AMP_PARAMETERS = re.compile(r"amp|outputtype|mobile|m|_?display")
"""Names of parameters that select the AMP or mobile form of a page, if their value is one of
_AMP_VALUES."""
_AMP_VALUES = frozenset(("", "1", "true", "amp", "mobile"))
"""Values that switch such a parameter on."""
_INDEX_PAGE = re.compile(r"/(?:index|default)\.(?:html?|php|aspx?)$", re.IGNORECASE)
"""File names that a server adds to the path of a folder."""


def canonical_url(url: str, base: str = "") -> str:
    """Return `url` in one spelling, without fragment and tracking parameters; "" unless it is a web
    address.

    Never raises.

    base: the URL that a relative `url` is resolved against.
    """
    try:
        return _canonical(urljoin(base, url.strip()) if base else url.strip())
    except ValueError:
        return ""


@lru_cache(1 << 12)
def _canonical(url: str) -> str:
    """Return `url` in one spelling. Raises ValueError if it is no URL or holds half a surrogate
    pair.

    Cached (4,096 URLs), as reading, ids and the catalogue ask for the same URL.
    """
    url.encode()
    parts = urlsplit(url)
    host = _host(parts)
    if parts.scheme not in _PORTS or not host or any(char.isspace() for char in host):
        return ""
    if parts.port and parts.port != _PORTS[parts.scheme]:
        host = f"{host}:{parts.port}"
    path = quote(unquote_to_bytes(parts.path), safe="/:@!$&'()*+,;=~-._") or "/"
    kept = (
        name + value
        for name, value in _parameters(parts.query)
        if not is_tracking(name, value[1:], path)
    )
    return urlunsplit((parts.scheme, host, path, "&".join(kept), ""))


def _host(parts: SplitResult) -> str:
    """Return the host of a URL in lower case, internationalised names in their ASCII form.

    Raises ValueError if the host cannot be encoded, or one of its labels is empty.
    """
    host = _ascii_host((parts.hostname or "").lower())
    if host and "" in host.removesuffix(".").split("."):
        raise ValueError("a label of the host is empty")
    return f"[{host}]" if ":" in host else host


def _ascii_host(host: str) -> str:
    """Return a host in its ASCII form. Raises ValueError if it has none."""
    if host.isascii():
        return host
    import idna

    # The standard library has IDNA 2003, which maps "straße.de" to another owner's host. Some
    # registered hosts are valid in IDNA 2003 only, so it is the second choice.
    try:
        return idna.encode(host, uts46=True).decode()
    except idna.IDNAError:
        return host.encode("idna").decode()


def _parameters(query: str) -> Iterator[tuple[str, str]]:
    """Yield the parameters of a query, each as its name and the rest with its "=".

    Percent-encoded bytes need not be UTF-8, so they are kept as bytes.
    """
    for parameter in query.split("&"):
        name, equals, value = parameter.partition("=")
        if parameter:
            yield _requoted(name), equals + _requoted(value)


def _requoted(text: str) -> str:
    return quote_plus(unquote_to_bytes(text.replace("+", " ")))


def domain(url: str) -> str:
    """Return the host of a URL without "www."; "" if it has none."""
    try:
        return (urlsplit(url).hostname or "").lower().removeprefix("www.")
    except ValueError:
        return ""


def is_front_page(url: str) -> bool:
    """Return whether a URL is that of a site and not of one of its pages."""
    parts = urlsplit(url)
    return parts.path in ("", "/") and not parts.query


@lru_cache(1 << 12)
def address_key(url: str) -> str:
    """Return the part that all URLs of one page share; "" unless `url` is a web address.

    The key has no scheme, no "www." and no host label of mobile and AMP variants, no AMP marks in
    path and query, no AMP cache, no slash at the end, and nothing that `canonical_url` drops. Its
    parameters are sorted. Article ids are made of keys. Cached (4,096 URLs).
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
    """Return the URL of the page inside the URL of an AMP cache or viewer; "" for other URLs."""
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
    """Return whether a parameter selects the AMP or mobile form of a page."""
    return bool(_AMP_PARAMETERS.fullmatch(name.lower())) and value[1:].lower() in _AMP_VALUES


def is_same_site(one: str, other: str) -> bool:
    """Return whether two URLs belong to one publisher, as far as their hosts say.

    They do if they share a registered domain: one label below the public suffix.
    """
    hosts = [domain(one), domain(other)]
    if not all(hosts):
        return False
    return _registered(hosts[0]) == _registered(hosts[1])


def site_label(url: str) -> str:
    """Return the name that a URL's host has below its public suffix: "gazette" of
    "https://www.gazette.co.uk/"; "" if it has no host."""
    return _registered(domain(url)).partition(".")[0] if domain(url) else ""


@lru_cache(1 << 10)
def _registered(host: str) -> str:
    """Return the registered domain of a host, or the host itself if its suffix is unknown. Cached
    (1,024 hosts)."""
    from tld import get_tld

    found = get_tld(host, fix_protocol=True, fail_silently=True, as_object=True)
    return host if found is None or isinstance(found, str) else str(found.fld)


def shown_url(url: str) -> str:
    """Return `url` with its password replaced by "…"."""
    user, at, _ = urlsplit(url).netloc.rpartition("@")
    name, colon, _ = user.partition(":")
    return url.replace(f"{user}@", f"{name}:…@", 1) if at and colon else url


def web_url(url: str) -> str:
    """Return `url` if its scheme is http or https, else "". Addresses of some other schemes are
    scripts, which links must not run."""
    return url if url.startswith(("http://", "https://")) else ""


def bare_url(url: str) -> str:
    """Return `url` without user name and password."""
    parts = urlsplit(url)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()


def feed_url(url: str) -> str:
    """Return the URL of a feed as typed by a person; "" unless it is a web address.

    It may lack a scheme, or have "feed:" instead of one or in front of one.
    """
    url = url.strip()
    if url[:5].lower() == "feed:":
        url = url[5:].removeprefix("//")
        url = url if "://" in url else f"http://{url}"
    return sendable_url(url if "://" in url else f"https://{url}")


def with_credentials(url: str, other: str) -> str:
    """Return `url` with the user name and password of `other`, if they may be sent there.

    They may if `url` has none of its own and both URLs have the same host and port, or `url` is the
    https form of `other`.
    """
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
    """Return `url` as it is sent to a server: ASCII, without fragment; "" unless it is a web
    address.

    base: the URL that a relative `url` is resolved against.
    """
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
