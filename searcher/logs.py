"""Log lines: the time, the level, the event and its fields, as JSON objects or as text."""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime
from typing import Any

_PARSERS = ("pypdf", "trafilatura")
"""The loggers of libraries that log defects of the files that they parse."""

_LOGGER = logging.getLogger("searcher")


class JsonFormatter(logging.Formatter):
    """Formats a record as one line with a JSON object."""

    def format(self, record: logging.LogRecord) -> str:
        moment = (
            datetime.fromtimestamp(record.created, UTC)
            .isoformat(timespec="milliseconds")
            .replace("+00:00", "Z")
        )
        line: dict[str, Any] = {
            "time": moment,
            "level": record.levelname.lower(),
            "event": record.getMessage(),
        }
        line |= getattr(record, "fields", {})
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


class PlainFormatter(logging.Formatter):
    """Formats a record as a line of text for people."""

    def format(self, record: logging.LogRecord) -> str:
        fields = getattr(record, "fields", {})
        shown = " · ".join(
            f"{name} {_printable(value)}"
            for name, value in fields.items()
            if value not in ("", None, 0)
        )
        moment = datetime.fromtimestamp(record.created).strftime("%H:%M:%S")
        error = "\n" + self.formatException(record.exc_info) if record.exc_info else ""
        level = record.levelname.lower()
        return f"{moment} {level:7} {record.getMessage()}{': ' + shown if shown else ''}{error}"


def _printable(value: Any) -> str:
    """Return a value as text without control characters, which a terminal would execute: values
    come from servers."""
    return "".join(char if char.isprintable() else "\ufffd" for char in str(value))


def configure(level: str, as_json: bool) -> None:
    """Send the log to standard error.

    level: "debug", "info", "warning" or "error".
    as_json: whether lines are JSON objects.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter() if as_json else PlainFormatter())
    _LOGGER.handlers[:] = [handler]
    _LOGGER.propagate = False
    _LOGGER.setLevel(level.upper())


def quiet_parsers() -> None:
    """Hide the log lines of the libraries that parse pages and PDFs; a program calls this once.

    They log each defect of a file. Defects that matter are in the articles' warnings and among the
    skipped files.
    """
    for name in _PARSERS:
        logging.getLogger(name).setLevel(logging.CRITICAL)


def log(
    event: str, level: int = logging.INFO, error: BaseException | None = None, /, **fields: Any
) -> None:
    """Log an event.

    event: its name, the same words each time.
    level: a level of `logging`.
    error: an exception whose trace is logged, too.
    fields: its values by name.
    """
    _LOGGER.log(level, event, extra={"fields": fields}, exc_info=error)
