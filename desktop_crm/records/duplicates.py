"""What was decided about cards that looked like the same person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True)
class Merge:
    """One card that went into another; stays for ever, also when it can no longer be undone.

    Attributes:
        id: key. customer_id: the card that stayed. merged_id: the card that went into it.
        at / day: instant and shop day. reason: why they were the same, in words.
        chosen: JSON {field: [value that stayed, value that went]} of the fields that differed.
        staff_id: who merged, or None.
    """

    TABLE: ClassVar[str] = "merges"

    id: int
    customer_id: int
    merged_id: int
    at: str
    day: str
    reason: str
    chosen: str = "{}"
    staff_id: int | None = None


@dataclass(frozen=True)
class DistinctPair:
    """Two cards that somebody said are two people; they are not proposed again.

    Attributes:
        id: key. first_id < second_id: the cards. at: instant. staff_id: who said so, or None.
    """

    TABLE: ClassVar[str] = "distinct_pairs"

    id: int
    first_id: int
    second_id: int
    at: str
    staff_id: int | None = None
