"""The phones customers own: their IMEIs, warranty, carrier plan, and who had a phone before whom.

What may be asked for after a sale is in after_sales.py.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from desktop_crm import after_sales, customers, products
from desktop_crm.after_sales import Remedy
from desktop_crm.base.dates import add_months
from desktop_crm.base.errors import CrmError
from desktop_crm.base.i18n import N_, _, ngettext
from desktop_crm.base.values import clean_note, clean_text, normal_imei, show_money, valid_imei
from desktop_crm.records.after_sales import AfterSalesTerm
from desktop_crm.records.devices import Device, DeviceStatus
from desktop_crm.records.products import Product
from desktop_crm.records.purchases import Purchase, PurchaseLine
from desktop_crm.settings import PHONE_WARRANTY_MONTHS
from desktop_crm.shop import Shop
from desktop_crm.store import devices as store_devices
from desktop_crm.store.devices import OwnerRow

SOON_DAYS = 30
"""A warranty that ends within these days is worth a word."""


class DeviceWrong(CrmError):
    """A device has no model."""


class DeviceUnknown(CrmError):
    """There is no such device."""


class DeviceNeeded(CrmError):
    """A sale or a complaint refers to a device that was to be removed."""


@dataclass(frozen=True)
class WarrantyState:
    """Where a device stands in its warranty.

    Attributes:
        days_left: days until the last day; 0: it is today, below 0: over, None: not known.
        text: in words, e.g. "23 days left".
        statutory: the most that may be asked for today without a condition, in words; '' for nothing.
        remedies: all that may be asked for today, and until when.
        tone: "good", "look" (ends soon), "quiet" (over or not known).
    """

    days_left: int | None
    text: str
    statutory: str
    tone: str
    remedies: tuple[Remedy, ...] = ()


@dataclass(frozen=True)
class Ownership:
    """One stretch of a device's life with one owner, as far as the shop knows.

    Attributes:
        device_id / customer_id: None where it was sold to somebody who left no name.
        name: the owner's name, '' for nobody known. is_live: their card can be opened.
        from_day / until_day: first and last day, None where not known (or not over).
        came / went: in words: how it became theirs, and how it left; went '' while it is theirs.
    """

    device_id: int | None
    customer_id: int | None
    name: str
    is_live: bool
    from_day: str | None
    until_day: str | None
    came: str
    went: str


WENT: Final[dict[DeviceStatus, str]] = {
    "in_use": "",
    "traded_in": N_("traded in"),
    "returned": N_("returned"),
    "gone": N_("passed on"),
}
"""How a device left its owner, in words."""


def warranty(device: Device, today: date, terms: Sequence[AfterSalesTerm] = ()) -> WarrantyState:
    """Where a device stands today; `terms` are the shop's after-sales terms."""
    remedies = after_sales.of_device(terms, device, today)
    statutory = after_sales.today_words(remedies)
    if device.warranty_end_day is None:
        return WarrantyState(None, _("warranty not known"), statutory, "quiet", remedies)
    left = (date.fromisoformat(device.warranty_end_day) - today).days
    if left < 0:
        return WarrantyState(left, _("warranty over"), statutory, "quiet", remedies)
    text = _("last day today") if left == 0 else ngettext("{days} day left", "{days} days left", left)
    tone = "look" if left <= SOON_DAYS else "good"
    return WarrantyState(left, text.format(days=left), statutory, tone, remedies)


def imei_remark(imei: str) -> str:
    """What is odd about an IMEI, in words; '' if nothing: a warning, never a refusal."""
    if not imei or valid_imei(imei):
        return ""
    if re.fullmatch(r"\d{14}", imei):
        return _("This IMEI has 14 digits; the 15th would be {digit}.").format(digit=check_digit(imei))
    if re.fullmatch(r"\d{15}", imei):
        return _("The check digit of this IMEI is wrong: please compare it once more.")
    if imei.isdigit():
        return _("An IMEI has 15 digits, this number has {count}; it is kept as a serial number.").format(
            count=len(imei)
        )
    if re.fullmatch(r"[0-9A-F]{14}", imei):
        return _("This is an MEID; it is kept as a serial number.")
    return _("This is not an IMEI; it is kept as a serial number.")


