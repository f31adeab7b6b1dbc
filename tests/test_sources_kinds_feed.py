"""Feeds, by kinds of feed.

Covers sources.feed and feed_entries.
"""

from __future__ import annotations

import pytest
from kinds import STORY, read_entries

_SPACES = (
    "xmlns:media='http://search.yahoo.com/mrss/' xmlns:dc='http://purl.org/dc/elements/1.1/' "
    "xmlns:content='http://purl.org/rss/1.0/modules/content/' "
    "xmlns:itunes='http://www.itunes.com/dtds/podcast-1.0.dtd'"
)


def _feed(*items: str, head: str = "<link>https://marsh.example/</link>", base: str = "") -> str:
    inside = "".join(f"<item>{item}</item>" for item in items)
    return f"<?xml version='1.0'?><rss version='2.0' {_SPACES}{base}><channel><title>Marsh Herald</title>{head}{inside}</channel></rss>"


def _item(title: str = "Depot becomes a library", more: str = "", text: str = STORY[0]) -> str:
    heading = f"<title>{title}</title>" if title else ""
    return f"{heading}<description>{text}</description>{more}"


def test_entries_with_one_link_and_no_identifier_are_two_articles():
    link = "<link>https://marsh.example/live</link>"
    found = read_entries(_feed(_item("One", link), _item("Two", link, STORY[1])))
    assert len({one.id for one in found}) == 2
    assert [one.url for one in found] == ["https://marsh.example/live"] * 2


def test_entries_with_one_identifier_and_two_links_are_two_articles():
    items = [
        _item(
            str(n),
            f"<guid isPermaLink='false'>same</guid><link>https://marsh.example/{n}</link>",
            STORY[n],
        )
        for n in (0, 1)
    ]
    assert len({one.id for one in read_entries(_feed(*items))}) == 2


def test_the_same_entry_twice_is_one_article():
    item = _item("One", "<link>https://marsh.example/1</link><guid>1</guid>")
    assert len({one.id for one in read_entries(_feed(item, item))}) == 1


def test_an_entry_that_changes_stays_one_article():
    link = "<link>https://marsh.example/1</link>"
    first, second = (read_entries(_feed(_item("One", link, text)))[0] for text in STORY[:2])
    assert first.id == second.id


def test_relative_links_start_at_the_link_of_the_channel():
    found = read_entries(
        _feed(_item(more="<link>/news/1</link>"), _item("Two", "<link>news/2</link>"))
    )
    assert [one.url for one in found] == [
        "https://marsh.example/news/1",
        "https://marsh.example/news/2",
    ]


def test_relative_links_start_at_the_base():
    found = read_entries(
        _feed(_item(more="<link>1.html</link>"), base=" xml:base='https://marsh.example/news/'")
    )
    assert found[0].url == "https://marsh.example/news/1.html"


def test_the_source_of_an_entry_is_its_outlet():
    source = "<source url='https://hill.example/feed'>Hill Times</source>"
    found = read_entries(_feed(_item("Depot becomes a library - Hill Times", source)))
    assert (found[0].source, found[0].headline) == ("Hill Times", "Depot becomes a library")


def test_entries_without_titles_and_dates():
    found = read_entries(_feed(_item("", "<guid>1</guid>"), _item("", "<guid>2</guid>", STORY[1])))
    assert [(one.headline, one.paragraphs, one.published) for one in found] == [
        ("", (text,), None) for text in STORY[:2]
    ]


def test_the_boilerplate_of_an_aggregator_is_no_text():
    text = "&lt;a href='https://news.example/item?id=1'&gt;Comments&lt;/a&gt;"
    found = read_entries(_feed(_item(more="<link>https://hill.example/1</link>", text=text)))
    assert (found[0].headline, found[0].paragraphs, found[0].url) == (
        "Depot becomes a library",
        (),
        "https://hill.example/1",
    )


