"""Queries on what customers answered for one channel."""

from __future__ import annotations

from desktop_crm.records.customers import ChannelConsent
from desktop_crm.store.rows import Database


def of_customer(db: Database, customer_id: int) -> list[ChannelConsent]:
    """One customer's answers, each channel at most once."""
    return db.records(
        ChannelConsent, "SELECT * FROM consents WHERE customer_id = ? ORDER BY id", (customer_id,)
    )


def of_channel(db: Database, customer_id: int, channel: str) -> ChannelConsent | None:
    """The answer for one channel, or None."""
    return db.record(
        ChannelConsent, "SELECT * FROM consents WHERE customer_id = ? AND channel = ?", (customer_id, channel)
    )
