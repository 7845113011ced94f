"""A device of a customer: all that is known of it, to be added or put right. Who had it before is device_owners.py's."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from desktop_crm import customers, devices, duplicates, products
from desktop_crm.base.i18n import _
from desktop_crm.base.values import normal_imei
from desktop_crm.duplicates import Likeness
from desktop_crm.records.devices import Device, DeviceStatus
from desktop_crm.ui.device_owners import DeviceOwners
from desktop_crm.ui.kit.buttons import KeyButton
from desktop_crm.ui.kit.forms import CheckField, ChoiceField, DayField, FormDialog, TextField
from desktop_crm.ui.likeness import LikenessBanner
from desktop_crm.ui.merge import merge_cards, open_merged
from desktop_crm.ui.page import Desk

if TYPE_CHECKING:
    from desktop_crm.shop import Shop


class DeviceForm(FormDialog[int]):
    """Model, numbers, days, plan and state; saving gives the device's id (0 when it was removed)."""

    def __init__(
        self, desk: Desk, customer_id: int, device: Device | None = None, *, initiator: object | None = None
    ) -> None:
        title = _("Device") if device is not None else _("Add a device")
        super().__init__(desk.jobs, desk.window, title=title, initiator=initiator, width=580)
        self._desk, self._customer_id, self._device = desk, customer_id, device
        now = device or Device(0, customer_id, "", "")
        self._build_model(now)
        self._build_days(now, desk.shop.today())
        self._build_foot()
        self._show_gone()
        self.status.changed.connect(self._show_gone)
        self.imei.line.editingFinished.connect(self._remark)

    def _build_model(self, now: Device) -> None:
        self.model = TextField(_("Model"), now.model, required=True, placeholder=_("iPhone 17 256G black"))
        self.color = TextField(_("Colour"), now.color)
        self.storage = TextField(_("Storage"), now.storage, placeholder="256G")
        self.add_row(self.model, self.color, self.storage, stretches=(5, 2, 2))
        self.imei = TextField(_("IMEI"), now.imei, placeholder=_("Scan it, or *#06#"))
        self.serial = TextField(_("Serial number or MEID"), now.serial)
        self.add_row(self.imei, self.serial)
        join = _("Note it there") if self._device is None else _("Make one card")
        self.known = self.add_widget(
            LikenessBanner(
                self._open_other,
                self._note_there if self._device is None else self._merge,
                self._keep,
                join_text=join,
            )
        )
        for field in (self.imei, self.serial):
            field.changed.connect(self._look)

    def _build_days(self, now: Device, today: date) -> None:
        self.since = DayField(_("Theirs since"), today=today, value=_day(now.acquired_day), past=True)
        self.warranty = DayField(_("Warranty until"), today=today, value=_day(now.warranty_end_day))
        self.add_row(self.since, self.warranty)
        self.plan = TextField(_("Carrier plan"), now.plan_name)
        self.plan_end = DayField(_("Plan until"), today=today, value=_day(now.plan_end_day))
        self.add_row(self.plan, self.plan_end)
        self.status = ChoiceField(_("State"), _states(), value=now.status, required=True)
        self.gone = DayField(_("Theirs until"), today=today, value=_day(now.gone_day), past=True)
        self.add_row(self.status, self.gone)
        self.note = TextField(_("Note"), now.note)
        self.here = CheckField(_("Bought here"), now.bought_here)
        self.add(self.note)
        self.add(self.here)

    def _build_foot(self) -> None:
        self.owners = KeyButton(_("Who had it"), "Alt+W", kind="quiet", on_click=self._show_owners)
        self.removal = KeyButton(_("Remove"), "Alt+X", kind="danger", on_click=self._remove)
        self.foot.insertWidget(0, self.removal)
        self.foot.insertWidget(0, self.owners)
        self.owners.setVisible(self._device is not None and bool(self._number()))
        self.removal.setVisible(self._device is not None and self._device.purchase_line_id is None)

    def job(self) -> Callable[[Shop], int]:
        """Add it or save it."""
        fields = {
            "color": self.color.value(),
            "storage": self.storage.value(),
            "imei": self.imei.value(),
            "serial": self.serial.value(),
            "bought_here": self.here.value(),
            "acquired_day": _stored(self.since.value()),
            "warranty_end_day": _stored(self.warranty.value()),
            "plan_name": self.plan.value(),
            "plan_end_day": _stored(self.plan_end.value()),
            "status": self.status.value(),
            "gone_day": _stored(self.gone.value()),
            "note": self.note.value(),
        }
        who, model, device = self._customer_id, self.model.value(), self._device
        if device is None:
            return lambda shop: devices.add(shop, who, model, **fields)

        def edit(shop: Shop) -> int:
            devices.edit(shop, device.id, model=model, **fields)
            return device.id

        return edit

    def _number(self) -> str:
        return normal_imei(self.imei.value() or self.serial.value())

    def _show_gone(self) -> None:
        """When it left is asked only of what did."""
        self.gone.setVisible(not self.status.problem() and self.status.value() != "in_use")

    def _remark(self) -> None:
        """Say what is odd about the number, and what is known of it; it never keeps anybody from saving."""
        imei = normal_imei(self.imei.value())
        self.imei.fail(devices.imei_remark(imei))
        if imei:
            self._desk.jobs.query(
                partial(_look_up, imei), partial(self.fill, self._show_known), key="device.imei"
            )

    def _show_known(self, known: tuple[str, list[tuple[int, str]]]) -> None:
        model, holders = known
        if model and self.model.is_empty():
            self.model.set_value(model)
        others = [name for who, name in holders if who != self._customer_id]
        if others:
            self.imei.fail(_("This phone is on the card of {name}, too.").format(name=_(", ").join(others)))

    # ---------------------------------------------------------------- somebody who has it already

    def _look(self) -> None:
        """Ask who has this phone while its number is typed, and may be the same person."""
        who, numbers = self._customer_id, [normal_imei(self.imei.text()), normal_imei(self.serial.text())]

        def ask(shop: Shop) -> list[Likeness]:
            found = duplicates.similar(shop, customers.draft_of(shop, who), imeis=numbers, own_id=who)
            return [like for like in found if any(reason.kind == "imei" for reason in like.reasons)]

        self._jobs.query(ask, self._show_likeness, key="device.likeness")

    def _show_likeness(self, found: Sequence[Likeness]) -> None:
        if self.known.show_people(found):
            self._fit()

    def _open_other(self, like: Likeness) -> None:
        self._leaving = True
        self.reject()
        self._desk.open_customer(like.customer_id)

    def _note_there(self, like: Likeness) -> None:
        """The device is the other's: note it on that card and go there."""
        self._customer_id = like.customer_id
        self._on_saved = lambda _device: self._desk.open_customer(like.customer_id)
        self.save()

    def _merge(self, like: Likeness) -> None:
        """Save what was typed, then choose field by field."""
        ids, desk = [self._customer_id, like.customer_id], self._desk
        self._on_saved = lambda _device: merge_cards(desk, ids, open_merged(desk), reason=like.words())
        self.save()

    def _keep(self) -> None:
        """They are other people, and that is remembered."""
        pairs = [(self._customer_id, like.customer_id) for like in self.known.people]
        self._jobs.change(lambda shop: duplicates.keep_pairs_apart(shop, pairs), initiator=self._initiator)
        self._show_likeness(())

    def _show_owners(self) -> None:
        DeviceOwners(self._desk, self._number(), self.model.value()).open()

    def _remove(self) -> None:
        device = self._device
        if device is not None:
            self._set_saving(True)
            self._jobs.change(
                lambda shop: devices.remove(shop, device.id),
                lambda _done: self._saved(0),
                on_error=self._not_saved,
                initiator=self._initiator,
            )


def _look_up(imei: str, shop: Shop) -> tuple[str, list[tuple[int, str]]]:
    """The model that an IMEI means, and whoever has such a phone in use: (customer id, name)."""
    with shop.reading():
        product = products.by_imei(shop, imei)
        holders = [
            (each.customer_id, each.name)
            for each in devices.owners(shop, imei)
            if each.customer_id is not None and each.is_live and not each.went
        ]
    return (product.name if product is not None else ""), holders


def _states() -> list[tuple[DeviceStatus, str]]:
    return [
        ("in_use", _("In use")),
        ("traded_in", _("Traded in")),
        ("returned", _("Returned")),
        ("gone", _("Not theirs any more")),
    ]


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _stored(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
