"""The customer card: everything known of one customer, gathered in one read.

Nothing is changed here; each noun has its own module. The timeline is worded in timeline.py, suggestions in advice.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from desktop_crm import (
    advice,
    after_sales,
    balance,
    birthdays,
    complaints,
    consents,
    custom_fields,
    customer_phones,
    customers,
    devices,
    followups,
    merge,
    notes,
    openings,
    points,
    relations,
    tiers,
    timeline,
    verification,
)
from desktop_crm.advice import Advice
from desktop_crm.base.dates import add_months, quarter_of
from desktop_crm.customer_phones import Sharing
from desktop_crm.devices import WarrantyState
from desktop_crm.followups import DueFollowup
from desktop_crm.openings import Brought
from desktop_crm.purchases import Sale
from desktop_crm.records.after_sales import AfterSalesTerm
from desktop_crm.records.custom_fields import CustomField
from desktop_crm.records.customers import ChannelConsent, Customer, Phone
from desktop_crm.records.devices import Device
from desktop_crm.records.notes import Note
from desktop_crm.records.tiers import Activity, CustomerTier
from desktop_crm.relations import Related
from desktop_crm.settings import REPLACEMENT_MONTHS, WINDOW_MONTHS
from desktop_crm.shop import Shop
from desktop_crm.store import card as store
from desktop_crm.store.complaints import CaseRow
from desktop_crm.store.customers import referred_count
from desktop_crm.timeline import Entry

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
        phones: the main number first. sharing: other customers with one of these numbers.
        tags: by name. tag_groups: the same as (group, name), grouped ones first.
        consents: answers for single channels. related: who belongs to them, family first.
        notes: dated ones with their authors, pinned ones first, then the latest.
        pinned: what is said when the card opens. due_fen: what they owe; below 0 the shop owes them.
        unverified_since: the day the details were last known to be right, where it is time to ask; else None.
        tier: the stored row, None before the first judgement; tier_label: in words, '' then.
        activity / activity_label / why: as of today, so that they agree with `worth`.
        at_risk: of high value, and quiet today.
        devices: those in use first. purchases: latest first, voided ones too.
        timeline: latest first. timeline_counts: how many lines there are by group, and "all".
        followups: open ones, the next first. complaints: open ones, the next due first.
        advice: what to do or say now.
        birthday: in words, ''. next_birthday: the next solar day it falls on.
        owner: the clerk's name, ''. referrer: who sent them, ''. referred_count: how many they sent.
        own: the shop's own fields with the stored value, '' where it is empty.
        merged: the cards that went into this one, the latest first.
        brought: what they bought before by another program, None where nothing is known; in no sum of `worth`.
        points: what they have, None where there was never an entry.
        today / now: the shop day and the instant at which this was gathered.
    """

    customer: Customer
    phones: tuple[Phone, ...]
    sharing: tuple[Sharing, ...]
    tags: tuple[str, ...]
    tag_groups: tuple[tuple[str, str], ...]
    consents: tuple[ChannelConsent, ...]
    related: tuple[Related, ...]
    pinned: tuple[str, ...]
    notes: tuple[tuple[Note, str], ...]
    due_fen: int
    unverified_since: date | None
    tier: CustomerTier | None
    tier_label: str
    activity: Activity
    activity_label: str
    why: str
    at_risk: bool
    devices: tuple[OwnedDevice, ...]
    purchases: tuple[Sale, ...]
    timeline: tuple[Entry, ...]
    timeline_counts: Mapping[str, int]
    followups: tuple[DueFollowup, ...]
    complaints: tuple[CaseRow, ...]
    advice: tuple[Advice, ...]
    worth: Worth
    birthday: str
    next_birthday: date | None
    owner: str
    referrer: str
    referred_count: int
    today: date
    now: str
    own: tuple[tuple[CustomField, str], ...] = ()
    merged: tuple[merge.Merged, ...] = ()
    brought: Brought | None = None
    points: int | None = None


