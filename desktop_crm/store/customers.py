"""Queries on customers, their phones and tags. What is a valid card is decided in customers.py."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from desktop_crm.records.customers import Customer, Phone
from desktop_crm.store.rows import Database

LIVE = "deleted_at IS NULL AND merged_into IS NULL"
"""Which cards count: neither in the recycle bin nor merged into another."""

LAST_VISIT = """max(
  coalesce((SELECT max(p.day) FROM purchases p WHERE p.customer_id = c.id AND p.void_day IS NULL), ''),
  coalesce((SELECT max(i.day) FROM interactions i WHERE i.customer_id = c.id AND i.began_by = 'customer'), ''))"""
"""The latest purchase or contact that customer `c` began, '' if none."""


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
