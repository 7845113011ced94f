"""Follow-ups: plan a contact, put it off, finish it with an outcome; what is due today.

Which rule makes which follow-up is in followup_rules.py, the words for them are in followup_words.py. The day first
promised stays whatever happens: on-time figures go by it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from desktop_crm import business_time, followup_words
from desktop_crm.base.errors import CrmError
from desktop_crm.base.i18n import _
from desktop_crm.base.values import clean_note, clean_text
from desktop_crm.followup_rules import after_complaint_closed_within as after_complaint_closed_within
from desktop_crm.followup_rules import after_sale_within as after_sale_within
from desktop_crm.followup_rules import cancel_customer_within as cancel_customer_within
from desktop_crm.followup_rules import (
    cancel_revisits_within,
    cancel_within,
    interval_days,
    revisit_within,
)
from desktop_crm.followup_rules import cancel_source_within as cancel_source_within
from desktop_crm.followup_rules import run_rules as run_rules
from desktop_crm.followup_words import OUTCOMES as OUTCOMES
from desktop_crm.followup_words import outcome_label as outcome_label
from desktop_crm.followup_words import reason_text as reason_text
from desktop_crm.followup_words import rule_label as rule_label
from desktop_crm.records.customers import Customer
from desktop_crm.records.followups import Followup, Outcome
from desktop_crm.records.interactions import Channel, Interaction
from desktop_crm.records.staff import StaffMember
from desktop_crm.settings import SHOP_NAME
from desktop_crm.shop import Shop
from desktop_crm.store import followups as store
from desktop_crm.store.followups import Counts as Counts
from desktop_crm.store.followups import Planned, Show

TRY_AGAIN_DAYS = (1, 3, 7)
"""After the first, second and third try that nobody answered; after the fourth the interval of the tier counts."""

MANY = 1_000_000


@dataclass(frozen=True)
class DueFollowup:
    """One line of a list of follow-ups.

    Attributes:
        customer_name / tier / phone: whom; the tier's key, the primary number or ''.
        why: the reason in words. detail: the quiet line under it (the phone and since when, the complaint).
        overdue_days: days since it was due, 0 or less for today and later.
        staff_name: who should do it, '' anybody.
        cause_day: the day of the sale or closing behind it, None without one.
    """

    followup: Followup
    customer_name: str
    tier: str
    phone: str
    why: str
    detail: str
    overdue_days: int
    staff_name: str
    cause_day: str | None

    @property
    def id(self) -> int:
        """The follow-up's key."""
        return self.followup.id


@dataclass(frozen=True)
class FinishResult:
    """What finishing did: `next_followup_id` and its day where a next contact was planned, else None."""

    followup_id: int
    next_followup_id: int | None
    next_day: str | None


class FollowupMissing(CrmError):
    """There is no such follow-up, or its customer is gone."""


class FollowupEnded(CrmError):
    """The follow-up is not open any more."""


class ReasonMissing(CrmError):
    """A plan or cancellation needs a reason."""


class DayNotPossible(CrmError):
    """The day is missing or has passed."""


class TimeNotUnderstood(CrmError):
    """The time is not of the form HH:MM."""


class ContactNotWanted(CrmError):
    """The customer asked not to be contacted."""


def due(
    shop: Shop, on: date | None = None, staff_id: int | None = None, limit: int = MANY
) -> list[DueFollowup]:
    """Follow-ups due or overdue on a day (today), the longest waiting first; a clerk's own and nobody's, or all."""
    return listing(shop, "due", staff_id=staff_id, on=on, limit=limit)


def upcoming(shop: Shop, staff_id: int | None = None) -> list[DueFollowup]:
    """Follow-ups due in the seven days after today, the next first."""
    return listing(shop, "upcoming", staff_id=staff_id)


def listing(
    shop: Shop,
    show: Show,
    *,
    staff_id: int | None = None,
    on: date | None = None,
    limit: int = MANY,
    offset: int = 0,
) -> list[DueFollowup]:
    """One of the lists: "due", "upcoming" (seven days), "open" (all) or "done" (also cancelled, the latest first)."""
    day = on or shop.today()
    with shop.reading() as db:
        return [_line(p, day) for p in store.listing(db, show, day.isoformat(), staff_id, limit, offset)]


def count(shop: Shop, show: Show, *, staff_id: int | None = None) -> int:
    """How many follow-ups a list has."""
    return store.count(shop.db, show, shop.today().isoformat(), staff_id)


def counts(shop: Shop, staff_id: int | None = None) -> Counts:
    """Open follow-ups overdue, due today and in the seven days after."""
    return store.counts(shop.db, shop.today().isoformat(), staff_id)


def of_customer(shop: Shop, customer_id: int) -> list[DueFollowup]:
    """One customer's open follow-ups, the next first."""
    return [_line(p, shop.today()) for p in store.of_customer(shop.db, customer_id)]