def gather(shop: Shop, customer_id: int, page: int = timeline.EVERYTHING) -> Card:
    """Everything about one customer, also of a deleted card; of a merged one, everything about the card that stayed.

    It has a line for each field of the card, hence its length.

    Args:
        page: so many lines of the timeline and so many sales, the latest; all of them if not given.

    Raises:
        CustomerMissing: there was never such a card.
    """
    with shop.reading() as db:
        customer_id = merge.stayed(shop, customer_id)
        customer, today = customers.get(shop, customer_id), shop.today()
        standing, terms = tiers.present(shop, customer_id), after_sales.terms(shop)
        facts, groups = _facts(shop, customer, standing), store.tags(db, customer_id)
        people = store.staff_names(db)
        latest = {each.id: each for each in store.latest_purchases(db, customer_id, page)}
        return Card(
            customer=customer,
            phones=customers.phones(shop, customer_id),
            sharing=tuple(customer_phones.sharing(shop, customer_id)),
            tags=tuple(sorted(name for _group, name in groups)),
            tag_groups=tuple(groups),
            consents=tuple(facts.consents),
            related=tuple(facts.related),
            pinned=tuple(facts.pinned),
            notes=_notes(shop, customer_id, page, people),
            due_fen=facts.due_fen,
            unverified_since=_unverified_since(shop, customer),
            tier=standing.tier,
            tier_label=tiers.label(standing.tier.tier) if standing.tier else "",
            activity=standing.activity,
            activity_label=tiers.activity_label(standing.activity) if standing.tier else "",
            why=standing.why,
            at_risk=standing.at_risk,
            devices=tuple(_owned(device, today, terms) for device in facts.devices),
            purchases=tuple(timeline.sales(db, latest).values()),
            timeline=timeline.page(shop, customer_id, limit=page),
            timeline_counts=timeline.counts(shop, customer_id),
            followups=tuple(facts.followups),
            complaints=tuple(facts.complaints),
            advice=advice.of(facts),
            worth=_worth(shop, customer_id, today, shop.get(WINDOW_MONTHS)),
            birthday=birthdays.words(birthdays.of(customer)),
            next_birthday=birthdays.next_day(customer, today),
            owner=people.get(customer.owner_staff_id or 0, ""),
            referrer=customers.get(shop, customer.referred_by).name if customer.referred_by else "",
            referred_count=referred_count(db, customer_id),
            today=today,
            now=shop.stamp(),
            own=custom_fields.on_card(shop, customer_id),
            merged=merge.merged_into(shop, customer_id),
            brought=openings.of_customer(shop, customer_id),
            points=points.total(shop, customer_id),
        )


@dataclass(frozen=True)
class InUse:
    """Words that are in use in the shop and may be chosen on a card: sources, districts, tags."""

    sources: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()


def in_use(shop: Shop) -> InUse:
    """The words that may be chosen; it looks at every card once, so ask rarely."""
    with shop.reading() as db:
        return InUse(
            tuple(customers.sources(shop)), tuple(customers.regions(shop)), tuple(store.all_tags(db))
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


def _facts(shop: Shop, customer: Customer, standing: tiers.Present) -> advice.Facts:
    planned = tuple(followups.of_customer(shop, customer.id))
    related = relations.of_customer(shop, customer.id)
    family = [each for each in related if each.side in relations.FAMILY]
    return advice.Facts(
        customer,
        devices.of_customer(shop, customer.id),
        planned,
        [case for case in complaints.of_customer(shop, customer.id) if case.state in complaints.OPEN_STATES],
        followups.what_to_say(shop, planned[0].followup.id) if planned else "",
        standing.why,
        standing.at_risk,
        shop.get(REPLACEMENT_MONTHS),
        shop.stamp(),
        shop.today(),
        consents=consents.of_customer(shop, customer.id),
        related=related,
        family_devices=[(each, devices.of_customer(shop, each.other.id)) for each in family],
        pinned=notes.pinned(shop, customer.id),
        due_fen=balance.due_fen(shop, customer.id),
    )


def _notes(
    shop: Shop, customer_id: int, limit: int, people: Mapping[int, str]
) -> tuple[tuple[Note, str], ...]:
    found = notes.of_customer(shop, customer_id, limit)
    found.sort(key=lambda note: not note.pinned)
    return tuple((note, people.get(note.staff_id or 0, "")) for note in found)


def _unverified_since(shop: Shop, customer: Customer) -> date | None:
    return verification.known_since(shop, customer) if verification.is_due(shop, customer) else None


def _worth(shop: Shop, customer_id: int, today: date, window_months: int) -> Worth:
    sales = store.net_sales_by_day(shop.db, customer_id)
    start = tiers.window_start(today, window_months).isoformat()
    return Worth(
        window_months,
        sum(fen for day, fen, _sale in sales if day >= start),
        len({day for day, _fen, sale in sales if sale and day >= start}),
        sum(fen for _day, fen, _sale in sales),
        store.purchase_count(shop.db, customer_id),
        quarters(sales, today),
        store.last_visit(shop.db, customer_id),
    )


def _owned(device: Device, today: date, terms: Sequence[AfterSalesTerm]) -> OwnedDevice:
    return OwnedDevice(
        device,
        devices.warranty(device, today, terms),
        advice.days_left(device.plan_end_day, today),
        advice.used_months(device, today),
    )
