"""Queries on customers, their phones and tags. What is a valid card is decided in customers.py."""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from desktop_crm.records.customers import Customer, Phone
from desktop_crm.store.rows import Database

LIVE = "deleted_at IS NULL AND merged_into IS NULL"
"""Which cards count: neither in the recycle bin nor merged into another."""

Order = Literal["last_visit", "name", "since", "spent", "tier", "owner", "newest"]


@dataclass(frozen=True)
class CustomerLine:
    """What a list shows of one customer.

    Attributes:
        phone: the primary number, '' if none.
        tier: '' where none was derived yet.
        last_visit_day: the latest purchase or contact the customer began, or None.
        occasions / spent_fen: days with a purchase and net sales of the tiers' window, as last derived.
        device: the latest device in use, in words, '' if none.
        owner: the clerk's name, ''.
    """

    id: int
    name: str
    phone: str
    tier: str
    last_visit_day: str | None
    occasions: int
    spent_fen: int
    device: str
    owner: str
    since_day: str | None
    do_not_contact: bool


LAST_VISIT = """max(
  coalesce((SELECT max(p.day) FROM purchases p WHERE p.customer_id = c.id AND p.void_day IS NULL), ''),
  coalesce((SELECT max(i.day) FROM interactions i WHERE i.customer_id = c.id AND i.began_by = 'customer'), ''))"""
"""The latest purchase or contact that customer `c` began, '' if none."""

_SEQUENCES: dict[str, tuple[str, str]] = {
    "last_visit": ("", LAST_VISIT),
    "name": ("", "c.name"),
    "since": ("", "coalesce(c.since_day, '')"),
    "newest": ("", "c.id"),
    "spent": ("LEFT JOIN customer_tiers t ON t.id = c.id", "coalesce(t.net_fen, 0)"),
    "tier": (
        "LEFT JOIN customer_tiers t ON t.id = c.id",
        "CASE t.tier WHEN 'high_value' THEN 5 WHEN 'potential' THEN 4 WHEN 'regular' THEN 3 WHEN 'lost' THEN 2 "
        "WHEN 'prospect' THEN 1 ELSE 0 END",
    ),
    "owner": ("LEFT JOIN staff s ON s.id = c.owner_staff_id", "coalesce(s.name, '')"),
}


def sequence(db: Database, order: Order, descending: bool, tier: str) -> array[int]:
    """Ids of the live customers in an order, the newest card first among equals; `tier` '' is all, "none" without."""
    join, key = _SEQUENCES[order]
    where, params = "", []
    if tier == "none":
        where = "AND NOT EXISTS (SELECT 1 FROM customer_tiers w WHERE w.id = c.id)"
    elif tier:
        where = "AND c.id IN (SELECT w.id FROM customer_tiers w WHERE w.tier = ?)"
        params = [tier]
    direction = "DESC" if descending else "ASC"
    cursor = db.execute(
        f"SELECT c.id FROM customers c {join} WHERE c.deleted_at IS NULL AND c.merged_into IS NULL {where} "
        f"ORDER BY {key} {direction}, c.id DESC",
        params,
    )
    return array("q", (row[0] for row in cursor))


def lines(db: Database, customer_ids: Sequence[int]) -> list[CustomerLine]:
    """What a list shows of these customers, in no order; deleted ones are left out."""
    return db.records(
        CustomerLine,
        f"""SELECT c.id, c.name, coalesce((SELECT number FROM phones WHERE customer_id = c.id
               ORDER BY position LIMIT 1), '') AS phone,
             coalesce(t.tier, '') AS tier, nullif({LAST_VISIT}, '') AS last_visit_day,
             coalesce(t.occasions, 0) AS occasions, coalesce(t.net_fen, 0) AS spent_fen,
             coalesce((SELECT model FROM devices d WHERE d.customer_id = c.id AND d.status = 'in_use'
               ORDER BY d.acquired_day DESC, d.id DESC LIMIT 1), '') AS device,
             coalesce(s.name, '') AS owner, c.since_day, c.do_not_contact
           FROM customers c LEFT JOIN customer_tiers t ON t.id = c.id LEFT JOIN staff s ON s.id = c.owner_staff_id
           WHERE c.id IN (SELECT value FROM json_each(?)) AND c.deleted_at IS NULL AND c.merged_into IS NULL""",
        (json.dumps(list(customer_ids)),),
    )


