"""The scripts of the page in Chromium: results without a reload, suggestions, keys and marks.

Covers the scripts in web/static.
"""

from __future__ import annotations

import pytest
from browsing import arrives, chromium, resize, sample_with_story, served, texts, violations
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

RESULTS = "/search?q=grain+ships+port&match=any"
ARTICLE = "/article?id=0cdc1e4614a36c06&q=grain"
FAIL = "XMLHttpRequest.prototype.send = function () { setTimeout(this.onerror); }"


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    with served(sample_with_story(tmp_path_factory.mktemp("sample"))) as at:
        yield at


@pytest.fixture
def browser(browser, address):
    """Return the browser on a wide page, with the settings of a first visit and no errors so far."""
    resize(browser, 1280)
    browser.get(address)
    browser.execute_script("localStorage.clear()")
    browser.delete_all_cookies()
    browser.get_log("browser")
    return browser


def open_page(browser, address):
    """Open a page and mark it, so that a reload of it is noticed."""
    browser.get(address)
    browser.execute_script("window.kept = true")


def is_kept(browser) -> bool:
    """Return whether the page was not loaded anew since it was opened."""
    return bool(browser.execute_script("return window.kept"))


def waits(browser, condition):
    return WebDriverWait(browser, 10).until(condition)


def press(browser, *keys):
    ActionChains(browser).send_keys(*keys).perform()


def says(browser, text):
    """Wait until screen readers are told this."""
    waits(browser, lambda one: text in one.find_element(By.ID, "told").get_property("textContent"))


def total(browser) -> int:
    """Return the number of articles found. It is read at once, as the results may be exchanged."""
    script = "return parseInt(document.querySelector('.summary strong')?.textContent)"
    return browser.execute_script(script)


def test_a_filter_changes_the_results_without_a_reload(browser, address):
    """The focus stays with it, the count is said, and all that names the search follows."""
    open_page(browser, address + RESULTS)
    before, title = total(browser), browser.title
    browser.find_element(By.PARTIAL_LINK_TEXT, "English").send_keys(Keys.ENTER)
    arrives(browser, "lang=en")
    says(browser, "article")
    assert is_kept(browser)
    assert total(browser) < before
    assert "English" in browser.switch_to.active_element.text
    for selector in ("footer a[href*='/api/v1/search']", ".box [name=lang]"):
        assert "en" in browser.find_element(By.CSS_SELECTOR, selector).get_attribute("outerHTML")
    feed = browser.find_element(By.CSS_SELECTOR, "link[rel=alternate]").get_attribute("href")
    assert "lang" in feed
    browser.back()
    waits(browser, lambda one: total(one) == before)
    assert is_kept(browser)
    assert browser.title == title
    assert browser.get_log("browser") == []


def test_another_query_changes_the_results_without_a_reload(browser, address):
    open_page(browser, address + RESULTS)
    box = browser.find_element(By.NAME, "q")
    box.clear()
    box.send_keys("finland", Keys.ENTER)
    arrives(browser, "q=finland")
    says(browser, "finland")
    assert is_kept(browser)
    assert browser.title.startswith("finland")
    assert browser.switch_to.active_element.tag_name == "main"
    box.clear()
    box.send_keys("zzzqqq", Keys.ENTER)
    says(browser, "No articles found")
    browser.back()
    arrives(browser, "q=finland")
    waits(browser, lambda one: box.get_property("value") == "finland")
    browser.back()
    waits(browser, lambda one: box.get_property("value") == "grain ships port")
    browser.forward()
    waits(browser, lambda one: box.get_property("value") == "finland")
    assert is_kept(browser)


def test_a_further_page_begins_at_its_top_and_back_leads_to_where_one_was(browser, address):
    resize(browser, 320)
    open_page(browser, f"{address}/search?q=grain+OR+the&n=5")
    following = browser.find_element(By.CSS_SELECTOR, ".pages [rel=next]")
    browser.execute_script("arguments[0].scrollIntoView()", following)
    top = browser.execute_script("return scrollY")
    following.click()
    arrives(browser, "page=2")
    says(browser, "6")
    assert browser.execute_script("return scrollY") == 0
    browser.back()
    # How long the search took may make the page a line longer.
    waits(browser, lambda one: abs(one.execute_script("return scrollY") - top) < 60)
    assert is_kept(browser)


def test_dates_are_set_without_a_reload(browser, address):
    open_page(browser, address + RESULTS)
    after = browser.find_element(By.CSS_SELECTOR, ".dates [name=after]")
    browser.execute_script("arguments[0].value = '2022-06-01'", after)
    browser.find_element(By.CSS_SELECTOR, ".dates button").click()
    arrives(browser, "after=2022-06-01")
    says(browser, "article")
    assert is_kept(browser)


