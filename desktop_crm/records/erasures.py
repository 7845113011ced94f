"""People whose data was erased for good at their wish; nothing but the key of their card is left."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True)
class Erasure:
    """One erased person.

    Attributes:
        id: key. customer_id: of the card that stays, empty. at: instant. day: shop day. staff_id: who did it.
    """

    TABLE: ClassVar[str] = "erasures"

    id: int
    customer_id: int
    at: str
    day: str
    staff_id: int | None
