"""Planned contacts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

FollowupState = Literal["open", "done", "cancelled"]
Rule = Literal[
    "manual",
    "after_sale_care",
    "after_sale_check",
    "birthday",
    "complaint_closed",
    "tier_interval",
    "imported",
]
Outcome = Literal["", "reached", "no_answer", "later", "not_interested", "bought", "do_not_contact"]


@dataclass(frozen=True)
class Followup:
    """One planned contact with one customer.

    Attributes:
        id: key. customer_id: whom to contact. state: open, done or cancelled.
        rule: which rule made it, or manual / imported.
        reason: why this person, in words, in the language it was made in (rules: shown from `rule` and source).
        first_due_day: the day first promised; never changes (follow_up_on_time_rate).
        due_day / due_time: the day it is due now; a time 'HH:MM' in shop time or None.
        source_kind / source_id: what caused it: "purchase", "complaint", "customer", "device" and its id, or '' / None.
        staff_id: who should do it, None anybody.
        outcome / outcome_note / done_at / done_day / done_by: how it ended.
        cancel_reason: why it was cancelled, for the cancelled.
        reminded_at: instant a timed reminder was shown, so that it is shown once.
        created_at: instant of recording. import_id: the import that made it, or None.
    """

    TABLE: ClassVar[str] = "followups"

    id: int
    customer_id: int
    rule: Rule
    reason: str
    first_due_day: str
    due_day: str
    created_at: str
    due_time: str | None = None
    state: FollowupState = "open"
    source_kind: str = ""
    source_id: int | None = None
    staff_id: int | None = None
    outcome: Outcome = ""
    outcome_note: str = ""
    done_at: str | None = None
    done_day: str | None = None
    done_by: int | None = None
    cancel_reason: str = ""
    reminded_at: str | None = None
    import_id: int | None = None
