"""Who had a phone before whom: the history of an IMEI or serial number. Enter opens the owner's card."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog

from desktop_crm import devices
from desktop_crm.base.i18n import _
from desktop_crm.base.values import MISSING
from desktop_crm.devices import Ownership
from desktop_crm.ui.kit.buttons import KeyButton
from desktop_crm.ui.kit.cells import Column, Mark
from desktop_crm.ui.kit.forms import leave_dialogs
from desktop_crm.ui.kit.labels import Elided, Label
from desktop_crm.ui.kit.layouts import STRETCH, hbox, vbox
from desktop_crm.ui.kit.panels import EmptyState
from desktop_crm.ui.kit.table import RecordTable
from desktop_crm.ui.kit.theme import S12, S20
from desktop_crm.ui.page import Desk


class DeviceOwners(QDialog):
    """Every owner of one phone, the latest first."""

    def __init__(self, desk: Desk, number: str, model: str) -> None:
        super().__init__(desk.window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("Who had this phone"))
        self._desk, self._number = desk, number
        self.table: RecordTable[Ownership] = RecordTable(
            _columns(), identity=lambda each: (each.device_id, each.from_day)
        )
        self.table.set_empty(EmptyState(_("Nobody yet"), _("Its first owner will stand here.")))
        self.table.record_chosen.connect(self._open_card)
        close = KeyButton(_("Close"), "Esc", bind=False, on_click=self.reject)
        foot = hbox(Label(_("Enter opens a card."), "quiet"), STRETCH, close)
        about = Elided(f"{model} · {number}" if model else number, "quiet")
        vbox(
            Label(_("Who had this phone"), "title"),
            about,
            (self.table, 1),
            foot,
            spacing=S12,
            margins=S20,
            on=self,
        )
        self.resize(min(680, desk.window.width() - 48), min(420, desk.window.height() - 48))
        self.table.setFocus()
        desk.jobs.query(lambda shop: devices.owners(shop, number), self._show, key="device.owners")

    def _show(self, found: Sequence[Ownership]) -> None:
        self.table.set_records(found)
        if found:
            self.table.select_first()

    def _open_card(self, chosen: Ownership) -> None:
        if chosen.customer_id is not None and leave_dialogs():
            self._desk.open_customer(chosen.customer_id)


def _columns() -> list[Column[Ownership]]:
    return [
        Column(
            "name",
            _("Owner"),
            lambda each: each.name or _("Nobody known"),
            bold=True,
            marks=_marks,
            stretch=1,
            sortable=False,
        ),
        Column("from", _("From"), lambda each: each.from_day or MISSING, width=110, sortable=False),
        Column("until", _("Until"), lambda each: each.until_day or MISSING, width=110, sortable=False),
        Column(
            "how",
            _("How"),
            lambda each: each.came,
            second=lambda each: each.went,
            width=200,
            sortable=False,
        ),
    ]


def _marks(each: Ownership) -> list[Mark]:
    if each.customer_id is None:
        return []
    if not each.is_live:
        return [Mark(_("card deleted"), "grey")]
    return [] if each.went else [Mark(_("now"), "good")]
