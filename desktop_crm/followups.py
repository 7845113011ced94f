"""Follow-ups: plan a contact, put it off, finish it with an outcome; what is due today.

Which rule makes which follow-up is in followup_rules.py, the words for them are in followup_words.py. The day first
promised stays whatever happens: on-time figures go by it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from desktop_crm import followup_words
from desktop_crm.base.i18n import _
from desktop_crm.base.values import clean_text
from desktop_crm.followup_checks import ContactNotWanted as ContactNotWanted
from desktop_crm.followup_checks import DayNotPossible as DayNotPossible
from desktop_crm.followup_checks import FollowupEnded as FollowupEnded
from desktop_crm.followup_checks import FollowupMissing as FollowupMissing
from desktop_crm.followup_checks import ReasonMissing as ReasonMissing
from desktop_crm.followup_checks import TimeNotUnderstood as TimeNotUnderstood
from desktop_crm.followup_checks import clean_time, living, planned, possible_day, still_open
from desktop_crm.followup_outcomes import FinishResult as FinishResult
from desktop_crm.followup_outcomes import NextDays as NextDays
from desktop_crm.followup_outcomes import finish as finish
from desktop_crm.followup_outcomes import next_days as next_days
from desktop_crm.followup_rules import after_complaint_closed_within as after_complaint_closed_within
from desktop_crm.followup_rules import after_sale_within as after_sale_within
from desktop_crm.followup_rules import cancel_customer_within as cancel_customer_within
from desktop_crm.followup_rules import cancel_source_within as cancel_source_within
from desktop_crm.followup_rules import (
    cancel_within,
)
from desktop_crm.followup_rules import run_rules as run_rules
from desktop_crm.followup_words import OUTCOMES as OUTCOMES
from desktop_crm.followup_words import outcome_label as outcome_label
from desktop_crm.followup_words import reason_text as reason_text
from desktop_crm.followup_words import rule_label as rule_label
from desktop_crm.records.followups import Followup
from desktop_crm.records.staff import StaffMember
from desktop_crm.settings import SHOP_NAME
from desktop_crm.shop import Shop
from desktop_crm.store import followups as store
from desktop_crm.store.followups import Counts as Counts
from desktop_crm.store.followups import Planned
from desktop_crm.store.followups import Show as Show

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
    """One of the lists: "due", "overdue", "upcoming" (seven days), "open" (all) or "done" (ended, the latest first)."""
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


def line(shop: Shop, followup_id: int) -> DueFollowup:
    """One follow-up as lists show it.

    Raises:
        FollowupMissing: there is none with this id.
    """
    return _line(planned(shop, followup_id), shop.today())


def get(shop: Shop, followup_id: int) -> Followup:
    """One follow-up.

    Raises:
        FollowupMissing: there is none with this id.
    """
    return planned(shop, followup_id).followup


def what_to_say(shop: Shop, followup_id: int) -> str:
    """A text to say or send to the customer, in the customer's language."""
    clerk = shop.db.get(StaffMember, shop.staff_id or 0)
    found = planned(shop, followup_id)
    return followup_words.what_to_say(found, shop.get(SHOP_NAME), clerk.name if clerk else "")


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
    customer = living(shop, customer_id)
    with shop.change(
        _("Plan a contact with {name}").format(name=customer.name), {"followups"}, action="followups.plan"
    ):
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
    customer = living(shop, customer_id)
    if customer.do_not_contact:
        raise ContactNotWanted(
            _(
                "{name} asked not to be contacted; nothing was planned. If that changed, change it on the card first."
            ).format(name=customer.name)
        )
    because = clean_text(reason)
    if not because:
        raise ReasonMissing(_("Please say why this customer is to be contacted; nothing was planned."))
    day = possible_day(shop, due_day)
    followup = Followup(
        0,
        customer_id,
        "manual",
        because,
        day,
        day,
        shop.stamp(),
        due_time=clean_time(due_time),
        staff_id=staff_id,
    )
    return shop.db.insert(followup)


def snooze(shop: Shop, followup_id: int, day: date, time: str | None = None) -> None:
    """Put an open follow-up off; the day first promised stays.

    Raises:
        FollowupEnded, DayNotPossible, TimeNotUnderstood: nothing was changed.
    """
    found = still_open(shop, followup_id)
    to, at = possible_day(shop, day), clean_time(time)
    label = _("Put off the contact with {name} to {day}").format(name=found.customer_name, day=to)
    with shop.change(label, {"followups"}, action="followups.snooze"):
        shop.db.update(replace(found.followup, due_day=to, due_time=at, reminded_at=None))


def cancel(shop: Shop, followup_id: int, reason: str) -> None:
    """Cancel an open follow-up; it then counts neither as done nor as missed.

    Raises:
        FollowupEnded, ReasonMissing: nothing was changed.
    """
    found = still_open(shop, followup_id)
    because = clean_text(reason)
    if not because:
        raise ReasonMissing(_("Please say why this contact is cancelled; nothing was changed."))
    label = _("Cancel the contact with {name}").format(name=found.customer_name)
    with shop.change(label, {"followups"}, action="followups.cancel"):
        cancel_within(shop, found.followup, because)


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
