"""The rules of complaints, pure: which step fits which state, how a case stands against its due time, the words.

Taking steps and storing them is in complaints.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from desktop_crm import business_time
from desktop_crm.base.dates import from_instant
from desktop_crm.base.i18n import N_, _
from desktop_crm.business_time import Hours
from desktop_crm.records.complaints import Complaint, ComplaintState, Priority, StepKind
from desktop_crm.store.complaints import CaseRow

OPEN_STATES: tuple[ComplaintState, ...] = ("received", "investigating", "resolved", "answered")
ENDED_STATES: tuple[ComplaintState, ...] = ("closed", "withdrawn", "duplicate")
PRIORITIES: tuple[Priority, ...] = ("high", "normal", "low")

NEXT: dict[ComplaintState, tuple[StepKind, ...]] = {
    "received": ("responded", "investigating", "resolved", "withdrawn", "duplicate", "note"),
    "investigating": ("responded", "resolved", "withdrawn", "duplicate", "note"),
    "resolved": ("responded", "answered", "reopened", "withdrawn", "note"),
    "answered": ("closed", "reopened", "withdrawn", "note"),
    "closed": ("reopened", "note"),
    "withdrawn": ("reopened", "note"),
    "duplicate": ("reopened", "note"),
}
"""The steps that fit each state, the usual one first after the response; "responded" fits only once."""

STATE_AFTER: dict[StepKind, ComplaintState] = {
    "investigating": "investigating",
    "resolved": "resolved",
    "answered": "answered",
    "closed": "closed",
    "reopened": "investigating",
    "withdrawn": "withdrawn",
    "duplicate": "duplicate",
}
_STATES: dict[str, str] = {
    "received": N_("Received"),
    "investigating": N_("Investigating"),
    "resolved": N_("Resolved"),
    "answered": N_("Answered"),
    "closed": N_("Closed"),
    "withdrawn": N_("Withdrawn"),
    "duplicate": N_("Duplicate"),
}
_STEPS: dict[str, str] = {
    **_STATES,
    "responded": N_("First response"),
    "reopened": N_("Reopened"),
    "note": N_("Note"),
}
_PRIORITIES: dict[str, str] = {"high": N_("Urgent"), "normal": N_("Ordinary"), "low": N_("Minor")}


@dataclass(frozen=True)
class Clock:
    """How a case stands against its due time.

    Attributes:
        late: past due while open, or ended after it.
        minutes: business minutes left (open) or to spare (ended); negative when late.
        ended: the case is not open any more.
    """

    late: bool
    minutes: float
    ended: bool


def state_label(state: str) -> str:
    """The state in words."""
    return _(_STATES[state])


def step_label(kind: str) -> str:
    """The step in words."""
    return _(_STEPS[kind])


def priority_label(priority: str) -> str:
    """The priority in words."""
    return _(_PRIORITIES[priority])


def clock(case: CaseRow | Complaint, ended_at: str | None, now: datetime, hours: Hours) -> Clock:
    """How a case stands against its due time; of an ended one as at its end."""
    due, ended = from_instant(case.due_at), case.state in ENDED_STATES
    at = from_instant(ended_at) if ended and ended_at is not None else now
    late = at > due
    minutes = (
        business_time.minutes_between(due, at, hours)
        if late
        else business_time.minutes_between(at, due, hours)
    )
    return Clock(late, -minutes if late else minutes, ended)
