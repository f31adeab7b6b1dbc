"""Settings: the option, else the environment, else the default."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import replace
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Settings:
    """Where things are and how much a request may cost.

    index: the index folder. raw: the folder of articles as they came.
    time_budget: seconds that one query may take before its result is cut short.
    lock_wait: seconds that a writer waits for another one.
    max_file_bytes: a file that has to be read whole may be this large after decompression.
    """

    index: Path = Path("index")
    raw: Path = Path("raw")
    host: str = "127.0.0.1"
    port: int = 8000
    time_budget: float = 2.0
    lock_wait: float = 10.0
    max_file_bytes: int = 64 << 20

    @classmethod
    def load(
        cls, environ: Mapping[str, str] = os.environ, index: str | None = None, raw: str | None = None
    ) -> Settings:
        """The folders from the environment, `index` and `raw` overriding it."""
        defaults = cls()
        return cls(
            index=Path(index or environ.get("SEARCHER_INDEX") or defaults.index),
            raw=Path(raw or environ.get("SEARCHER_RAW") or defaults.raw),
        )

    def served(self, environ: Mapping[str, str] = os.environ) -> Settings:
        """These settings with HOST and PORT from the environment. Raises ValueError for a bad PORT."""
        port = environ.get("PORT") or str(self.port)
        if not port.isdecimal() or not 0 < int(port) < 65536:
            raise ValueError(f"PORT must be a number from 1 to 65535, not {port!r}")
        return replace(self, host=environ.get("HOST") or self.host, port=int(port))
