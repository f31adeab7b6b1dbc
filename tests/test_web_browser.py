"""The page in Debian's Chromium without scripts, which it does not need.

Covers web.pages with its templates and style.
"""

from __future__ import annotations

import pytest
from browsing import arrives, chromium, indexed, resize, served, texts
from fakes import ROOT
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

from searcher.settings import Settings


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """Index and serve the sample, and yield its address."""
    with served(indexed(Settings(index=tmp_path_factory.mktemp("index"), raw=ROOT / "raw"))) as at:
        yield at


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    driver = chromium(tmp_path_factory.mktemp("profile"), scripts=False)
    yield driver
    driver.quit()


def test_searching_reading_and_coming_back(browser, address):
    resize(browser, 1200)
    browser.get(address)
    box = browser.find_element(By.NAME, "q")
    assert box == browser.switch_to.active_element
    box.send_keys("grain odessa", Keys.ENTER)
    arrives(browser, f"{address}/search?q=grain+odessa")
    assert (
        texts(browser, ".hit h2")[0]
        == "Ukraine and Russia sign deal to reopen Black Sea ports for grain"
    )
    assert "Odessa" in texts(browser, ".snippet mark")
    browser.find_element(By.CSS_SELECTOR, ".hit h2 a").click()
    arrives(browser, f"{address}/article?")
    assert "Odessa" in texts(browser, "article mark")
    assert "Leave a Comment" not in browser.find_element(By.TAG_NAME, "article").text
    browser.find_element(By.CSS_SELECTOR, ".back a").click()
    arrives(browser, f"{address}/search?q=grain+odessa")


def test_sorting_and_narrowing_keep_the_query(browser, address):
    browser.get(f"{address}/search?q=nato+finland+sweden")
    browser.find_element(By.LINK_TEXT, "newest").click()
    arrives(browser, "sort=newest")
    assert texts(browser, ".sorts [aria-current]") == ["newest"]
    browser.find_element(By.LINK_TEXT, "only those").click()
    arrives(browser, "match=all")
    assert "sort=newest" in browser.current_url
    assert "With all words" in texts(browser, ".how")[0]


def test_filters_narrow_exclude_and_are_removed(browser, address):
    """Without scripts; each click is a page whose address says it all."""
    resize(browser, 1280)
    browser.get(f"{address}/search?q=grain+ships+port&match=any")
    column = browser.find_element(By.ID, "filters")
    total = int(texts(browser, ".summary strong")[0].split()[0])
    item = next(one for one in column.find_elements(By.TAG_NAME, "li") if "English" in one.text)
    count = int(item.find_element(By.CLASS_NAME, "count").text)
    assert 0 < count < total
    item.find_element(By.TAG_NAME, "a").click()
    arrives(browser, "lang=en")
    assert int(texts(browser, ".summary strong")[0].split()[0]) == count
    browser.find_element(By.CSS_SELECTOR, ".filters a").click()
    WebDriverWait(browser, 10).until(lambda one: "lang=" not in one.current_url)
    browser.find_element(By.CSS_SELECTOR, "a.not[aria-label='Not English']").click()
    arrives(browser, "lang=-en")
    assert int(texts(browser, ".summary strong")[0].split()[0]) == total - count
    assert "Language: not English" in texts(browser, ".filters li")[0]


def test_filters_are_one_step_away_on_a_phone(browser, address):
    resize(browser, 320)
    browser.get(f"{address}/search?q=grain+ships+port&match=any")
    browser.find_element(By.CLASS_NAME, "jump").click()
    arrives(browser, "#filters")
    small = [
        (one.text, one.size)
        for one in browser.find_elements(By.CSS_SELECTOR, ".facets li a, .facets summary")
        if one.is_displayed() and (one.size["height"] < 24 or one.size["width"] < 24)
    ]
    assert small == []
    resize(browser, 1280)


def test_the_help_examples_are_links(browser, address):
    browser.get(f"{address}/help")
    rows = browser.find_elements(By.CSS_SELECTOR, ".help tbody tr")
    assert len(rows) > 15
    rows[1].find_element(By.TAG_NAME, "a").click()
    arrives(browser, "/search?")
    assert browser.find_element(By.NAME, "q").get_attribute("value") == '"beacon on the black sea"'
    assert texts(browser, ".hit h2")


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/search?q=grain+deal+foo:bar",
        "/search?q=%E5%A6%A6%E5%A8%A5",
        "/help",
        "/search?q=zzz",
        "/search?q=grain+ships&lang=en&source=-%3DEl+Faro&after=2022",
        "/compare?a=0cdc1e4614a36c06&b=c57d7f1b5d195396",
        "/story?id=0d7d6267de4318f2",
        "/search?q=grain+ships&lang=en&ui=ar",
        "/search?q=grain+ships&lang=en&ui=de",
        "/attention?q=grain&ui=uk",
    ],
)
def test_every_page_fits_and_can_be_read(browser, address, path, width, dark):
    resize(browser, width, dark)
    browser.delete_all_cookies()
    browser.get(address + path)
    html = browser.find_element(By.TAG_NAME, "html")
    assert int(html.get_property("scrollWidth")) <= width
    ink, paper = (
        _luminance(browser.find_element(By.TAG_NAME, "body").value_of_css_property(name))
        for name in ("color", "background-color")
    )
    assert (ink > paper) is dark
    assert len(browser.find_elements(By.TAG_NAME, "h1")) == 1
    assert (max(ink, paper) + 0.05) / (min(ink, paper) + 0.05) > 7
    assert browser.get_log("browser") == []


def test_two_articles_are_side_by_side_or_one_below_the_other(browser, address):
    path = "/compare?a=0cdc1e4614a36c06&b=c57d7f1b5d195396"
    for width, is_beside in ((1280, True), (320, False)):
        resize(browser, width)
        browser.delete_all_cookies()
        browser.get(address + path)
        first, second = browser.find_elements(By.CSS_SELECTOR, ".pair.tops section")
        assert (first.rect["y"] == second.rect["y"]) is is_beside
        assert (first.rect["x"] == second.rect["x"]) is not is_beside
    assert "First, paragraph 1" in texts(browser, ".place")
    assert "Odessa" in texts(browser, ".names bdi")


def test_differences_can_be_seen_without_colours(browser, address):
    resize(browser, 1280)
    browser.execute_cdp_cmd(
        "Emulation.setEmulatedMedia", {"features": [{"name": "forced-colors", "value": "active"}]}
    )
    browser.get(f"{address}/compare?a=0cdc1e4614a36c06&b=c57d7f1b5d195396")
    lines = [
        browser.find_element(By.CSS_SELECTOR, name).value_of_css_property("text-decoration-style")
        for name in (".side del", ".side ins", ".how .spelling")
    ]
    assert lines == ["dashed", "solid", "dotted"]


def _luminance(colour: str) -> float:
    """Return the relative luminance of a colour, by WCAG 2.1."""
    channels = [int(part) / 255 for part in colour.partition("(")[2].rstrip(")").split(",")[:3]]
    red, green, blue = (
        value / 12.92 if value <= 0.03928 else ((value + 0.055) / 1.055) ** 2.4
        for value in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
