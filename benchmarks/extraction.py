"""Quality of the articles read from saved pages, beside other tools:

python -m benchmarks.extraction DATA [--misses]

DATA is a folder with fundus/. Scores are those of `page_scores`, over all pages and by country: a
rule that helps one country alone was made from its pages. `leaving_out` measures a constant of a
rule on the countries that it was not chosen on. Times are of one process; ours include the metadata
and the language.
"""

from __future__ import annotations

import argparse
import logging
import statistics
import time
import warnings
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from pathlib import Path

from benchmarks.fundus import SavedPage, pages
from benchmarks.page_scores import Scores, countries, f1, rows, scores_of, shares, utc
from searcher.article import Article, Origin
from searcher.clock import SystemClock
from searcher.reading.normalise import normalise
from searcher.sources.html import read_page

Extractor = Callable[[str], str]
"""Function of a tool that returns the body of a page."""
_GOOD = 0.95
"""F1 of a body below which --misses lists the page."""


def _trafilatura(html: str) -> str:
    import trafilatura

    return trafilatura.extract(html, include_comments=False) or ""


def _trafilatura_precise(html: str) -> str:
    import trafilatura

    return trafilatura.extract(html, include_comments=False, favor_precision=True) or ""


def _readability(html: str) -> str:
    from lxml.html import fromstring
    from readability import Document

    return str(fromstring(Document(html).summary(html_partial=True)).text_content())


def _newspaper(html: str) -> str:
    import newspaper

    article = newspaper.Article("https://example.org/a", fetch_images=False)
    article.download(input_html=html)
    article.parse()
    return str(article.text or "")


def _resiliparse(html: str) -> str:
    from resiliparse.extract.html2text import extract_plain_text

    return str(
        extract_plain_text(html, main_content=True, alt_texts=False, links=False, comments=False)
        or ""
    )


def _paragraphs(html: str) -> str:
    """Return the p elements of article, else of main, else of the page, by beautifulsoup4."""
    from bs4 import BeautifulSoup

    soup = BeautifulSoup(html, "lxml")
    root = soup.find("article") or soup.find("main") or soup
    return "\n".join(element.get_text(" ") for element in root.find_all("p"))


def _htmldate(html: str) -> date | None:
    """Return the day of publication that htmldate finds."""
    from htmldate import find_date

    found = find_date(html, original_date=True)
    return date.fromisoformat(found) if found else None


_TOOLS: dict[str, Extractor] = {
    "trafilatura": _trafilatura,
    "trafilatura, precise": _trafilatura_precise,
    "readability-lxml": _readability,
    "newspaper4k": _newspaper,
    "resiliparse": _resiliparse,
    "beautifulsoup4 <p>": _paragraphs,
}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path, help="folder with fundus/, the saved pages")
    parser.add_argument(
        "--misses", action="store_true", help="also list the pages on which our result differs"
    )
    options = parser.parse_args()
    # Tools log pages that they cannot read; the table counts them instead.
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    found = list(pages(options.data))
    now = SystemClock().now()
    articles, times = [], []
    for page in found:
        begin = time.process_time()
        articles.append(normalise(read_page(page.data, Origin(page.name)), now))
        times.append(time.process_time() - begin)
    print(
        "| bodies | F1 | precision | recall | ms, median | ms, 95% |\n| --- | --- | --- | --- | "
        "--- | --- |"
    )
    with_body = [number for number, page in enumerate(found) if page.body]
    truths = [found[number].body or "" for number in with_body]
    ours = ["\n".join(articles[number].paragraphs) for number in with_body]
    _show("ours, with metadata", truths, ours, times)
    for name, extract in _TOOLS.items():
        _show_tool(name, extract, truths, [found[number] for number in with_body])
    _show_metadata(found, articles, options.misses)


def _show_tool(
    name: str, extract: Extractor, truths: Sequence[str], some: Sequence[SavedPage]
) -> None:
    texts, times, failed = [], [], 0
    try:
        extract(
            "<html><body><article><p>One paragraph of a page to begin "
            "with.</p></article></body></html>"
        )
    except ImportError as error:
        print(f"| {name} | not installed: {error.name} |")
        return
    except Exception as error:
        print(f"{name}: {error}")
    for page in some:
        begin = time.process_time()
        try:
            texts.append(extract(page.data.decode("utf-8", "replace")))
        except Exception:
            failed += 1
            texts.append("")
        times.append(time.process_time() - begin)
    _show(name + (f" (fails on {failed})" if failed else ""), truths, texts, times)


def _show(name: str, truths: Iterable[str], texts: Iterable[str], times: Sequence[float]) -> None:
    found = [shares(truth, text) for truth, text in zip(truths, texts, strict=True)]
    precision, recall = (statistics.fmean(values) for values in zip(*found, strict=True))
    middle, late = statistics.median(times) * 1000, statistics.quantiles(times, n=20)[-1] * 1000
    print(
        f"| {name} | {f1(precision, recall):.4f} | {precision:.3f} | {recall:.3f} | {middle:.1f} "
        f"| {late:.0f} |",
        flush=True,
    )


def _show_metadata(found: Sequence[SavedPage], articles: Sequence[Article], misses: bool) -> None:
    by_page = {
        page.name: scores_of(page, article) for page, article in zip(found, articles, strict=True)
    }
    table = rows({"all": list(by_page.values()), **countries(by_page)}, "country")
    print("", *table, sep="\n")
    theirs = [
        float(_htmldate(page.data.decode("utf-8", "replace")) == utc(page.published).date())
        for page in found
        if page.published
    ]
    print(f"\nday of htmldate: {statistics.fmean(theirs):.3f} of {len(theirs)}")
    if misses:
        for page, article in zip(found, articles, strict=True):
            _show_misses(page, article, by_page[page.name])


def _show_misses(page: SavedPage, article: Article, scores: Scores) -> None:
    """Print the fields of a page that differ from the expected ones."""
    if scores.headline == 0:
        print(f"{page.name} headline: {article.headline!r}, not {page.headline!r}")
    if scores.minute == 0:
        print(f"{page.name} date: {article.published}, not {page.published}")
    if scores.authors < 1:
        print(f"{page.name} authors: {article.authors}, not {page.authors}")
    if scores.body and (score := f1(*scores.body)) < _GOOD:
        print(f"{page.name} body: {score:.3f}")


if __name__ == "__main__":
    main()
