"""What each column of a sheet means: the list beside the rows of an import, and the form that changes one."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from desktop_crm import custom_fields
from desktop_crm.base.i18n import _
from desktop_crm.importing import plan as importing
from desktop_crm.importing.columns import SheetColumn
from desktop_crm.importing.plan import Plan
from desktop_crm.ui.import_forms import MeaningForm
from desktop_crm.ui.kit.panels import Panel
from desktop_crm.ui.kit.table import Column, Mark, RecordTable
from desktop_crm.ui.page import Desk


class ColumnsPanel(Panel):
    """The columns of the sheet with their meaning; Enter changes one.

    Signals:
        meaning_chosen(title: str, field: str): the person corrected a column.
    """

    meaning_chosen = Signal(str, str)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(section=_("Columns"), padding=8, parent=parent)
        self.body.setContentsMargins(8, 16, 8, 8)
        self.head.setContentsMargins(8, 0, 8, 0)
        self._desk = desk
        self._plan: Plan | None = None
        self._meanings: dict[str, str] = {}
        self.table: RecordTable[SheetColumn] = RecordTable(
            [
                Column(
                    "title", _("In the sheet"), lambda c: c.title, second=_samples, stretch=1, sortable=False
                ),
                Column("field", _("Becomes"), self._meaning, marks=self._marks, width=132, sortable=False),
            ],
            name="import.columns",
            state=desk.state,
            identity=lambda c: c.place,
        )
        self.add(self.table, 1)
        self.table.record_chosen.connect(self._change)

    def show_plan(self, plan: Plan) -> None:
        """Show the columns of a rehearsed import."""
        self._plan = plan
        self._meanings = dict(importing.meanings(plan))
        remembered = any(column.how in ("memory", "person") for column in plan.layout.columns)
        self.note_label.setText(_("Remembered for next time") if remembered else _("Enter changes one"))
        self.table.set_records(plan.layout.columns)

    def forget(self) -> None:
        """Hold no sheet any more."""
        self._plan = None
        self.table.set_records(())

    def look(self) -> None:
        """Take the keys, at the first column that was guessed or is not known."""
        unsure = [column for column in self.table.records() if column.how in ("content", "unknown")]
        if unsure:
            self.table.select(unsure[0].place)
        else:
            self.table.select_first()
        self.table.setFocus()

    def _meaning(self, column: SheetColumn) -> str:
        if column.how == "unknown" or _is_new(column):
            return ""
        return self._meanings.get(column.field, "")

    def _marks(self, column: SheetColumn) -> list[Mark]:
        if column.how == "unknown":
            return [Mark(self._meanings.get(column.field, ""), "look")]
        if _is_new(column) and column.own is not None:
            words = _("new: {kind}").format(kind=custom_fields.kind_label(column.own.kind))
            return [Mark(words, "accent")]
        return [Mark(_("guessed"), "accent")] if column.how == "content" else []

    def _change(self, column: SheetColumn) -> None:
        if self._plan is None:
            return
        plan = self._plan
        form = MeaningForm(self._desk, column, importing.meanings(plan), new_fields=importing.takes_own(plan))
        form.open_with(lambda field: self.meaning_chosen.emit(column.title, field))


def _is_new(column: SheetColumn) -> bool:
    return column.own is not None and not column.own.id


def _samples(column: SheetColumn) -> str:
    return " · ".join(column.samples)
