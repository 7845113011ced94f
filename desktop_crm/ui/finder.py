"""What both sections of the page Clean share: one search for all, kept until something is written, and going on in a list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from desktop_crm import duplicates, history
from desktop_crm.base.i18n import _
from desktop_crm.duplicates import Family, Findings, Group
from desktop_crm.shop import Shop
from desktop_crm.ui.kit.buttons import KeyButton
from desktop_crm.ui.kit.jobs import Progress
from desktop_crm.ui.kit.panels import EmptyState
from desktop_crm.ui.kit.table import RecordTable
from desktop_crm.ui.page import Desk


class Finder(QObject):
    """The findings that both sections show; looked for anew when something was written since.

    Signals:
        found(): there are findings, or fewer.
        stopped(): the person stopped the search.
    """

    found = Signal()
    stopped = Signal()

    def __init__(self, desk: Desk, page: QWidget) -> None:
        super().__init__(page)
        self.findings: Findings | None = None
        self._desk = desk
        self._as_of = -1
        self._is_looking = False
        self._title = _("Looking for cards that are there twice…")
        desk.jobs.cancelled.connect(self._cancelled)

    @classmethod
    def of(cls, desk: Desk, page: QWidget) -> Finder:
        """The one of this page."""
        return page.findChild(cls) or cls(desk, page)

    def look(self) -> None:
        """Look, unless nothing was written since the last time."""
        if self._is_looking:
            return
        self._is_looking = True
        known = self._as_of

        def search(shop: Shop, progress: Progress) -> tuple[int, Findings | None]:
            newest = newest_step(shop)
            return newest, None if newest == known else duplicates.find(shop, progress)

        self._desk.jobs.query(search, self._take, key="duplicates.find", title=self._title)

    def drop(self, ids: Sequence[int], as_of: int) -> None:
        """Leave out what was just decided about these cards."""
        if self.findings is not None:
            gone = set(ids)
            groups = tuple(group for group in self.findings.groups if not gone & set(group.ids))
            families = tuple(
                family
                for family in self.findings.families
                if not {family.customer.id, family.other.id} <= gone
            )
            self.findings = Findings(groups, families, self.findings.shared, self.findings.cards)
            self._as_of = as_of
            self.found.emit()

    def _take(self, answer: tuple[int, Findings | None]) -> None:
        self._is_looking = False
        self._as_of, found = answer
        if found is not None:
            self.findings = found
        self.found.emit()

    def _cancelled(self, title: str) -> None:
        if title == self._title and self._is_looking:
            self._is_looking = False
            self.stopped.emit()


def newest_step(shop: Shop) -> int:
    """The newest step; when it differs, what was found may be out of date."""
    return max((change.id for change in history.changes(shop, 1)), default=0)


def waiting(finder: Finder) -> EmptyState:
    """Before anything was found, or after the search was stopped."""
    return EmptyState(
        _("Not looked yet"),
        _("All cards are compared with each other by number, codes and name."),
        buttons=[KeyButton(_("Look now"), "Alt+L", on_click=finder.look)],
        icon="search",
    )


def place_of(table: RecordTable[Any]) -> int:  # records of any type
    """Where the selected record stands, 0 where none is."""
    chosen = table.selected()
    return next((place for place, record in enumerate(table.records()) if record is chosen), 0)


def select(table: RecordTable[Any], place: int) -> None:  # records of any type
    """Select what stands at a place now, or the last one."""
    records = table.records()
    if records:
        table.select(identity(records[min(place, len(records) - 1)]))


def go_on(table: RecordTable[Any]) -> None:  # records of any type
    """Select the next record; the first one after the last."""
    records = table.records()
    if records:
        table.select(identity(records[(place_of(table) + 1) % len(records)]))


def identity(record: Group | Family) -> tuple[int, ...]:
    """What a row is known by: the ids of its cards."""
    return record.ids if isinstance(record, Group) else (record.customer.id, record.other.id)
