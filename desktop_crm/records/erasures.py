"""People whose data was erased for good at their wish; nothing but the key of their card is left."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True)
class Erasure:
    """One erased person.

    Attributes:
        id: key. customer_id: of the card that stays, empty; cards that had gone into it have an entry of their own.
        card_made_at: instant of that card's recording, by which a copy of the shop knows it is the same one.
        at: instant. day: shop day. staff_id: who did it. change_id: its entry in the history.
    """

    TABLE: ClassVar[str] = "erasures"

    id: int
    customer_id: int
    card_made_at: str
    at: str
    day: str
    staff_id: int | None
    change_id: int
