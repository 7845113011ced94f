"""One customer's past as one list: sales, refunds, contacts, complaints and tier changes, latest first.

Reading and wording; the card as a whole is card.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from desktop_crm import complaint_rules, interactions, tier_rules
from desktop_crm.base.i18n import N_, _, ngettext
from desktop_crm.base.values import show_money
from desktop_crm.purchases import Sale
from desktop_crm.records.complaints import Complaint, ComplaintStep
from desktop_crm.records.customers import Customer
from desktop_crm.records.interactions import Interaction
from desktop_crm.records.purchases import Refund
from desktop_crm.records.tiers import TierStep

Group = Literal["purchases", "contacts", "complaints", "tiers"]
Kind = Literal["sale", "void", "refund", "contact", "missed", "complaint", "tier", "card"]

GROUPS: dict[Group, str] = {
    "purchases": N_("Purchases"),
    "contacts": N_("Contacts"),
    "complaints": N_("Complaints"),
    "tiers": N_("Tier"),
}
"""The filters of the timeline, in order."""


@dataclass(frozen=True)
class Entry:
    """One line of the timeline.

    Attributes:
        day: shop day, '' where a card does not know its beginning. at: instant, for the order within a day.
        kind: what it is, for its colour. label: the same in one or two words.
        text: what happened. detail: who and other quiet words, ''.
        ref: the noun and id behind it, e.g. ("purchase", 17).
    """

    day: str
    at: str
    group: Group | Literal["card"]
    kind: Kind
    label: str
    text: str
    detail: str
    ref: tuple[str, int]


def entries(
    customer: Customer,
    sales: Iterable[Sale],
    contacts: Iterable[Interaction],
    complaints: Iterable[Complaint],
    steps: Iterable[ComplaintStep],
    tier_steps: Iterable[TierStep],
    staff: Mapping[int, str],
) -> tuple[Entry, ...]:
    """The whole timeline, latest first; it ends with the beginning of the card, where that is known."""
    found: list[Entry] = []
    for sale in sales:
        found.append(_sale(sale, staff))
        found += [_refund(refund, staff) for refund in sale.refunds]
    found += [_contact(contact, staff) for contact in contacts]
    notes = _notes(steps)
    found += [_complaint(case, notes.get(case.id, ""), staff) for case in complaints]
    found += [_tier(step, staff) for step in tier_steps if step.from_tier or step.to_tier != "prospect"]
    found.sort(key=lambda entry: (entry.day, entry.at), reverse=True)
    if customer.since_day is not None:
        found.append(_beginning(customer, customer.since_day))
    return tuple(found)


def sale_text(sale: Sale) -> str:
    """What was bought, in one line: the first two things and how many more."""
    names = [
        line.description if line.quantity == 1 else f"{line.description} × {line.quantity}"
        for line in sale.lines
    ]
    shown = _(", ").join(names[:2]) or _("Sale without lines")
    more = len(names) - 2
    if more > 0:
        shown = ngettext("{things} and {count} more", "{things} and {count} more", more).format(
            things=shown, count=more
        )
    return shown


def _sale(sale: Sale, staff: Mapping[int, str]) -> Entry:
    purchase = sale.purchase
    text = f"{sale_text(sale)} {show_money(purchase.total_fen)}"
    traded = sum(payment.amount_fen for payment in sale.payments if payment.method == "trade_in")
    if traded:
        text = _("{sale}, trade-in {money}").format(sale=text, money=show_money(traded))
    if purchase.void_day is not None:
        text = _("{sale} – voided: {reason}").format(sale=text, reason=purchase.void_reason)
    kind: Kind = "sale" if purchase.void_day is None else "void"
    label = _("Sale") if kind == "sale" else _("Void")
    return Entry(
        purchase.day,
        purchase.at,
        "purchases",
        kind,
        label,
        text,
        staff.get(purchase.staff_id or 0, ""),
        ("purchase", purchase.id),
    )


def _refund(refund: Refund, staff: Mapping[int, str]) -> Entry:
    text = show_money(-refund.amount_fen)
    if refund.reason:
        text = f"{text} · {refund.reason}"
    who = staff.get(refund.staff_id or 0, "")
    return Entry(
        refund.day, refund.at, "purchases", "refund", _("Refund"), text, who, ("purchase", refund.purchase_id)
    )


def _contact(contact: Interaction, staff: Mapping[int, str]) -> Entry:
    text = contact.summary.replace("\n", " ")
    if not contact.reached and contact.followup_id is None:
        text = _("Not reached: {text}").format(text=text) if text else _("Not reached")
    kind: Kind = "contact" if contact.reached else "missed"
    label = interactions.channel_label(contact.channel)
    who = staff.get(contact.staff_id or 0, "")
    return Entry(contact.day, contact.at, "contacts", kind, label, text, who, ("interaction", contact.id))


def _notes(steps: Iterable[ComplaintStep]) -> dict[int, str]:
    """The latest words of each case."""
    return {step.complaint_id: step.note for step in steps if step.note}


def _complaint(case: Complaint, note: str, staff: Mapping[int, str]) -> Entry:
    state = complaint_rules.state_label(case.state)
    text = f"{case.summary} → {note} · {state}" if note else f"{case.summary} · {state}"
    who = staff.get(case.owner_staff_id or 0, "")
    return Entry(
        case.received_day,
        case.received_at,
        "complaints",
        "complaint",
        _("Complaint"),
        text.replace("\n", " "),
        who,
        ("complaint", case.id),
    )


def _tier(step: TierStep, staff: Mapping[int, str]) -> Entry:
    to = tier_rules.label(step.to_tier)
    moved = f"{tier_rules.label(step.from_tier)} → {to}" if step.from_tier else to
    text = _("{tier}: {reason}").format(tier=moved, reason=step.reason) if step.reason else moved
    who = staff.get(step.staff_id or 0, "") if step.origin == "override" else ""
    return Entry(step.day, step.at, "tiers", "tier", _("Tier"), text, who, ("customer", step.customer_id))


def _beginning(customer: Customer, since_day: str) -> Entry:
    text = _("Became a customer")
    if customer.source:
        text = _("Became a customer: {source}").format(source=customer.source)
    return Entry(since_day, "", "card", "card", _("Joined"), text, "", ("customer", customer.id))
