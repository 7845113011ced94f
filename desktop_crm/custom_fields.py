"""The shop's own fields: defining them, what a value of each kind is, and the values on the cards.

    field_id = custom_fields.add(shop, "宽带到期", "date")
    custom_fields.put(shop, customer_id, field_id, "2026年12月1日")

Reading whole sheets of them is importing/'s business; where they stand on the card is ui/custom_panel.py's.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache
from typing import get_args

from desktop_crm import customers
from desktop_crm.base import i18n
from desktop_crm.base.errors import CrmError
from desktop_crm.base.i18n import N_, _, ngettext
from desktop_crm.base.values import clean_text, digits_lost, half_width
from desktop_crm.importing.days import DayReader
from desktop_crm.importing.fields import CARD_KEYS, FIELDS
from desktop_crm.importing.trouble import Trouble
from desktop_crm.importing.words import COMPUTED_TIER, WORDS
from desktop_crm.records.custom_fields import CustomField, CustomValue
from desktop_crm.records.custom_fields import FieldKind as FieldKind
from desktop_crm.shop import Shop
from desktop_crm.store import custom_fields as store
from desktop_crm.store import views as store_views

KINDS: Mapping[FieldKind, str] = {
    "text": N_("Text"),
    "number": N_("Number"),
    "date": N_("Date"),
    "choice": N_("Choice"),
    "yes_no": N_("Yes or no"),
}
"""Every kind with its name, in the order in which they are offered."""
_MOST_DIGITS = 15
"""A spreadsheet keeps no more of a number."""
MOST_CHOICES = 40
"""So many words a field of choices can have."""
_SHOWN_CHOICES = 8


class FieldMissing(CrmError):
    """There is no such field any more, or it was retired."""


class FieldNameWrong(CrmError):
    """A field's name is empty, or something else on the card has it."""


class ChoicesWrong(CrmError):
    """A field of choices has none, or far too many."""


class ValueNotUnderstood(CrmError):
    """What was written is no value of this kind of field."""


class KindKept(CrmError):
    """The kind stays: some values cannot be read as the other kind, or a view asks for what only this kind has."""


# ---------------------------------------------------------------- reading


def listing(shop: Shop, active_only: bool = True) -> list[CustomField]:
    """The fields in the order of the card; retired ones only on request, last."""
    return store.listing(shop.db, active_only)


def get(shop: Shop, field_id: int) -> CustomField:
    """One field, also a retired one.

    Raises:
        FieldMissing: there is none.
    """
    found = shop.db.get(CustomField, field_id)
    if found is None:
        raise FieldMissing(_("This field is not there any more; nothing was changed."))
    return found


def plain_name(name: str) -> str:
    """A name as it is compared: half width, lower case, without spaces."""
    return re.sub(r"\s+", "", half_width(clean_text(name)).lower())


def choices(field: CustomField) -> tuple[str, ...]:
    """The words to choose from, in their order; () for other kinds."""
    words: list[str] = json.loads(field.choices)
    return tuple(words)


def with_kept(shop: Shop, field: CustomField) -> CustomField:
    """A field of choices that also knows the words that cards kept from before; others as they are."""
    if field.kind != "choice":
        return field
    known = choices(field)
    kept = sorted(set(store.different(shop.db, field.id)) - {*known})
    return replace(field, choices=json.dumps([*known, *kept], ensure_ascii=False))


def values(shop: Shop, customer_id: int) -> dict[int, str]:
    """One customer's stored values by field, of retired fields too; `show` words them."""
    return store.values(shop.db, customer_id)


def values_of(shop: Shop, customer_ids: Sequence[int]) -> dict[int, dict[int, str]]:
    """The stored values of several customers: {customer_id: {field_id: value}}; those without any are left out."""
    found: dict[int, dict[int, str]] = {}
    for customer_id, field_id, value in store.values_of(shop.db, customer_ids):
        found.setdefault(customer_id, {})[field_id] = value
    return found


def on_card(shop: Shop, customer_id: int) -> tuple[tuple[CustomField, str], ...]:
    """Every active field with its stored value on this card, '' where it is empty, in the order of the card."""
    have = values(shop, customer_id)
    return tuple((field, have.get(field.id, "")) for field in listing(shop))


def counts(shop: Shop) -> dict[int, int]:
    """How many live cards have a value, by field; 0 is left out."""
    return store.counts(shop.db)


def value_counts(shop: Shop, field_id: int, limit: int = 100) -> list[tuple[str, int]]:
    """The different stored values of a field on live cards with their number, most frequent first."""
    return store.value_counts(shop.db, field_id, limit)


