"""The middle of the card: everything that happened, latest first. The devices above it are card_devices.py's."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from PySide6.QtCore import QEvent, QModelIndex, QObject, Qt
from PySide6.QtGui import QKeyEvent

from desktop_crm import timeline
from desktop_crm.base.i18n import _
from desktop_crm.card import Card
from desktop_crm.shop import Shop
from desktop_crm.timeline import Entry
from desktop_crm.ui.kit.buttons import Pills
from desktop_crm.ui.kit.cells import Column, Mark
from desktop_crm.ui.kit.jobs import Jobs
from desktop_crm.ui.kit.labels import Label
from desktop_crm.ui.kit.layouts import hbox
from desktop_crm.ui.kit.panels import EmptyState, Panel
from desktop_crm.ui.kit.table import RecordTable
from desktop_crm.ui.kit.theme import S8

_TONES: Final = {
    "sale": "good",
    "void": "look",
    "refund": "look",
    "account": "good",
    "contact": "grey",
    "missed": "grey",
    "followup": "grey",
    "complaint": "bad",
    "survey": "accent",
    "note": "grey",
    "pinned": "look",
    "merge": "look",
    "tier": "accent",
    "card": "grey",
}


class TimelinePanel(Panel):
    """Everything that happened, with filters; Alt+L goes there, left and right change the filter.

    Args:
        jobs: fetches what is further back.
    """

    def __init__(self, jobs: Jobs, on_open: Callable[[Entry], object]) -> None:
        super().__init__(spacing=S8)
        self._jobs = jobs
        self._this_year = ""
        self._customer_id = 0
        self._title = Label(_("Timeline"), "section")
        self.filters = Pills(on_choose=lambda _key: self._filter(), wraps=True)
        head = hbox(self._title, (self.filters, 1), spacing=S8)
        head.setAlignment(self._title, Qt.AlignmentFlag.AlignTop)
        self.add(head)
        self.table: RecordTable[Entry] = RecordTable(
            _entry_columns(self._day), dense=True, identity=lambda entry: (entry.kind, entry.ref, entry.at)
        )
        self.table.horizontalHeader().setFixedHeight(0)
        self.table.set_empty(
            EmptyState(_("Nothing happened yet"), _("Sales, visits, calls and complaints will stand here."))
        )
        self.table.record_chosen.connect(on_open)
        self.table.installEventFilter(self)
        self.add(self.table, 1)
        self._entries: Sequence[Entry] = ()
        self._pills: list[str] = ["all"]
        self._counts: Mapping[str, int] = {}

    def take_keys(self) -> None:
        """Go to the latest line."""
        self.table.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.table.select_first()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.table and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
            if step is not None and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
                self._step(step)
                return True
        return super().eventFilter(watched, event)

    def show_card(self, card: Card) -> None:
        """Show a customer's past; of somebody else, all of it."""
        self._entries, self._this_year = card.timeline, f"{card.today.year}-"
        self._counts = card.timeline_counts
        self._pills = ["all", *(group for group in timeline.GROUPS if self._counts.get(group))]
        items = [("all", _("All {count}").format(count=self._counts["all"]))]
        for group, name in timeline.GROUPS.items():
            if group in self._pills:
                items.append((group, _("{name} {count}").format(name=_(name), count=self._counts[group])))
        self.filters.set_items(items)
        if card.customer.id != self._customer_id:
            self._customer_id = card.customer.id
            self.filters.choose("all", silently=True)
            self.table.clearSelection()
            self.table.setCurrentIndex(QModelIndex())
            self.table.scrollToTop()
        self._filter()

    def set_narrow(self, narrow: bool) -> None:
        """Leave the title away where there is little room."""
        self._title.setVisible(not narrow)

    def _day(self, entry: Entry) -> str:
        """Days of this year without it."""
        return entry.day.removeprefix(self._this_year)

    def _step(self, step: int) -> None:
        place = self._pills.index(self.filters.chosen) + step
        self.filters.choose(self._pills[place % len(self._pills)])

    def _filter(self) -> None:
        """Show the lines of the filter: those at hand if these are all, else by pages."""
        chosen = self.filters.chosen
        shown = [entry for entry in self._entries if chosen in ("all", entry.group)]
        if len(shown) == self._counts.get(chosen, 0):
            self.table.set_records(shown)
            return
        who = self._customer_id

        def fetch(shop: Shop, offset: int, limit: int, _sort: str, _descending: bool) -> Sequence[Entry]:
            return timeline.page(shop, who, chosen, offset, limit)

        self.table.show_pages(self._jobs, self._counts[chosen], fetch)


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
