"""The advanced form: fields that write a query, and the query that they write."""

from __future__ import annotations

import re
from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

_WORD = re.compile(r'"[^"]*"|\S+')
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


def advanced_form(args: MultiDict[str, str]) -> AdvancedForm:
    """Return the fields that the parameters of an address state."""
    return AdvancedForm(
        **{name: args.get(name, "")[:_LONGEST] for name in AdvancedForm.__dataclass_fields__}
    )


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
