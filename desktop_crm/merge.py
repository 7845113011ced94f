"""Making one card of several: field by field as chosen, everything attached moves, one step that can be taken back.

A merged card stays in the file as a pointer: opening it, or searching for its old numbers, leads to the one that
stayed. Which value is the sensible one is in merge_fields.py, what moves how in store/merge.py.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from desktop_crm import custom_fields, customers, tiers
from desktop_crm.base.errors import CrmError
from desktop_crm.base.i18n import _, ngettext
from desktop_crm.customers import CustomerMissing as CustomerMissing
from desktop_crm.followup_rules import cancel_customer_within, cancel_within
from desktop_crm.merge_fields import FIELDS, OWN, TOGETHER, FieldChoice, best_to_keep, choices, joined
from desktop_crm.records.customers import Customer
from desktop_crm.records.duplicates import Merge
from desktop_crm.shop import Shop
from desktop_crm.store import customers as store_customers
from desktop_crm.store import duplicates as store_duplicates
from desktop_crm.store import merge as store
from desktop_crm.store.duplicates import Outline

KINDS = frozenset(
    {"customers", "purchases", "devices", "interactions", "followups", "complaints", "tiers", "tags", "relations",
     "notes", "fields", "views", "surveys", "balance"}
)  # fmt: skip
"""The nouns a merge may touch."""


class NothingToMerge(CrmError):
    """There is only one card."""


class ChoiceImpossible(CrmError):
    """A field was chosen that there is not, or from a card that is not among those merged."""


@dataclass(frozen=True)
class Preview:
    """What there is to choose before cards become one.

    Attributes:
        cards: in the order given. keep_id: the one the others go into.
        fields: every field any of them has filled. attached: how much hangs on all of them, by table.
    """

    cards: tuple[Outline, ...]
    keep_id: int
    fields: tuple[FieldChoice, ...]
    attached: Mapping[str, int]

    def defaults(self) -> dict[str, int]:
        """The sensible choice for each field."""
        return {choice.field: choice.default for choice in self.fields}


def preview(shop: Shop, customer_ids: Sequence[int], keep_id: int | None = None) -> Preview:
    """What merging these cards asks; `keep_id` None: the best one to keep.

    Raises:
        NothingToMerge, CustomerMissing
    """
    with shop.reading() as db:
        cards = _live(shop, customer_ids)
        keep = best_to_keep(shop, cards) if keep_id is None else keep_id
        outlines = store_duplicates.outlines(db, [card.id for card in cards])
        return Preview(
            tuple(outlines[card.id] for card in cards),
            keep,
            choices(shop, cards, keep),
            store.attached(db, [card.id for card in cards]),
        )


def merge(
    shop: Shop,
    keep_id: int,
    other_ids: Sequence[int],
    chosen: Mapping[str, int] | None = None,
    reason: str = "",
) -> int:
    """Make one card of several and return the id of the change.

    Args:
        keep_id: the card that stays. other_ids: those that go into it, any number.
        chosen: field (a key of `merge_fields.FIELDS`, or "own:7") → the card whose value is taken, or TOGETHER; what is
            not named gets the sensible value of `preview`.
        reason: why they were the same, in words.

    Raises:
        NothingToMerge, CustomerMissing, ChoiceImpossible: nothing was changed.
    """
    cards = _live(shop, [keep_id, *other_ids])
    fields = choices(shop, cards, keep_id)
    wanted = _wanted(fields, cards, chosen or {})
    kept = cards[0]
    label = ngettext("Merge {count} card into {name}", "Merge {count} cards into {name}", len(cards) - 1)
    name = next(card.name for card in cards if card.id == wanted["name"])
    with shop.change(label.format(count=len(cards) - 1, name=name), KINDS, action="merge.merge") as change:
        after = _made(kept, cards, fields, wanted)
        number = _main_number(shop, wanted.get("phone", keep_id))
        own = store.own_values(shop.db, [card.id for card in cards])
        for card in cards[1:]:
            store.retire(shop.db, card, keep_id)  # first, because two live cards never have one card number
        for card in cards[1:]:
            store.move(shop.db, keep_id, card.id)
            shop.db.insert(_note_of(shop, keep_id, card, fields, wanted, reason))
        if after.referred_by in {card.id for card in cards}:
            after = replace(after, referred_by=None)
        shop.db.update(after)
        store.put_first(shop.db, keep_id, number)
        _take_own_values(shop, keep_id, own, wanted)
        for followup in store.open_twice(shop.db, keep_id):
            cancel_within(shop, followup, _("Two cards became one; this was planned twice."))
        if after.do_not_contact or after.consent == "refused":
            cancel_customer_within(shop, keep_id, _("The customer does not want to be contacted."))
        tiers.refresh_within(shop, keep_id)
    return change.id


def stayed(shop: Shop, customer_id: int) -> int:
    """The card to show for an id: of a merged card, the one it went into at last."""
    return store.stayed(shop.db, customer_id)


@dataclass(frozen=True)
class Merged:
    """One card that went into another: whose it was, when, why, and the values that were not taken.

    Attributes:
        left: field → the value of the card that went, in words, where the other one's was taken.
    """

    customer_id: int
    name: str
    day: str
    reason: str
    left: Mapping[str, str]


def merged_into(shop: Shop, customer_id: int) -> tuple[Merged, ...]:
    """The cards that went into this one, the latest first."""
    with shop.reading() as db:
        found = []
        for row in store.merges_into(db, customer_id):
            both: dict[str, list[str]] = json.loads(row.chosen)
            left = {_label(shop, field): went for field, (_kept, went) in both.items() if went}
            name = customers.get(shop, row.merged_id).name
            found.append(Merged(row.merged_id, name, row.day, row.reason, left))
    return tuple(found)


def _live(shop: Shop, customer_ids: Sequence[int]) -> list[Customer]:
    cards = [customers.live(shop, each) for each in dict.fromkeys(customer_ids)]
    if len(cards) < 2:
        raise NothingToMerge(_("Two different cards are needed to make one of them. Nothing was changed."))
    return cards


def _wanted(
    fields: Sequence[FieldChoice], cards: Sequence[Customer], chosen: Mapping[str, int]
) -> dict[str, int]:
    """Every field with the card it comes from."""
    known = {card.id for card in cards}
    offered = {choice.field: choice for choice in fields}
    for field, source in chosen.items():
        if field not in FIELDS and field not in offered:
            raise ChoiceImpossible(
                _("There is no field {field} to choose. Nothing was changed; known are: {known}.").format(
                    field=field,
                    known=_(", ").join((*FIELDS, *(each for each in offered if each not in FIELDS))),
                )
            )
        together = source == TOGETHER and field in offered and offered[field].can_join
        if source not in known and not together:
            raise ChoiceImpossible(
                _("Card {number} is not one of those that become one. Nothing was changed.").format(
                    number=source
                )
            )
    return {choice.field: choice.default for choice in fields} | dict(chosen)


def _made(
    kept: Customer, cards: Sequence[Customer], fields: Sequence[FieldChoice], wanted: Mapping[str, int]
) -> Customer:
    """The card as it will be; the latest confirmation holds."""
    by_id = {card.id: card for card in cards}
    values: dict[str, Any] = {}  # values of the columns' own types
    for choice in fields:
        source, columns = wanted[choice.field], FIELDS.get(choice.field, ("", ()))[1]
        if source == TOGETHER:
            values[columns[0]] = joined([getattr(card, columns[0]) for card in cards])
            if choice.field == "note":
                values["note_pinned"] = any(card.note_pinned for card in cards)
        else:
            values |= {column: getattr(by_id[source], column) for column in columns}
    verified = max((card.verified_day or "" for card in cards), default="")
    return replace(kept, verified_day=verified or None, **values)


def _main_number(shop: Shop, customer_id: int) -> str:
    found = store_customers.phones(shop.db, customer_id)
    return found[0].number if found else ""


def _take_own_values(
    shop: Shop, keep_id: int, own: Mapping[int, Mapping[int, str]], wanted: Mapping[str, int]
) -> None:
    for field_id, values in own.items():
        value = values.get(wanted[f"{OWN}{field_id}"])
        if value is not None:
            store.set_own(shop.db, keep_id, field_id, value)


def _note_of(
    shop: Shop,
    keep_id: int,
    card: Customer,
    fields: Sequence[FieldChoice],
    wanted: Mapping[str, int],
    reason: str,
) -> Merge:
    """What is kept for ever of one merged card: of each field that differed, what stayed and what went."""
    both = {}
    for choice in fields:
        source, went = wanted[choice.field], choice.texts[card.id]
        stays = joined(list(choice.texts.values())) if source == TOGETHER else choice.texts[source]
        if went != stays:
            both[choice.field] = [stays, went]
    text = json.dumps(both, ensure_ascii=False)
    return Merge(
        0, keep_id, card.id, shop.stamp(), shop.today().isoformat(), reason, text, shop.staff_id or None
    )


def _label(shop: Shop, field: str) -> str:
    if field in FIELDS:
        return _(FIELDS[field][0])
    return custom_fields.get(shop, int(field.removeprefix(OWN))).name