@pytest.mark.parametrize("asked", ["ui=de", "article", "advanced"])
def test_other_pages_are_loaded(browser, address, asked):
    open_page(browser, address + RESULTS)
    selector = ".hit h2 a" if asked == "article" else f"footer a[href*='{asked}']"
    browser.find_element(By.CSS_SELECTOR, selector).click()
    arrives(browser, asked)
    waits(browser, lambda one: not is_kept(one))


def test_a_search_that_fails_is_loaded_plainly(browser, address):
    open_page(browser, address + RESULTS)
    browser.execute_script(FAIL)
    browser.find_element(By.PARTIAL_LINK_TEXT, "English").click()
    arrives(browser, "lang=en")
    waits(browser, lambda one: not is_kept(one))


def test_a_search_for_nothing_leads_home(browser, address):
    open_page(browser, f"{address}/search?q=grain")
    box = browser.find_element(By.NAME, "q")
    box.clear()
    box.send_keys(Keys.ENTER)
    waits(browser, lambda one: texts(one, "h1.quiet"))
    assert not is_kept(browser)


def suggested(browser, text):
    """Type a text into the box, wait for its suggestions, and return them."""
    browser.find_element(By.NAME, "q").send_keys(text)
    return waits(browser, lambda one: [o for o in texts(one, "#suggestions li") if o])


def test_suggestions_are_chosen_by_keys(browser, address):
    """An editable combobox by the patterns of WAI-ARIA: the focus stays in the box."""
    open_page(browser, address)
    box = browser.find_element(By.NAME, "q")
    assert (box.aria_role, box.get_attribute("aria-expanded")) == ("combobox", "false")
    options = suggested(browser, "grai")
    assert "grain" in options
    says(browser, f"Suggestions: {len(options)}")
    assert box.get_attribute("aria-expanded") == "true"
    press(browser, Keys.ARROW_DOWN, Keys.ARROW_DOWN, Keys.ARROW_UP)
    chosen = browser.find_element(By.ID, box.get_attribute("aria-activedescendant"))
    assert (chosen.text, chosen.get_attribute("aria-selected")) == (options[0], "true")
    assert browser.switch_to.active_element == box
    assert box.get_property("value") == "grai"
    press(browser, Keys.ARROW_UP)
    assert box.get_attribute("aria-activedescendant") is None
    press(browser, Keys.ARROW_UP)
    assert box.get_attribute("aria-activedescendant").endswith(f"-{len(options) - 1}")
    press(browser, Keys.ARROW_DOWN, Keys.ARROW_DOWN, Keys.ENTER)
    arrives(browser, f"q={options[0].replace(' ', '+')}")
    assert browser.get_log("browser") == []


def test_escape_closes_the_suggestions_before_it_leaves_the_box(browser, address):
    open_page(browser, address + RESULTS)
    box = browser.find_element(By.NAME, "q")
    box.clear()
    suggested(browser, "grai")
    press(browser, Keys.ESCAPE)
    assert texts(browser, "#suggestions li")[0] == ""
    assert browser.switch_to.active_element == box
    press(browser, Keys.ARROW_DOWN)
    waits(browser, lambda one: any(texts(one, "#suggestions li")))
    press(browser, Keys.TAB)
    assert not any(texts(browser, "#suggestions li"))
    box.send_keys(Keys.ESCAPE)
    assert browser.switch_to.active_element.tag_name == "body"
    assert box.get_property("value") == "grai"


def test_a_suggestion_is_clicked(browser, address):
    open_page(browser, address + RESULTS)
    box = browser.find_element(By.NAME, "q")
    box.clear()
    options = suggested(browser, "black s")
    browser.find_elements(By.CSS_SELECTOR, "#suggestions li")[0].click()
    arrives(browser, f"q={options[0].replace(' ', '+')}")
    says(browser, "article")
    assert is_kept(browser)
    assert not any(texts(browser, "#suggestions li"))


@pytest.mark.parametrize("width", [1280, 320])
def test_axe_finds_nothing_in_suggestions(browser, address, width):
    resize(browser, width, dark=width == 320)
    open_page(browser, address + RESULTS)
    browser.find_element(By.NAME, "q").clear()
    suggested(browser, "gr")
    press(browser, Keys.ARROW_DOWN)
    assert violations(browser) == []
    assert browser.execute_script("return document.documentElement.scrollWidth") <= width


def test_keys_lead_through_the_results(browser, address):
    open_page(browser, address + RESULTS)
    titles = texts(browser, ".hit h2")
    press(browser, "j")
    assert browser.switch_to.active_element.text == titles[0]
    press(browser, "jjk")
    assert browser.switch_to.active_element.text == titles[1]
    press(browser, "/")
    box = browser.find_element(By.NAME, "q")
    assert browser.switch_to.active_element == box
    press(browser, Keys.END, "j?")
    assert box.get_property("value") == "grain ships portj?"
    press(browser, Keys.ESCAPE)
    assert browser.switch_to.active_element.tag_name == "body"
    assert box.get_property("value") == "grain ships portj?"
    story = browser.find_element(By.CSS_SELECTOR, "details.story")
    title = story.find_element(By.XPATH, "..").find_element(By.TAG_NAME, "h2").text
    at = titles.index(title)
    browser.execute_script("arguments[0].open = true", story)
    browser.execute_script("arguments[0].focus()", story.find_element(By.CSS_SELECTOR, "ol a"))
    press(browser, "j")
    assert browser.switch_to.active_element.text == titles[at + 1]
    press(browser, "o")
    arrives(browser, "/article?")


