"""Complaints and service cases with their steps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

ComplaintState = Literal[
    "received", "investigating", "resolved", "answered", "closed", "withdrawn", "duplicate"
]
StepKind = Literal[
    "received",
    "responded",
    "investigating",
    "resolved",
    "answered",
    "closed",
    "reopened",
    "withdrawn",
    "duplicate",
    "note",
]
Priority = Literal["high", "normal", "low"]


@dataclass(frozen=True)
class Complaint:
    """One case. Its state, first response and closing follow from its steps and are kept for lists.

    Attributes:
        id: key. customer_id: whose; None only for an anonymous one.
        purchase_id / device_id: what it is about, or None.
        category: in the shop's words ("screen", "battery", "service", …).
        summary: what the customer says. channel: how it came: visit, call, wechat …, '' unknown.
        received_at / received_day: when it came in.
        due_at: instant by which it should be closed (priority, business time).
        state: the latest step's state.
        owner_staff_id: who is answerable for it.
        duplicate_of: the case it repeats, or None.
        created_at: instant of recording. import_id: the import that made it, or None.
    """

    TABLE: ClassVar[str] = "complaints"

    id: int
    summary: str
    received_at: str
    received_day: str
    due_at: str
    customer_id: int | None = None
    purchase_id: int | None = None
    device_id: int | None = None
    category: str = ""
    priority: Priority = "normal"
    channel: str = "visit"
    state: ComplaintState = "received"
    owner_staff_id: int | None = None
    duplicate_of: int | None = None
    created_at: str = ""
    import_id: int | None = None


@dataclass(frozen=True)
class ComplaintStep:
    """One step of a case; figures as known at a day are computed from these.

    Attributes:
        id: key. complaint_id: of which case.
        kind: what happened; "responded" is the first word of the staff to the customer; a step of "note" changes no state.
        at / day: when (business time of the step). staff_id: who. note: in words.
        interaction: the step was an interaction with the customer (first-contact resolution counts these).
    """

    TABLE: ClassVar[str] = "complaint_steps"

    id: int
    complaint_id: int
    kind: StepKind
    at: str
    day: str
    staff_id: int | None = None
    note: str = ""
    interaction: bool = False