def counts(db: Database) -> dict[str, int]:
    """Live customers by tier; "none" without one; tiers that nobody has are left out."""
    return dict(
        db.rows(
            "SELECT coalesce(t.tier, 'none'), count(*) FROM customers c LEFT JOIN customer_tiers t ON t.id = c.id "
            "WHERE c.deleted_at IS NULL AND c.merged_into IS NULL GROUP BY 1"
        )
    )


def phones(db: Database, customer_id: int) -> list[Phone]:
    """One customer's numbers, primary first."""
    return db.records(
        Phone, "SELECT * FROM phones WHERE customer_id = ? ORDER BY position, id", (customer_id,)
    )


def by_phone(db: Database, number: str) -> list[Customer]:
    """Live customers with exactly this number, newest card first."""
    return db.records(
        Customer,
        f"SELECT * FROM customers WHERE id IN (SELECT customer_id FROM phones WHERE number = ?) AND {LIVE} "
        "ORDER BY id DESC",
        (number,),
    )


def sharing(db: Database, customer_id: int) -> list[tuple[str, Customer]]:
    """Other live customers with a number of this one, and which; by its numbers' order, the newest card first."""
    found = []
    for phone in phones(db, customer_id):
        found += [(phone.number, other) for other in by_phone(db, phone.number) if other.id != customer_id]
    return found


def by_card_no(db: Database, card_no: str) -> Customer | None:
    """The live customer with this card number, or None."""
    return db.record(
        Customer, f"SELECT * FROM customers WHERE card_no = ? AND card_no <> '' AND {LIVE}", (card_no,)
    )


def deleted(db: Database, limit: int) -> list[Customer]:
    """Cards in the recycle bin, latest first."""
    return db.records(
        Customer,
        "SELECT * FROM customers WHERE deleted_at IS NOT NULL ORDER BY deleted_at DESC, id DESC LIMIT ?",
        (limit,),
    )


def referred_count(db: Database, customer_id: int) -> int:
    """How many live customers this one sent."""
    return int(
        db.value(f"SELECT count(*) FROM customers WHERE referred_by = ? AND {LIVE}", (customer_id,)) or 0
    )


def words_in_use(db: Database, column: Literal["source", "region"]) -> list[str]:
    """The different words in a column, most frequent first."""
    return [
        word
        for word, _count in db.rows(
            f"SELECT {column}, count(*) FROM customers WHERE {column} <> '' GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 100"
        )
    ]


def tag_id(db: Database, name: str) -> int | None:
    """The id of the tag with this name, or None."""
    found: int | None = db.value("SELECT id FROM tags WHERE name = ?", (name,))
    return found


def tag_names(db: Database, customer_id: int) -> list[str]:
    """One customer's tags, by name."""
    return [
        name
        for (name,) in db.rows(
            "SELECT name FROM tags WHERE id IN (SELECT tag_id FROM customer_tags WHERE customer_id = ?) ORDER BY name",
            (customer_id,),
        )
    ]


def add_tags(db: Database, pairs: Iterable[tuple[int, int]]) -> None:
    """Give customers tags: (customer id, tag id); pairs that are there already stay."""
    db.executemany("INSERT OR IGNORE INTO customer_tags (customer_id, tag_id) VALUES (?, ?)", pairs)


def remove_tag(db: Database, customer_id: int, name: str) -> None:
    """Take a tag off a customer."""
    db.execute(
        "DELETE FROM customer_tags WHERE customer_id = ? AND tag_id = (SELECT id FROM tags WHERE name = ?)",
        (customer_id, name),
    )
