"""A bare Flask page over Tantivy, which does what our page does: ten hits with two snippets each
and their matches marked, the number of matches, three distributions, as HTML.

It has no links, filters, warnings or corrections, and no header but Flask's. gunicorn serves it,
as it does ours, with as many processes and threads.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from flask import Flask, request

from benchmarks.peers.tantivy_peer import Tantivy
from benchmarks.queries import Query

_PAGE = """<!doctype html><html lang="en"><head><title>{{ query }}</title></head><body>
<form><input name="q" value="{{ query }}"></form><p>{{ count }} articles</p>
{% for article, snippets in hits %}<article><h2>{{ article.title }}</h2>
<p>{{ article.source }}, {{ article.date }}, {{ article.language }}</p>
{% for snippet in snippets %}<p>{{ snippet|safe }}</p>{% endfor %}</article>{% endfor %}
{% for name, facet in facets.items() %}<h3>{{ name }}</h3><ul>
{% for row in facet.buckets[:10] %}<li>{{ row.key }} {{ row.doc_count }}</li>{% endfor %}</ul>
{% endfor %}</body></html>"""


def create_app(folder: str) -> Flask:
    """Return the application; `folder` is a string because servers get it on a command line."""
    app = Flask(__name__)
    template = app.jinja_env.from_string(_PAGE)
    peer = Tantivy(Path(folder))
    peer.open()

    @app.get("/search")
    def search() -> str:
        text = request.args["q"]
        hits, count, facets = peer.page(read(text))
        return template.render(query=text, hits=hits, count=count, facets=facets)

    return app


def read(text: str) -> Query:
    """Return the query of a text that `Ours.text` has written."""
    words, _, source = text.partition(" source:")
    words, _, dates = words.partition(" after:")
    if source:
        return Query("source", tuple(words.split()), source=source.strip('"'))
    if dates:
        start, end = (
            datetime.fromisoformat(day).replace(tzinfo=UTC) for day in dates.split(" before:")
        )
        return Query("dated", tuple(words.split()), start, end)
    if text.startswith('"'):
        return Query("phrase", tuple(words.strip('"').split()))
    if text.endswith("*"):
        return Query("prefix", (text[:-1],))
    kind = "and" if " AND " in text else "or"
    return Query(kind, tuple(words.replace(" AND ", " ").split()))
