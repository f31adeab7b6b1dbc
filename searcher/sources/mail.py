"""Mail: a message (.eml), a mailbox (.mbox), and pages that a browser saved as MHTML."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from email import policy
from email.errors import MessageError
from email.headerregistry import HeaderRegistry
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import parseaddr

from searcher.article import Document, Origin, Rejected
from searcher.sources.html import read_page
from searcher.sources.markup import paragraphs_of
from searcher.sources.protocol import RawInput
from searcher.text.boilerplate import matches
from searcher.text.cleaning import split_paragraphs
from searcher.text.encoding import decode

_HEADER = re.compile(
    rb"(?:Received|Return-Path|Delivered-To|Message-ID|MIME-Version|Date|Subject|From|To|Reply-To|List-[\w-]+|X-[\w-]+|"
    rb"Content-[\w-]+|DKIM-Signature|ARC-[\w-]+|Authentication-Results|Sender|Envelope-To)\s*:",
    re.IGNORECASE,
)

_FEWEST_HEADERS = 3
"""Minimum number of known header lines of a message. A text can begin with one or two ("Date:")."""

_LINES_LOOKED_AT = 40
"""Number of lines at the beginning in which header lines are counted."""

_ENVELOPE = b"From "
"""The beginning of the line before each message of a mailbox."""

_SEPARATOR = re.compile(
    rb"(?:\A|\r?\n\r?\n)From \S{1,200}(?: at \S{1,200})?"
    rb"(?: +\w+)? +\w{3} \w{3} +\d[^\r\n]{0,60}\r?\n"
)

_LINK = re.compile(r"https?://[^\s<>\"']{4,500}")

_LONGEST_HEADER = 2000
"""Maximum number of characters of a header that are parsed. The standard library's parser takes
quadratic time."""

_REGISTRY = HeaderRegistry()
_POLICY = policy.default.clone(
    header_factory=lambda name, value: _REGISTRY(name, value[:_LONGEST_HEADER])
)


class MailReader:
    """Each message is an article: the subject is its headline, the sender its source."""

    format = "mail"
    is_binary = False

    def recognises(self, head: bytes) -> bool:
        lines = head.lstrip().splitlines()[:_LINES_LOOKED_AT]
        if lines and lines[0].startswith(_ENVELOPE):
            lines = lines[1:]
        return (
            bool(lines)
            and bool(_HEADER.match(lines[0]))
            and sum(1 for line in lines if _HEADER.match(line)) >= _FEWEST_HEADERS
        )

    def read(self, raw: RawInput) -> Iterator[Document | Rejected]:
        for number, data in enumerate(_messages(raw.read()), 1):
            yield _document(data, Origin(raw.name, number))


def _messages(data: bytes) -> list[bytes]:
    """Return the messages of a mailbox, or the one message.

    In a mailbox an empty line and a line "From sender date" precede each message.
    """
    if not data.startswith(_ENVELOPE):
        return [data.lstrip()]
    parts = _SEPARATOR.split(data)
    return [part for part in parts if part.strip()]


def _document(data: bytes, origin: Origin) -> Document | Rejected:
    try:
        message = BytesParser(policy=_POLICY).parsebytes(data)
        if page := _saved_page(message, origin):
            return page
        headline, paragraphs = _header(message, "Subject"), _paragraphs(message)
        sender, date = parseaddr(_header(message, "From")), _header(message, "Date")
        identifier, language = _header(message, "Message-ID"), _header(message, "Content-Language")
        address = _header(message, "Archived-At")
    except (
        MessageError,
        ValueError,
        LookupError,
        TypeError,
        AttributeError,
        RecursionError,
    ) as error:
        # The standard library's parser raises all of these on malformed headers.
        return Rejected(origin, f"an invalid message ({str(error)[:80]})")
    if not headline and not paragraphs:
        return Rejected(origin, "a message without subject and text")
    link = _LINK.search(address)
    return Document(
        origin,
        MailReader.format,
        headline=headline,
        paragraphs=paragraphs,
        given_id=identifier.strip("<> "),
        url=link.group() if link else "",
        source=sender[0] or sender[1].rpartition("@")[2],
        language=language.partition(",")[0],
        dates=(("mail", date),) if date else (),
    )


def _saved_page(message: EmailMessage, origin: Origin) -> Document | Rejected | None:
    """Return the article of a page that a browser saved as MHTML; None for other messages.

    MHTML is a message whose parts are the page and its pictures.
    """
    part = (
        message.get_body(("html",)) if message.get_content_type() == "multipart/related" else None
    )
    if part is None or not (
        address := part.get("Content-Location") or _header(message, "Snapshot-Content-Location")
    ):
        return None
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return Rejected(origin, "a saved page without text")
    saved = message.get("Date")
    return read_page(
        payload,
        origin,
        str(address),
        part.get_content_charset() or "",
        getattr(saved, "datetime", None),
        "mhtml",
    )


def _header(message: EmailMessage, name: str) -> str:
    return str(message.get(name) or "")


def _paragraphs(message: EmailMessage) -> tuple[str, ...]:
    """Return the text of a message, of the part with markup if there is one.

    The plain part of a newsletter is often only a request to open the other one.
    """
    for kind in ("html", "plain"):
        part = message.get_body((kind,))
        payload = part.get_payload(decode=True) if part is not None else None
        if part is not None and isinstance(payload, bytes) and payload.strip():
            text = decode(payload, part.get_content_charset() or "")[0]
            paragraphs = paragraphs_of(text) if kind == "html" else ()
            found = paragraphs or tuple(split_paragraphs(text))
            if found := _without_frame(found):
                return found
    return ()


def _without_frame(paragraphs: Sequence[str]) -> tuple[str, ...]:
    """Return a newsletter's paragraphs without its buttons and without its footer."""
    kept = [line for line in paragraphs if not matches("button", line)]
    end = next(
        (number for number, line in enumerate(kept) if number and matches("footer", line)),
        len(kept),
    )
    return tuple(kept[:end])
