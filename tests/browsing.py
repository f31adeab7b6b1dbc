"""Debian's Chromium for the tests, and the application served to it in a thread."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from fakes import ROOT
from flask import Flask
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.support.expected_conditions import url_contains
from selenium.webdriver.support.ui import WebDriverWait

from searcher.assembly import open_indexer
from searcher.indexing.report import Progress
from searcher.settings import Settings
from web import create_app
from web.connections import Loop
from web.server import listeners

_ARGUMENTS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
)

_AXE = (ROOT / "tests" / "axe" / "axe.min.js").read_text("utf-8")
_RUN_AXE = """
const done = arguments[arguments.length - 1];
const rules = {"target-size": {enabled: true}};
axe.run(document, {resultTypes: ["violations"], rules}).then(
  (found) => done(found.violations.map(
    (one) => `${one.id}: ${one.nodes.map((node) => node.target.join(" ")).slice(0, 3).join("; ")}`)),
  (error) => done([String(error)]));
"""
"""All rules, those of good practice as well as those of WCAG 2.2 A and AA."""

STATES = {
    "home": "/",
    "results": "/search?q=grain+deal",
    "warning": "/search?q=grain+deal+foo:bar+%28",
    "filtered": "/search?q=grain+ships&match=any&lang=en&source=-%3DEl+Faro&after=2022",
    "explained": "/search?q=grain+deal&explain=on&broaden=on",
    "deep": "/search?q=grain+OR+the&n=2&page=2",
    "story": "/search?q=grain+deal+odessa",
    "corrected": "/search?q=grian+odesssa",
    "arabic": "/search?q=lang:ar",
    "none": "/search?q=zzzqqq",
    "in_arabic": "/search?q=grain+ships&lang=en&ui=ar",
    "compared_in_arabic": "/compare?a=0cdc1e4614a36c06&b=c57d7f1b5d195396&ui=ar",
    "attention_in_arabic": "/attention?q=grain&ui=ar",
    "article": "/article?id=0cdc1e4614a36c06&q=grain",
    "versions": "/versions?id=0d7d6267de4318f2",
    "similar": "/similar?id=0cdc1e4614a36c06",
    "compare": "/compare?a=0cdc1e4614a36c06&b=c57d7f1b5d195396",
    "timeline": "/story?id=abd8ed6d486cc91e",
    "attention": "/attention?q=grain",
    "advanced": "/advanced?all=grain&phrase=black+sea",
    "cited": "/cited?q=grain",
    "alerts": "/alerts",
    "operator": "/operator",
    "help": "/help",
    "api": "/api/v1/",
    "missing": "/article?id=none",
    "unreadable": "/search?q=x&sort=wrong",
    "nowhere": "/nowhere",
}
"""An address of the sample with a story for each state of the pages."""


def indexed(settings: Settings) -> Settings:
    """Index the raw files that settings name, and return the settings."""
    with open_indexer(settings, Progress()) as indexer:
        indexer.update((settings.raw,))
    return settings


def sample_with_story(folder: Path) -> Settings:
    """Index the sample in a folder, with another outlet's copy of an article and a report that
    changed; return the settings."""
    raw = folder / "raw"
    shutil.copytree(ROOT / "raw", raw)
    text = (raw / "text" / "grain-deal-syndicated.txt").read_text("utf-8")
    title, _, rest = text.partition("\n")
    copy = f"{title.partition('. ')[0]}\n{rest.replace('Some 20 million', 'About 20 million')}"
    (raw / "text" / "copy.txt").write_text(copy, "utf-8")
    return indexed(Settings(index=folder / "index", raw=raw))


@contextmanager
def served_app(app: Flask) -> Iterator[str]:
    """Serve an application in a thread, and yield its address."""
    (listener,) = listeners("127.0.0.1", 0)
    loop, stop = Loop([listener], 4, app), threading.Event()
    thread = threading.Thread(target=loop.run, args=(lambda: not stop.is_set(), lambda: None))
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        stop.set()
        thread.join()
        loop.close()


def served(settings: Settings) -> AbstractContextManager[str]:
    """Serve an index in a thread, and yield its address."""
    return served_app(create_app(settings))


def chromium(profile, scripts):
    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium") or "chromium"
    for argument in (*_ARGUMENTS, f"--user-data-dir={profile}"):
        options.add_argument(argument)
    if not scripts:
        options.add_experimental_option(
            "prefs", {"profile.managed_default_content_settings.javascript": 2}
        )
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    return webdriver.Chrome(options=options, service=Service(shutil.which("chromedriver")))


def resize(browser, width, dark=False):
    browser.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 600},
    )
    scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [scheme]})


def texts(browser, selector):
    return [element.text for element in browser.find_elements(By.CSS_SELECTOR, selector)]


def arrives(browser, part):
    """Wait until the browser's address contains `part`."""
    WebDriverWait(browser, 10).until(url_contains(part))


def violations(browser) -> list[str]:
    """Return what axe-core finds on the page as it is now."""
    browser.execute_script(_AXE)
    return browser.execute_async_script(_RUN_AXE)
