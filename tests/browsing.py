"""Debian's Chromium for the tests, and the application served to it in a thread."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fakes import ROOT
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
def served(settings: Settings) -> Iterator[str]:
    """Serve an index in a thread, and yield its address."""
    (listener,) = listeners("127.0.0.1", 0)
    loop, stop = Loop([listener], 4, create_app(settings)), threading.Event()
    thread = threading.Thread(target=loop.run, args=(lambda: not stop.is_set(), lambda: None))
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        stop.set()
        thread.join()
        loop.close()


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
