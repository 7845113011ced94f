"""The middle of the card: the devices a customer owns and everything that happened, latest first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from desktop_crm import timeline
from desktop_crm.base.i18n import _
from desktop_crm.base.values import MISSING, valid_imei
from desktop_crm.card import Card, OwnedDevice
from desktop_crm.records.devices import Device
from desktop_crm.timeline import Entry
from desktop_crm.ui.kit.buttons import KeyButton, Pills
from desktop_crm.ui.kit.cells import Column, Mark
from desktop_crm.ui.kit.labels import Label
from desktop_crm.ui.kit.layouts import STRETCH, hbox
from desktop_crm.ui.kit.panels import EmptyState, Panel
from desktop_crm.ui.kit.table import RecordTable
from desktop_crm.ui.kit.theme import S8

_MOST_DEVICES: Final = 3
_TONES: Final = {
    "sale": "good",
    "void": "look",
    "refund": "look",
    "contact": "grey",
    "missed": "grey",
    "complaint": "bad",
    "tier": "accent",
    "card": "grey",
}


class DevicesPanel(Panel):
    """Devices with warranty, those in use first."""

    def __init__(self, on_add: Callable[[], object], on_open: Callable[[Device], object]) -> None:
        self.add_button = KeyButton(_("Add device"), "Alt+D", kind="quiet", icon="plus", on_click=on_add)
        super().__init__(_("Devices"), actions=[self.add_button], spacing=S8)
        self.table: RecordTable[OwnedDevice] = RecordTable(
            _device_columns(), dense=True, identity=lambda owned: owned.device.id
        )
        self.table.record_chosen.connect(lambda owned: on_open(owned.device))
        self._nothing = Label(_("A phone that is sold (F2) appears here by itself."), "faint", wrap=True)
        self.add(self.table)
        self.add(self._nothing)

    def show_card(self, card: Card) -> None:
        """Show a customer's devices."""
        self.table.set_records(card.devices)
        self.table.row_limit(_MOST_DEVICES)
        self.table.setVisible(bool(card.devices))
        self._nothing.setVisible(not card.devices)
        self.section_label.setText(_("Devices"))
        self.note_label.setText(str(len(card.devices)) if len(card.devices) > _MOST_DEVICES else "")


class TimelinePanel(Panel):
    """Everything that happened, with filters."""

    def __init__(self, on_open: Callable[[Entry], object]) -> None:
        super().__init__(spacing=S8)
        self._this_year = ""
        self._title = Label(_("Timeline"), "section")
        self.filters = Pills(on_choose=lambda _key: self._filter())
        self.add(hbox(self._title, self.filters, STRETCH, spacing=S8))
        self.table: RecordTable[Entry] = RecordTable(
            _entry_columns(self._day), dense=True, identity=lambda entry: (entry.kind, entry.ref, entry.at)
        )
        self.table.horizontalHeader().setFixedHeight(0)
        self.table.set_empty(
            EmptyState(_("Nothing happened yet"), _("Sales, visits, calls and complaints will stand here."))
        )
        self.table.record_chosen.connect(on_open)
        self.add(self.table, 1)
        self._entries: Sequence[Entry] = ()

    def show_card(self, card: Card) -> None:
        """Show a customer's past."""
        self._entries, self._this_year = card.timeline, f"{card.today.year}-"
        pills = [("all", _("All {count}").format(count=len(card.timeline)))]
        for group, name in timeline.GROUPS.items():
            count = sum(entry.group == group for entry in card.timeline)
            if count:
                pills.append((group, _("{name} {count}").format(name=_(name), count=count)))
        self.filters.set_items(pills)
        self._filter()

    def set_narrow(self, narrow: bool) -> None:
        """Leave the title away where there is little room."""
        self._title.setVisible(not narrow)

    def _day(self, entry: Entry) -> str:
        """Days of this year without it."""
        return entry.day.removeprefix(self._this_year)

    def _filter(self) -> None:
        chosen = self.filters.chosen
        shown = [entry for entry in self._entries if chosen in ("all", entry.group)]
        self.table.set_records(shown)


def _device_columns() -> list[Column[OwnedDevice]]:
    return [
        Column("model", _("Model"), _model, bold=_in_use, tone=_device_tone, stretch=11, sortable=False),
        Column("imei", _("IMEI"), _imei, tone=_device_tone, width=96, sortable=False),
        Column("since", _("Since"), _since, tone=_device_tone, width=100, sortable=False),
        Column(
            "warranty",
            _("Warranty"),
            _warranty,
            marks=_warranty_marks,
            tone="faint",
            stretch=10,
            sortable=False,
        ),
    ]


def _entry_columns(day: Callable[[Entry], str]) -> list[Column[Entry]]:
    return [
        Column("day", "", day, tone="faint", width=88, sortable=False),
        Column(
            "kind", "", marks=lambda entry: [Mark(entry.label, _TONES[entry.kind])], width=92, sortable=False
        ),
        Column("text", "", lambda entry: entry.text, tone=_entry_tone, stretch=1, sortable=False),
        Column("who", "", lambda entry: entry.detail, tone="faint", align="right", width=56, sortable=False),
    ]


def _entry_tone(entry: Entry) -> str:
    return "quiet" if entry.kind in ("void", "missed", "card") else "plain"


def _in_use(owned: OwnedDevice) -> bool:
    return owned.device.status == "in_use"


def _device_tone(owned: OwnedDevice) -> str:
    return "plain" if _in_use(owned) else "faint"


def _model(owned: OwnedDevice) -> str:
    device = owned.device
    extra = [part for part in (device.storage, device.color) if part and part not in device.model]
    return " ".join([device.model, *extra])


def _imei(owned: OwnedDevice) -> str:
    imei = owned.device.imei
    if not imei:
        return MISSING
    return f"·· {imei[-4:]} ✓" if valid_imei(imei) else f"·· {imei[-4:]}"


def _since(owned: OwnedDevice) -> str:
    day = owned.device.acquired_day
    if owned.device.bought_here:
        return _("here {month}").format(month=day[:7]) if day else _("here")
    return day[:7] if day else MISSING


def _warranty(owned: OwnedDevice) -> str:
    status = owned.device.status
    if status == "traded_in":
        return _("Traded in")
    if status == "returned":
        return _("Returned")
    if status == "gone":
        return _("Not theirs any more")
    return ""


def _warranty_marks(owned: OwnedDevice) -> list[Mark]:
    if not _in_use(owned):
        return []
    state = owned.warranty
    tones = {"good": "good", "look": "look"}
    marks = [Mark(state.text, tones.get(state.tone, "grey"))]
    if state.statutory:
        marks.append(Mark(state.statutory, "look"))
    return marks
