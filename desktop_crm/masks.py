"""Who sees phone numbers in full: everybody with the right "phones"; others see 138****8866, and a look at one is noted.

    masks.shown(shop, number)          # one number
    masks.in_text(shop, text)          # whatever stands in a text
    masks.veil(shop, card.gather(…))   # a whole answer
    masks.reveal(shop, customer_id)    # in full, and in the log

An answer of a feature is veiled where it leaves the program: for the window in ui/kit/jobs.py, for the command line in
its commands, for files in exporting/ and reports/. Rules, search and matching work with whole numbers. A text that comes
back with its numbers hidden is completed where it is stored (`Database.update`, `phones.meant`).
What a hidden number looks like is in base/masking.py.
"""

from __future__ import annotations

import copy
import dataclasses
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, TypeVar, cast

from desktop_crm import audit, customers
from desktop_crm.base.i18n import _
from desktop_crm.base.masking import hide, hide_all
from desktop_crm.base.values import show_phone
from desktop_crm.customer_phones import Sharing
from desktop_crm.phones import PhoneDraft
from desktop_crm.records.customers import Phone
from desktop_crm.records.who import Condition, Filter
from desktop_crm.shop import Shop
from desktop_crm.store.who import Clause

T = TypeVar("T")

_NUMBERS: Final = frozenset({"phone", "phones", "numbers"})
"""Fields that hold numbers, however they are joined."""

_NO_NUMBERS: Final = frozenset(
    {"imei", "imeis", "serial", "barcode", "query", "filter", "operator", "file_name"}
)
"""Fields that hold no numbers, or what the person typed."""

_NAMES: Final = frozenset({"name", "whose", "referrer", "referred_by"})
"""Fields that hold the name of somebody; others end in _name."""

_PLAIN: Final = (int, float, bool, bytes, type(None))

_QUESTIONS: Final = (Filter, Condition, Clause)
"""What somebody asked for goes back to the shop as it was asked."""


@dataclass(frozen=True)
class Revealed:
    """The numbers of one customer in full, for the moment in which somebody looks at them; no veil covers it."""

    customer_id: int
    name: str
    phones: tuple[Phone, ...]


def shown(shop: Shop, number: str) -> str:
    """A stored number as this person may see it: 138 0571 8866 or 138****8866."""
    return show_phone(number) if shop.may("phones") else hide_all(number)


def in_text(shop: Shop, text: str) -> str:
    """A text as this person may see it."""
    return text if shop.may("phones") else hide(text)


def veil(shop: Shop, found: T) -> T:
    """Any answer of a feature as this person may see it: dataclasses, sequences, mappings and texts, all the way down.

    Fields that are called after phones are hidden whole, in every other text what looks like a phone number.
    """
    return found if shop.may("phones") else cast(T, _veiled(found, hide))


def veil_rows(shop: Shop, rows: Iterable[Sequence[T]], keys: Sequence[str]) -> Iterator[Sequence[T]]:
    """The rows of a table as this person may see them; `keys` name the fields in its columns."""
    if shop.may("phones"):
        yield from rows
        return
    masks = [_mask_of(key, hide) for key in keys]
    for row in rows:
        yield [
            cast(T, mask(cell)) if isinstance(cell, str) else cell
            for mask, cell in zip(masks, row, strict=True)
        ]


def reveal(shop: Shop, customer_id: int) -> Revealed:
    """The numbers of a customer in full; who sees them hidden otherwise is noted in the audit trail.

    Raises:
        CustomerMissing
    """
    who = customers.get(shop, customer_id)
    found = Revealed(customer_id, who.name, customers.phones(shop, customer_id))
    if not shop.may("phones"):
        label = _("Looked at the numbers of {name}").format(name=hide_all(who.name))
        audit.note(shop, "reveal", customer_id=customer_id, kinds={"customers"}, details={"label": label})
    return found


# ---------------------------------------------------------------- the veil


_AS_THEY_ARE: Final = (*_PLAIN, *_QUESTIONS, Revealed)


def _veiled(value: Any, mask: Callable[[str], str]) -> Any:  # any value of a feature
    if isinstance(value, str):
        hidden = mask(value)
        return value if hidden == value else type(value)(hidden)  # a sentence may be of a kind of its own
    if isinstance(value, _AS_THEY_ARE):
        return value
    if isinstance(value, BaseException):
        value.args = _veiled(value.args, mask)
        return _with(value, vars(value), mask)
    names = _fields_of(cast(Hashable, type(value)))
    if names:
        return _with(value, {name: getattr(value, name) for name in names}, mask)
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        parts = dict(zip(value._fields, value, strict=True))
        return type(value)(**parts | _changed(value, parts, mask))
    if isinstance(value, Mapping):
        return {_veiled(key, mask): _veiled(each, _mask_of(key, mask)) for key, each in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        if all(isinstance(each, _PLAIN) for each in value):  # a million ids
            return value
        return type(value)(_veiled(each, mask) for each in value)
    return value


@cache
def _fields_of(kind: Hashable) -> tuple[str, ...]:
    """The fields of a frozen dataclass; others are worked with (the plan of an import) and are no answers."""
    parameters = getattr(kind, "__dataclass_params__", None)
    if parameters is None or not parameters.frozen:
        return ()
    return tuple(field.name for field in dataclasses.fields(cast(Any, kind)))


def _with(value: T, parts: Mapping[str, Any], mask: Callable[[str], str]) -> T:
    """A copy whose parts are veiled, or the same where nothing is to hide; `__init__` is not asked again."""
    changed = _changed(value, parts, mask)
    if not changed:
        return value
    made = value if isinstance(value, BaseException) else copy.copy(value)
    for name, part in changed.items():
        object.__setattr__(made, name, part)
    return made


def _changed(value: object, parts: Mapping[str, Any], mask: Callable[[str], str]) -> dict[str, Any]:
    if _is_about_numbers(value, parts):
        mask = hide_all
    found = {}
    for name, part in parts.items():
        new = _veiled(part, _mask_of(name, mask))
        if new is not part and new != part:
            found[name] = new
    return found


def _mask_of(field: object, mask: Callable[[str], str]) -> Callable[[str], str]:
    """How the texts of a field are hidden, by its name."""
    if field in _NO_NUMBERS:
        return str
    if field in _NUMBERS:
        return hide_all
    return _name if _is_name(field) else mask


def _is_about_numbers(value: object, parts: Mapping[str, Any]) -> bool:
    """A phone itself, or a reason, a problem or a choice that is told by its kind to be one of phones."""
    if isinstance(value, Phone | PhoneDraft | Sharing):
        return True
    return any(
        "phone" in kind
        for name in ("kind", "key", "place", "field")
        if isinstance(kind := parts.get(name), str)
    )


def _is_name(field: object) -> bool:
    return isinstance(field, str) and (field in _NAMES or field.endswith("_name"))


def _name(text: str) -> str:
    """A card without a name carries its number as one, also a local number of seven digits."""
    return hide_all(text) if text.strip("+ ").isdigit() else hide(text)
