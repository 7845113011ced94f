"""What another program knew of a customer before the shop's own records begin: sums without their sales."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True)
class OpeningSummary:
    """What a sheet said that a customer had bought up to a day; used for tier and activity, never in net sales.

    Attributes:
        id: key. customer_id: whose. created_at: instant of writing.
        day: the shop day up to and including which the sums count.
        total_fen: spent altogether; None where the sheet does not say. purchases: how often, or None.
        last_day: of the last purchase, or None. At least one of the three is known.
        import_id: the import that brought it, or None.
    """

    TABLE: ClassVar[str] = "opening_summaries"

    id: int
    customer_id: int
    day: str
    total_fen: int | None
    purchases: int | None
    last_day: str | None
    created_at: str
    import_id: int | None = None
