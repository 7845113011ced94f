"""The devices on the card: what a customer owns, warranty and rights, and in full of the one that is chosen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from desktop_crm.base.i18n import _, ngettext
from desktop_crm.base.values import MISSING, valid_imei
from desktop_crm.card import Card, OwnedDevice
from desktop_crm.records.devices import Device
from desktop_crm.ui.kit.buttons import KeyButton
from desktop_crm.ui.kit.cells import Column, Mark
from desktop_crm.ui.kit.labels import Elided, Label
from desktop_crm.ui.kit.layouts import vbox
from desktop_crm.ui.kit.panels import Panel
from desktop_crm.ui.kit.table import RecordTable
from desktop_crm.ui.kit.theme import S4, S8

_MOST_DEVICES: Final = 3
_PLAN_SOON_DAYS: Final = 60
"""A carrier plan that ends within these days is worth a mark."""


class DevicesPanel(Panel):
    """Devices with warranty, those in use first; below them all about the chosen one."""

    def __init__(self, on_add: Callable[[], object], on_open: Callable[[Device], object]) -> None:
        self.add_button = KeyButton(_("Add device"), "Alt+D", kind="quiet", icon="plus", on_click=on_add)
        super().__init__(_("Devices"), actions=[self.add_button], spacing=S8)
        self.table: RecordTable[OwnedDevice] = RecordTable(
            _columns(), dense=True, identity=lambda owned: owned.device.id
        )
        self.table.record_chosen.connect(lambda owned: on_open(owned.device))
        self.table.record_selected.connect(self._show_chosen)
        self._nothing = Label(_("A phone that is sold (F2) appears here by itself."), "faint", wrap=True)
        self.about = Elided("", "small")
        self.rights = Elided("", "small")
        self.add(self.table)
        self.add(vbox(self.about, self.rights, spacing=S4))
        self.add(self._nothing)

    def show_card(self, card: Card) -> None:
        """Show a customer's devices."""
        self.table.set_records(card.devices)
        self.table.row_limit(_MOST_DEVICES)
        self.table.setVisible(bool(card.devices))
        self._nothing.setVisible(not card.devices)
        self.section_label.setText(_("Devices"))
        self.note_label.setText(str(len(card.devices)) if len(card.devices) > _MOST_DEVICES else "")
        if self.table.selected() is None:
            self.table.select_first()
        self._show_chosen(self.table.selected())

    def _show_chosen(self, owned: OwnedDevice | None) -> None:
        """All about one device, in two lines."""
        about, rights = ("", "") if owned is None else (_about(owned), _rights(owned))
        for label, text in ((self.about, about), (self.rights, rights)):
            label.setText(text)
            label.setVisible(bool(text))


def plan_words(owned: OwnedDevice) -> str:
    """The carrier plan and its end, '' for none."""
    device, left = owned.device, owned.plan_days_left
    name = device.plan_name or (_("Carrier plan") if device.plan_end_day else "")
    if left is None or not name:
        return name
    if left < 0:
        return _("{plan}, over since {day}").format(plan=name, day=device.plan_end_day)
    text = ngettext("{plan} until {day}, {count} day left", "{plan} until {day}, {count} days left", left)
    return text.format(plan=name, day=device.plan_end_day, count=left)


def _about(owned: OwnedDevice) -> str:
    device = owned.device
    parts = [device.color]  # in the table it is the first thing that has no room
    if device.imei:
        parts.append(f"IMEI {device.imei} ✓" if valid_imei(device.imei) else f"IMEI {device.imei}")
    if device.serial:
        parts.append(_("Serial {number}").format(number=device.serial))
    parts += [plan_words(owned), device.note]
    return " · ".join(part for part in parts if part)


def _rights(owned: OwnedDevice) -> str:
    free = [remedy for remedy in owned.warranty.remedies if not remedy.condition]
    first = [remedy.text for remedy in free[:1]]
    rest = [
        remedy.text
        if remedy.part == free[0].part
        else _("{part}: {right}").format(part=remedy.part, right=remedy.text)
        for remedy in free[1:]
    ]
    return " · ".join([*first, *rest])


def _columns() -> list[Column[OwnedDevice]]:
    return [
        Column("model", _("Model"), _model, bold=_in_use, tone=_device_tone, stretch=1, sortable=False),
        Column("imei", _("IMEI"), _imei, tone=_device_tone, width=96, sortable=False),
        Column("since", _("Since"), _since, tone=_device_tone, width=104, sortable=False),
        Column(
            "warranty",
            _("Warranty"),
            _left,
            marks=_marks,
            tone="faint",
            stretch=1,
            sortable=False,
        ),
    ]


def _in_use(owned: OwnedDevice) -> bool:
    return owned.device.status == "in_use"


def _device_tone(owned: OwnedDevice) -> str:
    return "plain" if _in_use(owned) else "faint"


def _model(owned: OwnedDevice) -> str:
    device = owned.device
    extra = [part for part in (device.storage, device.color) if part and part not in device.model]
    return " ".join([device.model, *extra])


def _imei(owned: OwnedDevice) -> str:
    device = owned.device
    if device.imei:
        return f"·· {device.imei[-4:]} ✓" if valid_imei(device.imei) else f"·· {device.imei[-4:]}"
    return _("SN ·· {tail}").format(tail=device.serial[-4:]) if device.serial else MISSING


def _since(owned: OwnedDevice) -> str:
    day = owned.device.acquired_day
    if owned.device.bought_here:
        return _("here {month}").format(month=day[:7]) if day else _("here")
    return day[:7] if day else MISSING


def _left(owned: OwnedDevice) -> str:
    words = {
        "traded_in": _("Traded in"),
        "returned": _("Returned"),
        "gone": _("Not theirs any more"),
    }.get(owned.device.status, "")
    day = owned.device.gone_day
    return _("{state} {month}").format(state=words, month=day[:7]) if words and day else words


def _marks(owned: OwnedDevice) -> list[Mark]:
    if not _in_use(owned):
        return []
    state = owned.warranty
    tones = {"good": "good", "look": "look"}
    marks = [Mark(state.text, tones.get(state.tone, "grey"))]
    if state.statutory:
        marks.append(Mark(state.statutory, "look"))
    if owned.plan_days_left is not None and 0 <= owned.plan_days_left <= _PLAN_SOON_DAYS:
        left = owned.plan_days_left
        text = ngettext("plan: {count} day", "plan: {count} days", left)
        marks.append(Mark(text.format(count=left), "accent"))
    return marks