def span(shop: Shop, field: CustomField) -> tuple[str, str] | None:
    """The lowest and the highest value of a number or date on live cards; None where there is none, and for other kinds."""
    return store.span(shop.db, field.id, field.kind) if field.kind in ("number", "date") else None


def show(field: CustomField, stored: str) -> str:
    """A stored value in words; one that the field's kind no longer knows as it is."""
    if field.kind == "yes_no":
        return {"1": _("Yes"), "0": _("No")}.get(stored, stored)
    return stored


def kind_label(kind: FieldKind) -> str:
    """The name of a kind."""
    return _(KINDS[kind])


# ---------------------------------------------------------------- what a value is


def checked(field: CustomField, text: str) -> str:
    """The stored form of what somebody wrote; '' for nothing.

    Raises:
        ValueNotUnderstood: with a sentence that says how such a value is written.
    """
    clean = clean_text(text)
    if not clean or field.kind == "text":
        return clean
    if field.kind == "number":
        return _number(field, clean)
    if field.kind == "date":
        return _day(field, clean)
    if field.kind == "yes_no":
        return _yes_no(field, clean)
    return _choice(field, clean)


def _number(field: CustomField, text: str) -> str:
    plain = half_width(text).strip().replace(",", "").replace(" ", "").replace("−", "-")
    negative = plain.startswith(("-", "("))
    plain = re.sub(r"^[-+(]?(?:¥|￥)?-?", "", plain).removesuffix(")")
    plain = re.sub(r"(?<=[\d万])(?:元|块)$", "", plain)
    factor = 10_000 if plain.endswith("万") else 1
    plain = plain.removesuffix("万")
    if digits_lost(text) or not re.fullmatch(r"\d+(?:\.\d*)?|\.\d+", plain):
        raise ValueNotUnderstood(
            _("“{text}” is no number for {field}. Nothing was saved; write it like 12 or 12.5.").format(
                text=text, field=field.name
            )
        )
    number = Decimal(plain) * factor
    digits = f"{number:f}"
    digits = (digits.rstrip("0").rstrip(".") if "." in digits else digits) or "0"
    if len(digits.replace(".", "").strip("0")) > _MOST_DIGITS:
        raise ValueNotUnderstood(
            _(
                "“{text}” has more digits than a number keeps. Nothing was saved; for long codes make {field} a text."
            ).format(text=text, field=field.name)
        )
    return f"-{digits}" if negative and number else digits


def _day(field: CustomField, text: str) -> str:
    # the last day of the century: a year of two digits is one of ours, because contracts end in the future
    found = DayReader(date(2099, 12, 31))(text)
    if isinstance(found, str) and found:
        return found
    if isinstance(found, Trouble) and found.level == "order":
        raise ValueNotUnderstood(
            _("“{text}” can mean several days. Nothing was saved; write {field} like 2026-10-31.").format(
                text=text, field=field.name
            )
        )
    raise ValueNotUnderstood(
        _("“{text}” is no day for {field}. Nothing was saved; write it like 2026-10-31.").format(
            text=text, field=field.name
        )
    )


def _yes_no(field: CustomField, text: str) -> str:
    found = _yes_no_words().get(plain_name(text).rstrip("."))
    if found is None:
        raise ValueNotUnderstood(
            _("“{text}” is neither yes nor no for {field}. Nothing was saved; write yes or no.").format(
                text=text, field=field.name
            )
        )
    return found


@cache
def _yes_no_words() -> dict[str, str]:
    found = {word: value for value, words in WORDS["yes"].items() for word in words.split("|")}
    for language in i18n.LANGUAGES:
        with i18n.using(language):
            found |= {plain_name(_("Yes")): "1", plain_name(_("No")): "0"}
    return found | {"要": "1", "不要": "0", "不": "0", "不是": "0", "不对": "0"}


def _choice(field: CustomField, text: str) -> str:
    known = choices(field)
    wanted = plain_name(text)
    found = [word for word in known if plain_name(word) == wanted]
    found = found or [word for word in known if plain_name(word).startswith(wanted)]
    if len(found) == 1:
        return found[0]
    offered = _(", ").join((found or known)[:_SHOWN_CHOICES])
    if len(found or known) > _SHOWN_CHOICES:
        offered += "…"
    words = (
        _("“{text}” can mean several choices of {field}: {choices}. Nothing was saved; write more of it.")
        if found
        else _("“{text}” is no choice of {field}. Nothing was saved; choose one of: {choices}.")
    )
    raise ValueNotUnderstood(words.format(text=text, field=field.name, choices=offered))


# ---------------------------------------------------------------- defining


