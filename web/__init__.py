"""The search page and its API, as a Flask application."""

from __future__ import annotations

import logging
from collections.abc import Callable

from flask import Flask, Response

from searcher import open_search
from searcher.search.service import SearchService
from searcher.settings import Settings

_POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "img-src 'self'",
        "script-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
_THREADS = 8


def create_app(settings: Settings | None = None, service: SearchService | None = None) -> Flask:
    """The application for the index that `settings` name, or for a service already made."""
    from web import alerts, api, metrics, pages

    app = Flask(__name__)
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    settings = settings or Settings.load()
    app.extensions["search"] = service or open_search(settings=settings)
    app.extensions["feed_state"] = settings.feed_state
    app.extensions["metrics"] = metrics.Metrics(app.extensions["search"], settings.feed_state)
    for blueprint in (pages.blueprint, alerts.blueprint, api.blueprint, metrics.blueprint):
        app.register_blueprint(blueprint)
    app.after_request(_secured)
    return app


def _secured(response: Response) -> Response:
    """Nothing but our own style sheet, script and images is loaded, whatever an article says."""
    response.headers["Content-Security-Policy"] = _POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    return response


def serve(settings: Settings, ready: Callable[[], None]) -> None:
    """Serves until interrupted, calling `ready` once it listens.

    Raises OSError or ValueError when the address cannot be used.
    """
    import waitress

    # waitress warns whenever more requests wait than it has threads, which is no news under load.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    app = create_app(settings)
    server = waitress.create_server(
        app, host=settings.host, port=settings.port, threads=_THREADS, ident=None
    )
    ready()
    server.run()
