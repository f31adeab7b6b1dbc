"""Articles made from documents (reading.normalise); the sample in raw/ against a golden file."""

from __future__ import annotations

import json
from datetime import timedelta

from fakes import NOW, make_article
from hypothesis import given
from hypothesis import strategies as st

from searcher.article import Article, Document, Origin
from searcher.reading.articles import read_articles
from searcher.reading.normalise import LONGEST_HEADLINE, normalise
from searcher.reading.raw_store import RawStore

ORIGIN = Origin("a.txt")


def article(**fields) -> Article:
    return normalise(Document(ORIGIN, "text", **fields), NOW)


def test_the_sample_gives_what_the_golden_file_says(root):
    """`python tests/golden.py` writes the file again. Read its diff before you commit it."""
    golden = json.loads((root / "tests/data/sample.json").read_text("utf-8"))
    assert sample(root) == golden


def sample(root) -> list[dict]:
    files = RawStore(root / "raw", 64 << 20).files([root / "raw"])
    steps = read_articles(files, NOW + timedelta(days=1000), 1, lambda _: None)
    # The time at which a file was written differs between machines.
    seen = ("first_seen", None)
    return [dict([*step.to_json().items(), seen]) for _, step in steps if isinstance(step, Article)]


def test_the_sample_is_what_it_should_be(root):
    articles = sample(root)
    assert len({item["id"] for item in articles}) >= 30
    assert len({item["language"] for item in articles}) >= 10
    assert {item["format"] for item in articles} == {"text", "html", "json", "feed", "warc"}
    assert all(item["language"] != "und" for item in articles)
    assert any(item["published"] is None for item in articles)
    text = "\n".join(line for item in articles for line in item["body"])
    assert "Leave a Comment" not in text
    assert "auto-generated" not in text
    assert "\ufffd" not in text
    assert "Ã©" not in text


def test_ids_come_from_the_source_then_the_address_then_the_content():
    assert article(given_id=" 17 ", url="https://example.org/a").id == "17"
    first = article(url="https://example.org/a?utm_source=x", text="one")
    second = article(url="https://EXAMPLE.org/a#top", text="two")
    assert first.id == second.id
    assert not first.is_anonymous
    assert article(text="one").id != article(text="two").id
    assert article(text="one").is_anonymous
    assert article(text="one \n").id == article(text="one").id


def test_the_content_hash_is_of_the_content_alone():
    same = Document(Origin("elsewhere.txt", 4), "text", text="one")
    assert article(text="one").content_hash == normalise(same, NOW).content_hash
    assert article(text="one").content_hash != article(text="one", authors=("A B",)).content_hash


def test_dates():
    found = article(
        text="x",
        dates=(("head", "nonsense"), ("meta", "2022-05-01")),
        updates=(("meta", "2022-05-02T10:00Z"),),
    )
    assert found.published.value.isoformat() == "2022-05-01T00:00:00+00:00"
    assert (found.published.precision, found.published.source) == ("day", "meta")
    assert found.updated.value.isoformat() == "2022-05-02T10:00:00+00:00"
    assert any("nonsense" in warning for warning in found.warnings)


def test_implausible_dates_are_set_aside_with_a_warning():
    found = article(text="x", dates=(("meta", "2124-01-01"), ("time", "1500-01-01")))
    assert found.published is None
    assert [warning.split("is ")[-1] for warning in found.warnings] == [
        "in the future",
        "before 1800",
    ]


def test_an_update_that_is_none_is_left_out():
    assert (
        article(text="x", dates=(("a", "2022-05-01"),), updates=(("a", "2022-05-01"),)).updated
        is None
    )
    assert article(text="x", updates=(("a", "2022-05-01"),)).published.value.year == 2022


def test_an_endless_headline_becomes_text():
    found = article(headline="word " * 500, text="Body.")
    assert found.headline == ""
    assert len(found.paragraphs[0]) > LONGEST_HEADLINE
    assert len(found.title) <= 121


@given(
    st.builds(
        make_article, st.text(min_size=1, max_size=5), st.text(max_size=20), st.text(max_size=50)
    )
)
def test_articles_survive_json(found):
    again = Article.from_json(json.loads(json.dumps(found.to_json())))
    assert again == found
    assert again.content_hash == found.content_hash


@given(st.text(max_size=80), st.text(max_size=80), st.text(max_size=20), st.text(max_size=20))
def test_nothing_raises(headline, text, url, date):
    found = article(
        headline=headline,
        text=text,
        url=url,
        dates=(("x", date),),
        authors=(headline,),
        language=date,
    )
    assert found.id
    json.dumps(found.to_json()).encode()