def add(shop: Shop, name: str, kind: FieldKind = "text", choices: Iterable[str] = ()) -> int:
    """Define a field, at the end of the card, and return its id.

    Raises:
        FieldNameWrong, ChoicesWrong: nothing was saved.
    """
    made = _draft(shop, name, kind, choices)
    with shop.change(
        _("Add the field {field}").format(field=made.name), {"fields"}, action="custom_fields.add"
    ):
        return shop.db.insert(made)


def add_within(shop: Shop, name: str, kind: FieldKind = "text", choices: Iterable[str] = ()) -> int:
    """As `add`, inside an open change."""
    return shop.db.insert(_draft(shop, name, kind, choices))


def edit(
    shop: Shop,
    field_id: int,
    *,
    name: str | None = None,
    kind: FieldKind | None = None,
    choices: Iterable[str] | None = None,
) -> None:
    """Rename a field, give it other choices or another kind; values that are no choice any more stay as they are.

    Raises:
        FieldMissing, FieldNameWrong, ChoicesWrong: nothing was changed.
        KindKept: some values cannot be read as the other kind, or views would ask for nonsense; nothing was changed.
    """
    before = get(shop, field_id)
    after = replace(
        before,
        name=before.name if name is None else free_name(shop, name, field_id),
        kind=kind or before.kind,
        choices=before.choices if choices is None else _listed(choices),
    )
    if after.kind != "choice":
        after = replace(after, choices="[]")
    elif after.choices == "[]":
        raise _no_choices()
    if after.kind != before.kind:
        _refuse_asked_for(shop, before)
    converted = _converted(shop, before, after) if after.kind != before.kind else []
    if after == before:
        return
    label = _("Edit the field {field}").format(field=before.name)
    with shop.change(
        label, {"fields", "customers"} if converted else {"fields"}, action="custom_fields.edit"
    ):
        shop.db.update(after)
        store.replace_values(shop.db, field_id, converted)


def retire(shop: Shop, field_id: int) -> None:
    """Take a field off the card; its values are kept and come back with it."""
    field = get(shop, field_id)
    if field.active:
        with shop.change(
            _("Retire the field {field}").format(field=field.name), {"fields"}, action="custom_fields.retire"
        ):
            shop.db.update(replace(field, active=False))


def bring_back(shop: Shop, field_id: int) -> None:
    """Put a retired field on the card again, at its end, with the values it had.

    Raises:
        FieldNameWrong: another field has its name by now; nothing was changed.
    """
    field = get(shop, field_id)
    if not field.active:
        free_name(shop, field.name, field_id)
        with shop.change(
            _("Bring the field {field} back").format(field=field.name),
            {"fields"},
            action="custom_fields.bring_back",
        ):
            shop.db.update(replace(field, active=True, position=store.last_position(shop.db) + 1))


def move(shop: Shop, field_id: int, steps: int) -> None:
    """Move an active field by so many places, negative towards the top; it stops at the ends.

    Raises:
        FieldMissing: it is not on the card.
    """
    order = listing(shop)
    field = active(shop, field_id)
    at = [each.id for each in order].index(field_id)
    to = max(0, min(len(order) - 1, at + steps))
    if to == at:
        return
    order.insert(to, order.pop(at))
    with shop.change(
        _("Move the field {field}").format(field=field.name), {"fields"}, action="custom_fields.move"
    ):
        for position, each in enumerate(order, 1):
            if each.position != position:
                shop.db.update(replace(each, position=position))


def active(shop: Shop, field_id: int) -> CustomField:
    """One field that is on the card.

    Raises:
        FieldMissing: there is none, or it was retired.
    """
    field = get(shop, field_id)
    if not field.active:
        raise FieldMissing(
            _("The field {field} was retired, so nothing was saved. Bring it back in Settings first.").format(
                field=field.name
            )
        )
    return field


def _draft(shop: Shop, name: str, kind: FieldKind, words: Iterable[str]) -> CustomField:
    clean = free_name(shop, name)
    if kind not in get_args(FieldKind):
        raise ValueError(f"{kind!r} is no kind of field")
    listed = _listed(words) if kind == "choice" else "[]"
    if kind == "choice" and listed == "[]":
        raise _no_choices()
    return CustomField(0, clean, kind, shop.stamp(), listed, store.last_position(shop.db) + 1)


