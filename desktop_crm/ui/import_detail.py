"""One row of an import from near: why, by what it was found, what stood in its cells, and old → new field by field.

Says what the person decides; deciding is importing/'s business.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from desktop_crm.base.i18n import _
from desktop_crm.base.values import MISSING
from desktop_crm.importing.plan import Change, PlanRow
from desktop_crm.ui.kit.buttons import KeyButton
from desktop_crm.ui.kit.labels import Label
from desktop_crm.ui.kit.layouts import hbox, vbox, wrap_row
from desktop_crm.ui.kit.table import Column, Mark, RecordTable
from desktop_crm.ui.kit.theme import S4, S8
from desktop_crm.ui.page import Desk

_MOST_FIELDS = 4
_NARROW = 400


class RowDetail(QWidget):
    """The selected row; in its fields the left arrow keeps what the shop has, the right one takes the sheet's.

    Signals:
        said(decision: str): who the row is about, see `matching.Decision`.
        chosen(field: str, choice: str): "keep" or "take".
        cards_wanted(): which card is it?
        left(): the keys go back to the rows.
    """

    said = Signal(str)
    chosen = Signal(str, str)
    cards_wanted = Signal()
    left = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.row: PlanRow | None = None
        self._words = Label("", "quiet", wrap=True, selectable=True)
        self._stood = Label("", "small", wrap=True, selectable=True)
        self.same = KeyButton(_("The same person"), "Alt+S", on_click=lambda: self.said.emit("join"))
        self.other = KeyButton(_("Somebody else: new card"), "Alt+N", on_click=lambda: self.said.emit("new"))
        self.cards = KeyButton(_("Another card…"), "Alt+A", on_click=self.cards_wanted.emit)
        self.leave = KeyButton(_("Leave it"), "Alt+L", on_click=lambda: self.said.emit("leave"))
        self.back = KeyButton(_("Ask me again"), "Alt+Y", kind="quiet", on_click=lambda: self.said.emit(""))
        self._buttons = wrap_row(self.same, self.other, self.cards, self.leave, self.back, spacing=S8)
        self.fields: RecordTable[Change] = RecordTable(
            [
                Column("field", _("Field"), lambda c: c.label, tone="quiet", width=110, sortable=False),
                Column(
                    "old",
                    _("In the shop"),
                    lambda c: _flat(c.old) or MISSING,
                    bold=lambda c: not c.applied and not c.waits,
                    tone=lambda c: "faint" if c.applied else "plain",
                    stretch=1,
                    sortable=False,
                ),
                Column(
                    "new",
                    _("In the sheet"),
                    lambda c: _flat(c.new),
                    bold=lambda c: c.applied,
                    tone=lambda c: "plain" if c.applied or c.waits else "faint",
                    stretch=1,
                    sortable=False,
                ),
                Column("what", "", marks=lambda c: [_mark(c)], width=120, sortable=False),
            ],
            name="import.fields",
            state=desk.state,
            dense=True,
            identity=lambda c: c.field,
        )
        self.fields.row_limit(_MOST_FIELDS)
        self.fields.installEventFilter(self)
        self.hint = Label(
            _("← keeps what the shop has, → takes the sheet's, Esc goes back to the rows"), "tiny"
        )
        about = vbox(self._words, self._stood, spacing=S4)
        vbox(
            hbox((about, 1), spacing=S8, margins=(8, 0, 8, 0)),
            self._buttons,
            self.fields,
            hbox(self.hint, margins=(8, 0, 8, 0)),
            spacing=S4,
            margins=(0, S4, 0, S4),
            on=self,
        )
        self.show_row(None)

    def show_row(self, row: PlanRow | None) -> None:
        """Show another row, or none."""
        kept = self.fields.hasFocus()
        self.row = row
        words = list(row.reasons) if row is not None else []
        if row is not None and row.key and row.verdict != "bad":
            words.append(_("Found by: {key}.").format(key=row.key_label))
        self._words.setText(" ".join(words))
        self._words.setVisible(bool(words))
        stood = (
            "  ".join(f"{cell.title}: “{_flat(cell.stood)}”" for cell in row.cleaned)
            if row is not None
            else ""
        )
        self._stood.setText(_("As it stands in the file – {cells}").format(cells=stood) if stood else "")
        self._stood.setVisible(bool(stood))
        decided = row is not None and bool(row.decision)
        asks = decided or (row is not None and row.asks)
        for button in (self.same, self.other, self.cards, self.leave):
            button.setVisible(asks)
        self.same.setVisible(asks and row is not None and row.customer_id is not None)
        self.back.setVisible(decided)
        self._buttons.setVisible(asks)
        changes = row.changes if row is not None else ()
        self.fields.set_records(changes)
        self.fields.setVisible(bool(changes))
        self.hint.setVisible(bool(changes))
        self.setVisible(bool(words or stood or changes or asks))
        if kept and not changes:
            self.left.emit()

    def minimumSizeHint(self) -> QSize:
        """At the width it has: what its words need in a narrow column would make the page scroll."""
        least = super().minimumSizeHint()
        if self.width() > _NARROW:
            least.setHeight(min(least.height(), self.heightForWidth(self.width())))
        return least

    def take_keys(self) -> None:
        """The arrows choose between two values; the first that waits is selected."""
        waiting = next((change for change in self.fields.records() if change.waits), None)
        if waiting is not None:
            self.fields.select(waiting.field)
        elif self.fields.selected() is None:
            self.fields.select_first()
        self.fields.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.fields and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            change = self.fields.selected()
            choice = {Qt.Key.Key_Left: "keep", Qt.Key.Key_Right: "take"}.get(Qt.Key(event.key()))
            if choice is not None and change is not None and not event.modifiers():
                self.chosen.emit(change.field, choice)
                return True
            if event.key() == Qt.Key.Key_Escape:
                self.left.emit()
                return True
        return super().eventFilter(watched, event)


def _flat(text: str) -> str:
    return text.replace("\n", " / ")


def _mark(change: Change) -> Mark:
    if change.waits:
        return Mark(_("Which?"), "look")
    if not change.applied:
        return Mark(_("stays"), "grey")
    if change.adds:
        return Mark(_("is added"), "good")
    return Mark(_("is filled in"), "good") if not change.old else Mark(_("is replaced"), "accent")
