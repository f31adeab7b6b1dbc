"""The search page and its API, as a Flask application, and the server for it.

pages.py, alerts.py, api.py, exports.py, cited.py, browsers.py and metrics.py answer requests;
operator_page.py those of the operator, whom guard.py lets in. parameters.py reads their parameters,
addresses.py writes addresses, languages.py says things in the reader's language. The operations of
the API (operations.py) are declared with their parameters (declared.py) and answers (schemas.py),
which openapi.py describes. advanced.py, article_view.py, compared.py, filters_view.py, hit_view.py,
query_view.py, chart_view.py and results_view.py make the values that the templates show.

server.py listens and serves. workers.py runs several processes, which share board.py;
connections.py is the loop in each of them, channel.py one of its connections, and warming.py keeps
its first searches fast.
"""

from __future__ import annotations

from importlib.metadata import version

from flask import Flask, Response
from jinja2 import StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix

from searcher.assembly import build_search
from searcher.search.service import SearchService
from searcher.search.suggestions import QueryLog
from searcher.settings import Settings
from web import alerts, api, browsers, cited, guard, languages, metrics, operator_page, pages
from web.board import Board
from web.exports import export_slots

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
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
    )
)
"""Content Security Policy: browsers load our own style sheet, script and images only, whatever an
article contains. No text becomes markup or code by a script, ours included."""


def create_app(
    settings: Settings | None = None,
    service: SearchService | None = None,
    board: Board | None = None,
) -> Flask:
    """Return the application.

    settings: paths and limits, else those of the environment.
    service: the read path to use instead of that of the settings' index.
    board: the memory that the server's processes share, if there are several.
    """
    app = Flask(__name__)
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    # Tags of templates leave no blank lines, and a name that a view lacks raises an error.
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.undefined = StrictUndefined
    languages.install(app)
    settings = settings or Settings.load()
    board = board or Board()
    service = service or build_search(settings, QueryLog(board))
    app.extensions["search"] = service
    app.extensions["index"] = settings.index
    app.extensions["feed_state"] = settings.feed_state
    app.extensions["version"] = version("news-searcher")
    app.extensions["origins"] = settings.origins
    app.jinja_env.globals["operator_offered"] = guard.is_offered
    guard.install(app, settings.host, settings.token)
    app.extensions["export_slots"] = export_slots(settings.threads)
    app.extensions["metrics"] = metrics.Metrics(service, settings.feed_state, board)
    for blueprint in (
        pages.blueprint,
        alerts.blueprint,
        api.blueprint,
        metrics.blueprint,
        cited.blueprint,
        browsers.blueprint,
        operator_page.blueprint,
    ):
        app.register_blueprint(blueprint)
    app.after_request(_secured)
    if behind := settings.proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=behind, x_proto=behind, x_host=behind, x_prefix=behind
        )
    return app


def _secured(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = _POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    return response
