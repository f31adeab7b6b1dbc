"""The search page and its API, as a Flask application.

pages.py, alerts.py, api.py and metrics.py answer requests. parameters.py reads their parameters,
addresses.py writes addresses. article_view.py, hit_view.py and results_view.py make the values that
the templates show.
"""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask, Response
from jinja2 import StrictUndefined

from searcher import open_search
from searcher.search.service import SearchService
from searcher.settings import Settings
from web import alerts, api, metrics, pages

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
"""Content Security Policy: browsers load our own style sheet, script and images only, whatever an
article contains."""
_THREADS = 8
"""Number of threads that answer requests. More threads would compete for the same processors."""


def create_app(settings: Settings | None = None, service: SearchService | None = None) -> Flask:
    """Return the application.

    settings: paths and limits, else those of the environment. service: the read path to use instead
    of that of the settings' index.
    """
    app = Flask(__name__)
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    # Tags of templates leave no blank lines, and a name that a view lacks raises an error.
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.undefined = StrictUndefined
    settings = settings or Settings.load()
    app.extensions["search"] = service or open_search(settings=settings)
    app.extensions["feed_state"] = settings.feed_state
    app.extensions["metrics"] = metrics.Metrics(app.extensions["search"], settings.feed_state)
    for blueprint in (pages.blueprint, alerts.blueprint, api.blueprint, metrics.blueprint):
        app.register_blueprint(blueprint)
    app.after_request(_secured)
    return app


def _secured(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = _POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    return response


def serve(settings: Settings, ready: Callable[[], None]) -> None:
    """Serve until interrupted. ready: called once the server listens.

    Raises OSError or ValueError when the address cannot be used.
    """
    # `import web` must not load the server, which embedders do not need.
    import waitress

    app = create_app(settings)
    server = waitress.create_server(
        app, host=settings.host, port=settings.port, threads=_THREADS, ident=None
    )
    ready()
    server.run()
