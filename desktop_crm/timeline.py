"""One customer's past as one list: sales, refunds, contacts, complaints, answers, notes and changes, latest first.

A page at a time, because some histories are long. Reading and wording; the card as a whole is card.py.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

from desktop_crm import complaint_rules, followup_words, interactions, surveys, tier_rules
from desktop_crm.base.i18n import N_, _, ngettext
from desktop_crm.base.values import show_money
from desktop_crm.purchases import Sale
from desktop_crm.records.balance import BalanceEntry
from desktop_crm.records.complaints import Complaint
from desktop_crm.records.customers import Customer
from desktop_crm.records.duplicates import Merge
from desktop_crm.records.followups import Followup
from desktop_crm.records.interactions import Interaction
from desktop_crm.records.notes import Note
from desktop_crm.records.purchases import Payment, Purchase, PurchaseLine, Refund
from desktop_crm.records.surveys import SurveyAnswer
from desktop_crm.records.tiers import TierStep
from desktop_crm.shop import Shop
from desktop_crm.store import card as store_card
from desktop_crm.store import purchases as store_purchases
from desktop_crm.store import timeline as store
from desktop_crm.store.rows import Database
from desktop_crm.store.timeline import Place

Group = Literal["purchases", "contacts", "complaints", "followups", "surveys", "notes", "tiers", "merges"]
Kind = Literal[
    "sale",
    "void",
    "refund",
    "account",
    "contact",
    "missed",
    "followup",
    "complaint",
    "survey",
    "note",
    "pinned",
    "tier",
    "merge",
    "card",
]

GROUPS: dict[Group, str] = {
    "purchases": N_("Purchases"),
    "contacts": N_("Contacts"),
    "followups": N_("Follow-ups"),
    "complaints": N_("Complaints"),
    "surveys": N_("Answers"),
    "notes": N_("Notes"),
    "tiers": N_("Tier"),
    "merges": N_("Merges"),
}
"""The filters of the timeline, in order."""

PAGE = 200
"""So many lines are read at once."""

EVERYTHING = -1
"""As a limit: all lines."""


Words = tuple[Kind, str, str, tuple[str, int]]
"""Kind, label, text and what is behind a line."""


@dataclass(frozen=True)
class Entry:
    """One line of the timeline.

    Attributes:
        day: shop day. at: instant, for the order within a day; '' for the beginning of the card.
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


@dataclass(frozen=True)
class _Parts:
    """The records behind a page, by kind of place and key, and what their words need besides."""

    records: Mapping[str, Mapping[int, Any]]  # records of any noun
    sales: Mapping[int, Sale]
    case_notes: Mapping[int, str]
    names: Mapping[int, str]
    staff: Mapping[int, str]


def counts(shop: Shop, customer_id: int) -> dict[str, int]:
    """How many lines there are by group; "card" is the beginning of the card, "all" their sum."""
    found = store.counts(shop.db, customer_id)
    return {"all": sum(found.values()), **found}


def page(
    shop: Shop, customer_id: int, group: str = "all", offset: int = 0, limit: int = PAGE
) -> tuple[Entry, ...]:
    """Lines of the timeline, latest first; it ends with the beginning of the card, where that is known."""
    with shop.reading() as db:
        places = store.page(db, customer_id, group, offset, limit)
        parts = _gathered(db, places)
    return tuple(_entry(place, parts, customer_id) for place in places)


_RECORDS: dict[str, type[Any]] = {  # records of any noun
    "sale": Purchase,
    "refund": Refund,
    "account": BalanceEntry,
    "contact": Interaction,
    "followup": Followup,
    "complaint": Complaint,
    "survey": SurveyAnswer,
    "note": Note,
    "tier": TierStep,
    "merge": Merge,
    "card": Customer,
}


def _gathered(db: Database, places: Sequence[Place]) -> _Parts:
    records = {
        kind: store.some(db, record, [place.id for place in places if place.kind == kind])
        for kind, record in _RECORDS.items()
    }
    merges = records["merge"].values()
    return _Parts(
        records,
        sales(db, records["sale"]),
        store.case_notes(db, records["complaint"]),
        store.names(db, {each for merge in merges for each in (merge.customer_id, merge.merged_id)}),
        store_card.staff_names(db),
    )


def sales(db: Database, purchases: Mapping[int, Purchase]) -> dict[int, Sale]:
    """These sales with what their words need: lines, payments and refunds; by key."""
    lines: dict[int, list[PurchaseLine]] = {}
    payments: dict[int, list[Payment]] = {}
    refunds: dict[int, list[Refund]] = {}
    keys = list(purchases)
    for line in store_purchases.lines_of(db, keys) if keys else ():
        lines.setdefault(line.purchase_id, []).append(line)
    for payment in store_purchases.payments_of(db, keys) if keys else ():
        payments.setdefault(payment.purchase_id, []).append(payment)
    for refund in store_purchases.refunds_of(db, keys) if keys else ():
        refunds.setdefault(refund.purchase_id, []).append(refund)
    return {
        key: Sale(
            purchase,
            tuple(lines.get(key, ())),
            tuple(payments.get(key, ())),
            tuple(refunds.get(key, ())),
        )
        for key, purchase in purchases.items()
    }


