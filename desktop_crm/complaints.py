"""Complaints and service cases: received → investigating → resolved → answered → closed, each step with who and when.

Also reopened, withdrawn, marked as a duplicate, and notes at any time. The state follows from the steps and is kept
for lists; a step that does not fit is refused in a sentence. Clocks count business hours (business_time.py); rates
and medians are in kpis.py.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import cast

from desktop_crm import business_time, tiers
from desktop_crm.base.dates import from_instant, local_day, start_of_day, to_instant
from desktop_crm.base.errors import CrmError
from desktop_crm.base.i18n import _
from desktop_crm.base.values import clean_note, clean_text
from desktop_crm.complaint_rules import ENDED_STATES as ENDED_STATES
from desktop_crm.complaint_rules import NEXT as NEXT
from desktop_crm.complaint_rules import OPEN_STATES as OPEN_STATES
from desktop_crm.complaint_rules import PRIORITIES as PRIORITIES
from desktop_crm.complaint_rules import Clock as Clock
from desktop_crm.complaint_rules import clock as clock
from desktop_crm.complaint_rules import priority_label as priority_label
from desktop_crm.complaint_rules import state_label as state_label
from desktop_crm.complaint_rules import step_label as step_label
from desktop_crm.complaint_steps import ComplaintMissing as ComplaintMissing
from desktop_crm.complaint_steps import NoteMissing as NoteMissing
from desktop_crm.complaint_steps import StepNotPossible as StepNotPossible
from desktop_crm.complaint_steps import TimeNotPossible as TimeNotPossible
from desktop_crm.complaint_steps import add_step_within, customer_name, log_within
from desktop_crm.complaint_steps import get as get
from desktop_crm.complaint_steps import step as step
from desktop_crm.complaint_steps import steps as steps
from desktop_crm.records.complaints import Complaint, ComplaintState, ComplaintStep, Priority, StepKind
from desktop_crm.records.interactions import Channel
from desktop_crm.settings import DUE_HIGH_HOURS, DUE_LOW_HOURS, DUE_NORMAL_HOURS, Setting
from desktop_crm.shop import Shop
from desktop_crm.store import complaints as store
from desktop_crm.store import person
from desktop_crm.store.complaints import CaseRow as CaseRow
from desktop_crm.store.complaints import Counts as Counts
from desktop_crm.store.complaints import Show as Show

MANY = 1_000_000

_HOURS: dict[str, Setting[int]] = {
    "high": DUE_HIGH_HOURS,
    "normal": DUE_NORMAL_HOURS,
    "low": DUE_LOW_HOURS,
}


@dataclass(frozen=True)
class ComplaintDraft:
    """A case that is not stored yet; fields as in `records.complaints.Complaint`.

    Attributes:
        customer_id: None for an anonymous one.
        received_at: when it came in, None now.
        responded: it was answered at the counter on the spot, so the first response took no time.
        owner_staff_id: who is answerable, None the person at the counter.
    """

    summary: str
    customer_id: int | None = None
    priority: Priority = "normal"
    category: str = ""
    channel: Channel = "visit"
    purchase_id: int | None = None
    device_id: int | None = None
    owner_staff_id: int | None = None
    received_at: datetime | None = None
    responded: bool = False


@dataclass(frozen=True)
class CaseLine:
    """One case of a list, with its clock as of now."""

    row: CaseRow
    clock: Clock

    @property
    def id(self) -> int:
        """The case's key."""
        return self.row.id


@dataclass(frozen=True)
class Case:
    """One case all round: its line, its steps with the names of who made them, and what may come next."""

    line: CaseLine
    complaint: Complaint
    steps: tuple[tuple[ComplaintStep, str], ...]
    next_steps: tuple[StepKind, ...]


class SummaryMissing(CrmError):
    """A complaint needs words."""


def row(shop: Shop, complaint_id: int) -> CaseRow:
    """One case as lists show it.

    Raises:
        ComplaintMissing: there is none with this id.
    """
    found = store.row(shop.db, complaint_id)
    if found is None:
        raise ComplaintMissing(_("This complaint is not there any more; nothing was changed."))
    return found


def listing(shop: Shop, show: Show = "open", limit: int = MANY, offset: int = 0) -> list[CaseRow]:
    """Cases "open", "overdue", "ended", "all" or of one state; open ones by due time, ended ones the latest first."""
    return store.listing(shop.db, show, shop.stamp(), limit, offset)


def lines(shop: Shop, show: Show = "open", limit: int = MANY, offset: int = 0) -> list[CaseLine]:
    """As `listing`, each with its clock."""
    now, hours = shop.now(), business_time.of(shop)
    return [CaseLine(row, clock(row, row.ended_at, now, hours)) for row in listing(shop, show, limit, offset)]


