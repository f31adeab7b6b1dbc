"""Markup and scripts in articles, feeds, file names and queries, in Chromium with scripts and without
the protection of the Content Security Policy: none of them runs.

Covers web: pages, alerts, operator_page and templates.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from urllib.parse import urlencode
from urllib.request import urlopen

import pytest
from browsing import chromium, served_app
from fakes import filled, make_article

from searcher.clock import SystemClock
from searcher.engine.memory import MemoryEngine
from searcher.feeds.alert import Alert
from searcher.feeds.state import FeedState
from searcher.search.service import SearchService
from searcher.settings import Settings
from web import create_app

RUN = "ran('{}')"
PAYLOADS = (
    "<script>{}</script>",
    "<ScRiPt>{}</sCrIpT>",
    "<script/x>{}</script>",
    "<script\n>{}</script >",
    "<scr<script>ipt>{}</scr</script>ipt>",
    "<img src=x onerror={}>",
    "<img src=x:x onerror\t=\n{}>",
    "<img/src/onerror={}>",
    "<image src=x onerror={}>",
    "<svg onload={}>",
    "<svg/onload={}//",
    "<svg><script>{}</script></svg>",
    "<svg><animate onbegin={} attributeName=x dur=1s>",
    "<svg><a xlink:href=javascript:{}><text y=9>x</text></a></svg>",
    "<math><mtext></mtext><script>{}</script></math>",
    "<body onload={}>",
    "<iframe srcdoc='<script>parent.{}</script>'></iframe>",
    "<iframe src=javascript:parent.{}></iframe>",
    "<object data=javascript:{}></object>",
    "<embed src=javascript:{}>",
    "<details open ontoggle={}>",
    "<input autofocus onfocus={}>",
    "<select autofocus onfocus={}></select>",
    "<video><source onerror={}></video>",
    "<audio src=x onerror={}></audio>",
    "<style>@keyframes x{{}}</style><b style=animation-name:x onanimationstart={}></b>",
    "<link rel=stylesheet href=x onerror={}>",
    "<marquee onstart={}>x</marquee>",
    "<template><script>{}</script></template>",
    "<noscript><p title='</noscript><img src=x onerror={}>'>",
    "<a href=javascript:{} autofocus onfocus={}>x</a>",
    "<form action=javascript:{}><button>x</button></form>",
    "<base href=javascript:/{}//>",
    "<meta http-equiv=refresh content='0;url=javascript:{}'>",
    "<x onclick={} tabindex=1 onfocus={} id=x autofocus>",
    "\u2028<script>{}</script>\u2029",
    "＜script＞{}＜/script＞<script>{}</script>",
    "+ADw-script+AD4-{}+ADw-/script+AD4-",
)
"""Markup that runs a script."""
BREAKS = (
    "{}",
    '">{}',
    "'>{}",
    "</title>{}",
    "</textarea></style></script>{}",
    "--><!-- -->{}",
    "]]>{}",
    '" onfocus="{}',
    "{{{{ {} }}}}",
    '\\">\x00{}',
)
"""Ways out of the text or the attribute that a vector stands in."""


def vectors() -> list[str]:
    """Return the vectors, each with a number that it reports when it runs."""
    found = []
    for way in BREAKS:
        for payload in PAYLOADS:
            report = RUN.format(len(found))
            found.append(way.format(payload.format(*[report] * payload.count("{}"))))
    return found


VECTORS = vectors()


def batched(found, size):
    return [found[at : at + size] for at in range(0, len(found), size)]


WATCH = "window.reports = []; window.ran = (number) => { window.reports.push(number); };"
FOUND = """
const own = /^\\/static\\/(suggest|keys|results|marks)\\.js$/;
const foreign = [...document.scripts].filter((one) => !own.test(new URL(one.src).pathname));
const armed = [...document.querySelectorAll("*")].filter(
  (one) => [...one.attributes].some((held) => held.name.startsWith("on")
    || (["href", "src", "action", "data"].includes(held.name)
        && /^\\s*(javascript|data|vbscript):/i.test(held.value))));