def test_keys_with_others_held_keep_their_meaning(browser, address):
    open_page(browser, address + RESULTS)
    for held in (Keys.CONTROL, Keys.ALT, Keys.META):
        ActionChains(browser).key_down(held).send_keys("j").key_up(held).perform()
        assert browser.switch_to.active_element.tag_name == "body"


def test_the_list_of_keys_switches_them_off(browser, address):
    """And on; the choice is remembered."""
    open_page(browser, address + RESULTS)
    press(browser, "j", "?")
    dialog = waits(browser, lambda one: one.find_element(By.CSS_SELECTOR, "dialog[open]"))
    assert dialog.accessible_name == "Keys"
    assert "to the search box" in dialog.text
    press(browser, "/")
    assert browser.switch_to.active_element.get_attribute("name") != "q"
    press(browser, Keys.ESCAPE)
    waits(browser, lambda one: not one.find_elements(By.TAG_NAME, "dialog"))
    assert browser.switch_to.active_element.text == texts(browser, ".hit h2")[0]
    browser.find_element(By.CSS_SELECTOR, "footer a.keys").click()
    waits(browser, lambda one: one.find_element(By.ID, "keys-on")).click()
    browser.find_element(By.CSS_SELECTOR, "dialog button").click()
    open_page(browser, address + RESULTS)
    press(browser, "j", "?", "/")
    assert browser.switch_to.active_element.tag_name == "body"
    browser.get(f"{address}/help#keys")
    box = browser.find_element(By.ID, "keys-on")
    assert not box.is_selected()
    box.click()
    open_page(browser, address + RESULTS)
    press(browser, "j")
    assert browser.switch_to.active_element.tag_name == "a"


@pytest.mark.parametrize("width", [1280, 320])
def test_axe_finds_nothing_in_the_list_of_keys(browser, address, width):
    resize(browser, width, dark=width == 320)
    open_page(browser, f"{address}/article?id=0cdc1e4614a36c06&q=grain&ui=ar")
    press(browser, "n")
    press(browser, "?")
    waits(browser, lambda one: one.find_element(By.CSS_SELECTOR, "dialog[open]"))
    assert violations(browser) == []


def test_axe_finds_nothing_in_results_that_were_exchanged(browser, address):
    open_page(browser, address + RESULTS)
    browser.find_element(By.PARTIAL_LINK_TEXT, "English").click()
    says(browser, "article")
    assert violations(browser) == []


def test_marks_are_stepped_through(browser, address):
    open_page(browser, address + ARTICLE)
    marks = browser.find_elements(By.CSS_SELECTOR, "article mark")
    count = browser.find_element(By.CSS_SELECTOR, ".marks a")
    assert count.text == f"{len(marks)} marks"
    back, on = browser.find_elements(By.CSS_SELECTOR, ".marks button")
    on.click()
    on.click()
    assert count.text == f"2 of {len(marks)}"
    assert [one for one in marks if one.get_attribute("aria-current")] == [marks[1]]
    says(browser, f"2 of {len(marks)}: ")
    back.click()
    back.click()
    assert count.text == f"{len(marks)} of {len(marks)}"
    press(browser, "n")
    assert browser.switch_to.active_element == marks[0]
    press(browser, "p")
    assert browser.switch_to.active_element == marks[-1]
    assert browser.execute_script(
        "const box = document.activeElement.getBoundingClientRect();"
        "return box.top >= 0 && box.bottom <= innerHeight"
    )


def test_an_article_without_marks_has_no_bar(browser, address):
    open_page(browser, f"{address}/article?id=0cdc1e4614a36c06")
    press(browser, "n")
    assert browser.find_elements(By.CLASS_NAME, "marks") == []


def test_without_scripts_the_bar_leads_to_the_first_mark(address, tmp_path):
    driver = chromium(tmp_path, scripts=False)
    try:
        driver.get(address + ARTICLE)
        assert texts(driver, ".marks button") == ["", ""]
        driver.find_element(By.CSS_SELECTOR, ".marks a").click()
        arrives(driver, "#first-mark")
        assert driver.find_elements(By.CSS_SELECTOR, "#first-mark mark")
        assert not driver.find_element(By.CSS_SELECTOR, "footer a.keys").is_displayed()
        driver.get(f"{address}/help#keys")
        assert not driver.find_element(By.ID, "keys").is_displayed()
    finally:
        driver.quit()