def check_digit(digits: str) -> str:
    """The 15th digit of an IMEI whose first 14 are given (Luhn; 3GPP TS 23.003 annex B).

    >>> check_digit("35204100000000")
    '8'
    """
    return next(digit for digit in "0123456789" if valid_imei(digits + digit))


def is_imei(number: str) -> bool:
    """Whether a number, as `base.values.normal_imei` makes it, is an IMEI by its form, right or mistyped."""
    return bool(re.fullmatch(r"\d{14,16}", number))


def add(shop: Shop, customer_id: int, model: str, **fields: object) -> int:
    """Give a customer a device and return its id; `fields` are those of `records.devices.Device`.

    Raises:
        CustomerMissing
        DeviceWrong: the model is empty.
    """
    customers.live(shop, customer_id)
    device = _checked(replace(Device(0, customer_id, model, shop.stamp()), **fields))  # type: ignore[arg-type]
    with shop.change(
        _("Add device {model}").format(model=device.model), {"devices", "customers"}, action="devices.add"
    ):
        return shop.db.insert(device)


def edit(shop: Shop, device_id: int, **fields: object) -> None:
    """Change fields of a device.

    Raises:
        DeviceUnknown, DeviceWrong: nothing was changed.
    """
    found = shop.db.get(Device, device_id)
    if found is None:
        raise DeviceUnknown(_("This device is not there any more; nothing was changed."))
    device = _checked(replace(found, **fields))  # type: ignore[arg-type]
    if device.status == "in_use":
        device = replace(device, gone_day=None)
    elif device.gone_day is None:
        device = replace(device, gone_day=shop.today().isoformat())
    with shop.change(
        _("Edit device {model}").format(model=device.model), {"devices", "customers"}, action="devices.edit"
    ):
        shop.db.update(device)


def remove(shop: Shop, device_id: int) -> None:
    """Take a device off its card as if it had never been there: for one entered by mistake.

    Raises:
        DeviceUnknown, DeviceNeeded: nothing was changed.
    """
    found = shop.db.get(Device, device_id)
    if found is None:
        raise DeviceUnknown(_("This device is not there any more; nothing was changed."))
    if found.purchase_line_id is not None or store_devices.is_complained_about(shop.db, device_id):
        raise DeviceNeeded(
            _(
                "A sale or a complaint refers to this device, so it stays; nothing was changed. "
                "Say that it is not theirs any more, or void the sale."
            )
        )
    with shop.change(
        _("Remove device {model}").format(model=found.model),
        {"devices", "customers"},
        action="devices.remove",
    ):
        shop.db.delete(Device, device_id)


def of_customer(shop: Shop, customer_id: int) -> list[Device]:
    """A customer's devices: those in use first, the newest first."""
    return store_devices.of_customer(shop.db, customer_id)


def owners(shop: Shop, number: str) -> list[Ownership]:
    """Who had the phone with this IMEI or serial number, the latest first, sales to nobody known included."""
    plain = normal_imei(number)
    with shop.reading() as db:
        rows = store_devices.owners(db, plain)
        walk_ins = store_devices.walk_in_sales(db, plain)
    found = [_ownership(row) for row in rows]
    found += [
        Ownership(
            None, None, "", False, day, None, _("bought here for {money}").format(money=show_money(fen)), ""
        )
        for day, fen in walk_ins
    ]
    found.sort(key=lambda each: each.from_day or "", reverse=True)
    return found


