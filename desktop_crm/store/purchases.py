"""Rows of sales: purchases, lines, payments, refunds."""

from __future__ import annotations

from desktop_crm.records.purchases import Payment, Purchase, PurchaseLine, Refund
from desktop_crm.store.rows import Database


def of_customer(db: Database, customer_id: int) -> list[Purchase]:
    """A customer's sales, the newest first."""
    return db.records(
        Purchase, "SELECT * FROM purchases WHERE customer_id = ? ORDER BY at DESC, id DESC", (customer_id,)
    )


def latest(db: Database, limit: int) -> list[Purchase]:
    """The newest sales."""
    return db.records(Purchase, "SELECT * FROM purchases ORDER BY day DESC, id DESC LIMIT ?", (limit,))


def phones_sold(db: Database, first_day: str, last_day: str) -> list[Purchase]:
    """Standing sales of phones to known customers between two days, both inclusive, in the order made."""
    return db.records(
        Purchase,
        "SELECT * FROM purchases WHERE customer_id IS NOT NULL AND void_day IS NULL AND day BETWEEN ? AND ? AND EXISTS ("
        "SELECT 1 FROM purchase_lines l WHERE l.purchase_id = purchases.id AND l.category = 'phone') ORDER BY id",
        (first_day, last_day),
    )


def lines_of(db: Database, purchase_ids: list[int]) -> list[PurchaseLine]:
    """The lines of these sales in the order made."""
    return db.records(
        PurchaseLine,
        f"SELECT * FROM purchase_lines WHERE purchase_id IN ({_marks(purchase_ids)}) ORDER BY id",
        purchase_ids,
    )


def payments_of(db: Database, purchase_ids: list[int]) -> list[Payment]:
    """The payments of these sales in the order made."""
    return db.records(
        Payment,
        f"SELECT * FROM payments WHERE purchase_id IN ({_marks(purchase_ids)}) ORDER BY id",
        purchase_ids,
    )


def refunds_of(db: Database, purchase_ids: list[int]) -> list[Refund]:
    """The refunds of these sales in the order made."""
    return db.records(
        Refund,
        f"SELECT * FROM refunds WHERE purchase_id IN ({_marks(purchase_ids)}) ORDER BY id",
        purchase_ids,
    )


def _marks(values: list[int]) -> str:
    return ", ".join("?" for _value in values)
