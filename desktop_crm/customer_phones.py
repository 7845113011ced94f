"""The phone numbers of one card, one by one: add, put right, make it the main one, remove; and who shares them.

What a number is stands in phones.py; all numbers of a card at once are set by customers.py.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from desktop_crm import customers
from desktop_crm.base.errors import CrmError
from desktop_crm.base.i18n import N_, _
from desktop_crm.base.masking import hide_all, is_masked
from desktop_crm.base.values import normal_phone, show_phone
from desktop_crm.phones import PhoneDraft, PhoneNotUnderstood, checked_phones, same
from desktop_crm.records.customers import Customer, PhoneKind
from desktop_crm.shop import Shop
from desktop_crm.store import customers as store

KINDS: dict[PhoneKind, str] = {
    "mobile": N_("Mobile"),
    "landline": N_("Landline"),
    "service": N_("Service number"),
    "foreign": N_("Foreign number"),
    "other": N_("Other number"),
}
"""Every kind of number with its name."""


class PhoneMissing(CrmError):
    """The card does not have this number any more."""


class PhoneThere(CrmError):
    """The card has this number already."""


@dataclass(frozen=True)
class Sharing:
    """Somebody else with the same number."""

    number: str
    customer: Customer


def sharing(shop: Shop, customer_id: int) -> list[Sharing]:
    """Other live customers with a number of this one, by the order of the numbers, the newest card first."""
    return [Sharing(number, other) for number, other in store.sharing(shop.db, customer_id)]


def add(shop: Shop, customer_id: int, phone: PhoneDraft) -> None:
    """Give a card one more number; the first one is the main number.

    Raises:
        CustomerMissing, PhoneNotUnderstood, PhoneThere: nothing was changed.
    """
    label = _("Add {number} to {name}")
    new = _checked(phone)

    def changed(numbers: list[PhoneDraft]) -> list[PhoneDraft]:
        _refuse_twice(numbers, new)
        return [*numbers, new]

    _change(shop, customer_id, label, new.number, changed)


def edit(shop: Shop, customer_id: int, number: str, phone: PhoneDraft) -> None:
    """Put a number or its label right; its place stays.

    Raises:
        CustomerMissing, PhoneMissing, PhoneNotUnderstood, PhoneThere: nothing was changed.
    """
    new = _checked(phone)

    def changed(numbers: list[PhoneDraft]) -> list[PhoneDraft]:
        place = _place(numbers, number)
        _refuse_twice([*numbers[:place], *numbers[place + 1 :]], new)
        return [*numbers[:place], new, *numbers[place + 1 :]]

    _change(shop, customer_id, _("Edit {number} of {name}"), number, changed)


def make_primary(shop: Shop, customer_id: int, number: str) -> None:
    """Make a number the one that is shown and called first.

    Raises:
        CustomerMissing, PhoneMissing
    """

    _change(
        shop, customer_id, _("Make {number} the main number of {name}"), number, partial(first, number=number)
    )


def first(numbers: Sequence[PhoneDraft], number: str) -> list[PhoneDraft]:
    """The numbers with this one in front, the rest in their order.

    Raises:
        PhoneMissing: it is not among them.
    """
    place = _place(numbers, number)
    return [numbers[place], *numbers[:place], *numbers[place + 1 :]]


def remove(shop: Shop, customer_id: int, number: str) -> None:
    """Take a number off a card.

    Raises:
        CustomerMissing, PhoneMissing
    """

    def changed(numbers: list[PhoneDraft]) -> list[PhoneDraft]:
        place = _place(numbers, number)
        return [*numbers[:place], *numbers[place + 1 :]]

    _change(shop, customer_id, _("Remove {number} from {name}"), number, changed)


def _change(
    shop: Shop,
    customer_id: int,
    label: str,
    number: str,
    changed: Callable[[list[PhoneDraft]], Sequence[PhoneDraft]],
) -> None:
    """Write the numbers anew; the step's label holds the number hidden for everybody, because labels stay for years."""
    name = customers.live(shop, customer_id).name
    hidden = hide_all(normal_phone(number)) if not is_masked(number) else number
    with shop.change(label.format(number=hidden, name=name), {"customers"}, action="customer_phones.edit"):
        now = [PhoneDraft(each.number, each.kind, each.label) for each in customers.phones(shop, customer_id)]
        customers.set_phones_within(shop, customer_id, changed(now))


def _checked(phone: PhoneDraft) -> PhoneDraft:
    found = checked_phones([phone])
    if not found:
        raise PhoneNotUnderstood(_("Please type the number. Nothing was saved."))
    return found[0]


def _refuse_twice(numbers: Sequence[PhoneDraft], new: PhoneDraft) -> None:
    if any(each.number == new.number for each in numbers):
        raise PhoneThere(
            _("The card has {number} already. Nothing was changed.").format(number=show_phone(new.number))
        )


def _place(numbers: Sequence[PhoneDraft], number: str) -> int:
    stored = [each.number for each in numbers]
    found = same(number, stored)
    if found is None:
        raise PhoneMissing(
            _("The card does not have {number} any more. Nothing was changed.").format(
                number=show_phone(number)
            )
        )
    return stored.index(found)
