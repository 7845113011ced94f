"""Cards whose mending somebody put off."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True)
class MendSkip:
    """A card that is not proposed for mending for a while.

    Attributes:
        id: key. customer_id: whose card, at most once. until_day: first day on which it may be proposed again.
        at: instant of putting it off. staff_id: who did, or None.
    """

    TABLE: ClassVar[str] = "mend_skips"

    id: int
    customer_id: int
    until_day: str
    at: str
    staff_id: int | None = None
