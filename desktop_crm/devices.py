"""The phones customers own: their IMEIs, warranty and the after-sales terms the law gives.

The statutory terms are those of 移动电话机商品修理更换退货责任规定 (in force 2001-11-15), as a table that can be read.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from desktop_crm.base.dates import add_months
from desktop_crm.base.errors import CrmError
from desktop_crm.base.i18n import N_, _, ngettext
from desktop_crm.base.values import clean_text, normal_imei, valid_imei
from desktop_crm.records.devices import Device, DeviceStatus
from desktop_crm.records.products import Product
from desktop_crm.records.purchases import Purchase, PurchaseLine
from desktop_crm.settings import PHONE_WARRANTY_MONTHS
from desktop_crm.shop import Shop
from desktop_crm.store import devices as store_devices

SOON_DAYS = 30
"""A warranty that ends within these days is worth a word."""


class DeviceWrong(CrmError):
    """A device has no model."""


class DeviceUnknown(CrmError):
    """There is no such device."""


@dataclass(frozen=True)
class Term:
    """One statutory term: what the customer may ask for until `days` or `months` after the sale (inclusive)."""

    key: str
    label: str
    days: int = 0
    months: int = 0

    def last_day(self, sold: date) -> date:
        """The last day of the term for a sale on `sold`; the day after the sale is day 1."""
        return add_months(sold, self.months) if self.months else sold + timedelta(days=self.days)


STATUTORY_TERMS = (
    Term("return", N_("return, exchange or repair"), days=7),
    Term("exchange", N_("exchange or repair"), days=15),
    Term("repair", N_("repair"), months=12),
)
"""Main unit: what may be asked for, the most far-reaching first."""

ACCESSORY_MONTHS = {"battery": 6, "charger": 12, "headset": 3}
"""Statutory warranty of accessories, in months."""


@dataclass(frozen=True)
class WarrantyState:
    """Where a device stands in its warranty.

    Attributes:
        days_left: days until the last day; 0: it is today, below 0: over, None: not known.
        text: in words, e.g. "23 days left".
        statutory: what the law lets the customer ask for today, in words; '' for nothing.
        tone: "good", "look" (ends soon), "quiet" (over or not known).
    """

    days_left: int | None
    text: str
    statutory: str
    tone: str


def warranty(device: Device, today: date) -> WarrantyState:
    """Where a device stands today."""
    if device.warranty_end_day is None:
        return WarrantyState(None, _("warranty not known"), _statutory(device, today), "quiet")
    left = (date.fromisoformat(device.warranty_end_day) - today).days
    if left < 0:
        return WarrantyState(left, _("warranty over"), _statutory(device, today), "quiet")
    text = _("last day today") if left == 0 else ngettext("{days} day left", "{days} days left", left)
    tone = "look" if left <= SOON_DAYS else "good"
    return WarrantyState(left, text.format(days=left), _statutory(device, today), tone)


def _statutory(device: Device, today: date) -> str:
    if not device.bought_here or device.acquired_day is None or device.status != "in_use":
        return ""
    sold = date.fromisoformat(device.acquired_day)
    for term in STATUTORY_TERMS:
        if today <= term.last_day(sold):
            return _(term.label)
    return ""


def imei_remark(imei: str) -> str:
    """What is odd about an IMEI, in words; '' if nothing: a warning, never a refusal."""
    if not imei or valid_imei(imei):
        return ""
    if imei.isdigit() and len(imei) in (14, 15, 16):
        return _("The check digit of this IMEI is wrong: please compare it once more.")
    return _("This is not an IMEI; it is kept as a serial number.")


def add(shop: Shop, customer_id: int, model: str, **fields: object) -> int:
    """Give a customer a device and return its id; `fields` are those of `records.devices.Device`.

    Raises:
        DeviceWrong: the model is empty.
    """
    device = _checked(replace(Device(0, customer_id, model, shop.stamp()), **fields))  # type: ignore[arg-type]
    with shop.change(_("Add device {model}").format(model=device.model), {"devices", "customers"}):
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
    with shop.change(_("Edit device {model}").format(model=device.model), {"devices", "customers"}):
        shop.db.update(device)


def of_customer(shop: Shop, customer_id: int) -> list[Device]:
    """A customer's devices: those in use first, the newest first."""
    return store_devices.of_customer(shop.db, customer_id)


def by_imei(shop: Shop, imei: str) -> list[Device]:
    """Every owner that an IMEI had, the latest first."""
    return store_devices.by_imei(shop.db, normal_imei(imei))


def sold_within(shop: Shop, purchase: Purchase, line: PurchaseLine, product: Product | None) -> int:
    """Make the device that a sale line gave the customer; inside the change of the sale.

    Whoever had a device of that IMEI in use until now has it no more.
    """
    assert purchase.customer_id is not None
    for device in store_devices.by_imei(shop.db, line.imei):
        if device.status == "in_use":
            shop.db.update(replace(device, status="gone"))
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
        imei=line.imei,
        bought_here=True,
        purchase_line_id=line.id,
        acquired_day=purchase.day,
        warranty_end_day=end,
    )
    return shop.db.insert(device)


def trade_in_within(shop: Shop, customer_id: int, note: str) -> None:
    """Mark the customer's device that a payment's note names as traded in, if they have it; inside a change."""
    _turn(shop, customer_id, note, "in_use", "traded_in")


def trade_in_undone_within(shop: Shop, customer_id: int, note: str) -> None:
    """The customer keeps the phone that was taken in part payment; inside a change."""
    _turn(shop, customer_id, note, "traded_in", "in_use")


def _turn(shop: Shop, customer_id: int, note: str, before: DeviceStatus, after: DeviceStatus) -> None:
    """Change one device of that status: the one whose IMEI ends the note; else the newest that has none, by its model."""
    imei = note.rsplit(" ", 1)[-1]
    owned = [each for each in of_customer(shop, customer_id) if each.status == before]
    found = [each for each in owned if each.imei and each.imei == imei]
    found += [each for each in owned if not each.imei and each.model == note]
    if found:
        shop.db.update(replace(found[0], status=after))


def returned_within(shop: Shop, line_ids: list[int]) -> None:
    """Mark the devices of these sale lines as given back; inside a change."""
    for device in store_devices.of_lines(shop.db, line_ids):
        if device.status == "in_use":
            shop.db.update(replace(device, status="returned"))


def _checked(device: Device) -> Device:
    device = replace(device, model=clean_text(device.model), imei=normal_imei(clean_text(device.imei)))
    if not device.model:
        raise DeviceWrong(_("A device needs a model, e.g. iPhone 17 256G. Nothing was saved."))
    return device
