"""Queries on the shop's own fields and their values. What a valid value is stands in custom_fields.py."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from desktop_crm.records.custom_fields import CustomField, CustomValue, FieldKind
from desktop_crm.store.customers import LIVE
from desktop_crm.store.rows import Database


def listing(db: Database, active_only: bool) -> list[CustomField]:
    """The fields in the order of the card, retired ones last."""
    return db.records(
        CustomField,
        "SELECT * FROM custom_fields WHERE active OR NOT ? ORDER BY active DESC, position, id",
        (active_only,),
    )


def last_position(db: Database) -> int:
    """The highest position of any field, 0 if there is none."""
    return int(db.value("SELECT coalesce(max(position), 0) FROM custom_fields"))


def values(db: Database, customer_id: int) -> dict[int, str]:
    """One customer's stored values by field, of retired fields too."""
    return dict(db.rows("SELECT field_id, value FROM custom_values WHERE customer_id = ?", (customer_id,)))


def values_of(db: Database, customer_ids: Sequence[int]) -> list[tuple[int, int, str]]:
    """(customer_id, field_id, stored value) of several customers."""
    return [
        (customer_id, field_id, value)
        for customer_id, field_id, value in db.rows(
            "SELECT customer_id, field_id, value FROM custom_values "
            "WHERE customer_id IN (SELECT value FROM json_each(?))",
            (json.dumps(list(customer_ids)),),
        )
    ]


def value(db: Database, customer_id: int, field_id: int) -> CustomValue | None:
    """The row of one value, or None where it is empty."""
    return db.record(
        CustomValue,
        "SELECT * FROM custom_values WHERE customer_id = ? AND field_id = ?",
        (customer_id, field_id),
    )


def counts(db: Database) -> dict[int, int]:
    """How many live cards have a value, by field; fields that nobody has are left out."""
    return dict(
        db.rows(
            "SELECT v.field_id, count(*) FROM custom_values v JOIN customers c ON c.id = v.customer_id "
            f"WHERE {LIVE} GROUP BY 1"
        )
    )


def value_counts(db: Database, field_id: int, limit: int) -> list[tuple[str, int]]:
    """The different stored values of a field on live cards, most frequent first."""
    return [
        (found, count)
        for found, count in db.rows(
            "SELECT v.value, count(*) FROM custom_values v JOIN customers c ON c.id = v.customer_id "
            f"WHERE v.field_id = ? AND {LIVE} GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT ?",
            (field_id, limit),
        )
    ]


def span(db: Database, field_id: int, kind: FieldKind) -> tuple[str, str] | None:
    """The lowest and the highest stored value of a field on live cards, or None; numbers by their size."""
    size = "CAST(v.value AS REAL)" if kind == "number" else "v.value"
    found = (
        "SELECT v.value FROM custom_values v JOIN customers c ON c.id = v.customer_id WHERE v.field_id = ? "
    )
    low, high = (
        db.value(f"{found} AND {LIVE} ORDER BY {size} {order} LIMIT 1", (field_id,))
        for order in ("ASC", "DESC")
    )
    return None if low is None else (low, high)


def different(db: Database, field_id: int) -> list[str]:
    """The different stored values of a field on any card, also of those in the recycle bin."""
    return [
        found
        for (found,) in db.rows("SELECT DISTINCT value FROM custom_values WHERE field_id = ?", (field_id,))
    ]


def replace_values(db: Database, field_id: int, pairs: Iterable[tuple[str, str]]) -> None:
    """Write (new, old): each card that has the old value gets the new one."""
    db.executemany(
        "UPDATE custom_values SET value = ? WHERE field_id = ? AND value = ?",
        ((new, field_id, old) for new, old in pairs),
    )


def put_many(db: Database, field_id: int, stored: str, customer_ids: Sequence[int]) -> None:
    """Give many customers one value; '' takes it away."""
    listed = json.dumps(list(customer_ids))
    if not stored:
        db.execute(
            "DELETE FROM custom_values WHERE field_id = ? AND customer_id IN (SELECT value FROM json_each(?))",
            (field_id, listed),
        )
        return
    db.execute(
        "UPDATE custom_values SET value = ?1 WHERE field_id = ?2 AND value <> ?1 "
        "AND customer_id IN (SELECT value FROM json_each(?3))",
        (stored, field_id, listed),
    )
    db.execute(
        "INSERT INTO custom_values (customer_id, field_id, value) SELECT j.value, ?2, ?1 FROM json_each(?3) j "
        "WHERE NOT EXISTS (SELECT 1 FROM custom_values v WHERE v.customer_id = j.value AND v.field_id = ?2)",
        (stored, field_id, listed),
    )
