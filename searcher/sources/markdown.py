"""Markdown with front matter, the format of static sites and newsroom tools."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from typing import Any

from searcher.article import Document, Origin, Rejected
from searcher.sources.jsonl import document_of
from searcher.sources.markup import paragraphs_of
from searcher.sources.protocol import RawInput
from searcher.text.encoding import decode

_FRONT = re.compile(
    r"\ufeff?\s*(---|\+\+\+)[ \t]*\r?\n(.*?)\r?\n(?:\1|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.DOTALL
)

_LONGEST_FRONT = 64 << 10
"""Maximum length of front matter, in characters: as much as `recognises` sees of a file."""

_KEY = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:---[ \t]*\r?\n\s*[\w-]+\s*:|\+\+\+[ \t]*\r?\n\s*[\w-]+\s*=)"
)

_ALIASES = {
    "lang": "language",
    "link": "url",
    "canonical": "url",
    "category": "section",
    "lastmod": "updated",
}
"""Keys of static site generators, and the keys of JSON that they correspond to."""


class MarkdownReader:
    """One article. Front matter (YAML or TOML) has the keys of JSON; the text below is the body."""

    format = "markdown"
    is_binary = False

    def recognises(self, head: bytes) -> bool:
        # A text can begin with a rule and a line that has a colon in it.
        return bool(_KEY.match(head)) and bool(
            _FRONT.match(decode(head)[0]) or len(head) >= _LONGEST_FRONT
        )

    def read(self, raw: RawInput) -> Iterator[Document | Rejected]:
        text, _ = decode(raw.read())
        origin = Origin(raw.name)
        match = _FRONT.match(text)
        if not match or len(match.group(2)) > _LONGEST_FRONT:
            yield Rejected(origin, "front matter without an end")
            return
        front = _front_matter(match.group(1), match.group(2))
        if isinstance(front, str):
            yield Rejected(origin, front)
            return
        from markdown_it import MarkdownIt

        html = MarkdownIt("commonmark", {"html": True}).render(text[match.end() :])
        known = {_ALIASES.get(key, key): value for key, value in front.items()}
        yield document_of(origin, self.format, {**known, "body": list(paragraphs_of(html))})


def _front_matter(fence: str, text: str) -> dict[str, Any] | str:
    """Return the values of front matter, with dates as text; for invalid front matter, the reason.

    fence: "---" for YAML, "+++" for TOML.
    """
    import yaml

    try:
        if fence != "+++" and any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text)):
            return "front matter with YAML aliases, which are not supported"
        values = tomllib.loads(text) if fence == "+++" else yaml.load(text, yaml.BaseLoader)
    except (ValueError, yaml.YAMLError, RecursionError) as error:
        return f"invalid front matter ({' '.join(str(error).split())[:80]})"
    if not isinstance(values, dict):
        return "front matter without keys and values"
    return {
        str(key).lower(): value if isinstance(value, (list, dict)) else str(value)
        for key, value in values.items()
    }
