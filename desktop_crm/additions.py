"""Adding to a card what was typed for a new one, because it turned out to be the same person.

Empty fields are filled, numbers and tags added. What the card knows otherwise stays as it is, and the other word is
kept in the note, so that nothing typed is lost.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from desktop_crm import customers
from desktop_crm.base.i18n import _
from desktop_crm.base.values import show_phone
from desktop_crm.customer_drafts import CustomerDraft, checked
from desktop_crm.customers import PhoneDraft
from desktop_crm.merge_fields import FIELDS, joined, value_words
from desktop_crm.records.customers import Customer
from desktop_crm.shop import Shop

_LEFT_OUT = frozenset(
    {"phone", "name", "note", "owner_staff_id", "since_day", "kind", "do_not_contact", "preferences"}
)
"""Treated apart, or filled in by the form without anybody's typing."""


@dataclass(frozen=True)
class Added:
    """What was added to a card.

    Attributes:
        change_id: the step, 0 where the card had everything already.
        words: one sentence part for each thing: "WeChat wjg", "139 0000 2222".
    """

    customer_id: int
    name: str
    change_id: int
    words: tuple[str, ...]

    def sentence(self) -> str:
        """What was added, for a toast."""
        if not self.words:
            return _("The card of {name} had all of it already.").format(name=self.name)
        return _("Added to {name}: {things}").format(name=self.name, things=_(", ").join(self.words))


def add_to(shop: Shop, customer_id: int, draft: CustomerDraft) -> Added:
    """Add what was typed to a card, as one step.

    Raises:
        CustomerMissing, and what `customer_drafts.checked` raises: nothing was changed.
    """
    before = customers.live(shop, customer_id)
    clean = checked(draft if draft.name else replace(draft, name=before.name))
    numbers = customers.phones(shop, customer_id)
    known = {phone.number for phone in numbers}
    new = [phone for phone in clean.phones if phone.number not in known]
    tags = [tag for tag in clean.tags if tag not in customers.tags(shop, customer_id)]
    changes, words, other = _changes(shop, before, clean)
    words = (
        [show_phone(phone.number) for phone in new] + words + [_("tag {tag}").format(tag=tag) for tag in tags]
    )
    note = joined([before.note, clean.note, *other])
    if note != before.note:
        changes["note"] = note
        words.append(_("in the note: {text}").format(text="; ".join(other)) if other else _("note"))
    label = _("Add to the card of {name}").format(name=before.name)
    with shop.change(label, {"customers", "tags", "followups"}, action="additions.add_to") as change:
        if new:
            kept = [PhoneDraft(phone.number, phone.kind, phone.label) for phone in numbers]
            customers.set_phones_within(shop, customer_id, [*kept, *new])
        if tags:
            customers.set_tags_within(shop, customer_id, [*customers.tags(shop, customer_id), *tags])
        if changes:
            customers.edit_within(shop, customer_id, **changes)
    return Added(customer_id, changes.get("name", before.name), change.id if words else 0, tuple(words))


def _changes(
    shop: Shop, before: Customer, clean: CustomerDraft
) -> tuple[dict[str, Any], list[str], list[str]]:  # values of the columns' own types
    """(columns to change, what is added in words, what the card knows otherwise in words)."""
    typed = replace(before, **{name: getattr(clean, name) for name in _columns()})
    changes: dict[str, Any] = {}
    words: list[str] = []
    other: list[str] = []
    for field, (label, columns) in FIELDS.items():
        if field in _LEFT_OUT or not getattr(typed, columns[0]):
            continue
        said = _("{label} {value}").format(label=_(label), value=value_words(shop, typed, columns[0]))
        if not getattr(before, columns[0]):
            changes |= {column: getattr(typed, column) for column in columns}
            words.append(said)
        elif getattr(before, columns[0]) != getattr(typed, columns[0]):
            other.append(said)
    if clean.do_not_contact and not before.do_not_contact:
        changes["do_not_contact"] = True
        words.append(_("do not contact"))
    if clean.name != before.name:
        if before.name.isdigit():
            changes["name"] = clean.name
            words.append(clean.name)
        else:
            other.append(_("also called {name}").format(name=clean.name))
    return changes, words, other


def _columns() -> list[str]:
    return [
        column
        for field, (_label, columns) in FIELDS.items()
        if field not in _LEFT_OUT
        for column in columns
        if column in CustomerDraft.__dataclass_fields__
    ]
