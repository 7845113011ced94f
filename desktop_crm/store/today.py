"""The one question that only the day at a glance asks of the shop file."""

from __future__ import annotations

from desktop_crm.store.rows import Database


def any_customer(db: Database) -> bool:
    """Whether the shop has a card at all."""
    return (
        db.value("SELECT 1 FROM customers WHERE deleted_at IS NULL AND merged_into IS NULL LIMIT 1")
        is not None
    )
