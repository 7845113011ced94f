"""A complaint as it was known at a day: its state, first answer, resolutions and clocks. Pure.

Which cases a figure counts is decided in kpi_formulas.py; how a case moves on is in complaints.py.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from desktop_crm.base.dates import from_instant
from desktop_crm.business_time import Hours, minutes_between
from desktop_crm.store.figure_rows import CaseRow, CaseStep

REOPEN_DAYS = 7
"""Reopened within so many days, a resolution was none at first contact."""

_STATES = {
    "received": "received",
    "investigating": "investigating",
    "resolved": "resolved",
    "answered": "answered",
    "closed": "closed",
    "reopened": "investigating",
    "withdrawn": "withdrawn",
    "duplicate": "duplicate",
}
_ANSWERS = frozenset({"responded", "answered"})
"""Steps that are a word of the staff to the customer; a case can be resolved before the customer is told."""
SOLVED = frozenset({"resolved", "answered", "closed"})
SETTLED = frozenset({"closed", "withdrawn"})


@dataclass(frozen=True)
class Resolution:
    """The step after which a case was solved, and its day; `reopened_day` is when it was opened again, or None."""

    at: datetime
    day: date
    reopened_day: date | None


@dataclass(frozen=True)
class Case:
    """One case as known.

    Attributes:
        row: as it was received.
        state: after its latest known step.
        answered_at: the first word of the staff to the customer, None yet.
        closed_at: since when it is closed, None where it is not.
        resolutions: each time it became solved, in order.
        contacts: interactions with the customer up to its last resolution; steps of one instant are one.
    """

    row: CaseRow
    state: str
    answered_at: datetime | None
    closed_at: datetime | None
    resolutions: tuple[Resolution, ...]
    contacts: int

    @property
    def received_at(self) -> datetime:
        """When it came in."""
        return from_instant(self.row.received_at)

    @property
    def response_minutes(self) -> float | None:
        """Minutes on the wall clock to the first answer; negative is an error in the data; None unanswered."""
        if self.answered_at is None:
            return None
        return (self.answered_at - self.received_at).total_seconds() / 60

    @property
    def at_first_contact(self) -> bool:
        """Resolved with one interaction and not reopened within seven days of being resolved."""
        return self.contacts <= 1 and not any(
            item.reopened_day is not None and item.reopened_day - item.day <= timedelta(days=REOPEN_DAYS)
            for item in self.resolutions
        )

    def business_minutes(self, until: datetime, hours: Hours) -> float:
        """Opening time from its arrival to an instant."""
        return minutes_between(self.received_at, until, hours)


def as_known(rows: Iterable[CaseRow], steps: Iterable[CaseStep]) -> list[Case]:
    """The cases in the order of `rows`, from their known steps in the order these happened."""
    by_case: dict[int, list[CaseStep]] = {}
    for step in steps:
        by_case.setdefault(step.complaint_id, []).append(step)
    return [_case(row, by_case.get(row.id, [])) for row in rows]


def _case(row: CaseRow, steps: list[CaseStep]) -> Case:
    state = "received"
    answered: datetime | None = None
    closed: datetime | None = None
    solved: list[Resolution] = []
    contacts = 0
    talks: set[datetime] = set()
    for step in steps:
        at, day = from_instant(step.at), date.fromisoformat(step.day)
        if step.interaction:
            talks.add(at)  # answered on the spot: received and responded are one contact
        if answered is None and step.kind in _ANSWERS:
            answered = at
        new_state = _STATES.get(step.kind, state)
        if new_state in SOLVED and state not in SOLVED:
            solved.append(Resolution(at, day, None))
            contacts = len(talks)
        if step.kind == "reopened" and solved and solved[-1].reopened_day is None:
            solved[-1] = Resolution(solved[-1].at, solved[-1].day, day)
        closed = (closed if state == "closed" else at) if new_state == "closed" else None
        state = new_state
    return Case(row, state, answered, closed, tuple(solved), contacts)
