"""A device of a customer that was not sold here, or what is to be put right on one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

from desktop_crm import devices
from desktop_crm.base.i18n import _
from desktop_crm.base.values import normal_imei
from desktop_crm.records.devices import Device, DeviceStatus
from desktop_crm.ui.kit.forms import ChoiceField, DayField, FormDialog, TextField
from desktop_crm.ui.page import Desk

if TYPE_CHECKING:
    from desktop_crm.shop import Shop


class DeviceForm(FormDialog[int]):
    """Model, serial, days and state; saving gives the device's id."""

    def __init__(
        self, desk: Desk, customer_id: int, device: Device | None = None, *, initiator: object | None = None
    ) -> None:
        title = _("Device") if device is not None else _("Add a device")
        super().__init__(desk.jobs, desk.window, title=title, initiator=initiator)
        self._customer_id, self._device = customer_id, device
        now = device or Device(0, customer_id, "", "")
        today = desk.shop.today()
        self.model = self.add(
            TextField(_("Model"), now.model, required=True, placeholder=_("iPhone 17 256G black"))
        )
        self.imei = self.add(TextField(_("IMEI or serial"), now.imei))
        self.imei.line.editingFinished.connect(self._remark)
        self.since = DayField(_("Theirs since"), today=today, value=_day(now.acquired_day))
        self.warranty = DayField(_("Warranty until"), today=today, value=_day(now.warranty_end_day))
        self.add_row(self.since, self.warranty)
        self.plan = TextField(_("Carrier plan"), now.plan_name)
        self.plan_end = DayField(_("Plan until"), today=today, value=_day(now.plan_end_day))
        self.add_row(self.plan, self.plan_end)
        self.status = self.add(ChoiceField(_("State"), _states(), value=now.status))

    def job(self) -> Callable[[Shop], int]:
        """Add it or save it."""
        fields = {
            "imei": self.imei.value(),
            "acquired_day": _stored(self.since.value()),
            "warranty_end_day": _stored(self.warranty.value()),
            "plan_name": self.plan.value(),
            "plan_end_day": _stored(self.plan_end.value()),
            "status": self.status.value(),
        }
        who, model, device = self._customer_id, self.model.value(), self._device
        if device is None:
            return lambda shop: devices.add(shop, who, model, **fields)

        def edit(shop: Shop) -> int:
            devices.edit(shop, device.id, model=model, **fields)
            return device.id

        return edit

    def _remark(self) -> None:
        """Say what is odd about the number; it never keeps anybody from saving."""
        self.imei.fail(devices.imei_remark(normal_imei(self.imei.value())))


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
