"""The tier of each customer and its history."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

Tier = Literal["high_value", "potential", "regular", "lost", "prospect"]
ValueAxis = Literal["high", "mid", "low"]
Activity = Literal["active", "dormant", "lost", "prospect"]
Origin = Literal["first", "retier", "override", "override_removed"]


@dataclass(frozen=True)
class CustomerTier:
    """The tier a customer has now; one row per customer (id = customer id).

    Attributes:
        id: the customer's id.
        tier: what lists and cards show: the override where there is one.
        derived: what the axes gave at the last run.
        value / activity: the axes at the last run.
        occasions / net_fen: what the value axis was judged by (window of months), the shop's own.
        last_active_day: last purchase or contact the customer began, or None.
        since_day: since when `tier`.
        overridden: `tier` was set by hand and stays through re-tier runs.
        override_reason: why set by hand; '' where it is not.
        brought_occasions / brought_fen: what the value axis was judged by besides: purchases and sums brought along from
            another program, beyond the shop's own.
    """

    TABLE: ClassVar[str] = "customer_tiers"

    id: int
    tier: Tier
    derived: Tier
    value: ValueAxis
    activity: Activity
    occasions: int
    net_fen: int
    since_day: str
    last_active_day: str | None = None
    overridden: bool = False
    override_reason: str = ""
    brought_occasions: int = 0
    brought_fen: int = 0


@dataclass(frozen=True)
class TierStep:
    """One change of a customer's tier.

    Attributes:
        id: key. customer_id: whose.
        from_tier: '' for the first. to_tier: what it became.
        at: instant of writing. day: the shop day as of which it was judged.
        origin: first, retier (a run, or a sale between runs), override or override_removed.
        reason: in words, in the language it was made in. staff_id: who was at the counter, or None.
    """

    TABLE: ClassVar[str] = "tier_history"

    id: int
    customer_id: int
    from_tier: str
    to_tier: Tier
    at: str
    day: str
    origin: Origin
    reason: str
    staff_id: int | None = None
