"""Queries on the links between customers."""

from __future__ import annotations

import json
from collections.abc import Collection

from desktop_crm.records.customers import Customer
from desktop_crm.records.relations import Relation
from desktop_crm.store.customers import LIVE
from desktop_crm.store.rows import Database


def of_customer(db: Database, customer_id: int) -> list[Relation]:
    """The links of one customer, from either side, the oldest first."""
    return db.records(
        Relation,
        "SELECT * FROM relations WHERE customer_id = ?1 UNION SELECT * FROM relations WHERE other_id = ?1 ORDER BY id",
        (customer_id,),
    )


def between(db: Database, first_id: int, second_id: int) -> list[Relation]:
    """The links between two customers, in either direction."""
    return db.records(
        Relation,
        "SELECT * FROM relations WHERE (customer_id = ?1 AND other_id = ?2) OR (customer_id = ?2 AND other_id = ?1)",
        (first_id, second_id),
    )


def people(db: Database, customer_ids: Collection[int]) -> dict[int, tuple[Customer, str, str]]:
    """Live customers of these with their primary number and tier ('' where there is none), by id."""
    found: dict[int, tuple[Customer, str, str]] = {}
    wanted = json.dumps(sorted(customer_ids))
    cards = db.records(
        Customer,
        f"SELECT * FROM customers WHERE id IN (SELECT value FROM json_each(?)) AND {LIVE}",
        (wanted,),
    )
    marks = {
        row_id: (number, tier)
        for row_id, number, tier in db.rows(
            "SELECT j.value, coalesce((SELECT number FROM phones p WHERE p.customer_id = j.value "
            "ORDER BY position, p.id LIMIT 1), ''), coalesce((SELECT tier FROM customer_tiers t WHERE t.id = j.value), '') "
            "FROM json_each(?) j",
            (wanted,),
        )
    }
    for card in cards:
        found[card.id] = (card, *marks[card.id])
    return found
