"""Saving a document: as PDF or workbook by the name's ending, whole or not at all."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from desktop_crm.base.document import Document
from desktop_crm.base.errors import CrmError
from desktop_crm.base.i18n import _
from desktop_crm.files import atomic, pdf, xlsx_document


@dataclass(frozen=True)
class Sheet:
    """A document, and the pages as they will be printed."""

    document: Document
    pdf: bytes


class EndingUnknown(CrmError):
    """A document can only be saved as .pdf or .xlsx."""


def save(document: Document, path: Path) -> int:
    """Write the document and return how many pages it has on paper.

    Raises:
        EndingUnknown: the name ends neither in .pdf nor in .xlsx. CrmError: the file could not be written.
    """
    paper = content(document, ".pdf")
    ending = path.suffix.lower()
    atomic.save(path, paper if ending == ".pdf" else content(document, ending))
    return pdf.pages(paper)


def content(document: Document, ending: str) -> bytes:
    """The bytes of the file that `save` would write.

    Raises:
        EndingUnknown: as there.
    """
    if ending == ".pdf":
        return pdf.document_to_pdf(document)
    if ending == ".xlsx":
        return xlsx_document.document_to_xlsx(document)
    raise EndingUnknown(
        _(
            "A report is saved as .pdf or .xlsx, not as “{ending}”. Choose another name; nothing was saved."
        ).format(ending=ending)
    )


def sheet(document: Document) -> Sheet:
    """The document with its pages."""
    return Sheet(document, content(document, ".pdf"))


def page_count(paper: bytes) -> int:
    """How many pages a PDF has."""
    return pdf.pages(paper)


def page_images(paper: bytes, dpi: float, first: int = 0, count: int | None = None) -> list[bytes]:
    """Pages of a PDF as PNG files, for the screen and the printer; see `files.pdf.page_images`."""
    return pdf.page_images(paper, dpi, first, count)