def free_name(shop: Shop, name: str, own_id: int = 0) -> str:
    """A name as it may be given to a field (the one with `own_id` may keep its own).

    Raises:
        FieldNameWrong: it is empty, or something else on the card has it.
    """
    clean = clean_text(name)
    if not clean:
        raise FieldNameWrong(_("A field needs a name. Nothing was saved."))
    plain = plain_name(clean)
    if any(plain_name(field.name) == plain and field.id != own_id for field in listing(shop)):
        raise FieldNameWrong(
            _("There is already a field {field}. Nothing was saved; give another name.").format(field=clean)
        )
    if plain in _card_names():
        raise FieldNameWrong(
            _("{field} is on every card already. Nothing was saved; give another name.").format(field=clean)
        )
    return clean


@cache
def _card_names() -> frozenset[str]:
    """What the card's own fields are called in every language: a sheet could not tell them apart."""
    labels = [field.label for field in FIELDS["customers"] if field.key in CARD_KEYS] + [COMPUTED_TIER]
    found: set[str] = set()
    for language in i18n.LANGUAGES:
        with i18n.using(language):
            found |= {plain_name(_(label)) for label in labels}
    return frozenset(found)


def _listed(words: Iterable[str]) -> str:
    """Choices as stored; each once."""
    kept: dict[str, str] = {}
    for word in filter(None, map(clean_text, words)):
        kept.setdefault(plain_name(word), word)
    if len(kept) > MOST_CHOICES:
        raise ChoicesWrong(
            _(
                "{count} choices are too many to choose from; {most} can be. Nothing was saved; a field of text takes anything."
            ).format(count=len(kept), most=MOST_CHOICES)
        )
    return json.dumps(list(kept.values()), ensure_ascii=False)


def _no_choices() -> ChoicesWrong:
    return ChoicesWrong(_("Nothing was saved: write what can be chosen, each on a line of its own."))


def _refuse_asked_for(shop: Shop, field: CustomField) -> None:
    """No kind is compared as another one is, so a view that compares the field would name nobody from then on."""
    names = store_views.asking_for(shop.db, f"own:{field.id}")
    if names:
        words = ngettext(
            "The view {views} asks for {field} as it is now: change or delete it first. Nothing was saved.",
            "The views {views} ask for {field} as it is now: change or delete them first. Nothing was saved.",
            len(names),
        )
        raise KindKept(words.format(views=_(", ").join(names), field=field.name))


def _converted(shop: Shop, before: CustomField, after: CustomField) -> list[tuple[str, str]]:
    """(new, old) stored values for another kind."""
    pairs: list[tuple[str, str]] = []
    odd: list[str] = []
    for stored in store.different(shop.db, before.id):
        words = show(before, stored)
        try:
            new = checked(after, words)
        except ValueNotUnderstood:
            odd.append(words)
            continue
        if new != stored:
            pairs.append((new, stored))
    if odd:
        raise KindKept(
            _(
                "{field} stays as it is: {values} cannot be read as “{kind}”. Change these values first."
            ).format(
                field=before.name,
                values=_(", ").join(f"“{word}”" for word in sorted(odd)[:3]) + ("…" if len(odd) > 3 else ""),
                kind=kind_label(after.kind),
            )
        )
    return pairs


# ---------------------------------------------------------------- the cards' values


def put(shop: Shop, customer_id: int, field_id: int, text: str) -> str:
    """Write a value on a card as one step and return its stored form; an empty text takes it away.

    Raises:
        CustomerMissing, FieldMissing, ValueNotUnderstood: nothing was changed.
    """
    customer, field = customers.live(shop, customer_id), active(shop, field_id)
    label = _("Change {field} of {name}").format(field=field.name, name=customer.name)
    with shop.change(label, {"customers"}, action="custom_fields.put"):
        return put_within(shop, customer_id, field_id, text)


def put_within(shop: Shop, customer_id: int, field_id: int, text: str) -> str:
    """As `put`, inside an open change."""
    field = active(shop, field_id)
    before = store.value(shop.db, customer_id, field_id)
    if before is not None and clean_text(text) in (before.value, show(field, before.value)):
        return before.value  # also one that is no choice any more
    stored = checked(field, text)
    if before is None:
        if stored:
            shop.db.insert(CustomValue(0, customer_id, field_id, stored))
    elif not stored:
        shop.db.delete(CustomValue, before.id)
    elif stored != before.value:
        shop.db.update(replace(before, value=stored))
    return stored


def put_many_within(shop: Shop, customer_ids: Sequence[int], field_id: int, text: str) -> str:
    """Write one value on many cards inside an open change, without looking at each; '' takes it away.

    Raises:
        FieldMissing, ValueNotUnderstood: nothing was changed.
    """
    stored = checked(active(shop, field_id), text)
    store.put_many(shop.db, field_id, stored, customer_ids)
    return stored
