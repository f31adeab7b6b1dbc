"""EPUB and DOCX files that tests make."""

from __future__ import annotations

import io
import zipfile

CONTAINER = '<container><rootfiles><rootfile full-path="a/book.opf"/></rootfiles></container>'


def packed(members: dict[str, str | bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file.getvalue()


def opf(documents: list[str], about: str = "", toc: str = "", spine: str = "") -> str:
    items = "".join(
        f'<item id="i{n}" href="{name}" media-type="application/xhtml+xml"/>'
        for n, name in enumerate(documents)
    )
    refs = spine or "".join(f'<itemref idref="i{n}"/>' for n in range(len(documents)))
    return (
        '<package xmlns:dc="http://purl.org/dc/elements/1.1/" unique-identifier="id" '
        f'xmlns:opf="http://www.idpf.org/2007/opf"><metadata>{about}</metadata>'
        f"<manifest>{items}{toc}</manifest><spine toc='ncx'>{refs}</spine></package>"
    )


def epub(pages: dict[str, str], more: dict[str, str | bytes] | None = None, **values) -> bytes:
    """Return an EPUB with these documents and metadata."""
    members = {"mimetype": "application/epub+zip", "META-INF/container.xml": CONTAINER}
    members["a/book.opf"] = opf(list(pages), **values)
    texts = {f"a/{name}": f"<html><body>{text}</body></html>" for name, text in pages.items()}
    return packed(members | texts | (more or {}))


def docx(body: str, **members: str | bytes) -> bytes:
    """Return a DOCX with this body, whose element names lack the prefix `w:`."""
    return packed(
        {
            "[Content_Types].xml": "<Types/>",
            "word/document.xml": f"<document><body>{body}</body></document>",
            **members,
        }
    )


def p(text: str, style: str = "") -> str:
    properties = f'<pPr><pStyle val="{style}"/></pPr>' if style else ""
    return f"<p>{properties}<r><t>{text}</t></r></p>"


def odt(body: str, about: str = "") -> bytes:
    """Return an ODT with this text, and these properties."""
    namespaces = " ".join(f'xmlns:{name}="{name}"' for name in "office text table dc meta".split())
    return packed(
        {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "content.xml": f"<office:document-content {namespaces}><office:body><office:text>{body}"
            "</office:text></office:body></office:document-content>",
            "meta.xml": f"<office:document-meta {namespaces}><office:meta>{about}"
            "</office:meta></office:document-meta>",
        }
    )
