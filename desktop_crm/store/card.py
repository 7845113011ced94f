"""Queries for the customer card: what hangs on one customer, a query per thing."""

from __future__ import annotations

from desktop_crm.records.complaints import Complaint, ComplaintStep
from desktop_crm.records.interactions import Interaction
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


def contacts(db: Database, customer_id: int, limit: int) -> list[Interaction]:
    """The customer's contacts that are no step of a complaint, latest first."""
    return db.records(
        Interaction,
        "SELECT * FROM interactions WHERE customer_id = ? AND complaint_id IS NULL "
        "ORDER BY day DESC, at DESC, id DESC LIMIT ?",
        (customer_id, limit),
    )


def complaints(db: Database, customer_id: int) -> list[Complaint]:
    """The customer's cases, latest first."""
    return db.records(
        Complaint,
        "SELECT * FROM complaints WHERE customer_id = ? ORDER BY received_day DESC, id DESC LIMIT 200",
        (customer_id,),
    )


def complaint_steps(db: Database, customer_id: int) -> list[ComplaintStep]:
    """The steps of the customer's cases, first to last."""
    return db.records(
        ComplaintStep,
        "SELECT * FROM complaint_steps WHERE complaint_id IN (SELECT id FROM complaints WHERE customer_id = ?) "
        "ORDER BY at, id",
        (customer_id,),
    )


def staff_names(db: Database) -> dict[int, str]:
    """Everybody's name by id."""
    return dict(db.rows("SELECT id, name FROM staff"))


def last_visit(db: Database, customer_id: int) -> str | None:
    """The latest day the customer bought or came, or None."""
    found: str = db.value(f"SELECT {LAST_VISIT} FROM customers c WHERE c.id = ?", (customer_id,))
    return found or None