def count(shop: Shop, show: Show) -> int:
    """How many cases a list has."""
    return store.count(shop.db, show, shop.stamp())


def place(shop: Shop, show: Show, complaint_id: int) -> int | None:
    """Where in a list a case stands, from 0; None when it is not in it."""
    return store.place(shop.db, show, shop.stamp(), complaint_id)


def gather(shop: Shop, complaint_id: int) -> Case:
    """One case all round.

    Raises:
        ComplaintMissing: there is none with this id.
    """
    with shop.reading():
        found = row(shop, complaint_id)
        line = CaseLine(found, clock(found, found.ended_at, shop.now(), business_time.of(shop)))
        return Case(
            line,
            get(shop, complaint_id),
            tuple(store.step_lines(shop.db, complaint_id)),
            next_steps(shop, complaint_id),
        )


def overdue(shop: Shop) -> list[CaseRow]:
    """Open cases past their due time, the longest first."""
    return listing(shop, "overdue")


def of_customer(shop: Shop, customer_id: int, limit: int = 100) -> list[CaseRow]:
    """One customer's cases, open ones first, then the latest."""
    return store.of_customer(shop.db, customer_id, limit)


def categories(shop: Shop) -> list[str]:
    """The categories in use, the most frequent first."""
    return store.categories(shop.db)


def count_by_state(shop: Shop) -> dict[ComplaintState, int]:
    """Cases per state, every state present."""
    found = dict(store.count_by_state(shop.db))
    return {state: found.get(state, 0) for state in (*OPEN_STATES, *ENDED_STATES)}


def counts(shop: Shop) -> Counts:
    """Open cases, those of them past due, and those due in the rest of today."""
    day_end = start_of_day(shop.today() + timedelta(days=1), shop.zone)
    return store.counts(shop.db, shop.stamp(), to_instant(day_end))


def due_at(shop: Shop, priority: Priority, received_at: datetime) -> datetime:
    """When a case of a priority is due: so many business hours after it came in."""
    return business_time.add_minutes(received_at, shop.get(_HOURS[priority]) * 60, business_time.of(shop))


def next_steps(shop: Shop, complaint_id: int) -> tuple[StepKind, ...]:
    """The steps that fit the case now, the usual one first."""
    case = get(shop, complaint_id)
    responded = any(step.kind == "responded" for step in steps(shop, complaint_id))
    return tuple(kind for kind in NEXT[case.state] if kind != "responded" or not responded)


def receive(shop: Shop, draft: ComplaintDraft) -> int:
    """Take a complaint in, with its due time, and return its id.

    Raises:
        SummaryMissing, ComplaintMissing (no such customer), TimeNotPossible (in the future): nothing was stored.
    """
    summary = clean_note(draft.summary)
    if not summary:
        raise SummaryMissing(_("Please write what the customer says; nothing was saved."))
    name = customer_name(shop, draft.customer_id)
    if draft.customer_id is not None and person.is_erased(shop.db, draft.customer_id):
        raise ComplaintMissing(
            _("This customer was erased for good. Nothing was saved; note it without a customer.")
        )
    with shop.change(
        _("Complaint of {name} received").format(name=name),
        {"complaints", "interactions", "tiers"},
        action="complaints.receive",
    ):
        at = draft.received_at or shop.now()
        if at > shop.now():
            raise TimeNotPossible(_("A complaint cannot come in later than now; nothing was saved."))
        case = _case(shop, draft, summary, at)
        case_id = shop.db.insert(replace(case, owner_staff_id=draft.owner_staff_id or shop.staff_id))
        add_step_within(shop, case_id, "received", at, "", interaction=True)
        log_within(shop, case_id, draft.customer_id, draft.channel, "customer", summary, at)
        if draft.responded:
            add_step_within(shop, case_id, "responded", at, "", interaction=False)
        if draft.customer_id is not None:
            tiers.refresh_within(shop, draft.customer_id)
        return case_id


