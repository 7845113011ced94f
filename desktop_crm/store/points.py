"""Rows of loyalty points: the ledger."""

from __future__ import annotations

from desktop_crm.records.points import PointEntry
from desktop_crm.store.rows import Database


def total(db: Database, customer_id: int) -> int | None:
    """The sum of a customer's entries, None where there are none."""
    found: int | None = db.value(
        "SELECT sum(points) FROM point_entries WHERE customer_id = ?", (customer_id,)
    )
    return found


def entries(db: Database, customer_id: int) -> list[PointEntry]:
    """A customer's ledger, the oldest first."""
    return db.records(
        PointEntry, "SELECT * FROM point_entries WHERE customer_id = ? ORDER BY at, id", (customer_id,)
    )
