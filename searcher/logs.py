"""Log lines that a machine can read: an object of JSON each, with the time, the level, the event
and what belongs to it."""

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
    """A record as an object of JSON on one line."""

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
    """The same for people."""

    def format(self, record: logging.LogRecord) -> str:
        fields = getattr(record, "fields", {})
        told = " · ".join(
            f"{name} {_printable(value)}"
            for name, value in fields.items()
            if value not in ("", None, 0)
        )
        moment = datetime.fromtimestamp(record.created).strftime("%H:%M:%S")
        error = "\n" + self.formatException(record.exc_info) if record.exc_info else ""
        level = record.levelname.lower()
        return f"{moment} {level:7} {record.getMessage()}{': ' + told if told else ''}{error}"


def _printable(value: Any) -> str:
    """A value as text without what a terminal would take for commands: much of it comes from
    servers."""
    return "".join(char if char.isprintable() else "\ufffd" for char in str(value))


def configure(level: str, as_json: bool) -> None:
    """Sends the log to standard error. level: "debug", "info", "warning" or "error"."""
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
    """Logs an event, in words that stay the same, and its values."""
    _LOGGER.log(level, event, extra={"fields": fields}, exc_info=error)
