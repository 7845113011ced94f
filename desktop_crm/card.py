"""The customer card: everything known of one customer, gathered in one read.

Nothing is changed here; each noun has its own module. The timeline is worded in timeline.py, suggestions in advice.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from desktop_crm import (
    advice,
    birthdays,
    complaints,
    custom_fields,
    customers,
    devices,
    followups,
    purchases,
    tiers,
    timeline,
)
from desktop_crm.advice import Advice
from desktop_crm.base.dates import add_months, quarter_of
from desktop_crm.devices import WarrantyState
from desktop_crm.followups import DueFollowup
from desktop_crm.purchases import Sale
from desktop_crm.records.custom_fields import CustomField
from desktop_crm.records.customers import Customer, Phone
from desktop_crm.records.devices import Device
from desktop_crm.records.tiers import Activity, CustomerTier
from desktop_crm.settings import REPLACEMENT_MONTHS, WINDOW_MONTHS
from desktop_crm.shop import Shop
from desktop_crm.store import card as store
from desktop_crm.store.complaints import CaseRow
from desktop_crm.store.customers import referred_count
from desktop_crm.timeline import Entry

_LONGEST = 300
"""So many contacts a timeline goes back; the figures count all."""

_QUARTERS = 8


@dataclass(frozen=True)
class OwnedDevice:
    """A device with what time made of it.

    Attributes:
        warranty: days left, and the statutory terms.
        plan_days_left: of the carrier plan, negative when it is over, None where its end is not known.
        used_months: whole months since it became theirs.
    """

    device: Device
    warranty: WarrantyState
    plan_days_left: int | None
    used_months: int | None


@dataclass(frozen=True)
class Quarter:
    """Net sales of one calendar quarter; `label` is 2026-Q3."""

    label: str
    net_fen: int


@dataclass(frozen=True)
class Worth:
    """What a customer bought for, in money.

    Attributes:
        net_fen / occasions: net sales and days with a purchase in the last `window_months`.
        lifetime_fen: net sales of all time. purchases: how many sales, voided ones too.
        quarters: the last eight, oldest first, the present one last.
        last_visit_day: the latest purchase or contact the customer began, or None.
    """

    window_months: int
    net_fen: int
    occasions: int
    lifetime_fen: int
    purchases: int
    quarters: tuple[Quarter, ...]
    last_visit_day: str | None


@dataclass(frozen=True)
class Card:
    """One customer, all round.

    Attributes:
        tier: the stored row, None before the first judgement; tier_label: in words, '' then.
        activity / activity_label / why: as of today, so that they agree with `worth`.
        at_risk: of high value, and quiet today.
        devices: those in use first. purchases: latest first, voided ones too.
        timeline: latest first.
        followups: open ones, the next first. complaints: open ones, the next due first.
        advice: what to do or say now.
        next_birthday: the next solar day it falls on.
        owner: the clerk's name, ''. referrer: who sent them, ''. referred_count: how many they sent.
        own: the shop's own fields with the stored value, '' where it is empty.
        today / now: the shop day and the instant at which this was gathered.
    """

    customer: Customer
    phones: tuple[Phone, ...]
    tags: tuple[str, ...]
    tier: CustomerTier | None
    tier_label: str
    activity: Activity
    activity_label: str
    why: str
    at_risk: bool
    devices: tuple[OwnedDevice, ...]
    purchases: tuple[Sale, ...]
    timeline: tuple[Entry, ...]
    followups: tuple[DueFollowup, ...]
    complaints: tuple[CaseRow, ...]
    advice: tuple[Advice, ...]
    worth: Worth
    next_birthday: date | None
    owner: str
    referrer: str
    referred_count: int
    today: date
    now: str
    own: tuple[tuple[CustomField, str], ...] = ()


def gather(shop: Shop, customer_id: int) -> Card:
    """Everything about one customer, also of a deleted card.

    Raises:
        CustomerMissing: there was never such a card.
    """
    with shop.reading() as db:
        customer, today = customers.get(shop, customer_id), shop.today()
        staff = store.staff_names(db)
        sales = tuple(purchases.of_customer(shop, customer_id))
        standing, months = tiers.present(shop, customer_id), shop.get(WINDOW_MONTHS)
        owned = devices.of_customer(shop, customer_id)
        cases = tuple(
            case for case in complaints.of_customer(shop, customer_id) if case.state in complaints.OPEN_STATES
        )
        planned = tuple(followups.of_customer(shop, customer_id))
        referrer = customers.get(shop, customer.referred_by).name if customer.referred_by else ""
        return Card(
            customer=customer,
            phones=customers.phones(shop, customer_id),
            tags=customers.tags(shop, customer_id),
            tier=standing.tier,
            tier_label=tiers.label(standing.tier.tier) if standing.tier else "",
            activity=standing.activity,
            activity_label=tiers.activity_label(standing.activity) if standing.tier else "",
            why=standing.why,
            at_risk=standing.at_risk,
            devices=tuple(_owned(device, today) for device in owned),
            purchases=sales,
            timeline=_timeline(shop, customer, sales, staff),
            followups=planned,
            complaints=cases,
            advice=_advice(shop, customer, owned, planned, cases, standing),
            worth=_worth(shop, customer_id, today, months, len(sales)),
            next_birthday=birthdays.next_day(customer, today),
            owner=staff.get(customer.owner_staff_id or 0, ""),
            referrer=referrer,
            referred_count=referred_count(db, customer_id),
            today=today,
            now=shop.stamp(),
            own=custom_fields.on_card(shop, customer_id),
        )


def quarters(sales: Iterable[tuple[str, int, bool]], today: date) -> tuple[Quarter, ...]:
    """Net sales of the last eight calendar quarters, oldest first; `sales` as `store.card.net_sales_by_day`."""
    found = {}
    start = quarter_of(today).start
    for back in range(_QUARTERS - 1, -1, -1):
        found[quarter_of(add_months(start, -3 * back)).label()] = 0
    for day, fen, _sale in sales:
        label = quarter_of(date.fromisoformat(day)).label()
        if label in found:
            found[label] += fen
    return tuple(Quarter(label, fen) for label, fen in found.items())


def _timeline(
    shop: Shop, customer: Customer, sales: Sequence[Sale], staff: Mapping[int, str]
) -> tuple[Entry, ...]:
    return timeline.entries(
        customer,
        sales,
        store.contacts(shop.db, customer.id, _LONGEST),
        store.complaints(shop.db, customer.id),
        store.complaint_steps(shop.db, customer.id),
        tiers.steps(shop, customer.id),
        staff,
    )


def _advice(
    shop: Shop,
    customer: Customer,
    owned: Sequence[Device],
    planned: Sequence[DueFollowup],
    cases: Sequence[CaseRow],
    standing: tiers.Present,
) -> tuple[Advice, ...]:
    saying = followups.what_to_say(shop, planned[0].followup.id) if planned else ""
    old_after = shop.get(REPLACEMENT_MONTHS)
    return advice.of(
        advice.Facts(
            customer,
            owned,
            planned,
            cases,
            saying,
            standing.why,
            standing.at_risk,
            old_after,
            shop.stamp(),
            shop.today(),
        )
    )


def _worth(shop: Shop, customer_id: int, today: date, window_months: int, purchase_count: int) -> Worth:
    sales = store.net_sales_by_day(shop.db, customer_id)
    start = tiers.window_start(today, window_months).isoformat()
    return Worth(
        window_months,
        sum(fen for day, fen, _sale in sales if day >= start),
        len({day for day, _fen, sale in sales if sale and day >= start}),
        sum(fen for _day, fen, _sale in sales),
        purchase_count,
        quarters(sales, today),
        store.last_visit(shop.db, customer_id),
    )


def _owned(device: Device, today: date) -> OwnedDevice:
    return OwnedDevice(
        device,
        devices.warranty(device, today),
        advice.days_left(device.plan_end_day, today),
        advice.used_months(device, today),
    )