def get(shop: Shop, followup_id: int) -> Followup:
    """One follow-up.

    Raises:
        FollowupMissing: there is none with this id.
    """
    return _planned(shop, followup_id).followup


def what_to_say(shop: Shop, followup_id: int) -> str:
    """A text to say or send to the customer, in the customer's language."""
    clerk = shop.db.get(StaffMember, shop.staff_id or 0)
    planned = _planned(shop, followup_id)
    return followup_words.what_to_say(planned, shop.get(SHOP_NAME), clerk.name if clerk else "")


def plan(
    shop: Shop,
    customer_id: int,
    due_day: date,
    reason: str,
    *,
    due_time: str | None = None,
    staff_id: int | None = None,
) -> int:
    """Plan a contact and return its id.

    Args:
        due_day: today or later. due_time: HH:MM in shop time, for an announcement at that time.
        staff_id: who should do it, None anybody.

    Raises:
        ReasonMissing, DayNotPossible, TimeNotUnderstood: for what was typed.
        ContactNotWanted, FollowupMissing: for the customer.
    """
    customer = _living(shop, customer_id)
    with shop.change(_("Plan a contact with {name}").format(name=customer.name), {"followups"}):
        return plan_within(shop, customer_id, due_day, reason, due_time=due_time, staff_id=staff_id)


def plan_within(
    shop: Shop,
    customer_id: int,
    due_day: date,
    reason: str,
    *,
    due_time: str | None = None,
    staff_id: int | None = None,
) -> int:
    """As `plan`, as part of the change that is open."""
    customer = _living(shop, customer_id)
    if customer.do_not_contact:
        raise ContactNotWanted(
            _(
                "{name} asked not to be contacted; nothing was planned. If that changed, change it on the card first."
            ).format(name=customer.name)
        )
    because = clean_text(reason)
    if not because:
        raise ReasonMissing(_("Please say why this customer is to be contacted; nothing was planned."))
    day = _possible(shop, due_day)
    followup = Followup(
        0, customer_id, "manual", because, day, day, shop.stamp(), due_time=_time(due_time), staff_id=staff_id
    )
    return shop.db.insert(followup)


def snooze(shop: Shop, followup_id: int, day: date, time: str | None = None) -> None:
    """Put an open follow-up off; the day first promised stays.

    Raises:
        FollowupEnded, DayNotPossible, TimeNotUnderstood: nothing was changed.
    """
    planned = _open(shop, followup_id)
    to, at = _possible(shop, day), _time(time)
    label = _("Put off the contact with {name} to {day}").format(name=planned.customer_name, day=to)
    with shop.change(label, {"followups"}):
        shop.db.update(replace(planned.followup, due_day=to, due_time=at, reminded_at=None))


def cancel(shop: Shop, followup_id: int, reason: str) -> None:
    """Cancel an open follow-up; it then counts neither as done nor as missed.

    Raises:
        FollowupEnded, ReasonMissing: nothing was changed.
    """
    planned = _open(shop, followup_id)
    because = clean_text(reason)
    if not because:
        raise ReasonMissing(_("Please say why this contact is cancelled; nothing was changed."))
    label = _("Cancel the contact with {name}").format(name=planned.customer_name)
    with shop.change(label, {"followups"}):
        cancel_within(shop, planned.followup, because)


def finish(
    shop: Shop,
    followup_id: int,
    outcome: Outcome,
    note: str = "",
    next_day: date | None = None,
    *,
    next_time: str | None = None,
    channel: Channel = "call",
) -> FinishResult:
    """End a follow-up with its outcome, log the contact and plan the next one by rule, as one step.

    No answer is tried again after 1, 3 and 7 days (or on `next_day`); later needs `next_day`; reached and not
    interested start the interval of the tier; bought leaves the next contact to the sale; do not contact is noted
    on the card and cancels whatever is planned.

    Raises:
        FollowupEnded: it is not open any more. DayNotPossible: later without a day, or a day that has passed.
    """
    planned = _open(shop, followup_id)
    if outcome == "later" and next_day is None:
        raise DayNotPossible(_("Please give the day of the next contact; nothing was changed."))
    to = None if next_day is None else date.fromisoformat(_possible(shop, next_day))
    at, text = _time(next_time), clean_note(note)
    words = outcome_label(outcome)
    label = _("Contact with {name}: {outcome}").format(name=planned.customer_name, outcome=words)
    kinds = {"followups", "interactions"} | ({"customers"} if outcome == "do_not_contact" else set())
    with shop.change(label, kinds):
        _end(shop, planned, outcome, text, channel)
        next_id = _next(shop, planned.followup, outcome, to, at)
        follows = shop.db.get(Followup, next_id) if next_id else None
    return FinishResult(followup_id, next_id, follows.due_day if follows else None)


@dataclass(frozen=True)
class NextDays:
    """When the next contact would be by rule: after no answer, and after a conversation; None where none is planned."""

    try_again: date | None
    revisit: date | None