const elements = document.querySelectorAll("iframe, object, embed, img, base, style, template");
return [window.reports, foreign.length, armed.map((one) => one.outerHTML), elements.length];
"""
"""Reports of scripts that ran, and the markup on the page that is not ours."""


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """Serve articles, feeds and saved searches that are vectors, and yield the address."""
    folder = tmp_path_factory.mktemp("vectors")
    articles = [
        make_article(
            f"<file{number}>/{vector[:60]}",
            f"{vector} grain{number}",
            f"{vector} grain",
            source=vector,
            section=vector,
            agency=vector,
            dateline=vector,
            authors=(vector,),
            notices=(vector,),
            url=f"javascript:{RUN.format(number)}" if number % 2 else vector,
        )
        for number, vector in enumerate(VECTORS)
    ]
    settings = Settings(index=folder, raw=folder)
    with FeedState(settings.feed_state) as state:
        now = datetime.now(UTC)
        for number, vector in enumerate(VECTORS):
            state.subscriptions.add(f"https://x.example/{number}?{vector}", "page", now, vector)
            state.alerts.add(Alert(f"{number}{vector}"[:100], vector, now))
    service = SearchService(filled(MemoryEngine(), articles), SystemClock(), settings)
    with served_app(create_app(settings, service)) as at:
        yield at


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    driver = chromium(tmp_path_factory.mktemp("profile"), scripts=True)
    driver.execute_cdp_cmd("Page.setBypassCSP", {"enabled": True})
    driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": WATCH})
    yield driver
    driver.quit()


def check(browser, address):
    browser.get(address)
    assert browser.execute_script(FOUND) == [[], 0, [], 0], address


def test_there_are_many_and_they_run_where_nothing_is_escaped(browser, tmp_path):
    assert len(set(VECTORS)) >= 300
    ran = set()
    for number in range(len(PAYLOADS)):
        page = tmp_path / f"{number}.html"
        page.write_text(f"<!doctype html><meta charset=utf-8>{VECTORS[number]}", "utf-8")
        browser.get(page.as_uri())
        ran |= set(browser.execute_script("return window.reports"))
    assert len(ran) > len(PAYLOADS) / 2


@pytest.mark.parametrize("page", range(1, 5))
def test_articles(browser, address, page):
    check(browser, f"{address}/search?q=grain&n=100&page={page}&group=none&explain=on")


def test_pages_of_articles(browser, address):
    for number in range(0, len(VECTORS) - 1, 13):
        known = {"id": f"<file{number}>/{VECTORS[number][:60]}", "q": "grain"}
        other = {"b": f"<file{number + 1}>/{VECTORS[number + 1][:60]}"}
        check(browser, f"{address}/article?{urlencode(known)}")
        check(browser, f"{address}/compare?{urlencode({'a': known['id'], **other})}")
        check(browser, f"{address}/story?{urlencode(known)}")


@pytest.mark.parametrize("path", ["/", "/alerts", "/operator"])
def test_feeds_and_saved_searches(browser, address, path):
    check(browser, address + path)


def test_queries_and_filters(browser, address):
    names = ("q", "source", "section", "agency", "without", "lang")
    for some in batched(VECTORS, len(names)):
        check(browser, f"{address}/search?{urlencode(dict(zip(names, some, strict=False)))}")


def test_other_parameters(browser, address):
    names = ("all", "phrase", "any", "none", "title", "source", "lang", "after", "before")
    for some in batched(VECTORS[::3], len(names)):
        check(browser, f"{address}/advanced?{urlencode(dict(zip(names, some, strict=False)))}")
    for vector in VECTORS[: len(PAYLOADS)]:
        check(
            browser, f"{address}/attention?{urlencode({'q': vector, 'by': vector, 'ui': vector})}"
        )
        check(browser, f"{address}/article?{urlencode({'id': vector, 'version': vector})}")


def test_addresses_of_articles_are_web_addresses(address, browser):
    """A link of another scheme is none."""
    known = urlencode({"id": f"<file1>/{VECTORS[1][:60]}"})
    with urlopen(f"{address}/article?{known}") as answer:
        assert not re.search(r'href="\s*javascript:', answer.read().decode(), re.IGNORECASE)
