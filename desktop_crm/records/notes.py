"""Dated notes on a customer's card."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True)
class Note:
    """One note; the undated note of a card is `Customer.note`.

    Attributes:
        id: key. customer_id: on whose card. text: never empty, may have several lines.
        at / day: instant and shop day of writing.
        pinned: it shows when the card opens.
        staff_id: who wrote it, or None. import_id: the import that made it, or None.
    """

    TABLE: ClassVar[str] = "notes"

    id: int
    customer_id: int
    text: str
    at: str
    day: str
    pinned: bool = False
    staff_id: int | None = None
    import_id: int | None = None
