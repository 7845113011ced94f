"""Every contact between a customer and the shop."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

Channel = Literal["visit", "call", "wechat", "sms", "email", "other"]
Starter = Literal["customer", "shop"]


@dataclass(frozen=True)
class Interaction:
    """One contact; only those begun by the customer count as activity.

    Attributes:
        id: key. customer_id: with whom. channel: visit, call, wechat, sms, email or other.
        at / day: instant and shop day of the contact.
        began_by: who began it.
        reached: the other side was reached (a call nobody took is False).
        summary: what it was about, may have several lines, ''.
        staff_id: who of the shop, or None.
        followup_id / complaint_id: the planned contact it fulfilled, the case it belongs to, or None.
        import_id: the import that made it, or None.
    """

    TABLE: ClassVar[str] = "interactions"

    id: int
    customer_id: int
    at: str
    day: str
    channel: Channel
    began_by: Starter
    summary: str = ""
    reached: bool = True
    staff_id: int | None = None
    followup_id: int | None = None
    complaint_id: int | None = None
    import_id: int | None = None
