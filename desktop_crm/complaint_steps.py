"""The steps of complaints: whether one fits, what it changes, and what it brings with it.

Taking complaints in and listing them is in complaints.py; which step fits which state in complaint_rules.py.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from desktop_crm import followups
from desktop_crm.base.dates import from_instant, local_day, to_instant
from desktop_crm.base.errors import CrmError
from desktop_crm.base.i18n import N_, _
from desktop_crm.base.values import clean_note
from desktop_crm.complaint_rules import NEXT, STATE_AFTER, state_label, step_label
from desktop_crm.records.complaints import Complaint, ComplaintStep, StepKind
from desktop_crm.records.customers import Customer
from desktop_crm.records.interactions import Channel, Interaction, Starter
from desktop_crm.shop import Shop
from desktop_crm.store import complaints as store

_CHANGE_LABELS: dict[StepKind, str] = {
    "responded": N_("First response to the complaint of {name}"),
    "investigating": N_("Look into the complaint of {name}"),
    "resolved": N_("Complaint of {name} resolved"),
    "answered": N_("Complaint of {name} answered"),
    "closed": N_("Complaint of {name} closed"),
    "reopened": N_("Complaint of {name} reopened"),
    "withdrawn": N_("Complaint of {name} withdrawn"),
    "duplicate": N_("Complaint of {name} marked as a duplicate"),
    "note": N_("Note on the complaint of {name}"),
}


class ComplaintMissing(CrmError):
    """There is no such case, or no such customer."""


class NoteMissing(CrmError):
    """A note, a reopening and a withdrawal need words."""


class StepNotPossible(CrmError):
    """The step does not fit the state of the case."""


class TimeNotPossible(CrmError):
    """A step lies in the future or before the one it follows."""


def get(shop: Shop, complaint_id: int) -> Complaint:
    """One case.

    Raises:
        ComplaintMissing: there is none with this id.
    """
    found = shop.db.get(Complaint, complaint_id)
    if found is None:
        raise ComplaintMissing(_("This complaint is not there any more; nothing was changed."))
    return found


def steps(shop: Shop, complaint_id: int) -> list[ComplaintStep]:
    """The steps of a case in order."""
    return store.steps(shop.db, complaint_id)


def step(
    shop: Shop,
    complaint_id: int,
    kind: StepKind,
    note: str = "",
    at: datetime | None = None,
    channel: Channel = "call",
    *,
    duplicate_of: int | None = None,
) -> None:
    """Take one step, as one change.

    Raises:
        StepNotPossible: it does not fit the state. NoteMissing: it needs words.
        TimeNotPossible: in the future, or before the step it follows. ComplaintMissing: the case is gone.
    """
    case = get(shop, complaint_id)
    words = _checked_note(kind, note)
    name = customer_name(shop, case.customer_id)
    with shop.change(
        _(_CHANGE_LABELS[kind]).format(name=name),
        {"complaints", "interactions", "followups"},
        action="complaint_steps.step",
    ):
        case, before = get(shop, complaint_id), steps(shop, complaint_id)
        when = _checked_time(shop, before, at)
        _refuse_misfit(case, before, kind)
        if kind == "answered" and all(step.kind != "responded" for step in before):
            add_step_within(shop, case.id, "responded", when, "", interaction=False)
        add_step_within(shop, case.id, kind, when, words, interaction=kind in ("responded", "answered"))
        shop.db.update(
            replace(
                case,
                state=STATE_AFTER.get(kind, case.state),
                duplicate_of=duplicate_of if kind in ("duplicate", "reopened") else case.duplicate_of,
            )
        )
        _follow(shop, case, kind, words, when, channel)


def add_step_within(
    shop: Shop,
    case_id: int,
    kind: StepKind,
    at: datetime,
    note: str,
    *,
    interaction: bool,
    staff_id: int | None = None,
) -> None:
    """Store one step; inside a change."""
    day = local_day(at, shop.zone).isoformat()
    who = staff_id or shop.staff_id
    shop.db.insert(ComplaintStep(0, case_id, kind, to_instant(at), day, who, note, interaction))


def log_within(
    shop: Shop,
    case_id: int,
    customer_id: int | None,
    channel: Channel,
    began_by: Starter,
    summary: str,
    at: datetime,
    import_id: int | None = None,
) -> None:
    """Log the contact that a step was, inside a change; an anonymous case has nobody to log it on."""
    if customer_id is None:
        return
    shop.db.insert(
        Interaction(
            0,
            customer_id,
            to_instant(at),
            local_day(at, shop.zone).isoformat(),
            channel,
            began_by,
            summary,
            staff_id=shop.staff_id,
            complaint_id=case_id,
            import_id=import_id,
        )
    )


def _follow(shop: Shop, case: Complaint, kind: StepKind, note: str, at: datetime, channel: Channel) -> None:
    """What a step brings with it: the contact that it was, the call a week after, or that this call is off."""
    if kind in ("responded", "answered"):
        log_within(shop, case.id, case.customer_id, channel, "shop", note or step_label(kind), at)
    if kind == "closed":
        followups.after_complaint_closed_within(shop, case.id)
    if kind == "reopened":
        followups.cancel_source_within(shop, "complaint", case.id, _("The complaint was reopened."))


def _checked_note(kind: StepKind, note: str) -> str:
    words = clean_note(note)
    if not words and kind in ("note", "reopened", "withdrawn"):
        raise NoteMissing(_("Please write a few words for this step; nothing was changed."))
    return words


def _checked_time(shop: Shop, before: list[ComplaintStep], at: datetime | None) -> datetime:
    when = at or shop.now()
    if when > shop.now() and at is not None:
        raise TimeNotPossible(_("A step cannot lie in the future; nothing was changed."))
    last = max((from_instant(step.at) for step in before), default=when)
    if when < last:
        if at is None:  # the computer's clock went back: the step keeps its place
            return last
        raise TimeNotPossible(_("A step cannot lie before the one it follows; nothing was changed."))
    return when


def _refuse_misfit(case: Complaint, before: list[ComplaintStep], kind: StepKind) -> None:
    if kind == "responded" and any(step.kind == "responded" for step in before):
        raise StepNotPossible(
            _("The first response was noted already; add a note instead. Nothing was changed.")
        )
    if kind in NEXT[case.state]:
        return
    if kind == "closed" and case.state in ("received", "investigating"):
        raise StepNotPossible(
            _(
                "This complaint is not resolved yet. Resolve it and tell the customer, then close it; nothing was changed."
            )
        )
    if kind == "closed" and case.state == "resolved":
        raise StepNotPossible(
            _("The customer was not told the result yet. Answer first, then close; nothing was changed.")
        )
    raise StepNotPossible(
        _("“{step}” does not fit a complaint that is {state}; nothing was changed.").format(
            step=step_label(kind), state=state_label(case.state)
        )
    )


def customer_name(shop: Shop, customer_id: int | None) -> str:
    """Whose case it is, in words.

    Raises:
        ComplaintMissing: the card is gone.
    """
    if customer_id is None:
        return _("an unknown customer")
    customer = shop.db.get(Customer, customer_id)
    if customer is None or customer.deleted_at is not None or customer.merged_into is not None:
        raise ComplaintMissing(_("This customer's card is not there any more; nothing was changed."))
    return customer.name