def next_days(shop: Shop, followup_id: int) -> NextDays:
    """What finishing would plan, to be shown before it does."""
    planned = _planned(shop, followup_id)
    days = interval_days(shop, planned.followup.customer_id)
    others = store.open_of(shop.db, planned.followup.customer_id)
    alone = all(other.id == followup_id or other.rule == "tier_interval" for other in others)
    revisit = shop.today() + timedelta(days=days) if days and alone else None
    return NextDays(_next_try(shop, planned.followup, 1) or revisit, revisit)


def _end(shop: Shop, planned: Planned, outcome: Outcome, note: str, channel: Channel) -> None:
    """Store the outcome and the contact that it was."""
    done = replace(
        planned.followup,
        state="done",
        outcome=outcome,
        outcome_note=note,
        done_at=shop.stamp(),
        done_day=shop.today().isoformat(),
        done_by=shop.staff_id,
    )
    shop.db.update(done)
    summary = f"{reason_text(done)}: {outcome_label(outcome)}"
    shop.db.insert(
        Interaction(
            0,
            done.customer_id,
            shop.stamp(),
            shop.today().isoformat(),
            channel,
            "shop",
            f"{summary} – {note}" if note else summary,
            reached=outcome != "no_answer",
            staff_id=shop.staff_id,
            followup_id=done.id,
        )
    )


def _next(shop: Shop, done: Followup, outcome: Outcome, day: date | None, time: str | None) -> int | None:
    """Plan what follows by rule; None where nothing does."""
    if outcome == "do_not_contact":
        customer = _living(shop, done.customer_id)
        shop.db.update(replace(customer, do_not_contact=True))
        cancel_customer_within(shop, done.customer_id, _("The customer does not want to be contacted."))
        return None
    if outcome != "no_answer":
        cancel_revisits_within(shop, done.customer_id)
    if outcome == "no_answer" and day is None:
        day = _next_try(shop, done, 0)
    if outcome in ("no_answer", "later") and day is not None:
        return _again(shop, done, day, time)
    return None if outcome == "bought" else revisit_within(shop, done.customer_id)


def _next_try(shop: Shop, followup: Followup, more: int) -> date | None:
    """The day of the next try after those stored and `more`, one the shop opens on; None after the fourth in a month."""
    since = shop.today() - timedelta(days=30)
    tried = store.tries(shop.db, followup, since.isoformat()) + more
    if tried > len(TRY_AGAIN_DAYS):
        return None
    day = shop.today() + timedelta(days=TRY_AGAIN_DAYS[tried - 1])
    return business_time.next_open_day(day, business_time.of(shop))


def _again(shop: Shop, done: Followup, day: date, time: str | None) -> int:
    """The same contact once more, as a follow-up of its own."""
    return shop.db.insert(
        Followup(
            0,
            done.customer_id,
            done.rule,
            done.reason,
            day.isoformat(),
            day.isoformat(),
            shop.stamp(),
            due_time=time,
            source_kind=done.source_kind,
            source_id=done.source_id,
            staff_id=done.staff_id,
        )
    )


def _line(planned: Planned, today: date) -> DueFollowup:
    followup = planned.followup
    return DueFollowup(
        followup,
        planned.customer_name,
        planned.tier,
        planned.phone,
        followup_words.why(planned, today),
        followup_words.detail(planned),
        (today - date.fromisoformat(followup.due_day)).days,
        planned.staff_name,
        planned.source_day,
    )


def _planned(shop: Shop, followup_id: int) -> Planned:
    found = store.planned(shop.db, followup_id)
    if found is None:
        raise FollowupMissing(_("This follow-up is not there any more; nothing was changed."))
    return found


def _open(shop: Shop, followup_id: int) -> Planned:
    found = _planned(shop, followup_id)
    if found.followup.state != "open":
        raise FollowupEnded(
            _("This contact with {name} was ended already; nothing was changed.").format(
                name=found.customer_name
            )
        )
    return found


def _living(shop: Shop, customer_id: int) -> Customer:
    found = shop.db.get(Customer, customer_id)
    if found is None or found.deleted_at is not None or found.merged_into is not None:
        raise FollowupMissing(_("This customer's card is not there any more; nothing was changed."))
    return found


def _possible(shop: Shop, day: date) -> str:
    if day < shop.today():
        raise DayNotPossible(
            _("{day} has passed. Choose today or a later day; nothing was changed.").format(day=day)
        )
    return day.isoformat()


def _time(text: str | None) -> str | None:
    plain = clean_text(text or "").replace("：", ":")
    if not plain:
        return None
    hour, _colon, minute = plain.partition(":")
    if not (
        hour.isdecimal() and minute.isdecimal() and len(minute) == 2 and int(hour) < 24 and int(minute) < 60
    ):
        raise TimeNotUnderstood(
            _("“{text}” is not a time. Write 15:30; nothing was changed.").format(text=plain)
        )
    return f"{int(hour):02d}:{int(minute):02d}"