def test_the_page_that_an_aggregator_links_to_is_the_article():
    text = (
        "submitted by &lt;a href='https://www.forum.example/user/ann'&gt; /u/ann &lt;/a&gt; &lt;br/&gt; "
        "&lt;span&gt;&lt;a href='https://hill.example/depot'&gt;[link]&lt;/a&gt;&lt;/span&gt; "
        "&lt;span&gt;&lt;a href='https://www.forum.example/r/marsh/1/'&gt;[comments]&lt;/a&gt;&lt;/span&gt;"
    )
    found = read_entries(
        _feed(_item(more="<link>https://www.forum.example/r/marsh/1/</link>", text=text))
    )
    assert (found[0].paragraphs, found[0].url) == ((), "https://hill.example/depot")


def test_an_episode_without_a_link_has_the_address_of_its_enclosure():
    found = read_entries(
        _feed(
            _item(
                more="<enclosure url='https://marsh.example/1.mp3' type='audio/mpeg' length='1'/><guid isPermaLink='false'>e1</guid>"
            )
        )
    )
    assert found[0].url == "https://marsh.example/1.mp3"


def test_descriptions_of_pictures_are_searchable():
    media = "<media:content url='https://marsh.example/1.jpg' medium='image'><media:description>Trams in front of the depot in 1911.</media:description></media:content>"
    assert "Trams in front of the depot in 1911." in "\n".join(
        read_entries(_feed(_item(more=media)))[0].paragraphs
    )


@pytest.mark.parametrize(
    ("date", "minute"),
    [
        ("Tue, 04 May 2021 24:00:00 GMT", "2021-05-05T00:00:00Z"),
        ("Tue, 4 May 21 10:00:00 EDT", "2021-05-04T14:00:00Z"),
        ("Di, 04 Mai 2021 10:00:00 +0200", "2021-05-04T08:00:00Z"),
        ("mar., 04 mai 2021 10:00:00 +0200", "2021-05-04T08:00:00Z"),
        ("mar, 04 may 2021 10:00:00 +0200", "2021-05-04T08:00:00Z"),
        ("Вт, 04 май 2021 10:00:00 +0300", "2021-05-04T07:00:00Z"),
        ("wt., 04 maj 2021 10:00:00 +0200", "2021-05-04T08:00:00Z"),
        ("tis, 04 maj 2021 10:00:00 +0200", "2021-05-04T08:00:00Z"),
        ("lun, 03 ago 2020 10:00:00 GMT", "2020-08-03T10:00:00Z"),
        ("Ter, 01 dez 2020 10:00:00 -0300", "2020-12-01T13:00:00Z"),
        ("04/May/2021 10:00:00", "2021-05-04T10:00:00Z"),
        ("2021-05-04T24:00:00Z", "2021-05-05T00:00:00Z"),
        ("jeu, 7 mars 2024 09:15:00 +0000", "2024-03-07T09:15:00Z"),
        ("Čt, 07 Bře 2024 09:15:00 GMT", "2024-03-07T09:15:00Z"),
        ("Do., 07 März 2024 10:15:00 MEZ", "2024-03-07T09:15:00Z"),
        ("2024/03/07 09:15:00", "2024-03-07T09:15:00Z"),
        ("Thu, 7 Mar 24 09:15 UT", "2024-03-07T09:15:00Z"),
        ("чт, 07 мар 2024 12:15:00 +0300", "2024-03-07T09:15:00Z"),
        ("jue, 07 mar 2024 09:15:00 GMT", "2024-03-07T09:15:00Z"),
        ("Thursday, March 7, 2024 - 09:15", "2024-03-07T09:15:00Z"),
        ("20240307T091500Z", "2024-03-07T09:15:00Z"),
        ("2024-03-07T09:15:00.000+0000", "2024-03-07T09:15:00Z"),
        ("木, 07 3月 2024 18:15:00 +0900", "2024-03-07T09:15:00Z"),
    ],
)
def test_dates_of_feeds(date, minute):
    found = read_entries(_feed(_item(more=f"<guid>1</guid><pubDate>{date}</pubDate>")))
    assert found[0].published.to_json()["value"] == minute
