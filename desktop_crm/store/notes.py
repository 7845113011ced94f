"""Queries on dated notes."""

from __future__ import annotations

from desktop_crm.records.notes import Note
from desktop_crm.store.rows import Database


def of_customer(db: Database, customer_id: int, limit: int) -> list[Note]:
    """One customer's notes, latest first."""
    return db.records(
        Note,
        "SELECT * FROM notes WHERE customer_id = ? ORDER BY day DESC, at DESC, id DESC LIMIT ?",
        (customer_id, limit),
    )


def pinned(db: Database, customer_id: int) -> list[Note]:
    """One customer's pinned notes, latest first."""
    return db.records(
        Note,
        "SELECT * FROM notes WHERE customer_id = ? AND pinned ORDER BY day DESC, at DESC, id DESC",
        (customer_id,),
    )
