"""Queries on contacts."""

from __future__ import annotations

from desktop_crm.records.interactions import Interaction
from desktop_crm.store.rows import Database


def of_customer(db: Database, customer_id: int, limit: int) -> list[Interaction]:
    """One customer's contacts, latest first."""
    return db.records(
        Interaction,
        "SELECT * FROM interactions WHERE customer_id = ? ORDER BY day DESC, at DESC, id DESC LIMIT ?",
        (customer_id, limit),
    )
