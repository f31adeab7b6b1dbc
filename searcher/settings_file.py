"""The file of settings: TOML with a value for each name."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any


def read_file(path: Path, known: Collection[str]) -> dict[str, str]:
    """Return the values of a file by the names of their settings, as an environment would hold
    them.

    known: the names of settings. Raises ValueError if the file cannot be read, or has a name or a
    value of another kind.
    """
    # Most commands read no file.
    import tomllib

    try:
        found = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise ValueError(f"{path} cannot be read: {error}") from error
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"{path} is not TOML: {error}") from error
    for name in found:
        if name not in known:
            raise ValueError(f"{path} has {name!r}, which is no setting{_instead(name, known)}")
    return {name: _text(path, name, value) for name, value in found.items()}


def check_names(environ: Mapping[str, str], known: Collection[str], prefix: str) -> None:
    """Raise ValueError if a variable of the environment with this prefix is no setting."""
    for name in environ:
        if name.startswith(prefix) and name not in known:
            raise ValueError(f"{name} is no setting{_instead(name, known)}")


def _instead(name: str, known: Collection[str]) -> str:
    """Return a question for the setting that was probably meant; "" if none is close."""
    # Slow to import, and needed for errors alone.
    from difflib import get_close_matches

    close = get_close_matches(name, known, 1)
    return f"; is {close[0]} meant?" if close else ""


def _text(path: Path, name: str, value: Any) -> str:
    match value:
        case bool():
            return "1" if value else "0"
        case str() | int() | float():
            return str(value)
        case list() if all(isinstance(one, str) for one in value):
            return " ".join(value)
    raise ValueError(f"{path}: {name} is a text, a number, true or false, or a list of texts")
