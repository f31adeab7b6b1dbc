"""Articles as JSON and in the stored form of an index: both follow the fields of Article.

Covers article, as_json and engine.stored.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from datetime import UTC

import pytest
from fakes import make_article
from hypothesis import given
from hypothesis import strategies as st

from searcher.article import Article, Passage, Timestamp, Version
from searcher.as_json import from_json

_MOMENTS = st.datetimes().map(lambda moment: moment.replace(tzinfo=UTC, fold=0))
_NUMBERS = st.integers(0, 1 << 40)
_BY_TYPE = {
    "Timestamp | None": st.none() | st.builds(Timestamp, value=_MOMENTS),
    "float": st.floats(0, 1),
    "tuple[Version, ...]": st.lists(st.builds(Version, seen=_MOMENTS), max_size=2).map(tuple),
    "tuple[Passage, ...]": st.lists(
        st.builds(Passage, paragraph=_NUMBERS, start=_NUMBERS, end=_NUMBERS), max_size=2
    ).map(tuple),
    "Mapping[str, str]": st.dictionaries(st.text(), st.text(), max_size=2),
}
ARTICLES = st.builds(Article, **{one.name: _BY_TYPE.get(one.type, ...) for one in fields(Article)})
"""Articles with random values in all fields, those added to Article later included."""


@given(ARTICLES)
def test_any_article_survives_json(article):
    again = Article.from_json(json.loads(json.dumps(article.to_json())))
    assert again == article
    assert again.content_hash == article.content_hash


def test_the_json_of_an_article_names_all_its_fields():
    names = [one.name.replace("paragraphs", "body") for one in fields(Article)]
    assert list(make_article().to_json()) == ["id", "title", *names[1:], "content_hash"]


def test_json_of_an_older_version_gets_defaults_and_of_a_newer_one_is_read_without_what_is_new():
    article = make_article("a", "Grain", "Ships wait.", agency="AFP")
    data = article.to_json()
    del data["agency"], data["versions"]
    assert Article.from_json({**data, "from tomorrow": 1}) == make_article(
        "a", "Grain", "Ships wait."
    )
    del data["headline"]
    with pytest.raises(ValueError, match="headline"):
        Article.from_json(data)


def test_a_type_without_a_form_in_json_is_refused():
    with pytest.raises(TypeError, match="complex"):
        from_json(_Strange, {"value": 1})


@dataclass
class _Strange:
    value: complex
