"""What was done by whom, any step taken back or done again; and deleted cards, which come back whole."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from desktop_crm import customers, history, staff
from desktop_crm.base.dates import from_instant
from desktop_crm.base.i18n import _, ngettext
from desktop_crm.base.values import MISSING
from desktop_crm.records.customers import Customer
from desktop_crm.records.history import StoredChange
from desktop_crm.shop import Shop
from desktop_crm.ui.kit.buttons import KeyButton, Pills
from desktop_crm.ui.kit.labels import Label
from desktop_crm.ui.kit.layouts import STRETCH, hbox
from desktop_crm.ui.kit.panels import EmptyState, Panel
from desktop_crm.ui.kit.table import Column, Mark, RecordTable
from desktop_crm.ui.page import Desk

_STEPS = 300


@dataclass(frozen=True)
class Step:
    """One step as listed: `when` in shop time, `who` a name."""

    change: StoredChange
    when: str
    who: str

    @property
    def id(self) -> int:
        """The change."""
        return self.change.id


class HistoryPanel(Panel):
    """Two lists: steps and deleted cards."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(padding=8, spacing=8, parent=parent)
        self.body.setContentsMargins(8, 12, 8, 8)
        self._desk = desk
        self.pills = Pills(
            [("steps", _("History")), ("deleted", _("Deleted cards"))],
            on_choose=lambda _key: self._choose_list(),
        )
        self.undo_button = KeyButton(_("Undo this step"), "Alt+U", icon="undo-2", on_click=self._undo)
        self.redo_button = KeyButton(_("Do it again"), "Alt+R", icon="redo-2", on_click=self._redo)
        self.restore_button = KeyButton(_("Restore"), "Alt+R", icon="undo-2", on_click=self._restore)
        self.steps = self._step_table()
        self.deleted = self._deleted_table()
        self._what = Label("", "quiet", wrap=True)
        self.add(
            hbox(
                self.pills,
                STRETCH,
                self.undo_button,
                self.redo_button,
                self.restore_button,
                spacing=8,
                margins=(4, 0, 8, 0),
            )
        )
        self.add(self.steps, 1)
        self.add(self.deleted, 1)
        self.add(hbox((self._what, 1), margins=(8, 0, 8, 0)))
        self.steps.record_selected.connect(self._show_step)
        self.deleted.record_selected.connect(lambda card: self.restore_button.setEnabled(card is not None))
        self._choose_list()
        self._show_step(None)

    def _step_table(self) -> RecordTable[Step]:
        table: RecordTable[Step] = RecordTable(
            [
                Column(
                    "when", _("When"), lambda s: s.when, tone=lambda s: "faint", width=128, sortable=False
                ),
                Column(
                    "what",
                    _("What"),
                    lambda s: s.change.label,
                    marks=_marks,
                    tone=_tone,
                    stretch=1,
                    sortable=False,
                ),
                Column(
                    "who",
                    _("By whom"),
                    lambda s: s.who or MISSING,
                    tone=lambda s: "quiet",
                    width=88,
                    sortable=False,
                ),
            ],
            name="data.history",
            state=self._desk.state,
            dense=True,
        )
        table.set_empty(
            EmptyState(
                _("Nothing was done yet"), _("Every step will be here and can be undone."), icon="history"
            )
        )
        return table

    def _deleted_table(self) -> RecordTable[Customer]:
        table: RecordTable[Customer] = RecordTable(
            [
                Column("name", _("Customer"), lambda c: c.name, bold=True, stretch=1, sortable=False),
                Column(
                    "when",
                    _("Deleted"),
                    lambda c: (c.deleted_at or "")[:10],
                    tone=lambda c: "quiet",
                    width=112,
                    sortable=False,
                ),
            ],
            name="data.deleted",
            state=self._desk.state,
            dense=True,
        )
        table.set_empty(
            EmptyState(
                _("No deleted cards"), _("Deleted cards stay here and can be restored."), icon="trash-2"
            )
        )
        return table

    def load(self) -> None:
        """Ask for both lists anew."""
        self._desk.jobs.query(_listed, self._show, key="data.history")

    def _show(self, found: tuple[list[Step], list[Customer]]) -> None:
        steps, deleted = found
        self.steps.set_records(steps)
        self.deleted.set_records(deleted)
        words = _("Deleted cards {count}").format(count=len(deleted)) if deleted else _("Deleted cards")
        self.pills.set_items([("steps", _("History")), ("deleted", words)])
        self._show_step(self.steps.selected())
        self.restore_button.setEnabled(self.deleted.selected() is not None)

    def _choose_list(self) -> None:
        deleted = self.pills.chosen == "deleted"
        self.steps.setVisible(not deleted)
        self.deleted.setVisible(deleted)
        self._what.setVisible(not deleted)
        self.undo_button.setVisible(not deleted)
        self.restore_button.setVisible(deleted)
        self._show_step(self.steps.selected())

    def _show_step(self, step: Step | None) -> None:
        """What a step changed, and what can be done with it."""
        listed = self.pills.chosen != "deleted"
        undone = step is not None and step.change.undone_by is not None
        self.undo_button.setVisible(listed and not undone)
        self.redo_button.setVisible(listed and undone)
        self.undo_button.setEnabled(step is not None and step.change.undoable and step.change.undo_of is None)
        if step is None:
            self._what.setText(_("Choose a step to see what it changed."))
            return
        change_id = step.id
        self._desk.jobs.query(
            lambda shop: history.what_changed(shop, change_id),
            lambda found: self._what.setText(_changed_words(found)),
            key="data.what",
        )

    def _undo(self) -> None:
        step = self.steps.selected()
        if step is not None:
            self._change(lambda shop: history.undo(shop, step.id).sentence())

    def _redo(self) -> None:
        step = self.steps.selected()
        if step is not None:
            self._change(lambda shop: history.redo_of(shop, step.id).sentence())

    def _change(self, do: Callable[[Shop], str]) -> None:
        self._desk.jobs.change(do, self._desk.messages.say)

    def _restore(self) -> None:
        card = self.deleted.selected()
        if card is not None:
            words = _("{name} is back.").format(name=card.name)
            self._desk.jobs.change(
                lambda shop: customers.restore(shop, [card.id]), lambda _none: self._desk.done(words)
            )


def _listed(shop: Shop) -> tuple[list[Step], list[Customer]]:
    with shop.reading():
        names = {person.id: person.name for person in staff.listing(shop, active_only=False)}
        zone = shop.zone
        steps = [
            Step(
                change,
                f"{from_instant(change.at).astimezone(zone):%Y-%m-%d %H:%M}",
                names.get(change.staff_id or 0, ""),
            )
            for change in history.changes(shop, _STEPS)
        ]
        return steps, customers.deleted(shop)


def _marks(step: Step) -> list[Mark]:
    return [Mark(_("undone"), "grey")] if step.change.undone_by is not None else []


def _tone(step: Step) -> str:
    return "faint" if step.change.undone_by is not None or step.change.undo_of is not None else "plain"


def _changed_words(found: list[tuple[str, int]]) -> str:
    if not found:
        return _("What it changed is no longer known.")
    parts = (
        ngettext("{thing}: {count} row", "{thing}: {count} rows", count).format(
            thing=thing, count=f"{count:,}"
        )
        for thing, count in found
    )
    return " · ".join(parts)
