"""Rows of what customers owe: the ledger."""

from __future__ import annotations

from desktop_crm.records.balance import BalanceEntry
from desktop_crm.store.rows import Database


def due_fen(db: Database, customer_id: int) -> int:
    """The sum of a customer's ledger: above 0 they owe, below 0 the shop does."""
    return int(
        db.value(
            "SELECT coalesce(sum(amount_fen), 0) FROM balance_entries WHERE customer_id = ?", (customer_id,)
        )
    )


def entries(db: Database, customer_id: int) -> list[BalanceEntry]:
    """A customer's ledger, the oldest first."""
    return db.records(
        BalanceEntry, "SELECT * FROM balance_entries WHERE customer_id = ? ORDER BY at, id", (customer_id,)
    )


def of_sale_fen(db: Database, purchase_id: int) -> int:
    """The sum of the entries about one sale."""
    return int(
        db.value(
            "SELECT coalesce(sum(amount_fen), 0) FROM balance_entries WHERE purchase_id = ?", (purchase_id,)
        )
    )


def debtors(db: Database) -> list[tuple[int, str, int, str]]:
    """(customer id, name, fen owed, day of their oldest entry) of every live card that owes, the most first."""
    return [
        (customer_id, name, fen, day)
        for customer_id, name, fen, day in db.rows(
            "SELECT c.id, c.name, sum(b.amount_fen) AS due, min(b.day) FROM balance_entries b "
            "JOIN customers c ON c.id = b.customer_id WHERE c.deleted_at IS NULL AND c.merged_into IS NULL "
            "GROUP BY c.id HAVING sum(b.amount_fen) > 0 ORDER BY due DESC, c.id"
        )
    ]
