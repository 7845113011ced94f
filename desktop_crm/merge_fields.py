"""The fields of cards that become one: which differ, what each card says, and which value is the sensible one.

Nothing is written here; merge.py does that.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from desktop_crm import birthdays, custom_fields, customers, staff
from desktop_crm.base.i18n import N_, _
from desktop_crm.base.values import show_phone
from desktop_crm.importing.words import LABELS
from desktop_crm.records.custom_fields import CustomField
from desktop_crm.records.customers import Customer
from desktop_crm.shop import Shop
from desktop_crm.store import customers as store_customers
from desktop_crm.store import merge as store

TOGETHER = 0
"""Instead of a card's id: the texts of all cards, below each other."""

FIELDS: dict[str, tuple[str, tuple[str, ...]]] = {
    "name": (N_("Name"), ("name",)),
    "phone": (N_("Main phone number"), ()),
    "card_no": (N_("Card no."), ("card_no",)),
    "wechat": (N_("WeChat"), ("wechat",)),
    "birthday": (N_("Birthday"), ("birthday", "birthday_lunar", "birthday_leap")),
    "gender": (N_("Gender"), ("gender",)),
    "kind": (N_("Kind of customer"), ("kind",)),
    "region": (N_("District"), ("region",)),
    "address": (N_("Address"), ("address",)),
    "email": (N_("E-mail"), ("email",)),
    "occupation": (N_("Occupation"), ("occupation",)),
    "source": (N_("Came by"), ("source",)),
    "referred_by": (N_("Referred by"), ("referred_by",)),
    "owner_staff_id": (N_("Looked after by"), ("owner_staff_id",)),
    "consent": (N_("May be contacted"), ("consent", "consent_day", "consent_wording")),
    "do_not_contact": (N_("Do not contact"), ("do_not_contact",)),
    "language": (N_("Language"), ("language",)),
    "preferences": (N_("Likes and dislikes"), ("preferences",)),
    "note": (N_("Note"), ("note", "note_pinned")),
    "external_id": (N_("Id in the other program"), ("external_id",)),
    "since_day": (N_("Customer since"), ("since_day",)),
}
"""Key of a field, its label, and the columns that go together; the first one says whether it is filled."""

JOINED = ("note", "preferences")
"""Fields whose texts may stand together."""

OWN = "own:"
"""Stands before the id of one of the shop's own fields."""


@dataclass(frozen=True)
class FieldChoice:
    """One field with what each card says.

    Attributes:
        field: a key of FIELDS, or "own:7". label: in words.
        texts: card → what it says in words, '' where it says nothing.
        default: the card whose value is the sensible one, or TOGETHER.
        differs: two cards say different things: somebody should look.
        can_join: TOGETHER may be chosen.
    """

    field: str
    label: str
    texts: Mapping[int, str]
    default: int
    differs: bool
    can_join: bool


def choices(shop: Shop, cards: Sequence[Customer], keep_id: int) -> tuple[FieldChoice, ...]:
    """Every field that any of the cards has filled."""
    numbers = {card.id: store_customers.phones(shop.db, card.id) for card in cards}
    found = []
    for field, (label, columns) in FIELDS.items():
        if field == "phone":
            texts = {each: show_phone(phones[0].number) if phones else "" for each, phones in numbers.items()}
        else:
            texts = {card.id: value_words(shop, card, columns[0]) for card in cards}
        found.append(_choice(field, _(label), texts, cards, keep_id))
    own = store.own_values(shop.db, [card.id for card in cards])
    for own_field in custom_fields.listing(shop, active_only=False):
        if own_field.id in own:
            texts = {card.id: _own_text(own_field, own[own_field.id].get(card.id, "")) for card in cards}
            found.append(_choice(f"{OWN}{own_field.id}", own_field.name, texts, cards, keep_id))
    return tuple(choice for choice in found if any(choice.texts.values()))


def best_to_keep(shop: Shop, cards: Sequence[Customer]) -> int:
    """The card that the others rather go into: most hangs on it, then the most complete, then the oldest."""

    def order(card: Customer) -> tuple[Any, ...]:  # numbers and texts
        attached = store.attached(shop.db, [card.id])
        numbers = attached.pop("phones", 0)  # make a card fuller, but are no past
        return (-sum(attached.values()), -_filled(card) - numbers, card.since_day or "9999", card.id)

    return min(cards, key=order).id


def joined(texts: Sequence[str]) -> str:
    """Texts below each other; one that stands in another already is not said twice."""
    found: list[str] = []
    for text in texts:
        if text and not any(text in other for other in found):
            found = [other for other in found if other not in text] + [text]
    return "\n".join(found)


def _choice(
    field: str, label: str, texts: Mapping[int, str], cards: Sequence[Customer], keep_id: int
) -> FieldChoice:
    said = {text for text in texts.values() if text}
    default = _default(field, texts, cards, keep_id)
    return FieldChoice(field, label, texts, default, len(said) > 1, field in JOINED)


def _default(field: str, texts: Mapping[int, str], cards: Sequence[Customer], keep_id: int) -> int:
    """The value of the card confirmed latest, then the one most cards agree on, then of the most complete card."""
    filled = [card for card in cards if texts[card.id]]
    if not filled:
        return keep_id
    if field in JOINED and len({texts[card.id] for card in filled}) > 1:
        return TOGETHER
    if field == "since_day":
        return min(filled, key=lambda card: (texts[card.id], card.id)).id
    if field == "do_not_contact":
        return filled[0].id
    if field == "consent":
        return max(filled, key=lambda card: (card.consent_day or "", card.consent == "refused", -card.id)).id
    if field == "name":
        return _fullest_name(texts, keep_id)
    if field in ("phone", "card_no", "external_id") and any(card.id == keep_id for card in filled):
        return keep_id
    agree = Counter(texts[card.id] for card in filled)
    best = max(
        filled,
        key=lambda card: (
            card.verified_day or "",
            agree[texts[card.id]],
            card.id == keep_id,
            _filled(card),
            -card.id,
        ),
    )
    return best.id


def _fullest_name(names: Mapping[int, str], keep_id: int) -> int:
    """The name of the card that stays, unless it is only a part of another one's."""
    own = names[keep_id]
    fuller = [card for card, name in names.items() if len(name) > len(own) and (len(own) < 2 or own in name)]
    return max(fuller, key=lambda card: (len(names[card]), -card), default=keep_id)


def _filled(card: Customer) -> int:
    """How many fields of a card are filled."""
    return sum(bool(columns) and bool(getattr(card, columns[0])) for _label, columns in FIELDS.values())


def _own_text(own_field: CustomField, stored: str) -> str:
    return custom_fields.show(own_field, stored) if stored else ""


def value_words(shop: Shop, card: Customer, column: str) -> str:
    """What a card says in a column, in words; '' where it says nothing."""
    value = getattr(card, column)
    if not value:
        return ""
    if column == "birthday":
        return birthdays.words(birthdays.of(card))
    if column == "referred_by":
        return customers.get(shop, value).name
    if column == "owner_staff_id":
        return staff.name_of(shop, value)
    if column == "do_not_contact":
        return _("Yes")
    if column in ("kind", "gender", "consent"):
        return _(LABELS[column][value])
    return str(value)