def sold_within(
    shop: Shop,
    purchase: Purchase,
    line: PurchaseLine,
    product: Product | None,
    *,
    color: str = "",
    storage: str = "",
) -> int:
    """Make the device that a sale line gave the customer; inside the change of the sale.

    Whoever had a device of that IMEI in use until now has it no more.
    """
    assert purchase.customer_id is not None
    for device in store_devices.by_number(shop.db, line.imei):
        if device.status == "in_use":
            shop.db.update(replace(device, status="gone", gone_day=purchase.day))
    months = product.warranty_months if product is not None else None
    if months is None:
        months = shop.get(PHONE_WARRANTY_MONTHS)
    end = add_months(date.fromisoformat(purchase.day), months).isoformat() if months else None
    device = Device(
        0,
        purchase.customer_id,
        line.description,
        shop.stamp(),
        product_id=line.product_id,
        color=color or products.color_of(line.description),
        storage=storage or products.storage_of(line.description),
        imei=line.imei,
        bought_here=True,
        purchase_line_id=line.id,
        acquired_day=purchase.day,
        warranty_end_day=end,
    )
    return shop.db.insert(_checked(device))


def trade_in_within(shop: Shop, customer_id: int, note: str, day: str) -> None:
    """Mark the customer's device that a payment's note names as traded in, if they have it; inside a change."""
    _turn(shop, customer_id, note, "in_use", "traded_in", day)


def trade_in_undone_within(shop: Shop, customer_id: int, note: str) -> None:
    """The customer keeps the phone that was taken in part payment; inside a change."""
    _turn(shop, customer_id, note, "traded_in", "in_use", None)


def _turn(
    shop: Shop, customer_id: int, note: str, before: DeviceStatus, after: DeviceStatus, day: str | None
) -> None:
    """Change one device of that status: the one whose number ends the note; else the newest that has none, by its model."""
    number = note.rsplit(" ", 1)[-1]
    owned = [each for each in of_customer(shop, customer_id) if each.status == before]
    found = [each for each in owned if number in (each.imei, each.serial) and number]
    found += [each for each in owned if not each.imei and not each.serial and each.model == note]
    if found:
        shop.db.update(replace(found[0], status=after, gone_day=day))


def returned_within(shop: Shop, line_ids: list[int], day: str) -> None:
    """Mark the devices of these sale lines as given back; inside a change."""
    for device in store_devices.of_lines(shop.db, line_ids):
        if device.status == "in_use":
            shop.db.update(replace(device, status="returned", gone_day=day))


def sale_voided_within(shop: Shop, line_ids: list[int], sold_day: str, day: str) -> None:
    """The sale of these lines never was: its devices are returned, whoever lost one by it has it again; inside a change."""
    for device in store_devices.of_lines(shop.db, line_ids):
        for other in store_devices.by_number(shop.db, device.imei or device.serial):
            if other.id != device.id and other.status == "gone" and other.gone_day == sold_day:
                shop.db.update(replace(other, status="in_use", gone_day=None))
    returned_within(shop, line_ids, day)


def _ownership(row: OwnerRow) -> Ownership:
    device = row.device
    if row.price_fen is not None:
        came = _("bought here for {money}").format(money=show_money(row.price_fen))
    else:
        came = _("bought here") if device.bought_here else _("brought along")
    went = WENT[device.status]
    return Ownership(
        device.id,
        device.customer_id,
        row.name,
        row.is_live,
        device.acquired_day,
        device.gone_day,
        came,
        _(went) if went else "",
    )


def _checked(device: Device) -> Device:
    """The device as it is stored; a number that is no IMEI is a serial number."""
    imei, serial = normal_imei(clean_text(device.imei)), normal_imei(clean_text(device.serial))
    if imei and not is_imei(imei) and serial in ("", imei):
        imei, serial = "", imei
    device = replace(
        device,
        model=clean_text(device.model),
        imei=imei,
        serial=serial,
        color=clean_text(device.color),
        storage=clean_text(device.storage),
        plan_name=clean_text(device.plan_name),
        note=clean_note(device.note),
    )
    if not device.model:
        raise DeviceWrong(_("A device needs a model, e.g. iPhone 17 256G. Nothing was saved."))
    return device
