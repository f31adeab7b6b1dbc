"""Accessibility in Chromium: axe-core finds nothing in any state of any page, the focus is seen, and
pages are light and stay where they are.

Covers web.pages with its templates and style.
"""

from __future__ import annotations

import pytest
from browsing import (
    STATES,
    resize,
    sample_with_story,
    served,
    violations,
)
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

FOLDED = "for (const one of document.querySelectorAll('details')) one.open = true"
OUTLINE = """
const one = document.activeElement;
if (one === document.body) return null;
const style = getComputedStyle(one), box = one.getBoundingClientRect();
const inside = box.left >= -1 && box.right <= innerWidth + 1;
return [style.outlineStyle, inside, one.outerHTML.slice(0, 200)];
"""
"""The outline of the focused element, and whether it lies inside of the window."""
SHIFTS = """
window.shift = 0;
new PerformanceObserver((list) => {
  for (const one of list.getEntries()) window.shift += one.value;
}).observe({type: "layout-shift", buffered: true});
"""
MEASURES = """
const done = arguments[arguments.length - 1];
new PerformanceObserver((list) => setTimeout(() => {
  const loaded = [...performance.getEntriesByType("navigation"),
                  ...performance.getEntriesByType("resource")];
  const size = loaded.reduce((sum, one) => sum + one.transferSize, 0);
  done([list.getEntries().at(-1).startTime, window.shift, size]);
}, 200)).observe({type: "largest-contentful-paint", buffered: true});
"""
"""The time of the largest paint in milliseconds, the sum of layout shifts, and the bytes loaded."""


def tab_to(browser, text, most=120):
    """Press Tab until an element with this text has the focus, and return it."""
    for _ in range(most):
        ActionChains(browser).send_keys(Keys.TAB).perform()
        focused = browser.switch_to.active_element
        if focused.tag_name != "body" and text in focused.text:
            return focused
    raise AssertionError(f"Tab does not reach {text!r}")


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """Serve the sample with a story, and yield its address."""
    with served(sample_with_story(tmp_path_factory.mktemp("sample"))) as at:
        yield at


@pytest.mark.parametrize("state", STATES)
def test_axe_finds_nothing(browser, address, state):
    """On a wide page, then on a dark phone; all that is folded is open."""
    problems = []
    for width, dark in ((1280, False), (320, True)):
        resize(browser, width, dark)
        browser.delete_all_cookies()
        browser.get(address + STATES[state])
        assert browser.find_elements(By.TAG_NAME, "h1"), browser.page_source[:300]
        browser.execute_script(FOLDED)
        problems += [f"{width}: {one}" for one in violations(browser)]
    assert problems == []


def test_the_first_key_skips_to_the_content(browser, address):
    browser.get(f"{address}/search?q=grain")
    focused = tab_to(browser, "Skip to the content")
    assert focused.rect["x"] >= 0
    focused.send_keys(Keys.ENTER)
    assert browser.current_url.endswith("#main")
    tab_to(browser, "oldest", most=4)


@pytest.mark.parametrize("state", ["home", "results", "article", "compare", "attention"])
def test_each_place_of_the_focus_can_be_seen(browser, address, state):
    """Each element that Tab reaches has an outline, and lies inside of the window."""
    resize(browser, 320)
    browser.get(address + STATES[state])
    for _ in range(40):
        ActionChains(browser).send_keys(Keys.TAB).perform()
        seen = browser.execute_script(OUTLINE)
        assert seen is None or (seen[0] != "none" and seen[1]), seen


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize(
    "state", ["home", "results", "article", "attention", "timeline", "compare", "none", "operator"]
)
def test_a_page_is_light_and_nothing_in_it_moves(browser, address, state, width):
    """The measures of Lighthouse: no layout shift, and the largest part is painted at once. All
    that a first visit loads has at most 60 KB."""
    resize(browser, width)
    browser.execute_cdp_cmd("Network.clearBrowserCache", {})
    browser.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": SHIFTS})
    browser.get(address + STATES[state])
    largest, shift, size = browser.execute_async_script(MEASURES)
    assert shift == 0
    assert largest < 2_500
    assert size < 60_000
