"""What customers owe the shop: a ledger."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

EntryKind = Literal["sale", "payment", "refund", "opening", "correction"]


@dataclass(frozen=True)
class BalanceEntry:
    """One movement of a customer's account; the balance due is the sum.

    Attributes:
        id: key. customer_id: whose account. at / day: instant and shop day.
        amount_fen: above 0: owes more, below 0: owes less; never 0.
        kind: sale (part of it was left unpaid), payment, refund (of such a sale), opening (brought along) or correction.
        purchase_id: the sale, or None. method: how it was paid, '' for other kinds. note: in words, ''.
        staff_id: who recorded it, or None. import_id: the import that made it, or None.
    """

    TABLE: ClassVar[str] = "balance_entries"

    id: int
    customer_id: int
    at: str
    day: str
    amount_fen: int
    kind: EntryKind
    purchase_id: int | None = None
    method: str = ""
    note: str = ""
    staff_id: int | None = None
    import_id: int | None = None
