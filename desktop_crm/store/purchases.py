"""Rows of sales: purchases, lines, payments, refunds."""

from __future__ import annotations

import json

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


def named(db: Database, number: str, imei: str) -> list[Purchase]:
    """Sales with this receipt number or with a line of this IMEI, the newest first."""
    return db.records(
        Purchase,
        "SELECT * FROM purchases WHERE id IN (SELECT id FROM purchases WHERE number = ?1 AND number <> '' "
        "UNION SELECT purchase_id FROM purchase_lines WHERE imei = ?2 AND imei <> '') ORDER BY day DESC, id DESC",
        (number, imei),
    )


def latest_number(db: Database, stem: str) -> str:
    """The highest receipt number of the form `stem` and three or more digits; `stem` itself if there is none."""
    found: str | None = db.value(
        "SELECT number FROM purchases WHERE number <> '' AND number > ?1 || '/' AND number < ?1 || ':' "
        "AND number GLOB ?1 || '[0-9][0-9][0-9]*' AND NOT number GLOB ?1 || '*[^0-9]*' "
        "ORDER BY length(number) DESC, number DESC LIMIT 1",
        (stem,),
    )
    return found or stem


def with_imei(db: Database, imei: str) -> Purchase | None:
    """The latest standing sale with a line of this IMEI whose device was not given back since."""
    return db.record(
        Purchase,
        "SELECT p.* FROM purchase_lines l JOIN purchases p ON p.id = l.purchase_id WHERE l.imei = ? AND l.imei <> '' "
        "AND p.void_day IS NULL AND NOT EXISTS (SELECT 1 FROM devices d WHERE d.purchase_line_id = l.id "
        "AND d.status IN ('returned', 'traded_in')) ORDER BY p.at DESC, p.id DESC LIMIT 1",
        (imei,),
    )


def lines_of(db: Database, purchase_ids: list[int]) -> list[PurchaseLine]:
    """The lines of these sales in the order made."""
    return db.records(
        PurchaseLine,
        "SELECT * FROM purchase_lines WHERE purchase_id IN (SELECT value FROM json_each(?)) ORDER BY id",
        (json.dumps(purchase_ids),),
    )


def payments_of(db: Database, purchase_ids: list[int]) -> list[Payment]:
    """The payments of these sales in the order made."""
    return db.records(
        Payment,
        "SELECT * FROM payments WHERE purchase_id IN (SELECT value FROM json_each(?)) ORDER BY id",
        (json.dumps(purchase_ids),),
    )


def refunds_of(db: Database, purchase_ids: list[int]) -> list[Refund]:
    """The refunds of these sales in the order made."""
    return db.records(
        Refund,
        "SELECT * FROM refunds WHERE purchase_id IN (SELECT value FROM json_each(?)) ORDER BY id",
        (json.dumps(purchase_ids),),
    )
