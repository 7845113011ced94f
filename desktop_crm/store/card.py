"""Queries for the customer card: what hangs on one customer, a query per thing."""

from __future__ import annotations

from desktop_crm.records.purchases import Purchase
from desktop_crm.store.customers import LAST_VISIT
from desktop_crm.store.rows import Database


def net_sales_by_day(db: Database, customer_id: int) -> list[tuple[str, int, bool]]:
    """Per day and kind of movement: day, net fen, and whether it was a sale; voided sales and their refunds are out."""
    return [
        (day, fen, bool(sale))
        for day, fen, sale in db.rows(
            "SELECT day, sum(total_fen), 1 FROM purchases WHERE customer_id = ?1 AND void_day IS NULL GROUP BY day "
            "UNION ALL SELECT r.day, -sum(r.amount_fen), 0 FROM refunds r JOIN purchases p ON p.id = r.purchase_id "
            "WHERE p.customer_id = ?1 AND p.void_day IS NULL GROUP BY r.day ORDER BY 1",
            (customer_id,),
        )
    ]


def tags(db: Database, customer_id: int) -> list[tuple[str, str]]:
    """The customer's tags as (group, name), grouped ones first; '' for no group."""
    return [
        (group, name)
        for group, name in db.rows(
            "SELECT group_name, name FROM tags WHERE id IN (SELECT tag_id FROM customer_tags WHERE customer_id = ?) "
            "ORDER BY group_name = '', group_name, name",
            (customer_id,),
        )
    ]


def all_tags(db: Database) -> list[str]:
    """The names of the shop's tags, without counting who wears them."""
    return [name for (name,) in db.rows("SELECT name FROM tags ORDER BY name LIMIT 1000")]


def purchase_count(db: Database, customer_id: int) -> int:
    """How many sales the customer had, voided ones too."""
    return int(db.value("SELECT count(*) FROM purchases WHERE customer_id = ?", (customer_id,)))


def latest_purchases(db: Database, customer_id: int, limit: int) -> list[Purchase]:
    """The customer's sales, the newest first; a limit of -1 is all."""
    return db.records(
        Purchase,
        "SELECT * FROM purchases WHERE customer_id = ? ORDER BY at DESC, id DESC LIMIT ?",
        (customer_id, limit),
    )


def staff_names(db: Database) -> dict[int, str]:
    """Everybody's name by id."""
    return dict(db.rows("SELECT id, name FROM staff"))


def last_visit(db: Database, customer_id: int) -> str | None:
    """The latest day the customer bought or came, or None."""
    found: str = db.value(f"SELECT {LAST_VISIT} FROM customers c WHERE c.id = ?", (customer_id,))
    return found or None
