"""The middle of the card: everything that happened, latest first. The devices above it are card_devices.py's."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from desktop_crm import timeline
from desktop_crm.base.i18n import _
from desktop_crm.card import Card
from desktop_crm.timeline import Entry
from desktop_crm.ui.kit.buttons import Pills
from desktop_crm.ui.kit.cells import Column, Mark
from desktop_crm.ui.kit.labels import Label
from desktop_crm.ui.kit.layouts import STRETCH, hbox
from desktop_crm.ui.kit.panels import EmptyState, Panel
from desktop_crm.ui.kit.table import RecordTable
from desktop_crm.ui.kit.theme import S8

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