def _entry(place: Place, parts: _Parts, customer_id: int) -> Entry:
    record = parts.records[place.kind][place.id]
    words: dict[str, Callable[[], Words]] = {
        "sale": partial(_sale, parts.sales.get(place.id)),
        "refund": partial(_refund, record),
        "account": partial(_account, record),
        "contact": partial(_contact, record),
        "followup": partial(_followup, record),
        "complaint": partial(_complaint, record, parts.case_notes.get(place.id, "")),
        "survey": partial(_survey, record),
        "note": partial(_note, record),
        "tier": partial(_tier, record),
        "merge": partial(_merge, record, parts.names, customer_id),
        "card": partial(_beginning, record),
    }
    kind, label, text, ref = words[place.kind]()
    who = parts.staff.get(_author(record) or 0, "")
    return Entry(place.day, place.at, place.grp, kind, label, text.replace("\n", " "), who, ref)  # type: ignore[arg-type]  # a key of GROUPS


def _author(record: Any) -> int | None:  # a record of any noun
    if isinstance(record, TierStep):
        return record.staff_id if record.origin == "override" else None
    if isinstance(record, Complaint):
        return record.owner_staff_id
    if isinstance(record, Followup):
        return record.done_by
    return None if isinstance(record, Customer) else record.staff_id


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


def _sale(sale: Sale | None) -> Words:
    assert sale is not None, "a sale in the list was read with it"
    purchase = sale.purchase
    text = f"{sale_text(sale)} {show_money(purchase.total_fen)}"
    traded = sum(payment.amount_fen for payment in sale.payments if payment.method == "trade_in")
    if traded:
        text = _("{sale}, trade-in {money}").format(sale=text, money=show_money(traded))
    ref = ("purchase", purchase.id)
    if purchase.void_day is None:
        return "sale", _("Sale"), text, ref
    text = _("{sale} – voided: {reason}").format(sale=text, reason=purchase.void_reason)
    return "void", _("Void"), text, ref


def _refund(refund: Refund) -> Words:
    text = show_money(-refund.amount_fen)
    if refund.reason:
        text = f"{text} · {refund.reason}"
    return "refund", _("Refund"), text, ("purchase", refund.purchase_id)


def _account(entry: BalanceEntry) -> Words:
    money = show_money(abs(entry.amount_fen))
    if entry.kind == "payment":
        text = _("Paid {money} of what was owed").format(money=money)
    elif entry.kind == "opening" and entry.amount_fen < 0:
        text = _("Prepaid {money} brought along").format(money=money)
    elif entry.amount_fen > 0:
        text = _("Owes {money} more").format(money=money)
    else:
        text = _("Owes {money} less").format(money=money)
    return "account", _("Account"), f"{text} · {entry.note}" if entry.note else text, ("balance", entry.id)


def _contact(contact: Interaction) -> Words:
    text = contact.summary
    if not contact.reached and contact.followup_id is None:
        text = _("Not reached: {text}").format(text=text) if text else _("Not reached")
    kind: Kind = "contact" if contact.reached else "missed"
    return kind, interactions.channel_label(contact.channel), text, ("interaction", contact.id)


def _followup(followup: Followup) -> Words:
    parts = [
        followup_words.reason_text(followup),
        followup_words.outcome_label(followup.outcome),
        followup.outcome_note,
    ]
    return "followup", _("Follow-up"), " · ".join(part for part in parts if part), ("", followup.id)


def _complaint(case: Complaint, note: str) -> Words:
    state = complaint_rules.state_label(case.state)
    text = f"{case.summary} → {note} · {state}" if note else f"{case.summary} · {state}"
    return "complaint", _("Complaint"), text, ("complaint", case.id)


def _survey(answer: SurveyAnswer) -> Words:
    return "survey", _("Answer"), surveys.words(answer), ("survey", answer.id)


def _note(note: Note) -> Words:
    kind: Kind = "pinned" if note.pinned else "note"
    return kind, _("Pinned") if note.pinned else _("Note"), note.text, ("note", note.id)


def _tier(step: TierStep) -> Words:
    to = tier_rules.label(step.to_tier)
    moved = f"{tier_rules.label(step.from_tier)} → {to}" if step.from_tier else to
    text = _("{tier}: {reason}").format(tier=moved, reason=step.reason) if step.reason else moved
    return "tier", _("Tier"), text, ("customer", step.customer_id)


def _merge(merge: Merge, names: Mapping[int, str], customer_id: int) -> Words:
    if merge.customer_id == customer_id:
        text, other = _("The card of {name} went into this one"), merge.merged_id
    else:
        text, other = _("This card went into that of {name}"), merge.customer_id
    text = text.format(name=names.get(other, ""))
    return "merge", _("Merged"), f"{text} · {merge.reason}" if merge.reason else text, ("customer", other)


def _beginning(customer: Customer) -> Words:
    text = _("Became a customer")
    if customer.source:
        text = _("Became a customer: {source}").format(source=customer.source)
    return "card", _("Joined"), text, ("customer", customer.id)
