"""Share of texts whose language is detected correctly, beside langdetect and py3langid:

python -m benchmarks.language DATA

DATA is a folder with language/{sentences,word-pairs,single-words}.jsonl, where each line is an
object with `lang` and `text`. If it has fundus/, the bodies of its pages are detected, too; if it
has reuters.jsonl.gz, the speed is measured. "Other languages" are those that langdetect has no
profile of: there the tag "und" counts as right, and with a declaration the declared language does.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import re
import time
from collections.abc import Callable, Mapping, Sequence
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
"""Function of a tool that returns the language of a text."""


def ours(text: str) -> str:
    return detect(text).language


def langdetect(text: str) -> str:
    from langdetect import detect as original
    from langdetect.lang_detect_exception import LangDetectException

    try:
        return language_code(original(text))
    except LangDetectException:
        return UNDETERMINED


def py3langid(text: str) -> str:
    """Return the language that py3langid detects. It has profiles of 97 languages, and no "und"."""
    import py3langid as original

    return language_code(original.classify(text)[0])


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "data", type=Path, help="folder with language/, and perhaps fundus/ and reuters.jsonl.gz"
    )
    folder = parser.parse_args().data
    from langdetect import DetectorFactory

    DetectorFactory.seed = 0
    known = set(profiles().languages)
    peers = _installed()
    columns = (
        "texts",
        *(f"{name}, share right" for name in peers),
        *(f"{name}, other languages right or und" for name in peers),
        "ours, other languages with a declaration",
    )
    print(f"| {' | '.join(columns)} |")
    print(f"|{' --- |' * len(columns)}")
    for name in ("sentences", "word-pairs", "single-words"):
        samples = _samples(folder / "language" / f"{name}.jsonl")
        profiled = [sample for sample in samples if sample[0] in known]
        others = [sample for sample in samples if sample[0] not in known]
        declared = sum(
            detect(text, language).language == language for language, text in others
        ) / len(others)
        cells = (
            *(f"{_right(profiled, peer):.4f}" for peer in peers.values()),
            *(f"{_right(others, peer, True):.3f}" for peer in peers.values()),
            f"{declared:.3f}",
        )
        print(f"| {name} | {' | '.join(cells)} |", flush=True)
    if (folder / "fundus").exists():
        print(_on_pages(folder, known, peers))
    if (folder / "reuters.jsonl.gz").exists():
        _time(folder, peers)


def _installed() -> dict[str, Detector]:
    """Return the detectors that are installed, by name; ours first."""
    found: dict[str, Detector] = {"ours": ours, "langdetect": langdetect}
    if importlib.util.find_spec("py3langid"):
        found["py3langid"] = py3langid
    return found


def _samples(path: Path) -> list[tuple[str, str]]:
    with path.open(encoding="utf-8") as lines:
        return [(language_code(row["lang"]), row["text"]) for row in map(json.loads, lines)]


def _right(
    samples: Sequence[tuple[str, str]], detector: Detector, or_undetermined: bool = False
) -> float:
    accepted = (UNDETERMINED,) if or_undetermined else ()
    return sum(detector(text) in (language, *accepted) for language, text in samples) / len(samples)


def _on_pages(folder: Path, known: set[str], peers: Mapping[str, Detector]) -> str:
    """Return a row for the bodies of saved pages, detected without the declaration.

    Pages count that declare a language with a profile.
    """
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
    samples = [(language, body) for _, language, body in bodies]
    shares = (f"{_right(samples, peer):.4f}" for peer in peers.values())
    rest = f"; ours differs on {', '.join(wrong)}" if wrong else ""
    return (
        f"| {len(bodies)} bodies of pages | {' | '.join(shares)} |{' |' * (len(peers) + 1)}{rest}"
    )


def _time(folder: Path, peers: Mapping[str, Detector]) -> None:
    texts = [f"{title}\n{body}" for _, title, body in read(folder)]
    for name, detector in peers.items():
        count = len(texts) if name == "ours" else 1000
        begin = time.process_time()
        for text in texts[:count]:
            detector(text)
        print(f"{name}: {count / (time.process_time() - begin):,.0f} Reuters articles a second")


if __name__ == "__main__":
    main()
