"""EPUB 2 and 3: e-papers, newsletters, reports and books.

**Articles.** An e-paper has a document for each article, and names them in its table of contents;
people look for the article, not for the issue. So each document that the table of contents names is
an article, with the documents up to the next one that it names. A book's chapters are articles for
the same reason. A publication whose table of contents names fewer than two documents is one
article.

**Library.** EbookLib was not chosen: its licence (AGPL) does not go with ours, and it unpacks every
member without bounds.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from searcher.article import Document, Origin, Rejected
from searcher.sources.epub_document import text_of
from searcher.sources.epub_package import CONTAINER, About, Entry, Publication, read_publication
from searcher.sources.protocol import RawInput
from searcher.sources.zipped import Package, names_in

_MEDIA_TYPE = "mimetype:application/epub+zip"

_FEWEST_ARTICLES = 2
"""Documents in the table of contents from which on each of them is an article."""

_NO_TEXT = "an EPUB without text: {}"
"""The reason, with a `Text.fault`, for which a publication is rejected."""

_NO_TEXT_IN = "the document {!r} of an EPUB is without text: {}"
"""The same for a document that the table of contents names."""

_LONGEST_NAME = 100
"""Maximum number of characters of a document's name that a reason quotes."""


class EpubReader:
    """An article for each document that the table of contents names, else one for all of them.

    Raises UnreadableFile for an EPUB that is damaged, protected (DRM) or has no documents.
    """

    format = "epub"
    is_binary = True

    def recognises(self, head: bytes) -> bool:
        return self.has_names(names_in(head))

    def has_names(self, names: Collection[str]) -> bool:
        return _MEDIA_TYPE in names or CONTAINER in names

    def read(self, raw: RawInput) -> Iterator[Document | Rejected]:
        package = Package(raw.read(), raw.name, "an EPUB")
        publication = read_publication(package)
        named = {one.member for one in publication.contents} & set(publication.spine)
        if len(named) < _FEWEST_ARTICLES:
            yield _whole(package, publication, Origin(raw.name))
        else:
            yield from _articles(package, publication, raw.name)


def _whole(package: Package, publication: Publication, origin: Origin) -> Document | Rejected:
    """Return the publication as one article."""
    about = publication.about
    parts = [text_of(package.read(member)) for member in publication.spine]
    texts = [text for part in parts for text in (part.headline, *part.paragraphs) if text]
    title = about.title or parts[0].headline
    if texts and texts[0].casefold() == title.casefold():
        texts = texts[1:]
    if not texts:
        return Rejected(origin, _NO_TEXT.format(parts[0].fault or "a headline alone"))
    authors = about.creators or [name for part in parts for name in part.authors]
    entry = Entry("", title)
    return _document(origin, about, entry, texts, authors, about.publisher, about.identifier)


def _articles(
    package: Package, publication: Publication, name: str
) -> Iterator[Document | Rejected]:
    """Yield an article for each document that the table of contents names.

    One without text is rejected, unless it is the front of a section: its text is links.
    """
    known: dict[str, Entry] = {}
    for one in publication.contents:
        known.setdefault(one.member, one)
    groups: list[list[str]] = []
    for member in publication.spine:
        if member in known or not groups:
            groups.append([])
        groups[-1].append(member)
    found = False
    for number, group in enumerate(groups, 1):
        entry = known.get(group[0], Entry(group[0], publication.about.title))
        document = _article(package, publication.about, Origin(name, number), group, entry)
        if isinstance(document, Document) or (group[0] in known and not entry.is_front):
            found = True
            yield document
    if not found:
        yield Rejected(Origin(name), _NO_TEXT.format("links or markup alone"))


def _article(
    package: Package, about: About, origin: Origin, group: Sequence[str], entry: Entry
) -> Document | Rejected:
    """Return the article in a group of documents; Rejected where there is no text.

    Of the front of a section, the links to its articles are left out.
    """
    first, *others = (text_of(package.read(member), entry.is_front) for member in group)
    rest = [text for one in others for text in (one.headline, *one.paragraphs) if text]
    paragraphs = [*first.paragraphs, *rest]
    if not paragraphs:
        return Rejected(origin, _NO_TEXT_IN.format(group[0][:_LONGEST_NAME], first.fault))
    entry = Entry(entry.member, first.headline or entry.label, entry.section)
    identifier = f"{about.identifier}#{group[0]}" if about.identifier else ""
    authors = first.authors or about.persons
    return _document(origin, about, entry, paragraphs, authors, about.title, identifier)


def _document(
    origin: Origin,
    about: About,
    entry: Entry,
    paragraphs: Sequence[str],
    authors: Sequence[str],
    source: str,
    identifier: str,
) -> Document:
    return Document(
        origin,
        EpubReader.format,
        headline=entry.label,
        paragraphs=tuple(paragraphs),
        given_id=identifier,
        authors=tuple(authors),
        source=source,
        section=entry.section,
        language=about.language,
        dates=tuple(("epub", text) for text in about.dates),
        updates=tuple(("epub", text) for text in about.updates),
    )
