"""Access to the operator's page: its clients, and forms that were sent from it."""

from __future__ import annotations

import hmac
import ipaddress
import secrets

from flask import Flask, current_app, request

_FORWARDED = ("X-Forwarded-For", "X-Real-IP", "Forwarded")
"""Headers by which a proxy says for whom it asks."""


def install(app: Flask, host: str, token: str) -> None:
    """Set who may see the page.

    host: the address that the server listens on. token: the password of the page, or "".
    """
    app.extensions["operator_token"] = token
    app.extensions["operator_local"] = _is_loopback(host)
    # The workers are forked from this process, so all know it.
    app.extensions["form_key"] = secrets.token_bytes(32)


def is_offered() -> bool:
    """Return whether this server has an operator's page for the client of the request."""
    return bool(current_app.extensions["operator_token"]) or _is_local()


def is_allowed() -> bool:
    """Return whether the client may see the page: it knows the token or, if there is none, asks
    from this machine."""
    token: str = current_app.extensions["operator_token"]
    if not token:
        return _is_local()
    given = request.authorization
    password = (given.password or "") if given and given.type == "basic" else ""
    return hmac.compare_digest(password.encode(), token.encode())


def form_token() -> str:
    """Return the value that a form of the page holds. Another site cannot read it."""
    key: bytes = current_app.extensions["form_key"]
    return hmac.digest(key, b"operator", "sha256").hex()


def is_own_form() -> bool:
    """Return whether the form of this request is one of ours."""
    site = request.headers.get("Sec-Fetch-Site", "same-origin")
    given = request.form.get("form", "")
    return site == "same-origin" and hmac.compare_digest(given.encode(), form_token().encode())


def _is_local() -> bool:
    """Return whether the server listens on this machine alone, and the client is on it, too.

    A name of another site that leads to this machine is refused, as are clients behind a proxy.
    """
    return (
        bool(current_app.extensions["operator_local"])
        and _is_loopback(request.remote_addr or "")
        and _is_loopback(request.host.rpartition(":")[0] or request.host)
        and not any(name in request.headers for name in _FORWARDED)
    )


def _is_loopback(host: str) -> bool:
    name = host.strip("[]")
    if name == "localhost":
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False
