"""How follow-ups end: the six outcomes, the contact that is logged, and what comes next by rule."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from desktop_crm import business_time
from desktop_crm.base.i18n import _
from desktop_crm.base.values import clean_note
from desktop_crm.followup_checks import DayNotPossible, clean_time, living, planned, possible_day, still_open
from desktop_crm.followup_rules import (
    cancel_customer_within,
    cancel_revisits_within,
    interval_days,
    revisit_within,
)
from desktop_crm.followup_words import outcome_label, reason_text
from desktop_crm.records.followups import Followup, Outcome
from desktop_crm.records.interactions import Channel, Interaction
from desktop_crm.shop import Shop
from desktop_crm.store import followups as store
from desktop_crm.store.followups import Planned

TRY_AGAIN_DAYS = (1, 3, 7)
"""After the first, second and third try that nobody answered; after the fourth the interval of the tier counts."""


@dataclass(frozen=True)
class FinishResult:
    """What finishing did: `next_followup_id` and its day where a next contact was planned, else None."""

    followup_id: int
    next_followup_id: int | None
    next_day: str | None


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
    found = still_open(shop, followup_id)
    if outcome == "later" and next_day is None:
        raise DayNotPossible(_("Please give the day of the next contact; nothing was changed."))
    to = None if next_day is None else date.fromisoformat(possible_day(shop, next_day))
    at, text = clean_time(next_time), clean_note(note)
    words = outcome_label(outcome)
    label = _("Contact with {name}: {outcome}").format(name=found.customer_name, outcome=words)
    kinds = {"followups", "interactions"} | ({"customers"} if outcome == "do_not_contact" else set())
    with shop.change(label, kinds, action="followup_outcomes.finish"):
        _end(shop, found, outcome, text, channel)
        next_id = _next(shop, found.followup, outcome, to, at)
        follows = shop.db.get(Followup, next_id) if next_id else None
    return FinishResult(followup_id, next_id, follows.due_day if follows else None)


@dataclass(frozen=True)
class NextDays:
    """When the next contact would be by rule: after no answer, and after a conversation; None where none is planned."""

    try_again: date | None
    revisit: date | None


def next_days(shop: Shop, followup_id: int) -> NextDays:
    """What finishing would plan, to be shown before it does."""
    found = planned(shop, followup_id)
    days = interval_days(shop, found.followup.customer_id)
    others = store.open_of(shop.db, found.followup.customer_id)
    alone = all(other.id == followup_id or other.rule == "tier_interval" for other in others)
    revisit = shop.today() + timedelta(days=days) if days and alone else None
    return NextDays(_next_try(shop, found.followup, 1) or revisit, revisit)


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
        customer = living(shop, done.customer_id)
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
