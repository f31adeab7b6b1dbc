"""The tasks of a reporter, a researcher, a newcomer who mistypes and an operator in Chromium, each with
a pointer and with the keys alone, and the number of clicks that each takes.

Covers web.pages and web.cited.
"""

from __future__ import annotations

import csv
import shutil
from urllib.parse import urlsplit

import pytest
from browsing import arrives, indexed, resize, sample_with_story, served, texts
from fakes import write
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

FEED = "https://feeds.example.org/news.xml"


class Person:
    """Somebody who uses the page, by a pointer or by the keys Tab, Enter and letters alone."""

    def __init__(self, browser, has_pointer):
        self.browser = browser
        self.has_pointer = has_pointer
        self.clicks = 0

    def types(self, text, *keys):
        """Type into the field that has the focus."""
        ActionChains(self.browser).send_keys(text, *keys).perform()

    def follows(self, text, arrival=""):
        """Go to the first link, button or fold with this text, and on to an address."""
        if self.has_pointer:
            path = f"//*[self::a or self::summary or self::button][contains(., '{text}')]"
            shown = [
                one for one in self.browser.find_elements(By.XPATH, path) if one.is_displayed()
            ]
            shown[0].click()
        else:
            self.tabs_to(lambda one: text in one.text)
            self.types(Keys.ENTER)
        self.clicks += 1
        arrives(self.browser, arrival)

    def enters(self, name, text, *keys):
        """Put the focus on a field, and type into it."""
        if self.has_pointer:
            self.browser.find_element(By.NAME, name).click()
            self.clicks += 1
        else:
            self.tabs_to(lambda one: one.get_attribute("name") == name)
        self.types(text, *keys)

    def tabs_to(self, is_wanted, most=150):
        for _ in range(most):
            ActionChains(self.browser).send_keys(Keys.TAB).perform()
            focused = self.browser.switch_to.active_element
            if focused.tag_name != "body" and is_wanted(focused):
                return
        raise AssertionError("Tab does not reach it")

    def sees(self, text):
        """Wait until the page says this. It is asked at once, as it may be exchanged."""
        said = "return document.querySelector('main')?.innerText ?? ''"
        WebDriverWait(self.browser, 10).until(lambda one: text in one.execute_script(said))


@pytest.fixture(params=["pointer", "keys"])
def person(request, browser):
    resize(browser, 1280)
    browser.delete_all_cookies()
    return Person(browser, request.param == "pointer")


@pytest.fixture(scope="module")
def settings(tmp_path_factory):
    return sample_with_story(tmp_path_factory.mktemp("sample"))


@pytest.fixture(scope="module")
def address(settings):
    with served(settings) as at:
        yield at


def test_a_reporter_finds_narrows_compares_and_cites(person, address):
    person.browser.get(address)
    person.types("grain deal", Keys.ENTER)
    arrives(person.browser, "q=grain")
    person.follows("English", "lang=en")
    person.follows("List them")
    person.follows("Compare the two texts", "/compare?")
    person.follows(texts(person.browser, ".tops h2 a")[0], "/article?")
    person.follows("Cite this article")
    assert person.browser.find_element(By.CSS_SELECTOR, ".cite p").is_displayed()
    assert "BibTeX" in texts(person.browser, ".cite a")
    assert person.clicks == 5


def test_a_researcher_counts_charts_exports_and_comes_back(person, tmp_path):
    """The answer has changed when an article was added; the server was not started again."""
    settings = sample_with_story(tmp_path / "sample")
    downloads = tmp_path / "downloads"
    person.browser.execute_cdp_cmd(
        "Browser.setDownloadBehavior", {"behavior": "allow", "downloadPath": str(downloads)}
    )
    with served(settings) as address:
        person.browser.get(address)
        person.types("grain", Keys.ENTER)
        arrives(person.browser, "q=grain")
        total = int(texts(person.browser, ".summary strong")[0].split()[0])
        person.follows("Over time", "/attention?")
        assert person.browser.find_elements(By.CSS_SELECTOR, ".chart a")
        person.follows(f"{total} articles", "/search?")
        person.follows("All of them as CSV")
        file = WebDriverWait(person.browser, 10).until(lambda _: [*downloads.glob("*.csv")])[0]
        with file.open(encoding="utf-8-sig", newline="") as lines:
            assert len([row for row in csv.DictReader(lines) if row["title"]]) == total
        person.follows("Cite this search", "digest=")
        person.sees("The answer is the same")
        permalink = person.browser.current_url
        write(settings.raw / "text" / "later.txt", "Grain ships wait\n\nGrain waits in Odesa.")
        indexed(settings)
        person.browser.get(permalink)
        person.sees("The answer has changed")
        person.sees(str(total + 1))
    assert person.clicks == 4


def test_a_newcomer_mistypes(person, address):
    person.browser.get(address)
    person.types("grian odesssa", Keys.ENTER)
    arrives(person.browser, "q=grian")
    person.sees("Did you mean")
    person.follows("grain", "q=grain")
    title = texts(person.browser, ".hit h2")[0]
    person.follows(title, "/article?")
    assert person.browser.find_elements(By.CSS_SELECTOR, "article mark")
    assert person.clicks == 2


def test_an_operator_follows_a_feed_and_saves_a_search(person, settings, tmp_path):
    copy = shutil.copytree(settings.index, tmp_path / "index")
    with served(settings.__class__(index=copy, raw=tmp_path / "raw")) as address:
        person.browser.get(address)
        person.types("grain ships", Keys.ENTER)
        arrives(person.browser, "q=grain")
        person.follows("Save this search", "/operator")
        assert person.browser.find_element(By.NAME, "query").get_property("value") == "grain ships"
        person.enters("name", "Ships", Keys.ENTER)
        person.sees("Ships: grain ships")
        person.enters("url", FEED, Keys.ENTER)
        person.sees(urlsplit(FEED).netloc)
    assert person.clicks <= 3
