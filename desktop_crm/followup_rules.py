"""Which rule makes which follow-up: after a sale, before a birthday, after a complaint, after a long silence.

Each rule is switched off by its setting. Customers who do not want contact, or refused consent, never get one, and
imported history makes none: imported sales and cases are passed over, and a silence counts from the day the card
was recorded. What a person plans, puts off and finishes is in followups.py.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from desktop_crm import birthdays, business_time
from desktop_crm.base.dates import add_months
from desktop_crm.base.i18n import _
from desktop_crm.followup_words import rule_label
from desktop_crm.records.complaints import Complaint
from desktop_crm.records.followups import Followup, Rule
from desktop_crm.records.history import PROGRAM
from desktop_crm.records.purchases import Purchase
from desktop_crm.settings import (
    AFTER_SALE_CARE_DAYS,
    AFTER_SALE_CHECK_DAYS,
    BIRTHDAY_LEAD_DAYS,
    COMPLAINT_CLOSED_DAYS,
    HIGH_VALUE_INTERVAL_DAYS,
    LAST_RULES_DAY,
    LOST_INTERVAL_DAYS,
    POTENTIAL_INTERVAL_DAYS,
    REGULAR_INTERVAL_DAYS,
    REVISIT_HOLD_DAYS,
    REVISITS_PER_DAY,
    Setting,
)
from desktop_crm.shop import Shop
from desktop_crm.store import followups as store

BIRTHDAY_MISSED_DAYS = 7
"""A birthday longer ago than this is not greeted any more."""

AHEAD_DAYS = 7
"""Birthdays are planned this many days before their contact is due, so that the coming week shows them."""

INTERVALS: dict[str, Setting[int]] = {
    "high_value": HIGH_VALUE_INTERVAL_DAYS,
    "potential": POTENTIAL_INTERVAL_DAYS,
    "regular": REGULAR_INTERVAL_DAYS,
    "lost": LOST_INTERVAL_DAYS,
}
"""How often each tier is contacted; prospects by no rule. In the order in which revisits are made."""


def after_sale_within(shop: Shop, purchase_id: int) -> list[int]:
    """Plan the care call and the check after a sale of a phone or a service; inside the change of the sale.

    A revisit that was planned for the customer is cancelled, because the sale was the contact. Walk-ins, imported
    sales, voided ones and sales of accessories alone plan nothing.

    Returns:
        the ids of the planned follow-ups.
    """
    purchase = shop.db.get(Purchase, purchase_id)
    if purchase is None or purchase.customer_id is None:
        return []
    if purchase.import_id is not None or purchase.void_day is not None:
        return []
    cancel_revisits_within(shop, purchase.customer_id)
    if not store.sold_phone_or_service(shop.db, purchase_id):
        return []
    made = []
    rules: tuple[tuple[Rule, Setting[int]], ...] = (
        ("after_sale_care", AFTER_SALE_CARE_DAYS),
        ("after_sale_check", AFTER_SALE_CHECK_DAYS),
    )
    for rule, setting in rules:
        days = shop.get(setting)
        due = date.fromisoformat(purchase.day) + timedelta(days=days)
        if days > 0 and due >= shop.today():
            made += _add(shop, purchase.customer_id, rule, due, ("purchase", purchase_id), purchase.staff_id)
    return made


def after_complaint_closed_within(shop: Shop, complaint_id: int) -> list[int]:
    """Plan the satisfaction call after a complaint was closed; inside the change that closes it."""
    complaint = shop.db.get(Complaint, complaint_id)
    days = shop.get(COMPLAINT_CLOSED_DAYS)
    if complaint is None or complaint.customer_id is None or complaint.import_id is not None or days <= 0:
        return []
    due = shop.today() + timedelta(days=days)
    source = ("complaint", complaint_id)
    return _add(shop, complaint.customer_id, "complaint_closed", due, source, complaint.owner_staff_id)


def revisit_within(shop: Shop, customer_id: int) -> int | None:
    """Plan the next revisit by the interval of the customer's tier, counted from today; inside a change.

    Returns:
        its id, or None where the rule is off, the customer wants no contact or something is planned anyway.
    """
    days = interval_days(shop, customer_id)
    if not days or store.open_of(shop.db, customer_id):
        return None
    made = _add(shop, customer_id, "tier_interval", shop.today() + timedelta(days=days), ("", None))
    return made[0]


def interval_days(shop: Shop, customer_id: int) -> int:
    """Every how many days the customer is contacted by tier; 0 where the rule is off or they want no contact."""
    who = store.candidate(shop.db, customer_id)
    setting = INTERVALS.get(who.tier) if who else None
    return shop.get(setting) if setting else 0


def cancel_revisits_within(shop: Shop, customer_id: int) -> None:
    """Cancel the customer's planned revisits, because there was a contact just now; inside a change."""
    for followup in store.open_of(shop.db, customer_id, "tier_interval"):
        cancel_within(shop, followup, _("There was a contact meanwhile."))


