"""The pages read aloud: roles, names, their order and live regions in the accessibility tree of
Chromium.

Covers web.pages with its templates.
"""

from __future__ import annotations

import re

import pytest
from browsing import STATES, arrives, resize, sample_with_story, served
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait
from speaking import spoken

UNFOLDED = "for (const one of document.querySelectorAll('details')) one.open = true"
NAMED = re.compile(r"(link|button|combobox|textbox|checkbox|navigation|region|image|heading \d)")
TITLE = "Ukraine and Russia sign deal to reopen Black Sea ports for grain"
OTHER = "Black Sea grain: two signatures at one table, but not on one sheet of paper."

SAID = {
    "/search?q=grain+deal": [
        "link: Skip to the content", "banner", "search", "combobox: Search the news", "button: Search",
        "main", "heading 1: Results for grain deal", "3 articles", "navigation: Order",
        "link: relevance", "link: Explain", "list 1", f"heading 2: {TITLE}", "link: English", "mark",
        "grain", "link: 3 versions, first 22 July 2022",
        "DisclosureTriangle: List them : 3 versions, first 22 July 2022",
        f"link: Compare the two texts : {OTHER}", "heading 2: 2 articles with some of the words", "list 2",
        "region: Filters", "form: Date", "Date: From", "Date: Before", "button: Set dates", "status",
        "contentinfo", "navigation: These results elsewhere", "link: Cite this search",
        "link: All of them as CSV", "navigation: Language of the page",
    ],
    "/search?q=grain+ships&match=any&lang=en&after=2022": [
        "main", "list 3: Filters that are set", "link: Remove the filter Language: English",
        "link: Remove all", "heading 1: Results for grain ships", "region: Filters",
        "heading 3: Language", "link: Remove: English",
    ],
    "/article?id=0d7d6267de4318f2&q=ship": [
        "main", "link: ← Results for ship", "navigation: Marks", "button: Previous mark",
        "link: 3 marks", "button: Next mark", "article",
        "heading 1: Six workers missing after Baltimore bridge collapse", "list 4",
        "link: Read it at harbour-gazette.example", "link: See the changes", "mark", "ship",
        "link: More like this", "DisclosureTriangle: Cite this article", "link: BibTeX",
        "DisclosureTriangle: Where these facts are from",
    ],
    "/story?id=abd8ed6d486cc91e": [
        "main", f"heading 1: {OTHER}", "heading 2: Who was first, and whose text the others have",
        "figure", "link: The list below says the same in words.", "heading 2: By time", "list 3",
        f"link: {OTHER}", "link: Compare 2 with 1", f"link: {TITLE}", "link: Compare 3 with 1",
        "link: Its articles as results",
    ],
    "/compare?a=0cdc1e4614a36c06&b=c57d7f1b5d195396": [
        "main", "heading 1: Two articles compared", f"link: {TITLE}", f"link: {OTHER}",
        "heading 2: In short", "Names in other spellings", "Odessa", "against", "Odesa",
        "heading 2: The texts", "First,", "paragraph 1", "deletion", "[only in the first:", "Second,", "paragraph 2", "insertion",
        "[only in the second:",
    ],
}  # fmt: skip
"""Elements of pages in the order in which they are said; others may stand between."""


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    with served(sample_with_story(tmp_path_factory.mktemp("sample"))) as at:
        yield at


@pytest.fixture
def browser(browser):
    resize(browser, 1280)
    browser.delete_all_cookies()
    return browser


@pytest.mark.parametrize("path", SAID)
def test_a_page_says_what_it_shows(browser, address, path):
    browser.get(address + path)
    browser.execute_script(UNFOLDED)
    lines = spoken(browser)
    at = 0
    for wanted in SAID[path]:
        assert wanted in lines[at:], (wanted, lines[at : at + 30])
        at = lines.index(wanted, at) + 1


@pytest.mark.parametrize("state", STATES)
def test_all_that_is_used_has_a_name_and_headings_make_an_outline(browser, address, state):
    browser.get(address + STATES[state])
    browser.execute_script(UNFOLDED)
    lines = spoken(browser)
    assert [one for one in lines if NAMED.fullmatch(one)] == []
    levels = [int(one[8]) for one in lines if one.startswith("heading")]
    assert levels.count(1) == 1
    for before, level in zip([0, *levels], levels, strict=False):
        assert level <= before + 1, levels
    assert [one.partition(":")[0] for one in lines].count("main") == 1


def test_results_that_are_exchanged_are_told(browser, address):
    """In the one live region of the page, which waits until the reader pauses."""
    browser.get(f"{address}/search?q=grain+ships&match=any")
    browser.find_element(By.PARTIAL_LINK_TEXT, "English").click()
    arrives(browser, "lang=en")
    told = WebDriverWait(browser, 10).until(
        lambda one: one.find_element(By.CSS_SELECTOR, "[role=status]").get_property("textContent")
    )
    lines = spoken(browser)
    assert "article" in told
    assert lines[lines.index("status") + 1].startswith(told[:20])
