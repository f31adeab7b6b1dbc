"""Addresses that may be fetched: public ones, unless private networks are allowed."""

from __future__ import annotations

import ipaddress
import queue
import socket
import threading
from urllib.parse import urlsplit

from searcher.errors import AddressRefused, FetchFailed

_NAT64 = ipaddress.ip_network("64:ff9b::/96")
"""Network of IPv6 addresses that hold an IPv4 address in their low bits (RFC 6052)."""

_RESERVED = [
    *map(
        ipaddress.IPv6Network,
        ("::/96", "::ffff:0:0:0/96", "64:ff9b:1::/48", "3fff::/20", "5f00::/16", "fec0::/10"),
    )
]
"""Networks that are not public by IANA's registry of special-purpose addresses, but are public for
`ipaddress` in some versions of Python."""

_LOW_BITS = (1 << 32) - 1

NOT_A_WEB_ADDRESS = "is no web address"
"""Reason for refusing an address that is not http or https."""

IN_PRIVATE_NETWORK = "is in a private network"
"""Reason for refusing an address that leads to a private network. Messages put the IP address
before it."""

Resolved = tuple[socket.AddressFamily, str]
"""Family and text of an IP address."""


def is_public(address: str) -> bool:
    """Return whether an IP address is public. An IPv6 address that holds an IPv4 address is public
    if that one is."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if ip in _NAT64:
            inner = ipaddress.IPv4Address(int(ip) & _LOW_BITS)
        if inner is not None:
            return is_public(str(inner))
        if any(ip in network for network in _RESERVED):
            return False
    return ip.is_global and not ip.is_multicast


def checked(url: str) -> str:
    """Return `url` if it is an http or https address in ASCII. Raises AddressRefused."""
    try:
        parts = urlsplit(url)
        sound = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
        url.encode("ascii")
    except ValueError:
        sound = False
    if not sound or any(char <= " " or char == "\x7f" for char in url):
        raise AddressRefused(url[:200], NOT_A_WEB_ADDRESS)
    return url


def resolve(url: str, host: str, port: int, allow_private: bool, seconds: float) -> list[Resolved]:
    """Return the IP addresses of a host, in the order in which to try them.

    seconds: maximum time to wait for the resolver.
    Raises FetchFailed if there are none, or the resolver does not answer in time. Raises
    AddressRefused if any of them is not public, unless `allow_private`: otherwise the owner of the
    name could choose when it leads to a private network.
    """
    try:
        found = _looked_up(host, port, seconds)
    except queue.Empty:
        raise FetchFailed(url, f"the name {host} cannot be resolved within {seconds:g} s") from None
    except (OSError, UnicodeError) as error:
        raise FetchFailed(url, f"the name {host} cannot be resolved") from error
    addresses = list(dict.fromkeys(found))
    if not allow_private:
        private = next((address for _, address in addresses if not is_public(address)), None)
        if private is not None:
            raise AddressRefused(
                url, f"{private} {IN_PRIVATE_NETWORK}; SEARCHER_ALLOW_PRIVATE=1 allows that"
            )
    return addresses


def _looked_up(host: str, port: int, seconds: float) -> list[Resolved]:
    """Return the result of socket.getaddrinfo, which may wait for minutes.

    Raises as getaddrinfo, and queue.Empty when the time is up.
    """
    answers: queue.SimpleQueue[list[Resolved] | OSError | UnicodeError] = queue.SimpleQueue()

    def ask() -> None:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            answers.put([(family, str(place[0])) for family, _, _, _, place in found])
        except (OSError, UnicodeError) as error:
            answers.put(error)

    threading.Thread(target=ask, name=f"resolve {host}", daemon=True).start()
    answer = answers.get(timeout=seconds)
    if isinstance(answer, Exception):
        raise answer
    return answer
