"""Writes the golden files anew: python tests/golden.py, from the root of the repository."""

from __future__ import annotations

import json
from pathlib import Path

from test_normalise import sample

if __name__ == "__main__":
    root = Path(__file__).parent.parent
    golden = json.dumps(sample(root), ensure_ascii=False, indent=1)
    (root / "tests/data/sample.json").write_text(golden + "\n", "utf-8")
