"""Loyalty points: a ledger, whose sum is what a customer has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

PointKind = Literal["opening", "earned", "spent", "expired", "correction"]


@dataclass(frozen=True)
class PointEntry:
    """One entry of a customer's points.

    Attributes:
        id: key. customer_id: whose. at: instant. day: shop day.
        points: never 0; below 0 they were taken.
        kind: opening = brought along from another program.
        purchase_id: the sale it belongs to, or None. note: why, '' if nothing.
        staff_id: who was at the counter, or None. import_id: the import that brought it, or None.
    """

    TABLE: ClassVar[str] = "point_entries"

    id: int
    customer_id: int
    at: str
    day: str
    points: int
    kind: PointKind
    purchase_id: int | None
    note: str
    staff_id: int | None = None
    import_id: int | None = None