def cancel_source_within(shop: Shop, source_kind: str, source_id: int, reason: str) -> int:
    """Cancel what a purchase or complaint made (it was voided, reopened); inside a change. Returns how many."""
    found = store.open_from(shop.db, source_kind, source_id)
    for followup in found:
        cancel_within(shop, followup, reason)
    return len(found)


def cancel_customer_within(shop: Shop, customer_id: int, reason: str) -> int:
    """Cancel all that is planned for a customer (contact not wanted, card deleted); inside a change."""
    found = store.open_of(shop.db, customer_id)
    for followup in found:
        cancel_within(shop, followup, reason)
    return len(found)


def cancel_within(shop: Shop, followup: Followup, reason: str) -> None:
    """End an open follow-up without an outcome; inside a change."""
    shop.db.update(
        replace(
            followup,
            state="cancelled",
            cancel_reason=reason,
            done_at=shop.stamp(),
            done_day=shop.today().isoformat(),
            done_by=shop.staff_id or None,
        )
    )


def run_rules(shop: Shop) -> int:
    """Make what the calendar asks for: birthdays and revisits; once a day, in one change nobody's Ctrl+Z takes back.

    Safe to call at any time and after days of absence: a second run on a day does nothing, and a birthday missed by
    more than a week, or before the card was recorded, is left.

    Returns:
        how many follow-ups were made.
    """
    today = shop.today()
    if shop.get(LAST_RULES_DAY) == today.isoformat():
        return 0
    own = shop.at_counter(PROGRAM)
    with own.change(
        _("Follow-ups of {day} by the rules").format(day=today),
        {"followups"},
        action="followup_rules.run_rules",
    ):
        for followup in store.unwanted(own.db):
            cancel_within(own, followup, _("The customer does not want to be contacted."))
        made = _birthdays(own, today) + _revisits(own, today)
        own.put(LAST_RULES_DAY, today.isoformat())
    return made


def _birthdays(shop: Shop, today: date) -> int:
    lead = shop.get(BIRTHDAY_LEAD_DAYS)
    if lead < 0:
        return 0
    made = 0
    fresh_since = (today - timedelta(days=100)).isoformat()
    for ahead in range(-BIRTHDAY_MISSED_DAYS, lead + AHEAD_DAYS + 1):
        birthday = today + timedelta(days=ahead)
        due = max(birthday - timedelta(days=lead), today)
        for lunar, keys in ((False, _solar_keys(birthday)), (True, birthdays.keys_on(birthday))):
            for who in store.born_on(shop.db, keys, lunar, birthday.isoformat(), fresh_since) if keys else ():
                made += len(_add(shop, who.id, "birthday", due, ("customer", who.id)))
    return made


def _revisits(shop: Shop, today: date) -> int:
    hold = (today - timedelta(days=shop.get(REVISIT_HOLD_DAYS))).isoformat()
    for followup in store.overtaken_revisits(shop.db, today.isoformat(), hold):
        cancel_within(shop, followup, _("There was a contact meanwhile."))
    made = 0
    due = business_time.next_open_day(today, business_time.of(shop))
    most = shop.get(REVISITS_PER_DAY) - store.open_revisits(shop.db, due.isoformat())
    for tier, setting in INTERVALS.items():
        days = shop.get(setting)
        if days <= 0 or most - made <= 0:
            continue
        before = (today - timedelta(days=days)).isoformat()
        for who in store.quiet_since(shop.db, tier, before, hold, most - made):
            made += len(_add(shop, who.id, "tier_interval", due, ("", None)))
    return made


def _add(
    shop: Shop,
    customer_id: int,
    rule: Rule,
    due: date,
    source: tuple[str, int | None],
    staff_id: int | None = None,
) -> list[int]:
    """Store a follow-up of a rule, unless the customer wants none or has one of that rule on that day."""
    who = store.candidate(shop.db, customer_id)
    day = due.isoformat()
    if who is None or any(f.due_day == day for f in store.open_of(shop.db, customer_id, rule)):
        return []
    followup = Followup(
        0,
        customer_id,
        rule,
        rule_label(rule),
        day,
        day,
        shop.stamp(),
        source_kind=source[0],
        source_id=source[1],
        staff_id=who.staff_id or staff_id,
    )
    return [shop.db.insert(followup)]


def _solar_keys(day: date) -> list[str]:
    """The birthdays MM-DD kept on a solar day: its own, and 29 February on the 28th of other years."""
    keys = [f"{day:%m-%d}"]
    leap_day = add_months(date(2000, 2, 29), (day.year - 2000) * 12)
    return [*keys, "02-29"] if day == leap_day and day.day == 28 else keys
