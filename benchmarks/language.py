"""How often the language of a text is told right, langdetect in the same run: `python -m
benchmarks.language DATA`.

DATA is a folder that holds language/{sentences,word-pairs,single-words}.jsonl, an object with lang
and text a line, and perhaps fundus/ (whose pages declare their language) and reuters.jsonl.gz (for
the time). Texts in languages that langdetect has no profile of count as right when they are tagged
"und" or with what was declared.
"""

from __future__ import annotations

import argparse
import json
import re
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks.corpus import read
from benchmarks.fundus import pages
from searcher.text.language import UNDETERMINED, detect, language_code
from searcher.text.profiles import profiles

_DECLARED = re.compile(rb"<html[^>]{0,500}?\slang=[\"']?([A-Za-z-]{2,10})")
_UNDECLARED = frozenset(
    ("za/Dizindaba_2025_11_16", "za/Ilanga_2025_12_03", "za/Isolezwe_2025_11_09")
)
"""Pages in isiXhosa and isiZulu that declare English."""
Detector = Callable[[str], str]


def ours(text: str) -> str:
    return detect(text).language


def langdetect(text: str) -> str:
    from langdetect import detect as original
    from langdetect.lang_detect_exception import LangDetectException

    try:
        return language_code(original(text))
    except LangDetectException:
        return UNDETERMINED


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path)
    folder = parser.parse_args().data
    from langdetect import DetectorFactory

    DetectorFactory.seed = 0
    known = set(profiles().languages)
    print(
        "| texts | share right: ours | langdetect | other languages und or declared: ours | "
        "langdetect |"
    )
    print("| --- | --- | --- | --- | --- |")
    for name in ("sentences", "word-pairs", "single-words"):
        samples = _samples(folder / "language" / f"{name}.jsonl")
        told = [sample for sample in samples if sample[0] in known]
        others = [sample for sample in samples if sample[0] not in known]
        declared = sum(
            detect(text, language).language == language for language, text in others
        ) / len(others)
        print(
            f"| {name} | {_right(told, ours):.4f} | {_right(told, langdetect):.4f} "
            f"| {_right(others, ours, True):.3f}; with a declaration {declared:.3f} "
            f"| {_right(others, langdetect, True):.3f} |",
            flush=True,
        )
    if (folder / "fundus").exists():
        print(_on_pages(folder, known))
    if (folder / "reuters.jsonl.gz").exists():
        _time(folder)


def _samples(path: Path) -> list[tuple[str, str]]:
    with path.open(encoding="utf-8") as lines:
        return [(language_code(row["lang"]), row["text"]) for row in map(json.loads, lines)]


def _right(
    samples: Sequence[tuple[str, str]], detector: Detector, or_undetermined: bool = False
) -> float:
    accepted = (UNDETERMINED,) if or_undetermined else ()
    return sum(detector(text) in (language, *accepted) for language, text in samples) / len(samples)


def _on_pages(folder: Path, known: set[str]) -> str:
    """Bodies of pages that declare a language that has a profile, detected without the
    declaration."""
    bodies = []
    for page in pages(folder):
        match = _DECLARED.search(page.data)
        language = language_code(match.group(1).decode()) if match else ""
        if page.body and page.name in _UNDECLARED:
            bodies.append((page.name, UNDETERMINED, page.body))
        elif page.body and language in known:
            bodies.append((page.name, language, page.body))
    wrong = [
        f"{name} ({language}): {ours(body)}"
        for name, language, body in bodies
        if ours(body) != language
    ]
    right = _right([(language, body) for _, language, body in bodies], langdetect)
    rest = f"; ours differs on {', '.join(wrong)}" if wrong else ""
    share = 1 - len(wrong) / len(bodies)
    return f"| {len(bodies)} Fundus bodies | {share:.4f} | {right:.4f} | | |{rest}"


def _time(folder: Path) -> None:
    texts = [f"{title}\n{body}" for _, title, body in read(folder)]
    for name, detector, count in (("ours", ours, len(texts)), ("langdetect", langdetect, 1000)):
        begin = time.process_time()
        for text in texts[:count]:
            detector(text)
        print(f"{name}: {count / (time.process_time() - begin):,.0f} Reuters articles a second")


if __name__ == "__main__":
    main()
