"""Rows of after-sales terms; what they mean for a device is in after_sales.py."""

from __future__ import annotations

from desktop_crm.records.after_sales import AfterSalesTerm
from desktop_crm.store.rows import Database


def listing(db: Database, active_only: bool) -> list[AfterSalesTerm]:
    """All terms in their order."""
    return db.records(
        AfterSalesTerm,
        "SELECT * FROM after_sales_terms WHERE active OR NOT ? ORDER BY position, id",
        (active_only,),
    )


def last_position(db: Database) -> int:
    """The highest position that a term has, -1 if there is none."""
    return int(db.value("SELECT coalesce(max(position), -1) FROM after_sales_terms"))
