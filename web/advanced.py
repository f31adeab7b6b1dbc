"""The advanced form: fields that write a query, and the query that they write."""

from __future__ import annotations

import re
from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

_WORD = re.compile(r'"[^"]*"|\S+')
_PART = re.compile(
    r"""(?P<sign>[+-]?)(?:
        (?P<field>title|source|lang|after|before):(?:"(?P<value>[^"]*)"|(?P<bare>[^\s"()]+))
        |"(?P<phrase>[^"]*)"
        |\((?P<either>[^()":]+)\)
        |(?P<word>[^\s"():]+)
    )(?=\s|$)\s*""",
    re.VERBOSE,
)
"""A part of a query that a field of the form can write."""
_LONGEST = 1_000
"""Maximum number of characters of a field that are read."""


@dataclass(frozen=True, slots=True)
class AdvancedForm:
    """The fields of the form as typed."""

    all: str
    """Words that articles have to have."""
    phrase: str
    """Words that they have to have one after the other."""
    any: str
    """Words of which they have to have one."""
    none: str
    """Words that they must not have."""
    title: str
    """Words that the headline has to have."""
    source: str
    """Name or domain of the outlet."""
    lang: str
    """Codes or names of languages."""
    after: str
    """First day."""
    before: str
    """The day after the last."""

    @property
    def query(self) -> str:
        """The query that the fields write; "" if they are empty."""
        words = [f"+{word}" for word in _words(self.all)]
        if self.phrase.strip():
            words.append(f'+"{_plain(self.phrase)}"')
        either = _words(self.any)
        if either:
            words.append(f"+({' OR '.join(either)})" if len(either) > 1 else f"+{either[0]}")
        words += [f"-{word}" for word in _words(self.none)]
        words += [f"title:{word}" for word in _words(self.title)]
        if self.source.strip():
            words.append(f'source:"{_plain(self.source)}"')
        words += [
            f"{name}:{''.join(value.split())}"
            for name, value in (("lang", self.lang), ("after", self.after), ("before", self.before))
            if value.strip()
        ]
        return " ".join(words)


_NAMES = tuple(AdvancedForm.__dataclass_fields__)


def advanced_form(args: MultiDict[str, str]) -> AdvancedForm:
    """Return the fields that the parameters of an address state, or that write the query `q`."""
    if typed := args.get("q"):
        return read_back(typed[:_LONGEST]) or AdvancedForm(**dict.fromkeys(_NAMES, ""))
    return AdvancedForm(**{name: args.get(name, "")[:_LONGEST] for name in _NAMES})


def read_back(query: str) -> AdvancedForm | None:
    """Return the fields that write a query; None if the form cannot write it.

    Words without a sign are wanted; in the form they are required, as articles with all of them
    come first anyway.
    """
    fields: dict[str, list[str]] = {name: [] for name in _NAMES}
    at, query = 0, query.strip()
    while at < len(query):
        part = _PART.match(query, at)
        if part is None:
            return None
        at = part.end()
        name, text = _field_of(part)
        # Only words and phrases may stand more than once, the phrase among all the words.
        if not name or (fields[name] and name not in ("all", "none", "title")):
            return None
        fields[name].append(text)
    return AdvancedForm(**{name: " ".join(texts) for name, texts in fields.items()})


def _field_of(part: re.Match[str]) -> tuple[str, str]:
    """Return the field that writes a part of a query, with its text; "" if none does."""
    sign, word = part["sign"], part["word"] or ""
    if part["field"]:
        value = part["value"] if part["value"] is not None else part["bare"]
        return ("" if sign else part["field"], value)
    if part["phrase"] is not None:
        return {"-": ("none", f'"{part["phrase"]}"')}.get(sign, ("phrase", part["phrase"]))
    words = (part["either"] or word).split()
    if any(re.search(r"[*?~^=|&]|^[+-]", one) for one in words):
        return "", ""
    if part["either"]:
        alternatives = part["either"].split(" OR ")
        is_choice = sign != "-" and all(len(one.split()) == 1 for one in alternatives)
        return ("any" if is_choice else "", " ".join(alternatives))
    if word in ("OR", "AND", "NOT"):
        return "", ""
    return ("none" if sign == "-" else "all", word)


def _words(text: str) -> list[str]:
    """Return the words and quoted phrases of a field, without signs and operators."""
    found = []
    for part in _WORD.findall(text):
        if part.startswith('"') and len(part) > 2 and part.endswith('"'):
            found.append(part)
        else:
            word = re.sub(r'["()]', "", part).lstrip("+-=")
            found += [word] if re.search(r"\w", word) else []
    return [word.lower() if word in ("OR", "AND", "NOT") else word for word in found]


def _plain(text: str) -> str:
    return " ".join(re.sub('["“”„«»]', " ", text).split())
