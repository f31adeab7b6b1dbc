"""Quality of the articles read from saved pages, beside other tools:

python -m benchmarks.extraction DATA [--misses]

DATA is a folder with fundus/.
- Bodies are scored as in scrapinghub's article-extraction-benchmark: the mean precision and recall
  of 4-grams of words over all pages, and their F1. Soft hyphens are removed.
- Headlines have to be equal, except for case, quotation marks, dashes and white space.
- Dates are compared by day and by minute, in UTC; htmldate is the other tool, by day.
- Authors have the mean F1 over the pages.
- Times are of one process; ours include the metadata and the language.
"""

from __future__ import annotations

import argparse
import logging
import re
import statistics
import time
import unicodedata
import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime
from html import unescape
from pathlib import Path

from benchmarks.fundus import SavedPage, pages
from searcher.article import Article, Origin
from searcher.clock import SystemClock
from searcher.reading.normalise import normalise
from searcher.sources.html import read_page

_WORD = re.compile(r"\w+")
_QUOTES = re.compile("[„“”«»‟‘’‚‛`´'\"‹›「」『』]")
_DASHES = re.compile("[‐-―−]")
_SOFT_HYPHEN = "\u00ad"
"""The soft hyphen, which is shown only at the end of a line."""
Extractor = Callable[[str], str]
"""Function of a tool that returns the body of a page."""


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
    _metadata(found, articles, options.misses)
    if options.misses:
        scores = [
            (_f1(*_shares(truth, text)), found[n].name)
            for truth, text, n in zip(truths, ours, with_body, strict=True)
        ]
        for score, name in sorted(scores)[:20]:
            print(f"{score:.3f} {name}")


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
    shares = [_shares(truth, text) for truth, text in zip(truths, texts, strict=True)]
    precision, recall = (statistics.fmean(values) for values in zip(*shares, strict=True))
    middle, late = statistics.median(times) * 1000, statistics.quantiles(times, n=20)[-1] * 1000
    print(
        f"| {name} | {_f1(precision, recall):.4f} | {precision:.3f} | {recall:.3f} | {middle:.1f} "
        f"| {late:.0f} |",
        flush=True,
    )


def _shares(truth: str, text: str) -> tuple[float, float]:
    """Return the precision and recall of the 4-grams of one page."""
    wanted, got = _shingles(truth), _shingles(text)
    both = (wanted & got).total()
    return (both / got.total() if got else 0.0), (both / wanted.total() if wanted else 1.0)


def _shingles(text: str) -> Counter[tuple[str, ...]]:
    words = _WORD.findall(text.replace(_SOFT_HYPHEN, ""))
    return Counter(tuple(words[at : at + 4]) for at in range(max(1, len(words) - 3)) if words)


def _f1(precision: float, recall: float) -> float:
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def _metadata(found: Sequence[SavedPage], articles: Sequence[Article], misses: bool) -> None:
    pairs = list(zip(found, articles, strict=True))
    headlines = [(page, article) for page, article in pairs if page.headline]
    right = [_plain(page.headline) == _plain(article.headline) for page, article in headlines]
    dates = [(_utc(page.published), article) for page, article in pairs if page.published]
    given = [article.published.value if article.published else None for _, article in dates]
    days = [
        one is not None and one.date() == wanted.date()
        for (wanted, _), one in zip(dates, given, strict=True)
    ]
    dated = [page for page in found if page.published]
    theirs = [
        _htmldate(page.data.decode("utf-8", "replace")) == wanted.date()
        for page, (wanted, _) in zip(dated, dates, strict=True)
    ]
    minutes = [
        one is not None
        and one.replace(second=0, microsecond=0) == wanted.replace(second=0, microsecond=0)
        for (wanted, _), one in zip(dates, given, strict=True)
    ]
    authors = [_names_f1(page.authors, article.authors) for page, article in pairs]
    print(f"\nheadline {statistics.fmean(right):.4f} of {len(right)}")
    print(
        f"day {statistics.fmean(days):.4f} (htmldate {statistics.fmean(theirs):.4f}), "
        f"minute {statistics.fmean(minutes):.4f} of {len(dates)}"
    )
    print(f"authors F1 {statistics.fmean(authors):.4f}")
    if not misses:
        return
    for (page, article), fits in zip(headlines, right, strict=True):
        if not fits:
            print(f"{page.name} headline: {article.headline!r}, not {page.headline!r}")
    for (wanted, article), fits in zip(dates, minutes, strict=True):
        if not fits:
            print(f"{article.origin.file} date: {article.published}, not {wanted}")
    for (page, article), score in zip(pairs, authors, strict=True):
        if score < 1:
            print(f"{page.name} authors: {article.authors}, not {page.authors}")


def _plain(text: str) -> str:
    text = unicodedata.normalize("NFKC", unescape(text)).casefold()
    text = _DASHES.sub("-", _QUOTES.sub("'", re.sub("[\u00ad\u200b-\u200f\u2060\ufeff]", "", text)))
    return re.sub(r"\s*([:;,.!?+|-])\s*", r"\1", " ".join(text.split())).strip(" .'")


def _utc(moment: datetime | None) -> datetime:
    assert moment is not None
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def _names_f1(wanted: Iterable[str], got: Iterable[str]) -> float:
    first, second = (
        {" ".join(_WORD.findall(name.casefold())) for name in names} for names in (wanted, got)
    )
    if not first or not second:
        return float(first == second)
    both = len(first & second)
    return _f1(both / len(second), both / len(first))


if __name__ == "__main__":
    main()
