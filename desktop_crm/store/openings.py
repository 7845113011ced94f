"""Rows of what customers bring along from another program: sums without their sales."""

from __future__ import annotations

from desktop_crm.records.openings import OpeningSummary
from desktop_crm.store.rows import Database


def of_customer(db: Database, customer_id: int) -> list[OpeningSummary]:
    """A customer's summaries, the oldest first; several where cards became one."""
    return db.records(
        OpeningSummary, "SELECT * FROM opening_summaries WHERE customer_id = ? ORDER BY id", (customer_id,)
    )
