"""Papers about people that leave as files: asked, counted and noted as every other export. What stands on them is reports/."""

from __future__ import annotations

from pathlib import Path

from desktop_crm.base.document import Document, Table
from desktop_crm.exporting.orders import Draft, ExportResult, Order, release
from desktop_crm.files import atomic
from desktop_crm.reports import output
from desktop_crm.shop import Shop


def people_listed(document: Document) -> int:
    """How many people a list on paper has: one for each row of its tables."""
    return sum(len(block.rows) for block in document.blocks if isinstance(block, Table))


def prepare(shop: Shop, document: Document, out: Path, people: int) -> Draft:
    """Write a paper beside its place, as .pdf or .xlsx; `orders.release` puts it there.

    Raises:
        NotAllowed, EndingUnknown, CrmError: nothing was written.
    """
    shop.require("export")
    content = output.content(document, out.suffix.lower())
    file = atomic.draft(out, lambda opened: opened.write(content))
    return Draft(Order("customers", out), people, people, document.title, file)


def save(shop: Shop, document: Document, out: Path, people: int) -> ExportResult:
    """Save a paper about so many people.

    Raises:
        CrmError: as `prepare`; nothing left the shop.
    """
    return release(shop, prepare(shop, document, out, people))