def receive_history_within(
    shop: Shop,
    draft: ComplaintDraft,
    import_id: int,
    *,
    state: ComplaintState = "received",
    ended_at: datetime | None = None,
    note: str = "",
) -> int:
    """Store a case from a list, with the steps that the list tells of; inside a change. Triggers nothing.

    Args:
        state: as the list says; a closed one counts as resolved, answered and closed at `ended_at`.
        ended_at: when it came to that state, None as received.
        note: the words of its last step; of a case to which nothing happened yet, a note of its own.
    """
    at = draft.received_at or shop.now()
    case = replace(
        _case(shop, draft, clean_note(draft.summary), at),
        state=state,
        owner_staff_id=draft.owner_staff_id,
        import_id=import_id,
    )
    case_id = shop.db.insert(case)
    add_step_within(shop, case_id, "received", at, "", interaction=True, staff_id=draft.owner_staff_id)
    end = max(ended_at or at, at)
    kinds: tuple[StepKind, ...] = _HISTORY.get(state, (cast(StepKind, state),))
    for kind in kinds if state != "received" else ():
        add_step_within(
            shop,
            case_id,
            kind,
            end,
            clean_note(note) if kind == kinds[-1] else "",
            interaction=kind == "answered",
            staff_id=draft.owner_staff_id,
        )
    if state == "received" and clean_note(note):
        add_step_within(
            shop, case_id, "note", end, clean_note(note), interaction=False, staff_id=draft.owner_staff_id
        )
    log_within(
        shop, case_id, draft.customer_id, draft.channel, "customer", case.summary, at, import_id=import_id
    )
    return case_id


_HISTORY: dict[ComplaintState, tuple[StepKind, ...]] = {
    "answered": ("resolved", "answered"),
    "closed": ("resolved", "answered", "closed"),
}


def respond(
    shop: Shop, complaint_id: int, note: str = "", at: datetime | None = None, channel: Channel = "call"
) -> None:
    """Note the first word of the staff to the customer; it fits once."""
    step(shop, complaint_id, "responded", note, at, channel)


def investigate(shop: Shop, complaint_id: int, note: str = "", at: datetime | None = None) -> None:
    """Note that somebody looks into it."""
    step(shop, complaint_id, "investigating", note, at)


def resolve(shop: Shop, complaint_id: int, note: str = "", at: datetime | None = None) -> None:
    """Note that it is solved; the customer is still to be told."""
    step(shop, complaint_id, "resolved", note, at)


def answer(
    shop: Shop, complaint_id: int, note: str = "", at: datetime | None = None, channel: Channel = "call"
) -> None:
    """Note that the customer was told the result; it is the first response too where there was none."""
    step(shop, complaint_id, "answered", note, at, channel)


def close(shop: Shop, complaint_id: int, note: str = "", at: datetime | None = None) -> None:
    """Close an answered case; the rule plans the satisfaction call."""
    step(shop, complaint_id, "closed", note, at)


def reopen(shop: Shop, complaint_id: int, note: str, at: datetime | None = None) -> None:
    """Look into it again, with a reason; a planned satisfaction call is cancelled."""
    step(shop, complaint_id, "reopened", note, at)


def withdraw(shop: Shop, complaint_id: int, note: str, at: datetime | None = None) -> None:
    """Note that the customer takes it back, and why."""
    step(shop, complaint_id, "withdrawn", note, at)


def note(shop: Shop, complaint_id: int, note: str, at: datetime | None = None) -> None:
    """Add words to a case, whatever its state."""
    step(shop, complaint_id, "note", note, at)


def mark_duplicate(shop: Shop, complaint_id: int, of_id: int, at: datetime | None = None) -> None:
    """Note that it repeats another case, which stays open.

    Raises:
        StepNotPossible: of itself, or of a case that is a duplicate.
    """
    other = get(shop, of_id)
    if of_id == complaint_id or other.state == "duplicate":
        raise StepNotPossible(
            _("A complaint can only be a duplicate of another one that is none itself; nothing was changed.")
        )
    step(shop, complaint_id, "duplicate", other.summary, at, duplicate_of=of_id)


def edit(shop: Shop, complaint_id: int, priority: Priority, owner_staff_id: int | None) -> None:
    """Change how urgent a case is and who is answerable; its due time is counted anew from its receipt.

    Raises:
        ComplaintMissing: the case is gone; nothing was changed.
    """
    case = get(shop, complaint_id)
    name = customer_name(shop, case.customer_id)
    with shop.change(
        _("Edit the complaint of {name}").format(name=name), {"complaints"}, action="complaints.edit"
    ):
        due = due_at(shop, priority, from_instant(case.received_at))
        shop.db.update(
            replace(case, priority=priority, due_at=to_instant(due), owner_staff_id=owner_staff_id)
        )


def _case(shop: Shop, draft: ComplaintDraft, summary: str, at: datetime) -> Complaint:
    return Complaint(
        0,
        summary,
        to_instant(at),
        local_day(at, shop.zone).isoformat(),
        to_instant(due_at(shop, draft.priority, at)),
        draft.customer_id,
        draft.purchase_id,
        draft.device_id,
        clean_text(draft.category),
        draft.priority,
        draft.channel,
        created_at=shop.stamp(),
    )
